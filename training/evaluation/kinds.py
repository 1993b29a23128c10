"""How well the kind of spam is named, on topics held out."""

from typing import Any

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support

from moderation.domain.verdict import SPAM_KINDS
from training import corpus_reader
from training.kinds import SURE, KindRows, held_out_kinds
from training.learning import Learnt


def naming(learnt: Learnt) -> dict[str, Any]:
    """Return macro-F1 and each kind's figures on the corpus's spam, and what being sure is worth.

    The first figures take the likeliest kind, however likely; serving names it only when sure.
    """
    material = learnt.material
    own = material.rows[: material.own]
    known = KindRows.of(own, material.space)
    probable = held_out_kinds(known, material.space)
    judged = np.array([row.source == corpus_reader.SOURCE for row in known.rows])
    truth, probable = known.columns[judged], probable[judged]
    named = probable.argmax(axis=1)
    sure = probable.max(axis=1) >= SURE
    kinds = np.unique(truth)
    figures = precision_recall_fscore_support(truth, named, labels=kinds, zero_division=0)
    return {
        "lines": int(truth.size),
        "macro_f1": round(float(f1_score(truth, named, average="macro", labels=kinds)), 4),
        "sure": {
            "share": round(float(sure.mean()), 4),
            "right": round(float((named == truth)[sure].mean()), 4) if sure.any() else None,
        },
        "kinds": {
            SPAM_KINDS[kind]: {
                "lines": int(lines),
                "precision": round(float(precision), 3),
                "recall": round(float(recall), 3),
                "f1": round(float(f1), 3),
            }
            for kind, precision, recall, f1, lines in zip(kinds.tolist(), *figures, strict=True)
        },
    }
