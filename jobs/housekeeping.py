"""Scheduled care: days off of the years ahead, warnings for the admin, old attempts to log in."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import housekeeping


def run(house: House, now: datetime) -> dict[str, Any]:
    """One round."""
    return asdict(housekeeping.run(house.db, house.settings, now))
