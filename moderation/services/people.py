"""Administrators look after accounts: roles, reach, passwords, sessions, pseudonyms."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.errors import ForbiddenError, InvalidError, NotFoundError
from moderation.services import access
from moderation.storage import audit, profiles, users
from moderation.storage.profiles import Profile
from moderation.storage.users import Role, User

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Person:
    """An account with its profile."""

    user: User
    profile: Profile


def list_people(tx: sa.Connection) -> list[Person]:
    """Return everybody, by user name."""
    known = profiles.list_all(tx)
    return [Person(user, known.get(user.id, profiles.NEVER_WRITTEN)) for user in users.list_all(tx)]


def find_person(tx: sa.Connection, user_id: int) -> Person:
    """Return one person; raise ``NotFoundError`` if there is none."""
    user = users.find(tx, user_id)
    if user is None:
        raise NotFoundError(f"nobody has the id {user_id}")
    return Person(user, profiles.find(tx, user_id))


def add_person(
    tx: sa.Connection, *, actor: User, username: str, display_name: str, role: Role, now: datetime
) -> str:
    """Give somebody an account; return the password, which can never be read again.

    Raises:
        InvalidError: the user name is empty, too long or taken.
    """
    if not 0 < len(username) <= LONGEST_NAME or len(display_name) > LONGEST_NAME:
        raise InvalidError(f"needs 1 to {LONGEST_NAME} characters", "/username")
    if users.find_by_name(tx, username) is not None:
        raise InvalidError("is taken", "/username")
    password = secrets.token_urlsafe(12)
    access.add_user(
        tx,
        username=username,
        display_name=display_name or username,
        password=password,
        role=role,
        now=now,
    )
    _record(tx, actor, "user.add", username, now, role=role.value)
    return password


def set_role(tx: sa.Connection, user_id: int, role: Role, *, actor: User, now: datetime) -> None:
    """Give somebody another role, and end their sessions.

    Raises:
        ForbiddenError: it is the actor's own; nobody locks themselves out.
    """
    person = _find_other(tx, user_id, actor)
    users.change(tx, person.id, role=role.value)
    _keep_an_admin(tx)
    _record(tx, actor, "user.role", person.username, now, role=role.value)


def set_active(
    tx: sa.Connection, user_id: int, active: bool, *, actor: User, now: datetime
) -> None:
    """Let somebody in again, or keep them out at once; never oneself."""
    person = _find_other(tx, user_id, actor)
    users.change(tx, person.id, active=active)
    _keep_an_admin(tx)
    _record(tx, actor, "user.enable" if active else "user.disable", person.username, now)


def end_sessions(tx: sa.Connection, user_id: int, *, actor: User, now: datetime) -> None:
    """Log somebody out everywhere."""
    person = find_person(tx, user_id).user
    users.change(tx, person.id)
    _record(tx, actor, "user.end-sessions", person.username, now)


def reset_password(tx: sa.Connection, user_id: int, *, actor: User, now: datetime) -> str:
    """Return a new password, which can never be read again; every session ends."""
    person = find_person(tx, user_id).user
    password = secrets.token_urlsafe(12)
    access.change_password(tx, person, password)
    _record(tx, actor, "user.password", person.username, now)
    return password


def set_profile(
    tx: sa.Connection, user_id: int, profile: Profile, *, actor: User, now: datetime
) -> None:
    """Set somebody's reach, and the name outsiders see.

    Raises:
        InvalidError: the pseudonym is too long, or somebody else's.
    """
    person = find_person(tx, user_id).user
    if len(profile.pseudonym) > LONGEST_NAME:
        raise InvalidError(f"at most {LONGEST_NAME} characters", "/pseudonym")
    taken = {name for who, name in profiles.pseudonyms(tx).items() if who != person.username}
    if profile.pseudonym in taken:
        raise InvalidError("is somebody else's", "/pseudonym")
    profiles.put(tx, person.id, profile)
    _record(
        tx,
        actor,
        "user.profile",
        person.username,
        now,
        pseudonym=profile.pseudonym,
        everywhere=profile.reach.everywhere,
        places=sorted([site, section] for site, section in profile.reach.places),
    )


def _find_other(tx: sa.Connection, user_id: int, actor: User) -> User:
    if user_id == actor.id:
        raise ForbiddenError("nobody changes their own role or locks themselves out")
    return find_person(tx, user_id).user


def _keep_an_admin(tx: sa.Connection) -> None:
    if users.count_active(tx, Role.ADMIN) == 0:
        raise ForbiddenError("somebody must remain who can look after accounts")


def _record(
    tx: sa.Connection, actor: User, act: str, subject: str, now: datetime, **detail: Any
) -> None:
    audit.record(tx, at=now, actor=actor.username, act=act, subject=subject, detail=detail)
