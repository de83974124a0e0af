"""Scheduled run of station 2: which dispositions are due, and who hears of them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import scan
from aspal.records import due


def run(house: House, now: datetime) -> dict[str, Any]:
    """One scan. Most minutes there is nothing to do, and one look tells."""
    with house.db.read() as conn:
        calendars = house.calendars(conn)
        work = due.scan(conn, calendars.of(None).local_day(now), now)
    return asdict(scan.run(house.db, calendars, now) if any(work) else scan.ScanCount())
