"""Scheduled run of station 3: waiting notices become messages."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import bundle


def run(house: House, now: datetime) -> dict[str, Any]:
    """One bundling."""
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    return asdict(bundle.run(house.db, calendars, house.texts, house.settings, now))
