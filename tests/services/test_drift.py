from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from moderation.domain.drift import PRESENT, REFERENCE, Kind, Measure, histogram
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.domain.scorer import Origin, Passage, Reading
from moderation.domain.verdict import LABELS, Label
from moderation.services.changes import ChangeWatch
from moderation.services.drift import measure
from moderation.storage import sites
from moderation.storage.drift import Place
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeClock, FakeScorer, a_submission
from tests.storage.many_comments import add_comments

ENOUGH = 30
LATER = MONDAY + timedelta(days=30)
NOW = LATER + timedelta(days=2)
CALM = ["harga beras naik"] * ENOUGH
ALL = Place(EVERYWHERE)


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("moderation.domain.drift", "moderation.services.drift"):
        monkeypatch.setattr(f"{module}.FEWEST_COMMENTS", ENOUGH)
    monkeypatch.setattr("moderation.domain.drift.FEWEST_DECISIONS", 3)


class Learned(FakeScorer):
    """Knows every word but one."""

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        def share(text: str) -> float:
            words = text.split()
            return 1 - words.count("mawar88") / len(words)

        readings = super().read(passages)
        return [
            replace(reading, known_share=share(passage.text))
            for reading, passage in zip(readings, passages, strict=True)
        ]


def look(
    database: Database, scorer: FakeScorer, place: Place = ALL, *, now: datetime = NOW
) -> dict[tuple[Kind, str], Measure]:
    with database.reading() as tx:
        return {(one.kind, one.name): one for one in measure(tx, scorer, place, now=now)}


def warnings(found: dict[tuple[Kind, str], Measure]) -> set[tuple[Kind, str]]:
    return {named for named, one in found.items() if one.warns}


def test_comments_like_those_of_the_first_days_do_not_warn(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    with database.writing() as tx:
        add_comments(tx, site, CALM, since=MONDAY)
        add_comments(tx, site, CALM, since=LATER)

    found = look(database, scorer)

    assert warnings(found) == set()
    assert found[Kind.SCORES, "spam"].now == 0.0
    assert found[Kind.FOLDED, ""].now == 0.0


def test_a_wave_of_disguised_spam_warns_by_scores_letters_and_words(
    database: Database, site: Site
) -> None:
    wave = ["m.a.i.n di mawar88"] * ENOUGH
    with database.writing() as tx:
        add_comments(tx, site, CALM, since=MONDAY)
        add_comments(tx, site, CALM, since=LATER)
        add_comments(tx, site, wave, since=LATER, scores={Label.SPAM: 0.95})

    found = look(database, Learned())

    assert warnings(found) == {(Kind.SCORES, "spam"), (Kind.FOLDED, ""), (Kind.UNKNOWN, "")}
    assert found[Kind.UNKNOWN, ""].now == pytest.approx(1 / 6)


def test_the_first_days_of_a_model_say_nothing_yet(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    with database.writing() as tx:
        add_comments(tx, site, CALM * 2, since=MONDAY)

    found = look(database, scorer, now=MONDAY + REFERENCE)

    assert {one.now for one in found.values()} == {None}


def test_other_models_sites_and_times_are_left_out(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    wave = {Label.SPAM: 0.95}
    with database.writing() as tx:
        other = sites.add_site(tx, "lain", now=MONDAY)
        for one in (site, other):
            add_comments(tx, one, CALM, since=MONDAY)
        add_comments(tx, site, CALM, since=LATER)
        add_comments(tx, other, CALM, since=LATER, scores=wave)
        add_comments(tx, site, CALM, since=LATER, scores=wave, version="fake-0")
        add_comments(tx, site, CALM, since=LATER - PRESENT, scores=wave)

    mine = Place(Reach.of([(site.id, "")]))
    assert warnings(look(database, scorer, mine)) == set()
    assert warnings(look(database, scorer, Place(EVERYWHERE, other.id))) == {(Kind.SCORES, "spam")}


def test_histograms_of_the_manifest_stand_in_for_the_first_days(
    database: Database, site: Site
) -> None:
    spread = {label: histogram([0.95] * ENOUGH) for label in LABELS}
    scorer = FakeScorer(origin=Origin(MONDAY, spread))
    with database.writing() as tx:
        add_comments(tx, site, CALM, since=MONDAY)

    found = look(database, scorer, now=MONDAY + timedelta(days=1))

    assert warnings(found) == {(Kind.SCORES, label.value) for label in LABELS}


def test_a_scorer_that_fails_costs_one_figure(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    with database.writing() as tx:
        add_comments(tx, site, CALM, since=MONDAY)
        add_comments(tx, site, CALM, since=LATER)
    scorer.broken = True

    found = look(database, scorer)

    assert found[Kind.UNKNOWN, ""].now is None
    assert found[Kind.FOLDED, ""].now == 0.0


def test_what_people_publish_is_set_against_what_the_scores_promised(
    client: FlaskClient,
    headers: dict[str, str],
    database: Database,
    scorer: FakeScorer,
    clock: FakeClock,
) -> None:
    for number in range(4):
        sent = a_submission("dasar goblok", comment_id=f"c-{number}")
        client.post("/v1/comments", json=sent, headers=headers)
    asked = {"moderator": "sari", "count": 4, "lease_s": 600}
    items = client.post("/v1/queue/claim", json=asked, headers=headers).get_json()["items"]
    for item in items:
        client.post(
            f"/v1/queue/{item['id']}/decision",
            json={"decision": "approve", "version": item["version"]},
            headers=headers,
        )
    again = {"decision": "reject", "labels": ["abuse"], "reporter": "tono"}
    first = items[0]["comment"]["id"]
    answer = client.post(f"/v1/comments/{first}/feedback", json=again, headers=headers)
    assert answer.status_code < 300
    clock.advance(hours=1)

    found = look(database, scorer, now=clock())

    abuse = found[Kind.OVERTURNED_LABEL, "abuse"]
    assert (abuse.now, abuse.before, abuse.count) == (0.75, 0.5, 4)
    assert warnings(found) == {
        (Kind.OVERTURNED_LABEL, "abuse"),
        (Kind.OVERTURNED_SECTION, "Daerah"),
    }


def test_a_look_is_remembered_for_a_while_by_place_and_model(
    database: Database, site: Site, scorer: FakeScorer, clock: FakeClock
) -> None:
    watch = ChangeWatch()

    def seen(place: Place) -> datetime:
        with database.reading() as tx:
            return watch.look(tx, scorer, place, now=clock()).at

    first = seen(ALL)
    clock.advance(minutes=9)
    assert seen(ALL) == first
    assert seen(Place(EVERYWHERE, site.id)) == clock()
    clock.advance(minutes=1)
    assert seen(ALL) == clock()
    clock.advance(minutes=1)
    scorer.version = "fake-2"
    assert seen(ALL) == clock()
