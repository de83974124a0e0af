"""Scheduled run of station 2: which dispositions are due, and who hears of them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aspal.bootstrap import House
from aspal.flow import scan
from aspal.records import due


def run(house: House, now: datetime) -> dict[str, Any]:
    """One scan. Most minutes there is nothing to do, and one question tells."""
    today = now.astimezone(ZoneInfo(house.settings.office_time_zone)).date()
    with house.db.read() as conn:
        if not any(due.scan(conn, today, now)):
            return asdict(scan.ScanCount())
        calendars = house.calendars(conn)
    return asdict(scan.run(house.db, calendars, now))
