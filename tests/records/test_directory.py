"""Who is told: validity, acting heads, substitutes, offices, addresses."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Table, insert

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import directory

NOW = datetime(2026, 8, 3, 1, tzinfo=UTC)
DAY = date(2026, 8, 3)


class Staff:
    def __init__(self, db: Database) -> None:
        self.db, self._phones = db, 0

    def add(self, table: Table, **values: Any) -> int:
        with self.db.write() as conn:
            return int(conn.execute(insert(table).values(values).returning(table.c.id)).scalar_one())

    def unit(self, name: str, **values: Any) -> int:
        return self.add(t.units, name=name, name_key=name.casefold(), **values)

    def person(self, name: str, **values: Any) -> int:
        self._phones += 1
        return self.add(
            t.contacts, **({"name": name, "phone": f"+6281200000{self._phones:03}", "created_at": NOW} | values)
        )

    def appoint(self, person: int, unit: int, role: Role, **values: Any) -> int:
        return self.add(t.appointments, contact_id=person, unit_id=unit, role=str(role), **values)

    def away(self, person: int, substitute: int | None, state: str = "accepted", last: date = DAY) -> None:
        self.add(
            t.absences,
            contact_id=person,
            substitute_id=substitute,
            first_day=DAY,
            last_day=last,
            state=state,
            asked_at=NOW,
        )

    def who(self, unit: int, role: Role, day: date = DAY) -> list[str]:
        with self.db.read() as conn:
            return [person.name for person in directory.people(conn, [unit], day).get(unit, {}).get(role, ())]


@pytest.fixture
def staff(db: Database) -> Staff:
    return Staff(db)


def test_several_people_may_hold_one_role_and_other_units_do_not_mix(staff: Staff) -> None:
    works, health = staff.unit("Dinas A"), staff.unit("Dinas B")
    for name, unit in (("Ani", works), ("Budi", works), ("Cici", health)):
        staff.appoint(staff.person(name), unit, Role.LIAISON)
    assert staff.who(works, Role.LIAISON) == ["Ani", "Budi"]
    assert staff.who(works, Role.HEAD) == []


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"valid_from": DAY, "valid_until": DAY}, True),
        ({"valid_from": date(2026, 8, 4)}, False),
        ({"valid_until": date(2026, 8, 2)}, False),
        ({"ended_at": NOW}, False),
        ({}, True),
    ],
)
def test_an_appointment_holds_on_its_days_only_both_ends_included(
    staff: Staff, values: dict[str, Any], held: bool
) -> None:
    unit = staff.unit("Dinas A")
    staff.appoint(staff.person("Ani"), unit, Role.LIAISON, **values)
    assert staff.who(unit, Role.LIAISON) == (["Ani"] if held else [])


def test_an_acting_head_replaces_the_holder_while_valid(staff: Staff) -> None:
    unit = staff.unit("Dinas A")
    staff.appoint(staff.person("Kepala"), unit, Role.HEAD)
    staff.appoint(staff.person("Plt"), unit, Role.HEAD, acting="plt", valid_until=DAY)
    assert staff.who(unit, Role.HEAD) == ["Plt"]
    assert staff.who(unit, Role.HEAD, date(2026, 8, 4)) == ["Kepala"]


def test_a_missing_head_is_not_looked_up_at_the_parent(staff: Staff) -> None:
    parent = staff.unit("Kecamatan")
    child = staff.unit("Kelurahan", parent_id=parent)
    staff.appoint(staff.person("Camat"), parent, Role.HEAD)
    assert staff.who(child, Role.HEAD) == []


def test_an_accepted_substitute_stands_in_while_the_other_is_away(staff: Staff) -> None:
    unit = staff.unit("Dinas A")
    ani, budi = staff.person("Ani"), staff.person("Budi")
    staff.appoint(ani, unit, Role.LIAISON)
    staff.away(ani, budi)
    with staff.db.read() as conn:
        (person,) = directory.people(conn, [unit], DAY)[unit][Role.LIAISON]
        assert (person.contact_id, person.stands_in_for) == (budi, ani)
        assert directory.units_of(conn, budi, DAY) == {unit: {Role.LIAISON}}
        assert directory.units_of(conn, ani, DAY) == {}
    assert staff.who(unit, Role.LIAISON, date(2026, 8, 4)) == ["Ani"]


def test_a_substitute_who_has_not_accepted_does_not(staff: Staff) -> None:
    unit = staff.unit("Dinas A")
    ani = staff.person("Ani")
    staff.appoint(ani, unit, Role.LIAISON)
    staff.away(ani, staff.person("Budi"), state="proposed")
    assert staff.who(unit, Role.LIAISON) == ["Ani"]


def test_a_substitute_who_is_away_too_hands_on_up_to_three_times(staff: Staff) -> None:
    unit = staff.unit("Dinas A")
    people = [staff.person(name) for name in ("Ani", "Budi", "Cici", "Dedi")]
    staff.appoint(people[0], unit, Role.LIAISON)
    for person, substitute in pairwise(people):
        staff.away(person, substitute)
    assert staff.who(unit, Role.LIAISON) == ["Dedi"]
    staff.away(people[3], staff.person("Eka"))
    assert staff.who(unit, Role.LIAISON) == ["Ani"]


def test_people_who_stand_in_for_each_other_stay_where_they_are(staff: Staff) -> None:
    unit = staff.unit("Dinas A")
    ani, budi = staff.person("Ani"), staff.person("Budi")
    staff.appoint(ani, unit, Role.LIAISON)
    staff.away(ani, budi)
    staff.away(budi, ani)
    assert staff.who(unit, Role.LIAISON) == ["Ani"]


def test_a_substitute_who_holds_the_role_anyway_is_told_once_as_themself(staff: Staff) -> None:
    unit = staff.unit("Dinas A")
    ani, budi = staff.person("Ani"), staff.person("Budi")
    for person in (ani, budi):
        staff.appoint(person, unit, Role.LIAISON)
    staff.away(ani, budi)
    with staff.db.read() as conn:
        (person,) = directory.people(conn, [unit], DAY)[unit][Role.LIAISON]
    assert (person.contact_id, person.stands_in_for) == (budi, None)


def test_office_roles_hold_for_every_unit_wherever_they_are_listed(staff: Staff) -> None:
    works, regency = staff.unit("Dinas A"), staff.unit("Kabupaten")
    staff.appoint(staff.person("Sekda"), regency, Role.SEKDA)
    staff.appoint(staff.person("Inspektur"), works, Role.INSPECTORATE)
    with staff.db.read() as conn:
        assert [person.name for person in directory.office_people(conn, Role.SEKDA, DAY)] == ["Sekda"]
        assert [person.name for person in directory.office_people(conn, Role.INSPECTORATE, DAY)] == ["Inspektur"]
        assert directory.office_people(conn, Role.ADMIN, DAY) == ()


def test_who_cannot_be_reached_is_told_apart_not_left_out(staff: Staff) -> None:
    unit = staff.unit("Dinas A")
    staff.appoint(staff.person("Ani", opted_out_at=NOW), unit, Role.LIAISON)
    staff.appoint(staff.person("Budi", unreachable_at=NOW, phone=None, whatsapp_id="ID.1"), unit, Role.LIAISON)
    with staff.db.read() as conn:
        ani, budi = directory.people(conn, [unit], DAY)[unit][Role.LIAISON]
    assert (ani.opted_out, ani.unreachable) == (True, False)
    assert (budi.opted_out, budi.unreachable, budi.address) == (False, True, "ID.1")


def test_a_contact_is_known_by_phone_or_by_whatsapp_id(staff: Staff) -> None:
    ani = staff.person("Ani", phone="+6281200000099", whatsapp_id="ID.9")
    with staff.db.read() as conn:
        for phone, whatsapp_id in (("+6281200000099", None), (None, "ID.9"), ("+6281299999999", "ID.9")):
            found = directory.contact_by_address(conn, phone, whatsapp_id)
            assert found is not None
            assert (found.id, found.address) == (ani, "+6281200000099")
        assert directory.contact_by_address(conn, "+6281299999999", None) is None
        assert directory.contact_by_address(conn, None, None) is None
