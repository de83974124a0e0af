"""Takes one guard of reliability or security away at a time, and asks the tests whether they notice."""
