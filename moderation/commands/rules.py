"""Look after a site's rules and lists from the command line."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa

from moderation.classifier.absent import AbsentScorer
from moderation.classifier.artifact import load_champion
from moderation.commands.opening import open_database
from moderation.domain.rules import LIST_KINDS, Effect, Mode, RuleKind
from moderation.domain.scorer import Scorer
from moderation.errors import ArtefactError, NotFoundError
from moderation.services import list_trials, lists, rule_changes
from moderation.services.rule_changes import ListDraft
from moderation.settings import Settings
from moderation.storage import rule_hits, sites
from moderation.storage import rules as stored_rules
from moderation.storage.identity import Pseudonyms
from moderation.storage.rule_hits import HitCount
from moderation.storage.sites import Site

_OPERATOR = "command line"
_SWITCHED = [kind.value for kind in RuleKind if kind not in LIST_KINDS]

site_option = click.option("--site", "site_name", required=True, help="The site's name.")
mode_option = click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.OBSERVE.value,
    show_default=True,
)


@click.group("rules")
def rules() -> None:
    """The newsroom's own rules and lists; docs/rules.md explains them."""


@rules.command("list")
@site_option
def list_rules(site_name: str) -> None:
    """Show every rule, and what its present version did or would have done."""
    with open_database() as database, database.reading() as tx:
        site = _find_site(tx, site_name)
        found = stored_rules.list_rules(tx, site.id)
        entries = stored_rules.count_entries(tx, [rule.id for rule in found])
        counts = rule_hits.count(tx, site.id)
    for rule in found:
        count = counts.get(rule.id, HitCount())
        asked = " ".join(f"{name}={value:g}" for name, value in rule.parameters.items())
        size = f"{entries.get(rule.id, 0)} entries" if rule.kind in LIST_KINDS else asked
        click.echo(
            f"{rule.name}\t{rule.kind}\t{rule.effect}\t{rule.mode}\tv{rule.version}\t{size}"
            f"\tmatched {count.matched}\tchanged {count.changed}"
        )


@rules.command("set")
@click.argument("kind", type=click.Choice(_SWITCHED))
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]…")
@site_option
@mode_option
def set_rule(kind: str, parameters: tuple[str, ...], site_name: str, mode: str) -> None:
    """Switch a rule, and set its parameters."""
    settled = {name: _as_number(name, value) for name, _, value in _parted(parameters)}
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        site = _find_site(tx, site_name)
        rule = rule_changes.set_rule(
            tx, site.id, RuleKind(kind), Mode(mode), settled, by=_OPERATOR, now=now
        )
    click.echo(f"{rule.name} is now {rule.mode}, version {rule.version}.")


@rules.command("import")
@click.argument("name")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@site_option
@click.option("--kind", type=click.Choice([str(kind) for kind in LIST_KINDS]), required=True)
@click.option("--effect", type=click.Choice(["reject", "hold", "allow"]), required=True)
@mode_option
@click.option("--dry-run", is_flag=True, help="Only say what it would have done so far.")
def import_list(
    name: str, path: Path, site_name: str, kind: str, effect: str, mode: str, dry_run: bool
) -> None:
    """Give a list the entries of a CSV file or of the lines of a text file."""
    settings, now = Settings.from_environ(os.environ), datetime.now(UTC)
    lines = lists.from_csv(path.read_text(encoding="utf-8"))
    scorer = _load_scorer(settings)
    entries = lists.read_entries(RuleKind(kind), lines, scorer, Pseudonyms(settings.secret_key))
    draft = ListDraft(name, RuleKind(kind), Effect(effect), Mode(mode), entries)
    with open_database(settings) as database:
        if dry_run:
            with database.reading() as tx:
                seen = list_trials.dry_run(tx, scorer, _find_site(tx, site_name).id, draft)
            click.echo(f"{seen.matched} of the last {seen.comments} comments match.")
            for (was, would), count in seen.would_change.items():
                click.echo(f"{was} -> {would}: {count}")
            return
        with database.writing() as tx:
            site = _find_site(tx, site_name)
            rule = rule_changes.save_list(tx, site.id, draft, by=_OPERATOR, now=now)
    click.echo(f"{name} has {len(entries)} entries and is {rule.mode}, version {rule.version}.")


@rules.command("export")
@click.argument("name")
@site_option
def export_list(name: str, site_name: str) -> None:
    """Print the entries of a list as CSV."""
    with open_database() as database, database.reading() as tx:
        rule = stored_rules.find_rule(tx, _find_site(tx, site_name).id, name)
        if rule is None:
            raise NotFoundError(f"no rule has the name {name!r}")
        click.echo(lists.to_csv(stored_rules.list_entries(tx, rule.id)), nl=False)


@rules.command("mode")
@click.argument("name")
@click.argument("mode", type=click.Choice([mode.value for mode in Mode]))
@site_option
def set_mode(name: str, mode: str, site_name: str) -> None:
    """Switch a rule or list on, off or to observing."""
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        site = _find_site(tx, site_name)
        rule = rule_changes.set_mode(tx, site.id, name, Mode(mode), by=_OPERATOR, now=now)
    click.echo(f"{name} is now {rule.mode}, version {rule.version}.")


@rules.command("undo")
@click.argument("name")
@site_option
def undo(name: str, site_name: str) -> None:
    """Take the last change of a rule or list back."""
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        site = _find_site(tx, site_name)
        rule = rule_changes.undo(tx, site.id, name, by=_OPERATOR, now=now)
    click.echo(f"{name} is now {rule.mode}, version {rule.version}.")


@rules.command("owner")
@click.argument("owner")
@site_option
def set_owner(owner: str, site_name: str) -> None:
    """Say who owns a site: sites of one owner see their campaigns together."""
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        site = _find_site(tx, site_name)
        rule_changes.set_owner(tx, site.id, owner, by=_OPERATOR, now=now)
    click.echo(f"{site_name} belongs to {owner}.")


def _find_site(tx: sa.Connection, name: str) -> Site:
    site = sites.find_site(tx, name)
    if site is None:
        raise NotFoundError(f"no site has the name {name!r}")
    return site


def _load_scorer(settings: Settings) -> Scorer:
    try:
        return load_champion(settings.models_dir)
    except ArtefactError:
        click.echo("No champion: entries are kept as they are written.", err=True)
        return AbsentScorer()


def _parted(parameters: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [parameter.partition("=") for parameter in parameters]


def _as_number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise click.BadParameter(f"{name}={value}: use NAME=NUMBER") from None
