"""Nothing of a phenomenon, nor a near-copy of its lines, is learnt from before it is tested."""

from dataclasses import replace

from moderation.domain.scorer import Passage
from training.evaluation.phenomena import FOLDS, splits
from training.learning import Learnt
from training.near_copies import likeness, shingles


def test_every_corpus_line_is_tested_once_on_a_phenomenon_unseen(learnt: Learnt) -> None:
    rows, own = learnt.material.rows, learnt.material.own
    tested: list[int] = []
    for seen, unseen in splits(rows, own):
        known = {rows[at].tags["phenomenon"] for at in seen.tolist()}
        assert not known & {rows[at].tags["phenomenon"] for at in unseen.tolist()}
        tested += unseen.tolist()

    assert len(list(splits(rows, own))) == FOLDS
    assert sorted(tested) == list(range(own))


def test_a_near_copy_of_a_tested_line_is_not_learnt_from(learnt: Learnt) -> None:
    line = next(row for row in learnt.examples if len(row.passage.text) > 100)
    other = next(
        row for row in learnt.examples if row.tags["phenomenon"] != line.tags["phenomenon"]
    )
    copy = replace(other, passage=Passage(line.passage.text + " ya"))
    rows = [*learnt.examples, copy]

    for seen, unseen in splits(rows, len(rows)):
        ours = {at for at in unseen.tolist() if rows[at] is line}
        assert not ours or len(rows) - 1 not in seen.tolist()
    assert likeness(shingles(line.passage.text), shingles(copy.passage.text)) > 0.9
