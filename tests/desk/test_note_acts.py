"""Notes that an admin writes down or moves, and what they do to the chains on both sides."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.refused import Refused, Stale
from aspal.core.replies import Intent
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import case_acts, note_acts
from aspal.records import dossier
from tests.flow.phone import writes
from tests.world import Somebody, World

NOW = "2026-08-04 10:00"


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 08:00")
    pupr, dinkes = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
    world.complaint("1916449", pupr, disposed="2026-08-03")
    world.complaint("2050001", dinkes, disposed="2026-08-03")
    return world


@pytest.fixture
def sari(world: World) -> Somebody:
    return world.person("Sari", Role.LIAISON, 1)


def asked(world: World, **more: Any) -> dict[str, Any]:
    return {"now": world.clock.now(), "zone": "Asia/Jakarta", "by": "admin@contoh.test", "reason": "salah nomor"} | more


def add(
    world: World, part: int, text: str, intent: Intent = Intent.NOTE, until: date | None = None, **more: Any
) -> None:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    note_acts.add(world.db, calendars, part, text, intent, until, **asked(world, **more))


def move(world: World, note: int, to: int, **more: Any) -> int:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    return note_acts.move(world.db, calendars, note, to, **asked(world, **more))


def part(world: World, number: int) -> Any:
    return world.only(t.dispositions, id=number)


def test_a_note_of_the_office_is_kept_and_changes_nothing_by_itself(world: World) -> None:
    before = part(world, 1)
    add(world, 1, "  Ditelepon, kata mereka besok. Hubungi 0812-0000-0001 ")
    note = world.only(t.notes)
    assert (note.text, note.intent, note.matched_by) == (
        "Ditelepon, kata mereka besok. Hubungi [disamarkan]", "note", "admin"
    )  # fmt: skip
    assert note.written_by == "admin@contoh.test (Kominfo)"
    assert part(world, 1) == before
    assert world.rows(t.journal)[-1].action == "note.added"


def test_with_an_intent_it_counts_as_the_units_own_word(world: World) -> None:
    add(world, 1, "Lewat telepon: sudah ditangani.", Intent.DONE)
    assert part(world, 1).claim == "done"
    add(world, 2, "Janji di rapat.", Intent.PROMISE, date(2026, 8, 6))
    assert part(world, 2).promise_until == date(2026, 8, 6)


@pytest.mark.parametrize("until", [None, date(2026, 8, 2), date(2027, 1, 4)])
def test_a_promise_without_a_day_that_it_can_have_is_refused(world: World, until: date | None) -> None:
    with pytest.raises(Refused):
        add(world, 1, "Janji.", Intent.PROMISE, until)
    assert world.rows(t.notes) == []


def test_nothing_is_no_note(world: World) -> None:
    with pytest.raises(Refused):
        add(world, 1, "   ")
    with pytest.raises(Refused):
        add(world, 99, "Ke mana?")


def test_who_was_slower_changes_nothing(world: World) -> None:
    with world.db.read() as conn:
        mark = dossier.mark(conn, 1)
    add(world, 1, "Yang pertama.", seen=mark)
    for again in ("Yang pertama.", "Yang kedua."):
        with pytest.raises(Stale):
            add(world, 1, again, seen=mark)
    assert [note.text for note in world.rows(t.notes)] == ["Yang pertama."]


def test_a_moved_note_takes_its_promise_and_its_attachments_along(world: World, sari: Somebody) -> None:
    world.clock.moment = world.at(NOW)
    writes(world, sari, "1916449 selesai lusa")
    assert part(world, 1).promise_until == date(2026, 8, 6)
    assert move(world, 1, 2) == 2
    left, got = part(world, 1), part(world, 2)
    assert (left.promise_until, left.rests, left.replied_at) == (None, [], None)
    assert got.promise_until == date(2026, 8, 6)
    assert [rest["why"] for rest in got.rests] == ["promise"]
    note, reply = world.only(t.notes), world.only(t.replies)
    assert (note.disposition_id, note.moved_from_id) == (2, 1)
    assert (reply.disposition_id, reply.complaint_id) == (2, 2)
    lines = [line for line in world.rows(t.journal) if line.action == "note.moved"]
    assert {line.complaint_id for line in lines} == {1, 2}
    assert lines[0].detail["reason"] == "salah nomor"


def test_what_was_said_before_the_moved_note_holds_again(world: World, sari: Somebody) -> None:
    world.clock.moment = world.at(NOW)
    writes(world, sari, "1916449 sedang kami proses")
    world.clock.moment = world.at("2026-08-04 11:00")
    writes(world, sari, "1916449 sudah selesai")
    assert part(world, 1).claim == "done"
    move(world, 2, 2)
    assert part(world, 1).claim == "in_process"
    assert part(world, 1).claimed_at == datetime(2026, 8, 4, 3, tzinfo=UTC)
    assert part(world, 2).claim == "done"


def test_what_an_admin_has_answered_does_not_come_back(world: World, sari: Somebody) -> None:
    world.clock.moment = world.at(NOW)
    writes(world, sari, "1916449 bukan kewenangan kami")
    world.clock.moment = world.at("2026-08-04 11:00")
    case_acts.reject_not_ours(world.db, 1, **asked(world))
    world.clock.moment = world.at("2026-08-04 12:00")
    writes(world, sari, "1916449 sedang kami proses")
    move(world, 2, 2)
    assert part(world, 1).claim is None
    assert part(world, 2).claim == "in_process"


def test_a_note_moves_once_and_only_to_where_it_is_not(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449 sedang kami proses")
    for wrong in ((1, 1), (1, 99), (99, 2)):
        with pytest.raises(Refused):
            move(world, *wrong)
    move(world, 1, 2)
    with pytest.raises(Refused):
        move(world, 1, 2)


def test_a_note_of_the_sekda_moves_no_chain_when_it_is_moved(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449 sedang kami proses")
    with world.db.write() as conn:
        conn.execute(update(t.appointments).values(role=str(Role.SEKDA)))
    move(world, 1, 2)
    assert part(world, 2).claim is None
