"""Whose office hours a message keeps that speaks of no case. Not a station: planners and the late check ask here."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from aspal.core.workdays import Calendar
from aspal.records import org_chart
from aspal.records.calendar import Calendars


def calendars_of(
    conn: Connection, calendars: Calendars, contact_ids: Iterable[int], now: datetime
) -> dict[int, Calendar]:
    """The calendar of each of these people: of their unit; the office's own for its own people and for anybody else."""
    wanted = set(contact_ids)
    zones = org_chart.zones_of(conn, wanted, calendars.of(None).local_day(now)) if wanted else {}
    return {contact_id: calendars.of(zones.get(contact_id)) for contact_id in wanted}


def calendar_of(conn: Connection, calendars: Calendars, contact_id: int, now: datetime) -> Calendar:
    """The same for one person."""
    return calendars_of(conn, calendars, (contact_id,), now)[contact_id]
