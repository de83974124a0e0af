"""The last look before a message leaves, one guard after the other: decided rightly, and no longer right."""

from datetime import date

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.desk import calendar_changes, case_acts
from aspal.desk.calendar_changes import Change
from aspal.flow import templates as flow_templates
from aspal.records import health, ladders, outbox, templates
from aspal.records.calendar import DayOff
from jobs import deliver, scan
from tests.flow import phone
from tests.flow.test_deliver import Faulty
from tests.flow.test_fences import plan
from tests.flow.test_templates import Provider
from tests.world import Somebody, World


def office(db: Database, start: str, **settings: object) -> tuple[World, Somebody]:
    """One message that waits to be sent to one liaison."""
    world = World(db, start, **settings)
    world.phones = Faulty(world.phones._memory, world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit, guest=True)
    world.complaint("1916449", unit, disposed="2026-08-03")
    plan(world)
    return world, sari


def change(world: World, **values: object) -> None:
    with world.db.write() as conn:
        conn.execute(update(t.contacts).values(**values))


def test_it_would_have_been_sent(db: Database) -> None:
    world, sari = office(db, "2026-08-04 08:00", recipients="guests")
    deliver.run(world.house, world.clock.now())
    assert len(world.texts(sari)) == 1


@pytest.mark.parametrize(
    ("what", "reason"),
    [("guest", "tamu"), ("opted_out_at", "berhenti berlangganan"), ("unreachable_at", "tidak dapat dihubungi")],
)
def test_whoever_may_not_be_written_to_any_more_is_not(db: Database, what: str, reason: str) -> None:
    world, sari = office(db, "2026-08-04 08:00", recipients="guests")
    change(world, **{what: False if what == "guest" else world.clock.now()})
    deliver.run(world.house, world.clock.now())
    message = world.only(t.messages)
    assert (message.state, world.texts(sari)) == ("cancelled", [])
    assert reason in message.reason


def test_what_was_meant_for_yesterday_is_not_sent_today(db: Database) -> None:
    world, sari = office(db, "2026-08-04 15:50")
    world.clock.moment = world.at("2026-08-05 08:00")
    deliver.run(world.house, world.clock.now())  # before any other job has looked
    message = world.only(t.messages)
    assert (message.state, world.texts(sari)) == ("cancelled", [])
    assert "Kedaluwarsa" in message.reason


def test_an_answer_leaves_whoever_is_a_guest_or_not_only_when_the_office_is_live(db: Database) -> None:
    world, sari = office(db, "2026-08-04 08:00", recipients="guests")
    change(world, guest=False)
    with world.db.write() as conn:
        conn.execute(update(t.messages).values(template=None))
    deliver.run(world.house, world.clock.now())
    assert world.texts(sari) == []


def test_while_the_sender_is_refused_nobodys_message_leaves(db: Database) -> None:
    world, sari = office(db, "2026-08-04 08:00")
    until = world.at("2026-08-04 08:05")
    with world.db.write() as conn:
        reason = {"code": 20003, "reason": "Kredensial ditolak."}
        health.set_switch(conn, "sender_stop", reason, by="deliver", now=world.clock.now(), until=until)
    deliver.run(world.house, world.clock.now())
    assert world.texts(sari) == []
    assert "Kredensial ditolak" in world.only(t.messages).reason
    world.clock.moment = until
    deliver.run(world.house, world.clock.now())
    assert len(world.texts(sari)) == 1


