"""Going from champion to champion and back, with a history that only grows."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from moderation.classifier.artifact import MANIFEST, MODEL, POINTER, load_champion
from moderation.errors import ArtefactError, NotFoundError
from tests.training.promotion.versions import make_version
from training import bundle
from training.durable import BusyError, alone
from training.promotion import history
from training.promotion.history import HISTORY, Act, Entry
from training.promotion.switching import KEPT, LOCK, load_whole, prune, roll_back, switch

NOW = datetime(2026, 11, 9, 3, 0, tzinfo=UTC)


def succeed(models: Path, version: str, now: datetime = NOW) -> Entry:
    """Make a version the champion, as a promotion does once it may."""
    history.settle(models, now=now)
    current = history.read_pointer(models).version
    entry = Entry(Act.PROMOTED, version, current, history.as_time(now), "sari")
    switch(models, entry)
    return entry


def back(models: Path, version: str | None = None) -> str:
    return roll_back(models, version, by="sari", reason="queue grew", now=NOW).version


def told(models: Path) -> list[tuple[Act, str]]:
    return [(entry.act, entry.version) for entry in history.entries(models)]


def test_the_history_begins_with_the_champion_that_was_there(models: Path) -> None:
    succeed(models, "second")

    assert load_champion(models).version == "second"
    assert told(models) == [(Act.FOUND, "first"), (Act.PROMOTED, "second")]


def test_each_return_goes_one_champion_further_back(models: Path) -> None:
    make_version(models, "third")
    succeed(models, "second")
    succeed(models, "third")

    assert [back(models), back(models)] == ["second", "first"]
    with pytest.raises(NotFoundError, match="no earlier champion; earlier ones: second, third"):
        back(models)
    assert load_champion(models).version == "first"


def test_any_earlier_champion_can_be_named(models: Path) -> None:
    make_version(models, "third")
    succeed(models, "second")
    succeed(models, "third")

    assert back(models, "first") == "first"
    assert back(models, "third") == "third"
    assert told(models)[-2:] == [(Act.ROLLED_BACK, "first"), (Act.ROLLED_BACK, "third")]


@pytest.mark.parametrize("version", ["never", "../first", "second"])
def test_only_earlier_champions_are_returned_to(models: Path, version: str) -> None:
    succeed(models, "second")

    with pytest.raises(NotFoundError, match=f"no earlier champion {version}; earlier ones: first"):
        back(models, version)


def test_a_damaged_earlier_champion_is_not_returned_to(models: Path) -> None:
    succeed(models, "second")
    (models / "first" / MODEL).write_bytes(b"other")

    with pytest.raises(ArtefactError, match="is not the file its manifest describes"):
        back(models)

    assert load_champion(models).version == "second"


@pytest.mark.parametrize("broken", ["", "{", '{"version": 7}'])
def test_a_lost_pointer_comes_back_with_the_last_champion(models: Path, broken: str) -> None:
    succeed(models, "second")
    (models / POINTER).write_text(broken, encoding="utf-8")

    assert back(models) == "second"
    assert load_champion(models).version == "second"


def test_a_champion_pointed_at_by_hand_enters_the_history(models: Path) -> None:
    succeed(models, "second")
    bundle.point_at(models, "first")

    history.settle(models, now=NOW)

    assert told(models)[-1] == (Act.FOUND, "first")
    assert back(models) == "second"


def test_a_pointer_edited_by_hand_is_not_taken_for_the_entry_it_still_carries(
    models: Path,
) -> None:
    succeed(models, "second")
    pointer = json.loads((models / POINTER).read_text("utf-8"))
    (models / POINTER).write_text(json.dumps({**pointer, "version": "first"}), encoding="utf-8")

    history.settle(models, now=NOW)

    assert told(models)[-1] == (Act.FOUND, "first")


def test_a_switch_that_was_killed_before_it_was_written_down_is_made_good(models: Path) -> None:
    succeed(models, "second")
    lines = (models / HISTORY).read_text("utf-8").splitlines()
    (models / HISTORY).write_text(f"{lines[0]}\n{lines[1][:50]}", encoding="utf-8")

    assert told(models) == [(Act.FOUND, "first"), (Act.PROMOTED, "second")]
    assert back(models) == "first"
    whole = [line for line in (models / HISTORY).read_text("utf-8").splitlines() if "}" in line]
    assert [json.loads(line)["act"] for line in whole] == ["found", "promoted", "rolled back"]


def test_the_history_is_only_added_to(models: Path) -> None:
    succeed(models, "second")
    before = (models / HISTORY).read_bytes()

    back(models)

    assert (models / HISTORY).read_bytes().startswith(before)


def test_folders_older_than_the_last_five_champions_go_but_never_the_bundled_one(
    models: Path,
) -> None:
    names = [f"weekly-{week}" for week in range(7)]
    for week, name in enumerate(names):
        make_version(models, name)
        succeed(models, name, NOW + timedelta(weeks=week))

    gone = prune(models, history.entries(models))

    left = {path.name for path in models.iterdir() if path.is_dir()}
    assert sorted(gone) == names[: 7 - KEPT]
    assert left == {"first", "second", *names[-KEPT:]}


def test_a_removal_that_was_killed_is_finished_by_the_next(models: Path) -> None:
    (models / "first").rename(models / ".removed-first")
    (models / ".removed-first" / MANIFEST).unlink()

    prune(models, [])

    assert not (models / ".removed-first").exists()


def test_two_promotions_never_run_together(models: Path) -> None:
    with (
        alone(models / LOCK, "a promotion"),
        pytest.raises(BusyError, match="a promotion is running already"),
        alone(models / LOCK, "a promotion"),
    ):
        pass


@pytest.mark.parametrize("version", ["", ".", "..", "../models/first", ".removed-first"])
def test_a_version_is_a_folder_of_models_and_nothing_else(models: Path, version: str) -> None:
    with pytest.raises(ArtefactError, match="names no folder"):
        load_whole(models, version)


def test_a_version_is_never_written_twice(models: Path) -> None:
    with pytest.raises(FileExistsError, match="holds a version already"):
        make_version(models, "first")


def test_the_pointer_may_be_read_by_whoever_could_read_it_before(models: Path) -> None:
    mode = (models / POINTER).stat().st_mode

    succeed(models, "second")

    assert (models / POINTER).stat().st_mode == mode
