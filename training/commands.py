"""The command line: ``python -m training …``, offline."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from moderation.classifier.artifact import MANIFEST
from training import bundle, corpus_reader
from training.evaluation.report import measure, measure_reference, write_report
from training.evaluation.steps import Steps
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
def train(data: Path, out: Path, recipe: str, champion: bool) -> None:
    """Train a model from the sources and the project's corpus, and write it to --out."""
    chosen = Recipe(recipe)
    _check_sources(chosen, data)
    learnt = learn(out.name, gather(chosen, data), click.echo)
    origin = {
        "recipe": recipe,
        "sources": [source.record(data) for source in sources_of(chosen)],
        "corpus": {"lines": sum(1 for _ in corpus_reader.rows()), "licence": "CC0-1.0"},
        "promises": learnt.promises.to_json(),
    }
    bundle.save(
        out,
        learnt.weights,
        learnt.policy,
        origin,
        created=datetime.now(UTC),
        kinds=learnt.kinds,
    )
    if champion:
        bundle.point_at(out.parent, out.name)
    click.echo(f"{out} is trained; its policy: {learnt.policy.to_json()['bands']}")


@training.command()
@click.option("--data", type=_FOLDER, required=True, help="The folder of the public sources.")
@click.option(
    "--model",
    "models",
    type=_FOLDER,
    multiple=True,
    help="A version's folder, as often as wanted; every version under models/ if left out.",
)
def evaluate(data: Path, models: tuple[Path, ...]) -> None:
    """Train each model's recipe again and measure it.

    Writes report.json, card.md and plots beside each. Both recipes take some 20 minutes on two
    cores; the time of each step is printed, and kept in the report.
    """
    folders = {folder: _recipe(folder) for folder in models or _versions()}
    for recipe in folders.values():
        _check_sources(recipe, data)
    shared = Steps(click.echo)
    reference = measure_reference(data, shared)
    for folder, recipe in folders.items():
        steps = Steps(click.echo, dict(shared.seconds))
        with steps.step("learning"):
            learnt = learn(folder.name, gather(recipe, data), click.echo)
        report = {**reference, **measure(learnt, data, steps), "seconds": steps.seconds}
        write_report(folder, report, learnt)
        click.echo(f"{folder / 'card.md'} is written")


def _versions() -> list[Path]:
    return sorted(path.parent for path in Path("models").glob(f"*/{MANIFEST}"))


def _recipe(folder: Path) -> Recipe:
    return Recipe(json.loads((folder / MANIFEST).read_text("utf-8"))["recipe"])


def _check_sources(recipe: Recipe, data: Path) -> None:
    missing = [source.name for source in sources_of(recipe) if not source.path(data).exists()]
    if missing:
        names = ", ".join(f"{name}.jsonl" for name in missing)
        raise click.ClickException(f"{data} lacks {names}; see training/sources.py for each origin")
