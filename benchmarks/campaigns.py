"""How well campaigns are recognised, through the whole look-up: ``-m benchmarks.campaigns``.

Every text is read, looked up and kept as a comment on its way in is, one after the other. First
variants are made of texts as spinners make them, and mixed with each other; then, with
``--sources``, files of real comments (JSON lines with ``text`` and ``spam``) are gone through. What
is truly a copy there is said by all pieces of five letters of both texts, not by sketches.
"""

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from benchmarks.serving import TEXTS
from moderation.classifier.unmask import unmask_all
from moderation.domain.campaign import KEYS, NEAR, tells_enough
from moderation.domain.contacts import find_contacts
from moderation.domain.rules import DEFAULTS, EFFECTS, Mode, Rule, RuleKind
from moderation.domain.words import words_of
from moderation.services import copies
from moderation.storage import precedents
from moderation.storage.engine import Database
from moderation.storage.migrations import migrate
from moderation.storage.rule_schema import campaign_keys, campaigns
from training.near_copies import clusters, likeness, shingles

SCOPE = "site:1"
START = datetime(2026, 11, 23, tzinfo=UTC)
EDITS = (4, 8, 12, 16, 20)
VARIANTS = 25
FILLERS = ("dong", "sekarang", "gan", "banget", "mantap", "kak", "cepat", "terbukti")
COMPARED = 40
LOOKED_UP = 3_000


@dataclass(frozen=True)
class Seen:
    """A text, the campaign it was counted to, and whether that was known before."""

    text: str
    campaign: UUID | None
    known: bool


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", nargs="*", type=Path, default=[])
    parser.add_argument("--most", type=int, default=10_000, help="rows of each source")
    parser.add_argument("--index", type=int, default=0, help="time look-ups among so many texts")
    options = parser.parse_args()
    if options.index:
        _print_index(options.index)
        return
    _print_variants()
    for path in options.sources:
        _print_source(path, options.most)


def _print_index(size: int) -> None:
    """Time what a comment's way in looks up, among many texts of which each stands alone."""
    chance, rule = random.Random(3), _a_rule()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db", sqlite_synchronous="OFF")
        migrate(database.engine)
        for first in range(0, size, 50_000):
            with database.writing() as tx:
                _fill(tx, min(50_000, size - first), chance)
        texts = [_made_up(chance) for _ in range(LOOKED_UP)]
        prints = [copies.fingerprint(text, text, words_of(text)) for text in texts]
        known = [print_ for print_ in prints if print_ is not None]
        with database.glancing() as look:
            started = time.process_time()
            for print_ in known:
                found = precedents.find(look, None, copies.ask(SCOPE, print_)).holders
                copies.find_copy(look, SCOPE, print_, found, rule, now=START)
            took = time.process_time() - started
        database.close()
    print(f"look-up among {size} texts {took / len(known) * 1e6:8.1f} µs")


def _fill(tx: sa.Connection, count: int, chance: random.Random) -> None:
    """Store campaigns of one text each, with keys that stand for made-up pieces."""
    ids = [UUID(int=chance.getrandbits(128)) for _ in range(count)]
    rows = [
        {
            "id": one,
            "scope": SCOPE,
            "sketch": chance.randbytes(128),
            "first_seen": START,
            "last_seen": START,
            "copied": False,
        }
        for one in ids
    ]
    tx.execute(sa.insert(campaigns), rows)
    keys = [
        {"scope": SCOPE, "key": chance.getrandbits(64) - 2**63, "campaign_id": one}
        for one in ids
        for _ in range(KEYS)
    ]
    tx.execute(sa.insert(campaign_keys), keys)


def _made_up(chance: random.Random) -> str:
    return " ".join(
        "".join(chance.choices("abcdefghijklmnoprstuy", k=chance.randint(3, 9))) for _ in range(25)
    )


def _a_rule() -> Rule:
    parameters = {**DEFAULTS[RuleKind.CAMPAIGN], "window_hours": 720.0}
    kind = RuleKind.CAMPAIGN
    return Rule(1, 1, kind, kind, EFFECTS[kind], Mode.ON, 1, parameters)


def recognise(texts: Sequence[str]) -> list[Seen]:
    """Take texts in, one a second, and say which campaign each was counted to."""
    rule = _a_rule()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db", sqlite_synchronous="OFF")
        migrate(database.engine)
        seen = [
            _take_in(database, rule, text, START + timedelta(seconds=at))
            for at, text in enumerate(texts)
        ]
        database.close()
    return seen


