from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from moderation.services.auditing import find_tampering
from moderation.storage import audit
from moderation.storage.engine import Database
from moderation.storage.schema import audit_head, audit_log
from tests.factories import MONDAY


def write(database: Database, number: int) -> None:
    with database.writing() as tx:
        audit.record(
            tx,
            at=MONDAY + timedelta(microseconds=number),
            actor="sari",
            act="comment.approve",
            subject=f"komentar-{number} — “kutip”\n",
            detail={"labels": ("spam",), "number": number, "share": 0.1},
        )


@pytest.fixture
def log(database: Database) -> Database:
    for number in range(1, 6):
        write(database, number)
    return database


def tampering(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(find_tampering(tx))


def tamper(database: Database, *statements: sa.Executable) -> list[str]:
    with database.writing() as tx:
        for statement in statements:
            tx.execute(statement)
    return tampering(database)


def test_an_untouched_log_is_whole(log: Database) -> None:
    assert tampering(log) == []
    with log.reading() as tx:
        assert audit.read_head(tx).length == 5


def test_an_empty_log_is_whole(database: Database) -> None:
    assert tampering(database) == []


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "tono"},
        {"act": "comment.reject"},
        {"subject": "lain"},
        {"detail": {}},
        {"at": MONDAY},
    ],
)
def test_an_edited_row_is_named(log: Database, values: dict[str, object]) -> None:
    found = tamper(log, sa.update(audit_log).where(audit_log.c.id == 3).values(**values))

    assert found == ["row 3 was edited"]


def test_an_edited_row_with_a_fitting_hash_breaks_the_chain_behind_it(log: Database) -> None:
    with log.reading() as tx:
        third = list(audit.list_entries(tx))[2]
    forged = audit.Entry(3, third.at, "tono", "x", "y", None, {}, third.previous_hash, "")

    found = tamper(
        log,
        sa.update(audit_log)
        .where(audit_log.c.id == 3)
        .values(actor="tono", act="x", subject="y", detail={}, hash=forged.expected_hash()),
    )

    assert found == ["row 4 does not follow the row before it: one of them was moved"]


def test_removed_rows_are_named(log: Database) -> None:
    found = tamper(log, sa.delete(audit_log).where(audit_log.c.id.in_([1, 3, 4])))

    assert found == ["row 1 was removed", "rows 3 to 4 were removed"]


def test_rows_cut_off_at_the_end_are_named(log: Database) -> None:
    assert tamper(log, sa.delete(audit_log).where(audit_log.c.id > 3)) == [
        "rows 4 to 5 were removed"
    ]


def test_two_rows_that_changed_places_are_named(log: Database) -> None:
    def move(old: int, new: int) -> sa.Update:
        return sa.update(audit_log).where(audit_log.c.id == old).values(id=new)

    found = tamper(log, move(2, 99), move(3, 2), move(99, 3))

    assert "row 2 was edited" in found
    assert "row 3 was edited" in found


def test_a_row_added_past_the_head_is_named(log: Database) -> None:
    with log.reading() as tx:
        last = list(audit.list_entries(tx))[-1]
    forged = audit.Entry(6, last.at, "tono", "x", "y", None, {}, last.hash, "")
    values = {"id": 6, "at": last.at, "actor": "tono", "act": "x", "subject": "y", "detail": {}}

    found = tamper(
        log,
        sa.insert(audit_log).values(**values, previous_hash=last.hash, hash=forged.expected_hash()),
    )

    assert found == ["row 6 and what follows were added without the chain"]


def test_a_head_that_names_another_hash_is_named(log: Database) -> None:
    found = tamper(log, sa.update(audit_head).values(hash="f" * 64))

    assert found == ["row 5 is not the last one written: it was edited or replaced"]


def test_writers_at_the_same_moment_make_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(database, number), range(40)))

    assert tampering(database) == []
    with database.reading() as tx:
        assert [entry.id for entry in audit.list_entries(tx)] == list(range(1, 41))


def test_an_act_that_is_rolled_back_leaves_no_row_and_no_gap(log: Database) -> None:
    with log.engine.connect() as tx:
        audit.record(tx, at=MONDAY, actor="sari", act="x", subject="y")
        tx.rollback()
    write(log, 7)

    assert tampering(log) == []
