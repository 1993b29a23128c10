"""A moderator's shift in a real browser: by keyboard alone, with a way back, and in company."""

import re
from collections.abc import Callable, Iterator

import pytest
import tenacity
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import call, log_in, wait_for_a_person
from tests.browser.service import Service, running

ITEMS = 20
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with an empty queue, which every test here leaves empty again."""
    with running(tmp_path_factory.mktemp("shift"), MODERATION_UNDO_S="20") as service:
        yield service


def decide(page: Page, act: Callable[[], None]) -> None:
    """Do something that opens another comment or the list, and wait until it is there."""
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)


@tenacity.retry(stop=tenacity.stop_after_delay(60), wait=tenacity.wait_fixed(0.5), reraise=True)
def heard(service: Service, after: str, count: int) -> list[dict[str, object]]:
    """What a polling site has read when it has read so many decisions."""
    found: list[dict[str, object]] = call(service, f"/v1/decisions?after={after}")["decisions"]
    assert len(found) == count
    return found


def is_empty(page: Page) -> None:
    expect(page.get_by_role("heading", name="0 komentar menunggu")).to_be_visible()


def test_a_shift_of_twenty_comments_needs_the_keyboard_alone(
    logged_in: Page, service: Service, complaints: list[str]
) -> None:
    for number in range(ITEMS):
        wait_for_a_person(service, f"Nomor {number}.")
    page, keys = logged_in, logged_in.keyboard
    page.reload()

    decide(page, lambda: keys.press("m"))
    for number in range(ITEMS):
        if number == 3:
            keys.press("c")
            keys.type("s 1 l u")
            keys.press("Escape")
        if number == 5:
            decide(page, lambda: keys.press("j"))
            decide(page, lambda: keys.press("k"))
        decide(page, lambda key="s12345"[number % 6]: keys.press(key))  # type: ignore[misc]

    is_empty(page)
    decisions = heard(service, "0", ITEMS)
    assert [one["decision"] for one in decisions].count("approve") == 4
    assert {one["note"] for one in decisions} == {"", "s 1 l u"}
    assert complaints == []


def test_the_list_is_worked_by_keyboard_too(
    logged_in: Page, service: Service, complaints: list[str]
) -> None:
    for number in range(3):
        wait_for_a_person(service, f"Baris {number}.")
    page, keys = logged_in, logged_in.keyboard
    page.reload()
    rows = page.locator("[data-row]")

    keys.press("l")
    expect(rows.nth(0)).to_contain_text("Anda lewati")
    expect(rows.nth(1)).to_have_attribute("data-current", "")
    kept = rows.nth(0).locator(".comment-text").inner_text()
    keys.press("s")
    expect(rows).to_have_count(2)
    keys.press("2")
    expect(rows).to_have_count(1)
    assert rows.locator(".comment-text").inner_text() == kept
    keys.press("/")
    keys.type("1s")
    expect(page.get_by_role("searchbox")).to_have_value("1s")
    keys.press("Escape")
    keys.press("1")

    is_empty(page)
    assert complaints == []


def test_an_undone_decision_brings_the_comment_back(
    logged_in: Page, service: Service, complaints: list[str]
) -> None:
    item = wait_for_a_person(service, "Keputusan yang disesali.")
    page, keys = logged_in, logged_in.keyboard
    page.reload()
    decide(page, lambda: keys.press("m"))
    decide(page, lambda: keys.press("1"))
    expect(page.locator("[data-toast]")).to_contain_text("Komentar ditolak.")

    decide(page, lambda: keys.press("u"))

    expect(page).to_have_url(re.compile(item))
    expect(page.get_by_text("Keputusan dibatalkan.")).to_be_visible()
    expect(page.get_by_role("button", name="Urungkan")).to_have_count(0)
    keys.press("s")
    is_empty(page)
    assert complaints == []


def test_the_sheet_tells_every_key_and_keeps_the_others_still(
    logged_in: Page, service: Service
) -> None:
    wait_for_a_person(service, "Lembar tombol.")
    page, keys = logged_in, logged_in.keyboard
    page.reload()

    keys.press("?")
    sheet = page.get_by_role("dialog", name="Tombol papan ketik")
    expect(sheet).to_be_visible()
    keys.press("s")
    expect(page.locator("[data-row]")).to_have_count(1)
    told = {text.lower() for text in sheet.locator("dt kbd").all_inner_texts()}
    keys.press("Escape")
    expect(sheet).to_be_hidden()
    decide(page, lambda: keys.press("m"))
    used = page.eval_on_selector_all("[data-key]", "all => all.map((one) => one.dataset.key)")

    assert set(used) <= told
    assert len(used) == len(set(used))
    keys.press("s")
    is_empty(page)


def test_a_saved_note_is_put_in_with_a_press(
    logged_in: Page, service: Service, complaints: list[str]
) -> None:
    wait_for_a_person(service, "Catatan tersimpan.")
    page = logged_in
    page.reload()
    decide(page, lambda: page.keyboard.press("m"))
    page.get_by_text("Catatan tersimpan", exact=True).click()
    page.get_by_label("Teks baru").fill("Sudah diperingatkan.")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.get_by_text("Catatan disimpan.").wait_for()

    page.get_by_text("Catatan tersimpan", exact=True).click()
    page.get_by_role("button", name="Sudah diperingatkan.", exact=True).click()

    expect(page.get_by_label("Catatan untuk redaksi")).to_have_value("Sudah diperingatkan.")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    is_empty(page)
    assert complaints == []


def test_pages_work_without_scripts(chromium: Browser, service: Service) -> None:
    wait_for_a_person(service, "Tanpa skrip.")
    context = chromium.new_context(base_url=service.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page, service.user, service.password)

    page.get_by_role("button", name="Mulai meninjau").click()
    page.get_by_role("button", name="Hinaan").first.click()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_text("Keputusan dibatalkan.")).to_be_visible()
    page.get_by_role("button", name="Terbitkan").click()

    is_empty(page)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_and_fits(
    chromium: Browser, service: Service, scheme: str, width: int
) -> None:
    item = wait_for_a_person(service, "𝐒𝐋𝐎𝐓 goblok <b>\u202e", parent={"text": "Induk."})
    context = chromium.new_context(
        base_url=service.url,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 740},
    )
    page = context.new_page()
    page.goto("/console/login")
    check(page)
    log_in(page, service.user, service.password)
    check(page)
    page.goto(f"/console/items/{item}")
    check(page)
    page.get_by_role("button", name="Ambil").first.click()
    page.locator("[data-countdown]").wait_for()
    check(page)
    page.keyboard.press("?")
    check(page)
    page.keyboard.press("Escape")
    page.get_by_text("Catatan tersimpan").click()
    page.get_by_text("Beberapa alasan sekaligus").click()
    check(page)
    page.keyboard.press("s")
    is_empty(page)
    check(page)
    page.goto(f"/console/items/{item}")
    check(page)
    page.goto("/console/entah")
    check(page)
    context.close()


@tenacity.retry(stop=tenacity.stop_after_delay(30), wait=tenacity.wait_fixed(0.2), reraise=True)
def reload_until_free(page: Page) -> None:
    """Wait for a lease to end on the server, which decides, not in somebody's page."""
    page.reload()
    assert page.get_by_role("button", name="Tinjau").count() == 1


