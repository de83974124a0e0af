"""Where the directory has holes: units that nobody answers for, and appointments that are about to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

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


def has_office_admin(conn: Connection, today: date) -> bool:
    """Whether anybody at the office itself can be told."""
    found = _reachable(today, Role.ADMIN)
    return conn.execute(select(appointments.c.id).join(contacts).where(found).limit(1)).first() is not None


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
    covered = select(appointments.c.unit_id).join(contacts).where(_reachable(today, role))
    return conn.scalars(
        select(units.c.name).where(units.c.active, units.c.id.not_in(covered)).order_by(units.c.name)
    ).all()


def _reachable(today: date, role: Role) -> ColumnElement[bool]:
    a, c = appointments.c, contacts.c
    return and_(
        a.role == role,
        a.ended_at.is_(None),
        or_(a.valid_from.is_(None), a.valid_from <= today),
        or_(a.valid_until.is_(None), a.valid_until >= today),
        or_(c.phone.is_not(None), c.whatsapp_id.is_not(None)),
        c.opted_out_at.is_(None),
        c.unreachable_at.is_(None),
    )


def appointed(conn: Connection, today: date) -> int:
    """How many people hold a valid appointment: the size of the crowd that can be written to."""
    valid = and_(
        appointments.c.ended_at.is_(None),
        or_(appointments.c.valid_from.is_(None), appointments.c.valid_from <= today),
        or_(appointments.c.valid_until.is_(None), appointments.c.valid_until >= today),
    )
    return conn.scalar(select(func.count(appointments.c.contact_id.distinct())).where(valid)) or 0
