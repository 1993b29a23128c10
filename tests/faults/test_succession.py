"""A new champion, a rollback and a broken champion, while comments come in all the time."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from moderation.classifier.artifact import MODEL, load_version
from moderation.classifier.scorer import Weights
from moderation.domain.comment import Story, as_passage
from moderation.domain.policy import Band, Policy
from moderation.domain.verdict import LABELS
from moderation.storage.engine import Database
from moderation.storage.schema import comments
from tests.classifier.conftest import policy as policy
from tests.classifier.conftest import weights as weights
from tests.factories import a_submission
from tests.faults.server import Server, serving
from tests.faults.test_kills import until_answered
from training import bundle

CLIENTS = 6
WORKERS = 2
ENOUGH_IN_A_ROW = 40
TEXT = "ayo main slot gacor"
Told = tuple[str, str, float, float]


@dataclass
class Crowd:
    """Clients that submit without a pause, and everything they were answered."""

    server: Server
    ends: threading.Event = field(default_factory=threading.Event)
    told: list[Told] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)

    def submit(self, client: int) -> None:
        number = 0
        while not self.ends.is_set():
            number += 1
            sent = a_submission(TEXT, comment_id=f"c-{client}-{number}")
            try:
                status, body = self.server.post("/v1/comments", sent)
            except OSError as error:
                self.wrong.append(error)
                continue
            if status != 201:
                self.wrong.append((status, body))
                continue
            spam = next(one for one in body["reasons"] if one["label"] == "spam")
            versions = body["model_version"], body["policy_version"]
            self.told.append((*versions, spam["score"], spam["threshold"]))

    def wait_until_all_name(self, version: str) -> None:
        """Wait until so many answers in a row named a version that every worker must have it."""
        for _ in range(1200):
            begun = len(self.told)
            while len(self.told) < begun + ENOUGH_IN_A_ROW and not self.wrong:
                self.ends.wait(0.01)
            if self.wrong or all(one[0] == version for one in self.told[begun:]):
                return
        raise AssertionError(f"{version} does not serve")


@contextmanager
def crowd(server: Server) -> Iterator[Crowd]:
    members = Crowd(server)
    with ThreadPoolExecutor(CLIENTS) as pool:
        work = [pool.submit(members.submit, number) for number in range(CLIENTS)]
        try:
            yield members
        finally:
            members.ends.set()
    for one in work:
        one.result()


@pytest.fixture
def models(tmp_path: Path, weights: Weights, policy: Policy) -> Path:
    """Two sound versions that score and decide differently, and one that was damaged."""
    folder = tmp_path / "models"
    now = datetime.now(UTC)
    bolder = replace(weights, offset=np.full(len(LABELS), 1.5, np.float32))
    bands = {label: Band(0.2, 0.8) for label in LABELS}
    bundle.save(folder / "first", weights, replace(policy, version="first"), {}, created=now)
    for name in ("second", "broken"):
        bundle.save(folder / name, bolder, Policy(name, bands), {}, created=now)
    (folder / "broken" / MODEL).write_bytes(b"not what the manifest describes")
    bundle.point_at(folder, "first")
    return folder


def expected(models: Path, version: str) -> Told:
    scorer = load_version(models, version)
    given = a_submission()["article"]
    passage = as_passage(TEXT, Story(title=given["title"], section=given["section"]), "")
    score = scorer.read([passage])[0].scores[LABELS[0]]
    band = scorer.policy.bands[LABELS[0]]
    reached = band.reject if band.reject is not None and score >= band.reject else band.review
    return version, scorer.policy.version, score, reached


def test_a_worker_that_starts_late_begins_with_the_champion_of_the_day(
    database_url: str, api_key: str, tmp_path: Path, models: Path
) -> None:
    server = Server(database_url, api_key, tmp_path, serves="wsgi:app")
    server.environ |= {"MODERATION_MODELS_DIR": str(models), "WEB_CONCURRENCY": "1"}
    with serving(server):
        bundle.point_at(models, "second")
        server.wait_for_line("champion second serves in the place of first")
        server.kill_worker(0)

        _, body = until_answered(lambda: server.post("/v1/comments", a_submission(TEXT)), {201})

    assert body["model_version"] == "second"


def test_promotion_and_rollback_under_load_lose_nothing_and_mix_nothing(
    database_url: str, database: Database, api_key: str, tmp_path: Path, models: Path
) -> None:
    place = tmp_path / "counts"
    place.mkdir()
    server = Server(database_url, api_key, place, serves="wsgi:app")
    server.environ["MODERATION_MODELS_DIR"] = str(models)
    with serving(server), crowd(server) as members:
        members.wait_until_all_name("first")
        bundle.point_at(models, "second")
        members.wait_until_all_name("second")
        bundle.point_at(models, "broken")
        server.wait_for_line("new champion refused, second serves on", count=WORKERS)
        bundle.point_at(models, "first")
        members.wait_until_all_name("first")

    assert members.wrong == []
    right = {expected(models, "first"), expected(models, "second")}
    assert {told[:2] for told in members.told} == {told[:2] for told in right}
    for told in members.told:
        assert any(told == pytest.approx(one, abs=1e-6) for one in _of(told, right)), told
    assert _stored(database) == sorted(told[:2] for told in members.told)


def _of(told: Told, right: set[Told]) -> list[tuple[Any, ...]]:
    return [one for one in right if one[:2] == told[:2]]


def _stored(database: Database) -> list[tuple[str, str]]:
    with database.reading() as tx:
        rows = tx.execute(sa.select(comments.c.model_version, comments.c.policy_version)).all()
    return sorted((row.model_version, row.policy_version) for row in rows)
