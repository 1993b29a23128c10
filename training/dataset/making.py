"""Make a dataset: read every statement, let the one that counts speak, group, split, count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moderation.classifier.artifact import digest
from moderation.domain.verdict import LABELS
from moderation.storage.engine import Database
from training.dataset.conflicts import RULE, Finding, counted, finding_of, fold, settle
from training.dataset.folder import Dataset, fingerprint
from training.dataset.labelled_files import read_file
from training.dataset.newsroom import read_statements, without_erased
from training.dataset.rows import Row, Split
from training.dataset.splitting import HELD_SHARE, split_groups
from training.dataset.statements import Reject, Statement, Voice
from training.examples import folded
from training.near_copies import clusters

LEFT_OUT = (
    "rejected", "erased", "undone", "pending", "overturned", "outranked", "agreeing", "copies",
    "unlabelled",
)  # fmt: skip
"""Why a statement became no row of its own."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a dataset is made of: statements made by ``until``, of some sites or of all."""

    database: Database | None
    files: Sequence[Path]
    until: datetime
    site_names: Sequence[str] = ()
    held_share: float = HELD_SHARE


def make(request: Request) -> Dataset:
    """Make a dataset; every statement read ends as a row or is counted in ``left_out``."""
    read, left_out = Counter[str](), Counter[str]()
    rejects: list[Reject] = []
    statements = _read(request, read, left_out, rejects)
    left_out["rejected"] = len(rejects)
    findings = _fold_copies(_one_a_comment(statements, left_out), left_out)
    rows = _rows(findings, request.held_share)
    manifest = {
        "fingerprint": fingerprint(rows),
        "made_at": request.until.isoformat(timespec="seconds"),
        "rule": RULE,
        "span": _span(rows),
        "sites": sorted(request.site_names),
        "files": _files(request.files),
        "held_share": request.held_share,
        "read": {**counted(list(Voice), read), "total": read.total()},
        "left_out": counted(LEFT_OUT, left_out),
        "rows": _counts(rows),
    }
    return Dataset(rows, rejects, manifest)


def _read(
    request: Request, read: Counter[str], left_out: Counter[str], rejects: list[Reject]
) -> list[Statement]:
    filed: list[Statement] = []
    for path in request.files:
        for row in read_file(path, until=request.until):
            read[Voice.FILE] += 1
            if isinstance(row, Reject):
                rejects.append(row)
            else:
                filed.append(row)
    if request.database is None:
        return filed
    with request.database.reading() as tx:
        said = read_statements(
            tx, read, left_out, until=request.until, site_names=request.site_names
        )
        return [*said, *without_erased(tx, filed, left_out)]


def _one_a_comment(statements: Iterable[Statement], left_out: Counter[str]) -> Iterator[Finding]:
    by_comment = defaultdict[str, list[Finding]](list)
    for statement in statements:
        by_comment[statement.comment].append(finding_of(statement))
    for findings in tqdm(by_comment.values(), "comments", disable=None):
        finding = settle(findings, left_out)
        if finding.known:
            yield finding
        else:
            left_out["unlabelled"] += 1


def _fold_copies(findings: Iterable[Finding], left_out: Counter[str]) -> list[tuple[Finding, str]]:
    """Return one finding a text with the name of its group of near-copies."""
    by_text = defaultdict[str, list[Finding]](list)
    for finding in findings:
        by_text[_text_key(finding)].append(finding)
    found = [one for same in by_text.values() for one in fold(same, left_out, same_text=True)]
    found.sort(key=_age)
    by_group = defaultdict[int, list[Finding]](list)
    heads = clusters([one.statement.passage.text for one in found]).tolist() if found else []
    for finding, head in zip(found, heads, strict=True):
        by_group[head].append(finding)
    return [
        (one, found[head].statement.comment)
        for head, near in tqdm(by_group.items(), "groups of near-copies", disable=None)
        for one in _fold_near(near, left_out)
    ]


def _fold_near(near: Sequence[Finding], left_out: Counter[str]) -> list[Finding]:
    """Fold near-copies; texts without a letter, such as rows of emoji, only look alike."""
    if not folded(near[0].statement.passage.text):
        return list(near)
    return fold(near, left_out, same_text=False)


def _text_key(finding: Finding) -> str:
    text = finding.statement.passage.text
    return folded(text) or text.strip()


def _age(finding: Finding) -> tuple[bool, float, str]:
    at = finding.first_at
    return at is None, at.timestamp() if at else 0.0, finding.statement.comment


def _rows(grouped: Sequence[tuple[Finding, str]], held_share: float) -> list[Row]:
    firsts: dict[str, datetime | None] = {}
    for finding, group in grouped:
        times = [at for at in (firsts.get(group), finding.first_at) if at is not None]
        firsts[group] = min(times, default=None)
    sides = split_groups(firsts, held_share)
    ordered = sorted(grouped, key=lambda pair: _age(pair[0]))
    return [_row(finding, group, sides[group]) for finding, group in ordered]


def _row(finding: Finding, group: str, side: Split) -> Row:
    said = finding.statement
    return Row(
        id=said.comment,
        passage=said.passage,
        known=finding.known,
        voice=said.voice,
        source=said.source,
        at=said.at,
        said_at=said.said_at,
        language=said.language,
        group=group,
        copies=finding.copies,
        split=side,
    )


def _span(rows: Sequence[Row]) -> dict[str, Any]:
    times = sorted(row.at for row in rows if row.at is not None)
    held = sorted(row.at for row in rows if row.at is not None and row.split is Split.HELD)
    return {
        "first": times[0].isoformat() if times else None,
        "last": times[-1].isoformat() if times else None,
        "held_from": held[0].isoformat() if held else None,
        "undated": len(rows) - len(times),
    }


def _files(paths: Sequence[Path]) -> list[dict[str, str]]:
    named = [{"name": path.name, "sha256": digest(path)} for path in paths]
    return sorted(named, key=lambda one: (one["sha256"], one["name"]))


def _counts(rows: Sequence[Row]) -> dict[str, Any]:
    """Count rows by side, by voice and label, and by what is known of each label."""
    return {
        "total": len(rows),
        "comments": sum(row.copies for row in rows),
        "split": counted(list(Split), Counter(row.split for row in rows)),
        "said_by": {
            voice.value: _by_label([row for row in rows if row.voice is voice]) for voice in Voice
        },
        "labels": _by_label(rows),
    }


def _by_label(rows: Sequence[Row]) -> dict[str, Any]:
    table: dict[str, Any] = {"rows": len(rows)}
    for label in LABELS:
        holds = sum(row.known.get(label, False) for row in rows)
        known = sum(label in row.known for row in rows)
        table[label.value] = {"holds": holds, "not": known - holds, "unknown": len(rows) - known}
    return table
