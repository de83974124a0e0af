"""Roster -> rapor: the figures of one period from one consistent look at it. Reads only; not a station."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core import forecast
from aspal.core.forecast import Forecast, Pace, Way
from aspal.core.ladder import Ladder
from aspal.core.ladder.words import message_words, roles, sentence
from aspal.core.rapor import Facts, Rapor, UnitLine, rapor, unit_lines
from aspal.core.rapor.brief import Brief, brief
from aspal.core.rapor.follow import Effects, effects
from aspal.core.rapor.follow import in_time as in_time_of
from aspal.core.rapor.period import Period
from aspal.core.workdays import Calendar
from aspal.records import ladders
from aspal.records.calendar import Calendars
from aspal.records.figures import closing, counts, follow, times
from aspal.records.figures.closing import Closable
from aspal.records.figures.scope import Scope

CLOSABLE = 50  # as many cases as an office can act upon; the list says that there are more


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about. `tellable`: for the unit's own eyes, without what concerns its officials."""

    period: Period
    unit_id: int | None = None
    tellable: bool = False

    @property
    def scope(self) -> Scope:
        return Scope.of(self.period, self.unit_id, tellable=self.tellable)


@dataclass(frozen=True)
class Compared:
    """A period, and of the same span of the year before what is set beside it."""

    now: Rapor
    before: Brief

    def as_json(self) -> dict[str, Any]:
        """The rapor's keys, and under a key of its own the year before."""
        return {**self.now.as_json(), "tahun_sebelumnya": self.before.as_json()}


@dataclass(frozen=True)
class Outlook:
    """Where the period ends at today's pace, what a target asks for, and which cases to close first."""

    forecast: Forecast | None
    way: Way | None
    first: list[Closable]


def one(conn: Connection, calendars: Calendars, asked: Asked, now: datetime) -> Rapor:
    """The figures of one period."""
    calendar, scope = calendars.of(None), asked.scope
    since, until = _span(asked.period, calendar)
    overdue, carried = counts.arrears(conn, scope)
    facts = Facts(
        groups=counts.groups(conn, scope),
        responses=times.responses(conn, scope),
        dated=times.dated(conn, scope),
        overdue=overdue,
        carried=carried,
        units=counts.units_of(conn, scope),
        moves=follow.moves(conn, scope),
        promises=follow.promises(conn, scope, since, until, calendar.zone),
    )
    return rapor(asked.period, facts, _limits(conn), calendar, calendar.local_day(now))


def compared(conn: Connection, calendars: Calendars, asked: Asked, now: datetime) -> Compared:
    """The figures, and of the year before those that are set beside them: a period that still runs beside as much of
    the earlier one."""
    calendar, earlier = calendars.of(None), replace(asked, period=asked.period.year_before())
    until = asked.period.same_day_before(calendar.local_day(now))
    scope = replace(earlier.scope, last=until) if until else earlier.scope
    before = brief(earlier.period, times.answers(conn, scope), calendar, until)
    return Compared(one(conn, calendars, asked, now), before)


def of_units(conn: Connection, calendars: Calendars, asked: Asked) -> list[UnitLine]:
    """What the rapor of the unit, or of each that has complaints in the period, says first."""
    return unit_lines(counts.units_of(conn, asked.scope), calendars.of(None))


def reminders(conn: Connection, calendars: Calendars, asked: Asked, now: datetime) -> Effects:
    """Which reminders moved their cases. A report of its own: it looks at every message of the period."""
    calendar, period = calendars.of(None), asked.period
    offset = now.astimezone(ZoneInfo(calendar.zone)).utcoffset() or timedelta()
    in_time = in_time_of(period.first, period.last, calendar.add_workdays)
    told = follow.told(conn, asked.scope, in_time, int(offset.total_seconds() // 3600))
    return replace(effects(told), words=_words(ladders.in_force(conn)))


def _words(ladder: Ladder) -> dict[str, str]:
    """What the rules in force say of each step and recap."""
    steps = {step.id: sentence(step, {}) for step in ladder.steps}
    recaps = {one.id: f"{message_words(one.template)}, kepada {roles(one.audience)}" for one in ladder.recaps}
    return {code: f"{one.when}, kepada {one.whom}" for code, one in steps.items()} | recaps


def pace(conn: Connection, calendars: Calendars, asked: Asked, now: datetime) -> Pace | None:
    """None for a period that is over or has not begun: it has no end to foresee."""
    calendar = calendars.of(None)
    today, scope = calendar.local_day(now), asked.scope
    if not scope.first <= today <= scope.last:
        return None
    since, seen = _look_back(calendar, scope.first, today)
    received, finished = times.pace(conn, scope, since, today)
    return Pace(seen, calendar.workdays_between(today, scope.last), received, finished)


def outlook(conn: Connection, asked: Asked, found: Rapor, pace: Pace, target: Decimal | None) -> Outlook:
    """What the pace leads to."""
    total, finished, unfinished = found.tally.total, found.tally.finished, found.tally.unfinished
    expected = forecast.at_the_end(total, finished, pace)
    way = forecast.way_to(target, total, finished, unfinished, expected) if target is not None else None
    first = closing.first(conn, asked.scope, min(way.now, CLOSABLE)) if way and way.now else []
    return Outlook(expected, way, first)


def since_ever(asked: Asked) -> Scope:
    """The same unit's complaints of every year up to the end of the period."""
    return Scope(date.min, asked.period.last, asked.unit_id, asked.tellable)


def _look_back(calendar: Calendar, first: date, today: date) -> tuple[date, int]:
    """The first day of the working days whose pace is taken, and how many they are, today included."""
    seen = calendar.workdays_between(first - timedelta(days=1), today)
    if seen <= forecast.LOOK_BACK:
        return first, seen
    day = calendar.add_workdays(first - timedelta(days=1), seen - forecast.LOOK_BACK) + timedelta(days=1)
    return day, forecast.LOOK_BACK


def _span(period: Period, calendar: Calendar) -> tuple[datetime, datetime]:
    zone = ZoneInfo(calendar.zone)
    end = period.last + timedelta(days=1)
    return datetime.combine(period.first, time(), zone), datetime.combine(end, time(), zone)


def _limits(conn: Connection) -> dict[str, int]:
    return {name: limit.days for name, limit in ladders.in_force(conn).limits.items()}
