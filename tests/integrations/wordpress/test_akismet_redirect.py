"""The must-use file alone; what it leads to is the adapter's to test."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from tests.integrations.wordpress.wordpress import WordPress
from tests.receiver import Receiver, receiving

KEY = "0123456789ab"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_akismets_requests_come_to_the_service_under_its_own_name(
    wordpress: WordPress, receiver: Receiver
) -> None:
    with wordpress.akismet(receiver.url, KEY):
        wordpress.comment("Komentar lewat pengaya Akismet.")

    check = next(one for one in receiver.requests if one.path.endswith("comment-check"))
    assert check.path == "/hook/1.1/comment-check"
    assert receiver.url.startswith(f"http://{check.headers['host']}/")
    fields = parse_qs(check.body.decode(), keep_blank_values=True)
    assert fields["comment_content"] == ["Komentar lewat pengaya Akismet."]
    assert fields["api_key"] == [KEY]


def test_the_fallback_to_plain_http_is_refused(wordpress: WordPress, receiver: Receiver) -> None:
    with wordpress.akismet(receiver.url, KEY):
        said = wordpress.php(
            "echo wp_remote_get( 'http://rest.akismet.com/1.1/test' )->get_error_message();"
        )

    assert said == "The fallback to plain HTTP is refused."
    assert receiver.requests == []


def test_other_addresses_and_an_unset_constant_are_left_alone(
    wordpress: WordPress, receiver: Receiver
) -> None:
    with wordpress.akismet("http://127.0.0.1:9", KEY):
        wordpress.php(f"wp_remote_post( '{receiver.url}/elsewhere', array( 'body' => 'a' ) );")
    blocked = wordpress.php(
        "echo wp_remote_get( 'https://rest.akismet.com/1.1/test' )->get_error_code();"
    )

    assert [request.path for request in receiver.requests] == ["/hook/elsewhere"]
    assert blocked == "http_request_not_executed"
