"""What the desk knows of a person beyond the account: reach, and the name outsiders see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from moderation.domain.reach import EVERYWHERE, Reach
from moderation.storage.desk_schema import profile_reaches, profiles
from moderation.storage.schema import users
from moderation.storage.users import Role, User


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's pseudonym and reach; one never written is everywhere and has no pseudonym."""

    pseudonym: str
    reach: Reach


NEVER_WRITTEN = Profile("", EVERYWHERE)


def find(tx: sa.Connection, user_id: int) -> Profile:
    """Return a person's profile."""
    return list_all(tx, user_id=user_id).get(user_id, NEVER_WRITTEN)


def find_reach(tx: sa.Connection, user: User) -> Reach:
    """Return what a person may see; administrators see everything."""
    return EVERYWHERE if user.role is Role.ADMIN else find(tx, user.id).reach


def list_all(tx: sa.Connection, *, user_id: int | None = None) -> dict[int, Profile]:
    """Return every written profile by user id, or just one person's."""
    theirs: list[Any] = [] if user_id is None else [profiles.c.user_id == user_id]
    places: dict[int, set[tuple[int, str]]] = {}
    joined = sa.select(profile_reaches).join(
        profiles, profiles.c.user_id == profile_reaches.c.user_id
    )
    for row in tx.execute(joined.where(*theirs)):
        places.setdefault(row.user_id, set()).add((row.site_id, row.section))
    return {
        row.user_id: Profile(
            row.pseudonym,
            EVERYWHERE if row.everywhere else Reach.of(places.get(row.user_id, ())),
        )
        for row in tx.execute(sa.select(profiles).where(*theirs))
    }


def put(tx: sa.Connection, user_id: int, profile: Profile) -> None:
    """Write a person's whole profile in place of the one before."""
    values = {"pseudonym": profile.pseudonym, "everywhere": profile.reach.everywhere}
    changed = tx.execute(sa.update(profiles).where(profiles.c.user_id == user_id).values(**values))
    if changed.rowcount == 0:
        tx.execute(sa.insert(profiles), {"user_id": user_id, **values})
    tx.execute(sa.delete(profile_reaches).where(profile_reaches.c.user_id == user_id))
    _add_places(tx, user_id, sorted(profile.reach.places))


def _add_places(tx: sa.Connection, user_id: int, places: Iterable[tuple[int, str]]) -> None:
    rows = [{"user_id": user_id, "site_id": site, "section": part} for site, part in places]
    if rows:
        tx.execute(sa.insert(profile_reaches), rows)


def pseudonyms(tx: sa.Connection) -> dict[str, str]:
    """Return, by user name, the name outsiders see, where a person has one."""
    rows = tx.execute(
        sa.select(users.c.username, profiles.c.pseudonym)
        .join(profiles, profiles.c.user_id == users.c.id)
        .where(profiles.c.pseudonym != "")
    )
    return {row.username: row.pseudonym for row in rows}
