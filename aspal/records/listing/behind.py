"""The cases behind a figure of the rapor, as conditions of the list. Each says what the figure counts, so that the list
is exactly as long; tests/web/pages/test_reports_behind.py walks every link of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    Connection,
    Date,
    and_,
    column,
    func,
    not_,
    or_,
    select,
    values,
)  # fmt: skip

from aspal.among import among_these
from aspal.conditions import of_officials
from aspal.core.lateness import SUPERVISED, Lateness
from aspal.core.rapor import UNNAMED
from aspal.core.rapor.follow import Promise
from aspal.core.rapor.follow import verdict as verdict_of
from aspal.core.rapor.times import last_in_time
from aspal.core.words import AT_WORK, FOLLOWED_UP, NOT_FOLLOWED_UP, UNFINISHED, WRONG_ADDRESS, Status
from aspal.tables import complaints as c
from aspal.tables import dispositions as d
from aspal.tables import notes

# What stands in the address where a status stands, for several of them at once.
GROUPS = {"sudah_tindak_lanjut": FOLLOWED_UP, "tunggakan": NOT_FOLLOWED_UP, "berjalan": AT_WORK}
IN_TIME = ("tepat", "terlambat", "lewat")
MEASURED = ("tindak_lanjut", "selesai")
PROMISES = {"ditepati": "kept", "dilanggar": "broken", "berjalan": "running"}
OF_OFFICIALS = of_officials()
_MOST_DAYS = 10_000  # of receipt that one look at limits knows: 27 years


@dataclass(frozen=True)
class Figure:
    """Which figure's cases; nothing set: no figure's."""

    at_end: date | None = None  # not followed up when this day ended
    limit: str | None = None  # a legal limit by its name, and how it was kept: one of IN_TIME
    in_time: str | None = None
    measured: str | None = None  # its days from receipt on count in an average: one of MEASURED
    wrong: int | None = None  # went at least so often to a wrong unit
    promise: str | None = None  # what became of a promise, one of PROMISES, given from `promised` to `promised_to`
    promised: date | None = None
    promised_to: date | None = None

    @property
    def of_any_part(self) -> bool:
        """Whether parts count that are not the unit's any more, or never were."""
        return bool(self.wrong or self.promise)

    @property
    def of_status(self) -> bool:
        """Whether it asks how the complaint, or the unit's part of it, stands."""
        return bool(self.at_end or self.in_time or self.measured)


NO_FIGURE = Figure()


def status_is(column: Column[Any], status: str) -> ColumnElement[bool]:
    """One status, or one of a group."""
    group = GROUPS.get(status)
    return column.in_(group) if group else column == status


def received_on(wanted: Figure) -> ColumnElement[date]:
    """The day, for a condition. What most complaints fulfil is found soonest by walking down the list: by the index of
    days SQLite would look up every row of a year first, and then sort them."""
    day: Column[date] = c.c.received_on
    return func.coalesce(day, day) if wanted.at_end or wanted.measured else day


