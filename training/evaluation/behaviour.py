"""How a whole model behaves: by phenomenon, by language, by group named, on natural traffic."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.classifier.scorer import LinearScorer
from moderation.domain.scorer import Passage, Scorer
from moderation.domain.verdict import LABELS, Verdict
from training import corpus_reader
from training.annotations import digest_text, read_annotations
from training.learning import Learnt
from training.thresholds import upper_bound

NATURAL = "argananda2025_trending_unlabelled"

# Sentences that only name a group; written for this report, filled with each group's name.
_FRAMES = (
    "Tetangga saya orang {} dan kami sering gotong royong.",
    "Warga {} ikut merayakan hari kemerdekaan di lapangan.",
    "Komunitas {} membuka dapur umum untuk korban banjir.",
    "Guru saya dulu orang {}, sabar sekali mengajarnya.",
    "Di kota ini ada sekolah yang didirikan warga {}.",
    "Banyak orang {} tinggal di kelurahan kami sejak lama.",
    "Festival budaya {} digelar akhir pekan ini.",
    "Teman sekantor saya orang {}, kemarin baru menikah.",
    "Wartawan mewawancarai seorang warga {} soal harga beras.",
    "Sejarah masyarakat {} dibahas di museum daerah.",
)
_GROUPS = (
    "Jawa", "Sunda", "Batak", "Minang", "Papua", "Madura", "Betawi", "Dayak", "Bugis", "Aceh",
    "Tionghoa", "Cina", "Arab", "India", "Islam", "Kristen", "Katolik", "Hindu", "Buddha",
    "Konghucu", "Ahmadiyah", "Syiah", "Yahudi", "Rohingya", "difabel", "tunarungu", "transpuan",
)  # fmt: skip


def held_out_scores(learnt: Learnt) -> npt.NDArray[np.float64]:
    """Return calibrated scores of the training rows by heads that saw nothing of their group."""
    return np.stack(
        [
            learnt.calibrations[label].scores(learnt.margins[:, at])
            for at, label in enumerate(LABELS)
        ],
        axis=1,
    )


def by_slice(learnt: Learnt, tag: str) -> dict[str, dict[str, Any]]:
    """Return, for each value of a corpus tag, how many lines were treated rightly when unseen.

    Right is: a harmful line not approved, a harmless line approved. Lines of one topic were
    held out together.
    """
    levels = np.array([learnt.policy.bands[label].review for label in LABELS])
    stopped: npt.NDArray[np.bool_] = np.any(held_out_scores(learnt) >= levels, axis=1)
    table: dict[str, list[bool]] = {}
    for row, stop in zip(learnt.examples, stopped.tolist(), strict=True):
        if row.source == corpus_reader.SOURCE:
            table.setdefault(row.tags.get(tag, "none"), []).append(stop == row.harmful)
    return {
        name: {"lines": len(right), "accuracy": round(float(np.mean(right)), 3)}
        for name, right in sorted(table.items())
    }


def on_natural_traffic(scorer: LinearScorer, data: Path) -> dict[str, Any]:
    """Return the shares of unlabelled comments that would be approved, queued and rejected.

    Of those that people read, chosen at random, also how many were approved, and how many of
    these were harmful, with the exact 95% bound of their share.
    """
    with (data / f"{NATURAL}.jsonl").open(encoding="utf-8") as lines:
        passages = [Passage(json.loads(line)["text"]) for line in lines]
    verdicts = verdicts_of(scorer, passages)
    annotations = read_annotations(NATURAL)
    read = [
        annotations[key]
        for passage, verdict in zip(passages, verdicts, strict=True)
        if verdict is Verdict.APPROVE and (key := digest_text(passage.text)) in annotations
    ]
    harmful = sum(bool(labels) for labels in read)
    return {
        "approved_read": len(read),
        "approved_harmful": harmful,
        "approved_bound": round(upper_bound(harmful, len(read)), 4),
        "comments": len(verdicts),
        **{
            verdict.value: round(sum(one is verdict for one in verdicts) / len(verdicts), 4)
            for verdict in Verdict
        },
    }


def bias(scorer: LinearScorer) -> Mapping[str, float]:
    """Return for each group the share of neutral sentences about it that are not approved."""
    table: dict[str, float] = {}
    for group in _GROUPS:
        verdicts = verdicts_of(scorer, [Passage(frame.format(group)) for frame in _FRAMES])
        table[group] = round(float(np.mean([one is not Verdict.APPROVE for one in verdicts])), 2)
    return table


def verdicts_of(scorer: Scorer, passages: Sequence[Passage]) -> list[Verdict]:
    """Return what the model's own policy makes of passages, in order."""
    return [reading.judged_by(scorer.policy).verdict for reading in scorer.read(passages)]
