"""A challenger serves only if it is nowhere worse, or somebody says why it should all the same."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderation.classifier.artifact import MANIFEST, MODEL, load_champion
from moderation.domain.verdict import Label
from moderation.errors import ArtefactError, ModerationError
from tests.training.promotion.versions import WORDS, make_version
from training.promotion import history, promoting
from training.promotion.comparing import COMPARISON, Evidence, compare_versions
from training.promotion.history import Act
from training.promotion.promoting import RefusedError, Request, promote

NOW = datetime(2026, 11, 9, 3, 0, tzinfo=UTC)
NO_ABUSE = {word: (label, 9.0) for word, (label, _) in WORDS.items() if label is not Label.ABUSE}


def test_a_challenger_that_is_nowhere_worse_becomes_the_champion(
    models: Path, evidence: Evidence
) -> None:
    entry = promote(models, Request("second", "sari", "weekly"), evidence, now=NOW)

    assert load_champion(models).version == "second"
    assert history.entries(models)[-1] == entry
    assert (entry.act, entry.by, entry.reason) == (Act.PROMOTED, "sari", "weekly")
    assert entry.figures["corpus"]["abuse"]["average precision"] == [1, 1]


def test_one_that_lost_a_label_is_refused_and_the_label_is_named(
    models: Path, evidence: Evidence
) -> None:
    make_version(models, "worse", NO_ABUSE)

    with pytest.raises(RefusedError, match="worse is not promoted") as refusal:
        promote(models, Request("worse", "sari"), evidence, now=NOW)

    assert any(one.startswith("abuse (corpus): average precision") for one in refusal.value.worse)
    assert not any(one.startswith(("spam", "hate", "threat")) for one in refusal.value.worse)
    assert load_champion(models).version == "first"
    assert [entry.version for entry in history.entries(models)] == ["first"]


def test_a_loss_in_one_language_is_found(models: Path, evidence: Evidence) -> None:
    lines = (evidence.corpus / "lines.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for row in rows:
        if row["language"] == "su" and row["labels"] == ["spam"]:
            row["text"] = row["text"].replace("gacor", "gacorna")
    text = "\n".join(json.dumps(row) for row in rows)
    (evidence.corpus / "lines.jsonl").write_text(text, encoding="utf-8")
    make_version(models, "bilingual", {**WORDS, "gacorna": (Label.SPAM, 9.0)})
    promote(models, Request("bilingual", "sari"), evidence, now=NOW)

    with pytest.raises(RefusedError) as refusal:
        promote(models, Request("second", "sari"), evidence, now=NOW)

    assert any("(corpus, language su)" in one for one in refusal.value.worse)


def test_force_is_written_down_with_its_reason_and_what_spoke_against_it(
    models: Path, evidence: Evidence
) -> None:
    make_version(models, "worse", NO_ABUSE)
    asked = Request("worse", "sari", "the court orders it", overrule=True)

    promote(models, asked, evidence, now=NOW)

    last = history.entries(models)[-1]
    assert load_champion(models).version == "worse"
    assert last.reason == "the court orders it"
    assert any("abuse" in sentence for sentence in last.overruled)


@pytest.mark.parametrize("overrule", [False, True])
def test_a_damaged_challenger_is_refused_before_anything_else(
    models: Path, evidence: Evidence, overrule: bool
) -> None:
    (models / "second" / MODEL).write_bytes(b"not a model")

    with pytest.raises(ArtefactError, match="it is not loaded"):
        promote(models, Request("second", "sari", "because", overrule), evidence, now=NOW)

    assert load_champion(models).version == "first"
    assert not (models / "second" / COMPARISON).exists()


def test_the_champion_is_not_promoted_again(models: Path, evidence: Evidence) -> None:
    with pytest.raises(ModerationError, match="first is the champion already"):
        promote(models, Request("first", "sari"), evidence, now=NOW)


class Compared:
    """Counts comparisons, each of which takes seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        monkeypatch.setattr(promoting, "compare_versions", self)

    def __call__(self, *arguments: object, **named: object) -> object:
        self.times += 1
        return compare_versions(*arguments, **named)  # type: ignore[arg-type]


def test_a_comparison_that_is_there_is_used(
    models: Path, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare_versions(models, "second", "first", evidence, now=NOW)
    compared = Compared(monkeypatch)

    promote(models, Request("second", "sari"), evidence, now=NOW)

    assert compared.times == 0


@pytest.mark.parametrize("changed", ["challenger", "corpus", "champion", "comparison"])
def test_a_comparison_of_other_files_is_made_anew(
    models: Path, evidence: Evidence, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    compare_versions(models, "second", "first", evidence, now=NOW)
    if changed == "corpus":
        (evidence.corpus / "more.jsonl").write_text("", encoding="utf-8")
    elif changed == "comparison":
        (models / "second" / COMPARISON).write_text("{", encoding="utf-8")
    else:
        name = {"challenger": "second", "champion": "first"}[changed]
        (models / name / MANIFEST).unlink()
        make_version(models, name, {**WORDS, "baru": (Label.SPAM, 1.0)})
    compared = Compared(monkeypatch)

    promote(models, Request("second", "sari"), evidence, now=NOW)

    assert compared.times == 1


def test_without_a_champion_any_whole_version_may_serve(models: Path, evidence: Evidence) -> None:
    (models / "champion.json").unlink()

    entry = promote(models, Request("second", "sari"), evidence, now=NOW)

    assert entry.previous is None
    assert load_champion(models).version == "second"


def test_a_damaged_champion_is_replaced_only_by_force(models: Path, evidence: Evidence) -> None:
    (models / "first" / MODEL).write_bytes(b"not a model")

    with pytest.raises(ArtefactError, match="it is not loaded"):
        promote(models, Request("second", "sari"), evidence, now=NOW)
    entry = promote(models, Request("second", "sari", "it broke", True), evidence, now=NOW)

    assert load_champion(models).version == "second"
    assert entry.overruled[0].startswith("there is nothing to compare with")