def named(field: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """A category or channel; the rapor has a word for having none."""
    return or_(field.is_(None), field == "") if value == UNNAMED else field == value


def conditions(
    conn: Connection, wanted: Figure, seen: Lateness, unit: int | None, received: tuple[date | None, date | None]
) -> list[ColumnElement[bool]]:
    """What the complaint must be; of one unit: as its own part stands."""
    at = (c if unit is None or wanted.of_any_part else d).c
    asked: tuple[tuple[object, Callable[[], list[ColumnElement[bool]]]], ...] = (
        (wanted.at_end, lambda: [_not_followed_up_on(wanted.at_end, at)]),
        (wanted.limit in seen.limits and wanted.in_time, lambda: _in_time(conn, wanted, seen, at, received)),
        (wanted.measured, lambda: _measured(wanted.measured, at)),
        (wanted.wrong, lambda: [_wrong(wanted.wrong or 1, unit)]),
        (wanted.promise, lambda: [among_these(c.c.id, _promised(conn, wanted, seen, unit))]),
    )
    return [condition for is_asked, conditions in asked if is_asked for condition in conditions()]


def _not_followed_up_on(day: date | None, at: Any) -> ColumnElement[bool]:
    return or_(func.coalesce(at.responded_on, c.c.finished_on) > day, at.status.in_(NOT_FOLLOWED_UP))


def _measured(what: str | None, at: Any) -> list[ColumnElement[bool]]:
    if what == "selesai":
        return [at.status == str(Status.FINISHED), c.c.finished_on >= c.c.received_on]
    return [func.coalesce(at.responded_on, c.c.finished_on) >= c.c.received_on]


def _in_time(
    conn: Connection, wanted: Figure, seen: Lateness, at: Any, received: tuple[date | None, date | None]
) -> list[ColumnElement[bool]]:
    limit = wanted.limit or ""
    of_limit = OF_OFFICIALS if limit == SUPERVISED else and_(c.c.kind == limit, not_(OF_OFFICIALS))
    if wanted.in_time == "lewat":
        return [of_limit, at.status.in_(UNFINISHED), c.c.received_on <= seen.unfinished[limit]]
    days = _limit_days(conn, seen, seen.limits[limit], received)
    is_late = c.c.finished_on > days.c.until
    is_done = and_(at.status == str(Status.FINISHED), c.c.finished_on >= c.c.received_on)
    return [
        of_limit,
        is_done,
        days.c.day == c.c.received_on,
        is_late if wanted.in_time == "terlambat" else not_(is_late),
    ]


def _limit_days(conn: Connection, seen: Lateness, limit: int, received: tuple[date | None, date | None]) -> CTE:
    """For each day of receipt that there is the last one within the limit."""
    ends = [select(end(c.c.received_on)).scalar_subquery() for end in (func.min, func.max)]
    earliest, latest = conn.execute(select(*ends)).one()
    last = min(received[1] or date.max, latest or seen.today)
    first = max(received[0] or date.min, earliest or seen.today, last - timedelta(_MOST_DAYS))
    every = [first + timedelta(n) for n in range((last - first).days + 1)] or [first]
    pairs = [(day, last_in_time(day, limit, seen.calendar.add_workdays)) for day in every]
    return values(column("day", Date), column("until", Date), name="given").data(pairs).cte("limit_days")


def _wrong(times: int, unit: int | None) -> ColumnElement[bool]:
    wrong = select(d.c.complaint_id).where(d.c.track == "follow_up", d.c.end_reason.in_(WRONG_ADDRESS))
    if unit is not None:
        wrong = wrong.where(d.c.unit_id == unit)
    if times > 1:
        wrong = wrong.group_by(d.c.complaint_id).having(func.count() >= times)
    return c.c.id.in_(wrong)


def _promised(conn: Connection, wanted: Figure, seen: Lateness, unit: int | None) -> list[int]:
    """Complaints with such a promise; what was promised on a merged one stands at the one that is left."""
    zone, verdict = ZoneInfo(seen.calendar.zone), PROMISES[wanted.promise or ""]
    query = (
        select(notes.c.received_at, notes.c.promise_until, d.c.responded_on, c.c.finished_on,
               func.coalesce(c.c.merged_into_id, c.c.id))
        .join_from(notes, d, d.c.id == notes.c.disposition_id)
        .join(c, c.c.id == d.c.complaint_id)
        .where(notes.c.promise_until.is_not(None), _may_be(verdict, seen.today))
    )  # fmt: skip
    if wanted.promised:
        query = query.where(notes.c.received_at >= datetime.combine(wanted.promised, time(), zone))
    if wanted.promised_to and wanted.promised_to < date.max:
        query = query.where(notes.c.received_at < datetime.combine(wanted.promised_to + timedelta(1), time(), zone))
    if unit is not None:
        query = query.where(d.c.unit_id == unit)
    given = (Promise(at.astimezone(zone).date(), *rest) for at, *rest in conn.execute(query))
    return sorted({one.complaint_id for one in given if verdict_of(one, seen.today) == verdict})


def _may_be(verdict: str, today: date) -> ColumnElement[bool]:
    """Which promises need a look at all."""
    until = notes.c.promise_until
    if verdict == "kept":
        return or_(d.c.responded_on <= until, c.c.finished_on <= until)
    return until < today if verdict == "broken" else until >= today
