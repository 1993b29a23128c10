"""Put a model's whole report together."""

import json
from pathlib import Path
from typing import Any

from moderation.classifier.scorer import LinearScorer
from training.evaluation import behaviour, functions, hostile, plots
from training.evaluation.card import write_card
from training.evaluation.comparison import (
    MEASURES,
    REFERENCE,
    compare,
    disguised_recall,
    gambling_split,
    news_splits,
    reference_splits,
)
from training.evaluation.context import context_ablation
from training.evaluation.kinds import naming
from training.evaluation.peers import Ours
from training.evaluation.phenomena import by_unseen_phenomenon
from training.evaluation.steps import Steps
from training.learning import Learnt


def measure_reference(data: Path, steps: Steps) -> dict[str, Any]:
    """Measure the reference hate set, on which no recipe's own rows are learnt; if it is there."""
    report: dict[str, Any] = {}
    if (data / f"{REFERENCE}.jsonl").exists():
        for column in ("HS", "Abusive"):
            with steps.step(f"reference set, {column}"):
                splits = list(reference_splits(data, column))
                table = compare(splits, MEASURES["reference"], steps.log)
                report[f"reference_{column.lower()}"] = table
    return report


def measure(learnt: Learnt, data: Path, steps: Steps) -> dict[str, Any]:
    """Measure everything else that a card reports of one model."""
    report: dict[str, Any] = {}
    with steps.step("news comments"):
        splits = list(news_splits(learnt.examples))
        report["news"] = compare(splits, MEASURES["news"], steps.log)
    with steps.step("gambling, names and videos held out"):
        split = gambling_split(learnt.examples)
        report["gambling"] = compare([split], MEASURES["gambling"], steps.log)
        ours = Ours()
        ours.fit(split[0], split[1])
        report["disguised_recall"] = disguised_recall(split, ours)
    with steps.step("behaviour"):
        report |= _behaviour(learnt, data)
    with steps.step("phenomena held out"):
        report["phenomenon_unseen"] = by_unseen_phenomenon(learnt)
    with steps.step("kinds of spam"):
        report["spam_kinds"] = naming(learnt)
    with steps.step("context taken away"):
        report["context"] = context_ablation(learnt, steps.log)
    return report


def _behaviour(learnt: Learnt, data: Path) -> dict[str, Any]:
    scorer = LinearScorer(learnt.policy.version, learnt.policy, learnt.weights)
    return {
        "functional_suite": functions.on_functions(scorer),
        "natural": behaviour.on_natural_traffic(scorer, data),
        "phenomenon": behaviour.by_slice(learnt, "phenomenon"),
        "language": behaviour.by_slice(learnt, "language"),
        "spam_kind": behaviour.by_slice(learnt, "kind"),
        "bias": behaviour.bias(scorer),
        "promises": learnt.promises.to_json(),
        "unmask_milliseconds": hostile.milliseconds(),
    }


def write_report(folder: Path, report: dict[str, Any], learnt: Learnt) -> None:
    """Write ``report.json``, ``card.md`` and the plots beside the model's manifest."""
    plots.draw(learnt, folder)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    # What people found when they read the rejected comments; no command can measure that again.
    reading = folder / "reading.json"
    read = json.loads(reading.read_text(encoding="utf-8")) if reading.exists() else None
    (folder / "card.md").write_text(write_card(manifest, report, read), encoding="utf-8")
