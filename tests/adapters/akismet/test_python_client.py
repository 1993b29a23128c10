"""The `akismet` package from PyPI, unchanged; only its transport is pointed at us."""

import akismet
import httpx
import pytest

BLOG = "https://kabar.example"


class _Redirected(httpx.HTTPTransport):
    """Sends what is meant for Akismet's host to another address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = httpx.URL(address)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request on, path and body untouched."""
        request.url = request.url.copy_with(
            scheme=self._address.scheme, host=self._address.host, port=self._address.port
        )
        return super().handle_request(request)


def a_client(served: str, key: str) -> akismet.SyncClient:
    return akismet.SyncClient(
        config=akismet.Config(key=key, url=BLOG),
        http_client=httpx.Client(transport=_Redirected(served), timeout=10),
    )


def test_every_call_that_sends_its_key_works(served: str, akismet_key: str) -> None:
    with a_client(served, akismet_key) as client:
        ham = client.comment_check("192.0.2.7", comment_content="Terima kasih, lengkap.")
        spam = client.comment_check("192.0.2.7", comment_content="slot gacor")
        told = client.submit_ham("192.0.2.7", comment_content="slot gacor")
        told_too = client.submit_spam("192.0.2.7", comment_content="Terima kasih, lengkap.")
        usage = client.usage_limit()

    assert (ham, spam) == (akismet.CheckResponse.HAM, akismet.CheckResponse.SPAM)
    assert told
    assert told_too
    assert usage["usage"] == 2


def test_the_client_hears_of_a_wrong_key(served: str, akismet_key: str) -> None:
    client = a_client(served, "0123456789ab")

    assert not client.verify_key()
    with pytest.raises(akismet.APIKeyError):
        client.comment_check("192.0.2.7", comment_content="halo")
    client._http_client.close()


def test_the_client_raises_where_no_verdict_could_be_given(served: str, akismet_key: str) -> None:
    with a_client(served, akismet_key) as client, pytest.raises(akismet.ProtocolError):
        client.comment_check("192.0.2.7", comment_content=" ")
