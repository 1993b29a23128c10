"""Shared by serving and training: unmasking, features, the artefact, the scorer."""
