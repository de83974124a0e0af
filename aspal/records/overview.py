"""What the first page and the metrics count. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from aspal.tables import appointments, batches, complaints, contacts, dispositions, messages, replies, units


@dataclass(frozen=True)
class Figures:
    """The counts of the first page and of the metrics."""

    messages: Mapping[str, int]
    replies: Mapping[str, int]
    open_dispositions: int
    open_by_level: Mapping[int, int]
    complaints: Mapping[str, int]


@dataclass(frozen=True)
class LastImport:
    """The newest applied import of a kind."""

    kind: str
    source: str
    applied_at: datetime
    applied_by: str


@dataclass(frozen=True)
class TroubledContact:
    """Somebody who is appointed but cannot be written to."""

    id: int
    name: str
    unit: str
    reason: str


def figures(conn: Connection) -> Figures:
    """How many of each."""
    is_open = dispositions.c.ended_at.is_(None)
    by_level = _counts(conn, dispositions.c.level, is_open)
    return Figures(
        messages=_counts(conn, messages.c.state),
        replies=_counts(conn, replies.c.state),
        open_dispositions=sum(by_level.values()),
        open_by_level=by_level,
        complaints=_counts(conn, complaints.c.status, complaints.c.merged_into_id.is_(None)),
    )


def _counts(conn: Connection, column: Any, *where: ColumnElement[bool]) -> dict[Any, int]:
    return {row[0]: row[1] for row in conn.execute(select(column, func.count()).where(*where).group_by(column))}


def last_imports(conn: Connection) -> list[LastImport]:
    """The newest import of each kind that was not taken back."""
    newest = select(func.max(batches.c.id)).where(batches.c.undone_at.is_(None)).group_by(batches.c.kind)
    found = select(batches.c.kind, batches.c.source, batches.c.applied_at, batches.c.applied_by)
    return [LastImport(*row) for row in conn.execute(found.where(batches.c.id.in_(newest)).order_by(batches.c.kind))]


def troubled_contacts(conn: Connection, limit: int = 20) -> list[TroubledContact]:
    """Appointed people whom no message can reach: opted out, unreachable, or without an address."""
    found = (
        select(contacts, units.c.name.label("unit"), units.c.short_name)
        .join(appointments, appointments.c.contact_id == contacts.c.id)
        .join(units, units.c.id == appointments.c.unit_id)
        .where(
            appointments.c.ended_at.is_(None),
            or_(
                contacts.c.opted_out_at.is_not(None),
                contacts.c.unreachable_at.is_not(None),
                contacts.c.phone.is_(None) & contacts.c.whatsapp_id.is_(None),
            ),
        )
        .order_by(units.c.name, contacts.c.name)
        .limit(limit)
    )
    return [TroubledContact(row.id, row.name, row.short_name or row.unit, _trouble(row)) for row in conn.execute(found)]


def _trouble(contact: Row[Any]) -> str:
    if contact.opted_out_at:
        return "mengirim BERHENTI"
    if contact.unreachable_at:
        return contact.unreachable_reason or "nomor tidak dapat dihubungi"
    return "belum punya nomor WhatsApp"
