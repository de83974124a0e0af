"""Kalender: the year's working days, days off and office hours, as the counting of days uses them."""

from calendar import Calendar as Weeks
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from aspal.core.calendar_words import hours_text
from aspal.core.wording import DAYS, MONTHS, long_date
from aspal.core.workdays import HoursPeriod
from aspal.records import calendar
from aspal.records.calendar import DayOff
from aspal.web.house import house
from aspal.web.words import local_day

blueprint = Blueprint("calendar", __name__, url_prefix="/kalender")
KINDS = {"national": "Libur nasional", "collective": "Cuti bersama", "local": "Hari daerah"}
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Cell:
    """One day in a month's table."""

    day: date
    classes: str
    words: str  # what is special about it; empty for an ordinary day

    @property
    def label(self) -> str:
        """The day for somebody who does not see the colour."""
        return f"{long_date(self.day)}{': ' if self.words else ''}{self.words}"


@dataclass(frozen=True)
class Month:
    """One of twelve small tables."""

    name: str
    workdays: int
    weeks: Sequence[Sequence[Cell | None]]


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """A whole year: twelve tables, and the same as a list for a small screen."""
    today = _today()
    year = request.args.get("tahun", today.year, type=int)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    with house().db.read() as conn:
        days = {row.day: row for row in calendar.days(conn, year)}
        hours = calendar.hours(conn)
        missing = calendar.missing_decrees(conn, today)
        guessed = calendar.estimated_hours(conn)
    months = [_month(year, number, days, hours, today) for number in range(1, 13)]
    dated = [one for one in hours if one.dated and _in_year(one, year)]
    return render_template(
        "calendar/index.html",
        year=year,
        months=months,
        days=list(days.values()),
        ordinary=[one for one in hours if not one.dated],
        dated=dated,
        missing=missing,
        guessed=guessed,
        total=sum(month.workdays for month in months),
    )


def _today() -> date:
    now, zone = house().clock.now(), house().settings.office_time_zone
    return local_day(now, zone)


def _in_year(period: HoursPeriod, year: int) -> bool:
    return (period.first_day or date.min) <= date(year, 12, 31) and (period.last_day or date.max) >= date(year, 1, 1)


def _month(year: int, month: int, days: Mapping[date, DayOff], hours: Sequence[HoursPeriod], today: date) -> Month:
    weeks = Weeks().monthdatescalendar(year, month)
    cells = [
        [_cell(day, days.get(day), hours, today) if day.month == month else None for day in week] for week in weeks
    ]
    worked = sum(1 for week in weeks for day in week if day.month == month and _is_workday(day, days.get(day)))
    return Month(MONTHS[month - 1], worked, cells)


def _is_workday(day: date, row: DayOff | None) -> bool:
    return day.weekday() < 5 and not (row and row.observed)


def _cell(day: date, row: DayOff | None, hours: Sequence[HoursPeriod], today: date) -> Cell:
    classes, words = [], []
    if day.weekday() >= 5 and not (row and row.observed):
        classes.append("is-weekend")
    if row and row.observed:
        classes.append(f"is-{row.kind}")
        words.append(f"{row.name} ({KINDS[row.kind].lower()})")
        if row.estimated:
            classes.append("is-estimated")
            words.append("perkiraan")
    elif row:
        classes.append("is-worked")
        words.append(f"{row.name}, tetap hari kerja")
    special = next((one for one in hours if one.dated and one.covers(day)), None)
    if special and _is_workday(day, row):
        classes.append("is-hours")
        words.append(f"jam {special.name}")
    if day == today:
        classes.append("is-today")
        words.append("hari ini")
    return Cell(day, " ".join(classes), "; ".join(words))


@blueprint.context_processor
def words() -> dict[str, Any]:
    """What the pages of the calendar need to speak."""
    return {"OFF": KINDS, "DAY_NAMES": DAYS, "hours_words": hours_text}
