"""Hostile strings in every field, on both databases: stored as they are, or refused."""

import json
import random
from collections import Counter
from typing import Any

from flask.testing import FlaskClient

from tests.factories import a_submission
from tests.hostile import hostile

STORED = 600
SEED = 20261125
AUTHOR_FIELDS = ("id", "name", "email", "url", "ip", "user_agent")


def test_hostile_strings_in_every_field_are_stored_or_refused(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    chance, statuses = random.Random(SEED), Counter[int]()
    for number in range(STORED):
        sent = a_submission(hostile(chance)[:5000], comment_id=f"c-{number}")
        sent["author"] = {name: hostile(chance)[:100] for name in AUTHOR_FIELDS}
        sent["parent"] = {"comment_id": hostile(chance)[:100], "text": hostile(chance)[:500]}
        for name in ("id", "title", "section", "summary"):
            sent["article"][name] = hostile(chance)[:100]
        if number % 2:  # without what must be refused, so that much is stored
            sent = json.loads(json.dumps(sent), object_hook=_without_the_forbidden)
        answer = client.post(
            "/v1/comments",
            data=json.dumps(sent),
            content_type="application/json",
            headers=headers,
        )
        statuses[answer.status_code] += 1

    assert set(statuses) <= {201, 409, 422}
    assert statuses[201] > STORED // 4


def _without_the_forbidden(found: dict[str, Any]) -> dict[str, Any]:
    def clean(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        kept = "".join(c for c in value if c != "\x00" and not 0xD800 <= ord(c) <= 0xDFFF)
        return kept.strip() or "x"

    return {name: clean(value) for name, value in found.items()}
