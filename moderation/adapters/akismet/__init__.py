"""The Akismet protocol, versions 1.1 and 1.2, for clients that cannot be changed."""

from moderation.adapters.akismet.views import blueprint

__all__ = ["blueprint"]
