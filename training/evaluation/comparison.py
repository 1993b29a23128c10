"""Every peer on the same splits: the reference hate set, news comments, gambling spam."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from moderation.classifier.unmask import unmask
from moderation.domain.scorer import Passage
from moderation.domain.verdict import Label
from training import corpus_reader
from training.augment import SITE_NAME, disguised
from training.evaluation.measures import Measure, average_precision, f1, with_interval
from training.evaluation.peers import PEERS, Peer, timed
from training.examples import Example, folded
from training.folding import folds_of
from training.sources import GAMBLING

Flags = npt.NDArray[np.bool_]
Split = tuple[list[Example], Flags, list[Example], Flags]
Log = Callable[[str], None]

REFERENCE = "ibrohim2019_hs_abusive"
NEWS = "desrul2019_news_comments"
NEWS_FOLDS = 5
JOBS = 2
_GAMBLING_FOLDS = 4


def compare(splits: Sequence[Split], measure: Measure, log: Log) -> dict[str, Any]:
    """Fit and score every peer on the same splits; figures over all test rows together."""
    jobs = [delayed(_try)(make, split) for make in PEERS for split in splits]
    tries = iter(Parallel(JOBS)(jobs))
    holds = np.concatenate([test_holds for *_, test_holds in splits])
    table: dict[str, Any] = {}
    for make in PEERS:
        own = [next(tries) for _ in splits]
        each = [measure(split[3], one.scores) for split, one in zip(splits, own, strict=True)]
        name = make().name
        table[name] = {
            **with_interval(measure, holds, np.concatenate([one.scores for one in own])),
            "mean_of_splits": round(float(np.mean(each)), 4),
            "microseconds": round(1e6 * sum(one.seconds for one in own) / holds.size, 1),
            "bytes": own[-1].size,
        }
        log(f"  {name}: {table[name]}")
    return table


@dataclass(frozen=True, slots=True)
class _Try:
    """What one peer did on one split."""

    scores: npt.NDArray[np.float64]
    seconds: float
    size: int


def _try(make: Callable[[], Peer], split: Split) -> _Try:
    peer, seconds = make(), list[float]()
    train, holds, test, _ = split
    peer.fit(train, holds)
    with timed(seconds):
        scores = peer.score([row.passage for row in test])
    return _Try(scores, sum(seconds), peer.size())


def reference_splits(data: Path, column: str) -> Iterator[Split]:
    """Yield the five published folds; ``column`` is the source's own, HS or Abusive."""
    rows: list[tuple[Example, bool, int]] = []
    with (data / f"{REFERENCE}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            fold = row["labels"].get("indobertweet_test_fold")
            if fold is not None:
                text = row["text"]
                example = Example(Passage(text), {}, REFERENCE, folded(text))
                rows.append((example, bool(row["hate" if column == "HS" else "abuse"]), int(fold)))
    for at in sorted({fold for *_, fold in rows}):
        yield _split(
            [(row, holds) for row, holds, fold in rows if fold != at],
            [(row, holds) for row, holds, fold in rows if fold == at],
        )


def news_splits(examples: Sequence[Example]) -> Iterator[Split]:
    """Yield cross-validation over the news comments; all else that knows abuse is for training."""
    rows = [row for row in examples if Label.ABUSE in row.known]
    folds = folds_of(rows, NEWS_FOLDS)
    for at in range(NEWS_FOLDS):
        test = [row for row, fold in zip(rows, folds, strict=True) if _is_news(row, fold, at)]
        groups = {row.group for row in test}
        train = [row for row in rows if row.group not in groups]
        yield _split(_with(train, Label.ABUSE), _with(test, Label.ABUSE))


def _is_news(row: Example, fold: int, at: int) -> bool:
    return row.source == NEWS and fold == at


def gambling_split(examples: Sequence[Example]) -> Split:
    """Hold out a quarter of the site names and of the videos, jointly over the sources."""
    rows = [row for row in examples if row.source in GAMBLING]
    names = [_names(unmask(row.passage.text).text) for row in rows]
    videos = [row.passage.article.title if row.passage.article else "" for row in rows]
    test_at = {
        at
        for at, row in enumerate(rows)
        if _held_out(min(names[at], default="") or videos[at] or row.group)
    }
    hidden = set().union(*(names[at] for at in test_at))
    hidden_videos = {videos[at] for at in test_at} - {""}
    groups = {rows[at].group for at in test_at}
    train = [
        row
        for at, row in enumerate(rows)
        if at not in test_at
        and not names[at] & hidden
        and videos[at] not in hidden_videos
        and row.group not in groups
    ]
    train += [row for row in examples if row.source == corpus_reader.SOURCE]
    return _split(_with(train, Label.SPAM), _with([rows[at] for at in sorted(test_at)], Label.SPAM))


def disguised_recall(split: Split, peer: Peer) -> float:
    """Return the share of held-out gambling spam still caught after disguise, at the score 0."""
    rng = random.Random(5)
    spam = [row for row, holds in zip(split[2], split[3].tolist(), strict=True) if holds]
    passages = [Passage(disguised(row.passage.text, rng)) for row in spam]
    return round(float((peer.score(passages) > 0).mean()), 4)


def _names(text: str) -> set[str]:
    return {name.lower() for name in SITE_NAME.findall(text)}


def _held_out(key: str) -> bool:
    digest = hashlib.blake2b(key.encode(), digest_size=4).digest()
    return int.from_bytes(digest) % _GAMBLING_FOLDS == 0


def _with(rows: Sequence[Example], label: Label) -> list[tuple[Example, bool]]:
    return [(row, row.known[label]) for row in rows]


def _split(train: Sequence[tuple[Example, bool]], test: Sequence[tuple[Example, bool]]) -> Split:
    return (
        [row for row, _ in train],
        np.array([holds for _, holds in train], bool),
        [row for row, _ in test],
        np.array([holds for _, holds in test], bool),
    )


MEASURES: dict[str, Measure] = {"reference": f1, "news": average_precision, "gambling": f1}
"""What is reported of each set."""
