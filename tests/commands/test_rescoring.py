"""A report is the same to the byte however often it was interrupted, wherever it was made."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from moderation.commands import main, rescoring
from moderation.storage import archive
from moderation.storage.schema import comments
from tests.cluster import ROOT, DaskCluster, dask_cluster
from tests.conftest import SECRET
from tests.factories import FakeScorer, a_submission
from training import corpus_reader

BATCHES = 5


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a few batches."""
    path = tmp_path_factory.mktemp("archive") / "archive.jsonl"
    rows = list(corpus_reader.rows())
    with path.open("w", encoding="utf-8") as file:
        for number in range(BATCHES * archive.BATCH - 100):
            file.write(json.dumps({"id": number, "text": rows[number % len(rows)]["text"]}) + "\n")
    return path


@pytest.fixture(scope="module")
def whole(large: Path) -> bytes:
    """The report of a run that nothing interrupted."""
    report = large.with_name("whole.jsonl")
    result = run(str(large), "--output", str(report))
    assert result.exit_code == 0, result.output
    return report.read_bytes()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["rescore", *words])


def started(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "moderation", "rescore", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def wait_for_a_batch(report: Path, process: subprocess.Popen[bytes]) -> None:
    state = report.with_name(report.name + ".state")
    while process.poll() is None:
        if state.exists() and json.loads(state.read_text("utf-8"))["rows"]:
            return
        Event().wait(0.005)
    raise AssertionError("the command ended before it could be interrupted")


def test_a_killed_run_goes_on_to_the_same_bytes(large: Path, whole: bytes, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    process = started(str(large), "--output", str(report))
    wait_for_a_batch(report, process)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not report.exists()

    again = run(str(large), "--output", str(report))

    assert again.exit_code == 0, again.output
    assert report.read_bytes() == whole
    assert sum(int(line.split("\t")[1]) for line in again.stdout.splitlines()) == len(
        whole.splitlines()
    )


def test_two_processes_give_the_same_bytes_though_one_is_killed(
    large: Path, whole: bytes, cluster: DaskCluster, tmp_path: Path
) -> None:
    report = tmp_path / "report.jsonl"
    process = started(str(large), "--output", str(report), "--scheduler", cluster.address)
    wait_for_a_batch(report, process)
    cluster.kill_a_worker()

    assert process.wait() == 0
    assert report.read_bytes() == whole


def test_a_begun_report_is_not_gone_on_with_for_another_model(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.jsonl"
    process = started(str(large), "--output", str(report))
    wait_for_a_batch(report, process)
    process.kill()
    process.wait()
    monkeypatch.setattr(rescoring, "load_champion", lambda _folder: FakeScorer())

    refused = run(str(large), "--output", str(report))

    assert refused.exit_code == 1
    assert "begun for another archive or model" in refused.output


def test_stored_comments_are_scored_into_a_report_and_stay_as_they_are(
    client: FlaskClient,
    headers: dict[str, str],
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number, text in enumerate(("slot gacor", "Beritanya lengkap.", "akan dihapus")):
        sent = a_submission(text, comment_id=f"c-{number}")
        assert client.post("/v1/comments", json=sent, headers=headers).status_code == 201
    engine = sa.create_engine(database_url)
    with engine.begin() as tx:
        tx.execute(
            sa.update(comments)
            .where(comments.c.comment_id == "c-2")
            .values(text="", erased_at=sa.select(comments.c.received_at).limit(1).scalar_subquery())
        )
        before = tx.execute(sa.select(comments).order_by(comments.c.id)).all()
    monkeypatch.setenv("MODERATION_DATABASE_URL", database_url)
    monkeypatch.setenv("MODERATION_SECRET_KEY", SECRET)
    stricter = FakeScorer(version="fake-2", words={})
    monkeypatch.setattr(rescoring, "load_champion", lambda _folder: stricter)
    monkeypatch.setattr("moderation.storage.archived_comments.BATCH", 1)

    result = run("--database", "--output", str(tmp_path / "report.jsonl"))

    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_bytes().splitlines()]
    lines.sort(key=lambda line: str(line["comment_id"]))  # they came in within one millisecond
    assert [(line["site"], line["comment_id"]) for line in lines] == [
        ("kabar", "c-0"),
        ("kabar", "c-1"),
    ]
    assert lines[0]["before"] == {"verdict": "reject", "model_version": "fake-1"}
    assert lines[0]["verdict"] == "approve"
    with engine.connect() as tx:
        assert tx.execute(sa.select(comments).order_by(comments.c.id)).all() == before
    engine.dispose()


def test_a_row_that_cannot_be_read_shows_in_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "load_champion", lambda _folder: FakeScorer())
    path = tmp_path / "archive.jsonl"
    path.write_text('{"text": "baik"}\nini bukan JSON\n', encoding="utf-8")

    result = run(str(path), "--output", str(tmp_path / "report.jsonl"))

    assert result.exit_code == 1
    assert result.stdout == "approve\t1\nerror\t1\n"


def test_an_archive_must_be_named_once(tmp_path: Path) -> None:
    report = str(tmp_path / "report.jsonl")

    assert run("--output", report).exit_code == 2
    assert run("a.jsonl", "--database", "--output", report).exit_code == 2
