"""What an admin sets for the whole office: pauses and prices. Each with old and new value in the journal."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.news import Moment
from aspal.core.pricing import DEFAULT_PRICES
from aspal.core.refused import Refused
from aspal.core.switches import LAPOR_DOWN, OFFICE_PAUSE
from aspal.db import Database
from aspal.desk.open_case import in_reach
from aspal.records import calendar, health, journal
from aspal.records.journal import Entry

PAUSES = {"kantor": OFFICE_PAUSE, "lapor": LAPOR_DOWN}  # as the page calls them, and their switches
PRICES = "message_prices"


def pause(db: Database, switch: str, until: date | None, *, now: datetime, zone: str, by: str, reason: str) -> None:
    """No reminder leaves until the end of that day, or until the pause is lifted. Ages go on. Raises Refused."""
    if not reason.strip():
        raise Refused("Alasan wajib diisi.")
    at = Moment(now.astimezone(ZoneInfo(zone)))
    if until:
        in_reach(until, at)
    end = datetime.combine(until + timedelta(days=1), time(), at.zone) if until else None
    value = {"until": end.isoformat() if end else None, "reason": reason}
    with db.act() as conn:
        before = health.get_switch(conn, switch, now)
        health.set_switch(conn, switch, value, by=by, now=now, until=end, reason=reason)
        detail = {"before": before, "until": value["until"], "reason": reason}
        journal.append(conn, [Entry(now, by, "pause.set", f"switch:{switch}", detail)])


def resume(db: Database, switch: str, *, now: datetime, by: str) -> None:
    """Ends a pause; every case is looked at again. Raises Refused."""
    with db.act() as conn:
        before = health.get_switch(conn, switch)
        if not health.clear_switch(conn, switch):
            raise Refused("Tidak sedang dijeda.")
        calendar.reconsider_all(conn, now)
        journal.append(conn, [Entry(now, by, "pause.lifted", f"switch:{switch}", {"before": before})])


def prices(conn: Connection) -> dict[str, int]:
    """What one message of each category costs, in rupiah."""
    return {**DEFAULT_PRICES, **(health.get_switch(conn, PRICES) or {})}


def set_prices(db: Database, new: Mapping[str, int], *, now: datetime, by: str) -> None:
    """Sets the prices; past months are counted with them too."""
    with db.act() as conn:
        detail: dict[str, Any] = {"before": prices(conn), "after": dict(new)}
        health.set_switch(conn, PRICES, dict(new), by=by, now=now)
        journal.append(conn, [Entry(now, by, "prices.set", f"switch:{PRICES}", detail)])


def clear_alarm(db: Database, key: str, *, now: datetime, by: str) -> None:
    """An admin has seen to it. Raises Refused."""
    with db.act() as conn:
        if not health.clear_alarm(conn, key, now):
            raise Refused("Alarm itu sudah tidak terbuka.")
        journal.append(conn, [Entry(now, by, "alarm.cleared", f"alarm:{key.rpartition(':')[0] or key}", {"key": key})])
