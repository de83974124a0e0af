"""Whom a complaint speaks of must not learn of it: not by another role, not by a recap that was written before."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from aspal import tables as t
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.desk import office_acts
from aspal.flow import recap
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-10 08:05")


def plan_recap(world: World) -> None:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    recap.run(world.db, calendars, world.house.texts, world.settings, world.clock.now())


@pytest.mark.parametrize("how", ["acting head", "substitute"])
def test_who_heads_the_unit_complained_about_hears_nothing_as_the_inspectorate(world: World, how: str) -> None:
    unit, inspectorate = world.unit("Dinas Sosial"), world.unit("Inspektorat")
    auditor = world.person("Auditor", Role.INSPECTORATE, inspectorate)
    other = world.person("Auditor Lain", Role.INSPECTORATE, inspectorate)
    head = auditor if how == "acting head" else world.person("Kepala", Role.HEAD, unit)
    if how == "acting head":
        world.appoint(auditor, Role.HEAD, unit, acting="plt")
    else:
        days = {"first_day": date(2026, 8, 3), "last_day": date(2026, 8, 14)}
        row = {"contact_id": auditor.id, "substitute_id": head.id, "state": "accepted", "asked_at": world.clock.now()}
        with world.db.write() as conn:
            conn.execute(insert(t.absences).values(row | days))
    world.complaint("1916450", unit, disposed="2026-08-07", supervised=True, confidential=True)
    world.until("2026-08-12 12:00", every_minutes=120)
    assert not any("1916450" in text for text in world.texts(head))
    assert any("1916450" in text for text in world.texts(other))


def test_where_nobody_but_the_unit_itself_could_be_told_an_admin_hears_of_it(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    auditor = world.person("Auditor", Role.INSPECTORATE, world.unit("Inspektorat"))
    world.appoint(auditor, Role.HEAD, unit, acting="plt")
    admin = world.person("Admin", Role.ADMIN, world.unit("Dinas Kominfo"))
    world.complaint("1916450", unit, disposed="2026-08-07", supervised=True, confidential=True)
    world.until("2026-08-12 12:00", every_minutes=120)
    (told,) = [text for text in world.texts(admin) if "1916450" in text]
    assert "Dinas Sosial" not in told
    assert "tidak ada" in told or "belum ada" in told


@pytest.mark.parametrize("how", ["at first sight", "later"])
def test_the_inspectorate_hears_at_once_of_a_case_in_process(world: World, how: str) -> None:
    unit = world.unit("Dinas Sosial")
    auditor = world.person("Auditor", Role.INSPECTORATE, world.unit("Inspektorat"))
    secret = {"supervised": True, "confidential": True}
    case = world.complaint(
        "1916450", unit, disposed="2026-08-06", status=Status.IN_PROCESS, **(secret if how == "at first sight" else {})
    )
    world.until("2026-08-10 12:00", every_minutes=120)
    if how == "later":
        assert world.heard(auditor) == []
        world.change(case, **secret)
    world.until("2026-08-14 12:00", every_minutes=120)
    assert world.heard(auditor) == [("2026-08-10", "pengawasan")]


def test_a_case_that_became_supervised_leaves_the_heads_recap(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    case = world.complaint("1916449", unit, disposed="2026-08-06")
    plan_recap(world)
    assert "1916449" in world.only(t.messages).text
    world.change(case, supervised=True)
    world.clock.moment += timedelta(minutes=20)
    world.tick()
    assert not any("1916449" in text for text in world.texts(head))


def test_a_pause_of_the_office_stops_a_recap_that_is_written_already(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-05")
    plan_recap(world)
    why = {"zone": "Asia/Jakarta", "by": "admin@contoh.test", "reason": "banjir"}
    office_acts.pause(world.db, "office_pause", date(2026, 8, 14), now=world.clock.now(), **why)
    world.tick()
    assert world.texts(head) == []
