"""The public sources: where each comes from, its licence, and what its columns mean here."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from moderation.classifier.artifact import digest
from moderation.domain.scorer import Article, Passage
from moderation.domain.verdict import LABELS, Label
from training.annotations import labels_to_learn, tags_for
from training.examples import Example, folded

Row = Mapping[str, Any]
Known = Mapping[Label, bool]


class Recipe(StrEnum):
    """Which sources may be used: those that permit commercial use, or all."""

    OPEN = "open"
    RESEARCH = "research"


@dataclass(frozen=True, slots=True)
class Source:
    """A public data set at one commit; ``read`` says what one of its rows knows."""

    name: str
    repository: str
    commit: str
    licence: str
    open: bool
    read: Callable[[Row], Known]
    trust: float = 1.0
    reader: bool = True

    def path(self, data: Path) -> Path:
        """Return the file that holds this source."""
        return data / f"{self.name}.jsonl"

    def examples(self, data: Path) -> Iterator[Example]:
        """Yield the rows that know at least one label."""
        with self.path(data).open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                own = self.read(row)
                known = {**own, **labels_to_learn(self.name, row["text"])}
                if known and row["text"].strip():
                    example = self._example(row, known)
                    yield replace(example, added=frozenset(known) - frozenset(own))

    def _example(self, row: Row, known: Known) -> Example:
        details = {key: str(value) for key, value in row["labels"].items() if value is not None}
        title = details.get("title", "")
        article = Article(title=title) if title else None
        if row["split"]:
            details["split"] = row["split"]
        text = row["text"]
        details |= tags_for(self.name, text)
        return Example(
            Passage(text, article), known, self.name, folded(text), self.trust, details, self.reader
        )

    def record(self, data: Path) -> dict[str, str]:
        """Return what a manifest says of this source."""
        return {
            "name": self.name,
            "repository": self.repository,
            "commit": self.commit,
            "licence": self.licence,
            "sha256": digest(self.path(data)),
        }


def _spam(row: Row) -> Known:
    # Nothing but gambling or products is labelled; threats and lewdness are rare enough among the
    # rest to count as absent, insults are not.
    return {Label.SPAM: bool(row["spam"])}


def _abuse(row: Row) -> Known:
    return {Label.ABUSE: bool(row["abuse"])}


def _news(row: Row) -> Known:
    return dict.fromkeys(LABELS, False)


def _reviews(row: Row) -> Known:
    return {Label.THREAT: False, Label.SEXUAL: False, Label.HATE: False, Label.ABUSE: False}


def _statements(row: Row) -> Known:
    return {Label.THREAT: False, Label.SEXUAL: False}


def _ibrohim(row: Row) -> Known:
    """Read hatred of groups as hate; its HS column also holds insults of one person."""
    columns = row["labels"]
    grounds = ("HS_Religion", "HS_Race", "HS_Gender", "HS_Physical")
    hate = bool(columns["HS"]) and any(columns[ground] for ground in grounds)
    known = {Label.ABUSE: bool(row["abuse"]), Label.HATE: hate}
    if columns["HS_Strong"] or not columns["HS"]:
        known[Label.THREAT] = bool(columns["HS_Strong"])
    return known


def _netifier(row: Row) -> Known:
    columns = row["labels"]
    return {
        Label.ABUSE: bool(row["abuse"]),
        Label.HATE: bool(columns["sara"]),
        Label.SEXUAL: bool(columns["pornografi"]),
    }


def _javanese_sundanese(row: Row) -> Known:
    return {Label.ABUSE: bool(row["abuse"]), Label.HATE: bool(row["hate"])}


# Labels given in other places and for other ends: at full weight they cost more on held-out topics
# than they bring (mean average precision over the labels .736; .763 with this, and other heads).
_NOISY = 0.2

SOURCES: tuple[Source, ...] = (
    Source(
        "gbennnn2026_judol_youtube", "gbennnn/judol-comment-classification",
        "efabf6ce2c8ccb4aa24ee32f5fa205bec594e210", "MIT", True, _spam,
    ),
    Source(
        "diashitenas2025_judol_youtube", "diashitenas/llm_judol",
        "ac5e7f7588e35d8130bdf7b7480a877cf80d3d17", "MIT", True, _spam,
    ),
    Source(
        "desrul2019_news_comments", "dhamirdesrul/Indonesian-Online-News-Comments",
        "8507c86194ddfc807b7905ae09948342c15ef031", "CC BY-SA 4.0 (SEACrowd card)", True,
        _abuse, 3.0,
    ),
    Source(
        "blob2020_toxic_small", "Blob-Development/indonesia-language-dataset",
        "6543398501c5cea696d3497e8128776bbb11cfd4", "MIT", True, _abuse, 0.3,
    ),
    Source(
        "indonlu_nerp_news_sentences", "IndoNLP/indonlu",
        "ce728f6926a36174b9923dfe49d6a6839b6e9bb7", "Apache-2.0", True, _news, 0.15, reader=False,
    ),
    Source(
        "nusax_senti", "IndoNLP/nusax",
        "75b0be5d982348332509f296e10d9bf9cb66d60f", "CC BY-SA 4.0", True,
        _reviews, 0.15, reader=False,
    ),
    Source(
        "indonlu_smsa", "IndoNLP/indonlu",
        "ce728f6926a36174b9923dfe49d6a6839b6e9bb7", "Apache-2.0", True,
        _statements, 0.15, reader=False,
    ),
    Source(
        "ibrohim2019_hs_abusive",
        "okkyibrohim/id-multi-label-hate-speech-and-abusive-language-detection",
        "be98de98e974b65838d2b5145ee2c89e9bf53a6b", "CC BY-NC-SA 4.0", False,
        _ibrohim, _NOISY, reader=False,
    ),
    Source(
        "netifier2018_toxic", "ahmadizzan/netifier",
        "725b7ebc74fe5d6bc7de9f2edb55a4251bc944a5", "none stated", False, _netifier, _NOISY,
    ),
    Source(
        "putri2021_javanese_sundanese", "Shofianina/local-indonesian-abusive-hate-speech-dataset",
        "a07628fdf4145ed9a84f4a10b1671abae6bdfb86", "none stated", False,
        _javanese_sundanese, _NOISY, reader=False,
    ),
    Source(
        "jingwuk2021_instagram_spam", "jingwuk/Instagram-Spam-Comment-Detection",
        "797da6252a68489f19d87279a2543c4d04276283", "none stated", False, _spam, 0.1,
    ),
    Source(
        "wibisono2018_sms_spam", "rdwr21/sms-spam-streamlit",
        "53ba4ab7108f511fa2ebd5b426953f1d9152e9de", "none stated", False, _spam, 0.1, reader=False,
    ),
)  # fmt: skip
"""Every labelled source."""

NATURAL = ("gbennnn2026_judol_youtube", "desrul2019_news_comments")
"""The sources whose comments stand at rates a site may see; the second is from news sites."""

GAMBLING = ("gbennnn2026_judol_youtube", "diashitenas2025_judol_youtube")
"""The sources whose spam promotes gambling and nothing else."""


def sources_of(recipe: Recipe) -> tuple[Source, ...]:
    """Return the sources a recipe may use."""
    return tuple(source for source in SOURCES if source.open or recipe is Recipe.RESEARCH)
