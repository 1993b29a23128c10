"""Other systems' wire formats onto the same services; each names its errors in its own way."""

from moderation.adapters import akismet, coral, perspective

blueprints = (akismet.blueprint, perspective.blueprint, coral.blueprint)
