"""Free text leaves while the one it goes to is awake, and while WhatsApp would deliver it."""

from typing import Any

import pytest

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import answering
from tests.flow.phone import arrives, writes
from tests.world import Somebody, World

AFTERNOON, NIGHT, MORNING = "2026-08-06 15:00", "2026-08-06 22:00", "2026-08-07 08:00"


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas PUPR")
    for number in ("1000001", "1000002"):
        world.complaint(number, unit, disposed="2026-08-03")
    return world


@pytest.fixture
def head(world: World) -> Somebody:
    return world.person("Kepala", Role.HEAD, 1)


def left(world: World, who: Somebody | str) -> list[Any]:
    """When free texts left for that phone, in the office's time."""
    address = who if isinstance(who, str) else who.phone
    rows = world.rows(t.messages, address=address, template=None)
    return [row.accepted_at and f"{row.accepted_at.astimezone(world.zone):%Y-%m-%d %H:%M}" for row in rows]


def go(world: World, moment: str) -> None:
    world.clock.moment = world.at(moment)
    world.tick()
    world.tick()


def test_a_substitute_who_answers_at_night_does_not_wake_the_head(world: World, head: Somebody) -> None:
    other = world.person("Sekretaris", Role.SECRETARY, 1)
    world.clock.moment = world.at(AFTERNOON)
    writes(world, head, f"CUTI 10/8/2026 sampai 12/8/2026 pengganti {other.phone}")
    go(world, AFTERNOON)
    before = len(left(world, head))
    world.clock.moment = world.at(NIGHT)
    writes(world, other, "YA")
    go(world, NIGHT)
    assert left(world, other)[-1] == NIGHT  # who has just written is awake
    assert left(world, head)[before:] == [None]
    go(world, MORNING)
    assert left(world, head)[before:] == [MORNING]


def test_an_answer_from_the_desk_at_night_waits_for_the_morning(world: World, head: Somebody) -> None:
    world.clock.moment = world.at(AFTERNOON)
    writes(world, head, "mohon penjelasan")
    go(world, AFTERNOON)
    before = len(left(world, head))
    world.clock.moment = world.at(NIGHT)
    answering.answer(
        world.db, head.id, "Baik Pak, besok kami sampaikan.", "f1", world.settings, now=world.clock.now(), by="a@b.test"
    )
    go(world, NIGHT)
    assert left(world, head)[before:] == [None]
    go(world, MORNING)
    assert left(world, head)[before:] == [MORNING]


def test_an_answer_from_the_desk_keeps_the_hours_of_the_one_it_goes_to(world: World) -> None:
    east = world.unit("Dinas Timur", zone="Asia/Jayapura")
    head, kominfo = world.person("Kepala Timur", Role.HEAD, east), world.person("Admin", Role.ADMIN, east)
    world.clock.moment = world.at("2026-08-06 13:00")
    for who in (head, kominfo):
        writes(world, who, "mohon penjelasan")
    go(world, "2026-08-06 13:00")
    before = [len(left(world, who)) for who in (head, kominfo)]
    world.clock.moment = world.at("2026-08-06 14:30")  # 16.30 in Jayapura
    for who in (head, kominfo):
        form = f"f{who.id}"
        answering.answer(world.db, who.id, "Baik.", form, world.settings, now=world.clock.now(), by="a@b.test")
    go(world, "2026-08-06 14:30")
    assert left(world, head)[before[0] :] == [None]
    assert left(world, kominfo)[before[1] :] == ["2026-08-06 14:30"]  # the office's own people keep its hours
    go(world, "2026-08-07 05:30")
    assert left(world, head)[before[0] :] == ["2026-08-07 05:30"]


@pytest.mark.parametrize("stranger", [True, False])
def test_a_worker_that_comes_back_at_night_answers_in_the_morning(world: World, head: Somebody, stranger: bool) -> None:
    who = "+6281209999999" if stranger else head.phone
    world.clock.moment = world.at(AFTERNOON)
    arrives(world, who, "DAFTAR")
    go(world, NIGHT)
    assert left(world, who) == [None]
    go(world, MORNING)
    assert left(world, who) == [MORNING]


@pytest.mark.parametrize("stranger", [True, False])
def test_an_answer_weeks_later_is_not_sent_at_all(world: World, head: Somebody, stranger: bool) -> None:
    """WhatsApp takes it and lets it vanish (63016); and nobody expects it any more. What was said is kept."""
    who = "+6281209999999" if stranger else head.phone
    world.clock.moment = world.at(AFTERNOON)
    arrives(world, who, "1000001 selesai besok")
    go(world, "2026-08-27 09:00")
    answers = world.rows(t.messages, address=who, template=None)
    assert answers
    assert {(row.state, row.accepted_at) for row in answers} == {("cancelled", None)}
    assert all("24 jam" in row.reason for row in answers)
    assert stranger or world.rows(t.notes)
