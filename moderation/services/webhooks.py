"""Where a site wants its events: add, rotate the secret, disable, replay."""

import base64
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.delivery import Event
from moderation.errors import InvalidError, NotFoundError
from moderation.storage import outbox, webhooks
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from moderation.storage.webhooks import Endpoint

ROTATION_OVERLAP = timedelta(hours=24)


def add_endpoint(
    tx: sa.Connection,
    site: Site,
    url: str,
    events: Collection[Event],
    *,
    pseudonyms: Pseudonyms,
    allow_http: bool,
    now: datetime,
) -> tuple[int, str]:
    """Store an endpoint; return its id and its signing secret."""
    check_url(url, allow_http=allow_http)
    salt = secrets.token_hex(32)
    endpoint_id = webhooks.add(tx, site.id, url, events, salt=salt, now=now)
    return endpoint_id, signing_secret(pseudonyms, salt)


def check_url(url: str, *, allow_http: bool) -> None:
    """Refuse what could never be sent to; where the name leads is checked at every attempt."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise InvalidError(f"is not a URL: {error}", "/url") from error
    if parts.scheme not in ({"http", "https"} if allow_http else {"https"}) or not has_host:
        raise InvalidError("must be an https:// URL", "/url")
    if parts.username is not None or parts.fragment:
        raise InvalidError("must not hold a user name, password or fragment", "/url")


def signing_secret(pseudonyms: Pseudonyms, salt: str) -> str:
    """Return the secret a salt stands for, as Standard Webhooks writes it."""
    key = bytes.fromhex(pseudonyms.hash("webhook", salt))
    return "whsec_" + base64.b64encode(key).decode()


def rotate_secret(
    tx: sa.Connection, endpoint_id: int, *, pseudonyms: Pseudonyms, now: datetime
) -> str:
    """Give an endpoint a new secret and return it; both sign until the overlap is over."""
    endpoint = find_endpoint(tx, endpoint_id)
    salt = secrets.token_hex(32)
    webhooks.change_salt(tx, endpoint, salt, old_until=now + ROTATION_OVERLAP)
    return signing_secret(pseudonyms, salt)


def replay(tx: sa.Connection, endpoint_id: int, *, event_id: UUID | None, now: datetime) -> int:
    """Enable an endpoint and send again what was not delivered, or one event in any case."""
    endpoint = find_endpoint(tx, endpoint_id)
    count = outbox.replay(tx, endpoint.id, event_id=event_id, now=now)
    if event_id is not None and count == 0:
        raise NotFoundError(f"endpoint {endpoint_id} has no event {event_id} to send")
    webhooks.enable(tx, endpoint.id)
    return count


def remove_endpoint(tx: sa.Connection, endpoint_id: int) -> None:
    """Forget an endpoint and all that waits for it."""
    webhooks.remove(tx, find_endpoint(tx, endpoint_id).id)


def find_endpoint(tx: sa.Connection, endpoint_id: int) -> Endpoint:
    """Return an endpoint; raise ``NotFoundError`` if there is none with this id."""
    endpoint = webhooks.find(tx, endpoint_id)
    if endpoint is None:
        raise NotFoundError(f"no webhook endpoint has the id {endpoint_id}")
    return endpoint
