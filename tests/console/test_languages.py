"""The console in English, by a switch."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from flask import Flask

from moderation import console
from moderation.console import wording
from moderation.console.desk import audit, overview, people, rule_settings, rules, webhooks
from moderation.console.desk.access import ENTRIES
from moderation.console.languages import ENGLISH, say, speak
from moderation.console.navigation import LINKS
from tests.console.conftest import Browser, Submit, item_path
from tests.factories import PASSWORD

PACKAGE = Path(str(console.__file__)).parent
PAGES = sorted((PACKAGE / "templates").rglob("*.html"))
SPEAKING = ("flash", "say")
NAMES_ALIKE = {f"base.html: {name}" for name in ("Moderasi Balasan", "English", "Bahasa Indonesia")}


def phrases() -> Iterator[str]:
    """Every phrase of the pages this package is made of."""
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        yield from re.findall(r"\b_\(\"([^\"]+)\"", page)
        yield from re.findall(r"\b_\('([^']+)'", page)
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in SPEAKING:
                yield from (str(one.value) for one in call.args[:1] if is_text(one))
    for names in (wording.LABEL_NAMES, wording.SHORT_LABEL_NAMES, wording.LABEL_RULES):
        yield from names.values()
    yield from wording.SPAM_KIND_NAMES.values()
    yield from wording.VERDICT_NAMES.values()
    yield from wording.DECISION_NAMES.values()
    yield from wording.SOURCE_NAMES.values()
    yield from (link.label for link in LINKS)
    yield from (words for _, words, _ in ENTRIES)
    for of_audit in (audit.ACT_NAMES, audit.DETAIL_NAMES):
        yield from of_audit.values()
    yield from people.ROLE_NAMES.values()
    yield from webhooks.STATE_NAMES.values()
    for of_rules in (rules.KIND_NAMES, rules.EFFECT_NAMES, rules.MODE_NAMES):
        yield from of_rules.values()
    yield from rule_settings.PARAMETER_NAMES.values()
    for _, words in (*overview.VERDICT_SERIES, *overview.DECISION_SERIES):
        yield words


def is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_phrase_has_its_english() -> None:
    found = set(phrases())

    assert len(found) > 100
    assert found - set(ENGLISH) == set()


def test_english_phrases_take_the_same_values() -> None:
    for phrase, english in ENGLISH.items():
        assert set(re.findall(r"{\w+}", phrase)) == set(re.findall(r"{\w+}", english)), phrase


def test_a_person_speaks_english_here_and_after_the_next_login(
    browser: Browser, rival: Browser, submit: Submit
) -> None:
    body = submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    page = browser.send("/console/me/language", language="en", here=item_path(body))
    assert '<html lang="en">' in page.text
    assert "Nobody holds this comment." in page.text

    browser.send("/console/logout")
    browser.log_in("sari", PASSWORD)

    assert "1 comment waits" in browser.page.text
    assert "1 komentar menunggu" in rival.open("/console/queue").text


def test_a_language_nobody_speaks_here_is_refused(browser: Browser) -> None:
    browser.open("/console/queue")

    assert browser.send("/console/me/language", language="xx").status_code == 400


def test_values_in_a_phrase_are_escaped(app: Flask) -> None:
    with app.test_request_context("/console/queue"):
        speak("en")

        assert say("pada {title}", title="<b>") == "on &lt;b&gt;"


@pytest.mark.parametrize("phrase", ["belum diterjemahkan", "{tanpa nilai}"])
def test_a_phrase_without_english_stays_indonesian(app: Flask, phrase: str) -> None:
    with app.test_request_context("/console/queue"):
        speak("en")

        assert say(phrase) == phrase


def test_no_words_of_a_page_pass_the_dictionary_by() -> None:
    """Words between two tags that pass the dictionary by would stay Indonesian in English."""
    bare = {
        f"{path.name}: {words.strip()}"
        for path in PAGES
        for words in re.findall(r">([^<>{}]*[a-z]{3}[^<>{}]*)<", _without_code(path))
    }

    assert bare - NAMES_ALIKE == set()


def _without_code(path: Path) -> str:
    page = path.read_text(encoding="utf-8")
    page = re.sub(r"{#.*?#}|{%.*?%}", "", page, flags=re.DOTALL)
    return re.sub(r"<(code|script)\b.*?</\1>", "", page, flags=re.DOTALL)
