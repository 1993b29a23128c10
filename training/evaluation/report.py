"""Put a model's whole report together."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moderation.classifier.scorer import LinearScorer
from training.evaluation import behaviour
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
from training.evaluation.peers import Ours
from training.learning import Learnt

Log = Callable[[str], None]


def evaluate(learnt: Learnt, data: Path, log: Log) -> dict[str, Any]:
    """Measure everything a card reports; some ten minutes on two cores."""
    report: dict[str, Any] = {}
    if (data / f"{REFERENCE}.jsonl").exists():
        for column in ("HS", "Abusive"):
            log(f"reference set, {column}")
            splits = list(reference_splits(data, column))
            report[f"reference_{column.lower()}"] = compare(splits, MEASURES["reference"], log)
    log("news comments")
    report["news"] = compare(list(news_splits(learnt.examples)), MEASURES["news"], log)
    log("gambling, names and videos held out")
    split = gambling_split(learnt.examples)
    report["gambling"] = compare([split], MEASURES["gambling"], log)
    ours = Ours()
    ours.fit(split[0], split[1])
    report["disguised_recall"] = disguised_recall(split, ours)
    scorer = LinearScorer(learnt.policy.version, learnt.policy, learnt.weights)
    report["natural"] = behaviour.on_natural_traffic(scorer, data)
    report["phenomenon"] = behaviour.by_slice(learnt, "phenomenon")
    report["language"] = behaviour.by_slice(learnt, "language")
    report["spam_kind"] = behaviour.by_slice(learnt, "kind")
    report["bias"] = behaviour.bias(scorer)
    report["context"] = behaviour.context_ablation(learnt, scorer)
    report["promises"] = learnt.promises.to_json()
    return report


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """Write ``report.json`` and ``card.md`` beside the model's manifest."""
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    # What people found when they read the rejected comments; no command can measure that again.
    reading = folder / "reading.json"
    read = json.loads(reading.read_text(encoding="utf-8")) if reading.exists() else None
    (folder / "card.md").write_text(write_card(manifest, report, read), encoding="utf-8")
