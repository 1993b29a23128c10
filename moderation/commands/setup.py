"""First start: secrets, database, a first key and a first person; and migrations."""

import os
import secrets
import shlex
from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa

from moderation.commands.opening import open_database
from moderation.services import access
from moderation.settings import PREFIX, Settings
from moderation.storage import sites, users
from moderation.storage.identity import digest_key
from moderation.storage.migrations import migrate
from moderation.storage.sites import NATIVE_SCOPES, Scope
from moderation.storage.users import Role

FIRST_SITE = "kabar-priangan"
FIRST_USER = "redaksi"

_EXAMPLE = (
    '{"comment_id": "contoh-1", "text": "Beritanya bagus. Mampir ke 𝐌𝐀𝐖𝐀𝐑𝟖𝟖, '
    '𝐒𝐋𝐎𝐓 𝐆𝐀𝐂𝐎𝐑 malam ini, pasti 𝐌𝐀𝐗𝐖𝐈𝐍!", '
    '"article": {"title": "Perundingan gencatan senjata dilanjutkan", "section": "Dunia"}}'
)


@click.command("migrate")
def migrate_database() -> None:
    """Bring the database to the schema this version needs."""
    with open_database() as database:
        migrate(database.engine)
    click.echo("The database is up to date.")


@click.command()
@click.option("--port", envvar="PORT", default=8000, help="Where the server will listen.")
def init(port: int) -> None:
    """Prepare everything for a first start, and say how to go on.

    Missing secret files named by MODERATION_…_FILE are made; the database is migrated; when
    it is empty, a first site, API key and moderator are made and shown once. Run again, it
    changes nothing.
    """
    for name in ("SECRET_KEY_FILE", "DEMO_KEY_FILE"):
        _make_secret_file(os.environ.get(PREFIX + name))
    settings = Settings.from_environ(os.environ)
    _make_folder(settings.database_url)
    now = datetime.now(UTC)
    with open_database(settings) as database:
        migrate(database.engine)
        with database.writing() as tx:
            key = _make_first_key(tx, now)
            password = _make_first_user(tx, now)
            if settings.demo:
                _register_demo_key(tx, settings.demo_key, now)
    _welcome(settings, f"http://127.0.0.1:{port}", key, password)


def _make_secret_file(path: str | None) -> None:
    if path is None or Path(path).exists():
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("mb_" + secrets.token_urlsafe(48) + "\n")


def _make_folder(database_url: str) -> None:
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _make_first_key(tx: sa.Connection, now: datetime) -> str | None:
    if sites.list_sites(tx):
        return None
    site = sites.add_site(tx, FIRST_SITE, now=now)
    return access.issue_key(tx, site, NATIVE_SCOPES, note="first key", now=now)


def _make_first_user(tx: sa.Connection, now: datetime) -> str | None:
    if not users.is_empty(tx):
        return None
    password = secrets.token_urlsafe(12)
    access.add_user(
        tx,
        username=FIRST_USER,
        display_name="Redaksi",
        password=password,
        role=Role.ADMIN,
        now=now,
    )
    return password


def _register_demo_key(tx: sa.Connection, key: str, now: datetime) -> None:
    """Let the demo article, which plays a site's CMS, speak for the first site."""
    if sites.find_key(tx, digest_key(key)) is None:
        site = sites.list_sites(tx)[0]
        sites.add_key(tx, site, key, [Scope.SUBMIT], note="demo article", now=now)


def _welcome(settings: Settings, url: str, key: str | None, password: str | None) -> None:
    click.echo(f"\nModerasi Balasan\n  Console       {url}/console")
    if settings.demo:
        click.echo(f"  Demo article  {url}/demo")
    click.echo(f"  API document  {url}/docs\n")
    if password is not None:
        click.echo(f"  User          {FIRST_USER}\n  Password      {password}   (shown only now)")
    if key is not None:
        click.echo(f"  API key       {key}   (shown only now)\n")
    bearer = key if key is not None else _demo_key_in_shell(settings)
    if bearer is not None:
        click.echo(
            "  Try it:\n"
            f"  curl -sS -w '\\n%{{http_code}}\\n' {url}/v1/comments "
            f'-H "Authorization: Bearer {bearer}" -H "Content-Type: application/json" '
            f"-d {shlex.quote(_EXAMPLE)}\n"
        )


def _demo_key_in_shell(settings: Settings) -> str | None:
    path = os.environ.get(f"{PREFIX}DEMO_KEY_FILE")
    return f"$(cat {shlex.quote(str(Path(path).resolve()))})" if settings.demo and path else None
