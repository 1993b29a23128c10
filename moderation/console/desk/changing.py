"""What has changed in the comments, as the overview's tables."""

from typing import Any

from moderation.console.languages import say
from moderation.console.wording import LABEL_NAMES
from moderation.domain.drift import LEVELS, Kind, Measure
from moderation.domain.phrases import Surge
from moderation.domain.verdict import Label

Table = tuple[list[str], list[list[Any]]]

_DRIFT_HEADER = ("Ukuran", "Sekarang", "Dulu atau seharusnya", "Batas", "Dari", "Keadaan")
_PHRASES_HEADER = ("Ungkapan", "Komentar dalam 2 hari", "Dalam 4 minggu sebelumnya")


def drift_table(measures: list[Measure]) -> Table:
    """Return what was measured of anything, with its limit, those that warn first."""
    ordered = sorted((one for one in measures if one.count), key=lambda one: not one.warns)
    return list(_DRIFT_HEADER), [_drift_row(one) for one in ordered]


def phrases_table(surges: list[Surge]) -> Table:
    """Return the phrases that surge."""
    rows = [[surge.phrase, surge.recent, surge.earlier] for surge in surges]
    return list(_PHRASES_HEADER), rows


def exact_percent(share: float) -> str:
    """Write a share with the one decimal that tells 99.9 from 99.1 in a hundred."""
    return f"{share * 100:.1f}%".replace(".", ",")


def _drift_row(one: Measure) -> list[Any]:
    is_index = one.kind is Kind.SCORES
    write = _index if is_index else exact_percent
    limit = one.before + LEVELS[one.kind]
    if one.now is None:
        return [_name(one), "–", "–", "–", one.count, "Belum cukup data"]
    return [
        _name(one),
        write(one.now),
        "–" if is_index else write(one.before),
        write(limit),
        one.count,
        "Perlu dilihat" if one.warns else "Wajar",
    ]


def _name(one: Measure) -> str:
    match one.kind:
        case Kind.SCORES:
            return say("Pergeseran skor: {label}", label=say(LABEL_NAMES[Label(one.name)]))
        case Kind.FOLDED:
            return "Huruf yang disamarkan"
        case Kind.UNKNOWN:
            return "Kata yang tidak dikenal mesin"
        case Kind.OVERTURNED_LABEL:
            return say(
                "Ditandai mesin, diterbitkan redaksi: {label}",
                label=say(LABEL_NAMES[Label(one.name)]),
            )
        case Kind.OVERTURNED_SECTION:
            return f"{say('Ditandai mesin, diterbitkan redaksi: rubrik')} {one.name}"


def _index(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
