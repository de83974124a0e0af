"""Contacts as the directory's pages show and change them: the list, one person, absences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from aspal.tables import absences, appointments, contacts, messages, units

PAGE = 50
_OPEN_STATES = ("proposed", "accepted")


class Taken(Exception):
    """Somebody else has this number, or this appointment is there already: found out only while writing."""


@dataclass(frozen=True)
class Person:
    """One contact, whole."""

    id: int
    name: str
    position: str | None
    phone: str | None
    whatsapp_id: str | None
    guest: bool
    consent_at: datetime | None
    opted_out_at: datetime | None
    unreachable_at: datetime | None
    unreachable_reason: str | None
    last_inbound_at: datetime | None
    recaps_off_at: datetime | None
    office_recaps: bool
    created_at: datetime


@dataclass(frozen=True)
class Away:
    """A span of absence with both names."""

    id: int
    contact_id: int
    contact: str
    substitute_id: int | None
    substitute: str | None
    first_day: date
    last_day: date
    state: str


@dataclass(frozen=True)
class Sent:
    """A message to the person, without its words."""

    id: int
    template: str | None
    state: str
    at: datetime
    reason: str | None


_PERSON = [contacts.c[name] for name in Person.__dataclass_fields__]


def _appointed() -> ColumnElement[bool]:
    return exists().where(appointments.c.contact_id == contacts.c.id, appointments.c.ended_at.is_(None))


FILTERS: Mapping[str, ColumnElement[bool]] = {
    "tamu": contacts.c.guest,
    "belum-setuju": contacts.c.consent_at.is_(None),
    "berhenti": contacts.c.opted_out_at.is_not(None),
    "tak-terjangkau": contacts.c.unreachable_at.is_not(None),
    "tanpa-tugas": ~_appointed(),
}


def listed(
    conn: Connection, search: str, only: str | None, after: tuple[str, int] | None
) -> tuple[Sequence[Person], tuple[str, int] | None]:
    """A page of people by name, and where the next one begins."""
    query = select(*_PERSON).where(*_matching(search))
    if only is not None and only in FILTERS:
        query = query.where(FILTERS[only])
    if after:
        query = query.where(tuple_(contacts.c.name, contacts.c.id) > after)
    rows = [Person(*row) for row in conn.execute(query.order_by(contacts.c.name, contacts.c.id).limit(PAGE + 1))]
    more = len(rows) > PAGE
    return rows[:PAGE], (rows[PAGE - 1].name, rows[PAGE - 1].id) if more else None


def _matching(search: str) -> list[ColumnElement[bool]]:
    """Every word must be in the name, the position, or the name of a unit where they are appointed."""
    found = []
    for word in search.lower().split()[:6]:
        at_unit = (
            exists()
            .where(appointments.c.contact_id == contacts.c.id, appointments.c.unit_id == units.c.id)
            .where(or_(*(_has(column, word) for column in (units.c.name, units.c.short_name))))
        )
        found.append(or_(_has(contacts.c.name, word), _has(contacts.c.position, word), at_unit))
    return found


def _has(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(word, autoescape=True)
    return found


def find(conn: Connection, contact_id: int) -> Person | None:
    """One person."""
    row = conn.execute(select(*_PERSON).where(contacts.c.id == contact_id)).first()
    return Person(*row) if row else None


def by_phone(conn: Connection, phone: str) -> Person | None:
    """Who has this number."""
    row = conn.execute(select(*_PERSON).where(contacts.c.phone == phone)).first()
    return Person(*row) if row else None


def choices(conn: Connection) -> list[tuple[int, str, str | None]]:
    """Everybody with a number, for a list to choose from."""
    found = select(contacts.c.id, contacts.c.name, contacts.c.position).where(contacts.c.phone.is_not(None))
    return [(row.id, row.name, row.position) for row in conn.execute(found.order_by(contacts.c.name))]


def guests(conn: Connection) -> list[Person]:
    """The guest list, by name."""
    rows = conn.execute(select(*_PERSON).where(contacts.c.guest).order_by(contacts.c.name))
    return [Person(*row) for row in rows]


def add(conn: Connection, values: Mapping[str, Any]) -> int:
    """A new contact. Raises Taken."""
    try:
        return int(conn.execute(insert(contacts).values(dict(values)).returning(contacts.c.id)).scalar_one())
    except IntegrityError as error:
        raise Taken from error


def change(conn: Connection, contact_id: int, values: Mapping[str, Any]) -> bool:
    """Sets columns of one contact; False when there is none. Raises Taken."""
    try:
        return conn.execute(update(contacts).where(contacts.c.id == contact_id).values(dict(values))).rowcount == 1
    except IntegrityError as error:
        raise Taken from error


def readdress(conn: Connection, contact_id: int, address: str) -> int:
    """What has not left yet goes to the new number; how many messages."""
    waiting = messages.c.state.in_(("waiting", "held")) & (messages.c.contact_id == contact_id)
    return conn.execute(update(messages).where(waiting).values(address=address)).rowcount


def lately_sent(conn: Connection, contact_id: int, limit: int = 8) -> list[Sent]:
    """The newest messages to this person."""
    m = messages.c
    query = select(m.id, m.template, m.state, func.coalesce(m.claimed_at, m.created_at), m.reason)
    query = query.where(m.contact_id == contact_id).order_by(m.id.desc()).limit(limit)
    return [Sent(*row) for row in conn.execute(query)]


# --- absences -----------------------------------------------------------------------------------------------------


def absences_of(conn: Connection, contact_id: int, today: date) -> list[Away]:
    """Absences that last or lie ahead: the person's own, and those in which they stand in."""
    mine = or_(absences.c.contact_id == contact_id, absences.c.substitute_id == contact_id)
    return _absences(conn, mine, absences.c.last_day >= today, absences.c.state.in_(_OPEN_STATES))


