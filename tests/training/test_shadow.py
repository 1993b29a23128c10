from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from moderation.domain.verdict import LABELS, Label, Verdict
from moderation.storage import shadow as stored
from moderation.storage.engine import Database
from moderation.storage.migrations import migrate
from moderation.storage.shadow import Answer, Pair
from tests.factories import MONDAY
from training.commands import training
from training.shadow import compare, describe


def a_pair(number: int, champion: float, challenger: float, then: Verdict) -> Pair:
    def answer(version: str, spam: float, verdict: Verdict) -> Answer:
        return Answer(version, verdict, {**dict.fromkeys(LABELS, 0.01), Label.SPAM: spam})

    return Pair(
        UUID(int=number),
        MONDAY + timedelta(minutes=number),
        answer("first", champion, Verdict.APPROVE),
        answer("second", challenger, then),
    )


PAIRS = [
    a_pair(1, 0.1, 0.1, Verdict.APPROVE),
    a_pair(2, 0.1, 0.5, Verdict.REVIEW),
    a_pair(3, 0.1, 0.9, Verdict.REJECT),
    a_pair(4, 0.1, 0.6, Verdict.REVIEW),
]


def test_the_report_counts_pairs_of_verdicts_and_names_the_furthest_apart() -> None:
    lines = list(describe(compare(PAIRS), "second", 40, 1))

    assert lines[0] == "second: 4 comments compared, 10.0% of those that came in"
    assert lines[1] == "another verdict: 3 (75.0%)"
    assert "approve   review              2    50.0%" in lines
    assert "spam          0.1000      0.5250  0.4250         3" in lines
    assert "hate          0.0100      0.0100  0.0000         0" in lines
    at = lines.index("approve -> review, the furthest apart first:")
    assert lines[at + 1 :][:1] == [f"  {UUID(int=4)}"]


def test_the_command_reads_the_service_s_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/moderation.db"
    database = Database(url)
    migrate(database.engine)
    with database.writing() as tx:
        stored.add(tx, PAIRS)
    database.close()

    shown = CliRunner().invoke(training, ["shadow", "--database", url])

    assert shown.exit_code == 0, shown.output
    assert "second: 4 comments compared" in shown.output
    assert f"  {UUID(int=3)}" in shown.output


@pytest.mark.parametrize("asked", [[], ["--challenger", "third"]])
def test_where_nothing_was_compared_the_command_says_what_to_set(
    asked: list[str], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/moderation.db"
    database = Database(url)
    migrate(database.engine)
    database.close()

    shown = CliRunner().invoke(training, ["shadow", "--database", url, *asked])

    assert shown.exit_code == 1
    assert "MODERATION_SHADOW_MODEL" in shown.output
