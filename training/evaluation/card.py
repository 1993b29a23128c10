"""The model's card: what a newsroom, an engineer and a lawyer read before relying on it."""

from collections.abc import Mapping
from typing import Any

from moderation.domain.verdict import LABELS

_SETS = {
    "reference_hs": "Reference hate set, HS, five published folds "
    "(F1; mBERT 85.1, IndoBERT 86.8, IndoBERTweet 88.8)",
    "reference_abusive": "Reference hate set, Abusive, the same folds (F1)",
    "news": "News readers' comments, abuse, cross-validated (average precision; aim 0.62)",
    "gambling": "Gambling spam, site names and videos held out (F1; aim 0.97)",
}


def write_card(
    manifest: Mapping[str, Any], report: Mapping[str, Any], read: Mapping[str, int] | None = None
) -> str:
    """Return the card as Markdown; ``read`` counts rejected comments read by people, and wrong."""
    return "\n".join(
        [
            f"# {manifest['version']}",
            "",
            f"Recipe `{manifest['recipe']}`, trained {manifest['created'][:10]} with scikit-learn "
            f"{manifest['versions']['scikit-learn']}. Five linear heads "
            f"({', '.join(LABELS)}) on shared word and character n-grams; calibrated scores.",
            "",
            "## What it learned from",
            "",
            "| source | repository, commit | licence |",
            "| --- | --- | --- |",
            *(
                f"| {source['name']} | {source['repository']} `{source['commit'][:12]}` "
                f"| {source['licence']} |"
                for source in manifest["sources"]
            ),
            f"| the project's corpus | `training/corpus`, {manifest['corpus']['lines']} lines "
            f"| {manifest['corpus']['licence']} |",
            "",
            *_promises(manifest["promises"]),
            *_comparisons(report),
            *_behaviour(report, read),
            "",
            "Measured by `python -m training evaluate`; every figure with its interval is in "
            "`report.json`.",
            "",
        ]
    )


def _promises(promises: Mapping[str, Any]) -> list[str]:
    lines = [
        "## What the thresholds promise",
        "",
        "With 95% confidence, on comments held out of training:",
        "",
    ]
    for label, kept in promises["rejected"].items():
        if kept is None:
            lines.append(f"- `{label}`: too little evidence to promise; never rejected by machine.")
        else:
            lines.append(
                f"- `{label}`: at most {100 * kept['bound']:.2f} in 100 rejected comments are "
                f"harmless ({kept['wrong']} of {kept['decided']} were)."
            )
    return [*lines, _approval(promises), ""]


def _approval(promises: Mapping[str, Any]) -> str:
    approved, guarded, natural = (
        promises[name] for name in ("approved", "guarded", "natural_rate_comments")
    )
    judge = (
        "were harmful when people read them again"
        if promises.get("read_again")
        else "carry the source's label of abuse, which its own notes call noisy"
    )
    line = (
        f"- Approval: {approved['wrong']} of {approved['decided']} approved news comments {judge}; "
        f"the bound is {100 * approved['bound']:.1f} in 100, with "
        f"{_queued(approved, natural)} of 1,000 queued. "
    )
    if guarded is None:
        return line + "No threshold can promise 1 in 100 on this text."
    return line + (
        f"A stricter policy promises 1 in 100 ({guarded['wrong']} of {guarded['decided']}), and "
        f"queues {_queued(guarded, natural)} of 1,000."
    )


def _queued(approval: Mapping[str, Any], natural: int) -> int:
    return 1000 - round(1000 * int(approval["decided"]) / natural)


def _comparisons(report: Mapping[str, Any]) -> list[str]:
    lines = ["## Beside its peers, on the same splits", ""]
    for name, title in _SETS.items():
        if name not in report:
            continue
        lines += [
            f"### {title}",
            "",
            "| system | figure | 95% interval | mean of splits | µs a comment | bytes |",
        ]
        lines += ["| --- | --- | --- | --- | --- | --- |"]
        lines += [
            f"| {peer} | {row['value']:.3f} | {row['from']:.3f} to {row['to']:.3f} "
            f"| {row['mean_of_splits']:.3f} | {row['microseconds']:.0f} | {row['bytes']:,} |"
            for peer, row in report[name].items()
        ]
        lines.append("")
    return lines


def _behaviour(report: Mapping[str, Any], read: Mapping[str, int] | None) -> list[str]:
    natural = report["natural"]
    lines = [
        f"Recall of held-out gambling spam once more disguised: {report['disguised_recall']:.3f}.",
        "",
        "## On natural traffic",
        "",
        f"Of {natural['comments']} unlabelled comments: {100 * natural['approve']:.1f}% approved, "
        f"{100 * natural['review']:.1f}% queued, {100 * natural['reject']:.1f}% rejected."
        + (
            f" People read {read['read']} of the rejected: {read['wrong']} were wrong."
            if read
            else ""
        ),
        "",
        "## By phenomenon (the project's corpus, topics held out)",
        "",
        "| phenomenon | lines | treated rightly |",
        "| --- | --- | --- |",
    ]
    rows = sorted(report["phenomenon"].items(), key=lambda item: item[1]["accuracy"])
    lines += [f"| {name} | {row['lines']} | {row['accuracy']:.2f} |" for name, row in rows]
    lines += ["", "| language | lines | treated rightly |", "| --- | --- | --- |"]
    lines += [
        f"| {name} | {row['lines']} | {row['accuracy']:.2f} |"
        for name, row in report["language"].items()
    ]
    lines += [
        "",
        "## Sentences that only name a group",
        "",
        "Share not approved, of ten neutral sentences each: "
        + ", ".join(f"{group} {share:.1f}" for group, share in report["bias"].items())
        + ".",
    ]
    return lines
