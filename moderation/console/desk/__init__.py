"""The editor's desk, a module a page."""

from moderation.console.desk import (
    audit,
    complaints,
    overview,
    people,
    policies,
    rule_settings,
    rules,
    second_factors,
    second_look,
    strip,
    webhooks,
)
from moderation.console.desk.access import ENTRIES, blueprint

__all__ = [
    "ENTRIES",
    "audit",
    "blueprint",
    "complaints",
    "overview",
    "people",
    "policies",
    "rule_settings",
    "rules",
    "second_factors",
    "second_look",
    "strip",
    "webhooks",
]
