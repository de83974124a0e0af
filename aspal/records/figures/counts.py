"""Complaints by every dimension, tunggakan by year of origin, and each unit's part."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
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
from aspal.core.words import NOT_FOLLOWED_UP, Kind, Status
from aspal.records.figures.scope import Scope, at_units, roster
from aspal.tables import complaints, dispositions, journal, notes, units

_STATUS, _START, _END = "status", "start", "end"


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to be counted."""

    years: list[int]  # from the newest complaint's to the first one's
    version: tuple[int, ...]  # changes with every figure: what changes a row writes a line into the journal


def groups(conn: Connection, scope: Scope) -> list[Group]:
    """The complaints by month, status, kind, category and channel."""
    c = roster(scope).c
    keys = (extract("month", c.received_on), c.status, c.kind, c.category, c.channel)
    return [
        Group(int(month), Status(status), Kind(kind), category, channel, count)
        for month, status, kind, category, channel, count in conn.execute(select(*keys, func.count()).group_by(*keys))
    ]


def arrears(conn: Connection, scope: Scope) -> tuple[dict[int, int], dict[int, int]]:
    """Tunggakan by the year of receipt, of every year up to the end of the period: not followed up to this day, and not
    followed up when the period ended: still so, or followed up only later.

    What was not followed up "menjadi tunggakan setiap tahunnya" in the Kemendagri's yearly evaluation.
    """
    c = roster(Scope(date.min, scope.last, scope.unit_id, scope.tellable)).c
    first = func.coalesce(c.responded_on, c.finished_on)
    now = c.status.in_(NOT_FOLLOWED_UP)
    then = now | (first > scope.last)
    year = extract("year", c.received_on)
    query = select(year, func.count().filter(now), func.count().filter(then)).where(then).group_by(year).order_by(year)
    rows = [(int(row[0]), row[1], row[2]) for row in conn.execute(query)]
    return {year: n for year, n, _ in rows if n}, {year: n for year, _, n in rows}


def arrears_at(conn: Connection, unit_ids: Sequence[int], last: date) -> dict[int, int]:
    """The same at these units together, for their own eyes: what stands at two of them is one complaint."""
    c = at_units(Scope(date.min, last, tellable=True)).c
    year = extract("year", c.received_on)
    query = (
        select(year, func.count(c.id.distinct()))
        .where(c.unit_id.in_(unit_ids), c.status.in_(NOT_FOLLOWED_UP))
        .group_by(year)
    )
    return {int(row[0]): row[1] for row in conn.execute(query)}


def units_of(conn: Connection, scope: Scope) -> list[UnitFacts]:
    """Each unit's part of these complaints, as the unit's own rapor has it: a complaint with two units counts at both,
    and finishing it was the first follow-up where no other is known."""
    c = at_units(scope).c
    answered_on = func.coalesce(c.responded_on, c.finished_on).label("answered_on")
    return _facts(conn, select(c.unit_id, c.status, c.received_on, answered_on))


def names(conn: Connection) -> dict[int, str]:
    """Every unit by name, for choosing one."""
    return {row.id: row.name for row in conn.execute(select(units.c.id, units.c.name).order_by(units.c.name))}


def standing(conn: Connection) -> Standing:
    """Read from the ends of indexes alone."""
    day = complaints.c.received_on
    ends = [select(end(day)).where(complaints.c.merged_into_id.is_(None)) for end in (func.min, func.max)]
    newest = [select(func.max(table.c.id)) for table in (journal, complaints, dispositions, notes)]
    first, last, *version = conn.execute(select(*(one.scalar_subquery() for one in (*ends, *newest)))).one()
    years = list(range(last.year, first.year - 1, -1)) if first else []
    return Standing(years, tuple(number or 0 for number in version))


def _facts(conn: Connection, parts: Select[Any]) -> list[UnitFacts]:
    found: defaultdict[tuple[str, int], dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for name, unit_id, what, key, count in conn.execute(_counted(parts)):
        found[name, unit_id][what][key] = count
    return [
        UnitFacts(
            unit_id, name, {Status(status): count for status, count in counts[_STATUS].items()},
            _days(counts[_START]), _days(counts[_END]),
        )
        for (name, unit_id), counts in sorted(found.items())
    ]  # fmt: skip


def _counted(parts: Select[Any]) -> Select[Any]:
    """Three counts over one joining of the tables, which is what costs."""
    p = parts.cte("parts").c
    answered = p.answered_on >= p.received_on
    counted = (
        (_STATUS, p.status, func.count(), true()),
        (_START, p.received_on, func.count(), answered),
        (_END, p.answered_on, func.count(), answered),
    )
    every = union_all(
        *(
            select(p.unit_id, literal(what), cast(key, String), count).where(which).group_by(p.unit_id, key)
            for what, key, count, which in counted
        )
    ).subquery()
    return select(units.c.name, *every.c).join_from(every, units, units.c.id == every.c.unit_id)


def _days(counted: Mapping[str, int]) -> dict[date, int]:
    return {date.fromisoformat(day): count for day, count in counted.items()}
