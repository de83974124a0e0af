"""Complaints as open data: rows that anybody may read, one after the other."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, or_, select

from aspal.core.words import Kind
from aspal.records.figures.scope import Scope, roster, theirs
from aspal.tables import complaints, dispositions, units

_DAYS = ("received_on", "verified_on", "responded_on", "finished_on")
_OPEN = ("title", "kind", "category", "channel", "anonymous")
CHUNK = 2_000


def rows(conn: Connection, scope: Scope) -> Iterator[dict[str, Any]]:
    """Of a confidential complaint, and of one about officials, only its number, status and days are told."""
    c = complaints.c
    secret = or_(c.confidential, c.supervised, c.kind == str(Kind.WHISTLE)).label("secret")
    wanted = [c[name] for name in ("id", "tracking_id", "provisional_id", *_OPEN, *_DAYS)]
    of_scope = select(roster(scope).c.id)
    query = select(*wanted, c.status, secret).where(c.id.in_(of_scope)).order_by(c.id)
    found = conn.execution_options(yield_per=CHUNK).execute(query)
    for page in found.partitions(CHUNK):
        at = _units(conn, [row.id for row in page])
        for row in page:
            told = {name: None if row.secret else row._mapping[name] for name in _OPEN}
            days = {name: row._mapping[name] for name in _DAYS}
            unit = None if row.secret else "; ".join(at.get(row.id, ()))
            number = row.tracking_id or row.provisional_id
            yield {"number": number, **told, "unit": unit, "status": row.status, **days, "secret": bool(row.secret)}


def _units(conn: Connection, ids: list[int]) -> dict[int, list[str]]:
    query = (
        select(dispositions.c.complaint_id, units.c.name)
        .join(units, units.c.id == dispositions.c.unit_id)
        .where(dispositions.c.complaint_id.in_(ids), theirs())
        .order_by(dispositions.c.id)
    )
    found: dict[int, list[str]] = {}
    for complaint_id, name in conn.execute(query):
        if name not in found.setdefault(complaint_id, []):
            found[complaint_id].append(name)
    return found
