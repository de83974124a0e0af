"""Sending under faults: nothing lost, nothing doubled, and an admin sees what nobody can know."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import callback
from aspal.flow.mailroom import Mailroom
from aspal.gateways.whatsapp.port import Accepted, Outgoing, SendFailed
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records import directory, merging
from aspal.records.simulator import SimulatorMemory
from tests.world import Somebody, World

Fault = Callable[[Outgoing, Callable[[Outgoing], Accepted]], Accepted]


class Faulty(SimulatorGateway):
    """The simulator with a script of faults: one is used up by each send."""

    script: list[Fault] = []  # noqa: RUF012 - replaced by each story

    def send(self, out: Outgoing) -> Accepted:
        fault = self.script.pop(0) if self.script else None
        return fault(out, super().send) if fault else super().send(out)


def refuse(code: int | None, kind: str, retry_after: float | None = None) -> Fault:
    def fault(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
        raise SendFailed(code, kind, retry_after=retry_after)  # type: ignore[arg-type]

    return fault


def accept_then_break(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
    send(out)
    raise SendFailed(None, "unknown")


class Killed(BaseException):
    """The worker dies here."""


def die_before(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
    raise Killed


def die_after(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
    send(out)
    raise Killed


@pytest.fixture
def story(db: Database) -> tuple[World, Somebody]:
    world = World(db, "2026-08-04 08:00")
    world.phones = Faulty(SimulatorMemory(db), world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.person("Admin", Role.ADMIN, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    return world, sari


def wait(world: World, minutes: int) -> None:
    world.clock.moment += timedelta(minutes=minutes)
    world.tick()


def test_accepted_but_the_answer_was_lost_is_found_and_not_repeated(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [accept_then_break]
    world.tick()
    assert world.only(t.messages).state == "unknown"
    wait(world, 3)
    assert world.only(t.messages).state == "delivered"  # the simulated phone got it long ago
    world.until("2026-08-04 15:00")
    assert len(world.texts(sari)) == 1


def test_never_arrived_is_sent_again_once_after_two_looks(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(None, "unknown")]
    world.tick()
    wait(world, 3)
    assert world.texts(sari) == []  # one look is not enough
    wait(world, 11)
    wait(world, 1)
    assert len(world.texts(sari)) == 1
    assert world.only(t.messages).attempts == 2


def test_twice_unknown_is_an_admins_to_decide(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(20500, "unknown"), refuse(20500, "unknown")]
    for _ in range(12):
        world.tick()
        world.clock.moment += timedelta(minutes=6)
    message = world.only(t.messages)
    assert (message.state, len(world.texts(sari))) == ("held", 0)
    assert any(row.key == f"unknown:{message.id}" for row in world.rows(t.alarms))


@pytest.mark.parametrize(("death", "looks_found"), [(die_before, False), (die_after, True)])
def test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing(
    story: tuple[World, Somebody], death: Fault, looks_found: bool
) -> None:
    world, sari = story
    world.phones.script = [death]
    with pytest.raises(Killed):
        world.tick()
    assert world.only(t.messages).state == "sending"
    world.tick()
    assert world.only(t.messages).state == "sending"  # nobody touches it while the lease runs
    assert len(world.texts(sari)) == int(looks_found)
    for _ in range(4):
        wait(world, 6)
    assert len(world.texts(sari)) == 1
    assert world.only(t.messages).provider_sid is not None


def test_too_many_requests_waits_as_long_as_asked(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(20429, "retry", retry_after=90)]
    world.tick()
    wait(world, 1)
    assert world.texts(sari) == []
    wait(world, 1)
    assert len(world.texts(sari)) == 1


def test_a_wrong_account_stops_everything_and_resumes_by_itself(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(20003, "config")]
    world.tick()
    assert [row.key for row in world.rows(t.alarms) if row.cleared_at is None and row.key == "sender_stop"]
    wait(world, 1)
    assert world.texts(sari) == []
    wait(world, 6)
    assert len(world.texts(sari)) == 1
    assert not [row for row in world.rows(t.alarms) if row.key == "sender_stop" and row.cleared_at is None]


def test_a_dead_number_is_flagged_and_kominfo_hears_of_it(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(21211, "permanent")]
    world.tick()
    wait(world, 1)
    assert world.only(t.contacts, id=sari.id).unreachable_at is not None
    assert [m.template for m in world.rows(t.messages)] == ["pengingat_tindak_lanjut", "kontak_bermasalah"]


def test_a_dead_number_that_fails_again_is_not_told_to_kominfo_again(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(21211, "permanent")]
    world.tick()
    wait(world, 1)
    since = world.only(t.contacts, id=sari.id).unreachable_at
    wait(world, 1)
    with world.db.write() as conn:  # another message that was on its way fails too
        directory.flag_contact(conn, sari.id, world.clock.now(), opted_out=False, reason="Nomor tidak ada.")
    world.until("2026-08-05 12:00", every_minutes=60)
    assert world.only(t.contacts, id=sari.id).unreachable_at == since
    assert len(world.rows(t.messages, template="kontak_bermasalah")) == 1


def test_a_bad_template_is_held_for_an_admin(story: tuple[World, Somebody]) -> None:
    world, _ = story
    world.phones.script = [refuse(63028, "template")]
    world.tick()
    assert world.only(t.messages).state == "held"
    assert any(row.key == "template:pengingat_tindak_lanjut" for row in world.rows(t.alarms))


def test_a_bug_in_the_gateway_counts_as_unknown(story: tuple[World, Somebody]) -> None:
    world, _ = story

    def bug(out: Outgoing, send: Callable[[Outgoing], Accepted]) -> Accepted:
        raise ZeroDivisionError

    world.phones.script = [bug]
    world.tick()
    assert world.only(t.messages).state == "unknown"


def report(world: World, status: str, code: int | None = None, **changes: str) -> None:
    message = world.only(t.messages, template="pengingat_tindak_lanjut")
    form = {"MessageSid": message.provider_sid or "SM" + "0" * 32, "MessageStatus": status, "a": message.token}
    form |= {"ErrorCode": str(code)} if code else {}
    callback.record(Mailroom(world.db), form | changes, world.clock.now())


def test_reports_in_any_order_end_in_the_same_state(story: tuple[World, Somebody]) -> None:
    world, _ = story
    world.tick()
    for status in ("read", "sent", "delivered", "queued", "sent", "read", "delivered"):
        report(world, status)
    assert world.only(t.messages).state == "read"


def test_a_late_delivery_outranks_a_failure_but_not_the_other_way(story: tuple[World, Somebody]) -> None:
    world, _ = story
    world.tick()
    report(world, "delivered")
    report(world, "failed", 63013)
    assert world.only(t.messages).state == "delivered"


def test_a_report_alone_resolves_a_message_in_doubt(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [accept_then_break]
    world.tick()
    report(world, "delivered", MessageSid="SM" + "a" * 32)
    message = world.only(t.messages)
    assert (message.state, message.provider_sid) == ("delivered", "SM" + "a" * 32)
    wait(world, 5)
    assert len(world.texts(sari)) == 1


def test_an_unknown_status_and_an_unknown_message_change_nothing(story: tuple[World, Somebody]) -> None:
    world, _ = story
    world.tick()
    report(world, "teleported")
    report(world, "delivered", MessageSid="SM" + "b" * 32, a="no-such-token")
    assert world.only(t.messages).state == "accepted"
    assert len(world.rows(t.reports)) == 2


def test_a_passing_fault_at_whatsapp_is_repeated_twice_at_most(story: tuple[World, Somebody]) -> None:
    world, _ = story
    world.tick()
    for _ in range(4):
        newest = world.rows(t.messages, template="pengingat_tindak_lanjut")[-1]
        form = {"MessageSid": newest.provider_sid, "MessageStatus": "failed", "ErrorCode": "63012"}
        callback.record(Mailroom(world.db), form, world.clock.now())
        wait(world, 6)
    assert len(world.rows(t.messages, template="pengingat_tindak_lanjut")) == 3


def test_room_for_escalations_is_kept_when_the_daily_limit_is_near(db: Database) -> None:
    world = World(db, "2026-08-06 08:00", recipients_per_day=10)
    for n in range(12):
        unit = world.unit(f"Dinas {n}")
        world.person(f"Penghubung {n}", Role.LIAISON, unit)
        world.person(f"Kepala {n}", Role.HEAD, unit)
        world.complaint(f"19164{n:02d}", unit, disposed="2026-08-03")
    world.tick()
    sent = [m.template for m in world.rows(t.messages) if m.accepted_at]
    assert sent.count("eskalasi_kepala_opd") == 10
    assert len(sent) == 10


def test_a_limit_that_is_met_lets_escalations_go_and_the_rest_wait(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(63018, "retry")]
    world.tick()
    wait(world, 30)
    assert world.texts(sari) == []
    assert world.only(t.messages).reason.startswith("Hanya yang mendesak dikirim")
    wait(world, 30)
    wait(world, 30)
    wait(world, 61)
    assert len(world.texts(sari)) == 1


def test_under_a_daily_limit_who_waited_longest_comes_first(db: Database) -> None:
    world = World(db, "2026-08-04 08:00", recipients_per_day=10)
    liaisons = []
    for n in range(20):
        unit = world.unit(f"Dinas {n}")
        liaisons.append(world.person(f"Penghubung {n}", Role.LIAISON, unit))
        world.complaint(f"19164{n:02d}", unit, disposed="2026-08-03")
    heard: list[set[int]] = []
    for day in ("2026-08-04", "2026-08-05"):
        world.clock.moment = world.at(f"{day} 08:30")
        world.tick()
        heard.append({who.id for who in liaisons if (day, "pengingat_tindak_lanjut") in world.heard(who)})
    assert [len(people) for people in heard] == [8, 8]
    assert not heard[0] & heard[1]


@pytest.mark.parametrize("code", ["63032", "63058", "63013"])
def test_an_escalation_that_failed_for_good_is_told_on_the_next_working_day(db: Database, code: str) -> None:
    world = World(db, "2026-08-06 07:00")
    unit = world.unit("Dinas Sosial")
    world.person("Sari", Role.LIAISON, unit)
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-06 08:30")
    sid = world.only(t.messages, address=head.phone).provider_sid
    form = {"MessageSid": sid, "MessageStatus": "failed", "ErrorCode": code}
    callback.record(Mailroom(db), form, world.clock.now())
    world.until("2026-08-06 15:30", every_minutes=60)
    assert len(world.rows(t.messages, address=head.phone)) == 1
    world.until("2026-08-07 15:30", every_minutes=60)
    assert [m.workday.day for m in world.rows(t.messages, address=head.phone)] == [6, 7]


def test_after_a_first_message_that_failed_for_good_no_lower_step_leaves_on_that_day(db: Database) -> None:
    world = World(db, "2026-08-11 07:00")  # the first look, on day 5: R3, and R2 was never told
    unit = world.unit("Dinas Sosial")
    world.person("Sari", Role.LIAISON, unit)
    head = world.person("Kepala", Role.HEAD, unit)
    complaint = world.complaint("1916449", unit, disposed="2026-08-04")
    world.until("2026-08-11 08:30")
    sid = world.only(t.messages, address=head.phone).provider_sid
    form = {"MessageSid": sid, "MessageStatus": "failed", "ErrorCode": "63032"}
    callback.record(Mailroom(db), form, world.clock.now())
    world.until("2026-08-11 15:30", every_minutes=60)
    assert len(world.rows(t.messages, address=head.phone)) == 1
    assert {row.state for row in world.rows(t.notices, contact_id=head.id)} == {"failed"}
    world.until("2026-08-12 15:30", every_minutes=60)
    kinds = [(m.workday.day, m.template) for m in world.rows(t.messages, address=head.phone)]
    assert kinds == [(11, "eskalasi_lewat_batas"), (12, "eskalasi_lewat_batas")]
    with db.read() as conn:
        assert merging.carried(conn, complaint).notices == len(world.rows(t.notices)) - 1


def test_the_failure_of_a_first_attempt_does_not_repeat_the_second(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.phones.script = [refuse(None, "unknown")]
    world.tick()
    for _ in range(6):
        wait(world, 5)
    assert world.only(t.messages).attempts == 2
    first = world.rows(t.attempts)[0].token
    form = {"MessageSid": "SM" + "c" * 32, "MessageStatus": "failed", "ErrorCode": "63012", "a": first}
    callback.record(Mailroom(world.db), form, world.clock.now())
    wait(world, 6)
    wait(world, 6)
    assert len(world.texts(sari)) == 1


def test_a_late_failure_blames_the_number_it_was_sent_to(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.tick()
    sid = world.only(t.messages).provider_sid
    with world.db.write() as conn:
        conn.execute(update(t.contacts).where(t.contacts.c.id == sari.id).values(phone="+6281200009901"))
    form = {"MessageSid": sid, "MessageStatus": "failed", "ErrorCode": "63024"}
    callback.record(Mailroom(world.db), form, world.clock.now())
    assert world.only(t.contacts, id=sari.id).unreachable_at is None
