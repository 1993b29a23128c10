import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moderation.commands import main
from moderation.services import access
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import digest_key


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "MODERATION_SECRET_KEY_FILE": str(tmp_path / "var" / "secret-key"),
        "MODERATION_DEMO": "1",
        "MODERATION_DEMO_KEY_FILE": str(tmp_path / "var" / "demo-key"),
        "MODERATION_DATABASE_URL": f"sqlite:///{tmp_path / 'var' / 'moderation.db'}",
        "PORT": "8123",
    }


def init(environ: dict[str, str]) -> Result:
    result = CliRunner().invoke(main, ["init"], env=environ)
    assert result.exit_code == 0, result.output
    return result


def test_a_first_start_makes_everything_and_shows_the_secrets_once(
    environ: dict[str, str],
) -> None:
    output = init(environ).output

    key = re.search(r"API key +(mb_\S+)", output)
    password = re.search(r"Password +(\S+)", output)
    assert key is not None
    assert password is not None
    database = Database(environ["MODERATION_DATABASE_URL"])
    with database.reading() as tx:
        found = sites.find_key(tx, digest_key(key[1]))
        person = access.check_password(tx, "redaksi", password[1])
    database.close()
    assert found is not None
    assert len(found.scopes) == 3
    assert person is not None


def test_a_second_start_keeps_everything_and_shows_no_secret(environ: dict[str, str]) -> None:
    init(environ)
    secret = Path(environ["MODERATION_SECRET_KEY_FILE"]).read_text(encoding="utf-8")

    output = init(environ).output

    assert "Password" not in output
    assert "API key" not in output
    assert Path(environ["MODERATION_SECRET_KEY_FILE"]).read_text(encoding="utf-8") == secret


def test_both_starts_say_where_everything_is_and_how_to_try_it(environ: dict[str, str]) -> None:
    for output in (init(environ).output, init(environ).output):
        for path in ("/console", "/demo", "/docs", "/v1/comments"):
            assert f"http://127.0.0.1:8123{path}" in output
        assert "curl" in output
        assert "Authorization: Bearer " in output


def test_secrets_can_be_read_by_their_owner_only(environ: dict[str, str]) -> None:
    init(environ)

    for name in ("SECRET_KEY_FILE", "DEMO_KEY_FILE"):
        mode = Path(environ[f"MODERATION_{name}"]).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


def test_a_wrong_setting_is_reported_without_a_trace(environ: dict[str, str]) -> None:
    result = CliRunner().invoke(main, ["init"], env={**environ, "MODERATION_DEMO": "maybe"})

    assert result.exit_code == 1
    assert "MODERATION_DEMO: use 1 or 0" in result.output
    assert "Traceback" not in result.output


def test_migrating_by_hand_works_on_an_empty_database(environ: dict[str, str]) -> None:
    init(environ)

    result = CliRunner().invoke(main, ["migrate"], env=environ)

    assert result.exit_code == 0
    assert "up to date" in result.output
