"""A made-up week of comments and decisions: when readers write, and how moderators answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from moderation.domain import agreement
from moderation.domain.comment import Author, Story, Submission
from moderation.domain.decision import Decision
from moderation.domain.verdict import Label

WEEK = timedelta(days=7)
HARMFUL_SHARE = 0.14

# Readers an hour of the day in Western Indonesia, relative to one another, from midnight on.
_HOURS = (3, 2, 1, 1, 2, 4, 7, 9, 10, 9, 8, 9, 11, 10, 8, 8, 9, 10, 12, 14, 15, 13, 9, 5)
_UTC_OFFSET = 7
_GIVEN = ("Asep", "Rina", "Dede", "Nurul", "Bambang", "Lilis", "Ujang", "Wati", "Yayan", "Euis")
_FAMILY = ("Hidayat", "Permana", "Lestari", "Suryana", "Wijaya", "Rahman", "Kurnia", "Utami")


@dataclass(frozen=True, slots=True)
class Line:
    """A comment of the corpus with the labels its authors gave it."""

    text: str
    labels: tuple[Label, ...]
    story: Story


@dataclass(frozen=True, slots=True)
class Arrival:
    """A comment on its way in, and what a careful reader would say of it."""

    submission: Submission
    labels: tuple[Label, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody made up: how quick they are, and how often they err."""

    username: str
    display_name: str
    median_minutes: float
    error_share: float


MODERATORS = (
    Moderator("demo-sari", "Sari (contoh)", 9, 0.03),
    Moderator("demo-tono", "Tono (contoh)", 22, 0.07),
    Moderator("demo-maya", "Maya (contoh)", 14, 0.04),
    Moderator("demo-agus", "Agus (contoh)", 45, 0.10),
)
EDITOR = "demo-redaktur"


@dataclass(frozen=True, slots=True)
class Answer:
    """A made-up decision, and the one an editor later put in its place, if any."""

    by: str
    at: datetime
    decision: Decision
    labels: tuple[Label, ...]
    overturned_at: datetime | None


def plan_arrivals(lines: Sequence[Line], *, count: int, seed: int, now: datetime) -> list[Arrival]:
    """Return ``count`` comments spread over the week before ``now``, the earliest first."""
    dice = Random(seed)
    harmful = [line for line in lines if line.labels]
    harmless = [line for line in lines if not line.labels]
    bad = round(count * HARMFUL_SHARE)
    chosen = _draw(dice, harmful, bad) + _draw(dice, harmless, count - bad)
    dice.shuffle(chosen)
    moments = sorted(_moment(dice, now) for _ in chosen)
    return [
        Arrival(_submission(dice, line, seed, number), line.labels, at)
        for number, (line, at) in enumerate(zip(chosen, moments, strict=True))
    ]


def plan_answer(arrival: Arrival, *, seed: int, now: datetime) -> Answer | None:
    """Return how a waiting comment was answered, or ``None`` if it waits still."""
    dice = Random(f"{seed}:{arrival.submission.comment_id}")
    moderator = dice.choice(MODERATORS)
    at = arrival.at + timedelta(minutes=moderator.median_minutes * dice.lognormvariate(0, 0.9))
    if at >= now or dice.random() < 0.06:
        return None
    wrong = dice.random() < moderator.error_share
    harmful = bool(arrival.labels) != wrong
    labels = (arrival.labels or (Label.ABUSE,)) if harmful else ()
    later = at + timedelta(hours=dice.uniform(0.5, 6))
    return Answer(
        by=moderator.username,
        at=at,
        decision=Decision.REJECT if harmful else Decision.APPROVE,
        labels=labels,
        overturned_at=later if wrong and later < now and dice.random() < 0.7 else None,
    )


def plan_second_answer(
    labels: tuple[Label, ...], *, first_by: str, key: str
) -> tuple[str, agreement.Answer]:
    """Return who looks again, never the same person, and what they say."""
    dice = Random(key)
    moderator = dice.choice([one for one in MODERATORS if one.username != first_by])
    wrong = dice.random() < moderator.error_share
    harmful = bool(labels) != wrong
    said = (labels or (Label.ABUSE,)) if harmful else ()
    decision = Decision.REJECT if harmful else Decision.APPROVE
    return moderator.username, agreement.Answer(decision, frozenset(said))


def _draw(dice: Random, lines: Sequence[Line], count: int) -> list[Line]:
    """Draw without repeating a line until all were used; then go round again."""
    drawn: list[Line] = []
    while lines and len(drawn) < count:
        drawn += dice.sample(lines, min(len(lines), count - len(drawn)))
    return drawn


def _moment(dice: Random, now: datetime) -> datetime:
    """Return a moment of the last seven days, at an hour readers write."""
    local = now.astimezone(UTC) + timedelta(hours=_UTC_OFFSET)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        hour = dice.choices(range(24), _HOURS)[0]
        days = dice.randrange(8)
        at = midnight - timedelta(days=days) + timedelta(hours=hour, seconds=dice.uniform(0, 3600))
        if local - WEEK <= at < local:
            return at - timedelta(hours=_UTC_OFFSET)


def _submission(dice: Random, line: Line, seed: int, number: int) -> Submission:
    name = f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)}"
    return Submission(
        comment_id=f"demo-{seed}-{number}",
        text=line.text,
        article=line.story,
        author=Author(id=name.lower().replace(" ", "-"), name=name),
    )
