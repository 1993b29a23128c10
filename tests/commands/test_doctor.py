import re

import pytest
from click.testing import CliRunner, Result

from moderation.commands import main
from moderation.commands.doctor import _WORDING
from moderation.storage import coral
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer


def examine(url: str, key: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["doctor", "--url", url, "--key", key, *more])


def test_a_sound_service_passes_every_check(
    served: str, api_key: str, akismet_key: str, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        coral.set_secret(tx, site, "a-signing-secret", now=MONDAY)

    result = examine(
        f"{served}/",
        api_key,
        "--akismet-key",
        akismet_key,
        "--coral-site",
        "kabar",
        "--coral-secret",
        "a-signing-secret",
    )

    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert "Semua 17 pemeriksaan lulus." in result.output


def test_wrong_keys_fail_with_advice_in_english(served: str, site: Site) -> None:
    result = examine(served, "mb_wrong", "--akismet-key", "0123456789ab", "--language", "en")

    assert result.exit_code == 1
    assert "✗ the API key is accepted: HTTP 401" in result.output
    assert "→ make one with `key add --scope akismet`" in result.output
    assert re.search(r"\d+ of \d+ checks failed\.", result.output)


def test_a_service_that_scores_nothing_fails(served: str, api_key: str, scorer: FakeScorer) -> None:
    scorer.broken = True

    result = examine(served, api_key)

    assert result.exit_code == 1
    assert "✗ komentar baik dinilai terbit: review" in result.output
    assert "✗ Perspective: skor diberikan: HTTP 503" in result.output


def test_a_silent_address_ends_the_examination() -> None:
    result = examine("http://127.0.0.1:1", "mb_key")

    assert result.exit_code == 1
    assert "1 dari 1 pemeriksaan gagal." in result.output


def test_an_address_without_a_scheme_is_refused() -> None:
    assert examine("moderasi.example", "mb_key").exit_code == 1


def test_both_languages_say_the_same_things() -> None:
    assert set(_WORDING["id"]) == set(_WORDING["en"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_wording_comes_with_advice(language: str) -> None:
    assert all(says and advice for says, advice in _WORDING[language].values())
