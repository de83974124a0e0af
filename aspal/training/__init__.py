"""Latihan: a room of invented units where officers practise with simulated phones that reach no real number."""

from aspal.training.room import TrainingRoom as TrainingRoom
