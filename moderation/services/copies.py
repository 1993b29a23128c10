"""Recognise near-copies of texts seen before, while a comment comes in."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.campaign import (
    COMMON,
    KEYS,
    NEAR,
    RARE,
    SURE,
    CampaignStanding,
    similarity,
    tells_enough,
)
from moderation.domain.contacts import find_contacts
from moderation.domain.decision import Decision
from moderation.domain.rules import Rule
from moderation.services import sketching
from moderation.storage import campaigns
from moderation.storage.campaigns import MOST_CONTACTS, AskedText, Campaign
from moderation.storage.prepared import Runner

_MOST_COMMON = 200_000
_common: set[tuple[str, int]] = set()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a text is recognised by: its sketch, and the contacts it gives away."""

    sketch: tuple[int, ...]
    pieces: tuple[int, ...]
    contacts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """The campaign a comment belongs to, new or known, and the keys to add to it."""

    campaign: Campaign
    is_new: bool
    standing: CampaignStanding
    keys: tuple[int, ...]

    def keep(self, tx: sa.Connection, *, now: datetime) -> None:
        """Write what later copies are recognised by."""
        if self.is_new:
            campaigns.add(tx, self.campaign, self.keys)
        else:
            campaigns.touch(tx, self.campaign, now=now)
            campaigns.add_keys(tx, self.campaign.scope, self.campaign.id, self.keys)


def fingerprint(text: str, read_as: str, words: Sequence[str]) -> Fingerprint | None:
    """Return what a text is recognised by; ``None`` if anybody might have written it."""
    drawn, pieces = sketching.sketch_and_keys(words) if tells_enough(words) else ((), ())
    contacts = tuple(
        sorted(_as_key(str(contact)) for contact in find_contacts(text, read_as))[:MOST_CONTACTS]
    )
    return Fingerprint(drawn, pieces, contacts) if drawn or contacts else None


def ask(scope: str, print_: Fingerprint) -> AskedText | None:
    """Return what to ask who else has of a text, ``None`` if all of it is common."""
    keys = [key for key in print_.pieces if (scope, key) not in _common]
    wanted = (*keys, *print_.contacts)
    return AskedText(scope, wanted) if wanted else None


def find_copy(
    tx: Runner,
    scope: str,
    print_: Fingerprint,
    found: Sequence[tuple[int, str]],
    rule: Rule,
    *,
    now: datetime,
) -> Copy:
    """Find the campaign a text belongs to, or begin one; nothing is written yet.

    ``found`` says which campaigns have which of the keys that were asked for.
    """
    since = now - timedelta(hours=rule.parameters["window_hours"])
    holders = Counter([key for key, _ in found])
    keys = [key for key in print_.pieces if (scope, key) not in _common]
    _remember_common(scope, holders)
    best, nearness = _nearest(tx, print_, found, holders, since=since, now=now)
    telling = [key for key in keys if holders[key] < COMMON][:KEYS]
    if best is None:
        stored = sketching.to_bytes(print_.sketch)
        fresh = Campaign(_id_of(scope, stored, print_.contacts), scope, stored, now, now)
        return Copy(fresh, True, CampaignStanding(1, 1), (*telling, *print_.contacts))
    limit = int(2 * max(rule.parameters["copies"], rule.parameters["authors"]))
    size = campaigns.measure(tx, best.id, since=since, limit=limit)
    decision = best.decided(now)
    if decision is Decision.APPROVE and nearness < NEAR:
        # Only the contact is the same: what was allowed is the text, not everything around it.
        decision = None
    standing = CampaignStanding(size.copies + 1, size.authors, decision, nearness >= SURE)
    new_keys = (*telling, *print_.contacts) if nearness < SURE else ()
    return Copy(best, False, standing, new_keys)


def _nearest(
    tx: Runner,
    print_: Fingerprint,
    found: Sequence[tuple[int, str]],
    holders: Counter[int],
    *,
    since: datetime,
    now: datetime,
) -> tuple[Campaign | None, float]:
    """Return the campaign that is most like a text, a decided one before others.

    One common key alone is a turn of phrase; two, or a rare one, are worth a closer look.
    """
    shared = Counter(campaign_id for _, campaign_id in found)
    rare = {campaign_id for key, campaign_id in found if holders[key] <= RARE}
    by_contact = {campaign_id for key, campaign_id in found if key in print_.contacts}
    worth = [one for one, count in shared.most_common() if count > 1 or one in rare]
    if not worth:
        return None, 0.0
    first = sorted(worth, key=lambda one: one not in by_contact)[: campaigns.MOST_COMPARED]
    called = {UUID(raw) for raw in by_contact}
    ranked: list[tuple[bool, float, datetime, Campaign]] = []
    for candidate in campaigns.find_candidates(tx, [UUID(raw) for raw in first]):
        near = similarity(print_.sketch, sketching.from_bytes(candidate.sketch))
        if near < NEAR and candidate.id not in called:
            continue
        campaign = campaigns.complete(tx, candidate)
        decided = campaign.decided(now) is not None
        if decided or campaign.last_seen >= since:
            ranked.append((decided, near, campaign.first_seen, campaign))
    if not ranked:
        return None, 0.0
    best = min(ranked, key=lambda one: (not one[0], -one[1], one[2], one[3].id))
    return best[3], best[1]


def _remember_common(scope: str, holders: Counter[int]) -> None:
    """Let this process ask no more for keys that tell nothing, as long as it lives."""
    for key, count in holders.items():
        if count >= COMMON and len(_common) < _MOST_COMMON:
            _common.add((scope, key))


def _as_key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def _id_of(scope: str, sketch: bytes, contacts: Sequence[int]) -> UUID:
    """Return an id that the same text always gets, so that copies at one moment meet."""
    named = scope.encode() + b"\0" + sketch + sketching.to_bytes(contacts)
    return UUID(bytes=hashlib.blake2b(named, digest_size=16).digest())
