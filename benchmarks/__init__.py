"""Measurements, each a command that prints its figures and their ratios within one run."""
