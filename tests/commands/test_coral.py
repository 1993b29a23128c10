import pytest
from click.testing import CliRunner

from moderation.commands import main
from moderation.settings import Settings
from moderation.storage import coral
from moderation.storage.engine import Database
from tests.conftest import SECRET


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return {
        "MODERATION_SECRET_KEY": SECRET,
        "MODERATION_DATABASE_URL": settings.database_url,
    }


def test_a_secret_is_stored_for_a_site_that_is_new(
    environ: dict[str, str], database: Database
) -> None:
    result = CliRunner().invoke(
        main, ["coral-secret", "--site", "warta"], input="a-signing-secret\n", env=environ
    )

    with database.reading() as tx:
        found = coral.find_secrets(tx, "warta")
    assert "/adapters/coral/warta" in result.output
    assert "a-signing-secret" not in result.output
    assert found is not None
    assert found[1] == ["a-signing-secret"]


def test_too_short_a_secret_is_refused(environ: dict[str, str]) -> None:
    result = CliRunner().invoke(
        main, ["coral-secret", "--site", "warta", "--secret", "short"], env=environ
    )

    assert result.exit_code == 1
