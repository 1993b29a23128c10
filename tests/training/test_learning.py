"""What is trained is what is served."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from moderation.classifier.artifact import load_version
from moderation.classifier.features import extract
from moderation.classifier.scorer import LinearScorer
from moderation.domain.verdict import LABELS, Label
from training import bundle, pipeline
from training.families import Families
from training.fitting import fit_heads
from training.folding import folds_of
from training.learning import Learnt, fold_heads
from training.streaming import Truth

CREATED = datetime(2026, 11, 2, tzinfo=UTC)
TEXTS = ["Dasar bupati goblok, mati aja", "Terima kasih infonya, Pak", "𝐒𝐋𝐎𝐓 gacor daftar sekarang"]

SERVING = """
import json, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"training", "flask", "sqlalchemy"}:
            raise ImportError(name + " must not be needed to serve")
sys.meta_path.insert(0, Refuse())
from pathlib import Path
from moderation.classifier.artifact import load_version
from moderation.domain.scorer import Passage
scorer = load_version(Path(sys.argv[1]), "test-1")
readings = scorer.read([Passage(text) for text in json.loads(sys.argv[2])])
print(json.dumps([[reading.scores[label] for label in reading.scores] for reading in readings]))
"""


def test_serving_agrees_with_scikit_learn(learnt: Learnt) -> None:
    rows = learnt.examples[::7][:400]
    passages = [row.passage for row in rows]
    read = pipeline.extracts(passages)
    space = pipeline.learn_space(read, at_least=2)
    table = pipeline.matrix(read, space)
    heads = fit_heads(table, Families.of(space), Truth.of(rows))
    every = np.ones(space.keys.size, bool)
    weights = fold_heads(space, every, heads, learnt.calibrations)
    scorer = LinearScorer("test", learnt.policy, weights)

    margins, _ = scorer.margins(extract(passages))
    alone = np.concatenate([scorer.margins(extract([passage]))[0] for passage in passages[:50]])

    oracle = np.stack([heads[label].decision_function(table) for label in LABELS], axis=1)
    assert np.abs(margins - oracle).max() < 1e-5 * max(1.0, np.abs(oracle).max())
    assert np.abs(alone - oracle[:50]).max() < 1e-5 * max(1.0, np.abs(oracle).max())


def test_a_process_without_training_gives_the_same_scores(learnt: Learnt, tmp_path: Path) -> None:
    bundle.save(tmp_path / "test-1", learnt.weights, learnt.policy, {}, created=CREATED)
    here = load_version(tmp_path, "test-1")

    run = subprocess.run(
        [sys.executable, "-c", SERVING, str(tmp_path), json.dumps(TEXTS)],
        check=True,
        capture_output=True,
        text=True,
    )

    from moderation.domain.scorer import Passage

    readings = here.read([Passage(text) for text in TEXTS])
    assert json.loads(run.stdout) == [list(reading.scores.values()) for reading in readings]


def test_learning_again_gives_the_same_model(learnt: Learnt, small_corpus: Path) -> None:
    from training.learning import gather, learn
    from training.sources import Recipe

    again = learn("test-1", gather(Recipe.OPEN, small_corpus, small_corpus), lambda _: None)

    assert np.array_equal(again.weights.keys, learnt.weights.keys)
    assert again.policy == learnt.policy


def test_an_insult_scores_above_thanks(learnt: Learnt) -> None:
    from moderation.domain.scorer import Passage

    scorer = LinearScorer("test", learnt.policy, learnt.weights)
    insult, thanks, _ = scorer.read([Passage(text) for text in TEXTS])

    assert insult.scores[Label.ABUSE] > thanks.scores[Label.ABUSE]


def test_what_belongs_together_stays_in_one_fold(learnt: Learnt) -> None:
    folds = folds_of(learnt.examples, 3)
    by_group: dict[str, set[int]] = {}
    for row, fold in zip(learnt.examples, folds.tolist(), strict=True):
        by_group.setdefault(row.group, set()).add(fold)

    assert all(len(found) == 1 for found in by_group.values())
    assert len(set(folds.tolist())) == 3
