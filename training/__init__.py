"""Offline: sources, training, thresholds, evaluation. The service imports nothing of this."""
