"""The command line: ``python -m training …``, offline."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from moderation.classifier.artifact import MANIFEST, POINTER
from training import bundle, corpus_reader
from training.evaluation.report import evaluate as measure
from training.evaluation.report import write_report
from training.learning import gather, learn
from training.sources import Recipe, sources_of

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def training() -> None:
    """Train and measure the classifier."""


@training.command()
@click.option("--data", type=_FOLDER, required=True, help="The folder of the public sources.")
@click.option("--out", type=_FOLDER, required=True, help="The version's folder under models/.")
@click.option(
    "--recipe",
    type=click.Choice([recipe.value for recipe in Recipe]),
    default=Recipe.OPEN.value,
    show_default=True,
    help="The sources that permit commercial use, or all of them.",
)
@click.option("--champion", is_flag=True, help="Point champion.json at it.")
@click.option("--scheduler", help="Work on this Dask cluster: tcp://HOST:PORT.")
@click.option("--scratch", type=_FOLDER, help="Where features lie meanwhile; for clusters, shared.")
def train(
    data: Path, out: Path, recipe: str, champion: bool, scheduler: str | None, scratch: Path | None
) -> None:
    """Train a model from the sources and the project's corpus, and write it to --out."""
    chosen = Recipe(recipe)
    _check_sources(chosen, data)
    learnt = learn(out.name, gather(chosen, data), click.echo, scheduler=scheduler, scratch=scratch)
    origin = {
        "recipe": recipe,
        "sources": [source.record(data) for source in sources_of(chosen)],
        "corpus": {"lines": sum(1 for _ in corpus_reader.rows()), "licence": "CC0-1.0"},
        "promises": learnt.promises.to_json(),
    }
    bundle.save(out, learnt.weights, learnt.policy, origin, created=datetime.now(UTC))
    if champion:
        bundle.point_at(out.parent, out.name)
    click.echo(f"{out} is trained; its policy: {learnt.policy.to_json()['bands']}")


@training.command()
@click.option("--data", type=_FOLDER, required=True, help="The folder of the public sources.")
@click.option("--model", type=_FOLDER, help="The version's folder; the champion's if left out.")
def evaluate(data: Path, model: Path | None) -> None:
    """Train a model's recipe again and measure it; writes report.json and card.md beside it."""
    folder = model or _champion()
    recipe = Recipe(json.loads((folder / MANIFEST).read_text("utf-8"))["recipe"])
    _check_sources(recipe, data)
    learnt = learn(folder.name, gather(recipe, data), click.echo)
    write_report(folder, measure(learnt, data, click.echo))
    click.echo(f"{folder / 'card.md'} is written")


def _champion() -> Path:
    models = Path("models")
    pointer = json.loads((models / POINTER).read_text("utf-8"))
    return models / str(pointer["version"])


def _check_sources(recipe: Recipe, data: Path) -> None:
    missing = [source.name for source in sources_of(recipe) if not source.path(data).exists()]
    if missing:
        names = ", ".join(f"{name}.jsonl" for name in missing)
        raise click.ClickException(f"{data} lacks {names}; see training/sources.py for each origin")
