"""Who hears a recap, and who may still open its document. Not a station."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from aspal.core.ladder import Recap
from aspal.core.words import Role
from aspal.records import directory, ladders, recaps
from aspal.records.calendar import Calendars
from aspal.records.directory import Person
from aspal.records.recaps import Told, Unit


def of_the_office(conn: Connection, recap: Recap, today: date) -> tuple[Person, ...]:
    """Whose role hears it; and with Sekda those who hear the office's recaps without a role."""
    roles = [role for role in recap.audience if role is not Role.HEAD]
    people = [person for role in roles for person in directory.office_people(conn, role, today)]
    if Role.SEKDA in roles:
        people += directory.listeners(conn)
    return tuple({person.contact_id: person for person in people}.values())


def heads(conn: Connection, calendars: Calendars, units: Collection[Unit], now: datetime) -> list[tuple[Unit, Person]]:
    """Who heads which of these units now, acting heads and substitutes in their place."""
    by_zone: defaultdict[str | None, list[int]] = defaultdict(list)
    for unit in units:
        by_zone[unit.zone].append(unit.id)
    staff = {
        unit_id: roles
        for zone, ids in by_zone.items()
        for unit_id, roles in directory.people(conn, ids, calendars.of(zone).local_day(now)).items()
    }
    return [(unit, person) for unit in units for person in staff.get(unit.id, {}).get(Role.HEAD, ())]


def still_theirs(conn: Connection, calendars: Calendars, message_id: int, now: datetime) -> Told | None:
    """The recap, as far as it may still be opened: by whoever holds the office now for which it was told. Of several
    units, those are left out that somebody else heads meanwhile."""
    told = recaps.of_message(conn, message_id)
    if told is None or told.contact_id is None:
        return None
    if told.whole_office:
        recap = next((one for one in ladders.in_force(conn).recaps if one.id == told.recap), None)
        people = of_the_office(conn, recap, calendars.of(None).local_day(now)) if recap else ()
        return told if _is_among(told.contact_id, people) else None
    units = [unit for unit in recaps.every_unit(conn) if unit.id in told.unit_ids]
    held = [unit.id for unit, head in heads(conn, calendars, units, now) if _is_among(told.contact_id, [head])]
    return replace(told, unit_ids=tuple(held)) if held else None


def _is_among(contact_id: int, people: Iterable[Person]) -> bool:
    """Somebody on leave holds the office still, beside whoever stands in."""
    return any(contact_id in (person.contact_id, person.stands_in_for) for person in people)
