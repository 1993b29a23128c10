import json
from typing import Any

import pytest

from moderation.domain.comment import LONGEST_TEXT
from moderation.services.rescoring import rescore
from moderation.storage.archive import Batch
from tests.factories import FakeScorer

AFTER = {"row": 1}


def line_of(row: Any, scorer: FakeScorer | None = None) -> dict[str, Any]:
    raw = row if isinstance(row, bytes) else json.dumps(row).encode()
    found = rescore(scorer or FakeScorer(), Batch(7, [raw], AFTER))
    return dict(json.loads(found.lines))


def test_a_line_names_its_comment_and_says_verdict_and_scores() -> None:
    line = line_of({"id": "c-1", "text": "slot gacor", "author": "nobody's business"})

    assert (line["id"], line["verdict"]) == ("c-1", "reject")
    assert line["scores"] == {
        "spam": 0.95, "abuse": 0.01, "hate": 0.01, "threat": 0.01, "sexual": 0.01
    }  # fmt: skip
    assert set(line) == {"id", "verdict", "scores"}


def test_article_and_parent_are_read_as_json_nests_them_and_as_tables_have_them() -> None:
    seen = []

    class Listening(FakeScorer):
        def read(self, passages: Any) -> Any:
            seen.extend(passages)
            return super().read(passages)

    nested = {"text": "x", "article": {"title": "Jalan"}, "parent": {"text": "y"}}
    flat = {"text": "x", "article_title": "Jalan", "parent_text": "y"}
    rescore(Listening(), Batch(1, [json.dumps(nested).encode(), flat], AFTER))

    assert seen[0] == seen[1]
    assert (seen[0].article.title, seen[0].parent) == ("Jalan", "y")


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (b"bukan JSON\n", "not JSON"),
        (b"[1]", "not an object"),
        (b'{"text": NaN}', "NaN is no number"),
        (b"\xff\xfe", "not JSON"),
        ({"teks": "x"}, "text is missing"),
        ({"text": 3}, "text is not a text"),
        ({"text": "x", "article": "Jalan"}, "article is not an object"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "longer than"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: Any, wrong: str) -> None:
    line = line_of(row)

    assert line["row"] == 7
    assert wrong in line["error"]


def test_rows_beside_a_broken_one_keep_their_places() -> None:
    rows = [b'{"id":1,"text":"baik"}\n', b"{\n", b"\n", b'{"id":4,"text":"gacor"}\n']

    found = rescore(FakeScorer(), Batch(1, rows, AFTER))

    lines = [json.loads(line) for line in found.lines.splitlines()]
    assert [line.get("id", line.get("row")) for line in lines] == [1, 2, 4]
    assert found.counts == {"approve": 1, "error": 1, "reject": 1}
    assert (found.rows, found.after) == (4, AFTER)


def test_a_comment_the_scorer_fails_on_waits_for_a_person_without_scores() -> None:
    line = line_of({"id": 1, "text": "baik"}, FakeScorer(broken=True))

    assert line == {"id": 1, "verdict": "review", "scores": {}}
