"""The command line: ``python -m training …``, offline."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from moderation.classifier.artifact import MANIFEST
from moderation.domain.policy import Policy
from moderation.errors import ArtefactError
from training import bundle, corpus_reader
from training.cycle.command import cycle
from training.dataset.command import dataset
from training.dataset.folder import DamagedDatasetError, Dataset, load
from training.evaluation.report import measure, measure_reference, write_report
from training.evaluation.steps import Steps
from training.labels_command import labels
from training.learning import gather, learn
from training.promotion import commands as promotion
from training.retraining import beside_sources, origin_of, retrain
from training.shadow import shadow
from training.sources import Recipe, sources_of

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def training() -> None:
    """Train and measure the classifier, and choose the version that serves."""


for command in (promotion.compare, promotion.promote, promotion.rollback, promotion.list_history):
    training.add_command(command)


training.add_command(dataset)
training.add_command(cycle)
training.add_command(labels)


training.add_command(shadow)


@training.command()
@click.option("--data", type=_FOLDER, help="The folder of the public sources.")
@click.option("--out", type=_FOLDER, required=True, help="The version's folder under models/.")
@click.option("--dataset", "dataset_folder", type=_FOLDER, help="A newsroom's dataset to learn.")
@click.option("--base", type=_FOLDER, help="The version's folder to adapt to --dataset.")
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
    data: Path | None,
    out: Path,
    dataset_folder: Path | None,
    base: Path | None,
    recipe: str,
    champion: bool,
    scheduler: str | None,
    scratch: Path | None,
) -> None:
    """Train a model and write it to --out.

    From the public sources in --data and the project's corpus, with --dataset as one more source;
    or, without them, by adapting the version in --base to --dataset.
    """
    if (out / MANIFEST).exists():
        raise click.ClickException(f"{out} holds a version already; choose another name")
    own = _load(dataset_folder) if dataset_folder else None
    if base is not None and own is not None and data is None:
        policy = _adapt(base, own, out)
    elif base is None and data is not None:
        policy = _train(Recipe(recipe), data, own, out, scheduler, scratch)
    else:
        raise click.UsageError("give --data, or --dataset with --base")
    if champion:
        bundle.point_at(out.parent, out.name)
    click.echo(f"{out} is trained; its policy: {policy.to_json()['bands']}")


def _adapt(base: Path, own: Dataset, out: Path) -> Policy:
    if base.resolve() == out.resolve():
        raise click.UsageError("--out is the version that --base names")
    try:
        adapted = retrain(base, own, out.name, click.echo)
    except ArtefactError as error:
        raise click.ClickException(str(error)) from error
    bundle.save(
        out,
        adapted.weights,
        adapted.policy,
        adapted.origin,
        created=datetime.now(UTC),
        kinds=adapted.kinds,
    )
    return adapted.policy


def _train(
    recipe: Recipe,
    data: Path,
    own: Dataset | None,
    out: Path,
    scheduler: str | None,
    scratch: Path | None,
) -> Policy:
    _check_sources(recipe, data)
    gathered = gather(recipe, data)
    learnt = learn(
        out.name,
        beside_sources(gathered, own) if own else gathered,
        click.echo,
        scheduler=scheduler,
        scratch=scratch,
    )
    origin = {
        "recipe": recipe.value,
        "sources": [source.record(data) for source in sources_of(recipe)],
        "corpus": {"lines": sum(1 for _ in corpus_reader.rows()), "licence": "CC0-1.0"},
        **({"dataset": origin_of(own)} if own else {}),
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
    return learnt.policy


def _load(folder: Path) -> Dataset:
    try:
        return load(folder)
    except DamagedDatasetError as error:
        raise click.ClickException(str(error)) from error


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
    """Return every bundled version that a recipe alone made."""
    manifests = sorted(Path("models").glob(f"*/{MANIFEST}"))
    return [path.parent for path in manifests if "dataset" not in json.loads(path.read_text())]


def _recipe(folder: Path) -> Recipe:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    if "dataset" in manifest:
        raise click.ClickException(
            f"{folder.name} learnt a newsroom's dataset as well; this measures recipes"
        )
    return Recipe(manifest["recipe"])


def _check_sources(recipe: Recipe, data: Path) -> None:
    missing = [source.name for source in sources_of(recipe) if not source.path(data).exists()]
    if missing:
        names = ", ".join(f"{name}.jsonl" for name in missing)
        raise click.ClickException(f"{data} lacks {names}; see training/sources.py for each origin")
