from pathlib import Path

from click.testing import CliRunner, Result

from moderation.commands import main
from moderation.settings import Settings
from moderation.storage.sites import Site
from tests.conftest import SECRET


def run(settings: Settings, *words: str) -> Result:
    environ = {
        "MODERATION_SECRET_KEY": SECRET,
        "MODERATION_DATABASE_URL": settings.database_url,
    }
    return CliRunner().invoke(main, list(words), env=environ)


def test_a_copy_is_made_put_back_and_told_of(
    settings: Settings, site: Site, tmp_path: Path
) -> None:
    path = str(tmp_path / "copy")

    made = run(settings, "backup", path)
    refused = run(settings, "restore", path)
    restored = run(settings, "restore", path, "--overwrite")

    assert made.exit_code == 0, made.output
    assert "sites\t1\t" in made.output
    assert (refused.exit_code, "not empty" in refused.output) == (1, True)
    assert restored.output == made.output


def test_a_database_is_copied_to_another(settings: Settings, site: Site, tmp_path: Path) -> None:
    copied = run(settings, "copy-database", "--to", f"sqlite:///{tmp_path}/other.db")

    assert copied.exit_code == 0, copied.output
    assert "sites\t1\t" in copied.output
