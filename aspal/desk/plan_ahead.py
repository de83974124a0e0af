"""What will be told to whom today and on the next working day, as far as time alone decides. It decides
as the scan would, writing nothing, for so many cases and no more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from aspal.core.escalation import Decision, decide
from aspal.core.words import Role
from aspal.flow.gather import Gathered, Gatherer
from aspal.records import cases, overview
from aspal.records.calendar import Calendars

MOST = 200  # cases that are looked at


@dataclass(frozen=True)
class Planned:
    """One thing that somebody will be told."""

    day: date
    at: datetime
    step: str
    template: str
    role: Role
    name: str
    unit: str
    number: str
    complaint_id: int
    age: int


@dataclass(frozen=True)
class Plan:
    """What is ready, what will be decided, and on which two days."""

    today: date
    next_day: date
    ready: Sequence[overview.PlannedMessage]
    unbundled: int
    planned: Sequence[Planned]
    cut_off: bool  # there are more cases than were looked at


def plan(conn: Connection, calendars: Calendars, now: datetime) -> Plan:
    """Today's and the next working day's."""
    office = calendars.of(None)
    today = office.local_day(now)
    next_day = office.next_workday(today)
    until = office.closing(next_day) + timedelta(minutes=1)
    looks = dict(overview.looks(conn, until, MOST + 1))
    ids = list(looks)[:MOST]
    rows = cases.by_id(conn, ids)
    by_day: dict[date, list[tuple[cases.CaseRow, datetime]]] = defaultdict(list)
    for disposition_id in ids:
        if row := rows.get(disposition_id):
            calendar = calendars.of(row.zone)
            at = calendar.next_open(max(looks[disposition_id], now))
            by_day[calendar.local_day(at)].append((row, at))
    planned = [one for day, due in sorted(by_day.items()) for one in _of_day(conn, calendars, day, due)]
    ready = overview.planned_messages(conn, until, MOST)
    return Plan(today, next_day, ready, overview.unbundled(conn), planned, len(looks) > MOST)


def _of_day(
    conn: Connection, calendars: Calendars, day: date, due: Sequence[tuple[cases.CaseRow, datetime]]
) -> list[Planned]:  # fmt: skip
    gathered = Gatherer(conn, calendars, max(at for _, at in due)).rows(row for row, _ in due)
    found: list[Planned] = []
    for row, at in due:
        one = gathered[row.id]
        found += _told(one, decide(one.case, one.ladder, one.sent, one.calendar, at), day, at)
    return found


def _told(one: Gathered, decision: Decision, day: date, at: datetime) -> list[Planned]:
    return [
        Planned(
            day, at, due.step.id, due.step.template, due.audience, one.people[due.contact_id].name, one.row.unit_name,
            one.row.number, one.row.complaint_id, due.age,
        )
        for due in decision.due
    ]  # fmt: skip