def _take_in(database: Database, rule: Rule, text: str, now: datetime) -> Seen:
    read_as = unmask_all([text])[0][0].text
    print_ = copies.fingerprint(text, read_as, words_of(read_as))
    if print_ is None:
        return Seen(read_as, None, False)
    with database.glancing() as look:
        found = precedents.find(look, None, copies.ask(SCOPE, print_)).holders
        copy = copies.find_copy(look, SCOPE, print_, found, rule, now=now)
    with database.writing() as tx:
        copy.keep(tx, now=now)
    return Seen(read_as, copy.campaign.id, not copy.is_new)


def _print_variants() -> None:
    """Mix texts with their variants; a variant belongs to the campaign its text began."""
    chance = random.Random(20261125)
    for name, edits, words in (
        *((f"{edits} random edits", edits, 0) for edits in EDITS),
        ("2 words exchanged, 1 added", 0, 2),
        ("5 words exchanged, 2 added", 0, 5),
    ):
        made = [(at, text) for at, text in enumerate(TEXTS)]
        later = [
            (at, _varied(text, edits, words, chance)) for at, text in made for _ in range(VARIANTS)
        ]
        chance.shuffle(later)
        seen = recognise([text for _, text in made + later])
        own = [one.campaign for one in seen[: len(made)]]
        found = [
            one.campaign == own[at] for one, (at, _) in zip(seen[len(made) :], later, strict=True)
        ]
        wrong = [
            one.known and one.campaign in own and one.campaign != own[at]
            for one, (at, _) in zip(seen[len(made) :], later, strict=True)
        ]
        print(
            f"{name:28} recall {sum(found) / len(found):.3f}   wrong {sum(wrong)} of {len(wrong)}"
        )


def _varied(text: str, edits: int, words: int, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(edits):
        at = chance.randrange(len(letters))
        letters[at : at + chance.randrange(2)] = chance.choice("abcdefghij .")
    pieces = "".join(letters).split()
    for _ in range(words):
        pieces[chance.randrange(len(pieces))] = chance.choice(FILLERS)
    for _ in range(words // 2):
        pieces.insert(chance.randrange(len(pieces)), chance.choice(FILLERS))
    return " ".join(pieces)


def _print_source(path: Path, most: int) -> None:
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["text"].strip()]
    random.Random(7).shuffle(rows)
    rows = rows[:most]
    seen = recognise([row["text"] for row in rows])
    truth = clusters([one.text for one in seen]).tolist()
    _print_recall(path.stem, seen, truth)
    _print_precision(seen, [bool(row["spam"]) for row in rows])


def _print_recall(name: str, seen: Sequence[Seen], truth: Sequence[int]) -> None:
    met: dict[int, set[UUID]] = {}
    copied, particular = [], []
    for one, cluster in zip(seen, truth, strict=True):
        if cluster in met:
            found = one.campaign is not None and one.campaign in met[cluster]
            copied.append(found)
            if tells_enough(words_of(one.text)):
                particular.append(found)
        if one.campaign is not None:
            met.setdefault(cluster, set()).add(one.campaign)
        met.setdefault(cluster, set())
    print(
        f"{name}: {len(seen)} texts, {len(copied)} true copies, {len(particular)} of them long and "
        f"particular enough; recall of those {_share(particular)}, of all {_share(copied)}"
    )


def _print_precision(seen: Sequence[Seen], spam: Sequence[bool]) -> None:
    members: dict[UUID, list[str]] = {}
    alike, nearly = [], []
    for one in seen:
        if one.campaign is None:
            continue
        earlier = members.setdefault(one.campaign, [])
        if one.known:
            own = shingles(one.text)
            near = max((likeness(own, shingles(text)) for text in earlier[:COMPARED]), default=0.0)
            contacts = find_contacts(one.text, one.text)
            same = any(contacts & find_contacts(text, text) for text in earlier[:COMPARED])
            alike.append(same or near >= NEAR)
            nearly.append(same or near >= NEAR / 2)
        earlier.append(one.text)
    sizes = Counter(one.campaign for one in seen)
    large = [
        kind
        for one, kind in zip(seen, spam, strict=True)
        if one.campaign is not None and sizes[one.campaign] >= 5
    ]
    honest = len(spam) - sum(spam)
    print(
        f"    recognised {len(alike)}; with {NEAR} of all pieces or a contact in common "
        f"{_share(alike)}, with {NEAR / 2} {_share(nearly)}; in campaigns of 5 and more "
        f"{len(large)}, spam {_share(large)}, {len(large) - sum(large)} of {honest} honest comments"
    )


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found) / len(found):.3f}" if found else "–"


if __name__ == "__main__":
    main()
