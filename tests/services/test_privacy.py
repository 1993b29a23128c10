from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from moderation.services import privacy
from moderation.services.auditing import find_tampering
from moderation.services.privacy import Retention
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.personal import Writer
from moderation.storage.schema import comments, decisions, queue_items
from moderation.storage.sites import Site
from tests.conftest import SECRET
from tests.factories import MONDAY, FakeClock, a_submission

INSULT = "Kamu goblok sekali, dasar gembrotan"
BUDI = {"id": "u-3", "name": "Budi", "email": "budi@surat.example", "ip": "192.0.2.7"}
SARI = {"id": "u-4", "name": "Sari", "email": "sari@surat.example", "ip": "192.0.2.8"}

Submit = Callable[..., dict[str, Any]]


@pytest.fixture
def submit(client: FlaskClient, headers: dict[str, str]) -> Submit:
    def submit(comment_id: str, text: str, **fields: Any) -> dict[str, Any]:
        sent = a_submission(text, comment_id=comment_id, **fields)
        body: dict[str, Any] = client.post("/v1/comments", json=sent, headers=headers).get_json()
        return body

    return submit


@pytest.fixture
def conversation(submit: Submit, client: FlaskClient, headers: dict[str, str]) -> None:
    """Budi insults, Sari answers him; a moderator rejects Budi's and quotes him in the note."""
    submit("c-1", INSULT, author=BUDI)
    submit("c-2", "Jaga bicaramu.", author=SARI, parent={"comment_id": "c-1", "text": INSULT})
    item = client.post("/v1/queue/claim", json={"moderator": "tono"}, headers=headers).get_json()[
        "items"
    ][0]
    client.post(
        f"/v1/queue/{item['id']}/decision",
        json={
            "decision": "reject",
            "labels": ["abuse"],
            "note": "ia menulis gembrotan",
            "version": item["version"],
        },
        headers=headers,
    )


def erase(database: Database, writer: Writer) -> int:
    with database.writing() as tx:
        return privacy.erase_author(tx, writer, actor="tests", now=MONDAY)


def rows(database: Database, table: sa.Table) -> list[Any]:
    with database.reading() as tx:
        return list(tx.execute(sa.select(table).order_by(table.c.id)))


@pytest.mark.usefixtures("conversation")
@pytest.mark.parametrize("by", ["author", "email"])
def test_of_an_erased_writer_no_word_and_no_name_is_left(
    database: Database, site: Site, by: str
) -> None:
    email_hash = Pseudonyms(SECRET).email(" BUDI@surat.example")
    writer = Writer(site.id, author_id="u-3") if by == "author" else Writer(email_hash=email_hash)

    assert erase(database, writer) == 1

    everything = repr([rows(database, table) for table in (comments, decisions, queue_items)])
    for word in ("goblok", "gembrotan", "Budi", "u-3", email_hash, "192.0.2.7"):
        assert word not in everything
    assert "Jaga bicaramu." in everything
    assert "Sari" in everything


@pytest.mark.usefixtures("conversation")
def test_verdict_scores_and_decision_of_an_erased_comment_stay(
    database: Database, site: Site, client: FlaskClient, headers: dict[str, str]
) -> None:
    erase(database, Writer(site.id, author_id="u-3"))

    found = client.get("/v1/comments?comment_id=c-1", headers=headers).get_json()
    assert found["verdict"] == "review"
    assert found["scores"]["abuse"] == 0.5
    assert [reason["label"] for reason in found["reasons"]] == ["abuse"]
    assert found["decision"]["decision"] == "reject"
    assert found["decision"]["decided_by"] == "tono"
    page = client.get("/v1/decisions", headers=headers).get_json()
    assert [decided["comment_id"] for decided in page["decisions"]] == ["c-1"]
    with database.reading() as tx:
        assert list(find_tampering(tx)) == []
    erased = {row.comment_id: row.erased_at for row in rows(database, comments)}
    assert erased == {"c-1": MONDAY, "c-2": None}


