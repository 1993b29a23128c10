"""The API against its own document: schemathesis makes the requests, all of its checks judge."""

import itertools
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from moderation.api.idempotency import HEADER

EXAMPLES = 15
# What an entry of a list may be depends on its kind and on how the model reads it.
_UNSAYABLE = "/v1/lists/"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: the contract is the same, and the requests are many."""
    return sqlite_url


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_keeps_the_documents_word(
    app: Flask, headers: dict[str, str], mode: GenerationMode
) -> None:
    document = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    requests = itertools.count()
    asked = [o for o in operations if o.body or o.query or o.path_parameters or o.headers]

    for operation in operations if mode is GenerationMode.POSITIVE else asked:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def keeps_its_word(case: Any) -> None:
            if mode is GenerationMode.POSITIVE and HEADER in case.headers:
                # A key is good for the request it first came with, so each gets one of its own.
                case.headers[HEADER] = f"{case.headers[HEADER][:200]}{next(requests)}"
            case.call_and_validate(
                headers=headers,
                excluded_checks=[positive_data_acceptance]
                if case.path.startswith(_UNSAYABLE)
                else None,
            )

        keeps_its_word()

    assert len(asked) > 10
