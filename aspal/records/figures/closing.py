"""The cases nearest to being closed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, case, select

from aspal.core.words import Status
from aspal.records.figures.scope import Scope, roster
from aspal.tables import complaints, dispositions, units


@dataclass(frozen=True, slots=True)
class Closable:
    """An unfinished complaint."""

    id: int
    number: str
    title: str | None
    status: str
    received_on: date
    confidential: bool
    supervised: bool
    units: tuple[str, ...] = ()


def first(conn: Connection, scope: Scope, most: int) -> list[Closable]:
    """In process before not followed up before unverified, since less is left to do; the oldest first."""
    return _unfinished(conn, scope, most, easiest=True)


def oldest(conn: Connection, scope: Scope, most: int) -> list[Closable]:
    """What has waited longest."""
    return _unfinished(conn, scope, most, easiest=False)


def _unfinished(conn: Connection, scope: Scope, most: int, *, easiest: bool) -> list[Closable]:
    c = roster(scope).c
    rank = [case((c.status == str(Status.IN_PROCESS), 0), (c.status == str(Status.OPEN), 1), else_=2)]
    query = (
        select(c.id, complaints.c.tracking_id, complaints.c.provisional_id, complaints.c.title, c.status, c.received_on,
               c.confidential, c.supervised)
        .join(complaints, complaints.c.id == c.id)
        .where(c.status.in_((Status.IN_PROCESS, Status.OPEN, Status.UNVERIFIED)))
        .order_by(*(rank if easiest else []), c.received_on, c.id)
        .limit(most)
    )  # fmt: skip
    rows = conn.execute(query).all()
    at = _units(conn, [row.id for row in rows])
    return [
        Closable(row.id, row.tracking_id or row.provisional_id or "", row.title, row.status, row.received_on,
                 row.confidential, row.supervised, at.get(row.id, ()))
        for row in rows
    ]  # fmt: skip


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
