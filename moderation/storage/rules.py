"""A site's rules, all their versions, and the entries of its lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.domain.rules import Effect, Mode, Rule, RuleKind
from moderation.storage.rule_schema import (
    rule_entries,
    rule_stamps,
    rule_versions,
    rules,
    site_owners,
)

_UPSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """What a rule was at one of its versions, who made it so, and when."""

    version: int
    effect: Effect
    mode: Mode
    parameters: Mapping[str, float]
    changed_by: str
    changed_at: datetime
    change: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry of a list, as written and with its disguises undone."""

    written: str
    read_as: str


def find_stamp(tx: sa.Connection, site_id: int) -> int:
    """Return the number that counts the changes of a site's rules."""
    statement = sa.select(rule_stamps.c.stamp).where(rule_stamps.c.site_id == site_id)
    return tx.execute(statement).scalar() or 0


def bump(tx: sa.Connection, site_id: int) -> None:
    """Count a change; the row lock makes changes of one site wait for each other."""
    statement = _UPSERTS[tx.dialect.name](rule_stamps).values(site_id=site_id, stamp=1)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["site_id"], set_={"stamp": rule_stamps.c.stamp + 1}
        )
    )


def list_rules(tx: sa.Connection, site_id: int) -> list[Rule]:
    """Return a site's rules by name."""
    statement = sa.select(rules).where(rules.c.site_id == site_id).order_by(rules.c.name)
    return [_rule_from(row) for row in tx.execute(statement)]


def find_rule(tx: sa.Connection, site_id: int, name: str) -> Rule | None:
    """Return a site's rule by name."""
    statement = sa.select(rules).where(rules.c.site_id == site_id, rules.c.name == name)
    row = tx.execute(statement).one_or_none()
    return None if row is None else _rule_from(row)


def add_rule(tx: sa.Connection, rule: Rule, *, by: str, at: datetime, change: str) -> int:
    """Store a new rule with its first version; return its id."""
    values = {**_settings(rule), "changed_by": by, "changed_at": at}
    rule_id: int = tx.execute(
        sa.insert(rules)
        .values(site_id=rule.site_id, name=rule.name, kind=rule.kind.value, version=1, **values)
        .returning(rules.c.id)
    ).scalar_one()
    tx.execute(
        sa.insert(rule_versions), {"rule_id": rule_id, "version": 1, "change": change} | values
    )
    return rule_id


def change_rule(tx: sa.Connection, rule: Rule, *, by: str, at: datetime, change: str) -> None:
    """Store a rule's next version, which must carry the next number."""
    values = {**_settings(rule), "changed_by": by, "changed_at": at}
    tx.execute(sa.update(rules).where(rules.c.id == rule.id).values(version=rule.version, **values))
    tx.execute(
        sa.insert(rule_versions),
        {"rule_id": rule.id, "version": rule.version, "change": change} | values,
    )


def list_versions(tx: sa.Connection, rule_id: int) -> list[RuleVersion]:
    """Return a rule's versions, the newest first."""
    statement = (
        sa.select(rule_versions)
        .where(rule_versions.c.rule_id == rule_id)
        .order_by(rule_versions.c.version.desc())
    )
    return [
        RuleVersion(
            version=row.version,
            effect=Effect(row.effect),
            mode=Mode(row.mode),
            parameters=row.parameters,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
            change=row.change,
        )
        for row in tx.execute(statement)
    ]


def list_entries(tx: sa.Connection, rule_id: int) -> list[StoredEntry]:
    """Return the present entries of a list, in the order they were added."""
    statement = (
        sa.select(rule_entries.c.written, rule_entries.c.read_as)
        .where(rule_entries.c.rule_id == rule_id, rule_entries.c.removed_in.is_(None))
        .order_by(rule_entries.c.id)
    )
    return [StoredEntry(row.written, row.read_as) for row in tx.execute(statement)]


def count_entries(tx: sa.Connection, rule_ids: Iterable[int]) -> dict[int, int]:
    """Return how many entries each list has."""
    statement = (
        sa.select(rule_entries.c.rule_id, sa.func.count())
        .where(rule_entries.c.rule_id.in_(list(rule_ids)), rule_entries.c.removed_in.is_(None))
        .group_by(rule_entries.c.rule_id)
    )
    return {row[0]: row[1] for row in tx.execute(statement)}


def add_entries(
    tx: sa.Connection, rule_id: int, version: int, entries: Sequence[StoredEntry]
) -> None:
    """Add entries to a list from a version on."""
    if entries:
        tx.execute(
            sa.insert(rule_entries),
            [
                {
                    "rule_id": rule_id,
                    "written": entry.written,
                    "read_as": entry.read_as,
                    "added_in": version,
                }
                for entry in entries
            ],
        )


def remove_entries(tx: sa.Connection, rule_id: int, version: int, written: Sequence[str]) -> None:
    """Take entries out of a list from a version on."""
    for first in range(0, len(written), _AT_ONCE):
        tx.execute(
            sa.update(rule_entries)
            .where(
                rule_entries.c.rule_id == rule_id,
                rule_entries.c.removed_in.is_(None),
                rule_entries.c.written.in_(written[first : first + _AT_ONCE]),
            )
            .values(removed_in=version)
        )


def take_back_entries(tx: sa.Connection, rule_id: int, undone: int, version: int) -> None:
    """Undo in ``version`` what ``undone`` did to the entries of a list."""
    gone = tx.execute(
        sa.select(rule_entries.c.written, rule_entries.c.read_as)
        .where(rule_entries.c.rule_id == rule_id, rule_entries.c.removed_in == undone)
        .order_by(rule_entries.c.id)
    ).all()
    tx.execute(
        sa.update(rule_entries)
        .where(
            rule_entries.c.rule_id == rule_id,
            rule_entries.c.added_in == undone,
            rule_entries.c.removed_in.is_(None),
        )
        .values(removed_in=version)
    )
    add_entries(tx, rule_id, version, [StoredEntry(row.written, row.read_as) for row in gone])


def find_owner(tx: sa.Connection, site_id: int) -> str | None:
    """Return who owns a site, if it was said."""
    statement = sa.select(site_owners.c.owner).where(site_owners.c.site_id == site_id)
    return tx.execute(statement).scalar()


def set_owner(tx: sa.Connection, site_id: int, owner: str) -> None:
    """Say who owns a site: sites of one owner share their campaigns."""
    statement = _UPSERTS[tx.dialect.name](site_owners).values(site_id=site_id, owner=owner)
    tx.execute(statement.on_conflict_do_update(index_elements=["site_id"], set_={"owner": owner}))


def _settings(rule: Rule) -> dict[str, Any]:
    return {
        "effect": rule.effect.value,
        "mode": rule.mode.value,
        "parameters": dict(rule.parameters),
    }


def _rule_from(row: Any) -> Rule:
    return Rule(
        id=row.id,
        site_id=row.site_id,
        name=row.name,
        kind=RuleKind(row.kind),
        effect=Effect(row.effect),
        mode=Mode(row.mode),
        version=row.version,
        parameters=row.parameters,
    )
