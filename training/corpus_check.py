"""What must hold of every line of the corpus, and the counts that show what it covers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from training.near_copies import likeness, shingles

Row = Mapping[str, Any]

LABELS = frozenset("spam abuse hate threat sexual".split())
REGISTERS = frozenset("formal everyday alay mixed".split())
LANGUAGES = frozenset("id jv su bew min id-x-medan en".split())
SPAM_KINDS = frozenset(
    "judol pinjol penipuan investasi dewasa obat jasa seo dukun promosi-akun".split()
)
GROUNDS = "suku agama ras antargolongan gender disabilitas".split()
ACTS = "hina seruan dehumanisasi ancaman".split()
HATE_KINDS = frozenset(f"{ground}/{act}" for ground in GROUNDS for act in ACTS)
TOPICS = frozenset(
    "desa infrastruktur transportasi pemilu pemerintahan korupsi hukum kriminal luar-negeri perang "
    "olahraga ekonomi harga pekerjaan pendidikan kesehatan agama lingkungan bencana hiburan "
    "teknologi keluarga kuliner wisata pertanian".split()
)
HARMFUL = frozenset(
    "spam-plain spam-disguised spam-soft spam-contact spam-english abuse-insult-person "
    "abuse-profanity abuse-group-of-people abuse-implicit abuse-disguised abuse-reply hate-insult "
    "hate-incitement hate-dehumanising hate-exclusion hate-implicit hate-disguised threat-direct "
    "threat-implicit threat-incitement threat-disguised sexual-harassment sexual-explicit "
    "sexual-solicitation sexual-implicit sexual-disguised".split()
)
HARMLESS = frozenset(
    "violence-on-topic criticism-official punishment-lawful quoting-insult counter-speech "
    "friendly-profanity animal-literal word-contains-bad-word identity-neutral gambling-talk "
    "loan-talk fraud-talk public-link-or-phone trade-talk idiom-violence sexual-topic-serious "
    "disagreement humor-sarcasm praise-thanks condolence-prayer question-correction "
    "personal-story short-reaction decorated-innocent numbers-prices other-script "
    "news-ordinary".split()
)
_KEYS = frozenset("text labels kind phenomenon register language topic article parent".split())
# An Indonesian mobile number that could be somebody's: 08 and eight or more digits, not all of the
# invented blocks 0800, 0812-0000 and +62 899 0000.
_PHONE = re.compile(r"(?<!\d)(?:\+?62|0)[\s.-]?8\d{2}[\s.-]?\d{3,4}[\s.-]?\d{3,5}(?!\d)")
_INVENTED = re.compile(r"000|123|111|222|333|444|555|666|777|888|999")


def problems(row: Row) -> Iterator[str]:
    """Yield what is wrong with one line."""
    labels = set(row.get("labels", ["missing"]))
    phenomenon = row.get("phenomenon")
    if set(row) - _KEYS:
        yield "unknown key"
    if labels - LABELS:
        yield "unknown label"
    if not str(row.get("text", "")).strip():
        yield "empty text"
    for key, allowed in (
        ("register", REGISTERS), ("language", LANGUAGES), ("topic", TOPICS),
        ("phenomenon", HARMFUL | HARMLESS),
    ):  # fmt: skip
        if row.get(key) not in allowed:
            yield f"unknown {key} {row.get(key)}"
    if phenomenon in HARMFUL and str(phenomenon).split("-")[0] not in labels:
        yield "the phenomenon's own label is missing"
    if phenomenon in HARMLESS and labels:
        yield "a harmless phenomenon with labels"
    yield from _context_problems(row)
    yield from _kind_problems(row, labels)
    for phone in _PHONE.findall(str(row.get("text", ""))):
        if not _INVENTED.search(re.sub(r"\D", "", phone)):
            yield f"a phone number that may be somebody's: {phone}"


def _context_problems(row: Row) -> Iterator[str]:
    for key in ("article", "parent"):
        if not isinstance(row.get(key, {}), Mapping):
            yield f"the {key} is no object"


def _kind_problems(row: Row, labels: set[str]) -> Iterator[str]:
    kind = row.get("kind")
    if "spam" in labels:
        if kind not in SPAM_KINDS | HATE_KINDS:
            yield f"spam of unknown kind {kind}"
    elif "hate" in labels:
        if kind not in HATE_KINDS:
            yield f"hate of unknown kind {kind}"
    elif not labels and kind is not None:
        yield "a harmless line with a kind"


def near_copies(texts: Sequence[str], *, above: float = 0.6) -> list[tuple[int, int]]:
    """Return pairs of lines of which the later says nearly the same as the earlier."""
    sets = [shingles(text) for text in texts]
    holders: dict[int, list[int]] = {}
    pairs: list[tuple[int, int]] = []
    for later, hashes in enumerate(sets):
        common = Counter(at for value in hashes.tolist() for at in holders.get(value, ()))
        for earlier, count in common.items():
            if count > above / 2 * hashes.size and likeness(sets[earlier], hashes) > above:
                pairs.append((earlier, later))
        for value in hashes.tolist():
            holders.setdefault(value, []).append(later)
    return pairs


def counts(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """Count lines by label, phenomenon, register, language, topic and kind."""
    tables: dict[str, Counter[str]] = {
        key: Counter() for key in ("label", "phenomenon", "register", "language", "topic", "kind")
    }
    for row in rows:
        tables["label"].update(row["labels"] or ["harmless"])
        for key in ("phenomenon", "register", "language", "topic"):
            tables[key][row[key]] += 1
        if row["kind"]:
            tables["kind"][row["kind"]] += 1
    return tables
