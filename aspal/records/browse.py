"""Complaints with their units' parts, as the pages show them. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from aspal.core.secrecy import is_secret
from aspal.core.words import NOT_THEIRS
from aspal.tables import complaints, dispositions, units

PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list, newest first, and the key from which the next one goes on."""

    rows: Sequence[Any]
    older: int | None


@dataclass(frozen=True)
class Part:
    """One unit's part of a complaint, as the list shows it."""

    id: int
    unit: str
    unit_id: int | None
    unit_name: str | None  # in full; None on the verification track
    code: str | None
    disposed_on: date
    status: str
    level: int
    claim: str | None
    promise_until: date | None
    ended: bool
    end_reason: str | None
    next_look_at: datetime | None
    responded_on: date | None
    paused_until: datetime | None
    pause_reason: str | None
    extended_until: date | None
    exempt_at: datetime | None
    exempt_reason: str | None

    @property
    def is_own(self) -> bool:
        """Whether it is, or was to its end, the unit's own."""
        return self.end_reason not in NOT_THEIRS


_SAME = [name for name in Part.__dataclass_fields__ if name not in ("unit", "unit_name", "ended")]


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint in the list."""

    id: int
    number: str
    tracking_id: str | None
    provisional_id: str | None
    title: str | None
    kind: str
    status: str
    confidential: bool
    supervised: bool
    category: str | None
    channel: str | None
    location: str | None
    link: str | None
    received_on: date
    responded_on: date | None
    finished_on: date | None
    flags: Sequence[Mapping[str, str]]  # core.news.flag
    parts: tuple[Part, ...]

    def status_at(self, unit_id: int | None) -> str:
        """How the unit's own part stands; without one, the complaint."""
        own = [part.status for part in self.parts if part.unit_name and part.unit_id == unit_id and part.is_own]
        return own[-1] if own else self.status

    @property
    def secret(self) -> bool:
        """Whether viewers see neither its title nor its words."""
        return is_secret(confidential=self.confidential, supervised=self.supervised, kind=self.kind)


def list_complaints(conn: Connection, *, before: int | None = None) -> Page:
    """Every complaint, newest first."""
    wanted = select(complaints).where(complaints.c.merged_into_id.is_(None))
    if before is not None:
        wanted = wanted.where(complaints.c.id < before)
    rows = conn.execute(wanted.order_by(complaints.c.id.desc()).limit(PAGE + 1)).all()
    return Page(_with_parts(conn, rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


def by_ids(conn: Connection, ids: Sequence[int]) -> tuple[ComplaintRow, ...]:
    """These complaints, in this order."""
    rows = {row.id: row for row in conn.execute(select(complaints).where(complaints.c.id.in_(ids)))}
    return _with_parts(conn, [rows[one] for one in ids if one in rows])


def complaint(conn: Connection, complaint_id: int) -> ComplaintRow | None:
    """One complaint; one that was merged into another is shown as that other."""
    row = conn.execute(select(complaints).where(complaints.c.id == complaint_id)).first()
    if row is None:
        return None
    if row.merged_into_id is not None:
        return complaint(conn, row.merged_into_id)
    return _complaint_row(row, _parts(conn, [row.id]).get(row.id, ()))


def of_disposition(conn: Connection, disposition_id: int) -> ComplaintRow | None:
    """The complaint that this disposition is a part of, be it merged or not."""
    its = select(dispositions.c.complaint_id).where(dispositions.c.id == disposition_id)
    row = conn.execute(select(complaints).where(complaints.c.id.in_(its))).first()
    return _with_parts(conn, [row])[0] if row else None


def _with_parts(conn: Connection, rows: Sequence[Row[Any]]) -> tuple[ComplaintRow, ...]:
    parts = _parts(conn, [row.id for row in rows])
    return tuple(_complaint_row(row, parts.get(row.id, ())) for row in rows)


def _parts(conn: Connection, complaint_ids: Sequence[int]) -> dict[int, tuple[Part, ...]]:
    found = (
        select(dispositions, units.c.name, units.c.short_name)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
        .order_by(dispositions.c.id)
    )
    grouped: dict[int, tuple[Part, ...]] = {}
    for row in conn.execute(found):
        known = row._mapping
        same = {name: known[name] for name in _SAME}
        unit = row.short_name or row.name or "Verifikasi"
        part = Part(unit=unit, unit_name=row.name, ended=row.ended_at is not None, **same)
        grouped[row.complaint_id] = (*grouped.get(row.complaint_id, ()), part)
    return grouped


def _complaint_row(row: Row[Any], parts: tuple[Part, ...]) -> ComplaintRow:
    known = row._mapping
    same = {name: known[name] for name in ComplaintRow.__dataclass_fields__ if name not in ("number", "parts")}
    return ComplaintRow(number=row.tracking_id or row.provisional_id or f"#{row.id}", parts=parts, **same)
