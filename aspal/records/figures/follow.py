"""Promises, reminders and wrong addresses, counted."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, Connection, Date, case, column, exists, extract, false, func, select, values

from aspal.conditions import of_officials
from aspal.core.rapor.follow import Moves, Promise, Told
from aspal.core.words import WRONG_ADDRESS
from aspal.records.figures.scope import Scope, scanned, within
from aspal.tables import complaints, dispositions, messages, notes, notices, units


def moves(conn: Connection, scope: Scope) -> Moves:
    """Dispositions of these complaints that went to a wrong unit, and complaints that did so more than once."""
    of_scope = exists().where(complaints.c.id == dispositions.c.complaint_id, *within(scope))
    query = (
        select(dispositions.c.complaint_id, units.c.name, func.count())
        .join(units, units.c.id == dispositions.c.unit_id)
        .where(dispositions.c.track == "follow_up", dispositions.c.end_reason.in_(WRONG_ADDRESS), of_scope)
        .group_by(dispositions.c.complaint_id, units.c.name)
    )
    if scope.unit_id is not None:
        query = query.where(dispositions.c.unit_id == scope.unit_id)
    times: Counter[int] = Counter()
    at: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for complaint_id, name, count in conn.execute(query):
        times[complaint_id] += count
        at[name] += count
        cases[name] += 1
    by_unit = dict(sorted(at.items(), key=lambda item: (-item[1], item[0])))
    return Moves(at.total(), sum(count >= 2 for count in times.values()), by_unit, len(times), cases)


def promises(conn: Connection, scope: Scope, since: datetime, until: datetime, zone: str) -> list[Promise]:
    """Promises given from `since` to before `until`, with what LAPOR recorded of their case. Days are the office's."""
    case_id = func.coalesce(complaints.c.merged_into_id, complaints.c.id)
    query = (
        select(
            notes.c.received_at, notes.c.promise_until, dispositions.c.responded_on, complaints.c.finished_on, case_id
        )
        .join_from(notes, dispositions, dispositions.c.id == notes.c.disposition_id)
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(notes.c.promise_until.is_not(None), notes.c.received_at >= since, notes.c.received_at < until)
    )
    if scope.unit_id is not None:
        query = query.where(dispositions.c.unit_id == scope.unit_id)
    if scope.tellable:
        query = query.where(~of_officials())
    local = ZoneInfo(zone)
    return [Promise(at.astimezone(local).date(), *rest) for at, *rest in conn.execute(query)]


def told(conn: Connection, scope: Scope, in_time: Mapping[date, date], offset_hours: int) -> list[Told]:
    """Reminders that left within the period, and whether LAPOR recorded something of their case in time: from the day
    of the reminder to the one that `in_time` has for it."""
    n, d, c, days = notices.c, dispositions.c, complaints.c, _days(in_time)
    hour = extract("hour", _utc(conn, messages.c.accepted_at)).label("utc_hour")
    moved_on = case((d.responded_on >= n.workday, d.responded_on), (c.finished_on >= n.workday, c.finished_on))
    moved = func.coalesce(moved_on <= days.c.until, false()).label("moved")
    query = (
        select(n.step, messages.c.template, hour, moved, func.count())
        .join_from(notices, days, days.c.day == scanned(scope, n.workday))
        .join(messages, messages.c.id == n.message_id)
        .join(dispositions, d.id == n.disposition_id)
        .join(complaints, c.id == d.complaint_id)
        .where(messages.c.accepted_at.is_not(None))
        .group_by(n.step, messages.c.template, "utc_hour", "moved")
    )
    if scope.unit_id is not None:
        query = query.where(d.unit_id == scope.unit_id)
    return [
        Told(step, template or "", (int(utc) + offset_hours) % 24, bool(moved), count)
        for step, template, utc, moved, count in conn.execute(query)
    ]


def _days(in_time: Mapping[date, date]) -> CTE:
    pairs = list(in_time.items())
    return values(column("day", Date), column("until", Date), name="given").data(pairs).cte("days")


def _utc(conn: Connection, moment: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """SQLite keeps UTC; PostgreSQL would tell the hour of its own session."""
    return moment if conn.dialect.name == "sqlite" else func.timezone("UTC", moment)
