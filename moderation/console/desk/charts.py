"""Bar charts as plain geometry; the template draws them as SVG with attributes only."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 720.0
HEIGHT = 180.0
_GAP = 0.15


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of one series."""

    series: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Words under the chart."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    """One dot of a series."""

    series: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Scatter:
    """Dots stacked over a scale from 0 to 1."""

    points: tuple[Point, ...]
    radius: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Stacked bars with a title and a sentence for those who do not see them."""

    name: str
    title: str
    description: str
    legend: tuple[tuple[str, str], ...]
    pieces: tuple[Piece, ...]
    ticks: tuple[Tick, ...]
    highest: int


def stack(
    name: str,
    title: str,
    description: str,
    legend: Sequence[tuple[str, str]],
    bars: Sequence[tuple[str, dict[str, int]]],
    *,
    ticks: int = 7,
) -> BarChart:
    """Lay out stacked bars; ``legend`` names the series from the bottom up."""
    highest = max((sum(counts.values()) for _, counts in bars), default=0)
    width = WIDTH / max(1, len(bars))
    pieces: list[Piece] = []
    for place, (_, counts) in enumerate(bars):
        top = HEIGHT
        for series, _ in legend:
            height = HEIGHT * counts.get(series, 0) / max(1, highest)
            if height:
                top -= height
                x = (place + _GAP / 2) * width
                pieces.append(Piece(series, x, top, width * (1 - _GAP), height))
    every = max(1, -(-len(bars) // ticks))
    return BarChart(
        name=name,
        title=title,
        description=description,
        legend=tuple(legend),
        pieces=tuple(pieces),
        ticks=tuple(
            Tick(place * width, words)
            for place, (words, _) in enumerate(bars)
            if place % every == 0
        ),
        highest=highest,
    )


def scatter(dots: Sequence[tuple[float, str]], *, columns: int = 120) -> Scatter:
    """Stack dots of like value into columns, closer where a column would grow too high."""
    heights: dict[int, int] = {}
    for value, _ in dots:
        column = min(int(value * columns), columns - 1)
        heights[column] = heights.get(column, 0) + 1
    step = min(WIDTH / columns, HEIGHT / max(heights.values(), default=1))
    points: list[Point] = []
    placed: dict[int, int] = {}
    for value, series in dots:
        column = min(int(value * columns), columns - 1)
        level = placed.get(column, 0)
        placed[column] = level + 1
        points.append(
            Point(series, (column + 0.5) * WIDTH / columns, HEIGHT - (level + 0.5) * step)
        )
    return Scatter(tuple(points), min(WIDTH / columns / 2, max(step / 2, 1.0)) * 0.9)
