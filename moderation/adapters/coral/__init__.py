"""An external moderation phase for Coral (coralproject)."""

from moderation.adapters.coral.views import blueprint

__all__ = ["blueprint"]
