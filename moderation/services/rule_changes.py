"""Change a site's rules: every change is a version with its author and time, and can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from moderation.domain.rule_parameters import check_parameters
from moderation.domain.rules import (
    DEFAULTS,
    EFFECTS,
    LIST_KINDS,
    LONGEST_NAME,
    Effect,
    Mode,
    Rule,
    RuleKind,
)
from moderation.errors import InvalidError, NotFoundError
from moderation.storage import audit, rules
from moderation.storage.rules import StoredEntry


@dataclass(frozen=True, slots=True)
class ListDraft:
    """A list as somebody wants it to be."""

    name: str
    kind: RuleKind
    effect: Effect
    mode: Mode
    entries: Sequence[StoredEntry]


def save_list(tx: sa.Connection, site_id: int, draft: ListDraft, *, by: str, now: datetime) -> Rule:
    """Make a list, or give it other entries, effect or mode; return its new version.

    Raises:
        InvalidError: the name is taken by a rule of another kind, or the effect makes no sense.
    """
    _check_list(draft)
    rules.bump(tx, site_id)
    before = rules.find_rule(tx, site_id, draft.name)
    if before is not None and before.kind is not draft.kind:
        raise InvalidError(f"is the name of a rule of kind {before.kind}", "/name")
    wanted = {entry.written: entry for entry in draft.entries}
    present = (
        {} if before is None else {entry.written for entry in rules.list_entries(tx, before.id)}
    )
    added = [entry for written, entry in wanted.items() if written not in present]
    removed = [written for written in present if written not in wanted]
    rule = Rule(
        id=0 if before is None else before.id,
        site_id=site_id,
        name=draft.name,
        kind=draft.kind,
        effect=draft.effect,
        mode=draft.mode,
        version=1 if before is None else before.version + 1,
        parameters={},
    )
    change = f"+{len(added)} -{len(removed)}"
    rule = _write(tx, rule, by=by, now=now, change=change)
    rules.remove_entries(tx, rule.id, rule.version, removed)
    rules.add_entries(tx, rule.id, rule.version, added)
    return rule


def set_rule(
    tx: sa.Connection,
    site_id: int,
    kind: RuleKind,
    mode: Mode,
    parameters: Mapping[str, float],
    *,
    by: str,
    now: datetime,
) -> Rule:
    """Switch a rule that is no list, with other parameters where some are given."""
    if kind in LIST_KINDS:
        raise InvalidError("is a kind of list; save a list instead", "/kind")
    unknown = sorted(set(parameters) - set(DEFAULTS[kind]))
    if unknown:
        raise InvalidError(f"takes no {', '.join(unknown)}", "/parameters")
    rules.bump(tx, site_id)
    before = rules.find_rule(tx, site_id, kind.value)
    settled = {**DEFAULTS[kind], **(before.parameters if before else {}), **parameters}
    check_parameters(settled)
    rule = Rule(
        id=0 if before is None else before.id,
        site_id=site_id,
        name=kind.value,
        kind=kind,
        effect=EFFECTS[kind],
        mode=mode,
        version=1 if before is None else before.version + 1,
        parameters=settled,
    )
    return _write(tx, rule, by=by, now=now, change="settings")


def set_mode(
    tx: sa.Connection, site_id: int, name: str, mode: Mode, *, by: str, now: datetime
) -> Rule:
    """Switch any rule on, off, or to observing."""
    rules.bump(tx, site_id)
    before = _find(tx, site_id, name)
    rule = replace(before, mode=mode, version=before.version + 1)
    return _write(tx, rule, by=by, now=now, change=f"mode {mode}")


def undo(tx: sa.Connection, site_id: int, name: str, *, by: str, now: datetime) -> Rule:
    """Take the last change of a rule back, as a version of its own; the first one switches it off.

    Undoing an undo brings the change again.
    """
    rules.bump(tx, site_id)
    present = _find(tx, site_id, name)
    earlier = next(
        (one for one in rules.list_versions(tx, present.id) if one.version < present.version),
        None,
    )
    change = f"undo {present.version}"
    if earlier is None:
        rule = replace(present, mode=Mode.OFF, version=present.version + 1)
        return _write(tx, rule, by=by, now=now, change=change)
    rule = replace(
        present,
        effect=earlier.effect,
        mode=earlier.mode,
        parameters=earlier.parameters,
        version=present.version + 1,
    )
    rule = _write(tx, rule, by=by, now=now, change=change)
    rules.take_back_entries(tx, rule.id, present.version, rule.version)
    return rule


def set_owner(tx: sa.Connection, site_id: int, owner: str, *, by: str, now: datetime) -> None:
    """Say who owns a site, so that its campaigns are seen together with its sisters'."""
    rules.bump(tx, site_id)
    rules.set_owner(tx, site_id, owner)
    audit.record(tx, at=now, actor=by, act="site.owner", subject=owner, site_id=site_id)


def _find(tx: sa.Connection, site_id: int, name: str) -> Rule:
    rule = rules.find_rule(tx, site_id, name)
    if rule is None:
        raise NotFoundError(f"no rule has the name {name!r}")
    return rule


def _write(tx: sa.Connection, rule: Rule, *, by: str, now: datetime, change: str) -> Rule:
    if rule.version == 1:
        rule = replace(rule, id=rules.add_rule(tx, rule, by=by, at=now, change=change))
    else:
        rules.change_rule(tx, rule, by=by, at=now, change=change)
    audit.record(
        tx,
        at=now,
        actor=by,
        act="rule.change",
        subject=rule.name,
        site_id=rule.site_id,
        detail={"version": rule.version, "mode": rule.mode.value, "change": change},
    )
    return rule


def _check_list(draft: ListDraft) -> None:
    if draft.kind not in LIST_KINDS:
        raise InvalidError("is not a kind of list", "/kind")
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME:
        raise InvalidError(f"needs 1 to {LONGEST_NAME} characters", "/name")
    if draft.name in set(RuleKind):
        raise InvalidError("is the name of a rule", "/name")
    if draft.effect is Effect.TIGHTEN:
        raise InvalidError("a list rejects, holds or allows", "/effect")
