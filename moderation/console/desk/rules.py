"""A site's own rules: what they do or would do, their switches, and the entries of its lists."""

from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, Optional

from moderation.console.auth import current_username, own_sites
from moderation.console.desk.access import EDITORS, page
from moderation.console.languages import say
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
from moderation.errors import InvalidError
from moderation.runtime import runtime
from moderation.services import list_trials, lists, rule_changes
from moderation.services.list_trials import DryRun
from moderation.services.rule_changes import ListDraft
from moderation.storage import rule_hits, rules, users
from moderation.storage.rule_hits import HitCount
from moderation.storage.rules import StoredEntry
from moderation.storage.sites import Site

MOST_SHOWN = 200
KIND_NAMES: dict[RuleKind, str] = {
    RuleKind.WORDS: "daftar kata",
    RuleKind.DOMAINS: "daftar domain",
    RuleKind.AUTHORS: "daftar penulis",
    RuleKind.CAMPAIGN: "kampanye",
    RuleKind.REJECTED_SHARE: "penulis yang sering ditolak",
    RuleKind.FIRST_COMMENTS: "penulis baru",
    RuleKind.TRUSTED_AUTHOR: "penulis tepercaya",
    RuleKind.HOT_ARTICLE: "artikel ramai",
}
EFFECT_NAMES: dict[Effect, str] = {
    Effect.HOLD: "tahan untuk ditinjau",
    Effect.REJECT: "tolak",
    Effect.ALLOW: "izinkan",
    Effect.TIGHTEN: "perketat ambang",
}
MODE_NAMES: dict[Mode, str] = {
    Mode.ON: "berlaku",
    Mode.OBSERVE: "hanya mengamati",
    Mode.OFF: "mati",
}


class SwitchForm(FlaskForm):
    """Switching a rule, by its name, or by its kind where it was never set."""

    name = HiddenField(validators=[Length(max=LONGEST_NAME)])
    mode = HiddenField(validators=[AnyOf([mode.value for mode in Mode])])


class UndoForm(FlaskForm):
    """Taking a rule's last change back."""

    name = HiddenField(validators=[Length(min=1, max=LONGEST_NAME)])


class ListForm(FlaskForm):
    """A list as somebody wants it: what is added to it, and what is taken out."""

    name = StringField("Nama daftar", [Length(min=1, max=LONGEST_NAME)])
    kind = SelectField(
        "Jenis", choices=[SelectChoice(kind.value, KIND_NAMES[kind]) for kind in LIST_KINDS]
    )
    effect = SelectField(
        "Akibat",
        choices=[
            SelectChoice(effect.value, EFFECT_NAMES[effect])
            for effect in (Effect.HOLD, Effect.REJECT, Effect.ALLOW)
        ],
    )
    mode = SelectField(
        "Keadaan",
        choices=[SelectChoice(mode.value, name) for mode, name in MODE_NAMES.items()],
        default=Mode.OBSERVE.value,
    )
    added = TextAreaField("Tambah, satu per baris", [Optional()])
    removed = TextAreaField("Hapus, satu per baris", [Optional()])
    file = FileField("Tambah dari berkas CSV")


@page("/rules", EDITORS)
def show_rules() -> ResponseReturnValue:
    """List a site's rules with what they did or would have done."""
    with runtime().database.reading() as tx:
        choices = own_sites(tx)
        site = asked_rule_site(choices)
        found = rules.list_rules(tx, site.id)
        counts = rule_hits.count(tx, site.id)
        sizes = rules.count_entries(tx, [rule.id for rule in found])
    given = {rule.kind: rule for rule in found}
    rested = [
        Rule(0, site.id, kind.value, kind, EFFECTS[kind], Mode.OFF, 0, DEFAULTS[kind])
        for kind in EFFECTS
        if kind not in given
    ]
    return render_template(
        "console/desk/rules.html",
        lists=[rule for rule in found if rule.kind in LIST_KINDS],
        switched=[rule for rule in found if rule.kind not in LIST_KINDS] + rested,
        counts=counts,
        unmatched=HitCount(),
        sizes=sizes,
        site=site,
        choices=choices,
        **names(),
    )


@page("/rules/mode", EDITORS, method="POST")
def switch_rule() -> ResponseReturnValue:
    """Switch a rule on, off, or to observing."""
    service, form = runtime(), SwitchForm()
    if not form.validate_on_submit():
        abort(400)
    mode, me, now = Mode(form.mode.data), current_username(), service.clock()
    with service.database.writing() as tx:
        site = asked_rule_site(own_sites(tx))
        if rules.find_rule(tx, site.id, form.name.data) is not None:
            rule_changes.set_mode(tx, site.id, form.name.data, mode, by=me, now=now)
        elif form.name.data in set(EFFECTS):
            kind = RuleKind(form.name.data)
            rule_changes.set_rule(tx, site.id, kind, mode, {}, by=me, now=now)
        else:
            abort(404)
    return changed(site, f"Aturan {form.name.data}: {MODE_NAMES[mode]}.")


@page("/rules/undo", EDITORS, method="POST")
def undo_rule() -> ResponseReturnValue:
    """Take a rule's last change back."""
    service, form = runtime(), UndoForm()
    if not form.validate_on_submit():
        abort(400)
    with service.database.writing() as tx:
        site = asked_rule_site(own_sites(tx))
        if rules.find_rule(tx, site.id, form.name.data) is None:
            abort(404)
        rule_changes.undo(tx, site.id, form.name.data, by=current_username(), now=service.clock())
    return changed(site, f"Perubahan terakhir pada {form.name.data} dibatalkan.")


