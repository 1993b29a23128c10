"""A request sent twice under one ``Idempotency-Key`` is done once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.errors import ReusedKeyError, StillRunningError
from moderation.storage import idempotency
from moderation.storage.engine import Database
from moderation.storage.idempotency import Kept

KEPT_FOR = timedelta(hours=24)
# Twice what a worker may take for a request: after that it is dead.
LOST_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """One client's hold on one key of its own; the key is kept as a digest."""

    api_key_id: int
    digest: str
    fingerprint: str


def claim_for(api_key_id: int, key: str, *parts: bytes) -> Claim:
    """Return the claim of a request that is made up of these parts."""
    fingerprint = hashlib.sha256()
    for part in parts:
        fingerprint.update(len(part).to_bytes(8, "big") + part)
    return Claim(api_key_id, hashlib.sha256(key.encode()).hexdigest(), fingerprint.hexdigest())


def begin(database: Database, claim: Claim, *, now: datetime) -> Kept | None:
    """Begin a request; return the answer to give instead if it was answered before.

    Raises:
        ReusedKeyError: the key came with another request before.
        StillRunningError: the same request is being answered right now.
    """
    with database.writing() as tx:
        before = idempotency.begin(
            tx,
            claim.api_key_id,
            claim.digest,
            claim.fingerprint,
            now=now,
            kept_since=now - KEPT_FOR,
            lost_before=now - LOST_AFTER,
        )
    if before is None:
        return None
    if before.fingerprint != claim.fingerprint:
        raise ReusedKeyError("this Idempotency-Key came with another request before")
    if before.status is None:
        raise StillRunningError("the first request with this Idempotency-Key is being answered")
    return before


def finish(
    database: Database, claim: Claim, *, status: int, content_type: str, body: bytes
) -> None:
    """Keep the answer; a failure of ours is forgotten, for trying again may well succeed."""
    with database.writing() as tx:
        if status >= 500:
            idempotency.forget(tx, claim.api_key_id, claim.digest)
        else:
            idempotency.keep(
                tx,
                claim.api_key_id,
                claim.digest,
                status=status,
                content_type=content_type,
                body=body,
            )
