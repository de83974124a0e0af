"""Two at once: one is stopped between its statements, and somebody else does meanwhile all that they can.

PostgreSQL lets both go on; on SQLite the second one waits wherever the first has begun to write. Whatever the moment,
what people hear must be what they would hear had one come after the other.
"""

from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from threading import Thread, get_ident

from sqlalchemy import event

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import outbox_acts
from aspal.flow import intake
from jobs import bundle, deliver, scan
from tests.office import ROSTER, row
from tests.world import World

PATIENCE = 0.05  # seconds that the first one stands still: the other may be waiting for it
STRIDE = 4  # every fourth statement, so that it stays quick

Act = Callable[[World], object]


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


def at_every_moment(world: World, act: Act, other: Act, then: Act) -> None:
    """The two from the same beginning again and again, the second one each time a little later."""
    tables = t.metadata.sorted_tables
    beginning = [(table, [row._asdict() for row in world.rows(table)]) for table in tables]
    for at in count(1, STRIDE):
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
