"""The editor's desk, a module a page."""

from moderation.console.desk import (
    audit,
    complaints,
    hot_articles,
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
    "hot_articles",
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
