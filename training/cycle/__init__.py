"""Retrain, compare and promote in one go, for a timer to start."""
