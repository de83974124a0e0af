"""Scheduled run of station 7: recaps for heads and the office, each once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import recap


def run(house: House, now: datetime) -> dict[str, Any]:
    """One look at which recaps are due."""
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    return asdict(recap.run(house.db, calendars, house.texts, house.settings, now))
