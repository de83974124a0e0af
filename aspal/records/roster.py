"""Complaints and their dispositions, as imports and admins change them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, text, update

from aspal.core.codes import code_of
from aspal.core.news import LIVE, Complaint, Disposition
from aspal.core.words import Status
from aspal.tables import complaints, dispositions

_PAGE = 500
_LOCK = 0x4D414E  # any constant that no other advisory lock uses
_COMPLAINT = tuple(f.name for f in fields(Complaint) if f.name not in ("dispositions",))
_DISPOSITION = tuple(f.name for f in fields(Disposition))
_AS_LIST = frozenset({"flags", "rests"})
_LIVE = (*(str(status) for status in LIVE), str(Status.UNVERIFIED))
_READ_COMPLAINT = [complaints.c[name] for name in _COMPLAINT]
_READ_DISPOSITION = [dispositions.c[name] for name in _DISPOSITION]


def by_tracking_id(conn: Connection, tracking_ids: Collection[str]) -> dict[str, Complaint]:
    """The known complaints with these numbers, with all their dispositions."""
    found = _load(conn, complaints.c.tracking_id.in_(sorted(tracking_ids))) if tracking_ids else []
    return {str(complaint.tracking_id): complaint for complaint in found}


def by_id(conn: Connection, ids: Collection[int]) -> dict[int, Complaint]:
    """The named complaints."""
    wanted = sorted(ids)
    pages = (wanted[start : start + _PAGE] for start in range(0, len(wanted), _PAGE))
    return {int(c.id or 0): c for page in pages for c in _load(conn, complaints.c.id.in_(page))}


def _load(conn: Connection, where: Any) -> list[Complaint]:
    rows = conn.execute(select(*_READ_COMPLAINT).where(where)).all()
    parts: dict[int, list[Disposition]] = defaultdict(list)
    wanted = select(dispositions.c.complaint_id, *_READ_DISPOSITION)
    ids = [row.id for row in rows]
    for start in range(0, len(ids), _PAGE):
        page = dispositions.c.complaint_id.in_(ids[start : start + _PAGE])
        for row in conn.execute(wanted.where(page).order_by(dispositions.c.id)):
            parts[row.complaint_id].append(_disposition(row))
    return [_complaint(row, parts[row.id]) for row in rows]


def _disposition(row: Row[Any]) -> Disposition:
    values: dict[str, Any] = dict(zip(_DISPOSITION, row[1:], strict=True))
    values["status"], values["rests"] = Status(values["status"]), tuple(values["rests"])
    return Disposition(**values)


def _complaint(row: Row[Any], parts: list[Disposition]) -> Complaint:
    values: dict[str, Any] = dict(zip(_COMPLAINT, row, strict=True))
    values["status"], values["flags"] = Status(values["status"]), tuple(values["flags"])
    return Complaint(**values, dispositions=tuple(parts))


def complaint_row(complaint: Complaint, now: datetime) -> dict[str, Any]:
    """A new complaint as a row."""
    values = {name: getattr(complaint, name) for name in _COMPLAINT}
    return values | {"status": str(complaint.status), "flags": list(complaint.flags), "created_at": now}


def disposition_row(part: Disposition, complaint_id: int, now: datetime) -> dict[str, Any]:
    """A new disposition as a row; with its code where it has an id already."""
    values = {name: getattr(part, name) for name in _DISPOSITION}
    values |= {"status": str(part.status), "rests": list(part.rests), "complaint_id": complaint_id, "created_at": now}
    return values if part.id is None else values | {"code": code_of(part.id)}


def difference(
    before: Complaint | Disposition, after: Complaint | Disposition
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The columns in which two states of one row differ: as they were, as they became."""
    columns = _COMPLAINT if isinstance(before, Complaint) else _DISPOSITION
    moved = [name for name in columns if getattr(before, name) != getattr(after, name)]
    return {name: _plain(before, name) for name in moved}, {name: _plain(after, name) for name in moved}


def _plain(thing: Complaint | Disposition, name: str) -> Any:
    value = getattr(thing, name)
    if name in _AS_LIST:
        return [dict(item) for item in value]
    return str(value) if isinstance(value, Status) else value


def add(conn: Connection, complaint: Complaint, now: datetime) -> Complaint:
    """A complaint that comes from no import."""
    row = {name: value for name, value in complaint_row(complaint, now).items() if name != "id"}
    complaint_id = int(conn.execute(insert(complaints).values(row).returning(complaints.c.id)).scalar_one())
    for part in complaint.dispositions:
        add_disposition(conn, part, complaint_id, now)
    return by_id(conn, [complaint_id])[complaint_id]


