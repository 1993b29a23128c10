import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from moderation.commands import main
from moderation.settings import Settings
from tests.conftest import SECRET
from tests.factories import a_submission


@pytest.fixture
def stored(client: FlaskClient, headers: dict[str, str]) -> None:
    client.post("/v1/comments", json=a_submission("Beritanya bagus sekali"), headers=headers)


def run(settings: Settings, *words: str) -> Result:
    environ = {
        "MODERATION_SECRET_KEY": SECRET,
        "MODERATION_DATABASE_URL": settings.database_url,
    }
    return CliRunner().invoke(main, list(words), env=environ)


@pytest.mark.usefixtures("stored")
def test_a_person_s_comments_are_exported_and_then_erased(settings: Settings) -> None:
    who = ("--email", "budi@surat.example")

    exported = json.loads(run(settings, "export", *who).output)
    erased = run(settings, "erase", *who, "--yes")

    assert [comment["text"] for comment in exported["comments"]] == ["Beritanya bagus sekali"]
    assert erased.output == "1 comment was erased.\n"
    assert json.loads(run(settings, "export", *who).output) == {"comments": []}
    assert run(settings, "verify-audit").exit_code == 0


@pytest.mark.usefixtures("stored")
def test_nothing_is_erased_without_a_yes(settings: Settings) -> None:
    assert run(settings, "erase", "--email", "budi@surat.example").exit_code == 1

    assert "bagus" in run(settings, "export", "--email", "budi@surat.example").output


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--author", "u-3"),
        ("--author", "u-3", "--site", "tidak-ada"),
        ("--author", "u-3", "--site", "kabar", "--email", "budi@surat.example"),
    ],
)
def test_a_person_must_be_named_exactly(settings: Settings, words: tuple[str, ...]) -> None:
    assert run(settings, "export", *words).exit_code == 2
    refused = run(settings, "erase", *words)
    assert refused.exit_code == 2
    assert "Erase them?" not in refused.output


@pytest.mark.usefixtures("stored")
def test_retain_says_what_it_erased(settings: Settings) -> None:
    answer = run(settings, "retain")

    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        "text: 0",
        "author: 0",
        "delivered: 0",
        "campaign: 0",
    ]


def test_days_of_nothing_mean_for_ever(settings: Settings) -> None:
    read = Settings.from_environ(
        {
            "MODERATION_SECRET_KEY": SECRET,
            "MODERATION_KEEP_TEXT_DAYS": "0",
            "MODERATION_KEEP_AUTHOR_DAYS": "30",
        }
    )

    assert read.keep_text_days is None
    assert read.keep_author_days == timedelta(days=30)
