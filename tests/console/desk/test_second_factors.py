import re

from tests.console.conftest import Browser
from tests.console.test_second_factor import switch_on
from tests.factories import FakeClock


def test_an_editor_lets_a_moderator_who_lost_their_device_back_in(
    editor: Browser, browser: Browser, stranger: Browser, clock: FakeClock
) -> None:
    switch_on(browser, clock)
    page = editor.open("/console/second-factors")
    found = re.search(r'action="(/console/second-factors/\d+/reset)"', page.text)
    assert found is not None

    assert "dicabut" in editor.send(found[1]).text

    assert browser.open("/console/queue").request.path == "/console/login"
    assert stranger.log_in("sari").request.path == "/console/queue"
    assert stranger.send(found[1]).status_code == 403
    assert editor.send(found[1]).status_code == 404


def test_an_editor_resets_no_administrator(
    editor: Browser, admin: Browser, clock: FakeClock
) -> None:
    switch_on(admin, clock)
    assert "Cabut</button>" not in editor.open("/console/second-factors").text
    own = re.search(r"/console/people/(\d+)\"[^>]*><bdi>Bos", admin.open("/console/people").text)
    assert own is not None

    page = editor.send(f"/console/second-factors/{own[1]}/reset")

    assert "hanya boleh dilakukan pengelola lain" in page.text
    assert "menyala sejak" in page.text
