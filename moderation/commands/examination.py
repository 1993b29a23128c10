"""Ask a running service what a site will ask it, and compare the answers."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3
from standardwebhooks import Webhook

LARGEST_SKEW = timedelta(seconds=60)
_TIMEOUT_S = 10.0
_CLEAN = "Terima kasih, beritanya lengkap dan mudah dipahami."
_JUDOL = "Main di MAWAR88 slot gacor, bonus deposit 100%, pasti maxwin malam ini!"
_ANALYZE = "/v1alpha1/comments:analyze"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name among the wordings, how it ended, and what was seen."""

    name: str
    passed: bool
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What a site knows of the service it is to use."""

    url: str
    key: str
    akismet_key: str = ""
    coral_site: str = ""
    coral_secret: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""


Answer = urllib3.BaseHTTPResponse


def examine(site: Site, *, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Check address, clock, key and every protocol; stores nothing in the service.

    An address that does not answer ends the examination.
    """
    http = urllib3.PoolManager(timeout=_TIMEOUT_S, retries=False)

    def call(method: str, path: str, **more: Any) -> Answer:
        return http.request(method, site.url.rstrip("/") + path, **more)

    try:
        alive = call("GET", "/healthz")
        yield Finding("address", alive.status == 200, f"HTTP {alive.status}")
        if alive.status != 200:
            return
        yield _check_clock(alive, clock())
        ready = call("GET", "/readyz")
        yield Finding("ready", ready.status == 200, _shorten(ready))
        yield from _check_native(call, site)
        yield from _check_perspective(call, site)
        if site.akismet_key:
            yield from _check_akismet(call, site)
        if site.coral_site:
            yield from _check_coral(call, site)
        if site.webhook_url:
            yield from _check_webhook(http, site, clock())
    except urllib3.exceptions.HTTPError as error:
        yield Finding("answers", False, str(error))


def _check_clock(answer: Answer, now: datetime) -> Finding:
    try:
        skew = abs(parsedate_to_datetime(answer.headers.get("Date", "")) - now)
    except (TypeError, ValueError):
        return Finding("clock", False, "no Date header")
    return Finding("clock", skew <= LARGEST_SKEW, f"{skew.total_seconds():.0f} s")


def _check_native(call: Callable[..., Answer], site: Site) -> Iterator[Finding]:
    bearer = {"Authorization": f"Bearer {site.key}"}
    unknown = call("POST", "/v1/score", json={}, headers={"Authorization": "Bearer mb_unknown"})
    yield Finding("stranger", unknown.status == 401, f"HTTP {unknown.status}")
    asked = {"comments": [{"text": _CLEAN}, {"text": _JUDOL}]}
    answer = call("POST", "/v1/score", json=asked, headers=bearer)
    yield Finding("key", answer.status == 200, _shorten(answer))
    if answer.status != 200:
        return
    clean, judol = (found["verdict"] for found in answer.json()["assessments"])
    yield Finding("clean", clean == "approve", clean)
    yield Finding("judol", judol in {"review", "reject"}, judol)


def _check_perspective(call: Callable[..., Answer], site: Site) -> Iterator[Finding]:
    key = {"X-Goog-Api-Key": site.key}
    asked = {"comment": {"text": _CLEAN}, "requestedAttributes": {"TOXICITY": {}}}
    answer = call("POST", _ANALYZE, json={**asked, "languages": ["id"]}, headers=key)
    yield Finding(
        "perspective", answer.status == 200 and b"summaryScore" in answer.data, _shorten(answer)
    )
    empty = call("POST", _ANALYZE, json={**asked, "comment": {"text": ""}}, headers=key)
    refused = empty.status == 400 and b"COMMENT_EMPTY" in empty.data
    yield Finding("perspective_empty", refused, _shorten(empty))


def _check_akismet(call: Callable[..., Answer], site: Site) -> Iterator[Finding]:
    def post(path: str, **form: str) -> Answer:
        return call("POST", path, fields=form, encode_multipart=False)

    def check(**form: str) -> Answer:
        given = {"blog": site.url, "user_ip": "192.0.2.1", "is_test": "1", **form}
        return post("/1.1/comment-check", api_key=site.akismet_key, **given)

    right = post("/1.1/verify-key", key=site.akismet_key, blog=site.url)
    yield Finding("akismet_key", right.data == b"valid", _shorten(right))
    wrong = post("/1.1/verify-key", key="0" * 12, blog=site.url)
    yield Finding("akismet_stranger", wrong.data == b"invalid", _shorten(wrong))
    spam = check(comment_author="akismet-guaranteed-spam", comment_content=_CLEAN)
    yield Finding("akismet_spam", spam.data == b"true", _shorten(spam))
    admin = check(user_role="administrator", comment_content=_JUDOL)
    yield Finding("akismet_admin", admin.data == b"false", _shorten(admin))
    ham = check(comment_content=_CLEAN)
    passed = ham.data == b"false" and "X-akismet-error" not in ham.headers
    yield Finding("akismet_ham", passed, _shorten(ham))
    plan = post("/1.1/get-subscription", key=site.akismet_key, blog=site.url)
    yield Finding("akismet_plan", b'"active"' in plan.data, _shorten(plan))


def _check_coral(call: Callable[..., Answer], site: Site) -> Iterator[Finding]:
    def post(secret: str) -> Answer:
        asked = {
            "comment": {"body": _CLEAN},
            "author": {"id": "doctor", "role": "STAFF"},
            "story": {},
        }
        body = json.dumps(asked).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Coral-Signature": f"sha256={signature}"}
        return call("POST", f"/adapters/coral/{site.coral_site}", body=body, headers=headers)

    signed = post(site.coral_secret)
    yield Finding("coral", signed.status == 204, _shorten(signed))
    forged = post("a-secret-nobody-has")
    yield Finding("coral_stranger", b"PREMOD" in forged.data, _shorten(forged))


def _check_webhook(http: urllib3.PoolManager, site: Site, now: datetime) -> Iterator[Finding]:
    """Send the site's own address an event it need not know: signed, then signed by a stranger."""

    def post(secret: str) -> Answer:
        body = json.dumps({"type": "endpoint.checked", "timestamp": now.isoformat(), "data": {}})
        message = f"msg_{secrets.token_hex(12)}"
        headers = {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(message, now, body),
        }
        return http.request("POST", site.webhook_url, body=body.encode(), headers=headers)

    if not site.webhook_secret.startswith("whsec_"):
        yield Finding("webhook", False, "the secret is not of the form whsec_…")
        return
    try:
        signed = post(site.webhook_secret)
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        yield Finding("webhook", False, str(error))
        return
    yield Finding("webhook", 200 <= signed.status < 300, _shorten(signed))
    forged = post("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    yield Finding("webhook_stranger", 400 <= forged.status < 500, _shorten(forged))


def _shorten(answer: Answer) -> str:
    """Return what an answer said, short enough for a line."""
    text = answer.data.decode("utf-8", "replace").strip()
    return f"HTTP {answer.status}, {text[:80]!r}"
