"""Scheduled run of station 4: messages leave, until none is left or the house is told to stop."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import deliver


def run(house: House, _now: datetime) -> dict[str, Any]:
    """One delivery; it asks the clock itself, because a long queue takes its time."""
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    count = deliver.run(
        house.db, house.gateway, house.settings, calendars, house.texts, house.clock, house.stopping.is_set
    )
    return asdict(count)
