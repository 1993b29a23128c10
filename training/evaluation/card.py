"""The model's card: what a newsroom, an engineer and a lawyer read before relying on it."""

from collections.abc import Mapping
from typing import Any

from moderation.domain.verdict import LABELS
from training.evaluation.plots import PRECISION, QUEUE, RELIABILITY

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
            *_functions(report["functional_suite"]),
            *_natural(report, read),
            *_phenomena(report),
            *_languages(report),
            *_kinds(report["spam_kinds"]),
            *_context(report["context"]),
            *_groups(report["bias"]),
            *_hostile(report["unmask_milliseconds"]),
            "## Pictures",
            "",
            f"![How often a score comes true]({RELIABILITY})",
            f"![Precision and recall on news comments]({PRECISION})",
            f"![The queue that a stricter promise costs]({QUEUE})",
            "",
            "Measured by `python -m training evaluate` in "
            f"{sum(report['seconds'].values()) / 60:.0f} minutes; every figure with its interval, "
            "and the time of each step, is in `report.json`.",
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


def _functions(suite: Mapping[str, Any]) -> list[str]:
    harmless = suite["cases"] - suite["harmful"]
    weak = sorted(suite["functions"].items(), key=lambda item: item[1]["right"])
    return [
        "## By function (cases nobody wrote for it)",
        "",
        f"Of {suite['cases']} cases of the functional suite, on which no model is trained, "
        f"{100 * suite['right']:.1f}% are treated rightly. Of {suite['harmful']} harmful ones "
        f"{suite['harmful_approved']} are approved and {suite['harmful_rejected']} rejected; of "
        f"{harmless} harmless ones {suite['harmless_queued']} are queued and "
        f"{suite['harmless_rejected']} rejected. Below all right:",
        "",
        "| function | cases | right |",
        "| --- | --- | --- |",
        *(
            f"| {name} | {row['cases']} | {row['right']:.2f} |"
            for name, row in weak
            if row["right"] < 1
        ),
        "",
    ]


def _natural(report: Mapping[str, Any], read: Mapping[str, int] | None) -> list[str]:
    natural = report["natural"]
    return [
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
        )
        + (
            f" Of {natural['approved_read']} approved ones chosen at random and read, "
            f"{natural['approved_harmful']} were harmful; with 95% confidence at most "
            f"{100 * natural['approved_bound']:.1f} in 100 are."
            if natural.get("approved_read")
            else ""
        ),
        "",
    ]


def _phenomena(report: Mapping[str, Any]) -> list[str]:
    unseen = report["phenomenon_unseen"]
    rows = sorted(report["phenomenon"].items(), key=lambda item: item[1]["accuracy"])
    return [
        "## By phenomenon (the project's corpus)",
        "",
        "The share of lines treated rightly: a harmful one stopped, a harmless one approved; once "
        "by heads that saw nothing of a line's topic, once by heads that saw nothing of its "
        "phenomenon and a quarter of the public sources.",
        "",
        "| phenomenon | lines | topic unseen | phenomenon unseen |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {row['lines']} | {row['accuracy']:.2f} | {unseen[name]['accuracy']:.2f} |"
            for name, row in rows
        ),
        "",
    ]


def _languages(report: Mapping[str, Any]) -> list[str]:
    return [
        "| language | lines | treated rightly, topic unseen |",
        "| --- | --- | --- |",
        *(
            f"| {name} | {row['lines']} | {row['accuracy']:.2f} |"
            for name, row in report["language"].items()
        ),
        "",
    ]


def _kinds(naming: Mapping[str, Any]) -> list[str]:
    sure = naming["sure"]
    right = "" if sure["right"] is None else f", {100 * sure['right']:.0f}% of them rightly"
    return [
        "## Naming the kind of spam (topics held out)",
        "",
        f"Macro-F1 {naming['macro_f1']:.3f} over {naming['lines']} lines. A kind is shown only "
        f"where the model is sure: for {100 * sure['share']:.0f}% of them{right}.",
        "",
        "| kind | lines | precision | recall | F1 |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {kind} | {row['lines']} | {row['precision']:.2f} | {row['recall']:.2f} "
            f"| {row['f1']:.2f} |"
            for kind, row in naming["kinds"].items()
        ),
        "",
    ]


def _context(context: Mapping[str, Any]) -> list[str]:
    lines = [
        "## What article and parent are worth (topics held out)",
        "",
        "Beside a model that learned and scored without them; the gain with its 95% interval.",
        "",
        "| lines | measure | with | without | gain |",
        "| --- | --- | --- | --- | --- |",
    ]
    for which, row in context.items():
        for measure in ("average_precision", "treated_rightly"):
            figure = row[measure]
            lines.append(
                f"| {row['lines']} {which} | {measure.replace('_', ' ')} | {figure['with']:.3f} "
                f"| {figure['without']:.3f} | {figure['gain']:+.3f} "
                f"({figure['from']:+.3f} to {figure['to']:+.3f}) |"
            )
    return [*lines, ""]


def _hostile(milliseconds: Mapping[str, float]) -> list[str]:
    worst = max(milliseconds, key=milliseconds.__getitem__)
    return [
        "## Hostile texts",
        "",
        f"Of {len(milliseconds)} texts of 20,000 characters made to keep unmasking busy, the worst "
        f"({worst}) takes {milliseconds[worst]:.0f} ms of processor time; the aim is 20.",
        "",
    ]


def _groups(bias: Mapping[str, float]) -> list[str]:
    return [
        "## Sentences that only name a group",
        "",
        "Share not approved, of ten neutral sentences each: "
        + ", ".join(f"{group} {share:.1f}" for group, share in bias.items())
        + ".",
        "",
    ]
