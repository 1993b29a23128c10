"""Measure a model beside its peers, on splits that nothing crosses."""
