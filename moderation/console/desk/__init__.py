"""The editor's desk: overview, policies, people, audit log, score strip, second looks, webhooks."""

from moderation.console.desk import (
    audit,
    overview,
    people,
    policies,
    second_look,
    strip,
    webhooks,
)
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
    "webhooks",
]
