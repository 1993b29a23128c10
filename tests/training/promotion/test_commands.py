"""``compare``, ``promote``, ``rollback`` and ``history`` as somebody types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from moderation.classifier.artifact import load_champion
from moderation.domain.verdict import Label
from tests.training.promotion.versions import WORDS, make_version
from training.commands import training
from training.durable import alone
from training.promotion import commands
from training.promotion.comparing import COMPARISON, Evidence
from training.promotion.switching import LOCK

NO_ABUSE = {word: (label, 9.0) for word, (label, _) in WORDS.items() if label is not Label.ABUSE}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, evidence: Evidence) -> None:
    """The corpus of these tests in place of the project's."""
    monkeypatch.setattr(
        commands,
        "Evidence",
        lambda dataset, public: Evidence(evidence.corpus, dataset, public),
    )


def run(models: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(training, [*words, "--models", str(models)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_comparison_is_shown_and_kept_beside_the_challenger(models: Path) -> None:
    make_version(models, "worse", NO_ABUSE)

    status, output = run(models, "compare", "worse")

    assert status == 0
    assert "worse against first" in output
    assert "in training: champion unknown, challenger unknown" in output
    assert "abuse (corpus): average precision fell from 1.000" in output
    document = json.loads((models / "worse" / COMPARISON).read_text("utf-8"))
    assert document["champion"]["version"] == "first"
    corpus = document["sets"]["corpus"]
    assert corpus["rows"] == 800
    queue = corpus["queue_at_the_same_guarantee"]
    assert queue["champion"] == 0
    assert queue["challenger"] > 100


def test_a_challenger_can_be_compared_with_any_version(models: Path) -> None:
    make_version(models, "worse", NO_ABUSE)

    _, output = run(models, "compare", "second", "--against", "worse")

    assert "second against worse" in output
    assert "Nothing is worse beyond its margin." in output


def test_refusal_is_exit_status_1_and_says_which_and_why(models: Path) -> None:
    make_version(models, "worse", NO_ABUSE)

    status, output = run(models, "promote", "worse")

    assert status == 1
    assert "worse is not promoted; the champion stays" in output
    assert "- abuse (corpus): F1 fell from 1.000 to 0.000" in output
    assert load_champion(models).version == "first"


def test_promoted_forced_rolled_back_and_listed(models: Path) -> None:
    make_version(models, "worse", NO_ABUSE)

    promoted = run(models, "promote", "second", "--by", "sari", "--reason", "weekly")
    forced = run(models, "promote", "worse", "--force", "--reason", "by order", "--by", "dewi")
    returned = run(models, "rollback", "--by", "sari", "--reason", "insults get through")
    listed = run(models, "history")

    assert [status for status, _ in (promoted, forced, returned, listed)] == [0, 0, 0, 0]
    assert "second is the champion, after first" in promoted[1]
    assert "overruled: abuse (corpus)" in forced[1]
    assert "second is the champion again, after worse" in returned[1]
    lines = [line for line in listed[1].splitlines() if not line.startswith("    ")]
    assert "second promoted by sari: weekly" in lines[1]
    assert "worse promoted by dewi FORCED over" in lines[2]
    assert lines[2].endswith(": by order")
    assert lines[3].startswith("*")
    assert "second rolled back by sari: insults get through" in lines[3]
    assert "abuse average precision 1.000 -> 1.000" in listed[1]


def test_force_needs_a_reason(models: Path) -> None:
    status, output = run(models, "promote", "second", "--force", "--reason", " ")

    assert status == 2
    assert "--force needs --reason" in output


def test_a_second_promotion_at_the_same_time_ends_at_once(models: Path) -> None:
    with alone(models / LOCK, "a promotion"):
        promoted, returned = run(models, "promote", "second"), run(models, "rollback")

    assert (promoted[0], returned[0]) == (75, 75)
    assert "a promotion is running already" in promoted[1]
    assert load_champion(models).version == "first"


def test_a_version_that_is_not_there_is_named(models: Path) -> None:
    status, output = run(models, "promote", "third")

    assert status == 1
    assert "third/manifest.json is missing" in output


def test_a_models_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    status, output = run(tmp_path / "nowhere", "rollback")

    assert status == 1
    assert "nowhere" in output
