from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moderation.commands import main
from moderation.settings import Settings
from moderation.storage.sites import Site


@pytest.fixture
def run(settings: Settings, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    monkeypatch.setenv("MODERATION_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("MODERATION_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MODERATION_MODELS_DIR", str(tmp_path))

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["rules", *words, "--site", site.name])

    return run


def test_a_file_becomes_a_list_that_is_shown_exported_switched_and_undone(
    run: object, tmp_path: Path
) -> None:
    assert callable(run)
    file = tmp_path / "judi.csv"
    file.write_text("entry\nbandar bola\ntogel\n", encoding="utf-8")
    options = ["--kind", "words", "--effect", "hold"]

    tried = run("import", "judi", str(file), *options, "--dry-run")
    assert "0 of the last 0 comments match" in tried.output
    made = run("import", "judi", str(file), *options)
    assert "judi has 2 entries and is observe, version 1" in made.output
    assert run("export", "judi").output.split() == ["entry", "bandar", "bola", "togel"]
    assert "judi is now on, version 2" in run("mode", "judi", "on").output
    assert "judi is now observe, version 3" in run("undo", "judi").output
    assert "judi\twords\thold\tobserve\tv3\t2 entries" in run("list").output


def test_a_rule_is_set_with_parameters(run: object) -> None:
    assert callable(run)

    assert "version 1" in run("set", "first_comments", "approved=3", "--mode", "on").output
    assert "first_comments\thold\ton\tv1\tapproved=3" in run("list").output
    assert run("set", "first_comments", "approved=x").exit_code == 2


def test_an_unknown_name_is_said_in_one_line(run: object) -> None:
    assert callable(run)

    for words in (("export", "nowhere"), ("undo", "nowhere")):
        result = run(*words)
        assert result.exit_code == 1
        assert "no rule has the name 'nowhere'" in result.output
