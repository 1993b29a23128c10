import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from moderation.commands import main, practice
from moderation.settings import Settings
from moderation.storage.engine import Database
from moderation.storage.schema import comments, decisions, users
from tests.conftest import SECRET
from tests.factories import FakeScorer

Run = Callable[..., Result]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows: list[dict[str, Any]] = [
        {"text": f"Terima kasih {number}", "labels": []} for number in range(40)
    ]
    rows += [
        {
            "text": f"goblok {number}",
            "labels": ["abuse"],
            "article": {"title": "Jalan rusak", "section": "Daerah"},
        }
        for number in range(20)
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "lines.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(practice, "load_champion", lambda _: FakeScorer())

    def run(*words: str) -> Result:
        environ = {
            "MODERATION_SECRET_KEY": SECRET,
            "MODERATION_DATABASE_URL": settings.database_url,
        }
        return CliRunner().invoke(main, ["demo", *words], env=environ)

    return run


def count(database: Database, table: sa.Table) -> int:
    with database.reading() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_week_is_made_once(run: Run, corpus: Path, database: Database) -> None:
    for _ in range(2):
        result = run("--comments", "100", "--corpus", str(corpus))
        assert "holds 100 made-up comments" in result.output

    assert count(database, comments) == 100
    assert 5 <= count(database, decisions) <= 28


def test_the_made_up_people_cannot_log_in(run: Run, corpus: Path, database: Database) -> None:
    run("--comments", "10", "--corpus", str(corpus))

    with database.reading() as tx:
        assert not any(tx.execute(sa.select(users.c.active)).scalars())


def test_every_comment_stands_under_a_story(run: Run, corpus: Path, database: Database) -> None:
    run("--comments", "30", "--corpus", str(corpus))

    with database.reading() as tx:
        titles = set(tx.execute(sa.select(comments.c.article_title)).scalars())
    assert titles == {"Jalan rusak"}


def test_a_missing_corpus_and_a_real_site_are_refused(
    run: Run, corpus: Path, tmp_path: Path, database: Database
) -> None:
    missing = run("--corpus", str(tmp_path / "nowhere"))
    real = run("--site", "kabar-priangan", "--corpus", str(corpus))

    assert (missing.exit_code, real.exit_code) == (1, 1)
    assert "holds no *.jsonl" in missing.output
    assert "not into 'kabar-priangan'" in real.output
    assert count(database, comments) == 0


def test_a_broken_line_is_named(run: Run, corpus: Path) -> None:
    (corpus / "lines.jsonl").write_text('{"text": "x", "labels": ["entah"]}', encoding="utf-8")

    assert "lines.jsonl, line 1" in run("--corpus", str(corpus)).output
