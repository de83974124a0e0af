"""Promises, reminders and wrong addresses, counted."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, exists, extract, func, select

from aspal.core.rapor_follow import Moves, Promise, Told
from aspal.records.figures.scope import SECRET, Scope, within
from aspal.tables import complaints, dispositions, messages, notes, notices, units

_WRONG = ("redisposed", "returned")  # the unit was not the one


def moves(conn: Connection, scope: Scope) -> Moves:
    """Dispositions of these complaints that went to a wrong unit, and complaints that did so more than once."""
    of_scope = exists().where(complaints.c.id == dispositions.c.complaint_id, *within(scope))
    query = (
        select(dispositions.c.complaint_id, units.c.name, func.count())
        .join(units, units.c.id == dispositions.c.unit_id)
        .where(dispositions.c.track == "follow_up", dispositions.c.end_reason.in_(_WRONG), of_scope)
        .group_by(dispositions.c.complaint_id, units.c.name)
    )
    if scope.unit_id is not None:
        query = query.where(dispositions.c.unit_id == scope.unit_id)
    times: Counter[int] = Counter()
    at: Counter[str] = Counter()
    for complaint_id, name, count in conn.execute(query):
        times[complaint_id] += count
        at[name] += count
    by_unit = dict(sorted(at.items(), key=lambda item: (-item[1], item[0])))
    return Moves(at.total(), sum(count >= 2 for count in times.values()), by_unit)


def promises(conn: Connection, scope: Scope, since: datetime, until: datetime, zone: str) -> list[Promise]:
    """Promises given from `since` to before `until`, with what LAPOR recorded of their case. Days are the office's."""
    query = (
        select(notes.c.received_at, notes.c.promise_until, dispositions.c.responded_on, complaints.c.finished_on)
        .join_from(notes, dispositions, dispositions.c.id == notes.c.disposition_id)
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(notes.c.promise_until.is_not(None), notes.c.received_at >= since, notes.c.received_at < until)
    )
    if scope.unit_id is not None:
        query = query.where(dispositions.c.unit_id == scope.unit_id)
    if scope.tellable:
        query = query.where(~SECRET)
    local = ZoneInfo(zone)
    return [Promise(at.astimezone(local).date(), *days) for at, *days in conn.execute(query)]


def told(conn: Connection, scope: Scope, offset_hours: int) -> list[Told]:
    """Reminders that left within the period, and the day on which LAPOR next recorded something of their case."""
    n, d, c = notices.c, dispositions.c, complaints.c
    hour = extract("hour", _utc(conn, messages.c.accepted_at)).label("utc_hour")
    moved_on = case((d.responded_on >= n.workday, d.responded_on), (c.finished_on >= n.workday, c.finished_on))
    query = (
        select(n.step, messages.c.template, hour, n.workday, moved_on.label("moved_on"), func.count())
        .join_from(notices, messages, messages.c.id == n.message_id)
        .join(dispositions, d.id == n.disposition_id)
        .join(complaints, c.id == d.complaint_id)
        .where(n.workday.between(scope.first, scope.last), messages.c.accepted_at.is_not(None))
        .group_by(n.step, messages.c.template, "utc_hour", n.workday, "moved_on")
    )
    if scope.unit_id is not None:
        query = query.where(d.unit_id == scope.unit_id)
    return [
        Told(step, template or "", (int(utc) + offset_hours) % 24, workday, moved, count)
        for step, template, utc, workday, moved, count in conn.execute(query)
    ]


def _utc(conn: Connection, moment: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """SQLite keeps UTC; PostgreSQL would tell the hour of its own session."""
    return moment if conn.dialect.name == "sqlite" else func.timezone("UTC", moment)
