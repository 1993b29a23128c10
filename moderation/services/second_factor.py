"""A second factor: codes from a person's own device (TOTP, RFC 6238), and ten to recover with."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import pyotp
import sqlalchemy as sa
from pyotp.utils import strings_equal

from moderation.errors import ForbiddenError, InvalidError, NotFoundError
from moderation.storage import audit, second_factors, users
from moderation.storage.identity import Pseudonyms, digest_key
from moderation.storage.second_factors import SecondFactor
from moderation.storage.users import Role, User

ISSUER = "Moderasi Balasan"
RECOVERY_CODES = 10
_SECRET_BYTES = 20
_RECOVERY_BYTES = 10
# A device's clock may be half a minute off, and typing takes a while.
_STEPS_AROUND = (0, -1, 1)


class Proof(StrEnum):
    """What somebody showed as their second factor."""

    CODE = "code"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a person's device needs to know; readable only until it is confirmed."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class State:
    """Whether somebody's second factor is in use, since when, and what is left to recover with."""

    since: datetime | None
    recovery_codes: int

    @property
    def on(self) -> bool:
        """Say whether logging in asks for a code."""
        return self.since is not None


def look(tx: sa.Connection, user_id: int) -> State:
    """Return how a person's second factor stands."""
    found = _find_confirmed(tx, user_id)
    if found is None:
        return State(None, 0)
    return State(found.confirmed_at, second_factors.count_recovery_codes(tx, user_id))


def is_on(tx: sa.Connection, user_id: int) -> bool:
    """Say whether logging in asks a person for a code."""
    return _find_confirmed(tx, user_id) is not None


def begin(tx: sa.Connection, user: User, *, pseudonyms: Pseudonyms, now: datetime) -> Enrolment:
    """Make a new secret for a person's device; it is not asked for before it is confirmed."""
    if is_on(tx, user.id):
        raise ForbiddenError("the second factor is in use already")
    salt = secrets.token_hex(32)
    second_factors.begin(tx, user.id, salt, now=now)
    return _enrol(pseudonyms, user, salt)


def read_enrolment(tx: sa.Connection, user: User, *, pseudonyms: Pseudonyms) -> Enrolment:
    """Return what was begun, to be looked at again; once confirmed nobody can."""
    found = second_factors.find(tx, user.id)
    if found is None or found.confirmed_at is not None:
        raise ForbiddenError("no second factor was begun")
    return _enrol(pseudonyms, user, found.salt)


def confirm(
    tx: sa.Connection, user: User, code: str, *, pseudonyms: Pseudonyms, now: datetime
) -> list[str]:
    """Put what was begun into use, end every session, and return the recovery codes.

    Raises:
        ForbiddenError: nothing was begun, or it is in use already.
        InvalidError: the device gives another code.
    """
    read_enrolment(tx, user, pseudonyms=pseudonyms)
    if not _accept_code(tx, user.id, code, pseudonyms=pseudonyms, now=now):
        raise InvalidError("is not the code of this moment", "/code")
    second_factors.confirm(tx, user.id, now=now)
    codes = _make_recovery_codes(tx, user.id)
    users.change(tx, user.id)
    _record(tx, user.username, "user.second-factor", user, now)
    return codes


def accept(
    tx: sa.Connection, user: User, code: str, *, pseudonyms: Pseudonyms, now: datetime
) -> Proof | None:
    """Say what somebody showed, and use it up; ``None`` for anything that proves nothing."""
    if not is_on(tx, user.id):
        return None
    if _accept_code(tx, user.id, code, pseudonyms=pseudonyms, now=now):
        return Proof.CODE
    if second_factors.use_recovery_code(tx, user.id, digest_key(_bare(code).upper())):
        _record(tx, user.username, "user.recovery-code", user, now)
        return Proof.RECOVERY
    return None


