"""Two at once: one is stopped between its statements, and somebody else does meanwhile all that they can.

PostgreSQL lets both go on; on SQLite the second one waits wherever the first has begun to write. Whatever the moment,
what people hear must be what they would hear had one come after the other.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from threading import Thread, get_ident
from typing import Any

import pytest
from sqlalchemy import event

from aspal import tables as t
from aspal.core.refused import Refused
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import appointing, calendar_changes, case_acts, held_rows, outbox_acts
from aspal.flow import intake
from aspal.flow.inbound import receive
from aspal.flow.intake import typed
from aspal.flow.mailroom import Mailroom
from aspal.records.calendar import DayOff
from jobs import bundle, deliver, inbound, scan
from tests.office import ROSTER, row
from tests.world import World

PATIENCE = 0.05  # seconds that the first one stands still: the other may be waiting for it
STRIDE = 4  # every fourth statement, so that it stays quick

Act = Callable[[World], object]
ASKED: dict[str, Any] = {"now": datetime(2026, 8, 6, 1, tzinfo=UTC), "by": "admin@contoh.test"}


def beside(db: Database, act: Callable[[], object], other: Callable[[], object], at: int) -> bool:
    """Does `act`, and before its statement or commit number `at` whatever `other` can; False when it has fewer."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            other()
        except Exception as error:
            failures.append(error)

    left, me, second = count(1), get_ident(), Thread(target=run)

    def look(*_args: object) -> None:
        if get_ident() == me and next(left) == at:
            second.start()
            second.join(PATIENCE)

    moments = ("before_cursor_execute", "commit")
    for moment in moments:
        event.listen(db.engine, moment, look)
    try:
        act()
    finally:
        for moment in moments:
            event.remove(db.engine, moment, look)
    if second.ident is None:
        return False
    second.join(30)
    assert not second.is_alive(), "each waits for the other"
    assert not failures, failures
    return True


def at_every_moment(world: World, act: Act, other: Act, then: Act, stride: int = STRIDE) -> None:
    """The two from the same beginning again and again, the second one each time a little later."""
    tables = t.metadata.sorted_tables
    beginning = [(table, [row._asdict() for row in world.rows(table)]) for table in tables]
    for at in count(1, stride):
        with world.db.write() as conn:
            for table in reversed(tables):
                conn.execute(table.delete())
            for table, rows in beginning:
                if rows:
                    conn.execute(table.insert(), rows)
        if not beside(world.db, partial(act, world), partial(other, world), at):
            return
        then(world)


def delivered(world: World) -> object:
    return deliver.run(world.house, world.clock.now())


