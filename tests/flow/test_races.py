"""Races and odd rows: somebody was quicker, or one message is broken, and nobody loses or hears anything twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.secrecy import GONE
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import bundle, callback, reconcile, scan
from aspal.flow.mailroom import Mailroom
from aspal.gateways.whatsapp.port import Outgoing, Remote
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records import doubt, outbox
from aspal.records.simulator import SimulatorMemory
from jobs import deliver, tick
from tests.flow.test_deliver import Faulty, Killed, accept_then_break, die_before, refuse, wait
from tests.world import Somebody, World

OTHER_SID = "SM" + "a" * 32


@pytest.fixture
def world(db: Database) -> World:
    return with_faults(World(db, "2026-08-04 08:00"))


def with_faults(world: World) -> World:
    world.phones = Faulty(SimulatorMemory(world.db), world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    return world


def liaison(world: World, number: str = "1916449") -> Somebody:
    unit = world.unit(f"Dinas {number}")
    world.complaint(number, unit, disposed="2026-08-03")
    return world.person(f"Penghubung {number}", Role.LIAISON, unit)


def head_at_closing_time(db: Database) -> tuple[World, Somebody, int]:
    """A head whose escalation is in doubt ten minutes before the office closes."""
    world = with_faults(World(db, "2026-08-06 15:50"))
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.phones.script = [refuse(None, "unknown")] * 3
    world.tick()
    return world, head, world.only(t.messages, contact_id=head.id).id


def delivered(world: World, message_id: int) -> None:
    token = world.only(t.messages, id=message_id).token
    form = {"MessageSid": OTHER_SID, "MessageStatus": "delivered", "a": token}
    callback.record(Mailroom(world.db), form, world.clock.now())


def listing(world: World, first: Callable[[], None]) -> None:
    """The provider's list is slow and empty; `first` happens while we wait for it."""

    def sent_to(address: str, since: datetime, now: datetime | None = None) -> list[Remote]:
        first()
        return []

    world.phones.sent_to = sent_to  # type: ignore[method-assign]


def test_a_failure_that_turns_out_delivered_is_not_repeated(world: World) -> None:
    sari = liaison(world)
    world.tick()
    sid = world.only(t.messages).provider_sid
    for told in ({"MessageStatus": "failed", "ErrorCode": "63012"}, {"MessageStatus": "delivered"}):
        callback.record(Mailroom(world.db), {"MessageSid": sid} | told, world.clock.now())
    wait(world, 6)
    assert len(world.texts(sari)) == 1


def test_what_was_given_up_and_came_after_all_is_not_told_again(db: Database) -> None:
    world, head, message_id = head_at_closing_time(db)
    for _ in range(4):
        wait(world, 8)
    assert world.only(t.messages, id=message_id).state == "cancelled"
    delivered(world, message_id)
    world.until("2026-08-07 12:00")
    assert world.heard(head) == [("2026-08-06", "eskalasi_kepala_opd")]


def test_a_report_that_comes_while_the_provider_is_asked_wins(db: Database) -> None:
    world, _, message_id = head_at_closing_time(db)
    wait(world, 8)
    listing(world, lambda: delivered(world, message_id))
    wait(world, 12)
    assert world.only(t.messages, id=message_id).state == "delivered"
    assert [n.state for n in world.rows(t.notices, message_id=message_id)] == ["bundled"]


@pytest.mark.parametrize("meanwhile", ["again", "cancelled"])
def test_a_message_that_the_list_shows_late_is_neither_repeated_nor_called_unsent(world: World, meanwhile: str) -> None:
    sari = liaison(world)
    world.phones.script = [accept_then_break]
    world.tick()
    message = world.only(t.messages)
    really = world.phones.sent_to

    def slowly(address: str, since: datetime, now: datetime | None = None) -> list[Remote]:
        found = really(address, since, now)
        with world.db.write() as conn:
            if meanwhile == "again":
                doubt.again(conn, message.id, world.clock.now())
            else:
                outbox.cancel(conn, {message.id: "Dibatalkan oleh petugas."})
        return found

    world.phones.sent_to = slowly  # type: ignore[method-assign]
    world.clock.moment += timedelta(minutes=3)
    reconcile.run(world.db, world.phones, world.clock.now())
    deliver.run(world.house, world.clock.now())
    assert world.only(t.messages).state in ("accepted", "sent", "delivered")
    assert len(world.texts(sari)) == 1


def test_a_second_reconciler_does_not_act_on_what_it_knew_before(world: World) -> None:
    liaison(world)
    world.phones.script = [refuse(None, "unknown")] * 2
    world.tick()
    wait(world, 3)
    message = world.only(t.messages)
    quicker = iter([lambda: another_attempt(world, message.id)])
    listing(world, lambda: next(quicker, lambda: None)())
    world.clock.moment += timedelta(minutes=11)
    reconcile.run(world.db, world.phones, world.clock.now())
    assert (world.only(t.messages).state, world.only(t.messages).attempts) == ("unknown", 2)


def another_attempt(world: World, message_id: int) -> None:
    with world.db.write() as conn:
        doubt.again(conn, message_id, world.clock.now())
    deliver.run(world.house, world.clock.now())


