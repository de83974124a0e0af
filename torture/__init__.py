"""Kills workers, breaks the provider and counts what people heard: `python -m torture`. 0 lost, 0 doubled, 0 stuck."""