def test_no_message_leaves_whose_import_was_taken_back_while_it_was_written(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "ekspor.csv"
    file.write_text("\n".join((ROSTER, row("1916449"), row("1916450"))) + "\n", encoding="utf-8")

    world = World(db, "2026-08-06 08:00")
    world.person("Sari", Role.LIAISON, world.unit("DPUPR"))
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    intake.apply_roster(db, file, now=world.clock.now(), calendars=calendars, by="admin@contoh.test")
    scan.run(world.house, world.clock.now())

    def undo(world: World) -> object:
        return intake.undo(db, world.only(t.batches).id, world.clock.now(), "admin@contoh.test")

    def nobody_hears_of_it(world: World) -> None:
        delivered(world)
        assert [message.text for message in world.rows(t.messages) if message.accepted_at] == []

    at_every_moment(world, lambda world: bundle.run(world.house, world.clock.now()), undo, nobody_hears_of_it)


def test_taking_an_import_back_beside_the_scan_ends_well(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "ekspor.csv"
    file.write_text("\n".join((ROSTER, row("1916449"))) + "\n", encoding="utf-8")
    world = World(db, "2026-08-06 08:00")
    world.person("Sari", Role.LIAISON, world.unit("DPUPR"))
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    batch = intake.apply_roster(db, file, calendars=calendars, **ASKED).batch

    def over(world: World) -> None:
        assert [part.end_reason for part in world.rows(t.dispositions) if part.end_reason != "undone"] == []

    def looked(world: World) -> None:
        scan.run(world.house, world.clock.now())

    at_every_moment(world, lambda _world: intake.undo(db, int(batch or 0), ASKED["now"], ASKED["by"]), looked, over)


def test_a_case_moved_while_an_import_ends_it_reminds_nobody(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "ekspor.csv"
    ended = row("1916449", status="Selesai", disposisi="03/08/2026", selesai="05/08/2026")
    file.write_text("\n".join((ROSTER, ended)) + "\n", encoding="utf-8")
    world = World(db, "2026-08-06 08:00")
    unit, other = world.unit("DPUPR"), world.unit("Dinas Sosial")
    world.complaint("1916449", unit, disposed="2026-08-03")
    with db.read() as conn:
        calendars = world.house.calendars(conn)

    def move(world: World) -> None:
        part = min(part.id for part in world.rows(t.dispositions))
        with suppress(Refused):
            case_acts.redispose(db, part, other, zone="Asia/Jakarta", reason="Salah alamat", **ASKED)

    def nothing_runs(world: World) -> None:
        assert [part.unit_id for part in world.rows(t.dispositions) if not part.ended_at] == []

    at_every_moment(
        world, lambda _world: intake.apply_roster(db, file, calendars=calendars, **ASKED), move, nothing_runs
    )


def test_what_an_admin_was_told_is_cancelled_does_not_leave(db: Database) -> None:
    done: list[int] = []

    world = World(db, "2026-08-06 08:00")
    unit = world.unit("DPUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    for job in (scan, bundle):
        job.run(world.house, world.clock.now())

    def cancel(world: World) -> None:
        ids = [message.id for message in world.rows(t.messages)]
        done[:] = [outbox_acts.decide(db, ids, outbox_acts.CANCEL, now=world.clock.now(), by="admin@contoh.test")]

    def told_the_truth(world: World) -> None:
        left = sum(message.accepted_at is not None for message in world.rows(t.messages))
        assert (done, left) in (([1], 0), ([0], 1))

    at_every_moment(world, delivered, cancel, told_the_truth)


def test_who_begins_again_beside_the_scan_is_reminded_on_that_day(db: Database) -> None:
    world = World(db, "2026-08-06 08:00")
    unit = world.unit("DPUPR")
    sari = world.person("Sari", Role.LIAISON, unit, opted_out_at=world.at("2026-08-05 09:00"))
    world.complaint("1916449", unit, disposed="2026-08-05")
    form = {"MessageSid": "SM" + "1" * 32, "From": f"whatsapp:{sari.phone}", "Body": "MULAI", "NumMedia": "0"}
    form |= {"To": "whatsapp:+620", "AccountSid": "AC" + "1" * 32}
    receive(Mailroom(db), form, world.clock.now())

    def reminded(world: World) -> None:
        for job in (scan, bundle, deliver):
            job.run(world.house, world.clock.now())
        assert "pengingat_tindak_lanjut" in [kind for _, kind in world.heard(sari)]

    def understood(world: World) -> None:
        inbound.run(world.house, world.clock.now())

    at_every_moment(world, lambda world: scan.run(world.house, world.clock.now()), understood, reminded, stride=1)


def calendar_changed(world: World) -> None:
    off = DayOff(date(2026, 8, 24), "Hari jadi daerah", "local", "SK Bupati")
    with world.db.read() as conn:
        stored = calendar_changes.Stored.read(conn)
    page = replace(stored, days={day: row for day, row in stored.days.items() if day != off.day})  # as both opened it
    calendar_changes.save(world.db, calendar_changes.Change(days=(off,)), page.fingerprint, **ASKED)


def leave_written_down(world: World) -> None:
    sari, budi = (world.only(t.contacts, name=name).id for name in ("Sari", "Budi"))
    days = date(2026, 8, 10), date(2026, 8, 12)
    appointing.plan_absence(world.db, sari, budi, *days, zone="Asia/Jakarta", **ASKED)


def unit_named(world: World) -> None:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    held_rows.settle_unit(world.db, "Dinas Entah", world.only(t.units).id, calendars=calendars, **ASKED)


def row_dropped(world: World) -> None:
    held_rows.drop(world.db, world.rows(t.held_rows)[0].id, **ASKED)


def joined(world: World) -> None:
    typed.merge(world.db, "MAN-2026-0001", "1916449", **ASKED)


@pytest.mark.parametrize(
    "act", [calendar_changed, leave_written_down, unit_named, row_dropped, joined], ids=lambda act: act.__name__
)
def test_a_button_pressed_twice_does_its_work_once(db: Database, tmp_path: Path, act: Act) -> None:
    """Or by two admins in the same moment: the second one is told so, or finds nothing left to do."""
    file = tmp_path / "ekspor.csv"
    file.write_text("\n".join((ROSTER, row("1916449"), row("1916450", "Dinas Entah"))) + "\n", encoding="utf-8")
    world = World(db, "2026-08-06 08:00")
    unit = world.unit("DPUPR")
    for name in ("Sari", "Budi"):
        world.person(name, Role.LIAISON, unit)
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    intake.apply_roster(db, file, calendars=calendars, **ASKED)
    typed.type_in(db, typed.Typed("Lampu padam", unit, date(2026, 8, 4)), zone="Asia/Jakarta", **ASKED)
    told = set[int]()

    def press(world: World) -> None:
        with suppress(Refused):
            act(world)

    at_every_moment(world, press, press, lambda world: told.add(len(world.rows(t.journal))))
    assert len(told) == 1, f"entries of the journal: {told}; the first time nobody was in the way"
