"""A change of the calendar shows what it moves before it is saved, and then moves it."""

from datetime import date, time

import pytest

from aspal import tables as t
from aspal.core.refused import Refused
from aspal.core.words import Kind, Role
from aspal.core.workdays import HoursPeriod
from aspal.db import Database
from aspal.desk import calendar_changes
from aspal.desk.calendar_changes import Change, Moves
from aspal.records.calendar import DayOff
from tests.world import World

LOCAL = DayOff(date(2026, 8, 5), "Hari jadi kabupaten", "local", "SK Bupati 7/2026")
ZONE, ANI = "Asia/Jakarta", "ani@kantor.test"
SHORT = HoursPeriod("Ramadan uji", date(2026, 8, 4), date(2026, 8, 7), {n: ((time(9), time(12)),) for n in range(5)})


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 06:00")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-04 12:00", every_minutes=180)
    return world


def preview(world: World, change: Change) -> Moves:
    with world.db.read() as conn:
        return calendar_changes.preview(conn, change, zone=ZONE, now=world.clock.now())


def test_a_day_off_moves_the_next_step_and_the_limit(world: World) -> None:
    found = preview(world, Change(days=(LOCAL,)))
    assert (found.open, found.limits, found.looked_at, found.all_looked_at) == (1, 1, 1, True)
    (one,) = found.moved
    assert (one.number, one.step, one.audience) == ("1916449", "R1", Role.LIAISON)
    assert (one.before, one.after) == (date(2026, 8, 5), date(2026, 8, 6))
    assert (one.due_before, one.due_after) == (date(2026, 8, 10), date(2026, 8, 11))
    assert len(world.rows(t.days_off, day=LOCAL.day)) == 0, "looking saves nothing"


def test_a_weekend_or_a_far_day_moves_nothing(world: World) -> None:
    far = [date(2026, 8, 8), date(2027, 6, 1)]
    found = preview(world, Change(days=tuple(DayOff(day, "x", "local", "y") for day in far)))
    assert (found.limits, found.moved) == (0, [])


def test_saving_wakes_the_chains_and_says_old_and_new(world: World) -> None:
    seen = preview(world, Change(days=(LOCAL,))).fingerprint
    calendar_changes.save(world.db, Change(days=(LOCAL,)), seen, now=world.clock.now(), by=ANI)
    assert world.only(t.dispositions).next_look_at == world.clock.now()
    entry = world.rows(t.journal)[-1]
    assert (entry.actor, entry.action, entry.subject) == (ANI, "calendar.added", "day:2026-08-05")
    assert (entry.detail["before"], entry.detail["after"]["name"]) == (None, LOCAL.name)
    world.until("2026-08-06 17:00", every_minutes=180)
    assert sorted({row.workday.day for row in world.rows(t.notices)}) == [3, 4, 6]


def test_a_day_is_worked_after_all_and_can_be_off_again(world: World) -> None:
    holiday = world.only(t.days_off, day=date(2026, 8, 17))
    worked = DayOff(holiday.day, holiday.name, holiday.kind, ANI, observed=False)
    assert preview(world, Change(days=(worked,))).limits == 1
    calendar_changes.save(world.db, Change(days=(worked,)), None, now=world.clock.now(), by=ANI)
    entry = world.rows(t.journal)[-1]
    assert (entry.action, entry.detail["before"]["off"], entry.detail["after"]["off"]) == (
        "calendar.removed",
        True,
        False,
    )


def test_hours_come_and_go_with_their_old_value(world: World) -> None:
    now = world.clock.now()
    assert preview(world, Change(hours=(SHORT,))).limits == 0
    calendar_changes.save(world.db, Change(hours=(SHORT,)), None, now=now, by=ANI)
    calendar_changes.save(world.db, Change(dropped=(SHORT.name,)), None, now=now, by=ANI)
    came, went = [row.detail for row in world.rows(t.journal, action="calendar.hours")]
    assert (came["before"], went["after"]) == (None, None)
    assert came["after"] == went["before"]
    with pytest.raises(Refused, match="Jam kerja biasa"):
        calendar_changes.save(world.db, Change(dropped=("biasa",)), None, now=now, by=ANI)


def test_an_office_that_never_opens_is_refused(world: World) -> None:
    shut = HoursPeriod("biasa", None, None, {})
    with pytest.raises(Refused, match="tidak buka"):
        preview(world, Change(hours=(shut,)))


def test_who_looked_at_another_calendar_is_told(world: World) -> None:
    seen = preview(world, Change(days=(LOCAL,))).fingerprint
    other = DayOff(date(2026, 8, 6), "x", "local", "y")
    calendar_changes.save(world.db, Change(days=(other,)), seen, now=world.clock.now(), by=ANI)
    with pytest.raises(Refused, match="baru saja diubah"):
        calendar_changes.save(world.db, Change(days=(LOCAL,)), seen, now=world.clock.now(), by=ANI)
    assert len(world.rows(t.days_off, day=LOCAL.day)) == 0


def test_limits_are_counted_for_all_however_many_are_looked_at(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_changes, "LOOKED_AT", 2)
    unit = world.unit("Dinas Kesehatan")
    for number in range(4):
        world.complaint(f"200000{number}", unit, disposed="2026-08-04", kind=Kind.ASPIRATION)
    found = preview(world, Change(days=(LOCAL,)))
    assert (found.open, found.limits, found.looked_at, found.all_looked_at) == (5, 5, 2, False)
