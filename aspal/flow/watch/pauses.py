"""Pauses of the whole office: one that nobody ended is silence for ever. Part of the watch."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from aspal.core.switches import LAPOR_DOWN, OFFICE_PAUSE
from aspal.core.wording import long_date
from aspal.core.workdays import Calendar
from aspal.records import vitals
from aspal.records.vitals import Switch

ALARM = "pause:"
FORGOTTEN = 3  # working days without an end: whoever set it has forgotten it, or no longer looks
NAMES: Mapping[str, str] = {
    OFFICE_PAUSE: "semua pengingat dijeda",
    LAPOR_DOWN: "semua pengingat dijeda karena LAPOR tidak dapat dibuka",
}


def look(conn: Connection, calendar: Calendar, now: datetime) -> dict[str, str | None]:
    """The alarm about each pause; None where there is none, or it is young or has an end."""
    lasting = _lasting(conn, now)
    return {ALARM + name: _forgotten(name, lasting.get(name), calendar, now) for name in NAMES}


def told(conn: Connection, calendar: Calendar, now: datetime) -> Iterator[str]:
    """Each pause that lasts, for the daily line. Why stays out: it is free text, and the journal keeps for ever."""
    for name, one in _lasting(conn, now).items():
        yield f"{NAMES[name]} sejak {long_date(calendar.local_day(one.set_at))}"


def _lasting(conn: Connection, now: datetime) -> dict[str, Switch]:
    return vitals.switches_on(conn, NAMES, now)


def _forgotten(name: str, one: Switch | None, calendar: Calendar, now: datetime) -> str | None:
    if one is None or one.until is not None:
        return None
    since = calendar.local_day(one.set_at)
    days = calendar.workdays_between(since, calendar.local_day(now))
    if days < FORGOTTEN:
        return None
    words = NAMES[name]
    return (
        f"{words[0].upper()}{words[1:]} sejak {long_date(since)} ({days} hari kerja) tanpa tanggal akhir; tidak ada "
        "yang diingatkan. Akhiri jedanya di halaman Kantor, atau beri tanggal akhir."
    )
