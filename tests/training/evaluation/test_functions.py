"""The functional suite is whole, and nothing of it is learnt."""

from collections import Counter
from pathlib import Path

from moderation.classifier.artifact import load_champion
from moderation.domain.verdict import LABELS
from training import corpus_reader
from training.evaluation.functions import on_functions, read_cases
from training.near_copies import likeness, shingles

CASES = list(read_cases())
CHAMPION = load_champion(Path(__file__).parents[3] / "models")


def test_every_label_and_as_many_harmless_cases_are_there() -> None:
    counts = Counter(label for case in CASES for label in case.labels)

    assert set(counts) == set(LABELS)
    assert sum(not case.labels for case in CASES) >= len(CASES) / 2
    assert len({case.passage.text for case in CASES}) == len(CASES)


def test_hardly_a_case_says_what_a_line_of_the_corpus_says() -> None:
    holders: dict[int, list[int]] = {}
    lines = [shingles(row["text"]) for row in corpus_reader.rows()]
    for at, hashes in enumerate(lines):
        for value in hashes.tolist():
            holders.setdefault(value, []).append(at)
    alike = 0
    for case in CASES:
        hashes = shingles(case.passage.text)
        common = Counter(at for value in hashes.tolist() for at in holders.get(value, ()))
        alike += any(likeness(lines[at], hashes) > 0.6 for at, _ in common.most_common(3))

    assert alike / len(CASES) < 0.01


def test_the_champion_keeps_harm_off_the_page_and_lets_readers_speak() -> None:
    found = on_functions(CHAMPION)

    assert found["harmful_approved"] / found["harmful"] < 0.05
    assert found["harmless_queued"] / (found["cases"] - found["harmful"]) < 0.15
    assert sum(row["cases"] for row in found["functions"].values()) == found["cases"]
