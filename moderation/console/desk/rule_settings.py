"""The parameters of a rule that is no list: what they are, were, and how to change them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import FloatField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from moderation.console.auth import current_username, own_sites
from moderation.console.desk.access import EDITORS, page
from moderation.console.desk.rules import MODE_NAMES, asked_rule_site, changed, names
from moderation.console.languages import say
from moderation.domain.rule_parameters import HIGHEST, SHARES
from moderation.domain.rules import DEFAULTS, EFFECTS, Mode, Rule, RuleKind
from moderation.errors import InvalidError
from moderation.runtime import runtime
from moderation.services import rule_changes
from moderation.storage import rules, users
from moderation.storage.sites import Site

PARAMETER_NAMES: dict[str, str] = {
    "copies": "Salinan paling sedikit",
    "authors": "Akun berbeda paling sedikit",
    "window_hours": "Dalam berapa jam terakhir",
    "share": "Bagian yang ditolak, dalam persen",
    "at_least": "Komentar ditolak paling sedikit",
    "window_days": "Dalam berapa hari terakhir",
    "approved": "Komentar terbit paling sedikit",
    "comments": "Komentar paling sedikit",
    "rejected_share": "Atau bagian yang ditolak, dalam persen",
    "window_minutes": "Dalam berapa menit terakhir",
    "step": "Ambang diperketat, dalam persen",
    "calm_minutes": "Berapa menit sesudahnya masih diperketat",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the form shows it: shares in percent."""

    name: str
    words: str
    value: float
    usual: float
    highest: float


class ModeForm(FlaskForm):
    """Whether the rule acts; its parameters are read beside."""

    mode = SelectField(
        "Keadaan",
        choices=[SelectChoice(mode.value, words) for mode, words in MODE_NAMES.items()],
    )


@page("/rules/settings", EDITORS)
def show_settings() -> ResponseReturnValue:
    """Show a rule's parameters and its history."""
    with runtime().database.reading() as tx:
        site = asked_rule_site(own_sites(tx))
        rule = _find(tx, site)
    form = ModeForm(formdata=None)
    form.mode.data = rule.mode.value
    return _render(site, rule, form, rule.parameters)


@page("/rules/settings", EDITORS, method="POST")
def change_settings() -> ResponseReturnValue:
    """Save a rule's parameters as its next version."""
    service = runtime()
    with service.database.reading() as tx:
        site = asked_rule_site(own_sites(tx))
        rule = _find(tx, site)
    form = _form_of(rule)
    if not form.validate_on_submit():
        return _render(site, rule, form, rule.parameters, wrong=say("Isi setiap angka.")), 422
    given = {name: _from_shown(name, form[name].data) for name in rule.parameters}
    try:
        with service.database.writing() as tx:
            rule_changes.set_rule(
                tx,
                site.id,
                rule.kind,
                Mode(form.mode.data),
                given,
                by=current_username(),
                now=service.clock(),
            )
    except InvalidError as error:
        name = error.pointer.rpartition("/")[2]
        wrong = say(
            "{name}: angka di atas 0, paling banyak {most}, dan utuh jika yang dihitung komentar.",
            name=say(PARAMETER_NAMES[name]),
            most=f"{_to_shown(name, HIGHEST[name]):g}",
        )
        return _render(site, rule, form, given, wrong=wrong), 422
    return changed(site, "Aturan disimpan.")


def _form_of(rule: Rule) -> ModeForm:
    """Return a form with a field for each of the rule's parameters."""
    fields = {name: FloatField(validators=[InputRequired()]) for name in rule.parameters}
    made: ModeForm = type("SettingsForm", (ModeForm,), fields)()
    return made


def _render(
    site: Site, rule: Rule, form: ModeForm, values: Mapping[str, float], *, wrong: str = ""
) -> str:
    with runtime().database.reading() as tx:
        versions = rules.list_versions(tx, rule.id) if rule.id else []
        people = users.display_names(tx)
    return render_template(
        "console/desk/rule_settings.html",
        site=site,
        rule=rule,
        form=form,
        parameters=_shown(rule, values),
        versions=versions,
        people=people,
        wrong=wrong,
        **names(),
    )


def _shown(rule: Rule, values: Mapping[str, float]) -> Sequence[Parameter]:
    return [
        Parameter(
            name,
            PARAMETER_NAMES[name],
            _to_shown(name, values[name]),
            _to_shown(name, usual),
            _to_shown(name, HIGHEST[name]),
        )
        for name, usual in DEFAULTS[rule.kind].items()
    ]


def _to_shown(name: str, value: float) -> float:
    return round(value * 100, 4) if name in SHARES else value


def _from_shown(name: str, value: float) -> float:
    return value / 100 if name in SHARES else value


def _find(tx: sa.Connection, site: Site) -> Rule:
    """Return the rule that is named by its kind, with its usual parameters if it was never set."""
    name = request.args.get("name", "")
    if name not in set(EFFECTS):
        abort(404)
    kind = RuleKind(name)
    found = rules.find_rule(tx, site.id, name)
    return found or Rule(0, site.id, name, kind, EFFECTS[kind], Mode.OFF, 0, DEFAULTS[kind])
