"""Who can be told what: units, the people appointed to them on a given day, and who stands in for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from aspal.among import among
from aspal.conditions import in_force
from aspal.core.placing import UnitNames
from aspal.core.words import Role
from aspal.tables import absences, appointments, contacts, messages, unit_aliases, units

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


class Person(NamedTuple):
    """Somebody who holds a role on a day. Opted out or unreachable people are told apart, not left out."""

    contact_id: int
    name: str
    position: str | None
    address: str
    guest: bool
    opted_out: bool
    unreachable: bool
    lost_at: datetime | None = None  # since when it is so
    stands_in_for: int | None = None  # the contact who is away


_CONTACT = [contacts.c[name] for name in Contact.__dataclass_fields__]
_PERSON = (  # as Person has it
    contacts.c.id,
    contacts.c.name,
    contacts.c.position,
    func.coalesce(func.nullif(contacts.c.phone, ""), contacts.c.whatsapp_id, ""),
    contacts.c.guest,
    contacts.c.opted_out_at.is_not(None),
    contacts.c.unreachable_at.is_not(None),
    func.coalesce(contacts.c.unreachable_at, contacts.c.opted_out_at),
)
_HOLDERS = (
    select(appointments.c.unit_id, appointments.c.role, appointments.c.acting, *_PERSON)
    .join(contacts, contacts.c.id == appointments.c.contact_id)
    .where(
        in_force(bindparam("day")),
        or_(
            among(appointments.c.unit_id, "units"),
            appointments.c.role.in_(bindparam("roles", expanding=True)),
        ),
    )
    .order_by(appointments.c.id)
)
_AWAY = select(absences.c.contact_id, absences.c.substitute_id).where(
    absences.c.state == "accepted", absences.c.first_day <= bindparam("day"), absences.c.last_day >= bindparam("day")
)
_SUBSTITUTES = select(*_PERSON).where(among(contacts.c.id, "ids"))

Staff = dict[Role, tuple[Person, ...]]
_ROLES = {role.value: role for role in Role}


def staff(
    conn: Connection, unit_ids: Collection[int], office_roles: Collection[Role], day: date
) -> tuple[dict[int, Staff], Staff]:
    """Who acts at each of these units on that day, acting heads and substitutes in their place; and who holds one of
    these roles for the whole office, whatever unit they are listed under."""
    wanted, roles = set(unit_ids), set(office_roles)
    asked = {"day": day, "units": sorted(wanted), "roles": sorted(role.value for role in roles)}
    holders: dict[tuple[int, Role], list[tuple[str | None, Person]]] = defaultdict(list)
    for unit_id, word, acting, *person in conn.execute(_HOLDERS, asked).all():
        holders[unit_id, _ROLES[word]].append((acting, Person(*person)))
    away = _Away(conn, day) if holders else None
    at_units: dict[int, Staff] = defaultdict(dict)
    office: dict[Role, list[Person]] = defaultdict(list)
    for (unit_id, role), held in holders.items():
        present = _present(held, away)
        if unit_id in wanted:
            at_units[unit_id][role] = present
        if role in roles:
            office[role] += present
    return dict(at_units), {role: _each_once(office[role]) for role in roles}


def people(conn: Connection, unit_ids: Collection[int], day: date) -> dict[int, Staff]:
    """Who holds which role at each of these units on that day, acting heads and substitutes in their place."""
    return staff(conn, unit_ids, (), day)[0]


def ends(conn: Connection, unit_ids: Collection[int]) -> list[tuple[int, Role, datetime | None, date | None]]:
    """The appointments at these units that end: unit, role, when an admin ended it, the last day of its SK."""
    a = appointments.c
    bounded = or_(a.ended_at.is_not(None), a.valid_until.is_not(None))
    query = select(a.unit_id, a.role, a.ended_at, a.valid_until).where(among(a.unit_id, "units"), bounded)
    found = conn.execute(query, {"units": sorted(unit_ids)})
    return [(unit_id, _ROLES[role], ended_at, last_day) for unit_id, role, ended_at, last_day in found]


def office_people(conn: Connection, role: Role, day: date) -> tuple[Person, ...]:
    """Who holds a role for the whole office, whatever unit they are listed under."""
    return staff(conn, (), (role,), day)[1][role]


def listeners(conn: Connection) -> list[Person]:
    """Who hears the office's recaps without a role in any chain."""
    return [
        Person(*row) for row in conn.execute(select(*_PERSON).where(contacts.c.office_recaps).order_by(contacts.c.id))
    ]


class _Away:
    """Who is away on a day, and who accepted to stand in."""

    def __init__(self, conn: Connection, day: date) -> None:
        self._substitutes = {row.contact_id: row.substitute_id for row in conn.execute(_AWAY, {"day": day})}
        named = {contact_id for contact_id in self._substitutes.values() if contact_id is not None}
        found = conn.execute(_SUBSTITUTES, {"ids": sorted(named)}) if named else ()
        self._people = {row[0]: Person(*row) for row in found}

    def instead_of(self, person: Person) -> Person:
        """The first one along the chain who is here; the person themself when the chain leads nowhere."""
        current = person.contact_id
        for _ in range(_LONGEST_CHAIN):
            substitute = self._substitutes.get(current)
            if substitute is None:
                return person
            if substitute not in self._substitutes:
                return self._people[substitute]._replace(stands_in_for=person.contact_id)
            current = substitute
        return person


def _present(held: Collection[tuple[str | None, Person]], away: _Away | None) -> tuple[Person, ...]:
    acting = tuple([person for acts, person in held if acts])
    persons = acting or tuple([person for _, person in held])  # while valid, Plt/Plh replaces the holder
    return _each_once(map(away.instead_of, persons) if away else persons)


def _each_once(persons: Iterable[Person]) -> tuple[Person, ...]:
    """Each once; who holds the role in person comes before the same one as a substitute."""
    persons = tuple(persons)
    if len(persons) < 2:
        return persons
    kept: dict[int, Person] = {}
    for person in sorted(persons, key=lambda person: person.stands_in_for is not None):
        kept.setdefault(person.contact_id, person)
    return tuple(kept.values())


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
    listed = select(appointments.c.unit_id).where(appointments.c.contact_id.in_(candidates), in_force(day))
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


def names_by_id(conn: Connection) -> dict[int, str]:
    """What each unit is called."""
    return {row.id: row.name for row in conn.execute(select(units.c.id, units.c.name))}


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


def flag_contact(conn: Connection, contact_id: int, now: datetime, *, opted_out: bool, reason: str | None) -> None:
    """The provider says this person cannot, or does not want to, be reached; what it said first stays."""
    values = {"opted_out_at": now} if opted_out else {"unreachable_at": now, "unreachable_reason": reason}
    unsaid = contacts.c.opted_out_at if opted_out else contacts.c.unreachable_at
    conn.execute(update(contacts).where(contacts.c.id == contact_id, unsaid.is_(None)).values(**values))


def is_at(conn: Connection, contact_id: int, message_id: int) -> bool:
    """Whether the message went to the address that the contact still has."""
    query = (
        select(contacts.c.id)
        .join(messages, messages.c.address.in_((contacts.c.phone, contacts.c.whatsapp_id)))
        .where(contacts.c.id == contact_id, messages.c.id == message_id)
    )
    return conn.execute(query).first() is not None


def without_consent(conn: Connection, contact_ids: Collection[int]) -> frozenset[int]:
    """Those of these contacts who have not agreed to be written to."""
    unasked = select(contacts.c.id).where(contacts.c.id.in_(sorted(contact_ids)), contacts.c.consent_at.is_(None))
    return frozenset(conn.scalars(unasked))
