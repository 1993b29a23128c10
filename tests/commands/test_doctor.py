import base64
import re

import pytest
from click.testing import CliRunner, Result
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from moderation.commands import main
from moderation.commands.doctor import _WORDING
from moderation.storage import coral
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer
from tests.receiver import Request, receiving


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


SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


def test_a_webhook_that_checks_signatures_passes(served: str, api_key: str) -> None:
    def answer(request: Request) -> tuple[int, dict[str, str]]:
        try:
            Webhook(SECRET).verify(request.body, dict(request.headers))
        except WebhookVerificationError:
            return 401, {}
        return 204, {}

    with receiving() as receiver:
        receiver.answer = answer
        result = examine(served, api_key, "--webhook-url", receiver.url, "--webhook-secret", SECRET)

    assert result.exit_code == 0, result.output
    assert "✓ alamat webhook situs menerima" in result.output
    assert "✓ webhook asing ditolak situs" in result.output


def test_a_webhook_that_takes_anything_or_nothing_fails(served: str, api_key: str) -> None:
    with receiving() as receiver:
        open_ = examine(served, api_key, "--webhook-url", receiver.url, "--webhook-secret", SECRET)
    away = examine(served, api_key, "--webhook-url", receiver.url, "--webhook-secret", SECRET)
    garbled = examine(served, api_key, "--webhook-url", receiver.url, "--webhook-secret", "rahasia")

    assert "✗ webhook asing ditolak situs: HTTP 204" in open_.output
    assert "✗ alamat webhook situs menerima" in away.output
    assert "the secret is not of the form whsec_" in garbled.output
    assert {open_.exit_code, away.exit_code, garbled.exit_code} == {1}


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
