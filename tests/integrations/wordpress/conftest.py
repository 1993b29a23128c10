import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from moderation.app import create_app
from moderation.domain.decision import Decision, Source
from moderation.domain.delivery import Event
from moderation.domain.verdict import Label
from moderation.services import access, review, webhooks
from moderation.services.delivery import Courier
from moderation.services.review import Hold
from moderation.services.sending import HttpSender
from moderation.settings import Settings
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.sites import Scope, Site
from tests.conftest import SECRET
from tests.factories import MONDAY, FakeScorer
from tests.integrations.wordpress import wordpress as real_wordpress
from tests.integrations.wordpress.wordpress import WordPress


@dataclass(frozen=True)
class Service:
    """The service over real HTTP, its verdicts those of the fake scorer's words."""

    url: str
    key: str
    secret: str
    site: Site
    database: Database

    def deliver(self) -> int:
        """Send what waits, as `python -m moderation deliver` does."""
        return Courier(
            self.database,
            HttpSender(allow_private=True),
            Pseudonyms(SECRET),
            clock=lambda: datetime.now(UTC),
        ).deliver_due()


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPress]:
    missing = real_wordpress.missing()
    if missing:
        pytest.skip(f"WordPress cannot run here: install {', '.join(missing)} (Debian packages)")
    with real_wordpress.running() as site:
        yield site
        assert site.notices() == []


@pytest.fixture
def service(tmp_path: Path, migrated_sqlite: Path, wordpress: WordPress) -> Iterator[Service]:
    path = tmp_path / "moderation.db"
    shutil.copyfile(migrated_sqlite, path)
    settings = Settings(
        secret_key=SECRET,
        database_url=f"sqlite:///{path}",
        sqlite_synchronous="NORMAL",
        webhook_private=True,
    )
    app = create_app(settings, scorer=FakeScorer())
    database: Database = app.extensions["moderation"].database
    hook = f"{wordpress.url}/index.php?rest_route=/moderasi-balasan/v1/webhook"
    with database.writing() as tx:
        site = sites.add_site(tx, "kabar", now=MONDAY)
        key = access.issue_key(tx, site, list(Scope), note="WordPress", now=MONDAY)
        _, secret = webhooks.add_endpoint(
            tx,
            site,
            hook,
            list(Event),
            pseudonyms=Pseudonyms(SECRET),
            allow_http=True,
            now=MONDAY,
        )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    try:
        with _serving(server):
            service = Service(f"http://127.0.0.1:{server.server_port}", key, secret, site, database)
            connect(wordpress, service.url, key, secret)
            yield service
    finally:
        database.close()


class _serving:  # noqa: N801 - reads as a verb in its `with`
    def __init__(self, server: BaseWSGIServer) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def connect(wordpress: WordPress, url: str, key: str, secret: str = "") -> None:
    """Fill in the plugin's settings."""
    wordpress.php(
        "update_option( 'moderasi_balasan', "
        f"array( 'url' => '{url}', 'key' => '{key}', 'secret' => '{secret}' ) );"
    )


def decide(service: Service, decision: Decision) -> None:
    """Claim the one waiting comment and decide it, as a client of the queue does."""
    now = datetime.now(UTC)
    with service.database.writing() as tx:
        (record,) = review.claim(
            tx, Filter(), moderator="sari", count=1, lease=timedelta(minutes=1), now=now
        )
        assert record.item is not None
        review.decide(
            tx,
            record.item.id,
            Hold(version=record.item.version),
            site_id=None,
            decision=decision,
            labels=[Label.ABUSE],
            note="",
            source=Source.API,
            now=now,
        )
