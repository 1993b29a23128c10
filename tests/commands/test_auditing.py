import sqlalchemy as sa
from click.testing import CliRunner, Result

from moderation.commands import main
from moderation.settings import Settings
from moderation.storage import audit
from moderation.storage.engine import Database
from moderation.storage.schema import audit_log
from tests.conftest import SECRET
from tests.factories import MONDAY


def verify(settings: Settings, *words: str) -> Result:
    environ = {
        "MODERATION_SECRET_KEY": SECRET,
        "MODERATION_DATABASE_URL": settings.database_url,
    }
    return CliRunner().invoke(main, ["verify-audit", *words], env=environ)


def write_two(database: Database) -> str:
    with database.writing() as tx:
        for actor in ("sari", "tono"):
            audit.record(tx, at=MONDAY, actor=actor, act="comment.approve", subject="c")
        return audit.read_head(tx).hash


def test_a_whole_log_is_confirmed_with_the_hash_of_its_end(
    settings: Settings, database: Database
) -> None:
    last = write_two(database)

    answer = verify(settings)

    assert answer.exit_code == 0
    assert answer.output == f"2 rows, nothing was changed\n{last}\n"
    assert verify(settings, "--expect", last).exit_code == 0


def test_an_edited_row_is_named_and_fails_the_command(
    settings: Settings, database: Database
) -> None:
    write_two(database)
    with database.writing() as tx:
        tx.execute(sa.update(audit_log).where(audit_log.c.id == 1).values(actor="budi"))

    answer = verify(settings)

    assert answer.exit_code == 1
    assert "row 1 was edited" in answer.output


def test_a_chain_written_anew_lacks_the_hash_kept_elsewhere(
    settings: Settings, database: Database
) -> None:
    write_two(database)

    answer = verify(settings, "--expect", "f" * 64)

    assert answer.exit_code == 1
    assert "written anew" in answer.output
