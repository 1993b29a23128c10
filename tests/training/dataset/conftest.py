"""A newsroom whose people decide comments, told in one line each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from moderation.domain.agreement import Answer
from moderation.domain.comment import Story, Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.reach import EVERYWHERE
from moderation.domain.verdict import Label
from moderation.services import review, second_look
from moderation.services.intake import Intake
from moderation.services.review import Hold
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer
from training.dataset.folder import Dataset
from training.dataset.making import Request, make

LATER = MONDAY + timedelta(days=30)


@dataclass
class Newsroom:
    """Each comment comes an hour after the one before; decisions follow by the minute."""

    database: Database
    site: Site
    intake: Intake
    now: datetime = MONDAY
    count: int = field(default=0)

    def comment(self, text: str) -> Any:
        """Take a comment in that waits for a person; return its queue item's record."""
        self.count += 1
        self.now += timedelta(hours=1)
        story = Story(title="Jalan desa diperbaiki", section="Daerah")
        submission = Submission(f"c-{self.count}", text, article=story)
        return self.intake.submit(self.site, submission, now=self.now)[0]

    def decide(self, record: Any, *labels: Label, by: str = "sari") -> None:
        """Decide at the console: reject for labels, else publish."""
        self.now += timedelta(minutes=1)
        with self.database.writing() as tx:
            review.claim_one(
                tx, record.item.id, moderator=by, lease=timedelta(minutes=5), now=self.now
            )
            review.decide(
                tx,
                record.item.id,
                Hold(moderator=by),
                site_id=None,
                decision=Decision.REJECT if labels else Decision.APPROVE,
                labels=labels,
                note="",
                source=Source.CONSOLE,
                now=self.now,
            )

    def hear(self, record: Any, decision: Decision, *labels: Label) -> None:
        """Take the site's own word."""
        self.now += timedelta(minutes=1)
        with self.database.writing() as tx:
            review.take_feedback(
                tx,
                self.site.id,
                record.comment.id,
                decision=decision,
                labels=labels,
                reporter="situs",
                now=self.now,
            )

    def look_again(self, record: Any, *labels: Label, by: str = "tono") -> None:
        """Give the second answer on a comment whose decision was drawn."""
        from moderation.storage import second_looks

        self.now += timedelta(minutes=1)
        answer = Answer(Decision.REJECT if labels else Decision.APPROVE, frozenset(labels))
        with self.database.writing() as tx:
            drawn = second_looks.find_drawn(tx, record.comment.id)
            assert drawn is not None
            second_look.give_answer(tx, drawn, answer, moderator=by, reach=EVERYWHERE, now=self.now)

    def dataset(self, *files: Path, **wanted: Any) -> Dataset:
        """Make a dataset of everything."""
        return make(Request(self.database, files, **{"until": LATER, **wanted}))


@pytest.fixture
def newsroom(database: Database, site: Site, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    monkeypatch.setattr(second_look, "is_drawn", lambda _id, _share: True)
    # Everything waits for a person.
    scorer = FakeScorer(words={"": {Label.ABUSE: 0.5}})
    return Newsroom(database, site, Intake(database, scorer, Pseudonyms("for-the-tests")))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, content: str) -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write
