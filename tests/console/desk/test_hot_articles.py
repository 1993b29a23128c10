"""Hot articles: a banner for everybody, and an editor's way to relax them."""

import pytest
from flask.testing import FlaskClient

from tests.console.conftest import Browser, Submit
from tests.factories import FakeClock

BANNER = "1 artikel sedang ramai"
PATH = "/console/hot-articles"


@pytest.fixture
def surge(client: FlaskClient, headers: dict[str, str], submit: Submit, clock: FakeClock) -> None:
    """An article that got more comments than the rule lets pass."""
    body = {"mode": "on", "parameters": {"comments": 3, "step": 0.5}}
    client.put("/v1/rules/hot_article", json=body, headers=headers)
    for number in range(4):
        submit(f"c-{number}", "Jalan desa rusak", article={"id": "a-1", "title": "Jalan <b>desa"})
        clock.advance(seconds=11)


def test_everybody_sees_a_hot_article_until_it_is_calm(
    browser: Browser, surge: None, clock: FakeClock
) -> None:
    assert BANNER in browser.open("/console/queue").text
    page = browser.open(PATH).text
    assert "Jalan &lt;b&gt;desa" in page
    assert "Longgarkan sekarang" not in page

    clock.advance(hours=1)

    assert BANNER not in browser.open("/console/queue").text


def test_an_editor_relaxes_an_article_and_takes_that_back(
    editor: Browser, surge: None, submit: Submit, clock: FakeClock
) -> None:
    def rules(number: int) -> list[str]:
        article = {"id": "a-1", "title": "Jalan desa"}
        stored = submit(f"d-{number}", "Jalan desa rusak", article=article)
        clock.advance(seconds=11)
        return [match["kind"] for match in stored["rules"]]

    assert rules(1) == ["hot_article"]
    editor.open(PATH)

    told = editor.send(PATH, site="1", article="a-1", calm="1").text
    assert "dilonggarkan sampai" in told
    assert BANNER not in told
    assert rules(2) == []

    editor.send(PATH, site="1", article="a-1", calm="0")
    assert rules(3) == ["hot_article"]
    assert BANNER in editor.open("/console/queue").text


def test_only_editors_relax_and_only_what_is_hot(
    browser: Browser, editor: Browser, surge: None
) -> None:
    browser.open(PATH)
    assert browser.send(PATH, site="1", article="a-1", calm="1").status_code == 403
    editor.open(PATH)
    assert "sudah tidak ramai" in editor.send(PATH, site="1", article="a-9", calm="1").text
    assert editor.send(PATH, site="9", article="a-1", calm="1").status_code == 404
    assert editor.send(PATH, site="1", article="", calm="1").status_code == 400


def test_a_rule_that_only_observes_shows_no_banner(
    browser: Browser, surge: None, client: FlaskClient, headers: dict[str, str]
) -> None:
    client.post("/v1/rules/hot_article/mode", json={"mode": "observe"}, headers=headers)

    assert BANNER not in browser.open("/console/queue").text