def renew_recovery_codes(tx: sa.Connection, user: User, *, now: datetime) -> list[str]:
    """Return new recovery codes; the earlier ones are worth nothing any more."""
    codes = _make_recovery_codes(tx, user.id)
    _record(tx, user.username, "user.recovery-codes", user, now)
    return codes


def switch_off(tx: sa.Connection, user: User, *, now: datetime) -> None:
    """Ask a person for no code any more; their own wish."""
    second_factors.remove(tx, user.id)
    _record(tx, user.username, "user.second-factor-off", user, now)


def reset(tx: sa.Connection, user_id: int, *, actor: User, now: datetime) -> None:
    """Let somebody who lost their device log in by password alone; their sessions end.

    Raises:
        ForbiddenError: it is the actor's own, or the actor's role does not reach so far.
    """
    user = users.find(tx, user_id)
    if user is None:
        raise NotFoundError(f"nobody has the id {user_id}")
    if not may_reset(actor, user):
        raise ForbiddenError("an editor resets moderators, an administrator everybody else")
    reset_from_outside(tx, user, actor=actor.username, now=now)


def may_reset(actor: User, user: User) -> bool:
    """Say whether one person may reset another's second factor; nobody resets their own.

    Whoever holds an open session could otherwise take away what protects its owner.
    """
    if actor.id == user.id:
        return False
    return actor.role is Role.ADMIN or (actor.role is Role.EDITOR and user.role is Role.MODERATOR)


def reset_from_outside(tx: sa.Connection, user: User, *, actor: str, now: datetime) -> None:
    """Reset somebody's second factor on behalf of whoever runs the service."""
    if not second_factors.remove(tx, user.id):
        raise NotFoundError(f"{user.username} has no second factor")
    users.change(tx, user.id)
    _record(tx, actor, "user.second-factor-reset", user, now)


def _find_confirmed(tx: sa.Connection, user_id: int) -> SecondFactor | None:
    found = second_factors.find(tx, user_id)
    return None if found is None or found.confirmed_at is None else found


def _enrol(pseudonyms: Pseudonyms, user: User, salt: str) -> Enrolment:
    totp = _totp(pseudonyms, salt)
    return Enrolment(totp.secret, totp.provisioning_uri(name=user.username, issuer_name=ISSUER))


def _totp(pseudonyms: Pseudonyms, salt: str) -> pyotp.TOTP:
    """Return what computes a person's codes; without the installation's secret nobody can."""
    key = bytes.fromhex(pseudonyms.hash("second factor", salt))[:_SECRET_BYTES]
    return pyotp.TOTP(base64.b32encode(key).decode())


def _accept_code(
    tx: sa.Connection, user_id: int, code: str, *, pseudonyms: Pseudonyms, now: datetime
) -> bool:
    """Take a code of this moment or next to it, unless it or a later one was taken before."""
    found = second_factors.find(tx, user_id)
    if found is None:
        return False
    totp = _totp(pseudonyms, found.salt)
    present = totp.timecode(now)
    # Every step is compared, so that the time taken tells nothing.
    steps = [
        present + around
        for around in _STEPS_AROUND
        if strings_equal(totp.generate_otp(present + around), _bare(code))
    ]
    return bool(steps) and second_factors.advance(tx, user_id, steps[0])


def _make_recovery_codes(tx: sa.Connection, user_id: int) -> list[str]:
    """Make and return recovery codes: 80 random bits each, so a plain digest is enough."""
    codes = [
        base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
        for _ in range(RECOVERY_CODES)
    ]
    second_factors.put_recovery_codes(tx, user_id, [digest_key(code) for code in codes])
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _bare(code: str) -> str:
    """Return a code as typed without the spaces and hyphens it is easier to read with."""
    return "".join(code.split()).replace("-", "")


def _record(tx: sa.Connection, actor: str, act: str, user: User, now: datetime) -> None:
    audit.record(tx, at=now, actor=actor, act=act, subject=user.username)
