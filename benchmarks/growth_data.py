"""A database of any size, filled in one go: made-up rows past the services, as fast as it can.

What grows without bound somewhere does so here: one author, one article and one campaign get a
tenth of everything; one comment in ten waits, one in ten was decided by somebody, and one in three
says enough to be recognised again.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.campaign import KEYS
from moderation.domain.queue import rank
from moderation.domain.verdict import LABELS, SPAM_KINDS
from moderation.storage import search
from moderation.storage.rule_schema import campaign_keys, campaigns
from moderation.storage.schema import comments, decisions, queue_items, sites
from moderation.storage.waiting_schema import REACHES

END = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAYS = 180
SITES = 3
BUSY_AUTHOR, BUSY_ARTICLE = "id:busy", "busy"
BUSY_CAMPAIGN = UUID(int=1)
BUSY_KEYS = tuple(range(1, KEYS + 1))
RARE_WORD = "kapulaga"
_BUSY_SHARE = 0.1
_AT_ONCE = 20_000
_SECTIONS = ("Nasional", "Daerah", "Ekonomi", "Olahraga", "Hiburan", "Teknologi", "Opini", "Dunia")
_WORDS = """
jalan desa rusak sudah lama warga menunggu perbaikan pemerintah daerah anggaran pasar harga beras
naik lagi sekolah anak guru murid banjir hujan sungai jembatan kota lampu merah macet kendaraan
menteri rakyat suara pilihan partai kerja upah buruh pabrik petani sawah panen pupuk nelayan laut
ikan perahu listrik air bersih rumah sakit dokter obat antrean layanan kantor surat izin usaha
kecil pinjaman bunga bank tabungan gaji lebaran mudik kereta tiket penumpang bandara pesawat
""".split()  # noqa: SIM905 - words read better so

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one stretch of comments, by table."""

    rows: dict[sa.Table, list[Row]]


