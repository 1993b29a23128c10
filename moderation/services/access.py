"""Who may call: API keys for sites, passwords for people."""

import logging
import secrets
import threading
from collections.abc import Collection
from datetime import datetime, timedelta

import argon2
import cachetools
import sqlalchemy as sa

from moderation.errors import InvalidError
from moderation.storage import akismet, sites, users
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms, digest_key
from moderation.storage.sites import ApiKey, Scope, Site
from moderation.storage.users import Role, User

SHORTEST_PASSWORD = 12
AKISMET_KEY_LENGTH = 12
LONGEST_SHIFT = timedelta(hours=12)
"""A session is over after so long, whatever happens in it."""

logger = logging.getLogger(__name__)

# argon2id with the library's defaults, which follow RFC 9106's low-memory profile.
_hasher = argon2.PasswordHasher()
# Checked when the user name is unknown, so that the answer takes as long as a wrong password.
_DECOY_HASH = _hasher.hash(secrets.token_urlsafe())


class KeyRing:
    """Finds keys, remembering those in use, so that a busy site costs no query a request.

    A revoked key therefore works for up to ``MEMORY_S`` more seconds; operators are told so.
    """

    MEMORY_S = 5.0
    USE_NOTED_EVERY = timedelta(minutes=10)
    MOST_REMEMBERED = 10_000

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: cachetools.TTLCache[str, ApiKey] = cachetools.TTLCache(
            self.MOST_REMEMBERED, self.MEMORY_S
        )
        self._lock = threading.Lock()

    def find(self, key: str, *, now: datetime) -> ApiKey | None:
        """Return the key's record if it may be used now."""
        return self.find_by_digest(digest_key(key), now=now)

    def find_by_digest(self, digest: str, *, now: datetime) -> ApiKey | None:
        """Return a key's record by the digest it is stored under, if it may be used now."""
        with self._lock:
            found = self._known.get(digest)
        if found is None:
            with self._database.reading() as tx:
                found = sites.find_key(tx, digest)
            if found is None:
                return None
            with self._lock:
                self._known[digest] = found
            if found.is_valid(now):
                self._note_use(found, now)
        return found if found.is_valid(now) else None

    def _note_use(self, key: ApiKey, now: datetime) -> None:
        """Note that a key is in use, seldom; failing to is no reason to refuse a request."""
        last = key.last_used_at
        if last is not None and now - last < self.USE_NOTED_EVERY:
            return
        try:
            self._database.write(lambda tx: sites.record_key_use(tx, key.id, now=now))
        except sa.exc.SQLAlchemyError:
            logger.warning("the use of a key could not be noted", extra={"key_id": key.id})


def rotate_key(tx: sa.Connection, key: ApiKey, *, overlap: timedelta, now: datetime) -> str:
    """Make a successor with the same rights, and let the key expire after the overlap."""
    ends = now + overlap
    if key.expires_at is None or ends < key.expires_at:
        sites.end_key_at(tx, key.id, at=ends)
    return issue_key(tx, key.site, key.scopes, note=key.note, now=now)


def issue_key(
    tx: sa.Connection,
    site: Site,
    scopes: Collection[Scope],
    *,
    note: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """Make a key for a site and return it; it can never be read again."""
    key = "mb_" + secrets.token_urlsafe(32)
    sites.add_key(tx, site, key, scopes, note=note, now=now, expires_at=expires_at)
    return key


def issue_akismet_key(
    tx: sa.Connection,
    site: Site,
    pseudonyms: Pseudonyms,
    *,
    note: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """Make a key of the form Akismet's clients insist on: 12 hexadecimal digits.

    48 random bits are too few for a plain digest, so it is found by a keyed one, which no
    other kind of key has: an Akismet key opens nothing else, and no other key opens Akismet.
    """
    nonce = secrets.token_hex(16)
    key = compute_akismet_key(pseudonyms, nonce)
    key_id = sites.add_key(
        tx,
        site,
        key,
        [Scope.AKISMET],
        note=note,
        now=now,
        expires_at=expires_at,
        digest=digest_akismet_key(pseudonyms, key),
    )
    akismet.add_nonce(tx, key_id, nonce)
    return key


def compute_akismet_key(pseudonyms: Pseudonyms, nonce: str) -> str:
    """Return the key that was made from a nonce."""
    return pseudonyms.hash("akismet-key", nonce)[:AKISMET_KEY_LENGTH]


def digest_akismet_key(pseudonyms: Pseudonyms, key: str) -> str:
    """Return the digest an Akismet key is stored and looked up by; case does not matter."""
    return pseudonyms.hash("akismet-key-digest", key.lower())


def add_user(
    tx: sa.Connection,
    *,
    username: str,
    display_name: str,
    password: str,
    role: Role,
    now: datetime,
    active: bool = True,
) -> None:
    """Give a person an account; raise ``InvalidError`` for too short a password."""
    users.add(
        tx,
        username=username,
        display_name=display_name,
        password_hash=hash_password(password),
        role=role,
        session_stamp=users.new_stamp(),
        now=now,
        active=active,
    )


def change_password(tx: sa.Connection, user: User, password: str) -> None:
    """Set a new password, and end every session begun with the old one."""
    users.change(tx, user.id, password_hash=hash_password(password))


def hash_password(password: str) -> str:
    """Return the hash to store; raise ``InvalidError`` for too short a password."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidError(f"needs at least {SHORTEST_PASSWORD} characters", "/password")
    return _hasher.hash(password)


def check_password(tx: sa.Connection, username: str, password: str) -> User | None:
    """Return the person if the password is theirs and the account is active.

    Unknown name, wrong password and disabled account take the same time and give the same
    answer.
    """
    user = users.find_by_name(tx, username)
    try:
        _hasher.verify(user.password_hash if user else _DECOY_HASH, password)
    except argon2.exceptions.VerifyMismatchError:
        return None
    return user if user is not None and user.active else None
