"""One complaint as its page shows it: the messages that spoke of it and the notes that came back. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from aspal.tables import contacts, dispositions, media, messages, notes, notices, units


@dataclass(frozen=True)
class Told:
    """A message about the complaint, and how far it has come."""

    id: int
    to: str | None
    text: str
    state: str
    reason: str | None
    at: datetime


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

    unit: str | None
    by: str
    text: str
    intent: str
    matched_by: str
    promise_until: date | None
    at: datetime
    evidence: Sequence[Evidence]


def told(conn: Connection, complaint_id: int) -> list[Told]:
    """Every message that carried a notice of this complaint, oldest first, each once."""
    about = (
        select(notices.c.message_id)
        .join(dispositions, dispositions.c.id == notices.c.disposition_id)
        .where(dispositions.c.complaint_id == complaint_id)
    )
    found = (
        select(messages, contacts.c.name)
        .join(contacts, contacts.c.id == messages.c.contact_id, isouter=True)
        .where(messages.c.id.in_(about))
        .order_by(messages.c.id)
    )
    return [
        Told(row.id, row.name, row.text, row.state, row.reason, row.accepted_at or row.created_at)
        for row in conn.execute(found)
    ]


def said(conn: Connection, complaint_id: int) -> list[Said]:
    """Every note on this complaint, oldest first."""
    found = (
        select(notes, units.c.name, units.c.short_name)
        .join(dispositions, dispositions.c.id == notes.c.disposition_id)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(dispositions.c.complaint_id == complaint_id)
        .order_by(notes.c.id)
    )
    rows = conn.execute(found).all()
    evidence = _evidence(conn, [row.reply_id for row in rows if row.reply_id])
    return [_said(row, evidence.get(row.reply_id, [])) for row in rows]


def evidence_file(conn: Connection, media_id: int) -> tuple[str, str] | None:
    """Path below MEDIA_DIR and type of a stored attachment."""
    row = conn.execute(select(media.c.path, media.c.stored_type).where(media.c.id == media_id)).first()
    return (row.path, row.stored_type) if row and row.path and row.stored_type else None


def _evidence(conn: Connection, reply_ids: Sequence[int]) -> dict[int, list[Evidence]]:
    grouped: dict[int, list[Evidence]] = {}
    for row in conn.execute(select(media).where(media.c.reply_id.in_(reply_ids)).order_by(media.c.position)):
        item = Evidence(row.id, row.state, row.stored_type or row.claimed_type, row.reason)
        grouped.setdefault(row.reply_id, []).append(item)
    return grouped


def _said(row: Row[Any], evidence: Sequence[Evidence]) -> Said:
    return Said(
        unit=row.short_name or row.name,
        by=row.written_by,
        text=row.text,
        intent=row.intent,
        matched_by=row.matched_by,
        promise_until=row.promise_until,
        at=row.received_at,
        evidence=evidence,
    )