def fill(engine: sa.Engine, count: int) -> None:
    """Store ``count`` comments with what belongs to them; indexes are built afterwards."""
    put = _put_sqlite if engine.dialect.name == "sqlite" else _put_postgresql
    tables = (comments, queue_items, decisions, campaigns, campaign_keys)
    indexes = [index for table in tables for index in table.indexes]
    with engine.begin() as tx:
        for index in indexes:
            index.drop(tx, checkfirst=True)
        names = [{"id": one, "name": f"situs-{one}", "created_at": END} for one in _sites()]
        tx.execute(sa.insert(sites), names)
    for part in _parts(count):
        with engine.begin() as tx:
            for table in tables:
                put(tx, table, part.rows[table])
    last = sa.select(sa.func.coalesce(sa.func.max(decisions.c.seq), 0))
    own = last.where(decisions.c.site_id == sites.c.id).scalar_subquery()
    with engine.begin() as tx:
        for index in indexes:
            index.create(tx)
        tx.execute(sa.update(sites).values(decision_seq=own))
    with engine.begin() as tx:
        while search.index_more(tx, limit=_AT_ONCE):
            pass
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(sa.text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _sites() -> range:
    return range(1, SITES + 1)


def _parts(count: int) -> Iterator[Part]:
    chance = random.Random(20261125)
    tables = (comments, queue_items, decisions, campaigns, campaign_keys)
    busy = {"id": BUSY_CAMPAIGN, "scope": "site:1", "sketch": bytes(128), "copied": True}
    part = Part({table: [] for table in tables})
    part.rows[campaigns].append({**busy, "first_seen": END - timedelta(DAYS), "last_seen": END})
    part.rows[campaign_keys] += [_key("site:1", key, BUSY_CAMPAIGN) for key in BUSY_KEYS]
    sequence = dict.fromkeys(_sites(), 0)
    for number in range(count):
        at = END - timedelta(days=DAYS) * (1 - (number + 1) / (count + 1))
        _add_one(part, number, at, chance, sequence)
        if (number + 1) % _AT_ONCE == 0 or number + 1 == count:
            yield part
            part = Part({table: [] for table in tables})


def _add_one(
    part: Part, number: int, at: datetime, chance: random.Random, sequence: dict[int, int]
) -> None:
    comment = _comment(number, at, chance)
    fate = chance.random()
    if fate < 0.2:
        comment |= {"verdict": "review", "standing": "review"}
        waits = fate < 0.1
        part.rows[queue_items].append(_item(comment, chance, waits=waits))
        if not waits:
            sequence[comment["site_id"]] += 1
            decision = _decision(comment, chance, sequence[comment["site_id"]])
            comment["standing"] = decision["decision"]
            part.rows[decisions].append(decision)
    part.rows[comments].append(comment)
    scope = f"site:{comment['site_id']}"
    if comment["campaign_id"] not in {None, BUSY_CAMPAIGN}:
        one = {"id": comment["campaign_id"], "scope": scope, "sketch": chance.randbytes(128)}
        part.rows[campaigns].append({**one, "first_seen": at, "last_seen": at, "copied": False})
        part.rows[campaign_keys] += [
            _key(scope, chance.getrandbits(62), comment["campaign_id"]) for _ in range(KEYS)
        ]


def _comment(number: int, at: datetime, chance: random.Random) -> Row:
    busy = chance.random() < _BUSY_SHARE
    words = chance.choices(_WORDS, k=chance.randint(8, 40))
    if number % 5_000 == 0:
        words.append(RARE_WORD)
    text = " ".join(words)
    author = BUSY_AUTHOR if busy else f"id:u-{chance.randrange(50_000)}"
    row: Row = {
        "id": _id(at, chance),
        "site_id": 1 if busy else chance.choices(_sites(), (8, 1, 1))[0],
        "comment_id": f"c-{number}",
        "revision": 1,
        "content_digest": f"{number:064x}",
        "text": text,
        "article_id": BUSY_ARTICLE if busy else f"a-{chance.randrange(20_000)}",
        "article_section": chance.choice(_SECTIONS),
        "author_id": author.removeprefix("id:"),
        "author_ip_hash": f"{chance.getrandbits(64):064x}",
        "author_key": author,
        "received_at": at,
        "verdict": "approve",
        "standing": "approve",
        "reasons": [],
        "rules": [],
        "read_as": text,
        "model_version": "growth",
        "policy_version": "growth",
        "campaign_id": BUSY_CAMPAIGN if busy else None,
    }
    if number % 3 == 0 and not busy:
        row["campaign_id"] = UUID(int=chance.getrandbits(128))
    return row | {f"score_{label}": chance.random() ** 3 for label in LABELS}


def _item(comment: Row, chance: random.Random, *, waits: bool) -> Row:
    highest = max(comment[f"score_{label}"] for label in LABELS)
    labels = chance.choices([label.value for label in LABELS], (60, 25, 10, 2, 3))
    comment["reasons"] = [
        {"label": label, "score": 0.6, "threshold": 0.5, "message": "", "spans": []}
        for label in labels
    ]
    return {
        "id": _id(comment["received_at"], chance),
        "comment_pk": comment["id"],
        "site_id": comment["site_id"],
        "section": comment["article_section"],
        "labels": labels,
        **{f"marked_{label}": label in labels for label in LABELS},
        **{flag.name: floor <= highest for floor, flag in REACHES.items()},
        "unknown_language": False,
        "spot_check": False,
        "spam_kind": chance.choices(SPAM_KINDS)[0].value if "spam" in labels else None,
        "priority": rank(
            {label: comment[f"score_{label}"] for label in LABELS}, comment["received_at"]
        ),
        "opened_at": comment["received_at"],
        "closed_at": None if waits else comment["received_at"] + timedelta(hours=1),
        "likeness": f"{chance.getrandbits(64):064x}",
        "version": 1,
    }


def _decision(comment: Row, chance: random.Random, seq: int) -> Row:
    at = comment["received_at"] + timedelta(minutes=chance.randint(1, 600))
    rejects = chance.random() < 0.5
    return {
        "id": _id(at, chance),
        "site_id": comment["site_id"],
        "seq": seq,
        "comment_pk": comment["id"],
        "decision": "reject" if rejects else "approve",
        "labels": ["spam"] if rejects else [],
        "decided_by": f"moderator-{chance.randrange(12)}",
        "source": "console",
        "decided_at": at,
        "effective_at": at,
    }


def _key(scope: str, key: int, campaign: UUID) -> Row:
    return {"scope": scope, "key": key, "campaign_id": campaign}


def _id(at: datetime, chance: random.Random) -> UUID:
    """Return a version 7 UUID, as :func:`moderation.storage.identity.new_id` does, repeatably."""
    value = int(at.timestamp() * 1000) << 80 | chance.getrandbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def _complete(table: sa.Table, row: Row) -> list[Any]:
    """Return a row's values in the table's order; text that was not given is empty."""
    given = [row.get(column.name) for column in table.columns]
    return [
        ""
        if value is None and not column.nullable and isinstance(column.type, sa.String)
        else value
        for column, value in zip(table.columns, given, strict=True)
    ]


def _put_sqlite(tx: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Hand rows to the driver, converted as SQLAlchemy would."""
    work: list[Callable[[Any], Any] | None] = [
        column.type.dialect_impl(tx.dialect).bind_processor(tx.dialect) for column in table.columns
    ]
    names = ", ".join(column.name for column in table.columns)
    marks = ", ".join("?" for _ in table.columns)
    tx.connection.cursor().executemany(
        f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 - our own table
        [
            [one(value) if one else value for one, value in zip(work, values, strict=True)]
            for values in (_complete(table, row) for row in rows)
        ],
    )


def _put_postgresql(tx: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Stream rows through COPY; only JSON is not yet as the driver takes it."""
    from psycopg.types.json import Jsonb

    names = ", ".join(column.name for column in table.columns)
    is_json = [isinstance(column.type, sa.JSON) for column in table.columns]
    cursor = tx.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            values = _complete(table, row)
            copy.write_row(
                [Jsonb(one) if j else one for j, one in zip(is_json, values, strict=True)]
            )
