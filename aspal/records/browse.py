"""What the pages list. Reads only; pages by key, so that the millionth row costs what the first one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from aspal.tables import complaints, contacts, dispositions, messages, replies, units

PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list, newest first, and the key from which the next one goes on."""

    rows: Sequence[Any]
    older: int | None


@dataclass(frozen=True)
class Part:
    """One unit's part of a complaint, as the list shows it."""

    unit: str
    unit_name: str | None  # in full; None on the verification track
    code: str | None
    disposed_on: date
    status: str
    level: int
    claim: str | None
    promise_until: date | None
    ended: bool
    next_look_at: datetime | None


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint in the list."""

    id: int
    number: str
    title: str | None
    kind: str
    status: str
    confidential: bool
    supervised: bool
    category: str | None
    received_on: date
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class MessageRow:
    """One message in the outbox."""

    id: int
    to: str | None
    address: str
    template: str | None
    text: str
    state: str
    reason: str | None
    error_code: int | None
    created_at: datetime
    not_before: datetime
    accepted_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True)
class ReplyRow:
    """One incoming reply."""

    id: int
    sender: str | None
    address: str
    text: str
    media: int
    state: str
    reason: str | None
    intent: str | None
    matched_by: str | None
    received_at: datetime
    complaint_id: int | None
    number: str | None
    secret: bool  # its words are not for everybody who may log in


def list_complaints(
    conn: Connection, *, status: str | None = None, search: str = "", titles: bool = True, before: int | None = None
) -> Page:
    """Complaints, newest first; `search` looks in the numbers, the title and the units' names.

    Without `titles` it looks only in those titles that are no secret: a hit would tell what the page hides.
    """
    wanted = select(complaints).where(complaints.c.merged_into_id.is_(None))
    if status:
        wanted = wanted.where(complaints.c.status == status)
    if search:
        wanted = wanted.where(_mentions(search, titles))
    rows, older = _page(conn, wanted, complaints.c.id, before)
    parts = _parts(conn, [row.id for row in rows])
    return Page(tuple(_complaint_row(row, parts.get(row.id, ())) for row in rows), older)


def complaint(conn: Connection, complaint_id: int) -> ComplaintRow | None:
    """One complaint; one that was merged into another is shown as that other."""
    row = conn.execute(select(complaints).where(complaints.c.id == complaint_id)).first()
    if row is None:
        return None
    if row.merged_into_id is not None:
        return complaint(conn, row.merged_into_id)
    return _complaint_row(row, _parts(conn, [row.id]).get(row.id, ()))


def _mentions(search: str, titles: bool) -> ColumnElement[bool]:
    number = search.strip().lstrip("#")
    if number.isdigit() or number.upper().startswith("MAN-"):
        return or_(
            complaints.c.tracking_id.startswith(number, autoescape=True),
            complaints.c.provisional_id.startswith(number.upper(), autoescape=True),
        )
    at_units = (
        select(dispositions.c.complaint_id)
        .join(units, units.c.id == dispositions.c.unit_id)
        .where(
            or_(
                units.c.name.icontains(number, autoescape=True),
                units.c.short_name.icontains(number, autoescape=True),
                dispositions.c.code == number.upper(),
            )
        )
    )
    in_title = complaints.c.title.icontains(number, autoescape=True)
    return or_(in_title if titles else and_(in_title, ~complaints.c.confidential), complaints.c.id.in_(at_units))


def _parts(conn: Connection, complaint_ids: Sequence[int]) -> dict[int, tuple[Part, ...]]:
    found = (
        select(dispositions, units.c.name, units.c.short_name)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
        .order_by(dispositions.c.id)
    )
    grouped: dict[int, tuple[Part, ...]] = {}
    for row in conn.execute(found):
        part = Part(
            unit=row.short_name or row.name or "Verifikasi",
            unit_name=row.name,
            code=row.code,
            disposed_on=row.disposed_on,
            status=row.status,
            level=row.level,
            claim=row.claim,
            promise_until=row.promise_until,
            ended=row.ended_at is not None,
            next_look_at=row.next_look_at,
        )
        grouped[row.complaint_id] = (*grouped.get(row.complaint_id, ()), part)
    return grouped


def _complaint_row(row: Row[Any], parts: tuple[Part, ...]) -> ComplaintRow:
    return ComplaintRow(
        id=row.id,
        number=row.tracking_id or row.provisional_id or f"#{row.id}",
        title=row.title,
        kind=row.kind,
        status=row.status,
        confidential=row.confidential,
        supervised=row.supervised,
        category=row.category,
        received_on=row.received_on,
        parts=parts,
    )


def list_messages(conn: Connection, *, states: Sequence[str] = (), before: int | None = None) -> Page:
    """The outbox, newest first."""
    wanted = select(messages, contacts.c.name).join(contacts, contacts.c.id == messages.c.contact_id, isouter=True)
    if states:
        wanted = wanted.where(messages.c.state.in_(states))
    rows, older = _page(conn, wanted, messages.c.id, before)
    return Page(tuple(_message_row(row) for row in rows), older)


def _message_row(row: Row[Any]) -> MessageRow:
    known = row._mapping
    same = {name: known[name] for name in MessageRow.__dataclass_fields__ if name != "to"}
    return MessageRow(to=row.name, **same)


def list_replies(conn: Connection, *, states: Sequence[str] = (), before: int | None = None) -> Page:
    """What people wrote, newest first."""
    wanted = (
        select(
            replies, contacts.c.name, complaints.c.tracking_id, complaints.c.provisional_id, complaints.c.confidential
        )
        .join(contacts, contacts.c.id == replies.c.contact_id, isouter=True)
        .join(complaints, complaints.c.id == replies.c.complaint_id, isouter=True)
    )
    if states:
        wanted = wanted.where(replies.c.state.in_(states))
    rows, older = _page(conn, wanted, replies.c.id, before)
    return Page(tuple(_reply_row(row) for row in rows), older)


def _reply_row(row: Row[Any]) -> ReplyRow:
    return ReplyRow(
        id=row.id,
        sender=row.name,
        address=row.address,
        text=str(row.raw.get("Body") or row.raw.get("ButtonText") or ""),
        media=_count(row.raw.get("NumMedia")),
        state=row.state,
        reason=row.reason,
        intent=row.intent,
        matched_by=row.matched_by,
        received_at=row.received_at,
        complaint_id=row.complaint_id,
        number=row.tracking_id or row.provisional_id,
        secret=row.confidential is not False,  # what belongs to no complaint yet may speak of any
    )


def _count(told: object) -> int:
    """A number that a form claims: "²" is a digit to Python and no number, and ten thousand digits are a trap."""
    text = str(told or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _page(conn: Connection, wanted: Select[Any], key: Any, before: int | None) -> tuple[Sequence[Row[Any]], int | None]:
    if before is not None:
        wanted = wanted.where(key < before)
    rows = conn.execute(wanted.order_by(key.desc()).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
