"""What a change of the calendar moves, seen before it is saved, and the saving."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from aspal.core.calendar_words import hours_text
from aspal.core.ladder import Ladder
from aspal.core.refused import Refused
from aspal.core.replay import foretell
from aspal.core.words import Role
from aspal.core.workdays import Calendar, HoursPeriod, NoOfficeHours
from aspal.db import Database
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.messages import deadline
from aspal.records import calendar, cases, deadlines, journal, ladders
from aspal.records.calendar import Calendars, DayOff
from aspal.records.journal import Entry

LOOKED_AT = 300  # dispositions whose next step is worked out under both calendars
AHEAD = 40  # working days within which a next step is looked for
LONGEST_CLOSED = timedelta(days=31)
OVERTAKEN = "Kalender baru saja diubah orang lain. Dampaknya dihitung ulang di bawah; periksa, lalu simpan sekali lagi."


@dataclass(frozen=True)
class Change:
    """What an admin wants: days as they are to stand, hours put in or changed, dated hours taken out."""

    days: tuple[DayOff, ...] = ()
    hours: tuple[HoursPeriod, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """The calendar as it is."""

    days: Mapping[date, DayOff]
    hours: Mapping[str, HoursPeriod]

    @classmethod
    def read(cls, conn: Connection) -> "Stored":
        return cls({row.day: row for row in calendar.days(conn)}, {row.name: row for row in calendar.hours(conn)})

    @property
    def fingerprint(self) -> str:
        """Of all of it: whoever looked at another calendar is told before it is saved."""
        return sha256(repr((sorted(self.days.items()), sorted(self.hours.items()))).encode()).hexdigest()[:16]

    def changed(self, change: Change) -> "Stored":
        """The calendar as it will be."""
        hours = {name: period for name, period in self.hours.items() if name not in change.dropped}
        days = {**self.days, **{row.day: row for row in change.days}}
        return Stored(days, hours | {period.name: period for period in change.hours})

    def calendars(self, zone: str) -> Calendars:
        off = {row.day: row.name for row in self.days.values() if row.observed}
        return Calendars(zone, off, self.hours.values())


@dataclass(frozen=True)
class Moved:
    """One disposition whose dates move."""

    complaint_id: int
    number: str
    unit: str
    step: str | None  # the next step; None where none comes within the days looked ahead
    audience: Role | None
    before: date | None
    after: date | None
    due_before: date
    due_after: date


@dataclass(frozen=True)
class Moves:
    """What a change of the calendar does to the open dispositions."""

    fingerprint: str
    moved: list[Moved]
    looked_at: int
    open: int
    limits: int  # of the open ones, whose legal limit falls on another day

    @property
    def all_looked_at(self) -> bool:
        """Whether every disposition that waits for a step was looked at."""
        return self.looked_at < LOOKED_AT


def preview(conn: Connection, change: Change, *, zone: str, now: datetime) -> Moves:
    """Nothing is changed. Raises Refused for a calendar by which the office would never open."""
    stored = Stored.read(conn)
    before, after = stored.calendars(zone), stored.changed(change).calendars(zone)
    _must_open(after.of(None), now)
    ids = deadlines.next_looked_at(conn, LOOKED_AT)
    gathered = Gatherer(conn, before, now).rows(cases.by_id(conn, ids).values())
    found = [_moved(one, after.of(one.row.zone), now) for one in (gathered[i] for i in ids if i in gathered)]
    groups = deadlines.alike(conn)
    return Moves(
        fingerprint=stored.fingerprint,
        moved=[one for one in found if (one.before, one.due_before) != (one.after, one.due_after)],
        looked_at=len(ids),
        open=sum(group.count for group in groups),
        limits=_limits(groups, ladders.in_force(conn), before, after),
    )


def save(db: Database, change: Change, seen: str | None, *, now: datetime, by: str) -> None:
    """Saves a change; every open disposition is looked at again.

    `seen`: the fingerprint of the calendar whose change was looked at. Raises Refused when it is another one by now.
    """
    with db.act() as conn:
        stored = Stored.read(conn)
        if seen is not None and stored.fingerprint != seen:
            raise Refused(OVERTAKEN)
        if change.days:
            calendar.put_days(conn, change.days, now)
        for period in change.hours:
            calendar.put_hours(conn, period, now)
        for name in change.dropped:
            if not calendar.remove_hours(conn, name, now):
                raise Refused("Jam kerja biasa tidak dapat dihapus; ubah saja isinya.")
        journal.append(conn, [*_day_entries(stored, change, now, by), *_hour_entries(stored, change, now, by)])


def _must_open(office: Calendar, now: datetime) -> None:
    try:
        opened = office.next_open(now)
    except NoOfficeHours:
        opened = now + 2 * LONGEST_CLOSED
    if opened - now > LONGEST_CLOSED:
        raise Refused("Dengan jam ini kantor sebulan lebih tidak buka, jadi tidak ada pesan yang dapat dikirim.")


def _moved(one: Gathered, after: Calendar, now: datetime) -> Moved:
    then = replace(one, calendar=after)
    step, first = _next(one, now)
    later_step, later = _next(then, now)
    role = step or later_step
    return Moved(
        complaint_id=one.row.complaint_id,
        number=one.row.number,
        unit=one.row.unit_name,
        step=role[0] if role else None,
        audience=role[1] if role else None,
        before=first,
        after=later,
        due_before=deadline(one),
        due_after=deadline(then),
    )


def _next(one: Gathered, now: datetime) -> tuple[tuple[str, Role] | None, date | None]:
    """The next thing that will be told about it, and when."""
    first = one.calendar.local_day(one.calendar.next_open(now))
    last = one.calendar.add_workdays(first, AHEAD)
    told = next(foretell(one.case, one.ladder, one.sent, one.calendar, first, last), None)
    return ((told.step, told.audience), told.workday) if told else (None, None)


def _limits(groups: Iterable[deadlines.Alike], ladder: Ladder, before: Calendars, after: Calendars) -> int:
    moved = 0
    for one in groups:
        limit = ladder.limit_of(one.kind, one.supervised)
        days = [side.of(one.zone).add_workdays(one.disposed_on, limit) for side in (before, after)]
        moved += one.count if days[0] != days[1] else 0
    return moved


def _day_entries(stored: Stored, change: Change, now: datetime, by: str) -> list[Entry]:
    found = []
    for row in change.days:
        action = "calendar.added" if row.observed else "calendar.removed"
        detail = {"before": _day(stored.days.get(row.day)), "after": _day(row)}
        found.append(Entry(now, by, action, f"day:{row.day.isoformat()}", detail))
    return found


def _day(row: DayOff | None) -> dict[str, Any] | None:
    return {"name": row.name, "kind": row.kind, "source": row.source, "off": row.observed} if row else None


def _hour_entries(stored: Stored, change: Change, now: datetime, by: str) -> list[Entry]:
    after: dict[str, HoursPeriod | None] = {period.name: period for period in change.hours}
    after |= dict.fromkeys(change.dropped)
    return [
        Entry(
            now,
            by,
            "calendar.hours",
            "hours",
            {"name": name, "before": _hours(stored.hours.get(name)), "after": _hours(new)},
        )
        for name, new in after.items()
    ]


def _hours(period: HoursPeriod | None) -> dict[str, Any] | None:
    if period is None:
        return None
    first, last = (day.isoformat() if day else None for day in (period.first_day, period.last_day))
    return {"first": first, "last": last, "hours": hours_text(period)}
