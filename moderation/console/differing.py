"""Where a variant of a text differs from the commonest one, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a variant; ``differs`` says that the commonest variant has it otherwise."""

    text: str
    differs: bool


def differences(common: str, variant: str) -> list[Stretch]:
    """Cut a variant into stretches that are as in the common text, and those that are not.

    Long texts are compared by their beginnings.
    """
    ours, theirs = (_PIECE.findall(text[:_LONGEST]) for text in (common, variant))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    stretches = [
        Stretch("".join(theirs[start:end]), kind != "equal")
        for kind, _, _, start, end in matcher.get_opcodes()
        if end > start
    ]
    rest = variant[_LONGEST:]
    return [*stretches, Stretch(rest, False)] if rest else stretches
