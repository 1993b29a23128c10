"""Which policy holds for a site and section, and setting another."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import cachetools
import sqlalchemy as sa

from moderation.domain.policy import Policy
from moderation.domain.scorer import Scorer
from moderation.errors import InvalidError, NotFoundError
from moderation.storage import audit, policies
from moderation.storage.engine import Database
from moderation.storage.policies import NewPolicy, StoredPolicy
from moderation.storage.sites import Site

LONGEST_NOTE = 500
DIAL, RESTORED, HANDED_BACK = "dial", "restored", "handed-back"


@dataclass(frozen=True, slots=True)
class Effective:
    """The policy that holds; ``stored`` is ``None`` where it is the model's own.

    ``passed_over`` are newer wishes of the newsroom that were made for another model.
    """

    policy: Policy
    stored: StoredPolicy | None
    passed_over: tuple[StoredPolicy, ...] = ()


def choose(newest: Mapping[str, StoredPolicy], section: str, scorer: Scorer) -> Effective:
    """Return the section's policy, else the site's, else the model's own.

    One made for another model is passed over: its thresholds mean nothing to this one.
    """
    passed_over: list[StoredPolicy] = []
    for place in dict.fromkeys((section, "")):
        stored = newest.get(place)
        if stored is None or stored.bands is None:
            continue
        if stored.model_version == scorer.version:
            policy = Policy(stored.version, stored.bands)
            return Effective(policy, stored, tuple(passed_over))
        passed_over.append(stored)
    return Effective(scorer.policy, None, tuple(passed_over))


def find_effective(tx: sa.Connection, site: Site, section: str, scorer: Scorer) -> Effective:
    """Return what holds for a section now."""
    return choose(policies.newest_by_section(tx, site.id), section, scorer)


class PolicyBook:
    """Finds what holds, remembering it for a moment, so that a busy site asks once in a while.

    Workers other than the one that saved a policy follow within ``MEMORY_S`` seconds.
    """

    MEMORY_S = 5.0
    MOST_REMEMBERED = 1_000

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: cachetools.TTLCache[int, dict[str, StoredPolicy]] = cachetools.TTLCache(
            self.MOST_REMEMBERED, self.MEMORY_S
        )
        self._lock = threading.Lock()

    def find(self, site: Site, section: str, scorer: Scorer) -> Effective:
        """Return what holds for a section."""
        with self._lock:
            newest = self._known.get(site.id)
        if newest is None:
            with self._database.reading() as tx:
                newest = policies.newest_by_section(tx, site.id)
            with self._lock:
                self._known[site.id] = newest
        return choose(newest, section, scorer)

    def forget(self) -> None:
        """Look again at the next comment."""
        with self._lock:
            self._known.clear()


def save(tx: sa.Connection, new: NewPolicy, *, now: datetime) -> StoredPolicy:
    """Store a new version and its audit row.

    Raises:
        InvalidError: the bands leave a label out, or the note is too long.
    """
    if len(new.note) > LONGEST_NOTE:
        raise InvalidError(f"at most {LONGEST_NOTE} characters", "/note")
    if new.bands is not None:
        try:
            Policy("new", new.bands)
        except ValueError as error:
            raise InvalidError(str(error), "/bands") from error
    stored = policies.add(tx, new, now=now)
    audit.record(
        tx,
        at=now,
        actor=new.author,
        act="policy.save",
        subject=stored.version,
        site_id=new.site_id,
        detail={"source": new.source, "note": new.note, "allowed_per_1000": new.allowed},
    )
    return stored


def restore(tx: sa.Connection, policy_id: int, *, author: str, now: datetime) -> StoredPolicy:
    """Store an earlier version again as the newest.

    Raises:
        NotFoundError: there is no such version.
    """
    earlier = policies.find(tx, policy_id)
    if earlier is None:
        raise NotFoundError(f"no policy has the id {policy_id}")
    new = NewPolicy(
        site_id=earlier.site_id,
        section=earlier.section,
        author=author,
        bands=earlier.bands,
        model_version=earlier.model_version,
        source=RESTORED,
        note=earlier.version,
        allowed=earlier.allowed,
    )
    return save(tx, new, now=now)
