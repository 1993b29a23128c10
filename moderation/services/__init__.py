"""Use cases: one file a story, everything they need passed in, no framework imported."""
