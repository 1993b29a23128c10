import pyotp
import pytest
from click.testing import CliRunner, Result

from moderation.commands import main
from moderation.services import access, second_factor
from moderation.settings import Settings
from moderation.storage import users
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.users import Role
from tests.conftest import SECRET
from tests.factories import MONDAY


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return {
        "MODERATION_SECRET_KEY": SECRET,
        "MODERATION_DATABASE_URL": settings.database_url,
    }


def run(environ: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, list(words), env=environ)


def test_a_new_moderator_logs_in_with_the_printed_password(
    environ: dict[str, str], database: Database
) -> None:
    password = run(environ, "user", "add", "sari", "--name", "Sari").output.strip()

    with database.reading() as tx:
        person = access.check_password(tx, "sari", password)
        stranger = access.check_password(tx, "sari", "kata sandi lain")
        nobody = access.check_password(tx, "joko", password)
    assert person is not None
    assert (person.display_name, person.role) == ("Sari", Role.MODERATOR)
    assert stranger is None
    assert nobody is None


def test_a_taken_name_is_refused(environ: dict[str, str]) -> None:
    run(environ, "user", "add", "sari")

    result = run(environ, "user", "add", "sari")

    assert result.exit_code == 1
    assert "is taken" in result.output


def test_a_short_password_is_refused(environ: dict[str, str]) -> None:
    result = run(environ, "user", "add", "sari", "--password", "pendek")

    assert result.exit_code == 1
    assert "at least 12 characters" in result.output


def test_a_new_password_ends_the_old_one_and_its_sessions(
    environ: dict[str, str], database: Database
) -> None:
    old = run(environ, "user", "add", "sari").output.strip()
    with database.reading() as tx:
        before = access.check_password(tx, "sari", old)

    new = run(environ, "user", "password", "sari").output.strip()

    with database.reading() as tx:
        after = access.check_password(tx, "sari", new)
        refused = access.check_password(tx, "sari", old)
    assert before is not None
    assert after is not None
    assert after.session_stamp != before.session_stamp
    assert refused is None


def test_a_password_for_nobody_says_so(environ: dict[str, str]) -> None:
    assert "nobody has the user name" in run(environ, "user", "password", "joko").output


def test_a_locked_out_administrator_is_let_back_in(
    environ: dict[str, str], database: Database
) -> None:
    run(environ, "user", "add", "bos", "--role", "admin")
    assert "has no second factor" in run(environ, "user", "reset-second-factor", "bos").output
    with database.writing() as tx:
        person = users.find_by_name(tx, "bos")
        assert person is not None
        ours = Pseudonyms(SECRET)
        begun = second_factor.begin(tx, person, pseudonyms=ours, now=MONDAY)
        code = pyotp.TOTP(begun.secret).at(MONDAY)
        second_factor.confirm(tx, person, code, pseudonyms=ours, now=MONDAY)

    result = run(environ, "user", "reset-second-factor", "bos")

    assert result.exit_code == 0
    with database.reading() as tx:
        assert not second_factor.is_on(tx, person.id)
    assert "nobody has the user name" in run(environ, "user", "reset-second-factor", "x").output
