"""The directory as its import compares it: every unit, contact and appointment at once. It is small."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from aspal.tables import appointments, contacts, unit_aliases, units


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation."""

    name: str
    name_key: str
    short_name: str | None = None
    kind: str = "opd"
    parent_id: int | None = None
    time_zone: str | None = None
    active: bool = True
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One person, known by a phone number."""

    name: str
    phone: str
    position: str | None = None
    consent_at: datetime | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """One person in one role at one unit."""

    contact_id: int
    unit_id: int
    role: str
    acting: str | None = None
    sk_number: str | None = None
    sk_date: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    ended_at: datetime | None = None
    id: int | None = None

    @property
    def key(self) -> tuple[int, int, str]:
        return self.contact_id, self.unit_id, self.role

    def in_force(self, day: date) -> bool:
        return (
            self.ended_at is None
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or self.valid_until >= day)
        )


Thing = TypeVar("Thing", Unit, Contact, Appointment)


def all_units(conn: Connection) -> list[Unit]:
    """Every unit."""
    return _read(conn, Unit, units)


def aliases(conn: Connection) -> dict[str, int]:
    """Alias key -> unit."""
    return {row.alias_key: row.unit_id for row in conn.execute(select(unit_aliases))}


def all_contacts(conn: Connection) -> list[Contact]:
    """Everyone who has a phone number."""
    return [contact for contact in _read(conn, Contact, contacts) if contact.phone]


def all_appointments(conn: Connection) -> list[Appointment]:
    """Every appointment, past ones among them."""
    return _read(conn, Appointment, appointments)


def _read(conn: Connection, kind: type[Thing], table: Table) -> list[Thing]:
    names = [item.name for item in fields(kind)]
    return [kind(*row) for row in conn.execute(select(*[table.c[name] for name in names]).order_by(table.c.id))]


def columns(thing: Unit | Contact | Appointment) -> dict[str, Any]:
    """The thing as a row, without its id."""
    return {item.name: getattr(thing, item.name) for item in fields(thing) if item.name != "id"}


def difference(before: Thing, after: Thing) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns in which two states differ: as they were, as they became."""
    was, is_ = columns(before), columns(after)
    moved = [name for name in was if was[name] != is_[name]]
    return {name: was[name] for name in moved}, {name: is_[name] for name in moved}
