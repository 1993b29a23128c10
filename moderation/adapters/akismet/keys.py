"""Find the key wherever a client puts it: body, query, path, or first label of the host."""

import re
from collections.abc import Iterator

from flask import request
from werkzeug.exceptions import TooManyRequests

from moderation.adapters.akismet.form import Form
from moderation.runtime import runtime
from moderation.services.access import digest_akismet_key
from moderation.storage.sites import ApiKey, Scope

_KEY = re.compile(r"[0-9a-f]{12}\Z", re.IGNORECASE)


def find_key(form: Form, in_path: str) -> ApiKey | None:
    """Return the key that the request is made with; the first one given must be good."""
    for key in _given(form, in_path):
        return _look_up(key)
    return None


def find_key_to_verify(form: Form, in_path: str) -> ApiKey | None:
    """Return the key to be verified: ``key`` comes first, ``api_key`` may be an older one."""
    key = form.get("key", "").strip()
    return _look_up(key) if key else find_key(form, in_path)


def _look_up(key: str) -> ApiKey | None:
    if not _KEY.match(key):
        return None
    service = runtime()
    if not service.rate_limits.count_address(request.remote_addr).allowed:
        raise TooManyRequests
    digest = digest_akismet_key(service.intake.pseudonyms, key)
    found = service.key_ring.find_by_digest(digest, now=service.clock())
    if found is None or Scope.AKISMET not in found.scopes:
        return None
    if not service.rate_limits.count_key(found.id).allowed:
        raise TooManyRequests
    return found


def _given(form: Form, in_path: str) -> Iterator[str]:
    """Yield what stands where a key may stand, body and query first."""
    for key in (form.get("api_key", ""), form.get("key", ""), in_path):
        if key.strip():
            yield key.strip()
    label, dot, _ = request.host.partition(".")
    if dot and _KEY.match(label):
        yield label