def test_words_stay_veiled_until_somebody_means_to_read_them(
    logged_in: Page, service: Service, complaints: list[str]
) -> None:
    wait_for_a_person(service, "𝐒𝐋𝐎𝐓 goblok")
    page = logged_in
    page.locator(".who summary").click()
    page.get_by_role("button", name="Samarkan kata kasar").click()
    page.locator("body.veiled").wait_for()
    page.wait_for_load_state()
    decide(page, lambda: page.keyboard.press("m"))
    word = page.locator(".read-as .comment-text")
    veiled = word.evaluate("one => getComputedStyle(one).color")
    check(page)

    word.focus()

    assert word.evaluate("one => getComputedStyle(one).color") != veiled
    page.locator(".who summary").click()
    page.get_by_role("button", name="Perlihatkan kata kasar").click()
    page.locator("body:not(.veiled)").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("s")
    is_empty(page)
    assert complaints == []


def test_the_console_speaks_english_down_to_its_scripts(
    logged_in: Page, service: Service, complaints: list[str]
) -> None:
    wait_for_a_person(service, "In English, please.")
    page = logged_in
    page.locator(".who summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="1 comment waits")).to_be_visible()
    page.wait_for_load_state()
    decide(page, lambda: page.keyboard.press("m"))
    expect(page.locator("[data-countdown]")).to_contain_text("left")
    check(page)
    page.keyboard.press("1")
    expect(page.locator("[data-toast]")).to_contain_text("Comment rejected.")
    page.locator(".who summary").click()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    is_empty(page)
    assert complaints == []


def check(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow == 0


def test_two_moderators_and_a_lost_lease(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("company")
    with running(place, MODERATION_CONSOLE_LEASE_S="4") as service:
        password = service.add_person("tono", "Tono")
        wait_for_a_person(service, "Diperebutkan.")
        mine, theirs = (chromium.new_context(base_url=service.url).new_page() for _ in range(2))
        log_in(mine, service.user, service.password)
        log_in(theirs, "tono", password)
        # My connection fails: nothing renews my lease.
        mine.route("**/held/renew", lambda route: route.abort())
        decide(mine, lambda: mine.keyboard.press("m"))
        expect(mine.locator("[data-countdown]")).to_contain_text("masa pegang habis")

        reload_until_free(theirs)
        decide(theirs, lambda: theirs.keyboard.press("m"))
        mine.get_by_label("Catatan untuk redaksi").fill("kasar sekali")
        mine.get_by_role("button", name="Hinaan").first.click()
        conflict = mine.get_by_role("alert")
        expect(conflict).to_contain_text("Sedang dipegang Tono")
        expect(conflict).to_contain_text("kasar sekali")
        check(mine)
        decide(theirs, lambda: theirs.keyboard.press("s"))

        mine.reload()
        expect(mine.get_by_text("Sudah diterbitkan oleh Tono")).to_be_visible()
        decisions = heard(service, "0", 1)
        assert [(one["decision"], one["decided_by"]) for one in decisions] == [("approve", "tono")]
        mine.context.close()
        theirs.context.close()
