"""Which sources a recipe may use, and what a row of each knows."""

import json
from pathlib import Path

import pytest

from moderation.domain.verdict import Label
from training.sources import SOURCES, Recipe, Source, sources_of

COLUMNS = {
    "HS": 1, "HS_Religion": 1, "HS_Race": 0, "HS_Gender": 0, "HS_Physical": 0, "HS_Strong": 0,
    "sara": 1, "pornografi": 0,
}  # fmt: skip


def test_the_open_recipe_uses_only_licences_that_permit_commercial_use() -> None:
    licences = {source.licence for source in sources_of(Recipe.OPEN)}

    assert licences
    assert not any("NC" in licence or "none stated" in licence for licence in licences)


def test_the_research_recipe_uses_every_source() -> None:
    assert sources_of(Recipe.RESEARCH) == SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_source_says_where_it_is_from_and_what_a_row_knows(
    source: Source, tmp_path: Path
) -> None:
    row = {
        "text": "contoh", "spam": 1, "abuse": 1, "hate": 1, "split": "train", "labels": COLUMNS,
    }  # fmt: skip
    source.path(tmp_path).write_text(json.dumps(row), encoding="utf-8")

    (example,) = source.examples(tmp_path)

    assert example.known
    assert example.source == source.name
    assert len(source.commit) == 40
    assert set(source.record(tmp_path)) == {"name", "repository", "commit", "licence", "sha256"}


def test_a_spam_source_says_nothing_of_insults() -> None:
    spam = next(source for source in SOURCES if source.name.startswith("gbennnn"))

    assert set(spam.read({"spam": 0, "labels": {}})) == {Label.SPAM}
