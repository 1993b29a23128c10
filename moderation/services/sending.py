"""One HTTP request to a site's endpoint, which must not lead into the service's own network."""

import ipaddress
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

import urllib3

from moderation.domain.addresses import Address, is_public
from moderation.domain.delivery import Answer

TIMEOUT_S = 15.0

Resolve = Callable[[str, int], list[Address]]


class Sender(Protocol):
    """Sends a body and says what came of it."""

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one attempt; a failure is an answer too, never an exception."""


def resolve(host: str, port: int) -> list[Address]:
    """Return every address of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


@dataclass(frozen=True, slots=True)
class HttpSender:
    """Sends with urllib3 to the very address it has checked, so a name cannot change between.

    Redirects are not followed, proxies of the environment not used, the answer's body not read.
    """

    allow_private: bool = False
    timeout_s: float = TIMEOUT_S
    resolve: Resolve = resolve

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Make one attempt."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            addresses = self.resolve(host, port)
        except OSError as error:
            return Answer(None, f"{host} cannot be resolved: {error}")
        if not addresses:
            return Answer(None, f"{host} has no address")
        refused = [a for a in addresses if not (self.allow_private or is_public(a))]
        if refused:
            return Answer(None, f"{host} leads to {refused[0]}, which is not on the internet")
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        with _pool(parts.scheme, str(addresses[0]), port, host) as pool:
            return _post(pool, target, {"Host": parts.netloc, **headers}, body, self.timeout_s)


def _pool(scheme: str, address: str, port: int, host: str) -> urllib3.HTTPConnectionPool:
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address, port, maxsize=1, assert_hostname=host, server_hostname=host
        )
    return urllib3.HTTPConnectionPool(address, port, maxsize=1)


def _post(
    pool: urllib3.HTTPConnectionPool,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    timeout_s: float,
) -> Answer:
    try:
        response = pool.urlopen(
            "POST",
            target,
            body=body,
            headers=headers,
            redirect=False,
            retries=False,
            timeout=urllib3.Timeout(total=timeout_s),
            preload_content=False,
        )
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        return Answer(None, f"{type(error).__name__}: {error}"[:500])
    response.close()
    return Answer(response.status, retry_after=_retry_after(response))


def _retry_after(response: urllib3.BaseHTTPResponse) -> timedelta | None:
    try:
        seconds = urllib3.Retry().get_retry_after(response)
        return None if seconds is None else timedelta(seconds=seconds)
    except (urllib3.exceptions.InvalidHeader, OverflowError, ValueError):
        return None