def absence(conn: Connection, absence_id: int) -> Away | None:
    """One absence."""
    found = _absences(conn, absences.c.id == absence_id)
    return found[0] if found else None


def overlapping(conn: Connection, contact_id: int, first_day: date, last_day: date) -> list[Away]:
    """Accepted absences of this person that touch these days."""
    same = and_(absences.c.contact_id == contact_id, absences.c.state == "accepted")
    return _absences(conn, same, absences.c.first_day <= last_day, absences.c.last_day >= first_day)


def add_absence(conn: Connection, values: Mapping[str, Any]) -> int:
    """An absence that the office decided."""
    return int(conn.execute(insert(absences).values(dict(values)).returning(absences.c.id)).scalar_one())


def cancel_absence(conn: Connection, absence_id: int, now: datetime) -> bool:
    """The absence is over, or never begins; False when it was not open any more."""
    there = (absences.c.id == absence_id) & absences.c.state.in_(_OPEN_STATES)
    return conn.execute(update(absences).where(there).values(state="cancelled", answered_at=now)).rowcount == 1


def _absences(conn: Connection, *where: ColumnElement[bool]) -> list[Away]:
    substitute = contacts.alias("substitute")
    query = (
        select(
            absences.c.id, absences.c.contact_id, contacts.c.name, absences.c.substitute_id,
            substitute.c.name.label("substitute"), absences.c.first_day, absences.c.last_day, absences.c.state,
        )
        .join(contacts, contacts.c.id == absences.c.contact_id)
        .outerjoin(substitute, substitute.c.id == absences.c.substitute_id)
        .where(*where)
        .order_by(absences.c.first_day, absences.c.id)
    )  # fmt: skip
    return [Away(*row) for row in conn.execute(query)]


# --- appointments -------------------------------------------------------------------------------------------------


def appoint(conn: Connection, values: Mapping[str, Any]) -> int:
    """A new appointment. Raises Taken when the person holds that role there already."""
    try:
        return int(conn.execute(insert(appointments).values(dict(values)).returning(appointments.c.id)).scalar_one())
    except IntegrityError as error:
        raise Taken from error


def change_appointment(conn: Connection, appointment_id: int, values: Mapping[str, Any]) -> bool:
    """Sets columns of one appointment; False when there is none."""
    there = update(appointments).where(appointments.c.id == appointment_id)
    return conn.execute(there.values(dict(values))).rowcount == 1
