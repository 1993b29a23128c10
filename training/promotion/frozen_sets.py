"""The sets that champion and challenger are compared on; both read the very same rows."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from moderation.classifier.unmask import unmask_all
from moderation.errors import InvalidError
from training import corpus_reader
from training.dataset import folder as dataset_folder
from training.dataset.folder import DamagedDatasetError
from training.dataset.rows import NEWSROOM, Row, Split
from training.examples import Example, without_copies
from training.folding import fold_of
from training.near_copies import grouped
from training.sources import SOURCES, Source

CORPUS = corpus_reader.SOURCE
_MOST_OF_A_SOURCE = 2000


@dataclass(frozen=True, slots=True)
class FrozenSet:
    """Rows that do not change between two comparisons, and what is to know about them.

    ``since`` is when the first of them came, where all are dated; a model that is older cannot
    have learnt from them.
    """

    name: str
    rows: Sequence[Example]
    about: str
    since: datetime | None = None

    @property
    def digest(self) -> str:
        """Return what changes when a row does."""
        digest = hashlib.sha256()
        for row in self.rows:
            known = sorted((label.value, holds) for label, holds in row.known.items())
            digest.update(repr((row.passage, known, row.group)).encode())
        return digest.hexdigest()


def corpus_set(folder: Path = corpus_reader.FOLDER) -> FrozenSet:
    """Return the project's corpus, on which forgetting shows."""
    rows = grouped(without_copies(corpus_reader.examples(folder)))
    return FrozenSet(CORPUS, [_under_one_article(row) for row in rows], "the project's corpus")


def newsroom_set(folder: Path) -> FrozenSet:
    """Return what a newsroom's dataset holds back: its latest slice of time, unseen in training."""
    try:
        dataset = dataset_folder.load(folder)
    except DamagedDatasetError as error:
        raise InvalidError(f"{error}", "--dataset") from error
    rows = dataset.split(Split.HELD)
    times = [row.at for row in rows if row.at is not None]
    since = min(times) if times else None
    return FrozenSet(NEWSROOM, [_as_example(row) for row in rows], "held back, the latest", since)


def _as_example(row: Row) -> Example:
    example = row.example()
    tags = {**example.tags, "language": row.language} if row.language else example.tags
    return replace(example, tags=tags, source=row.source or example.source)


def public_sets(data: Path) -> list[FrozenSet]:
    """Return each public source that is there, at most 2,000 of its rows, always the same."""
    return [
        FrozenSet(source.name, rows, f"{source.repository}, {source.licence}")
        for source in SOURCES
        if source.path(data).exists()
        if (rows := _some(source, data))
    ]


def _some(source: Source, data: Path) -> list[Example]:
    rows = without_copies(source.examples(data))
    rows.sort(key=lambda row: fold_of(row.group, 1 << 30))
    return grouped(rows[:_MOST_OF_A_SOURCE])


def _under_one_article(row: Example) -> Example:
    """Keep lines under one article together, besides near-copies."""
    title = row.passage.article.title if row.passage.article else ""
    return replace(row, group=f"article {title}") if title else row


def slices(rows: Sequence[Example]) -> Mapping[tuple[str, str], list[int]]:
    """Return the places of the rows of each slice, by what it slices by and its value."""
    table: dict[tuple[str, str], list[int]] = {}
    disguised = [bool(one.folds) for one in unmask_all([row.passage.text for row in rows])[0]]
    for at, row in enumerate(rows):
        for key in _slices_of(row, disguised[at]):
            table.setdefault(key, []).append(at)
    # A slice that holds every row says nothing that the whole set does not.
    return {key: places for key, places in sorted(table.items()) if len(places) < len(rows)}


def _slices_of(row: Example, disguised: bool) -> Iterator[tuple[str, str]]:
    yield "disguised", "yes" if disguised else "no"
    yield "source", row.source
    if "language" in row.tags:
        yield "language", row.tags["language"]
    section = row.passage.article.section if row.passage.article else ""
    if section:
        yield "section", section.casefold()
