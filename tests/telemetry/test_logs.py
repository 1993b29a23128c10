import json
import logging
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa

from moderation.telemetry.logs import REQUEST_ID, JsonLines

SECRET_TEXT = "komentar pembaca yang tidak boleh bocor"


def line_for(message: str, *args: object, **kwargs: Any) -> dict[str, Any]:
    record = logging.LogRecord("moderation.x", logging.INFO, "f.py", 1, message, args, None)
    record.__dict__.update(kwargs)
    written = JsonLines().format(record)
    assert "\n" not in written
    line: dict[str, Any] = json.loads(written)
    return line


def caught(error: Exception) -> Any:
    try:
        raise error
    except Exception as raised:
        return type(raised), raised, raised.__traceback__


def test_a_line_says_when_how_grave_where_and_what() -> None:
    line = line_for("%d comments", 3, route="/v1/comments", status=201)

    assert line["level"] == "info"
    assert line["logger"] == "moderation.x"
    assert line["message"] == "3 comments"
    assert (line["route"], line["status"]) == ("/v1/comments", 201)
    assert line["at"].endswith("+00:00")


def test_a_line_carries_the_id_of_its_request() -> None:
    token = REQUEST_ID.set("abc-123-def")
    try:
        assert line_for("x")["request_id"] == "abc-123-def"
    finally:
        REQUEST_ID.reset(token)
    assert "request_id" not in line_for("x")


@pytest.mark.parametrize(
    "hostile", ['a\n{"level":"info"}', "a\r\nb", "a\u2028b", "a\x00\x1b[31m", '"}']
)
def test_a_hostile_value_makes_no_line_of_its_own(hostile: str) -> None:
    line = line_for("got %s", hostile, route=hostile)

    assert line["message"] == f"got {hostile}"
    assert line["route"] == hostile


def test_an_unexpected_exception_is_told_by_type_and_place_without_its_message() -> None:
    line = line_for("failed", exc_info=caught(ValueError(SECRET_TEXT)))

    assert line["error"]["type"] == "builtins.ValueError"
    assert "test_logs.py" in line["error"]["trace"][0]
    assert SECRET_TEXT not in json.dumps(line)


def test_a_cause_is_told_as_well() -> None:
    error = RuntimeError("x")
    error.__cause__ = OSError(28, "No space left on device")

    line = line_for("failed", exc_info=caught(error))

    assert "No space left" in line["error"]["cause"]["message"]


def test_what_the_database_says_of_itself_is_told_and_its_parameters_are_not() -> None:
    orig = sqlite3.OperationalError("database or disk is full")
    error = sa.exc.OperationalError("INSERT", {"text": SECRET_TEXT}, orig)

    line = line_for("failed", exc_info=caught(error))

    assert line["error"]["message"] == "database or disk is full"
    assert SECRET_TEXT not in json.dumps(line)


@pytest.mark.parametrize(
    "message",
    [
        f"Invalid request from ip=192.0.2.7: {SECRET_TEXT}",
        f"Error handling request /?q={SECRET_TEXT}",
    ],
)
def test_the_server_s_lines_that_quote_a_request_are_cut_short(message: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "f.py", 1, message, (), None)

    assert json.loads(JsonLines().format(record))["message"] == "a request could not be read"
