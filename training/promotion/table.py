"""A comparison as people read it in a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any


def as_table(document: Mapping[str, Any]) -> str:
    """Return every judged figure, set by set, and what the comparison comes to."""
    parts = [
        f"{document['challenger']['version']} against {document['champion']['version']}, "
        f"{document['compared']}"
    ]
    for name, found in document["sets"].items():
        parts += ["", *_set(name, found)]
    parts += ["", *_outcome(document["worse"])]
    return "\n".join(parts)


def _set(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    seen = found["in_training"]
    queue = found["queue_at_the_same_guarantee"]
    yield f"{name}: {found['rows']} comments in {found['groups']} groups"
    yield f"  in training: champion {seen['champion']}, challenger {seen['challenger']}"
    yield (
        f"  queue at the same guarantee: {queue['champion']} -> {queue['challenger']} "
        f"(at most {100 * queue['harmful_among_approved']:.1f} in 100 approved are harmful, "
        f"{100 * queue['harmless_among_rejected']:.1f} in 100 rejected harmless)"
    )
    yield (
        f"  {'label':<8}{'slice':<26}{'holds':>6}  {'figure':<22}{'champion':>9}"
        f"{'challenger':>11}  95% of the change"
    )
    for line in found["lines"]:
        yield from _line(line)


def _line(line: Mapping[str, Any]) -> Iterator[str]:
    place = f"{line['by']} {line['value']}".strip()
    for name, figure in line["figures"].items():
        if figure["judged"] != "not":
            mark = "  WORSE" if figure["worse"] else ""
            yield (
                f"  {line['label']:<8}{place:<26}{line['holds']:>6}  {name:<22}"
                f"{figure['champion']:>9.3f}{figure['challenger']:>11.3f}  "
                f"{figure['low']:+.3f} to {figure['high']:+.3f}{mark}"
            )
    if line["by"] == "all":
        yield f"  {'':<8}{'errors':<32}  " + "; ".join(
            f"{who}: " + ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in errors)
            for who, errors in ((who, line["errors"][who].items()) for who in line["errors"])
        )


def _outcome(worse: list[str]) -> Iterator[str]:
    if not worse:
        yield "Nothing is worse beyond its margin."
        return
    yield f"Worse beyond its margin in {len(worse)}:"
    yield from (f"- {sentence}" for sentence in worse)


def as_figures(figures: Mapping[str, Any]) -> Iterator[str]:
    """Return what a history entry rests on, a line a set."""
    for name, found in figures.items():
        parts = [f"queue {_pair(found['queue'], 0)}"]
        parts += [
            f"{label} {measure} {_pair(pair, 3)}"
            for label, measures in found.items()
            if label != "queue"
            for measure, pair in measures.items()
        ]
        yield f"{name}: " + ", ".join(parts)


def _pair(pair: list[float], digits: int) -> str:
    return " -> ".join(f"{value:.{digits}f}" for value in pair)
