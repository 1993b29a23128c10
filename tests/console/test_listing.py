"""The list of waiting comments."""

import pytest

from moderation.domain.policy import Band
from tests.console.conftest import Browser, Submit
from tests.factories import FakeClock, FakeScorer, a_policy, a_submission


def test_the_queue_lists_what_waits_and_nothing_else(browser: Browser, submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")
    submit("c-2", "terima kasih beritanya")

    page = browser.open("/console/queue")

    assert "1 komentar menunggu" in page.text
    assert '<mark class="why why-abuse" title="Hinaan">goblok</mark>' in page.text
    assert "terima kasih beritanya" not in page.text


def test_an_empty_queue_says_so(browser: Browser) -> None:
    assert "Antrean bersih!" in browser.open("/console/queue").text


def test_the_queue_is_narrowed_by_label_section_and_site(browser: Browser, submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")
    submit("c-2", "ayo serbu rumahnya")

    assert "serbu" not in browser.open("/console/queue?label=abuse").text
    assert "goblok" in browser.open("/console/queue?label=abuse&section=Daerah&site=kabar").text
    assert "goblok" not in browser.open("/console/queue?section=Olahraga").text
    assert "goblok" not in browser.open("/console/queue?site=lain").text
    assert "2 komentar" in browser.open("/console/queue?label=ngawur&order=ngawur").text


def test_a_long_queue_goes_on_on_the_next_page(browser: Browser, submit: Submit) -> None:
    for number in range(27):
        submit(f"c-{number}", f"goblok nomor {number}")

    first = browser.open("/console/queue?order=oldest").text
    link = first.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.open(link).text

    assert (first.count("goblok</mark>"), second.count("goblok</mark>")) == (25, 2)


def test_a_cursor_of_nobodys_making_is_a_page_not_a_trace(browser: Browser) -> None:
    page = browser.open("/console/queue?cursor=xyz")

    assert page.status_code == 400
    assert "Permintaan tidak dapat dibaca" in page.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=SERBU", "serbu"),
        ("q=100%25", "goblok"),
        ("score=0.5", "serbu"),
        ("score=0.9&label=threat", None),
        ("age=1", "goblok"),
        ("age=6", None),
    ],
)
def test_the_queue_is_narrowed_by_words_score_and_age(
    browser: Browser, submit: Submit, clock: FakeClock, query: str, shown: str | None
) -> None:
    submit("c-1", "dasar goblok 100% kamu")
    clock.advance(hours=2)
    submit("c-2", "ayo serbu rumahnya")

    page = browser.open(f"/console/queue?{query}").text

    assert ("Tidak ada komentar yang cocok" in page) == (shown is None)
    assert shown is None or f"{shown}</mark>" in page


def test_a_percent_sign_in_a_search_is_no_wildcard(browser: Browser, submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")

    assert "Tidak ada komentar yang cocok" in browser.open("/console/queue?q=z%25k").text


def test_the_list_says_who_holds_how_many(browser: Browser, rival: Browser, submit: Submit) -> None:
    for number in range(2):
        submit(f"c-{number}", f"goblok nomor {number}")
    rival.open("/console/queue")
    rival.send("/console/next")

    assert "<bdi>Tono</bdi> 2" in browser.open("/console/queue").text


def test_a_row_decides_at_once_and_leads_back_to_the_list(browser: Browser, submit: Submit) -> None:
    body = submit("c-1", "dasar goblok")
    submit("c-2", "goblok juga", author=a_submission()["author"])
    browser.open("/console/queue?label=abuse")

    page = browser.send(
        f"/console/items/{body['queue_item']}/decision?label=abuse",
        version="1",
        decision="reject:abuse",
        take="1",
        back="1",
    )

    assert browser.path == "/console/queue"
    assert page.request.args["label"] == "abuse"
    assert "Komentar ditolak." in page.text
    assert "1 komentar menunggu" in page.text


def test_the_list_is_narrowed_to_comments_in_an_unknown_language(
    browser: Browser, submit: Submit, scorer: FakeScorer
) -> None:
    scorer.unknown = "pitäisi"
    submit("c-1", "goblok sekali kamu")
    submit("c-2", "pitäisi tietää")

    unknown = browser.open("/console/queue?language=unknown")
    assert "tietää" in unknown.text
    assert "sekali kamu" not in unknown.text
    known = browser.open("/console/queue?language=known")
    assert "tietää" not in known.text
    assert "sekali kamu" in known.text


def test_the_list_is_narrowed_by_what_spam_promotes_and_the_choice_is_saved(
    browser: Browser, submit: Submit, scorer: FakeScorer
) -> None:
    scorer.policy = a_policy(spam=Band(0.3, 0.99))
    submit("c-1", "slot gacor malam ini")
    submit("c-2", "dasar goblok kamu")

    page = browser.open("/console/queue?kind=judol").text
    assert "malam ini" in page
    assert "goblok" not in page
    assert '<option value="judol" selected>Judi online</option>' in page
    assert "Tidak ada komentar" in browser.open("/console/queue?kind=pinjol").text
    browser.send("/console/me/view?kind=judol&language=known")
    assert dict(browser.open("/console/").request.args) == {"kind": "judol", "language": "known"}
