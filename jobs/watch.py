"""Scheduled look at the machine itself: alarms out, the morning's test message, the daily line."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import watch
from aspal.records import watch as remembered
from jobs.timetable import in_force


def run(house: House, now: datetime) -> dict[str, Any]:
    """One round."""
    with house.db.write() as conn:
        remembered.keep_heartbeats(conn, [job.name for job in in_force(house.settings)])
        calendars = house.calendars(conn)
    return asdict(watch.run(house.db, house.gateway, house.settings, calendars, house.texts, now))
