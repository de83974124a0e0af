"""Complaints and their dispositions, as imports and admins change them."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ARRAY, Connection, Row, Select, String, any_, cast, exists, func, insert, select, text, update

from aspal.bulk import bulk_insert
from aspal.core.codes import code_of
from aspal.core.news import LIVE, Complaint, Disposition
from aspal.core.words import Status
from aspal.tables import complaints, dispositions, messages, notices

_PAGE = 500
_LOCK = 0x4D414E  # any constant that no other advisory lock uses
_COMPLAINT = tuple(f.name for f in fields(Complaint) if f.name not in ("dispositions",))
_DISPOSITION = tuple(f.name for f in fields(Disposition))
_AS_LIST = frozenset({"flags", "rests"})
_LIVE = (*(str(status) for status in LIVE), str(Status.UNVERIFIED))
# Rows of an import: what is given on writing, what is made of a value, what is taken as it stands, what all share.
_COMPLAINT_MADE = ("id", "provisional_id", "tracking_id", "flags", "status")
_COMPLAINT_TAKEN = tuple(name for name in _COMPLAINT if name not in _COMPLAINT_MADE)
_DISPOSITION_MADE = ("id", "complaint_id", "code", "rests", "status")
# A part that has just come in has been claimed by nobody, and all of a page bear the same moment.
_LATER = ("claim", "claimed_at", "claim_denied_at", "promise_until", "created_at")
_DISPOSITION_TAKEN = tuple(name for name in _DISPOSITION if name not in (*_DISPOSITION_MADE, *_LATER))
_TAKE_COMPLAINT, _TAKE_DISPOSITION = attrgetter(*_COMPLAINT_TAKEN), attrgetter(*_DISPOSITION_TAKEN)
_ADD_COMPLAINTS = bulk_insert(
    complaints, (*_COMPLAINT_MADE, *_COMPLAINT_TAKEN), same=("last_seen_batch_id", "last_seen_at", "created_at")
)
_ADD_DISPOSITIONS = bulk_insert(
    dispositions, (*_DISPOSITION_MADE, *_DISPOSITION_TAKEN), same=("snoozed_days", "created_at")
)
NewComplaint = tuple[Any, ...]  # one that is to be inserted, from its tracking id on
NewPart = tuple[Any, ...]  # one that is to be inserted, from its rests on
_READ_COMPLAINT = [complaints.c[name] for name in _COMPLAINT]
_READ_DISPOSITION = [dispositions.c[name] for name in _DISPOSITION]


def by_tracking_id(conn: Connection, tracking_ids: Collection[str]) -> dict[str, Complaint]:
    """The known complaints with these numbers, with all their dispositions."""
    if not tracking_ids or not _any_between(conn, min(tracking_ids), max(tracking_ids)):
        return {}
    if conn.dialect.name == "sqlite":  # one value instead of a thousand
        asked: Any = func.json_each(json.dumps([*tracking_ids])).table_valued("value")
        found = _load(conn, complaints.c.tracking_id.in_(select(asked.c.value)))
    else:
        found = _load(conn, complaints.c.tracking_id == any_(cast([*tracking_ids], ARRAY(String))))
    return {str(complaint.tracking_id): complaint for complaint in found}


def _any_between(conn: Connection, first: str, last: str) -> bool:
    """Files come in the order of their numbers, and a first import need not ask for each of them."""
    some = select(complaints.c.id).where(complaints.c.tracking_id.between(first, last)).limit(1)
    return conn.scalar(some) is not None


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


def new_complaint(one: Complaint) -> NewComplaint:
    """As `insert_complaints` takes it: what does not need the database."""
    return (one.tracking_id, [*one.flags], str(one.status), *_TAKE_COMPLAINT(one))


def is_numberless(new: NewComplaint) -> bool:
    """Whether LAPOR has not given it a number, so that it needs one of ours."""
    return new[0] is None


def new_part(one: Disposition) -> NewPart:
    """As `insert_dispositions` takes it."""
    return ([*one.rests], str(one.status), *_TAKE_DISPOSITION(one))


def insert_complaints(
    conn: Connection, new: Sequence[NewComplaint], ids: Sequence[int], provisional: Iterator[str], batch_id: int,
    now: datetime,
) -> None:  # fmt: skip
    """New complaints of an import, under ids that were reserved; the numberless get the provisional ones."""
    rows = [
        (row_id, next(provisional) if is_numberless(one) else None, *one) for row_id, one in zip(ids, new, strict=True)
    ]
    _ADD_COMPLAINTS(conn, rows, same=(batch_id, now, now))


def insert_dispositions(
    conn: Connection, new: Sequence[tuple[int, NewPart]], ids: Sequence[int], now: datetime
) -> None:
    """New parts behind the ids of their complaints, under ids that were reserved."""
    rows = [
        (row_id, complaint_id, code_of(row_id), *part) for row_id, (complaint_id, part) in zip(ids, new, strict=True)
    ]
    _ADD_DISPOSITIONS(conn, rows, same=([], now))


def _complaint_row(complaint: Complaint, now: datetime) -> dict[str, Any]:
    values = {name: getattr(complaint, name) for name in _COMPLAINT}
    return values | {"status": str(complaint.status), "flags": list(complaint.flags), "created_at": now}


def _disposition_row(part: Disposition, complaint_id: int, now: datetime) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in _DISPOSITION}
    values |= {"status": str(part.status), "rests": list(part.rests)}
    return values | {"complaint_id": complaint_id, "created_at": now}


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
    row = {name: value for name, value in _complaint_row(complaint, now).items() if name != "id"}
    complaint_id = int(conn.execute(insert(complaints).values(row).returning(complaints.c.id)).scalar_one())
    for part in complaint.dispositions:
        add_disposition(conn, part, complaint_id, now)
    return by_id(conn, [complaint_id])[complaint_id]


def add_disposition(conn: Connection, part: Disposition, complaint_id: int, now: datetime) -> int:
    """A disposition that comes from no import."""
    row = {name: value for name, value in _disposition_row(part, complaint_id, now).items() if name != "id"}
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


def live_between(conn: Connection, first: date, last: date) -> list[int]:
    """The complaints with a number and work to do that were received within those days."""
    return list(conn.scalars(_live_between(first, last)))


def live_elsewhere(conn: Connection, unit_id: int, first: date, last: date) -> list[int]:
    """Those of them at which other units work and never this one."""
    its = exists().where(dispositions.c.complaint_id == complaints.c.id)
    at_work = its.where(dispositions.c.unit_id.is_not(None), dispositions.c.ended_at.is_(None))
    return list(conn.scalars(_live_between(first, last).where(at_work, ~its.where(dispositions.c.unit_id == unit_id))))


def live_as(conn: Connection, statuses: Collection[Status], first: date, last: date) -> list[int]:
    """Those of them that stand so."""
    words = [str(status) for status in statuses]
    return list(conn.scalars(_live_between(first, last).where(complaints.c.status.in_(words))))


def _live_between(first: date, last: date) -> Select[tuple[int]]:
    wanted = select(complaints.c.id).where(
        complaints.c.tracking_id.is_not(None),
        complaints.c.merged_into_id.is_(None),
        complaints.c.status.in_(_LIVE),
        complaints.c.received_on.between(first, last),
    )
    return wanted.order_by(complaints.c.id)


def named_in(conn: Connection, ids: Collection[int], batch_id: int) -> set[int]:
    """Which of these complaints had a row in that import which was taken in."""
    wanted = select(complaints.c.id).where(
        complaints.c.last_seen_batch_id == batch_id, complaints.c.id.in_(sorted(ids))
    )
    return set(conn.scalars(wanted))


def messages_waiting(conn: Connection, disposition_ids: Collection[int]) -> int:
    """How many messages that have not left yet speak of these dispositions."""
    found: set[int] = set()
    wanted = sorted(disposition_ids)
    told = select(notices.c.message_id).join(messages, messages.c.id == notices.c.message_id)
    for start in range(0, len(wanted), _PAGE):
        page = notices.c.disposition_id.in_(wanted[start : start + _PAGE])
        found.update(conn.scalars(told.where(page, messages.c.state.in_(("waiting", "held")))))
    return len(found)


def wake_units(conn: Connection, unit_ids: Collection[int] | None, now: datetime) -> None:
    """The next scan looks at every open disposition of these units; None: of all of them."""
    wanted = update(dispositions).where(dispositions.c.ended_at.is_(None), dispositions.c.parked_at.is_(None))
    if unit_ids is not None:
        wanted = wanted.where(dispositions.c.unit_id.in_(sorted(unit_ids)))
    conn.execute(wanted.values(next_look_at=now))


def unnumbered(conn: Connection) -> list[Complaint]:
    """Every complaint that still waits for its number from LAPOR."""
    return _load(conn, complaints.c.tracking_id.is_(None) & complaints.c.merged_into_id.is_(None))
