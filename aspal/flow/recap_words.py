"""What a recap says: the values of its text, by its template. Not a station: the recap station writes with it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from aspal.core import rapor_follow, rapor_ranking
from aspal.core.rapor_period import Period
from aspal.core.wording import listed
from aspal.core.workdays import Calendar
from aspal.flow import report
from aspal.flow.report import Asked
from aspal.flow.report_sections import decimal
from aspal.gateways.texts import CAPS
from aspal.records import recaps
from aspal.records.calendar import Calendars

Values = Mapping[str, str]
WEEKLY, MONTHLY, RANKING = "rekap_mingguan_opd", "rekap_bulanan", "rekap_peringkat"
_WEEK, _TOPIC_DAYS = timedelta(days=7), timedelta(days=30)


def of_unit(
    conn: Connection, template: str, unit_id: int, undone: int, calendar: Calendar, now: datetime, unheard: list[str]
) -> Values | None:
    """For a head: what the unit has left undone, and in the weekly recap what else he asks about.

    `undone` counts all that is left; `unheard` lists what he was not told of today already.
    """
    if template != WEEKLY:
        return counted(unheard)
    today = calendar.local_day(now)
    given = recaps.promises_due(conn, unit_id, today - _WEEK, today - timedelta(days=1), calendar.zone)
    return {
        "selesai": str(recaps.finished_since(conn, unit_id, now - _WEEK)),
        "jumlah": str(undone),
        "janji": str(rapor_follow.promises(given, today).broken),
        "topik": recaps.topic(conn, unit_id, today - _TOPIC_DAYS) or "tidak disebut",
        "laporan": listed(unheard + _told_today(undone - len(unheard)), CAPS["laporan"]),
    }


def _told_today(count: int) -> list[str]:
    return [f"{count} lainnya sudah disampaikan hari ini"] if count else []


def of_office(
    conn: Connection, template: str, when: str, calendars: Calendars, today: date, now: datetime
) -> Values | None:
    """For Sekda and Bupati: the month before, the quarter's ranking, or what is left of earlier years."""
    if template == RANKING:
        return _ranking(conn, calendars, today, now)
    if when == "awal_bulan":
        return _month(conn, calendars, today, now)
    return arrears(conn, None, today)


def arrears(conn: Connection, unit_ids: list[int] | None, today: date) -> Values | None:
    """Unfinished complaints by the year they came in."""
    by_year = recaps.arrears(conn, unit_ids, today.year)
    return counted([f"{year}: {count}" for year, count in sorted(by_year.items())], sum(by_year.values()))


def counted(items: list[str], total: int | None = None) -> Values | None:
    """A number and a list; None when there is nothing to say."""
    count = len(items) if total is None else total
    return {"jumlah": str(count), "daftar": listed(items, CAPS["daftar"])} if count else None


def month_before(today: date) -> Period:
    """The month that is over."""
    last = today.replace(day=1) - timedelta(days=1)
    return Period.of(last.year, month=last.month)


def quarter_before(today: date) -> Period:
    """The quarter that is over."""
    first = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1) - timedelta(days=1)
    return Period.of(first.year, (first.month - 1) // 3 + 1)


def _month(conn: Connection, calendars: Calendars, today: date, now: datetime) -> Values | None:
    found = report.one(conn, calendars, Asked(month_before(today)), now)
    tally = found.tally
    named = {
        "selesai": tally.finished, "proses": tally.in_process, "belum ditindaklanjuti": tally.open,
        "belum terverifikasi": tally.unverified, "lainnya": tally.other,
    }  # fmt: skip
    items = [f"{name} {count}" for name, count in named.items() if count]
    items += [f"penyelesaian {decimal(tally.completed)} %", f"tindak lanjut {decimal(tally.followed_up)} %"]
    items += [f"tunggakan seluruhnya {sum(found.overdue.values())}"] if found.overdue else []
    return counted(items, tally.total)


def _ranking(conn: Connection, calendars: Calendars, today: date, now: datetime) -> Values | None:
    found = report.one(conn, calendars, Asked(quarter_before(today), tellable=True), now)
    placed = rapor_ranking.ranking(found.units)
    items = [
        f"{place}. {one.name} {decimal(one.tally.completed)} % dari {one.tally.total}"
        for place, one in enumerate(placed, 1)
    ]
    return counted(items)
