"""Scheduled run of station 2: which dispositions are due, and who hears of them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import scan


def run(house: House, now: datetime) -> dict[str, Any]:
    """One scan."""
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    return asdict(scan.run(house.db, calendars, now))
