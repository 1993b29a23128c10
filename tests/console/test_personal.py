"""How each person likes their console."""

from typing import Any

from tests.console.conftest import Browser, Submit, item_path


def test_the_console_begins_with_the_saved_view(
    browser: Browser, rival: Browser, submit: Submit
) -> None:
    browser.open("/console/queue?label=abuse")
    browser.send("/console/me/view?label=abuse&score=0.7")

    browser.open("/console/")
    rival.open("/console/")

    assert dict(browser.page.request.args) == {"label": "abuse", "score": "0.7"}
    assert dict(rival.page.request.args) == {}


def test_a_note_is_kept_offered_and_forgotten(
    browser: Browser, rival: Browser, held: dict[str, Any]
) -> None:
    page = browser.send("/console/me/replies", text="Peringatan <kedua>", here=item_path(held))
    assert browser.path == item_path(held)
    assert 'data-reply="Peringatan &lt;kedua&gt;"' in page.text
    assert "Peringatan" not in rival.open(item_path(held)).text

    page = browser.send(
        "/console/me/replies/forget", text="Peringatan <kedua>", here=item_path(held)
    )

    assert "Peringatan" not in page.text


def test_marked_words_are_veiled_for_one_person(
    browser: Browser, rival: Browser, held: dict[str, Any]
) -> None:
    browser.send("/console/me/veil", veil="1", here=item_path(held))

    assert '<body class="veiled">' in browser.page.text
    assert 'class="veiled"' not in rival.open(item_path(held)).text
    assert "<body>" in browser.send("/console/me/veil", veil="0", here=item_path(held)).text


def test_a_preference_leads_nowhere_outside_the_console(browser: Browser) -> None:
    browser.open("/console/queue")
    answer = browser.client.post(
        "/console/me/veil",
        data={"csrf_token": browser.token, "veil": "1", "here": "//jahat.example/console/"},
    )

    assert answer.headers["Location"] == "/console/"
