import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from moderation.errors import CopyError
from moderation.services.auditing import find_tampering
from moderation.storage import audit, copies, fingerprints, sites
from moderation.storage.engine import Database
from moderation.storage.fingerprints import Fingerprints
from moderation.storage.schema import comments
from tests.factories import MONDAY, a_submission


@pytest.fixture
def filled(client: FlaskClient, headers: dict[str, str], database: Database) -> Database:
    for number, text in enumerate(["Bagus “sekali” 🙂", "dasar goblok", "gacor"]):
        submit(client, headers, f"c-{number}", text)
    with database.writing() as tx:
        audit.record(tx, at=MONDAY, actor="sari", act="x", subject="y", detail={"n": [1.5]})
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/target.db")
    else:
        database = Database(request.getfixturevalue("empty_postgresql"))
    yield database
    database.close()


def submit(client: FlaskClient, headers: dict[str, str], comment_id: str, text: str) -> None:
    sent = a_submission(text, comment_id=comment_id)
    assert client.post("/v1/comments", json=sent, headers=headers).status_code == 201


def read(database: Database) -> Fingerprints:
    with database.reading() as tx:
        return fingerprints.take(tx)


def test_a_backup_brings_back_what_was_there(filled: Database, tmp_path: Path) -> None:
    before = read(filled)

    assert copies.back_up(filled, tmp_path / "copy") == before
    with filled.writing() as tx:
        tx.execute(sa.update(comments).values(text="diubah"))
        sites.add_site(tx, "warta", now=MONDAY)
    assert read(filled) != before
    copies.restore(filled, tmp_path / "copy", overwrite=True)

    assert read(filled) == before
    with filled.reading() as tx:
        assert list(find_tampering(tx)) == []


def test_after_a_restore_new_rows_are_numbered_on(filled: Database, tmp_path: Path) -> None:
    copies.back_up(filled, tmp_path / "copy")
    copies.restore(filled, tmp_path / "copy", overwrite=True)

    with filled.writing() as tx:
        assert sites.add_site(tx, "warta", now=MONDAY).id == 2


def test_a_backup_taken_while_comments_come_in_is_whole(
    app: Flask, headers: dict[str, str], filled: Database, tmp_path: Path
) -> None:
    ends = threading.Event()
    sent: list[int] = []

    def keep_submitting() -> None:
        client = app.test_client()
        while not ends.is_set():
            submit(client, headers, f"n-{len(sent)}", "Beritanya bagus")
            sent.append(1)

    writer = threading.Thread(target=keep_submitting)
    writer.start()
    taken = [copies.back_up(filled, tmp_path / f"copy-{number}") for number in range(5)]
    ends.set()
    writer.join(30)
    copies.restore(filled, tmp_path / "copy-4", overwrite=True)

    assert read(filled) == taken[4]
    assert taken[0].tables["comments"].rows <= taken[4].tables["comments"].rows
    assert len(sent) > 0


def test_a_damaged_copy_is_refused_and_changes_nothing(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    copies.back_up(filled, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    before = read(filled)

    with pytest.raises(CopyError):
        copies.restore(filled, path, overwrite=True)

    assert read(filled) == before


def test_nothing_is_overwritten_unasked(filled: Database, tmp_path: Path) -> None:
    copies.back_up(filled, tmp_path / "copy")

    with pytest.raises(CopyError, match="not empty"):
        copies.restore(filled, tmp_path / "copy", overwrite=False)
    with pytest.raises(CopyError, match="exists"):
        copies.back_up(filled, tmp_path / "copy")
    with pytest.raises(CopyError, match="must both be there"):
        copies.restore(filled, tmp_path / "other", overwrite=True)


def test_everything_moves_to_another_database(filled: Database, target: Database) -> None:
    copies.copy_to(filled, target)

    assert read(target) == read(filled)
    with target.writing() as tx:
        assert list(find_tampering(tx)) == []
        assert sites.add_site(tx, "warta", now=MONDAY).id == 2
        audit.record(tx, at=MONDAY, actor="sari", act="x", subject="y")
        assert list(find_tampering(tx)) == []


def test_a_target_that_holds_something_is_refused(filled: Database, target: Database) -> None:
    copies.copy_to(filled, target)

    with pytest.raises(CopyError, match="already holds"):
        copies.copy_to(filled, target)


def test_a_difference_is_named(filled: Database) -> None:
    before = read(filled)
    with filled.writing() as tx:
        tx.execute(sa.update(comments).where(comments.c.comment_id == "c-1").values(text="x"))

    assert before.differences(read(filled)) == ["comments: 3 rows against 3, or other content"]
    assert Fingerprints.from_json(before.to_json()) == before
