"""The site's own rules and lists, for its administrators."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from moderation.api import PREFIX
from moderation.api.authorization import BEARER, current_key, protect, requires
from moderation.api.presenting import present_time
from moderation.api.rule_schemas import (
    ByIn,
    ChangedOut,
    DryRunOut,
    EntriesOut,
    ListIn,
    ModeIn,
    RuleIn,
    RulesOut,
    RuleVersionsOut,
)
from moderation.domain.rules import LIST_KINDS, Effect, Mode, Rule, RuleKind
from moderation.errors import NotFoundError
from moderation.runtime import runtime
from moderation.services import list_trials, lists, rule_changes
from moderation.services.rule_changes import ListDraft
from moderation.storage import rule_hits, rules
from moderation.storage.rule_hits import HitCount
from moderation.storage.sites import Scope

blueprint = APIBlueprint("rules", __name__, url_prefix=PREFIX, tag="Rules")
protect(blueprint)


@blueprint.get("/rules")
@blueprint.output(RulesOut)
@blueprint.doc(security=BEARER, responses=[401, 403])
@requires(Scope.ADMIN)
def list_rules() -> dict[str, Any]:
    """Read every rule with what it did, or would have done"""
    site_id = current_key().site.id
    with runtime().database.reading() as tx:
        found = rules.list_rules(tx, site_id)
        entries = rules.count_entries(tx, [rule.id for rule in found])
        counts = rule_hits.count(tx, site_id)
    return {
        "rules": [
            {
                **_present(rule),
                "kind": rule.kind.value,
                "effect": rule.effect.value,
                "parameters": rule.parameters,
                "entries": entries.get(rule.id, 0),
                "matched": counts.get(rule.id, HitCount()).matched,
                "changed": counts.get(rule.id, HitCount()).changed,
            }
            for rule in found
        ]
    }


@blueprint.put("/rules/<kind>")
@blueprint.input(RuleIn)
@blueprint.output(ChangedOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.ADMIN)
def set_rule(kind: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Switch a rule on, off or to observing, and set its parameters"""
    if kind not in set(RuleKind) - set(LIST_KINDS):
        raise NotFoundError(f"no rule has the kind {kind!r}; lists are saved under /v1/lists")
    service, site = runtime(), current_key().site
    with service.database.writing() as tx:
        rule = rule_changes.set_rule(
            tx,
            site.id,
            RuleKind(kind),
            Mode(json_data["mode"]),
            json_data["parameters"],
            by=_author(json_data),
            now=service.clock(),
        )
    return _changed(rule)


@blueprint.post("/rules/<name>/mode")
@blueprint.input(ModeIn)
@blueprint.output(ChangedOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.ADMIN)
def set_mode(name: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Switch a rule or list on, off or to observing"""
    service, site = runtime(), current_key().site
    with service.database.writing() as tx:
        rule = rule_changes.set_mode(
            tx,
            site.id,
            name,
            Mode(json_data["mode"]),
            by=_author(json_data),
            now=service.clock(),
        )
    return _changed(rule)


@blueprint.post("/rules/<name>/undo")
@blueprint.input(ByIn)
@blueprint.output(ChangedOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.ADMIN)
def undo(name: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Take the last change of a rule or list back

    That is a version of its own; undoing it brings the change again.
    """
    service, site = runtime(), current_key().site
    with service.database.writing() as tx:
        rule = rule_changes.undo(tx, site.id, name, by=_author(json_data), now=service.clock())
    return _changed(rule)


@blueprint.get("/rules/<name>/versions")
@blueprint.output(RuleVersionsOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 404])
@requires(Scope.ADMIN)
def list_versions(name: str) -> dict[str, Any]:
    """Read who changed a rule or list, when and how"""
    with runtime().database.reading() as tx:
        versions = rules.list_versions(tx, _find(tx, name).id)
    return {
        "versions": [
            {
                "version": one.version,
                "effect": one.effect.value,
                "mode": one.mode.value,
                "parameters": one.parameters,
                "changed_by": one.changed_by,
                "changed_at": present_time(one.changed_at),
                "change": one.change,
            }
            for one in versions
        ]
    }


@blueprint.put("/lists/<name>")
@blueprint.input(ListIn)
@blueprint.output(ChangedOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.ADMIN)
def save_list(name: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Make a list or give it other entries"""
    service, site = runtime(), current_key().site
    draft = _draft(name, json_data)
    with service.database.writing() as tx:
        rule = rule_changes.save_list(
            tx, site.id, draft, by=_author(json_data), now=service.clock()
        )
    return _changed(rule)


@blueprint.post("/lists/<name>/dry-run")
@blueprint.input(ListIn)
@blueprint.output(DryRunOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.ADMIN)
def try_list(name: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Try a list on the last 10,000 comments before saving it; nothing is stored"""
    service = runtime()
    draft = _draft(name, json_data)
    with service.database.reading() as tx:
        seen = list_trials.dry_run(tx, service.scorer, current_key().site.id, draft)
    return {
        "comments": seen.comments,
        "matched": seen.matched,
        "would_change": [
            {"verdict": was.value, "otherwise": would.value, "comments": count}
            for (was, would), count in seen.would_change.items()
        ],
        "samples": [{"comment_id": name, "text": text} for name, text in seen.samples],
    }


@blueprint.get("/lists/<name>")
@blueprint.output(EntriesOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 404])
@requires(Scope.ADMIN)
def show_list(name: str) -> dict[str, Any]:
    """Read the entries of a list"""
    with runtime().database.reading() as tx:
        found = rules.list_entries(tx, _find(tx, name).id)
    return {"entries": [entry.written for entry in found]}


@blueprint.get("/lists/<name>/csv")
@blueprint.doc(security=BEARER, responses=[200, 401, 403, 404])
@requires(Scope.ADMIN)
def export_list(name: str) -> Response:
    """Read the entries of a list as a CSV file"""
    with runtime().database.reading() as tx:
        found = rules.list_entries(tx, _find(tx, name).id)
    return Response(lists.to_csv(found), mimetype="text/csv")


def _draft(name: str, data: dict[str, Any]) -> ListDraft:
    service, kind = runtime(), RuleKind(data["kind"])
    entries = lists.read_entries(kind, data["entries"], service.scorer, service.intake.pseudonyms)
    return ListDraft(name, kind, Effect(data["effect"]), Mode(data["mode"]), entries)


def _find(tx: Any, name: str) -> Rule:
    rule = rules.find_rule(tx, current_key().site.id, name)
    if rule is None:
        raise NotFoundError(f"no rule has the name {name!r}")
    return rule


def _author(data: dict[str, Any]) -> str:
    return data["by"] or current_key().site.name


def _changed(rule: Rule) -> dict[str, Any]:
    """Let this process see the change at once; the others look within a second."""
    counsel = runtime().intake.counsel
    if counsel is not None:
        counsel.rulebooks.forget(rule.site_id)
    return _present(rule)


def _present(rule: Rule) -> dict[str, Any]:
    return {"name": rule.name, "mode": rule.mode.value, "version": rule.version}
