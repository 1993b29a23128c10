"""The wire format of Google's Perspective API, for clients that lose it after 2026."""

from moderation.adapters.perspective.views import blueprint

__all__ = ["blueprint"]
