import ipaddress
import threading
from collections.abc import Iterator

import pytest

from moderation.domain.addresses import Address
from moderation.services.sending import HttpSender
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def leads_to(*addresses: str) -> HttpSender:
    def resolve(_host: str, _port: int) -> list[Address]:
        return [ipaddress.ip_address(address) for address in addresses]

    return HttpSender(resolve=resolve)


def test_the_body_and_the_headers_arrive_as_they_were_given(receiver: Receiver) -> None:
    answer = HttpSender(allow_private=True).send(
        receiver.url + "?a=1", {"webhook-id": "x"}, b'{"a":1}'
    )

    assert answer.status == 204
    (request,) = receiver.requests
    assert (request.path, request.body, request.id) == ("/hook?a=1", b'{"a":1}', "x")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://2130706433:{port}/",
        "http://127.1:{port}/",
    ],
)
def test_nothing_is_sent_into_the_services_own_network(receiver: Receiver, url: str) -> None:
    port = receiver.url.split(":")[2].split("/")[0]

    answer = HttpSender().send(url.format(port=port), {}, b"")

    assert answer.status is None
    assert "not on the internet" in answer.error
    assert receiver.requests == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    answer = leads_to("93.184.215.14", "169.254.169.254").send("https://warta.example", {}, b"")

    assert "169.254.169.254, which is not on the internet" in answer.error


def test_the_address_that_was_checked_is_the_one_connected_to(receiver: Receiver) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[Address]:
        asked.append(host)
        return [ipaddress.ip_address("127.0.0.1")]

    url = receiver.url.replace("127.0.0.1", "warta.example")
    answer = HttpSender(allow_private=True, resolve=resolve).send(url, {}, b"")

    assert answer.status == 204
    assert asked == ["warta.example"]
    assert receiver.requests[0].headers["host"].startswith("warta.example:")


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda _: (307, {"Location": receiver.url + "/elsewhere"})

    assert HttpSender(allow_private=True).send(receiver.url, {}, b"").status == 307
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(("given", "seconds"), [("120", 120), ("soon", None), ("9" * 40, 6 * 3600)])
def test_retry_after_is_read_where_it_makes_sense(
    receiver: Receiver, given: str, seconds: int | None
) -> None:
    receiver.answer = lambda _: (503, {"Retry-After": given})

    found = HttpSender(allow_private=True).send(receiver.url, {}, b"").retry_after

    assert (found and found.total_seconds()) == seconds


def test_a_receiver_that_is_too_slow_is_a_failure(receiver: Receiver) -> None:
    answered = threading.Event()

    def wait(_: object) -> tuple[int, dict[str, str]]:
        answered.wait(20)
        return 204, {}

    receiver.answer = wait
    answer = HttpSender(allow_private=True, timeout_s=0.05).send(receiver.url, {}, b"")
    answered.set()

    assert answer.status is None
    assert "Timeout" in answer.error


def test_a_receiver_that_is_down_is_a_failure() -> None:
    with receiving() as receiver:
        url = receiver.url

    answer = HttpSender(allow_private=True).send(url, {}, b"")

    assert answer.status is None
    assert "refused" in answer.error


def test_a_name_that_does_not_exist_is_a_failure() -> None:
    def resolve(_host: str, _port: int) -> list[Address]:
        raise OSError("unknown name")

    answer = HttpSender(resolve=resolve).send("https://tiada.example", {}, b"")

    assert "tiada.example cannot be resolved" in answer.error