def test_a_text_leaves_when_whatsapp_has_approved_it_and_not_before(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, sari = office(db, "2026-08-04 08:00")
    monkeypatch.setattr(Faulty, "needs_approval", True)
    deliver.run(world.house, world.clock.now())
    assert world.texts(sari) == []
    kind = world.only(t.messages).template
    fingerprint = world.house.texts.kind(kind).fingerprint
    approved = (kind, fingerprint, "n", "HX" + "1" * 32, "approved", "UTILITY", None, world.clock.now(), None)
    with world.db.write() as conn:
        templates.put(conn, templates.StoredTemplate(*approved))
    world.clock.moment = world.at("2026-08-04 08:30")
    deliver.run(world.house, world.clock.now())
    assert len(world.texts(sari)) == 1


def test_a_text_that_is_approved_lets_what_waits_for_it_go_at_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, sari = office(db, "2026-08-04 08:00")
    monkeypatch.setattr(Faulty, "needs_approval", True)
    provider, kind = Provider(), world.house.texts.kind(world.only(t.messages).template)
    flow_templates.push(db, world.house.texts, provider, world.clock.now())
    deliver.run(world.house, world.clock.now())
    assert "belum disetujui" in world.only(t.messages).reason
    provider.now_is(f"HX{kind.fingerprint[:8]}", "approved")
    world.clock.moment = world.at("2026-08-04 08:01")
    flow_templates.refresh(db, world.house.texts, provider, world.clock.now())
    deliver.run(world.house, world.clock.now())
    assert len(world.texts(sari)) == 1


def test_between_two_blocks_of_office_hours_a_message_waits(db: Database) -> None:
    world, sari = office(db, "2026-08-07 11:29")  # a Friday: closed for prayers from half past eleven
    world.clock.moment = world.at("2026-08-07 11:31")
    deliver.run(world.house, world.clock.now())
    assert world.texts(sari) == []
    assert "jam kerja" in world.only(t.messages).reason
    world.clock.moment = world.at("2026-08-07 13:00")
    deliver.run(world.house, world.clock.now())
    assert len(world.texts(sari)) == 1


def test_the_last_fifth_of_a_days_people_is_for_escalations(db: Database) -> None:
    world = World(db, "2026-08-04 08:00", recipients_per_day=10)
    for n in range(12):
        unit = world.unit(f"Dinas {n}")
        world.person(f"Penghubung {n}", Role.LIAISON, unit)
        world.complaint(f"19164{n:02d}", unit, disposed="2026-08-03")
    world.tick()
    assert sum(row.accepted_at is not None for row in world.rows(t.messages)) == 8


def test_a_case_that_reaches_a_second_unit_of_the_same_person_is_told_the_next_day(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    first, second = world.unit("Dinas Sosial"), world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, first)
    world.appoint(sari, Role.LIAISON, second)
    complaint = world.complaint("1916449", first, disposed="2026-08-03")
    world.tick()
    world.clock.moment = world.at("2026-08-04 09:00")
    world._insert(
        t.dispositions, complaint_id=complaint, unit_id=second, status=str(Status.OPEN), code="ZZZ",
        created_at=world.clock.now(), disposed_on=world.clock.now().date(), next_look_at=world.clock.now(),
    )  # fmt: skip
    world.until("2026-08-04 15:00", every_minutes=60)
    assert [day for day, _ in world.heard(sari)] == ["2026-08-04"]
    world.until("2026-08-05 15:00", every_minutes=60)
    assert [day for day, _ in world.heard(sari)].count("2026-08-05") == 1


def test_a_step_that_the_rules_no_longer_have_is_not_taken_for_a_recap(db: Database) -> None:
    world = World(db, "2026-08-06 08:00")
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    plan(world)
    data = ladders.default_data()
    data["langkah"] = [step for step in data["langkah"] if step["kode"] != "R2"]
    with db.write() as conn:
        newer = ladders.publish(conn, data, now=world.clock.now(), by="admin")
        conn.execute(update(t.dispositions).values(ladder_id=newer.id))
    deliver.run(world.house, world.clock.now())
    message = world.only(t.messages, template="eskalasi_kepala_opd")
    assert (message.state, message.reason) == ("cancelled", "Langkah R2 tidak ada lagi di aturan.")
    assert world.texts(head) == []


def test_what_is_released_later_goes_to_the_number_of_today(db: Database) -> None:
    world = World(db, "2026-08-18 07:00")
    unit = world.unit("Dinas Sosial")
    sekda = world.person("Sekda", Role.SEKDA, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-18 08:30")
    held = world.only(t.messages, template="rekap_sekda")
    with db.write() as conn:
        conn.execute(update(t.contacts).where(t.contacts.c.id == sekda.id).values(phone="+6281200009901"))
        outbox.release(conn, [held.id], world.clock.now())
    world.until("2026-08-18 09:30")
    assert world.only(t.messages, id=held.id).state == "cancelled"
    (again,) = world.rows(t.messages, template="rekap_sekda", state="held")
    assert again.address == "+6281200009901"


def test_a_head_is_not_told_of_a_day_that_was_declared_off_before_it_left(db: Database) -> None:
    """The brake held it; the admin saw why, entered yesterday's local holiday, and let go."""
    world = World(db, "2026-08-06 08:00")
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    plan(world)
    yesterday = DayOff(date(2026, 8, 5), "Hari jadi", "local", "SK Bupati")
    calendar_changes.save(db, Change(days=(yesterday,)), None, now=world.clock.now(), by="admin")
    world.until("2026-08-06 16:00", every_minutes=120)
    assert world.heard(head) == []
    world.until("2026-08-07 16:00", every_minutes=120)
    assert world.heard(head) == [("2026-08-07", "eskalasi_kepala_opd")]


def test_what_the_office_has_answered_before_it_left_is_not_asked_of_it(db: Database) -> None:
    world, sari = office(db, "2026-08-05 08:00")
    admin = world.person("Admin", Role.ADMIN, world.unit("Kominfo"))
    phone.writes(world, sari, "mohon perpanjangan waktu 3 hari")
    plan(world)
    assert world.only(t.messages, contact_id=admin.id).template == "minta_perpanjangan"
    part = world.only(t.dispositions).id
    case_acts.refuse_extension(db, part, now=world.clock.now(), by="admin", reason="tidak", zone="Asia/Jakarta")
    world.tick()
    assert world.texts(admin) == []


def test_a_day_declared_off_before_it_left_is_not_counted_in_its_words(db: Database) -> None:
    """Thursday would be the third day; with the local holiday it is the second, and the reminder is still due."""
    world, sari = office(db, "2026-08-06 08:00")
    yesterday = DayOff(date(2026, 8, 5), "Hari jadi", "local", "SK Bupati")
    calendar_changes.save(db, Change(days=(yesterday,)), None, now=world.clock.now(), by="admin")
    world.tick()
    (text,) = world.texts(sari)
    assert ("2 hari kerja" in text, "3 hari kerja" in text) == (True, False)
    assert world.only(t.notices).age == 2
    assert len(world.rows(t.messages)) == 1  # no second one: it was put right where it stood


def test_a_notice_that_waited_while_the_calendar_changed_is_counted_anew(db: Database) -> None:
    world = World(db, "2026-08-06 08:00")
    sari = world.person("Sari", Role.LIAISON, world.unit("Dinas Sosial"))
    world.complaint("1916449", 1, disposed="2026-08-03")
    scan.run(world.house, world.clock.now())
    yesterday = DayOff(date(2026, 8, 5), "Hari jadi", "local", "SK Bupati")
    calendar_changes.save(db, Change(days=(yesterday,)), None, now=world.clock.now(), by="admin")
    world.tick()
    assert "2 hari kerja" in world.texts(sari)[0]
    assert world.only(t.notices).age == 2
