"""Scheduled runs. Each file wires, calls one station, logs one line and sets the exit code."""
