"""What training costs by the number of comments: ``-m benchmarks.training``.

Comments are made from the project's corpus, disguised and renamed anew each time around. Each
number of them is trained on in a process of its own; a million takes a while, so it is only
done when asked for: ``-m benchmarks.training 1000000``. The first line compares both ways of
fitting on the same held-out rows.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from moderation.cluster import spreading
from moderation.domain.verdict import LABELS
from training import corpus_reader, fitting
from training.augment import disguised, renamed
from training.examples import Example
from training.folding import folds_of
from training.learning import AT_LEAST, FOLDS, learn
from training.streaming import Truth
from training.tables import tabulate

_ROWS = (10_000, 100_000)
_MB = 1 << 10


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(_train(int(sys.argv[2]))))
        return
    if not sys.argv[1:]:
        _compare(_ROWS[0])
    print(
        f"{'comments':>10} {'rows':>10} {'CPU s':>8} {'wall s':>8} {'peak MB':>8} {'ms a row':>9}"
    )
    for rows in map(int, sys.argv[1:] or _ROWS):
        command = [sys.executable, "-m", "benchmarks.training", "--one", str(rows)]
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        one = json.loads(run.stdout)
        print(
            f"{rows:10} {one['rows']:10} {one['cpu']:8.0f} {one['wall']:8.0f} "
            f"{one['peak']:8.0f} {one['cpu'] / rows * 1000:12.2f}",
            flush=True,
        )


def made(rows: int) -> list[Example]:
    """Return so many comments; the same for the same number."""
    return [row for row, _ in zip(_endless(), range(rows), strict=False)]


def _endless() -> Iterator[Example]:
    corpus = list(corpus_reader.examples())
    rng = random.Random(29)
    for around in count():
        for row in corpus:
            group = f"topic {row.tags['topic']}"
            text = row.passage.text
            if around:
                text = disguised(renamed(text, rng) or text, rng)
            passage = replace(row.passage, text=text)
            yield replace(row, passage=passage, group=group, source="benchmark")


def _train(rows: int) -> dict[str, float]:
    began = time.perf_counter()
    told: list[str] = []

    def log(message: str) -> None:
        told.append(message)
        clock = f"{time.process_time():8.0f} s CPU, {_peak():6.0f} MB"
        print(f"{clock}: {message}", file=sys.stderr, flush=True)

    examples = made(rows)
    log("made")
    learn("benchmark", examples, log)
    log("done")
    fitted = int(told[1].split(" texts, ")[1].split()[0])
    wall = time.perf_counter() - began
    return {"rows": fitted, "cpu": time.process_time(), "wall": wall, "peak": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


def _compare(rows: int) -> None:
    """Print each label's average precision on held-out rows, fitted in memory and by parts."""
    examples = made(rows)
    folds, truth = folds_of(examples, FOLDS), Truth.of(examples)
    print(
        f"{'average precision':20}" + "".join(f"{label:>8}" for label in LABELS) + f"{'CPU s':>8}"
    )
    with tempfile.TemporaryDirectory() as folder, spreading(None) as spread:
        table = tabulate(examples, folds, Path(folder), spread, at_least=AT_LEAST)
        for name, most in (("in memory", rows), ("by parts", 0)):
            fitting.IN_MEMORY = most
            began = time.process_time()
            margins = fitting.fit(table, truth, folds, None, lambda _: None).margins
            seconds = time.process_time() - began
            found = [_precision(margins[:, at], truth.signs[:, at]) for at in range(len(LABELS))]
            print(f"{name:20}" + "".join(f"{one:8.4f}" for one in found) + f"{seconds:8.1f}")


def _precision(margins: np.ndarray, signs: np.ndarray) -> float:
    known = signs != 0
    return float(average_precision_score(signs[known] > 0, margins[known]))


if __name__ == "__main__":
    main()
