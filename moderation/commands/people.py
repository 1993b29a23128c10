"""Make accounts for the people who moderate."""

import secrets
from datetime import UTC, datetime

import click
import sqlalchemy as sa

from moderation.commands.opening import open_database
from moderation.services import access, second_factor
from moderation.storage import audit, users
from moderation.storage.users import Role

_OPERATOR = "command line"


@click.group()
def user() -> None:
    """People who moderate."""


@user.command()
@click.argument("username")
@click.option("--name", default="", help="The name others see; the user name if left out.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.MODERATOR.value,
    show_default=True,
)
@click.option("--password", help="At least 12 characters; a random one if left out.")
def add(username: str, name: str, role: str, password: str | None) -> None:
    """Give a person an account, and print the password if it was made here."""
    now = datetime.now(UTC)
    made = password or secrets.token_urlsafe(12)
    try:
        with open_database() as database, database.writing() as tx:
            access.add_user(
                tx,
                username=username,
                display_name=name or username,
                password=made,
                role=Role(role),
                now=now,
            )
            audit.record(tx, at=now, actor=_OPERATOR, act="user.add", subject=username)
    except sa.exc.IntegrityError as error:
        raise click.ClickException(f"the user name {username!r} is taken") from error
    click.echo(made if password is None else f"{username} may log in.")


@user.command("password")
@click.argument("username")
@click.option("--password", help="At least 12 characters; a random one if left out.")
def set_password(username: str, password: str | None) -> None:
    """Give a person a new password; all of their sessions end."""
    made = password or secrets.token_urlsafe(12)
    with open_database() as database, database.writing() as tx:
        person = users.find_by_name(tx, username)
        if person is None:
            raise click.ClickException(f"nobody has the user name {username!r}")
        access.change_password(tx, person, made)
        audit.record(
            tx, at=datetime.now(UTC), actor=_OPERATOR, act="user.password", subject=username
        )
    click.echo(made if password is None else f"{username} has a new password.")


@user.command("reset-second-factor")
@click.argument("username")
def reset_second_factor(username: str) -> None:
    """Let a person who lost their device log in by password alone; all of their sessions end."""
    with open_database() as database, database.writing() as tx:
        person = users.find_by_name(tx, username)
        if person is None:
            raise click.ClickException(f"nobody has the user name {username!r}")
        now = datetime.now(UTC)
        second_factor.reset_from_outside(tx, person, actor=_OPERATOR, now=now)
    click.echo(f"{username} logs in by password alone.")
