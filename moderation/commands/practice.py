"""Fill a practice site, so that the editor's desk has something to show."""

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from tqdm import tqdm

from moderation.classifier.artifact import load_champion
from moderation.commands.opening import open_database
from moderation.domain.comment import Story
from moderation.domain.sample_week import Line
from moderation.domain.verdict import Label
from moderation.services import sample_week
from moderation.services.intake import Intake
from moderation.settings import Settings
from moderation.storage.identity import Pseudonyms


@click.command()
@click.option("--comments", "count", type=click.IntRange(1, 100_000), default=2000)
@click.option("--site", default="demo", show_default=True, help="Its name begins with “demo”.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path("training/corpus"),
    show_default=True,
    help="A folder of JSON lines with text, labels and article.",
)
def demo(count: int, site: str, seed: int, corpus: Path) -> None:
    """Fill a practice site with a made-up week: comments, verdicts, a queue, decisions.

    Comments are scored by the champion. Run again with the same seed, it adds nothing.
    """
    lines = _read_corpus(corpus)
    settings = Settings.from_environ(os.environ)
    now = datetime.now(UTC)
    with open_database(settings) as database:
        with database.writing() as tx:
            owner = sample_week.open_practice_site(tx, site, now=now)
        scorer = load_champion(settings.models_dir)
        intake = Intake(database, scorer, Pseudonyms(settings.secret_key))
        steps = sample_week.fill(intake, owner, lines, count=count, seed=seed, now=now)
        for _ in tqdm(steps, total=count, unit=" comments", disable=not sys.stderr.isatty()):
            pass
    click.echo(f"The site {site!r} holds {count} made-up comments of the week before {now:%F}.")


def _read_corpus(folder: Path) -> list[Line]:
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise click.ClickException(
            f"{folder} holds no *.jsonl; name the folder of the project's corpus with --corpus"
        )
    read = [
        _read_line(file, number, text)
        for file in files
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if text.strip()
    ]
    stories = _stories_by_topic(read)
    return [
        line if line.story.title else replace(line, story=_borrow(stories, topic, number))
        for number, (line, topic) in enumerate(read)
    ]


def _stories_by_topic(read: list[tuple[Line, str]]) -> dict[str, list[Story]]:
    """Return the distinct stories under each topic, all of them under the empty one."""
    found: dict[str, dict[str, Story]] = {}
    for line, topic in read:
        if line.story.title:
            for name in (topic, ""):
                found.setdefault(name, {})[line.story.id] = line.story
    return {topic: list(stories.values()) for topic, stories in found.items()}


def _borrow(stories: dict[str, list[Story]], topic: str, number: int) -> Story:
    """Return a story of the topic for a line that stands under none."""
    offered = stories.get(topic) or stories.get("") or [Story()]
    return offered[number % len(offered)]


def _read_line(file: Path, number: int, text: str) -> tuple[Line, str]:
    try:
        row = json.loads(text)
        article = row.get("article") or {}
        title = str(article.get("title", ""))
        story = Story(
            id=title.lower().replace(" ", "-")[:60],
            title=title,
            section=str(article.get("section", "")),
            summary=str(article.get("summary", "")),
        )
        line = Line(row["text"], tuple(Label(name) for name in row["labels"]), story)
        return line, str(row.get("topic", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.ClickException(f"{file}, line {number}: {error!r}") from error
