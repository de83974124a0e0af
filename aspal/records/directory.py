"""Who can be told what: units, the people appointed to them on a given day, and who stands in for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, or_, select, update

from aspal.core.placing import UnitNames
from aspal.core.words import Role
from aspal.tables import absences, appointments, contacts, unit_aliases, units

_LONGEST_CHAIN = 3  # substitutes of substitutes; further away nobody knows the case any more


@dataclass(frozen=True, slots=True)
class Contact:
    """A person with an address."""

    id: int
    name: str
    position: str | None
    phone: str | None
    whatsapp_id: str | None
    guest: bool
    consent_at: datetime | None
    opted_out_at: datetime | None
    unreachable_at: datetime | None
    last_inbound_at: datetime | None

    @property
    def address(self) -> str:
        return self.phone or self.whatsapp_id or ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who holds a role on a day. Opted out or unreachable people are told apart, not left out."""

    contact_id: int
    name: str
    position: str | None
    address: str
    guest: bool
    opted_out: bool
    unreachable: bool
    last_inbound_at: datetime | None
    stands_in_for: int | None = None  # the contact who is away


_CONTACT = [contacts.c[name] for name in Contact.__dataclass_fields__]


def people(conn: Connection, unit_ids: Collection[int], day: date) -> dict[int, dict[Role, tuple[Person, ...]]]:
    """Who holds which role at each of these units on that day, acting heads and substitutes in their place."""
    wanted = _valid(day).where(appointments.c.unit_id.in_(sorted(set(unit_ids))))
    holders: dict[tuple[int, Role], list[Row[Any]]] = defaultdict(list)
    rows = conn.execute(wanted).all()
    for row in rows:
        holders[row.unit_id, Role(row.role)].append(row)
    away = _Away(conn, day) if rows else None
    found: dict[int, dict[Role, tuple[Person, ...]]] = defaultdict(dict)
    for (unit_id, role), held in holders.items():
        found[unit_id][role] = _present(held, away)
    return dict(found)


def office_people(conn: Connection, role: Role, day: date) -> tuple[Person, ...]:
    """Who holds a role for the whole office, whatever unit they are listed under."""
    by_unit: dict[int, list[Row[Any]]] = defaultdict(list)
    rows = conn.execute(_valid(day).where(appointments.c.role == str(role))).all()
    for row in rows:
        by_unit[row.unit_id].append(row)
    away = _Away(conn, day) if rows else None
    return _each_once(person for held in by_unit.values() for person in _present(held, away))


def _valid(day: date) -> Select[Any]:
    """Appointments in force on that day, with their contacts."""
    return (
        select(appointments.c.unit_id, appointments.c.role, appointments.c.acting, *_CONTACT)
        .join(contacts, contacts.c.id == appointments.c.contact_id)
        .where(*_in_force(day))
        .order_by(appointments.c.id)
    )


def _in_force(day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        appointments.c.ended_at.is_(None),
        or_(appointments.c.valid_from.is_(None), appointments.c.valid_from <= day),
        or_(appointments.c.valid_until.is_(None), appointments.c.valid_until >= day),
    )


class _Away:
    """Who is away on a day, and who accepted to stand in."""

    def __init__(self, conn: Connection, day: date) -> None:
        accepted = select(absences.c.contact_id, absences.c.substitute_id).where(
            absences.c.state == "accepted", absences.c.first_day <= day, absences.c.last_day >= day
        )
        self._substitutes = {row.contact_id: row.substitute_id for row in conn.execute(accepted)}
        named = {contact_id for contact_id in self._substitutes.values() if contact_id is not None}
        found = conn.execute(select(*_CONTACT).where(contacts.c.id.in_(sorted(named)))) if named else ()
        self._people = {row.id: _person(row) for row in found}

    def instead_of(self, person: Person) -> Person:
        """The first one along the chain who is here; the person themself when the chain leads nowhere."""
        current = person.contact_id
        for _ in range(_LONGEST_CHAIN):
            substitute = self._substitutes.get(current)
            if substitute is None:
                return person
            if substitute not in self._substitutes:
                return replace(self._people[substitute], stands_in_for=person.contact_id)
            current = substitute
        return person