def test_a_comment_erased_while_it_waits_leaves_the_queue(
    database: Database, site: Site, submit: Submit, client: FlaskClient, headers: dict[str, str]
) -> None:
    submit("c-1", INSULT, author=BUDI)

    erase(database, Writer(site.id, author_id="u-3"))

    assert client.get("/v1/queue", headers=headers).get_json()["items"] == []


def test_a_late_repeat_does_not_bring_an_erased_text_back(
    database: Database, site: Site, submit: Submit
) -> None:
    first = submit("c-1", INSULT, author=BUDI)
    erase(database, Writer(site.id, author_id="u-3"))

    again = submit("c-1", INSULT, author=BUDI)

    assert again["id"] == first["id"]
    assert "goblok" not in repr(again)
    assert "goblok" not in repr(rows(database, comments))


def test_another_site_s_author_with_the_same_id_is_not_touched(
    database: Database, submit: Submit
) -> None:
    submit("c-1", INSULT, author=BUDI)
    with database.writing() as tx:
        other = sites.add_site(tx, "warta", now=MONDAY)

    assert erase(database, Writer(other.id, author_id="u-3")) == 0
    assert "goblok" in repr(rows(database, comments))


@pytest.mark.parametrize("writer", [Writer(), Writer(site_id=1), Writer(author_id="")])
def test_erasing_nobody_in_particular_is_refused(database: Database, writer: Writer) -> None:
    with pytest.raises(ValueError, match="nobody is named"):
        erase(database, writer)


@pytest.mark.usefixtures("conversation")
def test_the_export_holds_everything_of_one_writer_and_nothing_of_others(
    database: Database, site: Site
) -> None:
    with database.writing() as tx:
        found = privacy.export_author(
            tx, Writer(site.id, author_id="u-3"), actor="tests", now=MONDAY
        )

    (comment,) = found
    assert comment["text"] == INSULT
    assert comment["author"]["name"] == "Budi"
    assert comment["decision"]["note"] == "ia menulis gembrotan"
    assert comment["decided_by_a_person"] is True
    assert "Jaga bicaramu" not in repr(found)


def test_texts_and_names_go_when_their_time_is_over_except_what_waits(
    database: Database, submit: Submit, clock: FakeClock
) -> None:
    submit("lama", "Beritanya bagus sekali", author=BUDI)
    submit("menunggu", INSULT, author=SARI)
    clock.advance(days=10)
    submit("baru", "Sepakat dengan penulis", author=BUDI)

    kept = Retention(text=timedelta(days=5), author=timedelta(days=5))
    done = privacy.retain(database, kept, actor="tests", now=clock.now)

    assert done == {"text": 1, "author": 2}
    left = {row.comment_id: (row.text, row.author_name) for row in rows(database, comments)}
    assert left == {
        "lama": ("", ""),
        "menunggu": (INSULT, ""),
        "baru": ("Sepakat dengan penulis", "Budi"),
    }
    again = privacy.retain(database, kept, actor="tests", now=clock.now)
    assert again == {"text": 0, "author": 0}


def test_without_a_limit_nothing_goes(database: Database, submit: Submit, clock: FakeClock) -> None:
    submit("lama", "Beritanya bagus sekali", author=BUDI)
    clock.advance(days=10_000)

    assert privacy.retain(database, Retention(None, None), actor="tests", now=clock.now) == {}
    assert rows(database, comments)[0].author_name == "Budi"


def test_an_erased_text_is_gone_from_the_files(
    database: Database, site: Site, submit: Submit, tmp_path: Path
) -> None:
    if database.engine.dialect.name != "sqlite":
        database.scrub()  # what PostgreSQL's files hold cannot be seen from here
        return
    submit("c-1", INSULT, author=BUDI)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("moderation.db")]
    assert any(b"gembrotan" in path.read_bytes() for path in files)

    erase(database, Writer(site.id, author_id="u-3"))
    database.scrub()

    assert not any(b"gembrotan" in path.read_bytes() for path in files)
