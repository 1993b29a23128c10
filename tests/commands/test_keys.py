import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from moderation.commands import main
from moderation.settings import Settings
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import digest_key
from moderation.storage.sites import Scope
from tests.conftest import SECRET


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return {
        "MODERATION_SECRET_KEY": SECRET,
        "MODERATION_DATABASE_URL": settings.database_url,
    }


def run(environ: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, list(words), env=environ)


def test_a_key_is_made_for_a_site_that_is_new(environ: dict[str, str], database: Database) -> None:
    made = run(
        environ, "key", "add", "--site", "warta", "--scope", "submit", "--scope", "review"
    ).output.strip()

    with database.reading() as tx:
        found = sites.find_key(tx, digest_key(made))
    assert found is not None
    assert found.site.name == "warta"
    assert found.scopes == {Scope.SUBMIT, Scope.REVIEW}


def test_a_key_with_days_expires(environ: dict[str, str], database: Database) -> None:
    made = run(environ, "key", "add", "--site", "warta", "--days", "30").output.strip()

    with database.reading() as tx:
        found = sites.find_key(tx, digest_key(made))
    assert found is not None
    assert found.expires_at is not None
    assert 29 <= (found.expires_at - datetime.now(UTC)).days <= 30


def test_the_list_shows_no_secret(environ: dict[str, str]) -> None:
    made = run(environ, "key", "add", "--site", "warta", "--note", "WordPress").output.strip()

    listed = run(environ, "key", "list").output

    assert made not in listed
    assert made[-4:] in listed
    assert "WordPress" in listed


def test_a_revoked_key_is_listed_as_ended(environ: dict[str, str]) -> None:
    run(environ, "key", "add", "--site", "warta")

    revoked = run(environ, "key", "revoke", "1")

    assert revoked.exit_code == 0
    assert "ended" in run(environ, "key", "list").output


def test_revoking_what_does_not_live_says_so(environ: dict[str, str]) -> None:
    result = run(environ, "key", "revoke", "77")

    assert result.exit_code == 1
    assert "no living key has the id 77" in result.output


def test_an_akismet_key_has_the_form_wordpress_insists_on(
    environ: dict[str, str], database: Database
) -> None:
    made = run(environ, "key", "add", "--site", "warta", "--scope", "akismet").output.strip()

    assert re.fullmatch(r"[0-9a-f]{12}", made)
    with database.reading() as tx:
        (found,) = sites.list_keys(tx)
    assert found.scopes == {Scope.AKISMET}


def test_an_akismet_key_has_no_other_scope(environ: dict[str, str]) -> None:
    result = run(environ, "key", "add", "--site", "w", "--scope", "akismet", "--scope", "submit")

    assert result.exit_code == 1
    assert "ask for it alone" in result.output


def test_a_rotated_key_has_a_successor_and_an_end(
    environ: dict[str, str], database: Database
) -> None:
    old = run(environ, "key", "add", "--site", "warta").output.strip()
    with database.reading() as tx:
        found = sites.find_key(tx, digest_key(old))
    assert found is not None

    new = run(environ, "key", "rotate", str(found.id), "--overlap-hours", "1").output.strip()

    assert new.startswith("mb_")
    assert new != old
    listed = run(environ, "key", "list").output.splitlines()
    assert [("until" in line, "never used" in line) for line in listed] == [
        (True, True),
        (False, True),
    ]


def test_a_key_that_is_not_there_cannot_be_rotated(environ: dict[str, str]) -> None:
    assert run(environ, "key", "rotate", "99").exit_code == 1
