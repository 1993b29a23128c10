import pytest
import sqlalchemy as sa

from moderation.storage import sites
from moderation.storage.engine import Database
from tests.factories import MONDAY


def test_what_was_written_before_a_failure_is_gone(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as tx:
            sites.add_site(tx, "kabar", now=MONDAY)
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        write_and_fail()

    with database.reading() as tx:
        assert sites.list_sites(tx) == []


def test_a_reading_transaction_keeps_nothing(database: Database) -> None:
    with database.reading() as tx:
        sites.add_site(tx, "kabar", now=MONDAY)

    with database.reading() as tx:
        assert sites.list_sites(tx) == []


def test_a_writer_takes_the_lock_before_it_reads(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        return
    with database.writing():
        other = sa.create_engine(database.engine.url, connect_args={"timeout": 0})
        with pytest.raises(sa.exc.OperationalError, match="locked"), other.connect() as second:
            second.exec_driver_sql("BEGIN IMMEDIATE")
        other.dispose()


def test_building_a_database_opens_no_connection() -> None:
    database = Database("sqlite:////nowhere/at/all.db")

    with pytest.raises(sa.exc.OperationalError), database.reading() as tx:
        tx.execute(sa.select(1))


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(database: Database) -> None:
    with database.reading() as tx:
        before = sites.list_sites(tx)
        with database.writing() as other:
            sites.add_site(other, "kabar", now=MONDAY)

        assert sites.list_sites(tx) == before == []
    with database.reading() as tx:
        assert [site.name for site in sites.list_sites(tx)] == ["kabar"]
