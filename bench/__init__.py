"""Figures side by side with the bare limits of the same run: `python -m bench`."""
