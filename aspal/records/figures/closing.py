"""The cases nearest to being closed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select

from aspal.core.secrecy import is_secret
from aspal.core.words import UNFINISHED, Status
from aspal.records.figures.scope import Scope, at_units, roster
from aspal.tables import complaints, dispositions, units


@dataclass(frozen=True, slots=True)
class Closable:
    """An unfinished complaint."""

    id: int
    number: str
    title: str | None
    status: str
    received_on: date
    secret: bool  # more than its number, status and dates is not for everybody
    units: tuple[str, ...] = ()


def first(conn: Connection, scope: Scope, most: int) -> list[Closable]:
    """In process before not followed up before unverified, since less is left to do; the oldest first."""
    return _unfinished(conn, scope, most, easiest=True)


def oldest(conn: Connection, scope: Scope, most: int) -> list[Closable]:
    """What has waited longest."""
    return _unfinished(conn, scope, most, easiest=False)


def oldest_of_units(conn: Connection, scope: Scope, most: int) -> dict[int, list[Closable]]:
    """What has waited longest at each unit, without the units' names."""
    c = at_units(scope).c
    place = func.row_number().over(partition_by=c.unit_id, order_by=(c.received_on, c.id)).label("place")
    waiting = select(c.unit_id, c.id, c.status, place).where(c.status.in_(UNFINISHED)).subquery("waiting")
    query = (
        select(waiting.c.unit_id, *_told(waiting.c.status))
        .join(complaints, complaints.c.id == waiting.c.id)
        .where(waiting.c.place <= most)
        .order_by(waiting.c.unit_id, waiting.c.place)
    )
    found: dict[int, list[Closable]] = {}
    for row in conn.execute(query):
        found.setdefault(row.unit_id, []).append(_closable(row))
    return found


def _unfinished(conn: Connection, scope: Scope, most: int, *, easiest: bool) -> list[Closable]:
    cases = roster(scope)
    c = cases.c
    rank = [case((c.status == str(Status.IN_PROCESS), 0), (c.status == str(Status.OPEN), 1), else_=2)]
    query = (
        select(*_told(c.status))
        .join_from(cases, complaints, complaints.c.id == c.id)
        .where(c.status.in_(UNFINISHED))
        .order_by(*(rank if easiest else []), c.received_on, c.id)
        .limit(most)
    )
    rows = conn.execute(query).all()
    at = _units(conn, [row.id for row in rows])
    return [_closable(row, at.get(row.id, ())) for row in rows]


def _told(status: ColumnElement[str]) -> list[ColumnElement[Any]]:
    names = ("id", "tracking_id", "provisional_id", "title", "received_on", "confidential", "supervised", "kind")
    return [*(complaints.c[name] for name in names), status]


def _closable(row: Row[Any], at: tuple[str, ...] = ()) -> Closable:
    number = row.tracking_id or row.provisional_id or ""
    secret = is_secret(confidential=row.confidential, supervised=row.supervised, kind=row.kind)
    return Closable(row.id, number, row.title, row.status, row.received_on, secret, at)


def _units(conn: Connection, ids: list[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(dispositions.c.complaint_id, units.c.short_name, units.c.name)
        .join(units, units.c.id == dispositions.c.unit_id)
        .where(dispositions.c.complaint_id.in_(ids), dispositions.c.ended_at.is_(None))
        .order_by(dispositions.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for complaint_id, short, name in conn.execute(query):
        found[complaint_id] = (*found.get(complaint_id, ()), short or name)
    return found
