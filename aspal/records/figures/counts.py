"""Complaints by every dimension, tunggakan by year of origin, and each unit's part."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    String,
    cast,
    extract,
    func,
    literal,
    select,
    true,
    union_all,
)

from aspal.core.rapor import Group, UnitFacts
from aspal.core.words import Kind, Status
from aspal.records.figures.scope import Scope, roster, theirs, within
from aspal.tables import complaints, dispositions, journal, notes, units

_STATUS, _START, _END = "status", "start", "end"
NOT_FOLLOWED_UP = (Status.OPEN, Status.UNVERIFIED)


def groups(conn: Connection, scope: Scope) -> list[Group]:
    """The complaints by month, status, kind, category and channel."""
    c = roster(scope).c
    keys = (extract("month", c.received_on), c.status, c.kind, c.category, c.channel)
    return [
        Group(int(month), Status(status), Kind(kind), category, channel, count)
        for month, status, kind, category, channel, count in conn.execute(select(*keys, func.count()).group_by(*keys))
    ]


def overdue(conn: Connection, scope: Scope) -> dict[int, int]:
    """Not followed up to this day, by the year of receipt, of every year up to the end of the period."""
    c = roster(_since_ever(scope)).c
    return _by_year(conn, c.received_on, c.status.in_(NOT_FOLLOWED_UP))


def carried(conn: Connection, scope: Scope) -> dict[int, int]:
    """Not followed up when the period ended: still so, or followed up only later."""
    c = roster(_since_ever(scope)).c
    first = func.coalesce(c.responded_on, c.finished_on)
    return _by_year(conn, c.received_on, (first > scope.last) | (first.is_(None) & c.status.in_(NOT_FOLLOWED_UP)))


def units_of(conn: Connection, scope: Scope) -> list[UnitFacts]:
    """Each unit's dispositions of these complaints; a complaint with two units counts at both."""
    found: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for unit_id, what, key, count in conn.execute(_of_units(scope)):
        found[unit_id, what][key] = count
    called = names(conn)
    return [
        UnitFacts(
            unit_id, called[unit_id], {Status(status): count for status, count in counts.items()},
            _days(found[unit_id, _START]), _days(found[unit_id, _END]),
        )
        for (unit_id, what), counts in sorted(found.items(), key=lambda item: called[item[0][0]])
        if what == _STATUS
    ]  # fmt: skip


def names(conn: Connection) -> dict[int, str]:
    """Every unit by name, for choosing one."""
    return {row.id: row.name for row in conn.execute(select(units.c.id, units.c.name).order_by(units.c.name))}


def years(conn: Connection) -> list[int]:
    """From the first complaint's year to the newest one's, newest first."""
    first, last = conn.execute(select(func.min(complaints.c.received_on), func.max(complaints.c.received_on))).one()
    return list(range(last.year, first.year - 1, -1)) if first else []


def version(conn: Connection) -> tuple[int, ...]:
    """Changes with everything that a figure is made of: what changes a row writes a line into the journal."""
    newest = [select(func.max(table.c.id)).scalar_subquery() for table in (journal, complaints, dispositions, notes)]
    return tuple(number or 0 for number in conn.execute(select(*newest)).one())


def _since_ever(scope: Scope) -> Scope:
    return Scope(date.min, scope.last, scope.unit_id, scope.tellable)


def _by_year(conn: Connection, received_on: ColumnElement[date], which: ColumnElement[bool]) -> dict[int, int]:
    year = extract("year", received_on)
    return {int(row[0]): row[1] for row in conn.execute(select(year, func.count()).where(which).group_by(year))}


def _of_units(scope: Scope) -> CompoundSelect[Any]:
    """Three counts over one joining of the tables, which is what costs."""
    d = dispositions.c
    at_unit = d.unit_id.is_not(None) if scope.unit_id is None else d.unit_id == scope.unit_id
    parts = (
        select(d.unit_id, d.complaint_id, d.status, d.responded_on, complaints.c.received_on)
        .join(complaints, d.complaint_id == complaints.c.id)
        .where(*within(scope), theirs(), at_unit)
        .cte("parts")
    )
    p = parts.c
    answered = p.responded_on >= p.received_on
    counted = (
        (_STATUS, p.status, func.count(p.complaint_id.distinct()), true()),
        (_START, p.received_on, func.count(), answered),
        (_END, p.responded_on, func.count(), answered),
    )
    return union_all(
        *(
            select(p.unit_id, literal(what), cast(key, String), count).where(which).group_by(p.unit_id, key)
            for what, key, count, which in counted
        )
    )


def _days(counted: Mapping[str, int]) -> dict[date, int]:
    return {date.fromisoformat(day): count for day, count in counted.items()}
