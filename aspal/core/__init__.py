"""WHAT SHOULD HAPPEN. Pure: no clock, no database, no logging, standard library only."""