@page("/rules/list", EDITORS)
def show_list() -> ResponseReturnValue:
    """Show a list's entries and the form to change them, or the form of a new list."""
    with runtime().database.reading() as tx:
        site = asked_rule_site(own_sites(tx))
        rule = _find(tx, site)
    form = ListForm(formdata=None)
    if rule is not None:
        form.name.data, form.kind.data = rule.name, rule.kind.value
        form.effect.data, form.mode.data = rule.effect.value, rule.mode.value
    return _render_list(site, form)


@page("/rules/list", EDITORS, method="POST")
def change_list() -> ResponseReturnValue:
    """Try a changed list on the last comments, or save it."""
    service, form = runtime(), ListForm()
    with service.database.reading() as tx:
        site = asked_rule_site(own_sites(tx))
    if not form.validate_on_submit():
        return _render_list(site, form), 422
    try:
        draft = _draft(site, form)
        if request.form.get("act") != "save":
            with service.database.reading() as tx:
                seen = list_trials.dry_run(tx, service.scorer, site.id, draft)
            return _render_list(site, form, seen=seen, size=len(draft.entries))
        with service.database.writing() as tx:
            rule_changes.save_list(tx, site.id, draft, by=current_username(), now=service.clock())
    except InvalidError as error:
        return _render_list(site, form, wrong=str(error)), 422
    return changed(site, f"Daftar {draft.name} disimpan, {len(draft.entries)} entri.")


@page("/rules/csv", EDITORS)
def export_list() -> ResponseReturnValue:
    """Give a list's entries as a file."""
    with runtime().database.reading() as tx:
        rule = _find(tx, asked_rule_site(own_sites(tx)))
        if rule is None:
            abort(404)
        entries = rules.list_entries(tx, rule.id)
    answer = Response("\ufeff" + lists.to_csv(entries), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="daftar-{rule.id}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _draft(site: Site, form: ListForm) -> ListDraft:
    """Return the list as the form wants it; a file's entries join those to be added."""
    service, kind = runtime(), RuleKind(form.kind.data)
    if form.file.data:
        text = form.file.data.read().decode("utf-8", errors="replace")
        form.added.data = "\n".join([form.added.data or "", *lists.from_csv(text)]).strip()
    added = _read(kind, form.added.data)
    gone = {entry.written for entry in _read(kind, form.removed.data)}
    with service.database.reading() as tx:
        rule = rules.find_rule(tx, site.id, form.name.data)
        present = rules.list_entries(tx, rule.id) if rule else []
    wanted = {entry.written: entry for entry in [*present, *added] if entry.written not in gone}
    if len(wanted) > lists.MOST_ENTRIES:
        raise InvalidError(f"takes at most {lists.MOST_ENTRIES} entries", "/entries")
    return ListDraft(
        form.name.data, kind, Effect(form.effect.data), Mode(form.mode.data), list(wanted.values())
    )


def _read(kind: RuleKind, text: str | None) -> list[StoredEntry]:
    service = runtime()
    lines = (text or "").splitlines()
    return lists.read_entries(kind, lines, service.scorer, service.intake.pseudonyms)


def _render_list(
    site: Site, form: ListForm, *, seen: DryRun | None = None, size: int = 0, wrong: str = ""
) -> str:
    sought = request.args.get("q", "").strip()
    with runtime().database.reading() as tx:
        rule = rules.find_rule(tx, site.id, form.name.data or "")
        entries = rules.list_entries(tx, rule.id) if rule else []
        versions = rules.list_versions(tx, rule.id) if rule else []
        people = users.display_names(tx)
    shown = [one.written for one in entries if sought.lower() in one.written.lower()]
    return render_template(
        "console/desk/rule_list.html",
        form=form,
        site=site,
        rule=rule,
        versions=versions,
        people=people,
        entries=shown[:MOST_SHOWN],
        matching=len(shown),
        total=len(entries),
        sought=sought,
        seen=seen,
        size=size,
        wrong=wrong,
        **names(),
    )


def names() -> dict[str, Any]:
    """Return the words the pages of rules use."""
    return {
        "KIND_NAMES": KIND_NAMES,
        "EFFECT_NAMES": EFFECT_NAMES,
        "MODE_NAMES": MODE_NAMES,
        "tell_change": tell_change,
    }


def tell_change(change: str) -> str:
    """Return in a person's words what a version changed."""
    kind, _, what = change.partition(" ")
    if kind == "mode":
        return say("keadaan: {mode}", mode=say(MODE_NAMES[Mode(what)]))
    if kind == "undo":
        return say("versi {number} dibatalkan", number=what)
    if kind == "settings":
        return say("angka atau keadaan diubah")
    return say(
        "{added} entri ditambah, {removed} dihapus", added=kind[1:], removed=what.lstrip("-")
    )


def _find(tx: sa.Connection, site: Site) -> Rule | None:
    """Return the list that is named; a name nobody has is not there."""
    name = request.args.get("name", "")
    rule = rules.find_rule(tx, site.id, name) if name else None
    if name and (rule is None or rule.kind not in LIST_KINDS):
        abort(404)
    return rule


def asked_rule_site(choices: list[Site]) -> Site:
    """Return the site whose rules are asked for, the first if none is named."""
    name = request.args.get("site", "")
    if not name and choices:
        return choices[0]
    return next((one for one in choices if one.name == name), None) or abort(404)


def changed(site: Site, told: str) -> ResponseReturnValue:
    """Let this process see the change at once; the others look within a second."""
    counsel = runtime().intake.counsel
    if counsel is not None:
        counsel.rulebooks.forget(site.id)
    flash(told, "info")
    return redirect(url_for("desk.show_rules", site=site.name), 303)
