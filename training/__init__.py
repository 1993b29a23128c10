"""Offline: read the sources, train, set thresholds, evaluate. The service imports nothing of this."""
