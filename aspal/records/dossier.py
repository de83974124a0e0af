"""One complaint as its page shows it: the messages that spoke of it, the notes that came back, and what a page must
know before it changes anything. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, union

from aspal.core.words import Role
from aspal.tables import (
    appointments,
    batch_changes,
    batches,
    complaints,
    contacts,
    dispositions,
    journal,
    media,
    messages,
    notes,
    notices,
    replies,
    units,
)

# Who speaks for a unit: a note of anybody else changes nothing.
_OF_UNITS = tuple(str(r) for r in (Role.LIAISON, Role.OPERATOR, Role.TECHNICAL, Role.HEAD, Role.SECRETARY))
# What an admin decides about a claim is the last word on the notes before it.
_DECIDED = ("case.extended", "case.extension_refused", "case.not_ours_rejected")
_MARKED = (
    "complaint_id", "unit_id", "status", "ended_at", "claim", "claimed_at", "promise_until", "rests", "paused_until",
    "extended_until", "exempt_at",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A message about the complaint, and how far it has come."""

    id: int
    to: str | None
    text: str
    state: str
    reason: str | None
    at: datetime
    accepted_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """An attachment of a note."""

    id: int
    state: str  # waiting | stored | refused
    content_type: str
    reason: str | None


@dataclass(frozen=True)
class Said:
    """A note: what a unit said."""

    id: int
    unit: str | None
    by: str
    text: str
    intent: str
    matched_by: str
    promise_until: date | None
    at: datetime
    moved_from_id: int | None
    evidence: Sequence[Evidence]


@dataclass(frozen=True)
class Written:
    """A note as far as it moves the chain."""

    id: int
    disposition_id: int
    intent: str
    promise_until: date | None
    received_at: datetime
    for_the_unit: bool


def family(conn: Connection, complaint_id: int) -> list[int]:
    """The complaint and those that were merged into it: they keep the parts that could not be moved."""
    merged = conn.scalars(select(complaints.c.id).where(complaints.c.merged_into_id == complaint_id))
    return [complaint_id, *merged]


def told(conn: Connection, complaint_ids: Collection[int]) -> list[Told]:
    """Every message that carried a notice of these complaints or answered a reply about them, oldest first."""
    carried = (
        select(notices.c.message_id)
        .join(dispositions, dispositions.c.id == notices.c.disposition_id)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
    )
    answered = (
        select(messages.c.id)
        .join(replies, replies.c.id == messages.c.in_reply_to_id)
        .where(replies.c.complaint_id.in_(complaint_ids))
    )
    found = (
        select(messages, contacts.c.name)
        .join(contacts, contacts.c.id == messages.c.contact_id, isouter=True)
        .where(messages.c.id.in_(union(carried, answered)))
        .order_by(messages.c.id)
    )
    return [_told(row) for row in conn.execute(found)]


def said(conn: Connection, complaint_ids: Collection[int]) -> list[Said]:
    """Every note on these complaints, oldest first."""
    found = (
        select(notes, units.c.name, units.c.short_name)
        .join(dispositions, dispositions.c.id == notes.c.disposition_id)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
        .order_by(notes.c.id)
    )
    rows = conn.execute(found).all()
    evidence = _evidence(conn, [row.reply_id for row in rows if row.reply_id])
    return [_said(row, evidence.get(row.reply_id, [])) for row in rows]


def evidence_file(conn: Connection, media_id: int) -> tuple[str, str] | None:
    """Path below MEDIA_DIR and type of a stored attachment."""
    row = conn.execute(select(media.c.path, media.c.stored_type).where(media.c.id == media_id)).first()
    return (row.path, row.stored_type) if row and row.path and row.stored_type else None


def marks(conn: Connection, disposition_ids: Collection[int]) -> dict[int, str]:
    """What changes with everything that an admin decides by; what the scan does to the rows leaves it alone."""
    its = notes.c.disposition_id == dispositions.c.id
    heard = [select(what).where(its).scalar_subquery() for what in (func.count(notes.c.id), func.max(notes.c.id))]
    found = select(dispositions.c.id, *_columns(_MARKED), *heard).where(dispositions.c.id.in_(disposition_ids))
    return {row.id: sha256(repr(tuple(row)).encode()).hexdigest()[:20] for row in conn.execute(found)}


def mark(conn: Connection, disposition_id: int) -> str | None:
    """The same of one."""
    return marks(conn, [disposition_id]).get(disposition_id)


def columns(conn: Connection, disposition_id: int, names: Sequence[str]) -> Mapping[str, Any]:
    """Columns of a disposition as the journal writes them."""
    row = conn.execute(select(*_columns(names)).where(dispositions.c.id == disposition_id)).one()
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in row._mapping.items()}


def note(conn: Connection, note_id: int) -> Written | None:
    """One note."""
    row = conn.execute(_written().where(notes.c.id == note_id)).first()
    return Written(*row) if row else None


def written(conn: Connection, disposition_id: int) -> list[Written]:
    """The notes of a disposition in the order in which they were written."""
    wanted = _written().where(notes.c.disposition_id == disposition_id)
    return [Written(*row) for row in conn.execute(wanted.order_by(notes.c.received_at, notes.c.id))]


def settled_at(conn: Connection, disposition_id: int) -> datetime | None:
    """When LAPOR moved its status, or an admin answered its claim, last: what was said before counts no more."""
    changes = (
        select(batches.c.applied_at, batch_changes.c.after)
        .join(batches, batches.c.id == batch_changes.c.batch_id)
        .where(
            batch_changes.c.table_name == "dispositions",
            batch_changes.c.row_id == disposition_id,
            batch_changes.c.before.is_not(None),
            batches.c.undone_at.is_(None),
        )
    )
    heard = [row.applied_at for row in conn.execute(changes) if "status" in row.after]
    decided = select(func.max(journal.c.at)).where(
        journal.c.subject == f"disposition:{disposition_id}", journal.c.action.in_(_DECIDED)
    )
    return max([*heard, *(at for at in [conn.scalar(decided)] if at)], default=None)


def _columns(names: Sequence[str]) -> list[Any]:
    return [dispositions.c[name] for name in names]


def _written() -> Any:
    held = select(appointments.c.id).where(
        appointments.c.contact_id == notes.c.contact_id, appointments.c.role.in_(_OF_UNITS)
    )
    speaks = or_(notes.c.contact_id.is_(None) & (notes.c.intent != "note"), held.exists())
    n = notes.c
    return select(n.id, n.disposition_id, n.intent, n.promise_until, n.received_at, speaks.label("for_the_unit"))


def _told(row: Row[Any]) -> Told:
    at = row.accepted_at or row.created_at
    return Told(row.id, row.name, row.text, row.state, row.reason, at, row.accepted_at, row.delivered_at, row.read_at)


def _evidence(conn: Connection, reply_ids: Sequence[int]) -> dict[int, list[Evidence]]:
    grouped: dict[int, list[Evidence]] = {}
    for row in conn.execute(select(media).where(media.c.reply_id.in_(reply_ids)).order_by(media.c.position)):
        item = Evidence(row.id, row.state, row.stored_type or row.claimed_type, row.reason)
        grouped.setdefault(row.reply_id, []).append(item)
    return grouped


def _said(row: Row[Any], evidence: Sequence[Evidence]) -> Said:
    return Said(
        id=row.id,
        unit=row.short_name or row.name,
        by=row.written_by,
        text=row.text,
        intent=row.intent,
        matched_by=row.matched_by,
        promise_until=row.promise_until,
        at=row.received_at,
        moved_from_id=row.moved_from_id,
        evidence=evidence,
    )
