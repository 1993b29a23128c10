"""The command line: ``python -m moderation …``, for whoever runs the service."""

import click

from moderation.commands import (
    auditing,
    copies,
    coral,
    deliver,
    doctor,
    keys,
    people,
    practice,
    privacy,
    rescoring,
    rules,
    scoring,
    setup,
    webhooks,
)
from moderation.errors import ModerationError


class _Reporting(click.Group):
    """Says expected failures in one line, without a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ModerationError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Reporting)
def main() -> None:
    """Run and look after Moderasi Balasan."""


main.add_command(setup.init)
main.add_command(setup.migrate_database)
main.add_command(keys.key)
main.add_command(people.user)
main.add_command(practice.demo)
main.add_command(scoring.score)
main.add_command(rescoring.rescore_archive)
main.add_command(auditing.verify_audit)
main.add_command(copies.backup)
main.add_command(copies.restore)
main.add_command(copies.copy_database)
main.add_command(privacy.export)
main.add_command(privacy.erase)
main.add_command(privacy.retain)
main.add_command(rules.rules)
main.add_command(coral.set_secret)
main.add_command(webhooks.webhook)
main.add_command(deliver.deliver)
main.add_command(doctor.doctor)
