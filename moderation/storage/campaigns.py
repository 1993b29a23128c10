"""Campaigns: the sketches of texts, the keys they are found by, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.domain.campaign import KEYS, SKETCH_SIZE
from moderation.domain.decision import Decision
from moderation.storage.prepared import Prepared, Runner
from moderation.storage.rule_schema import campaign_keys, campaigns
from moderation.storage.schema import comments

MOST_CONTACTS = 4
MOST_KEYS = SKETCH_SIZE + MOST_CONTACTS
MOST_COMPARED = 6
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One text with its near-copies; ``decision`` holds until ``expires_at``."""

    id: UUID
    scope: str
    sketch: bytes
    first_seen: datetime
    last_seen: datetime
    copied: bool = False
    decision: Decision | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    expires_at: datetime | None = None

    def decided(self, now: datetime) -> Decision | None:
        """Return the decision that holds now."""
        expired = self.expires_at is not None and self.expires_at <= now
        return None if expired else self.decision


@dataclass(frozen=True, slots=True)
class Candidate:
    """A campaign of which only the sketch is wanted as yet; the rest is as the driver gave it."""

    id: UUID
    sketch: bytes
    row: Sequence[Any]


@dataclass(frozen=True, slots=True)
class CampaignSize:
    """How many members a campaign has in a window, and how widely they are spread."""

    copies: int
    authors: int
    articles: int = 0
    variants: int = 0
    sample: str = ""


_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_KEY_NAMES = tuple(f"k{at}" for at in range(MOST_KEYS))
_HOLDER = (
    sa.cast(campaign_keys.c.key, sa.Text)
    + sa.literal_column("':'")
    + sa.cast(campaign_keys.c.campaign_id, sa.Text)
)
_JOINS: dict[str, Any] = {"sqlite": sa.func.group_concat, "postgresql": sa.func.string_agg}


