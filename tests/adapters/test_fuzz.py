"""Whatever is thrown at an adapter, it answers in its own way and never with a 500."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.storage import coral
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.factories import MONDAY

bounded = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

WORDS = st.sampled_from(
    ["", "0", "true", "goblok", "gacor", "baik", "\0", "\ud800", "é", "\\", "%", "💥", "a" * 600]
)
TEXTS = WORDS | st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
CALLS = st.sampled_from(
    [
        "verify-key",
        "comment-check",
        "submit-spam",
        "submit-ham",
        "get-subscription",
        "get-stats",
        "key-sites",
        "usage-limit",
        "token",
        "deactivate",
        "test",
        "unknown",
    ]
)
FIELDS = st.sampled_from(
    [
        "comment_content",
        "comment_author",
        "comment_author_email",
        "comment_author_url",
        "user_ip",
        "user_agent",
        "permalink",
        "comment_post_ID",
        "comment_parent",
        "comment_date_gmt",
        "comment_context",
        "comment_context[0]",
        "recheck_reason",
        "callback",
        "reporter",
        "user_role",
        "user_ID",
        "is_test",
        "from",
        "month",
        "format",
        "blog",
        "REQUEST_URI",
        "POST_x",
    ]
)
TYPES = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
        "application/x-www-form-urlencoded; charset=utf-16",
        'application/x-www-form-urlencoded; charset="idna',
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "charset=utf-8",
        "text/plain",
        "",
    ]
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what is fuzzed is the reading of requests."""
    return sqlite_url


@bounded
@given(
    call=CALLS,
    fields=st.lists(st.tuples(FIELDS, TEXTS), max_size=8),
    raw=st.binary(max_size=30),
    content_type=TYPES,
    wordpress=st.booleans(),
)
def test_akismet_answers_200_with_a_text(
    client: FlaskClient,
    akismet_key: str,
    call: str,
    fields: list[tuple[str, str]],
    raw: bytes,
    content_type: str,
    wordpress: bool,
) -> None:
    body = urlencode(fields, errors="surrogatepass").encode() + b"&" + raw

    response = client.post(
        f"/{akismet_key}/1.1/{call}",
        data=body,
        headers={
            "Content-Type": content_type,
            "User-Agent": "WordPress/6.1.9" if wordpress else "client",
        },
    )

    assert response.status_code == 200
    assert response.data
    assert "service failed" not in response.headers.get("X-akismet-error", "")


@bounded
@given(
    call=st.sampled_from(["analyze", "suggestscore"]),
    document=JSON
    | st.fixed_dictionaries(
        {"comment": st.fixed_dictionaries({"text": TEXTS | JSON}) | JSON},
        optional={
            "requestedAttributes": st.dictionaries(
                st.sampled_from(["TOXICITY", "SPAM", "X"]),
                st.fixed_dictionaries({}, optional={"scoreThreshold": JSON, "scoreType": JSON}),
            )
            | JSON,
            "attributeScores": st.dictionaries(
                st.sampled_from(["TOXICITY", "DELETED", "X"]),
                st.fixed_dictionaries(
                    {"summaryScore": st.fixed_dictionaries({"value": st.floats() | JSON})}
                ),
            ),
            "languages": st.lists(st.sampled_from(["id", "en", "fr", ""]) | TEXTS, max_size=2),
            "context": JSON,
            "spanAnnotations": JSON,
            "clientToken": TEXTS | JSON,
            "communityId": TEXTS | JSON,
        },
    ),
)
def test_perspective_answers_scores_or_an_error_of_its_shape(
    client: FlaskClient, api_key: str, call: str, document: Any
) -> None:
    response = client.post(f"/v1alpha1/comments:{call}?key={api_key}", data=json.dumps(document))

    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert set(response.json["error"]) >= {"code", "message", "status"}
    else:
        json.loads(response.data, parse_constant=pytest.fail)


@bounded
@given(
    document=JSON
    | st.fixed_dictionaries(
        {
            "comment": st.fixed_dictionaries(
                {"body": TEXTS | JSON}, optional={"parentID": TEXTS | JSON}
            )
            | JSON,
            "author": st.fixed_dictionaries({}, optional={"id": TEXTS | JSON, "role": JSON}) | JSON,
            "story": st.fixed_dictionaries({}, optional={"id": TEXTS | JSON, "url": TEXTS}) | JSON,
        }
    )
)
def test_coral_answers_200_or_204(
    client: FlaskClient, database: Database, site: Site, document: Any
) -> None:
    with database.writing() as tx:
        coral.set_secret(tx, site, "a-signing-secret", now=MONDAY)
    body = json.dumps(document).encode()
    signature = hmac.new(b"a-signing-secret", body, hashlib.sha256).hexdigest()

    response = client.post(
        "/adapters/coral/kabar",
        data=body,
        headers={"X-Coral-Signature": f"sha256={signature}"},
    )

    assert response.status_code in {200, 204}
    assert response.headers.get("X-Moderasi-Reason") != "failed"
