import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from standardwebhooks import Webhook

from moderation.commands import main
from moderation.domain.comment import Submission
from moderation.services.intake import Intake
from moderation.settings import Settings
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.conftest import SECRET
from tests.factories import MONDAY, FakeScorer
from tests.receiver import receiving

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return {
        "MODERATION_SECRET_KEY": SECRET,
        "MODERATION_DATABASE_URL": settings.database_url,
        "MODERATION_WEBHOOK_PRIVATE": "1",
    }


def run(environ: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, ["webhook", *words], env=environ)


def test_an_endpoint_is_added_listed_rotated_and_removed(
    environ: dict[str, str], site: Site
) -> None:
    added = run(environ, "add", "--site", site.name, "--url", "https://kabar.example/hook").output
    listed = run(environ, "list").output
    rotated = run(environ, "rotate", "1").output
    run(environ, "remove", "1")

    secret = re.fullmatch(r"1\t(whsec_\S+)\n", added)
    assert secret is not None
    assert "https://kabar.example/hook" in listed
    assert "whsec_" not in listed
    assert rotated.startswith("whsec_")
    assert rotated.strip() != secret[1]
    assert run(environ, "list").output == ""


def test_an_endpoint_is_checked_from_the_services_side(environ: dict[str, str], site: Site) -> None:
    with receiving() as receiver:
        added = run(environ, "add", "--site", site.name, "--url", receiver.url)
        good = run(environ, "check", "1")
        walled = run({**environ, "MODERATION_WEBHOOK_PRIVATE": "0"}, "check", "1")

    (request,) = receiver.requests
    event = Webhook(added.output.split()[1]).verify(request.body, dict(request.headers))
    assert (event["type"], event["data"]) == ("endpoint.checked", {})
    assert (good.exit_code, walled.exit_code) == (0, 1)
    assert "not on the internet" in walled.output
    assert run(environ, "log").output == ""


def test_what_cannot_be_done_is_said_in_one_line(environ: dict[str, str], site: Site) -> None:
    unknown_site = run(environ, "add", "--site", "tiada", "--url", "https://kabar.example")
    wrong_url = run(environ, "add", "--site", site.name, "--url", "kabar.example")
    unknown_id = run(environ, "replay", "7")

    assert "no site 'tiada'" in unknown_site.output
    assert "must be an https:// URL" in wrong_url.output
    assert "no webhook endpoint has the id 7" in unknown_id.output


def test_the_worker_sends_logs_and_ends_cleanly_on_sigterm(
    environ: dict[str, str], site: Site, database: Database, scorer: FakeScorer
) -> None:
    with receiving() as receiver:
        run(environ, "add", "--site", site.name, "--url", receiver.url)
        Intake(database, scorer, Pseudonyms(SECRET)).submit(
            site, Submission("c-1", "dasar goblok"), now=MONDAY
        )
        worker = subprocess.Popen(
            [sys.executable, "-m", "moderation", "deliver"], env=environ, cwd=ROOT
        )
        assert receiver.wait_for(1)
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(30) == 0
    assert "comment.queued\tc-1\tdelivered\t204" in run(environ, "log").output
    assert "delivered=1" in run(environ, "list").output
    assert run(environ, "replay", "1").output == "0 deliveries wait to be sent.\n"
