"""How many comments of an archive one core scores again in a second: ``-m benchmarks.rescoring``.

From the lines of a JSON Lines file to those of the report; processor time, the best of several
rounds. The comments are the project's corpus, with its articles and parents.
"""

import gc
import json
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.serving import ROOT
from moderation.classifier.artifact import load_champion
from moderation.services.rescoring import as_passage, rescore
from moderation.storage.archive import BATCH, open_file
from moderation.storage.report_file import Progress, ReportFile
from training import corpus_reader

_ROWS = 5 * BATCH
_ROUNDS = 5


def main() -> None:
    """Measure and print."""
    scorer = load_champion(ROOT / "models")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.jsonl"
        corpus = islice(cycle(corpus_reader.rows()), _ROWS)
        rows = [_row(number, row) for number, row in enumerate(corpus)]
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
        passages = [as_passage(row) for row in rows]
        batches = [passages[at : at + BATCH] for at in range(0, _ROWS, BATCH)]
        gc.freeze()
        seconds, alone = [], []
        for number in range(_ROUNDS):
            report = ReportFile(Path(folder) / f"report-{number}.jsonl")
            began = time.process_time()
            with report.growing(Progress({})) as growing:
                for batch in open_file(path).batches(None):
                    one = rescore(scorer, batch)
                    growing.add(one.lines, one.rows, one.after, one.counts)
            report.finish()
            seconds.append(time.process_time() - began)
            began = time.process_time()
            for batch_read in batches:
                scorer.read(batch_read)
            alone.append(time.process_time() - began)
        characters = path.stat().st_size / _ROWS
    print(f"lines of {characters:.0f} bytes, best of {_ROUNDS} rounds")
    print(f"rescored      {_ROWS / min(seconds):8.0f} comments a second a core")
    print(f"scorer alone  {_ROWS / min(alone):8.0f}")


def _row(number: int, row: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"id": number, "text": row["text"]}
    if "article" in row:
        kept["article"] = row["article"]
    if "parent" in row:
        kept["parent"] = {"text": row["parent"]["text"]}
    return kept


if __name__ == "__main__":
    main()
