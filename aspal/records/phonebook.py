"""Names for ids, and who holds which phone: what the simulator and the story lines show. Reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from aspal.core.codes import as_typed
from aspal.tables import appointments, complaints, contacts, dispositions, messages, replies, units


@dataclass(frozen=True)
class Phone:
    """A contact with an address, and the first of its appointments."""

    contact_id: int
    name: str
    address: str
    role: str | None
    unit: str | None
    guest: bool


def phones(conn: Connection) -> list[Phone]:
    """Every contact that has an address, by unit and name; each once."""
    held = (appointments.c.contact_id == contacts.c.id) & appointments.c.ended_at.is_(None)
    found = (
        select(contacts, appointments.c.role, units.c.name.label("unit"), units.c.short_name)
        .join(appointments, held, isouter=True)
        .join(units, units.c.id == appointments.c.unit_id, isouter=True)
        .order_by(units.c.name, contacts.c.name, appointments.c.id)
    )
    book: dict[int, Phone] = {}
    for row in conn.execute(found):
        address = row.phone or row.whatsapp_id
        if address and row.id not in book:
            book[row.id] = Phone(row.id, row.name, address, row.role, row.short_name or row.unit, row.guest)
    return list(book.values())


def contact_names(conn: Connection, ids: Collection[int]) -> Mapping[int, str]:
    """Contact id -> name."""
    found = select(contacts.c.id, contacts.c.name).where(contacts.c.id.in_(ids))
    return {row.id: row.name for row in conn.execute(found)}


def recipients(conn: Connection, message_ids: Collection[int]) -> Mapping[int, str]:
    """Message id -> the name of whom it is for."""
    found = select(messages.c.id, contacts.c.name).join(contacts, contacts.c.id == messages.c.contact_id)
    return {row.id: row.name for row in conn.execute(found.where(messages.c.id.in_(message_ids)))}


def complaint_numbers(conn: Connection, ids: Collection[int]) -> Mapping[int, str]:
    """Complaint id -> the number that people know it by."""
    found = select(complaints.c.id, complaints.c.tracking_id, complaints.c.provisional_id)
    found = found.where(complaints.c.id.in_(ids))
    return {row.id: row.tracking_id or row.provisional_id or str(row.id) for row in conn.execute(found)}


def complaint_id(conn: Connection, number: str) -> int | None:
    """The complaint that people know by this number, ours or LAPOR's."""
    wanted = as_typed(number)
    known = or_(complaints.c.tracking_id == wanted, complaints.c.provisional_id == wanted)
    return conn.scalar(select(complaints.c.id).where(known).limit(1))


def unit_names(conn: Connection, disposition_ids: Collection[int]) -> Mapping[int, str]:
    """Disposition id -> the name of its unit."""
    found = (
        select(dispositions.c.id, units.c.name, units.c.short_name)
        .join(units, units.c.id == dispositions.c.unit_id)
        .where(dispositions.c.id.in_(disposition_ids))
    )
    return {row.id: row.short_name or row.name for row in conn.execute(found)}


def understood(conn: Connection, sids: Collection[str]) -> frozenset[str]:
    """Which of these replies the office has understood by now."""
    found = select(replies.c.provider_sid).where(replies.c.provider_sid.in_(sids), replies.c.state != "stored")
    return frozenset(conn.scalars(found))