def holders(dialect: str) -> sa.ScalarSelect[str | None]:
    """Ask who else has a text's keys, in one value; see :mod:`.precedents`."""
    return (
        sa.select(_JOINS[dialect](_HOLDER, sa.literal_column("','")))
        .where(
            campaign_keys.c.scope == sa.bindparam("scope"),
            campaign_keys.c.key.in_([sa.bindparam(name) for name in _KEY_NAMES]),
        )
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class AskedText:
    """Whose campaigns are asked for, and at least one and at most ``MOST_KEYS`` keys of a text."""

    scope: str
    keys: Sequence[int]

    def to_values(self) -> dict[str, Any]:
        """Return what ``holders`` is bound to."""
        padded = [*self.keys, *[self.keys[-1]] * (MOST_KEYS - len(self.keys))]
        values: dict[str, Any] = dict(zip(_KEY_NAMES, padded, strict=True))
        values["scope"] = self.scope
        return values


def to_holders(found: str | None) -> tuple[tuple[int, str], ...]:
    """Return what ``holders`` tells: one pair a key and campaign's id as text."""
    if not found:
        return ()
    pairs = [one.partition(":") for one in found.split(",")]
    return tuple((int(key), raw) for key, _, raw in pairs)


def _upsert(dialect: str) -> Any:
    insert = _INSERTS[dialect](campaigns).values(
        {name: sa.bindparam(name) for name in _NEW_CAMPAIGN}
    )
    return insert.on_conflict_do_update(
        index_elements=["id"], set_={"last_seen": insert.excluded.last_seen}
    )


def _insert_keys(count: int, dialect: str) -> Any:
    """Insert some keys by one statement: the driver lets other threads in before every one."""
    rows: list[dict[str, Any]] = [
        {
            "scope": sa.bindparam("scope"),
            "key": sa.bindparam(f"k{at}", type_=sa.BigInteger()),
            "campaign_id": sa.bindparam("campaign_id", type_=sa.Uuid()),
        }
        for at in range(count)
    ]
    return _INSERTS[dialect](campaign_keys).values(rows).on_conflict_do_nothing()


_NEW_CAMPAIGN = ("id", "scope", "sketch", "first_seen", "last_seen", "copied")
_COLUMNS = tuple(column.name for column in campaigns.columns)
_FIND_ALL = Prepared(
    lambda _dialect: sa.select(campaigns).where(
        campaigns.c.id.in_([sa.bindparam(f"c{at}", type_=sa.Uuid()) for at in range(MOST_COMPARED)])
    )
)
_ID, _SKETCH = _COLUMNS.index("id"), _COLUMNS.index("sketch")
_UPSERT = Prepared(_upsert)
_ADD_KEYS = {
    count: Prepared(partial(_insert_keys, count)) for count in range(1, KEYS + MOST_CONTACTS + 1)
}
# A writer with neither account nor e-mail still has an address.
_WRITER = sa.case(
    (comments.c.author_key != "", comments.c.author_key), else_=comments.c.author_ip_hash
)
_FEW = (
    sa.select(_WRITER.label("writer"))
    .where(
        comments.c.campaign_id == sa.bindparam("campaign_id"),
        comments.c.received_at >= sa.bindparam("since"),
    )
    .limit(sa.bindparam("most", type_=sa.Integer))
    .subquery()
)
_MEASURE = Prepared(
    lambda _dialect: sa.select(sa.func.count(), sa.func.count(_FEW.c.writer.distinct()))
)


def find_candidates(tx: Runner, ids: Sequence[UUID]) -> list[Candidate]:
    """Return at most ``MOST_COMPARED`` campaigns by id, to compare their sketches."""
    padded = [*ids, *[ids[-1]] * (MOST_COMPARED - len(ids))]
    rows = _FIND_ALL.run(tx, {f"c{at}": one for at, one in enumerate(padded)})
    return [Candidate(_as_uuid(row[_ID]), row[_SKETCH], row) for row in rows]


def complete(tx: Runner, candidate: Candidate) -> Campaign:
    """Return a candidate with all that is known of it."""
    return _from_values(*_FIND_ALL.read(tx, candidate.row))


def measure(tx: Runner, campaign_id: UUID, *, since: datetime, limit: int) -> CampaignSize:
    """Count members and their writers in a window, no further than ``limit`` members."""
    values = {"campaign_id": campaign_id, "since": since, "most": limit}
    (row,) = _MEASURE.run(tx, values)
    return CampaignSize(row[0], row[1])


def add(tx: sa.Connection, campaign: Campaign, keys: Sequence[int]) -> None:
    """Store a text seen for the first time, or again after long."""
    _UPSERT.run(tx, {name: getattr(campaign, name) for name in _NEW_CAMPAIGN})
    add_keys(tx, campaign.scope, campaign.id, keys)


def add_keys(tx: sa.Connection, scope: str, campaign_id: UUID, keys: Sequence[int]) -> None:
    """Let a campaign be found by more keys."""
    if keys:
        values: dict[str, Any] = {f"k{at}": key for at, key in enumerate(keys)}
        _ADD_KEYS[len(keys)].run(tx, {"scope": scope, "campaign_id": campaign_id, **values})


def touch(tx: sa.Connection, campaign: Campaign, *, now: datetime) -> None:
    """Note that a copy came; written at most once an hour, so that a flood finds no lock."""
    if not campaign.copied or now - campaign.last_seen >= _REFRESH:
        tx.execute(
            sa.update(campaigns)
            .where(campaigns.c.id == campaign.id)
            .values(copied=True, last_seen=now)
        )


def list_copied(
    tx: sa.Connection, scope: str, *, since: datetime, limit: int
) -> list[tuple[Campaign, CampaignSize]]:
    """Return the campaigns with copies in a window, the largest first."""
    size = (
        sa.func.count().label("copies"),
        sa.func.count(_WRITER.distinct()).label("authors"),
        sa.func.count(comments.c.article_id.distinct()).label("articles"),
        sa.func.count(comments.c.read_as.distinct()).label("variants"),
        sa.func.min(comments.c.read_as).label("sample"),
    )
    statement = (
        sa.select(campaigns, *size)
        .join(comments, comments.c.campaign_id == campaigns.c.id)
        .where(
            campaigns.c.scope == scope,
            campaigns.c.copied,
            campaigns.c.last_seen >= since - _REFRESH,
            comments.c.campaign_id.is_not(None),
            comments.c.received_at >= since,
        )
        .group_by(campaigns.c.id)
        .having(sa.func.count() > 1)
        .order_by(sa.desc("copies"), campaigns.c.id)
        .limit(limit)
    )
    return [
        (
            _from_row(row),
            CampaignSize(row.copies, row.authors, row.articles, row.variants, row.sample),
        )
        for row in tx.execute(statement)
    ]


def find(tx: sa.Connection, scope: str, campaign_id: UUID) -> Campaign | None:
    """Return a campaign of a scope, held until the transaction ends."""
    row = tx.execute(
        sa.select(campaigns)
        .where(campaigns.c.id == campaign_id, campaigns.c.scope == scope)
        .with_for_update()
    ).one_or_none()
    return None if row is None else _from_row(row)


def set_decision(
    tx: sa.Connection,
    campaign_id: UUID,
    decision: Decision | None,
    *,
    by: str,
    at: datetime,
    expires_at: datetime | None,
) -> None:
    """Store what was decided about a campaign; ``None`` takes it back."""
    tx.execute(
        sa.update(campaigns)
        .where(campaigns.c.id == campaign_id)
        .values(
            decision=decision.value if decision else None,
            decided_by=by,
            decided_at=at,
            expires_at=expires_at,
        )
    )


def _as_uuid(raw: Any) -> UUID:
    return raw if isinstance(raw, UUID) else UUID(raw)


def _from_row(row: Any) -> Campaign:
    return _from_values(*(row._mapping[name] for name in _COLUMNS))


def _from_values(*values: Any) -> Campaign:
    fields = dict(zip(_COLUMNS, values, strict=True))
    fields["decision"] = Decision(fields["decision"]) if fields["decision"] else None
    return Campaign(**fields)
