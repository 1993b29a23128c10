"""Look 64-bit keys up in a fixed set."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moderation.classifier.compiled import compiled
from moderation.classifier.script import Keys, Places

_ROUNDS = 500
# How many doublings of the table are tried.
_LARGER = 4
_SECOND = np.uint64(11)
_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A cuckoo table: every key sits in one of its two slots.

    A slot holds the upper half of its key as proof and the key's id. The lower half chose the
    slot, so a key outside the set passes for one inside about once in 2**32 look-ups.
    """

    slots: Keys
    size: int

    @classmethod
    def of(cls, keys: Keys) -> "Vocabulary":
        """Place distinct keys; each is found again as its position."""
        smallest = max(10, int(keys.size * 2).bit_length())
        for bits in range(smallest, smallest + _LARGER):
            mask = np.uint64((1 << bits) - 1)
            choices = np.stack((_first(keys, mask), _second(keys, mask)))
            chosen = _place(choices, 1 << bits)
            if chosen is not None:
                slots = np.zeros(1 << bits, np.uint64)
                slots[chosen] = (keys & ~_LOW) | np.arange(keys.size, dtype=np.uint64)
                return cls(slots, keys.size)
        raise ValueError("the keys do not fit a table; two of them may be equal")

    def find(self, keys: Keys) -> Places:
        """Return the ids of keys, -1 for those outside the set."""
        return ids_in(self.slots, keys)


@compiled("int64[::1](uint64[::1], uint64[::1])")
def ids_in(slots: Keys, keys: Keys) -> Places:
    """Return the ids that keys have in a table of slots, -1 for those outside the set."""
    ids = np.empty(keys.size, np.int64)
    mask = np.uint64(slots.size - 1)
    for at in range(keys.size):
        key = keys[at]
        # Both slots are read whatever the first holds: the processor fetches them, and those of
        # the keys to come, at the same time.
        first, second = slots[key & mask], slots[(key >> _SECOND) & mask]
        held = first if (first ^ key) <= _LOW else second
        ids[at] = np.int64(held & _LOW) if (held ^ key) <= _LOW else np.int64(-1)
    return ids


def _first(keys: Keys, mask: np.uint64) -> npt.NDArray[np.int64]:
    return (keys & mask).view(np.int64)


def _second(keys: Keys, mask: np.uint64) -> npt.NDArray[np.int64]:
    return ((keys >> _SECOND) & mask).view(np.int64)


def _place(choices: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64] | None:
    """Give each key one of its two slots: those put out by another move to their other one.

    Return ``None`` if some never come to rest: near half full, a table may have no such order.
    """
    every = np.arange(choices.shape[1])
    side = np.zeros(every.size, np.int64)
    holder = np.full(size, -1, np.int64)
    waiting = every
    for _ in range(_ROUNDS):
        slots = choices[side[waiting], waiting]
        evicted = holder[slots]
        holder[slots] = waiting  # of several at one slot the last stays
        lost = waiting[holder[slots] != waiting]
        waiting = np.concatenate((lost, np.unique(evicted[evicted >= 0])))
        if not waiting.size:
            placed: npt.NDArray[np.int64] = choices[side, every]
            return placed
        side[waiting] ^= 1
    return None
