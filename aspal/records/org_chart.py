"""Units as the directory's pages show them: the tree, one unit, its other names, who holds what there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from aspal.among import among
from aspal.conditions import in_force
from aspal.core.words import OFFICE_ROLES, Role
from aspal.tables import appointments, contacts, dispositions, unit_aliases, units


class Taken(Exception):
    """Another unit has this name: found out only while writing."""


@dataclass(frozen=True)
class UnitRow:
    """One unit, and how many people hold which of the two roles that it cannot do without."""

    id: int
    name: str
    name_key: str
    short_name: str | None
    kind: str
    parent_id: int | None
    time_zone: str | None
    active: bool
    paused_until: datetime | None
    pause_reason: str | None
    people: int
    liaisons: int
    heads: int


@dataclass(frozen=True)
class Alias:
    """Another name of a unit, and who said so."""

    id: int
    alias: str
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True)
class Duty:
    """One appointment with its person and its unit."""

    id: int
    contact_id: int
    unit_id: int
    role: str
    acting: str | None
    sk_number: str | None
    sk_date: date | None
    valid_from: date | None
    valid_until: date | None
    ended_at: datetime | None
    name: str
    position: str | None
    phone: str | None
    whatsapp_id: str | None
    guest: bool
    opted_out_at: datetime | None
    unreachable_at: datetime | None
    unit: str

    def standing(self, today: date) -> str:
        """now | later | over | ended."""
        if self.ended_at:
            return "ended"
        if self.valid_from and self.valid_from > today:
            return "later"
        return "over" if self.valid_until and self.valid_until < today else "now"


def _units(today: date) -> Select[Any]:
    a = appointments.c
    held = (
        select(
            a.unit_id,
            func.count(a.contact_id.distinct()).label("people"),
            func.count(a.id).filter(a.role == Role.LIAISON).label("liaisons"),
            func.count(a.id).filter(a.role == Role.HEAD).label("heads"),
        )
        .where(in_force(today))
        .group_by(a.unit_id)
        .subquery()
    )
    counts = [func.coalesce(held.c[name], 0).label(name) for name in ("people", "liaisons", "heads")]
    own = [units.c[name] for name in list(UnitRow.__dataclass_fields__)[:-3]]
    return select(*own, *counts).outerjoin(held, held.c.unit_id == units.c.id)


def all_units(conn: Connection, today: date) -> list[UnitRow]:
    """Every unit, by name: there are hundreds, not thousands."""
    return [UnitRow(*row) for row in conn.execute(_units(today).order_by(units.c.name))]


def unit(conn: Connection, unit_id: int, today: date) -> UnitRow | None:
    """One unit."""
    row = conn.execute(_units(today).where(units.c.id == unit_id)).first()
    return UnitRow(*row) if row else None


def add_unit(conn: Connection, values: dict[str, Any]) -> int:
    """A new unit. Raises Taken."""
    try:
        return int(conn.execute(insert(units).values(values).returning(units.c.id)).scalar_one())
    except IntegrityError as error:
        raise Taken from error


def change_unit(conn: Connection, unit_id: int, values: dict[str, Any]) -> None:
    """Sets columns of one unit. Raises Taken."""
    try:
        conn.execute(update(units).where(units.c.id == unit_id).values(values))
    except IntegrityError as error:
        raise Taken from error


def choices(conn: Connection) -> list[tuple[int, str]]:
    """Active units for a list to choose from."""
    found = select(units.c.id, units.c.name).where(units.c.active).order_by(units.c.name)
    return [(row.id, row.name) for row in conn.execute(found)]


def parents(conn: Connection) -> dict[int, int | None]:
    """Unit -> the unit above it."""
    return {row.id: row.parent_id for row in conn.execute(select(units.c.id, units.c.parent_id))}


def children(conn: Connection, unit_id: int) -> list[tuple[int, str]]:
    """The units directly below."""
    found = select(units.c.id, units.c.name).where(units.c.parent_id == unit_id).order_by(units.c.name)
    return [(row.id, row.name) for row in conn.execute(found)]


def aliases_of(conn: Connection, unit_id: int) -> list[Alias]:
    """Its other names."""
    a = unit_aliases.c
    found = select(a.id, a.alias, a.confirmed_by, a.confirmed_at).where(a.unit_id == unit_id).order_by(a.alias)
    return [Alias(*row) for row in conn.execute(found)]


def drop_alias(conn: Connection, unit_id: int, alias_id: int) -> str | None:
    """Takes another name away; the name, None when it was not there."""
    there = (unit_aliases.c.id == alias_id) & (unit_aliases.c.unit_id == unit_id)
    gone = conn.execute(unit_aliases.delete().where(there).returning(unit_aliases.c.alias)).first()
    return str(gone.alias) if gone else None


def open_cases(conn: Connection, unit_id: int) -> int:
    """How many dispositions still run there."""
    running = (dispositions.c.unit_id == unit_id) & dispositions.c.ended_at.is_(None)
    return conn.scalar(select(func.count()).select_from(dispositions).where(running)) or 0


def _duties() -> Select[Any]:
    own = [appointments.c[name] for name in list(Duty.__dataclass_fields__)[:10]]
    theirs = [contacts.c[name] for name in list(Duty.__dataclass_fields__)[10:-1]]
    return (
        select(*own, *theirs, units.c.name)
        .join_from(appointments, contacts, contacts.c.id == appointments.c.contact_id)
        .join(units, units.c.id == appointments.c.unit_id)
        .order_by(appointments.c.ended_at.is_not(None), appointments.c.role, contacts.c.name, appointments.c.id)
    )


def duties_at(conn: Connection, *unit_ids: int) -> list[Duty]:
    """Everybody who is or was appointed at these units, those in office first."""
    return [Duty(*row) for row in conn.execute(_duties().where(appointments.c.unit_id.in_(unit_ids)))]


def duties_of(conn: Connection, contact_ids: Sequence[int]) -> list[Duty]:
    """What these people are or were appointed to."""
    return [Duty(*row) for row in conn.execute(_duties().where(appointments.c.contact_id.in_(list(contact_ids))))]


def duty(conn: Connection, appointment_id: int) -> Duty | None:
    """One appointment."""
    row = conn.execute(_duties().where(appointments.c.id == appointment_id)).first()
    return Duty(*row) if row else None


def liaisons(conn: Connection, today: date) -> list[Duty]:
    """Everybody in office as liaison today, by unit: whom a round of confirmation may ask."""
    wanted = _duties().where(appointments.c.role == Role.LIAISON, in_force(today))
    return sorted((Duty(*row) for row in conn.execute(wanted)), key=lambda held: (held.unit, held.name))


def zones_of(conn: Connection, contact_ids: Collection[int], today: date) -> dict[int, str | None]:
    """The time zone of each one's unit, of the oldest appointment where there are several; None: the office's, which
    its own people keep whatever unit they are listed under."""
    a = appointments.c
    held = select(a.contact_id, a.role, units.c.time_zone).join(units, units.c.id == a.unit_id)
    zones: dict[int, str | None] = {}
    office = set()
    for contact_id, role, zone in conn.execute(
        held.where(among(a.contact_id, "contacts"), in_force(today)).order_by(a.id), {"contacts": sorted(contact_ids)}
    ):
        zones.setdefault(contact_id, zone)
        if role in OFFICE_ROLES:
            office.add(contact_id)
    return zones | dict.fromkeys(office)


def ending(conn: Connection, first: date, last: date) -> list[Duty]:
    """Appointments whose last valid day lies in that span, soonest first."""
    wanted = _duties().where(appointments.c.ended_at.is_(None), appointments.c.valid_until.between(first, last))
    return sorted((Duty(*row) for row in conn.execute(wanted)), key=lambda held: (held.valid_until or last, held.unit))
