"""The editor's desk: overview, policies, people, audit log, score strip, second looks."""

from moderation.console.desk import overview, people, policies
from moderation.console.desk.access import ENTRIES, blueprint

__all__ = ["ENTRIES", "blueprint", "overview", "people", "policies"]
