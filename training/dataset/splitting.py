"""Which rows are held back: the latest slice of time, with no near-copy of an earlier row."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from training.dataset.rows import Split

HELD_SHARE = 0.2


def split_groups(
    firsts: Mapping[str, datetime | None], share: float = HELD_SHARE
) -> dict[str, Split]:
    """Return each group's side by when its earliest comment came; at most ``share`` is held.

    A group without a time is for training, and so is one that began before the slice does.
    """
    begin = _begin([at for at in firsts.values() if at is not None], share)
    return {
        group: Split.HELD if at is not None and begin is not None and at > begin else Split.TRAIN
        for group, at in firsts.items()
    }


def _begin(times: Sequence[datetime], share: float) -> datetime | None:
    """Return the last time before the slice; what came at that very moment is not in it."""
    if not times or share <= 0:
        return None
    at = math.ceil((1 - share) * len(times)) - 1
    return sorted(times)[max(at, 0)]
