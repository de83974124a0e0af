"""What keeps two senders, two schedulers and two runs from doing one thing twice: the fences and keys themselves."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from aspal import tables as t
from aspal.bootstrap import House
from aspal.core.delivery import State
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import callback
from aspal.flow.mailroom import Mailroom
from aspal.gateways.whatsapp.port import Accepted, Outgoing, SendFailed
from aspal.records import notices, outbox, sending
from aspal.records.notices import NewNotice
from aspal.records.simulator import SimulatorMemory
from jobs import deliver, reconcile, tick
from tests.flow.test_deliver import Fault, Faulty
from tests.world import World

PATIENCE = 30  # seconds that a thread may take


def liaisons(world: World, count: int) -> None:
    for n in range(count):
        unit = world.unit(f"Dinas {n}")
        world.person(f"Penghubung {n}", Role.LIAISON, unit)
        world.complaint(f"19164{n:02d}", unit, disposed="2026-08-03")


@pytest.fixture
def world(db: Database) -> World:
    """Time stands at a working morning; the provider does what a script says."""
    world = World(db, "2026-08-04 08:00")
    world.phones = Faulty(SimulatorMemory(db), world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    return world


def plan(world: World) -> None:
    """Everything up to the messages that wait to be sent."""
    real, world.house.__dict__["gateway"] = world.phones, Unwilling()
    tick.run(world.house)
    world.house.__dict__["gateway"] = real
    with world.db.write() as conn:
        conn.execute(t.switches.delete().where(t.switches.c.name == "sender_stop"))
        conn.execute(t.messages.update().values(not_before=world.clock.now(), attempts=0))


class Unwilling(Faulty):
    """A provider that takes nothing."""

    needs_approval = False

    def __init__(self) -> None:
        pass

    def send(self, out: Outgoing) -> Accepted:
        raise SendFailed(20429, "retry", retry_after=600)


class Slow:
    """A request that takes as long as the story wants, and then ends as it says."""

    def __init__(self, ends: Fault) -> None:
        self.begun, self.may_end, self._ends = Event(), Event(), ends

    def __call__(self, out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        return self._ends(out, send)


def refused(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
    raise SendFailed(63013, "permanent")


def in_doubt(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
    raise SendFailed(None, "unknown")


def taken(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
    return send(out)


def delivering(world: World) -> Thread:
    thread = Thread(target=deliver.run, args=(world.house, world.clock.now()), daemon=True)
    thread.start()
    return thread


def ends(*threads: Thread) -> None:
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_an_attempt_that_was_overtaken_neither_fails_nor_returns_the_newer_one(world: World) -> None:
    liaisons(world, 1)
    plan(world)
    first, second = Slow(refused), Slow(taken)
    world.phones.script = [first, second]
    old = delivering(world)
    assert first.begun.wait(PATIENCE)
    for minutes in (4, 11, 11):  # its lease is over; nothing is found, twice; so the message waits once more
        world.clock.moment = world.at(f"2026-08-04 08:{world.clock.moment.minute + minutes:02d}")
        reconcile.run(world.house, world.clock.now())
    new = delivering(world)
    assert second.begun.wait(PATIENCE)
    first.may_end.set()
    ends(old)
    assert world.only(t.messages).state == "sending"  # the newer attempt is in the air, whatever the older one says
    second.may_end.set()
    ends(new)
    message = world.only(t.messages)
    assert (message.state, message.attempts, message.failed_at) == ("accepted", 2, None)
    assert len(world.phones._memory.conversation(message.address)) == 1


def test_what_a_report_has_settled_is_not_taken_back_by_the_answer_to_the_request(world: World) -> None:
    liaisons(world, 1)
    plan(world)
    slow = Slow(in_doubt)
    world.phones.script = [slow]
    thread = delivering(world)
    assert slow.begun.wait(PATIENCE)
    token = world.only(t.messages).token
    report(world, {"MessageSid": "SM" + "a" * 32, "MessageStatus": "delivered", "a": token})
    slow.may_end.set()
    ends(thread)
    assert world.only(t.messages).state == "delivered"


def test_a_report_that_comes_before_the_answer_to_the_request_counts(world: World) -> None:
    liaisons(world, 1)
    plan(world)

    def told_first(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
        accepted = send(out)
        report(world, {"MessageSid": accepted.sid, "MessageStatus": "delivered"})  # without our token, as a proxy may
        return accepted

    world.phones.script = [told_first]
    deliver.run(world.house, world.clock.now())
    assert world.only(t.messages).state == "delivered"
    assert world.only(t.reports).message_id == world.only(t.messages).id


@pytest.mark.parametrize("code", ["63012", "63013"])  # one that is repeated, one that is for good
def test_a_failure_of_the_first_attempt_is_not_the_second_ones_that_is_in_the_air(world: World, code: str) -> None:
    liaisons(world, 1)
    plan(world)
    second = Slow(taken)
    world.phones.script = [in_doubt, second]
    deliver.run(world.house, world.clock.now())
    first = world.only(t.messages).token
    for minutes in (3, 11):
        world.clock.moment += timedelta(minutes=minutes)
        reconcile.run(world.house, world.clock.now())
    thread = delivering(world)
    assert second.begun.wait(PATIENCE)
    report(world, {"MessageSid": "SM" + "c" * 32, "MessageStatus": "failed", "ErrorCode": code, "a": first})
    assert world.only(t.messages).state == "sending"
    second.may_end.set()
    ends(thread)
    message = world.only(t.messages)
    (shown,) = world.phones._memory.conversation(message.address)
    assert (message.state, message.provider_sid) == ("accepted", shown.sid)
    assert [notice.state for notice in world.rows(t.notices)] == ["bundled"]


def report(world: World, form: dict[str, str]) -> None:
    callback.record(Mailroom(world.db), form, world.clock.now())


def test_many_senders_at_once_send_each_message_once(world: World) -> None:
    liaisons(world, 90)
    world.with_settings(volume_brake="off")
    plan(world)
    url = world.db.engine.url.render_as_string(hide_password=False)
    start, houses = Barrier(4), [House(world.settings, world.clock) for _ in range(4)]

    def run(house: House) -> None:
        start.wait()
        deliver.run(house, world.clock.now())

    for house in houses:
        house.db.close()
        house.db = Database(url)
        house.__dict__["gateway"] = world.phones
    threads = [Thread(target=run, args=(house,), daemon=True) for house in houses]
    for thread in threads:
        thread.start()
    ends(*threads)
    for house in houses:
        house.db.close()
    with world.db.read() as conn:
        heard = Counter(conn.scalars(select(t.simulator_messages.c.address)))
    assert len(heard) == 90
    assert set(heard.values()) == {1}
    assert {row.attempts for row in world.rows(t.messages)} == {1}


def test_a_claim_of_what_no_longer_waits_changes_nothing(world: World) -> None:
    liaisons(world, 1)
    plan(world)
    deliver.run(world.house, world.clock.now())
    before = world.only(t.messages)
    assert before.state == "accepted"
    with world.db.write() as conn:
        sending.claim(conn, {before.id: "another-token"}, world.clock.now(), timedelta(minutes=3))
    after = world.only(t.messages)
    assert (after.state, after.token, after.attempts) == (before.state, before.token, before.attempts)


def test_a_notice_is_written_once_however_often_it_is_decided(world: World) -> None:
    liaisons(world, 1)
    new = NewNotice(1, "R1", Role.LIAISON, 1, date(2026, 8, 4), "pengingat_tindak_lanjut", 1, 1)
    for _ in range(3):
        with world.db.write() as conn:
            notices.put(conn, [new], world.clock.now())
    row = dict(world.only(t.notices)._mapping)
    row.pop("id")
    with pytest.raises(IntegrityError), world.db.write() as conn:  # the promise is the database's, not the program's
        conn.execute(insert(t.notices).values(row))


def test_a_message_with_a_key_is_written_once(world: World) -> None:
    day, now = date(2026, 8, 4), world.clock.now()
    new = outbox.NewMessage(
        None, "+6281299999999", None, {}, "teks", day, State.WAITING, 0, now, None, None, "reply:1:bantuan"
    )
    found = []
    for _ in range(3):
        with world.db.write() as conn:
            found += outbox.put(conn, [new], now)
    assert [number is None for number in found] == [False, True, True]
    assert len(world.rows(t.messages)) == 1
    row = dict(world.only(t.messages)._mapping) | {"token": None}
    row.pop("id")
    with pytest.raises(IntegrityError), world.db.write() as conn:
        conn.execute(insert(t.messages).values(row))