def add_disposition(conn: Connection, part: Disposition, complaint_id: int, now: datetime) -> int:
    """A disposition that comes from no import."""
    row = {name: value for name, value in disposition_row(part, complaint_id, now).items() if name != "id"}
    made = int(conn.execute(insert(dispositions).values(row).returning(dispositions.c.id)).scalar_one())
    conn.execute(update(dispositions).where(dispositions.c.id == made).values(code=code_of(made)))
    return made


def change(conn: Connection, complaint_id: int, values: Mapping[str, Any]) -> None:
    """Sets columns of one complaint."""
    conn.execute(update(complaints).where(complaints.c.id == complaint_id).values(dict(values)))


def change_disposition(conn: Connection, disposition_id: int, values: Mapping[str, Any]) -> None:
    """Sets columns of one disposition."""
    conn.execute(update(dispositions).where(dispositions.c.id == disposition_id).values(dict(values)))


def of_disposition(conn: Connection, disposition_id: int) -> Complaint | None:
    """The complaint that this disposition is a part of."""
    its = select(dispositions.c.complaint_id).where(dispositions.c.id == disposition_id)
    found = _load(conn, complaints.c.id == its.scalar_subquery())
    return found[0] if found else None


def next_provisional_ids(conn: Connection, year: int, count: int) -> list[str]:
    """The next free MAN-<year>-<nnnn>. Whoever asks next waits until this transaction has ended."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    prefix = f"MAN-{year}-"
    used = complaints.c.provisional_id.startswith(prefix, autoescape=True)
    longest = select(func.max(func.length(complaints.c.provisional_id))).where(used).scalar_subquery()
    newest = select(func.max(complaints.c.provisional_id)).where(
        used, func.length(complaints.c.provisional_id) == longest
    )
    last = conn.scalar(newest)
    first = int(last.removeprefix(prefix)) + 1 if last else 1
    return [f"{prefix}{number:04}" for number in range(first, first + count)]


def seen(conn: Connection, ids: Iterable[int], batch_id: int, now: datetime) -> None:
    """These complaints were in that import."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _PAGE):
        page = complaints.c.id.in_(wanted[start : start + _PAGE])
        conn.execute(update(complaints).where(page).values(last_seen_batch_id=batch_id, last_seen_at=now))


def count_missing(conn: Connection, batch_id: int, first: date, last: date) -> int:
    """How many complaints `missing` would give."""
    return int(conn.scalar(select(func.count()).select_from(_missing(batch_id, first, last).subquery())) or 0)


def missing(conn: Connection, batch_id: int, first: date, last: date) -> Iterator[list[Complaint]]:
    """Complaints with a number and work to do, received within those days, that the import did not name; in pages."""
    after = 0
    wanted = _missing(batch_id, first, last).order_by(complaints.c.id).limit(_PAGE)
    while ids := list(conn.scalars(wanted.where(complaints.c.id > after))):
        yield list(by_id(conn, ids).values())
        after = ids[-1]


def _missing(batch_id: int, first: date, last: date) -> Select[int]:
    return select(complaints.c.id).where(
        complaints.c.tracking_id.is_not(None),
        complaints.c.merged_into_id.is_(None),
        complaints.c.status.in_(_LIVE),
        complaints.c.received_on.between(first, last),
        complaints.c.last_seen_batch_id.is_distinct_from(batch_id),
    )


def named_in(conn: Connection, ids: Collection[int], batch_id: int) -> set[int]:
    """Which of these complaints had a row in that import which was taken in."""
    wanted = select(complaints.c.id).where(
        complaints.c.last_seen_batch_id == batch_id, complaints.c.id.in_(sorted(ids))
    )
    return set(conn.scalars(wanted))


def wake_units(conn: Connection, unit_ids: Collection[int] | None, now: datetime) -> None:
    """The next scan looks at every open disposition of these units; None: of all of them."""
    wanted = update(dispositions).where(dispositions.c.ended_at.is_(None), dispositions.c.parked_at.is_(None))
    if unit_ids is not None:
        wanted = wanted.where(dispositions.c.unit_id.in_(sorted(unit_ids)))
    conn.execute(wanted.values(next_look_at=now))


def unnumbered(conn: Connection) -> list[Complaint]:
    """Every complaint that still waits for its number from LAPOR."""
    return _load(conn, complaints.c.tracking_id.is_(None) & complaints.c.merged_into_id.is_(None))
