"""Where the directory has holes: units that nobody answers for, and appointments that are about to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from aspal.conditions import in_force
from aspal.core.words import Role
from aspal.tables import appointments, contacts, units

NEEDED = (Role.LIAISON, Role.HEAD)


@dataclass(frozen=True)
class Gap:
    """A unit whose messages for that role reach nobody."""

    unit: str
    role: Role


@dataclass(frozen=True)
class Ending:
    """An appointment whose last valid day is near."""

    unit: str
    role: Role
    last_day: date


def gaps(conn: Connection, today: date) -> list[Gap]:
    """Active units without a reachable liaison or head."""
    return [Gap(name, role) for role in NEEDED for name in _uncovered(conn, today, role)]


@dataclass(frozen=True)
class Hole:
    """A gap with its cause: why nobody is reached for that role, since when, and who is to be mended, if anybody is."""

    unit_id: int
    unit: str
    role: Role
    why: str  # never ended over later no_number opted_out unreachable
    since: date | datetime | None
    contact_id: int | None
    person: str | None


# The nearest cure first: a number is mended faster than a decree is signed.
_CAUSES = ("unreachable", "no_number", "opted_out", "later", "over", "ended")


def holes(conn: Connection, today: date) -> list[Hole]:
    """Every gap with the cause that is nearest to its cure, by unit."""
    bare = {role: _uncovered_units(conn, today, role) for role in NEEDED}
    open_ = {(unit, role) for role, without in bare.items() for unit in without}
    if not open_:
        return []
    names = {unit: name for without in bare.values() for unit, name in without.items()}
    held = conn.execute(
        select(appointments, contacts.c.name, contacts.c.phone, contacts.c.whatsapp_id, *_TROUBLES)
        .join(contacts, contacts.c.id == appointments.c.contact_id)
        .where(appointments.c.role.in_(NEEDED), appointments.c.unit_id.in_(sorted({unit for unit, _ in open_})))
    )
    found: dict[tuple[int, Role], Hole] = {}
    for row in held:
        key = (row.unit_id, Role(row.role))
        if key in open_:
            why, since = _cause(row, today)
            hole = Hole(row.unit_id, names[row.unit_id], key[1], why, since, row.contact_id, row.name)
            found[key] = min(found.get(key, hole), hole, key=lambda one: _CAUSES.index(one.why))
    never = [Hole(unit, names[unit], role, "never", None, None, None) for unit, role in open_ - found.keys()]
    return sorted([*found.values(), *never], key=lambda hole: (hole.unit, NEEDED.index(hole.role)))


_TROUBLES = (contacts.c.opted_out_at, contacts.c.unreachable_at)


def _cause(row: Row[Any], today: date) -> tuple[str, date | datetime | None]:
    if row.ended_at:
        return "ended", row.ended_at
    if row.valid_until and row.valid_until < today:
        return "over", row.valid_until
    if row.valid_from and row.valid_from > today:
        return "later", row.valid_from
    if not (row.phone or row.whatsapp_id):
        return "no_number", None
    return ("opted_out", row.opted_out_at) if row.opted_out_at else ("unreachable", row.unreachable_at)


def has_office_admin(conn: Connection, today: date) -> bool:
    """Whether anybody at the office itself can be told."""
    found = _reachable(today, Role.ADMIN)
    return conn.execute(select(appointments.c.id).join(contacts).where(found).limit(1)).first() is not None


def has_units(conn: Connection) -> bool:
    """Whether there is any unit that somebody must answer for."""
    return conn.execute(select(units.c.id).where(units.c.active).limit(1)).first() is not None


def ending(conn: Connection, today: date, within_days: int) -> list[Ending]:
    """Appointments that end within so many days, soonest first."""
    last = appointments.c.valid_until
    found = (
        select(units.c.name, appointments.c.role, last)
        .join_from(appointments, units, appointments.c.unit_id == units.c.id)
        .where(appointments.c.ended_at.is_(None), last.between(today, today + timedelta(days=within_days)))
        .order_by(last, units.c.name)
    )
    return [Ending(name, Role(role), day) for name, role, day in conn.execute(found)]


def _uncovered(conn: Connection, today: date, role: Role) -> Sequence[str]:
    return conn.scalars(select(units.c.name).where(_without(today, role)).order_by(units.c.name)).all()


def _uncovered_units(conn: Connection, today: date, role: Role) -> dict[int, str]:
    return {row.id: row.name for row in conn.execute(select(units.c.id, units.c.name).where(_without(today, role)))}


def _without(today: date, role: Role) -> ColumnElement[bool]:
    covered = select(appointments.c.unit_id).join(contacts).where(_reachable(today, role))
    return and_(units.c.active, units.c.id.not_in(covered))


def _reachable(today: date, role: Role) -> ColumnElement[bool]:
    c = contacts.c
    return and_(
        appointments.c.role == role,
        in_force(today),
        or_(c.phone.is_not(None), c.whatsapp_id.is_not(None)),
        c.opted_out_at.is_(None),
        c.unreachable_at.is_(None),
    )


def appointed(conn: Connection, today: date) -> int:
    """How many people hold a valid appointment: the size of the crowd that can be written to."""
    return conn.scalar(select(func.count(appointments.c.contact_id.distinct())).where(in_force(today))) or 0
