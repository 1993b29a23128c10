"""Score texts from a file or a pipe."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click
from marshmallow import ValidationError
from tqdm import tqdm

from moderation.api.presenting import present_assessment
from moderation.api.schemas import PassageIn
from moderation.classifier.artifact import load_champion
from moderation.domain.comment import Parent, Story, as_passage
from moderation.domain.scorer import Passage, Scorer
from moderation.services.assessing import assess

_BATCH = 256
_SHOWN = ("verdict", "scores", "reasons", "spam_kind", "read_as")
_schema = PassageIn()


@click.command()
@click.option("--input", "source", type=click.File(encoding="utf-8"), default="-")
@click.option(
    "--models",
    "models_dir",
    type=click.Path(path_type=Path),
    envvar="MODERATION_MODELS_DIR",
    default=Path("models"),
    show_default=True,
    help="The folder of champion.json.",
)
def score(source: TextIO, models_dir: Path) -> None:
    """Read JSON lines {"text": …, "article"?: …, "parent"?: …}; write one assessment a line.

    A line that cannot be read gives {"error": …, "line": …} in its place, and exit status 1.
    """
    scorer = load_champion(models_dir)
    failed = False
    lines = tqdm(source, unit=" comments", disable=not sys.stderr.isatty(), file=sys.stderr)
    for answer in _score_lines(scorer, lines):
        failed = failed or "error" in answer
        click.echo(json.dumps(answer, ensure_ascii=False))
    if failed:
        raise SystemExit(1)


def _score_lines(scorer: Scorer, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    numbered = enumerate(lines, 1)
    while batch := list(islice(numbered, _BATCH)):
        read = [(number, _read(line)) for number, line in batch if line.strip()]
        passages = [found for _, found in read if isinstance(found, Passage)]
        assessments = iter(assess(scorer, passages) if passages else [])
        for number, found in read:
            if isinstance(found, Passage):
                shown = present_assessment(next(assessments))
                yield {name: shown[name] for name in _SHOWN}
            else:
                yield {"error": found, "line": number}


def _read(line: str) -> Passage | str:
    """Return the passage on a line, or what is wrong with it."""
    try:
        row = _schema.load(json.loads(line))
    except ValidationError as error:
        return json.dumps(error.messages)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    return as_passage(row["text"], row.get("article", Story()), row.get("parent", Parent()).text)
