"""The editor's desk: overview, policies, people, audit log, score strip, second looks."""

from moderation.console.desk import audit, overview, people, policies, second_look, strip
from moderation.console.desk.access import ENTRIES, blueprint

__all__ = [
    "ENTRIES",
    "audit",
    "blueprint",
    "overview",
    "people",
    "policies",
    "second_look",
    "strip",
]
