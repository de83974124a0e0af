"""A training's seats, and where every unit of the room stands. Used in the room's own database only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select, update

from aspal.tables import appointments, complaints, contacts, dispositions, messages, notes, units


@dataclass(frozen=True)
class Case:
    """One complaint of a participant's unit, as LAPOR would show it to him."""

    complaint_id: int
    number: str
    title: str
    status: str
    disposed_on: date
    level: int
    claim: str | None


@dataclass(frozen=True)
class Standing:
    """One unit on the wall."""

    unit: str
    taken: bool
    level: int  # the highest that any of its open cases has reached
    open: int
    finished: int
    answered: int  # replies that became notes


def take_seat(conn: Connection, role: str, now: datetime) -> int | None:
    """The next liaison whose seat nobody has; consent marks it as taken. None when every seat is."""
    free = (
        select(contacts.c.id)
        .join(appointments, appointments.c.contact_id == contacts.c.id)
        .where(appointments.c.role == role, contacts.c.consent_at.is_(None))
        .order_by(contacts.c.id)
        .limit(1)
    )
    contact_id = conn.scalar(free)
    if contact_id is None:
        return None
    conn.execute(update(contacts).where(contacts.c.id == contact_id).values(consent_at=now))
    return int(contact_id)


def cases_of(conn: Connection, contact_id: int) -> list[Case]:
    """The complaints of the units where this person is appointed."""
    c, d = complaints.c, dispositions.c
    mine = select(appointments.c.unit_id).where(appointments.c.contact_id == contact_id)
    found = (
        select(c.id, c.tracking_id, c.title, d.status, d.disposed_on, d.level, d.claim)
        .join_from(complaints, dispositions)
        .where(d.unit_id.in_(mine))
        .order_by(c.id)
    )
    return [Case(*row) for row in conn.execute(found)]


def board(conn: Connection) -> Sequence[Standing]:
    """Every unit that has complaints, by its name."""
    d = dispositions.c
    is_open = d.ended_at.is_(None)
    said = select(d.unit_id, func.count().label("n")).join_from(notes, dispositions).group_by(d.unit_id).subquery()
    seat = (
        select(appointments.c.unit_id, func.count(contacts.c.consent_at).label("n"))
        .join(contacts)
        .group_by(appointments.c.unit_id)
        .subquery()
    )
    found = (
        select(
            func.coalesce(units.c.short_name, units.c.name),
            func.coalesce(func.max(seat.c.n), 0),
            func.coalesce(func.max(d.level).filter(is_open), 0),
            func.count().filter(is_open),
            func.count().filter(~is_open),
            func.coalesce(func.max(said.c.n), 0),
        )
        .join_from(dispositions, units, units.c.id == d.unit_id)
        .join(said, said.c.unit_id == units.c.id, isouter=True)
        .join(seat, seat.c.unit_id == units.c.id, isouter=True)
        .group_by(units.c.id, units.c.short_name, units.c.name)
        .order_by(units.c.name)
    )
    return [Standing(row[0], bool(row[1]), *row[2:]) for row in conn.execute(found)]


def counts(conn: Connection) -> Mapping[str, int]:
    """What has happened in the room so far."""
    finished = select(func.count()).select_from(dispositions).where(dispositions.c.ended_at.is_not(None))
    told = select(func.count()).select_from(messages).where(messages.c.template.is_not(None))
    return {
        "seats": conn.scalar(select(func.count(contacts.c.consent_at))) or 0,
        "messages": conn.scalar(told) or 0,
        "notes": conn.scalar(select(func.count()).select_from(notes)) or 0,
        "heads": conn.scalar(select(func.count()).where(dispositions.c.level >= 2)) or 0,
        "finished": conn.scalar(finished) or 0,
    }
