"""Where a challenger differs from the champion on live comments: ``python -m training shadow``."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest

import click

from moderation.domain.verdict import LABELS, Label, Verdict
from moderation.storage import shadow as pairs
from moderation.storage.engine import Database
from moderation.storage.shadow import Pair

FAR = 0.2
"""Scores further apart than this are counted as different."""

_KEPT = 1_000


@dataclass(slots=True)
class LabelGap:
    """How far the two models' scores of one label lie apart."""

    champion_sum: float = 0.0
    challenger_sum: float = 0.0
    gap_sum: float = 0.0
    far: int = 0

    def add(self, champion: float, challenger: float) -> None:
        """Count one comment."""
        self.champion_sum += champion
        self.challenger_sum += challenger
        self.gap_sum += abs(champion - challenger)
        self.far += abs(champion - challenger) > FAR


@dataclass(slots=True)
class Comparison:
    """What the pairs of one challenger say together, in memory that does not grow with them."""

    compared: int = 0
    first: datetime | None = None
    last: datetime | None = None
    verdicts: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    labels: dict[Label, LabelGap] = field(
        default_factory=lambda: {label: LabelGap() for label in LABELS}
    )
    examples: dict[tuple[Verdict, Verdict], list[tuple[float, str]]] = field(default_factory=dict)

    @property
    def differing(self) -> int:
        """Return how many comments got two different verdicts."""
        return sum(count for (one, other), count in self.verdicts.items() if one is not other)

    def add(self, pair: Pair) -> None:
        """Count one pair, which must not be earlier than the one before."""
        self.compared += 1
        self.first, self.last = self.first or pair.at, pair.at
        verdicts = pair.champion.verdict, pair.challenger.verdict
        self.verdicts[verdicts] += 1
        for label, gap in self.labels.items():
            gap.add(pair.champion.scores[label], pair.challenger.scores[label])
        if verdicts[0] is not verdicts[1]:
            known = self.examples.setdefault(verdicts, [])
            known.append((_largest_gap(pair), str(pair.comment_pk)))
            if len(known) > _KEPT:
                self.examples[verdicts] = nlargest(_KEPT // 2, known)


def compare(found: Iterable[Pair]) -> Comparison:
    """Sum pairs up."""
    comparison = Comparison()
    for pair in found:
        comparison.add(pair)
    return comparison


def describe(comparison: Comparison, challenger: str, arrived: int, examples: int) -> Iterator[str]:
    """Give the report's lines; the comments are named by our ids, which the console finds."""
    count = comparison.compared
    yield f"{challenger}: {count} comments compared, {_share(count, arrived)} of those that came in"
    yield f"another verdict: {comparison.differing} ({_share(comparison.differing, count)})"
    yield ""
    yield f"{'champion':10}{'challenger':12}{'comments':>9}{'share':>9}"
    for (one, other), number in sorted(comparison.verdicts.items()):
        yield f"{one:10}{other:12}{number:9}{_share(number, count):>9}"
    yield ""
    yield f"{'label':10}{'champion':>10}{'challenger':>12}{'apart':>8}{f'over {FAR}':>10}"
    for label, gap in comparison.labels.items():
        means = gap.champion_sum / count, gap.challenger_sum / count, gap.gap_sum / count
        yield f"{label:10}{means[0]:10.4f}{means[1]:12.4f}{means[2]:8.4f}{gap.far:10}"
    for (one, other), found in sorted(comparison.examples.items()):
        yield ""
        yield f"{one} -> {other}, the furthest apart first:"
        yield from (f"  {name}" for _, name in nlargest(examples, found))


@click.command()
@click.option(
    "--database",
    envvar="MODERATION_DATABASE_URL",
    default="sqlite:///var/moderation.db",
    show_default=True,
    help="The service's database.",
)
@click.option("--challenger", help="Its version; the one compared last if left out.")
@click.option("--examples", type=int, default=5, show_default=True, help="How many of each kind.")
def shadow(database: str, challenger: str | None, examples: int) -> None:
    """Print where a challenger and the champion differ on live comments."""
    opened = Database(database)
    with opened.reading() as tx:
        version = challenger or pairs.find_last_challenger(tx)
        comparison = compare(pairs.list_pairs(tx, version) if version else ())
        if version is None or comparison.first is None or comparison.last is None:
            raise click.ClickException(
                "nothing was compared; see MODERATION_SHADOW_MODEL in docs/operations.md"
            )
        arrived = pairs.count_comments(tx, comparison.first, comparison.last)
    opened.close()
    for line in describe(comparison, version, arrived, examples):
        click.echo(line)


def _largest_gap(pair: Pair) -> float:
    return max(abs(pair.champion.scores[one] - pair.challenger.scores[one]) for one in LABELS)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0.0%"
