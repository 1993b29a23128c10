"""Comment moderation for Indonesian news sites: the service."""