def test_a_message_that_somebody_sent_by_hand_is_not_taken_for_ours(world: World) -> None:
    sari = liaison(world)
    world.phones.script = [refuse(None, "unknown")]
    world.tick()
    SimulatorGateway.send(world.phones, Outgoing(address=sari.phone, token="x" * 20, text="Pesan lain dari konsol"))
    for _ in range(4):
        wait(world, 11)
    assert any("1916449" in text for text in world.texts(sari))
    assert world.only(t.messages).state == "accepted", "the other's fate is not ours"


def test_one_message_that_cannot_be_asked_about_keeps_nobody_in_doubt(world: World) -> None:
    odd, other = liaison(world, "1916440"), liaison(world, "1916441")
    world.phones.script = [refuse(None, "unknown")] * 2
    world.tick()
    ask = world.phones.sent_to

    def sent_to(address: str, since: datetime, now: datetime | None = None) -> list[Remote]:
        if address == odd.phone:
            raise KeyError("odd answer")
        return ask(address, since, now)

    world.phones.sent_to = sent_to  # type: ignore[method-assign]
    for _ in range(5):
        world.clock.moment += timedelta(minutes=11)
        tick.run(world.house)
    assert world.texts(other)


def years_later(world: World) -> list[str]:
    """Three messages that were never reported of; by now the words of the first are deleted."""
    for number in ("1916449", "1916450", "1916451"):
        liaison(world, number)
    world.tick()
    first, *others = world.rows(t.messages)
    with world.db.write() as conn:
        gone = {"text": GONE, "variables": {}, "address": ""}
        conn.execute(update(t.messages).where(t.messages.c.id == first.id).values(gone))
    world.clock.moment = world.at("2028-09-05 08:00")
    return [one.provider_sid for one in (first, *others)]


@pytest.mark.parametrize("code", ["63012", "63018", "63040", "20003"])
def test_a_failure_told_when_the_words_are_deleted_repeats_nothing_and_breaks_nothing(world: World, code: str) -> None:
    form = {"MessageSid": years_later(world)[0], "MessageStatus": "failed", "ErrorCode": code}
    callback.record(Mailroom(world.db), form, world.clock.now())
    assert [m.state for m in world.rows(t.messages)] == ["failed", "accepted", "accepted"]
    assert world.only(t.reports).status == "failed"


def test_a_poll_that_finds_such_a_failure_or_an_odd_answer_goes_on_with_the_next(world: World) -> None:
    deleted, odd, _ = years_later(world)

    def fetch(sid: str) -> Remote:
        if sid == odd:
            raise KeyError("status")
        code, status = (63012, "failed") if sid == deleted else (None, "delivered")
        return Remote(sid, status, "", "", world.clock.now(), code)

    world.phones.fetch = fetch  # type: ignore[method-assign]
    count = reconcile.run(world.db, world.phones, world.clock.now())
    assert count.resolved == 2
    assert [m.state for m in world.rows(t.messages)] == ["failed", "accepted", "delivered"]
    assert world.only(t.messages, provider_sid=odd).lease_until > world.clock.now()


@pytest.mark.parametrize("table", [t.notices, t.messages], ids=["notice", "message"])
def test_a_kind_that_an_upgrade_removed_stops_only_its_own(world: World, table: object) -> None:
    odd, other = liaison(world, "1916440"), liaison(world, "1916441")
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    scan.run(world.db, calendars, world.clock.now())
    if table is t.messages:
        bundle.run(world.db, calendars, world.house.texts, world.settings, world.clock.now())
    with world.db.write() as conn:
        conn.execute(update(table).where(table.c.contact_id == odd.id).values(template="hilang"))  # type: ignore[arg-type, attr-defined]
    for _ in range(3):
        tick.run(world.house)
        world.clock.moment += timedelta(minutes=6)
    assert world.texts(other)
    assert any("hilang" in row.text for row in world.rows(t.alarms))


def test_a_clock_that_was_two_days_ahead_leaves_no_silence_behind(world: World) -> None:
    sari = liaison(world)
    world.clock.moment += timedelta(days=2)
    world.phones.script = [die_before]
    with pytest.raises(Killed):
        world.tick()
    tick.run(world.house)  # the house lives on for a while in that future
    world.clock.moment -= timedelta(days=2)
    for _ in range(4):
        wait(world, 65)
    assert ("2026-08-04", "pengingat_tindak_lanjut") in world.heard(sari)
    assert any(row.key == "clock" for row in world.rows(t.alarms))
    assert {row.state for row in world.rows(t.messages)} <= {"accepted", "delivered", "cancelled", "waiting"}


def test_what_a_clock_that_was_a_day_ahead_has_written_leaves_on_its_own_day(world: World) -> None:
    sari = liaison(world)
    world.tick()
    told = world.heard(sari)
    assert told
    world.clock.moment += timedelta(days=1)
    world.phones.script = [refuse(20003, "config")]
    world.tick()
    world.clock.moment -= timedelta(days=1)
    for _ in range(4):
        wait(world, 65)
    assert world.heard(sari) == told
    world.clock.moment += timedelta(days=1)
    world.tick()
    assert [day for day, _ in world.heard(sari)] == [told[0][0], world.clock.now().date().isoformat()]


def test_a_clock_that_was_two_days_ahead_leaves_no_stop_behind(world: World) -> None:
    sari = liaison(world)
    world.clock.moment += timedelta(days=2)
    world.phones.script = [refuse(20003, "config")]
    world.tick()
    assert not world.texts(sari)
    world.clock.moment -= timedelta(days=2)
    wait(world, 65)
    tick.run(world.house)
    assert world.texts(sari)
