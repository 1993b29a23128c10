"""The time one comment takes to score, beside fastText's: ``-m benchmarks.scoring``.

FastText learns one label from the project's corpus (words, characters of 2 to 5, 16 dimensions);
ours is the bundled champion with all five labels. Both run on one core in this process, in turns.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.serving import ROOT, TEXTS
from moderation.classifier.artifact import load_champion
from moderation.domain.scorer import Article, Passage
from moderation.domain.verdict import Label
from training import corpus_reader
from training.evaluation.peers import train_fasttext

_ROUNDS = 400
_BATCH = 1000


def main() -> None:
    """Measure and print."""
    scorer = load_champion(ROOT / "models")
    peer = _train_fasttext()
    passages = [Passage(text) for text in TEXTS]
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(_time(lambda one: scorer.read([one]), passages))
        theirs.append(_time(lambda one: peer.predict(one.text), passages))
    characters = sum(map(len, TEXTS)) / len(TEXTS)
    mine, other = median(ours) * 1e6, median(theirs) * 1e6
    print(f"one comment of {characters:.0f} characters, median of {_ROUNDS} rounds")
    print(f"ours, five labels    {mine:8.1f} µs")
    print(f"fastText, one label  {other:8.1f} µs")
    print(f"ratio                {mine / other:8.2f}")
    article = Article(title=TEXTS[1][:60], summary=TEXTS[1])
    under = [Passage(text, article, TEXTS[0]) for text in TEXTS]
    for name, run, read in (
        ("under an article", lambda one: scorer.read([one]), under),
        ("explained for a label", lambda one: scorer.explain([one], [[Label.SPAM]]), passages),
    ):
        spent = median(_time(run, read) for _ in range(_ROUNDS))
        print(f"{name:21s}{spent * 1e6:8.1f} µs")
    batch = (passages * _BATCH)[:_BATCH]
    seconds = median(_once(lambda: scorer.read(batch)) for _ in range(15))
    print(f"ours, {_BATCH} at once  {_BATCH / seconds:8.0f} comments a second a core")


def _time(score: Callable[[Passage], Any], passages: Sequence[Passage]) -> float:
    """Return the mean seconds a comment took."""
    began = time.perf_counter()
    for passage in passages:
        score(passage)
    return (time.perf_counter() - began) / len(passages)


def _once(run: Callable[[], Any]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _train_fasttext() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.txt"
        path.write_text(
            "\n".join(
                f"__label__{int('abuse' in row['labels'])} {' '.join(row['text'].split())}"
                for row in corpus_reader.rows()
            ),
            encoding="utf-8",
        )
        return train_fasttext(path, Path(folder) / "model.bin")


if __name__ == "__main__":
    main()
