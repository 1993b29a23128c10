"""Which sites and sections a person works on."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything, or the sites and sections named; an empty section is the whole site."""

    everywhere: bool
    places: frozenset[tuple[int, str]] = frozenset()

    def covers(self, site_id: int, section: str) -> bool:
        """Say whether a comment of this section lies within reach."""
        return self.everywhere or bool({(site_id, ""), (site_id, section)} & self.places)

    def covers_site(self, site_id: int) -> bool:
        """Say whether the whole site lies within reach."""
        return self.everywhere or (site_id, "") in self.places

    @classmethod
    def of(cls, places: Iterable[tuple[int, str]]) -> "Reach":
        """Return a reach of just these places."""
        return cls(False, frozenset(places))


EVERYWHERE = Reach(True)
