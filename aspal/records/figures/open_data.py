"""Complaints as open data: rows that anybody may read, one after the other."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, null, select

from aspal.among import among
from aspal.conditions import is_secret, unit_own
from aspal.records.figures.scope import Scope, at_units, within
from aspal.tables import complaints, dispositions, units

# What a row tells, in this order.
NAMES = (
    "number", "title", "kind", "category", "channel", "anonymous", "unit", "status", "received_on", "verified_on",
    "responded_on", "finished_on", "secret",
)  # fmt: skip
CHUNK = 10_000
_UNIT = NAMES.index("unit")
_AT = (
    select(dispositions.c.complaint_id, units.c.name)
    .join(units, units.c.id == dispositions.c.unit_id)
    .where(among(dispositions.c.complaint_id, "complaints"), unit_own())
    .order_by(dispositions.c.id)
)


def rows(conn: Connection, scope: Scope) -> Iterator[list[tuple[Any, ...]]]:
    """Page by page. Of a confidential complaint, and of one about officials, only its number, status and days."""
    found = conn.execution_options(yield_per=CHUNK).execute(_query(scope))
    for page in found.partitions(CHUNK):
        at = _units(conn, [row[0] for row in page if not row[-1]])
        # A row is the complaint's id and then what is told, but for its units.
        yield [
            (*row[1 : _UNIT + 1], None if row[-1] else at.get(row[0], ""), *row[_UNIT + 1 : -1], bool(row[-1]))
            for row in page
        ]


def _query(scope: Scope) -> Select[Any]:
    c = complaints.c
    here = complaints if scope.unit_id is None else at_units(scope)  # of one unit: how its own part stands
    secret = is_secret()

    def open_only(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return case((secret, null()), else_=column)

    query = select(
        c.id, func.coalesce(c.tracking_id, c.provisional_id), open_only(c.title), open_only(c.kind),
        open_only(c.category), open_only(c.channel), open_only(c.anonymous), here.c.status, c.received_on,
        c.verified_on, here.c.responded_on, c.finished_on, secret,
    ).where(*within(scope)).order_by(c.id)  # fmt: skip
    return query if here is complaints else query.join_from(complaints, here, here.c.id == c.id)


def _units(conn: Connection, ids: Collection[int]) -> dict[int, str]:
    """The names of their units, the first one first."""
    found: dict[int, dict[str, None]] = {}
    for complaint_id, name in conn.execute(_AT, {"complaints": ids}):
        found.setdefault(complaint_id, {})[name] = None
    return {complaint_id: "; ".join(names) for complaint_id, names in found.items()}