def _present(held: Collection[Row[Any]], away: _Away | None) -> tuple[Person, ...]:
    acting = [row for row in held if row.acting]
    persons = map(_person, acting or held)  # while valid, Plt/Plh replaces the holder
    return _each_once(away.instead_of(person) if away else person for person in persons)


def _each_once(persons: Iterable[Person]) -> tuple[Person, ...]:
    """Each once; who holds the role in person comes before the same one as a substitute."""
    kept: dict[int, Person] = {}
    for person in sorted(persons, key=lambda person: person.stands_in_for is not None):
        kept.setdefault(person.contact_id, person)
    return tuple(kept.values())


def _person(row: Row[Any]) -> Person:
    return Person(
        contact_id=row.id,
        name=row.name,
        position=row.position,
        address=row.phone or row.whatsapp_id or "",
        guest=row.guest,
        opted_out=row.opted_out_at is not None,
        unreachable=row.unreachable_at is not None,
        last_inbound_at=row.last_inbound_at,
    )


def contact_by_address(conn: Connection, phone: str | None, whatsapp_id: str | None) -> Contact | None:
    """Who writes from this phone, or else under this WhatsApp id."""
    for column, value in ((contacts.c.phone, phone), (contacts.c.whatsapp_id, whatsapp_id)):
        if value:
            row = conn.execute(select(*_CONTACT).where(column == value)).first()
            if row is not None:
                return Contact(*row)
    return None


def units_of(conn: Connection, contact_id: int, day: date) -> dict[int, set[Role]]:
    """The units where a contact holds a role on that day, in person or as an accepted substitute."""
    found: dict[int, set[Role]] = defaultdict(set)
    candidates = {contact_id} | _stood_in_for(conn, contact_id, day)
    listed = select(appointments.c.unit_id).where(appointments.c.contact_id.in_(candidates), *_in_force(day))
    for unit_id, roles in people(conn, list(conn.scalars(listed)), day).items():
        for role, persons in roles.items():
            if any(person.contact_id == contact_id for person in persons):
                found[unit_id].add(role)
    return dict(found)


def _stood_in_for(conn: Connection, contact_id: int, day: date) -> set[int]:
    """Everyone whose place this contact may be taking, along chains of substitutes."""
    behind: set[int] = set()
    latest = {contact_id}
    for _ in range(_LONGEST_CHAIN):
        away = select(absences.c.contact_id).where(
            absences.c.substitute_id.in_(latest),
            absences.c.state == "accepted",
            absences.c.first_day <= day,
            absences.c.last_day >= day,
        )
        latest = set(conn.scalars(away)) - behind
        if not latest:
            break
        behind |= latest
    return behind


def unit_names(conn: Connection) -> UnitNames:
    """Every name and alias of every unit."""
    rows = conn.execute(select(units.c.id, units.c.name, units.c.name_key)).all()
    aliases = conn.execute(select(unit_aliases.c.alias_key, unit_aliases.c.unit_id))
    ids = {row.alias_key: row.unit_id for row in aliases} | {row.name_key: row.id for row in rows}
    return UnitNames(ids, {row.id: row.name for row in rows})


def add_alias(conn: Connection, alias: str, alias_key: str, unit_id: int, by: str, now: datetime) -> None:
    """Another name for a unit. Raises IntegrityError when the name is taken."""
    conn.execute(
        insert(unit_aliases).values(
            unit_id=unit_id, alias=alias, alias_key=alias_key, confirmed_by=by, confirmed_at=now
        )
    )


def change_unit(conn: Connection, unit_id: int, values: Mapping[str, Any]) -> bool:
    """Sets columns of one unit; False when there is no such unit."""
    return conn.execute(update(units).where(units.c.id == unit_id).values(dict(values))).rowcount == 1
