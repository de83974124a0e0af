"""No alarm outlives its cause: each about one message, reply, case, person or text ends when that is settled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, update

from aspal import tables as t
from aspal.core import alerting
from aspal.core.bundling import BRAKE
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import scan
from aspal.records import alarms as alarm_records
from aspal.records import health, outbox
from tests.flow.phone import arrives, writes
from tests.flow.test_deliver import Faulty, refuse
from tests.flow.test_watch import alarms, look, report
from tests.world import World

Step = Callable[[World], object]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def world(db: Database) -> World:
    """Two units with a liaison and a case each, and a provider that can be made to fail."""
    world = World(db, "2026-08-04 08:00")
    world.phones = Faulty(world.phones._memory, world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    for n in (1, 2):
        unit = world.unit(f"Dinas {n}")
        world.person(f"Penghubung {n}", Role.LIAISON, unit)
        world.complaint(f"191644{n}", unit, disposed="2026-08-03")
    return world


def change(table: object, **values: object) -> Step:
    def step(world: World) -> None:
        with world.db.write() as conn:
            conn.execute(update(table).where(table.c.id == 1).values(**values))  # type: ignore[arg-type, attr-defined]

    return step


def cancel(world: World) -> None:
    """What an admin does on the page and on the command line."""
    with world.db.write() as conn:
        outbox.cancel(conn, {row.id: "Dibatalkan admin." for row in world.rows(t.messages, state="held")})


def release(world: World) -> None:
    with world.db.write() as conn:
        outbox.release(conn, [row.id for row in world.rows(t.messages, state="held")], world.clock.now())


def twice_unknown(world: World) -> None:
    world.phones.script = [refuse(20500, "unknown")] * 4
    for _ in range(12):
        world.tick()
        world.clock.moment += timedelta(minutes=6)


def an_unknown_kind(world: World) -> None:
    world.phones.script = [refuse(20429, "retry", retry_after=60)] * 2
    world.tick()
    change(t.messages, template="hilang")(world)
    world.clock.moment += timedelta(minutes=5)
    world.tick()


def a_refused_text(world: World) -> None:
    world.phones.script = [refuse(63028, "template")]
    world.tick()


def against_the_policy(world: World) -> None:
    world.tick()
    report(world, world.rows(t.messages)[-1], "failed", 63013)


def a_poisoned_case(world: World) -> None:
    now = world.clock.now()
    change(t.dispositions, parked_at=now, parked_reason="KeyError", next_look_at=None)(world)
    raise_alarm(world, "parked:disposition:1")


def a_poisoned_reply(world: World) -> None:
    arrives(world, "+6281200000001", "x")
    change(t.replies, state="parked")(world)
    raise_alarm(world, "reply:1")


def somebody_stops(world: World) -> None:
    writes(world, world.rows(t.contacts)[0].phone, "BERHENTI")


def nobody_was_asked(world: World) -> None:
    world.with_settings(consent_message="on")
    world.tick()


def nothing_is_left_for_them(world: World) -> None:
    with world.db.write() as conn:  # by the person: which of two notices is written first is the database's affair
        conn.execute(update(t.notices).where(t.notices.c.contact_id == 1).values(state="cancelled"))


def the_brake(world: World) -> None:
    world.tick()
    with world.db.write() as conn:
        conn.execute(update(t.messages).values(state="held", reason=BRAKE))
    raise_alarm(world, "volume_brake")


def a_text_that_cannot_be_made(world: World) -> None:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    scan.run(world.db, calendars, world.clock.now())
    change(t.notices, template="hilang")(world)
    world.tick()


def a_dead_job(world: World) -> None:
    with world.db.write() as conn:
        health.beat(conn, "ping", world.clock.now() - timedelta(hours=1), 60)
        health.beat(conn, "watch", world.clock.now(), 300)


def it_is_switched_off(world: World) -> None:
    with world.db.write() as conn:
        conn.execute(t.heartbeats.delete().where(t.heartbeats.c.name == "ping"))


def a_stranger(world: World) -> None:
    writes(world, "+6281299999999", "halo")


def a_week_passes(world: World) -> None:
    world.clock.moment += timedelta(days=7)


def raise_alarm(world: World, key: str) -> None:
    with world.db.write() as conn:
        health.raise_alarm(conn, key, "Ada sebabnya.", world.clock.now())


def decide_one_by_one(world: World) -> None:
    """Without the command that lets go of all."""
    change(t.messages, state="waiting")(world)
    look(world)
    assert "volume_brake" in alarms(world)  # the other is still held
    cancel(world)


CASES: dict[str, tuple[Step, str, Step]] = {
    "unknown and cancelled": (twice_unknown, "unknown:1", cancel),
    "unknown and released": (twice_unknown, "unknown:1", release),
    "held and cancelled": (an_unknown_kind, "held:1", cancel),
    "a text refused": (a_refused_text, "template:pengingat_tindak_lanjut", cancel),
    "a case mended": (a_poisoned_case, "parked:disposition:1", change(t.dispositions, parked_at=None)),
    "a case ended": (a_poisoned_case, "parked:disposition:1", change(t.dispositions, ended_at=LONG_AGO)),
    "a reply settled": (a_poisoned_reply, "reply:1", change(t.replies, state="tray")),
    "somebody replaced": (somebody_stops, "opted_out:1", change(t.appointments, ended_at=LONG_AGO)),
    "nothing waits for consent": (nobody_was_asked, "consent:1", nothing_is_left_for_them),
    "the brake": (the_brake, "volume_brake", decide_one_by_one),
    "a text mended": (a_text_that_cannot_be_made, "text:hilang", change(t.notices, state="cancelled")),
    "a job switched off": (a_dead_job, "job:ping", it_is_switched_off),
    "against WhatsApp's policy": (against_the_policy, "policy:pengingat_tindak_lanjut", a_week_passes),
    "a stranger": (a_stranger, "unknown_sender:", a_week_passes),
}


@pytest.mark.parametrize("case", CASES)
def test_an_alarm_lasts_as_long_as_its_cause_and_no_longer(world: World, case: str) -> None:
    befalls, key, is_mended = CASES[case]
    befalls(world)
    look(world)
    assert any(one.startswith(key) for one in alarms(world)), alarms(world)
    is_mended(world)
    look(world, minutes=5)
    assert not any(one.startswith(key) for one in alarms(world))


def test_a_round_with_nothing_to_say_writes_no_alarm_and_one_that_is_over_costs_one_statement(world: World) -> None:
    look(world)
    written: list[str] = []

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        if "alarms" in statement and not statement.lstrip().startswith("SELECT"):
            written.append(statement)

    event.listen(world.db.engine, "before_cursor_execute", note)
    for key in ("queue", "disk"):
        raise_alarm(world, key)
    written.clear()
    look(world, minutes=5)
    assert len(written) == 1
    assert not {"queue", "disk"} & alarms(world).keys()
    written.clear()
    look(world, minutes=5)
    event.remove(world.db.engine, "before_cursor_execute", note)
    assert written == []


def test_the_end_of_what_only_told_of_an_event_is_no_news() -> None:
    assert frozenset(alarm_records._EVENTS) <= alerting.PASSING
