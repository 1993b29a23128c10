from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from moderation.domain.comment import Submission
from moderation.services.intake import Intake
from moderation.storage import personal, search
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

Store = Callable[[str], UUID]


@pytest.fixture
def store(database: Database, scorer: FakeScorer, site: Site) -> Store:
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    count = 0

    def store(text: str) -> UUID:
        nonlocal count
        count += 1
        at = MONDAY + timedelta(minutes=count)
        record, _ = intake.submit(site, Submission(f"c-{count}", text), now=at)
        return record.comment.id

    return store


def find(database: Database, text: str) -> set[UUID]:
    with database.reading() as tx:
        return set(search.find(tx, text))


def index(database: Database, *, limit: int = 100) -> int:
    with database.writing() as tx:
        return search.index_more(tx, limit=limit)


@pytest.mark.parametrize(
    "text", ["jalan", "JAL", "desa jalan", "rusak-parah!", "slot88", "'); DROP", 'se"'.strip('"')]
)
def test_words_are_found_by_how_they_begin_indexed_or_not(
    database: Database, store: Store, text: str
) -> None:
    wanted = store('Jalan desa rusak parah (slot88); drop "sekali"')
    store("Harga beras naik")

    assert find(database, text) == {wanted}
    index(database)
    assert find(database, text) == {wanted}


@pytest.mark.parametrize("text", ["", "%", "alan x", "NEAR(jalan)", "jalan OR beras"])
def test_what_is_no_word_of_a_comment_finds_nothing(
    database: Database, store: Store, text: str
) -> None:
    store("Jalan desa rusak")
    index(database)

    assert find(database, text) == set()


def test_a_comment_is_found_between_being_stored_and_being_indexed(
    database: Database, store: Store
) -> None:
    first = store("jalan satu")
    index(database)
    second = store("jalan dua")

    assert find(database, "jalan") == {first, second}


@pytest.mark.parametrize("indexed", [True, False])
def test_an_erased_comment_vanishes_from_the_index(
    database: Database, store: Store, indexed: bool
) -> None:
    erased, left = store("jalan kapulaga"), store("jalan lain")
    if indexed:
        index(database)
    with database.writing() as tx:
        personal.erase_texts(tx, [erased], now=MONDAY)
    index(database)
    search.purge(database)

    assert find(database, "kapulaga") == set()
    assert find(database, "jalan") == {left}
    with database.writing() as tx:
        personal.erase_texts(tx, [erased], now=MONDAY)
    assert find(database, "jalan") == {left}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_word_of_an_erased_comment_stays_in_sqlites_index(
    database: Database, store: Store
) -> None:
    erased = store("kapulaga")
    index(database)
    assert words_of_index(database) >= {"kapulaga"}

    with database.writing() as tx:
        personal.erase_texts(tx, [erased], now=MONDAY)
    search.purge(database)

    assert b"kapulaga" not in blocks_of_index(database)


def test_indexing_goes_on_where_it_stopped_and_says_until_when(
    database: Database, store: Store
) -> None:
    for number in range(3):
        store(f"jalan {number}")

    assert [index(database, limit=2), index(database, limit=2), index(database)] == [2, 1, 0]
    with database.reading() as tx:
        assert search.indexed_until(tx) is None
    store("jalan lagi")
    with database.reading() as tx:
        assert search.indexed_until(tx) == MONDAY + timedelta(minutes=4)


def words_of_index(database: Database) -> set[str]:
    with database.writing() as tx:
        tx.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search_comments, row)"
        )
        terms = set(tx.exec_driver_sql("SELECT term FROM terms").scalars())
        tx.exec_driver_sql("DROP TABLE temp.terms")
        return terms


def blocks_of_index(database: Database) -> bytes:
    with database.reading() as tx:
        return b"".join(tx.exec_driver_sql("SELECT block FROM search_comments_data").scalars())


def test_a_common_word_gives_the_newest_comments(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = [store(f"jalan {number}") for number in range(5)]
    index(database)
    monkeypatch.setattr(search, "_MOST_RARE", 3)
    monkeypatch.setattr(search, "MOST_FOUND", 2)

    assert find(database, "jalan") == set(stored[-2:])
