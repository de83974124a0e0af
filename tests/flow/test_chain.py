"""Scan, bundle and deliver together: who hears what on which day, through the real stations and a simulated phone."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.rows import Cells
from aspal.core.words import Kind, Role, Status
from aspal.db import Database
from aspal.desk import appointing, outbox_acts
from aspal.desk.why import explain
from aspal.flow import bundle, intake, recap, scan
from aspal.records import health, ladders, outbox
from jobs import tick
from tests.flow import phone
from tests.office import ROSTER, row
from tests.world import Somebody, World


def test_a_week_of_one_complaint(db: Database) -> None:
    world = World(db, "2026-08-03 06:00")
    pupr = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, pupr)
    head = world.person("Kepala PUPR", Role.HEAD, pupr)
    admin = world.person("Admin Kominfo", Role.ADMIN, world.unit("Dinas Kominfo"))
    world.complaint("1916449", pupr, disposed="2026-08-03")
    world.until("2026-08-10 17:00", every_minutes=60)
    assert world.heard(sari) == [("2026-08-03", "disposisi_baru")] + [
        (f"2026-08-{day:02d}", "pengingat_tindak_lanjut") for day in (4, 5, 6, 7, 10)
    ]
    assert sorted(world.heard(head)) == [
        ("2026-08-06", "eskalasi_kepala_opd"),
        ("2026-08-10", "eskalasi_lewat_batas"),
        ("2026-08-10", "rekap_mingguan_opd"),
    ]
    (weekly,) = (row.text for row in world.rows(t.messages, template="rekap_mingguan_opd"))
    assert "1916449" not in weekly  # Monday's recap only counts what the escalation has just said
    assert world.heard(admin) == [("2026-08-07", "kontak_bermasalah"), ("2026-08-10", "eskalasi_lewat_batas")]


def test_a_claim_that_lapor_does_not_bear_out_silences_nobody_for_ever(db: Database) -> None:
    world = World(db, "2026-08-05 09:00")
    unit = world.unit("DPUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03", status=Status.IN_PROCESS)
    phone.writes(world, sari, "1916449 sudah selesai")
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    said = {"tracking_id": "1916449", "status": "Proses", "opd": "DPUPR", "judul": "Judul 1916449", "rahasia": "tidak"}
    said |= {"tgl_masuk": "2026-08-03", "tgl_disposisi": "2026-08-03"}

    def exported() -> None:
        by_lapor = {"source": "api", "now": world.clock.now(), "calendars": calendars, "by": "sistem"}
        intake.apply_rows(db, [Cells.of(1, said)], **by_lapor)

    def why() -> str:
        told = explain(db, calendars, "1916449", world.clock.now())
        return " ".join(told["dispositions"][0]["sentences"]) if told else ""

    exported()  # it may be older than the claim
    world.until("2026-08-12 17:00", every_minutes=120)
    assert [kind for _, kind in world.heard(sari) if kind == "mendekati_batas"] == []
    assert "belum bergerak" not in why()
    exported()
    assert "5 Agustus 2026" in why()
    assert "belum bergerak di impor Rabu, 12 Agustus 2026" in why()
    world.until("2026-08-13 12:00", every_minutes=120)
    assert world.heard(sari)[-1] == ("2026-08-13", "mendekati_batas")


def test_nothing_leaves_outside_office_hours_or_on_cuti_bersama(db: Database) -> None:
    world = World(db, "2026-03-12 17:00")
    unit = world.unit("Dinas Kesehatan")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916450", unit, disposed="2026-03-12")
    world.until("2026-03-27 09:00", every_minutes=60)
    days = [day for day, _ in world.heard(sari)]
    # 18-20 and 23-24 March are Nyepi, Idul Fitri and cuti bersama; the 21st and 22nd a weekend
    assert days == ["2026-03-13", "2026-03-16", "2026-03-17", "2026-03-25", "2026-03-26", "2026-03-27"]
    hours = {row.accepted_at.astimezone(world.zone).hour for row in world.rows(t.messages)}
    assert hours <= set(range(7, 16))


def test_each_unit_keeps_its_own_time_zone(db: Database) -> None:
    world = World(db, "2026-08-03 05:00")
    west, east = world.unit("Kantor Barat"), world.unit("Kantor Timur", zone="Asia/Jayapura")
    people = [world.person(name, Role.LIAISON, unit) for name, unit in (("Barat", west), ("Timur", east))]
    world.complaint("1916449", west, east, disposed="2026-08-03")
    world.until("2026-08-03 05:25", every_minutes=5)
    assert [world.heard(who) for who in people] == [[], []]
    world.until("2026-08-03 05:30")  # 07.30 WIT
    assert [len(world.heard(who)) for who in people] == [0, 1]
    world.until("2026-08-03 07:30")
    assert [len(world.heard(who)) for who in people] == [1, 1]


def test_whoever_has_cases_in_two_time_zones_hears_of_those_where_offices_open_later_too(db: Database) -> None:
    world = World(db, "2026-08-03 05:00")
    west, east = world.unit("Kantor Barat"), world.unit("Kantor Timur", zone="Asia/Jayapura")
    head = world.person("Kepala", Role.HEAD, west)
    world.appoint(head, Role.HEAD, east)
    admin = world.person("Admin", Role.ADMIN, east)
    for n in range(4):
        world.complaint(f"191644{n}", west, disposed="2026-07-29")
        world.complaint(f"191645{n}", east, disposed="2026-07-29")
    world.until("2026-08-03 12:00")
    assert [text.count("191645") for text in world.texts(head)] == [4, 0]
    assert [text.count("191644") for text in world.texts(head)] == [0, 4]
    assert "191644" in world.texts(admin)[0]
    assert "191645" in world.texts(admin)[0]


def test_a_case_closed_between_decision_and_sending_is_not_sent(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    complaint = world.complaint("1916449", unit, disposed="2026-08-03")
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    scan.run(db, calendars, world.clock.now())
    bundle.run(db, calendars, world.house.texts, world.settings, world.clock.now())
    world.change(complaint, status=Status.FINISHED)
    world.tick()
    assert world.heard(sari) == []
    message = world.only(t.messages)
    assert (message.state, message.reason) == ("cancelled", "Disposisi sudah berakhir.")


def test_more_than_three_cases_become_one_digest(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    for n in range(5):
        world.complaint(f"191644{n}", unit, disposed="2026-08-03")
    world.tick()
    assert world.heard(sari) == [("2026-08-04", "ringkasan_penghubung")]
    assert all(f"191644{n}" in world.texts(sari)[0] for n in range(5))
    world.until("2026-08-04 16:00")
    assert len(world.heard(sari)) == 1


def test_a_complaint_at_two_units_of_one_person_is_one_in_the_digest(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    unit, other = world.unit("Dinas Sosial"), world.unit("Dinas Pendidikan")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.appoint(sari, Role.LIAISON, other)
    world.complaint("1916440", unit, other, disposed="2026-08-03")
    for n in range(1, 4):
        world.complaint(f"191644{n}", unit, disposed="2026-08-03")
    world.tick()
    text = world.texts(sari)[0]
    assert world.heard(sari) == [("2026-08-04", "ringkasan_penghubung")]
    assert "4 laporan" in text
    assert text.count("1916440") == 1
    assert all(f"#{row.code}" in text for row in world.rows(t.dispositions))


def test_a_digest_that_loses_a_case_is_written_anew(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    cases = [world.complaint(f"191644{n}", unit, disposed="2026-08-03") for n in range(5)]
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    scan.run(db, calendars, world.clock.now())
    bundle.run(db, calendars, world.house.texts, world.settings, world.clock.now())
    world.change(cases[0], status=Status.FINISHED)
    world.until("2026-08-04 09:00")
    assert world.heard(sari) == [("2026-08-04", "ringkasan_penghubung")]
    assert "1916440" not in world.texts(sari)[0]


def test_the_bot_was_off_for_three_days_and_says_one_thing(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sari, head = (world.person(role, role, unit) for role in (Role.LIAISON, Role.HEAD))
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()
    world.clock.moment = world.at("2026-08-11 10:00")  # six working days later
    world.until("2026-08-11 15:00")
    assert world.heard(sari)[1:] == [("2026-08-11", "pengingat_tindak_lanjut")]
    assert world.heard(head) == [("2026-08-11", "eskalasi_lewat_batas")]
    world.until("2026-08-12 15:00")
    assert world.heard(head) == [("2026-08-11", "eskalasi_lewat_batas")]  # no second thoughts about R2


def test_guests_only_until_the_office_goes_live(db: Database) -> None:
    world = World(db, "2026-08-03 08:00", recipients="guests")
    unit = world.unit("Dinas Sosial")
    guest = world.person("Tamu", Role.LIAISON, unit, guest=True)
    other = world.person("Bukan Tamu", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-05 12:00")
    assert len(world.heard(guest)) == 3
    assert world.heard(other) == []
    world.with_settings(recipients="all")
    world.until("2026-08-06 12:00")
    assert world.heard(other) == [("2026-08-05", "pengingat_tindak_lanjut"), ("2026-08-06", "pengingat_tindak_lanjut")]


def test_nothing_secret_is_written(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sari, head, auditor = (world.person(r, r, unit) for r in (Role.LIAISON, Role.HEAD, Role.INSPECTORATE))
    world.complaint("1916449", unit, disposed="2026-08-03", title="Rahasia besar", confidential=True)
    world.complaint("1916450", unit, disposed="2026-08-03", title="Pungli pejabat", supervised=True)
    world.complaint("1916451", unit, disposed="2026-08-03", title="Pelapor internal", kind=Kind.WHISTLE)
    world.until("2026-08-12 16:00", every_minutes=60)
    everything = [text for who in (sari, head, auditor) for text in world.texts(who)]
    assert everything
    assert not any(word in text for text in everything for word in ("Rahasia besar", "Pungli", "Pelapor internal"))
    assert not any("1916450" in text or "1916451" in text for who in (sari, head) for text in world.texts(who))
    assert sum("1916450" in text for text in world.texts(auditor)) == 1


def test_sekda_waits_for_approval(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sekda = world.person("Sekda", Role.SEKDA, world.unit("Setda"))
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-19 12:00", every_minutes=240)
    held = world.only(t.messages, template="rekap_sekda")
    assert (held.state, held.workday, world.heard(sekda)) == ("held", date(2026, 8, 18), [])
    with db.write() as conn:
        assert outbox.release(conn, [held.id], world.clock.now()) == 1
    world.tick()
    assert world.heard(sekda) == [("2026-08-19", "rekap_sekda")]
    assert "(10 hari kerja" in held.text
    assert "(11 hari kerja" in world.texts(sekda)[0]  # as on the day on which it left
    world.until("2026-09-01 12:00", every_minutes=240)
    states = [row.state for row in world.rows(t.messages, template="rekap_sekda")]
    assert states == ["delivered", "cancelled", "held"]  # only the newest can still be released


@pytest.mark.parametrize("released", ["2026-08-18 14:00", "2026-08-18 21:00", "2026-08-20 10:00"])
def test_what_an_approver_let_go_leaves_without_the_case_that_is_finished(db: Database, released: str) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sekda = world.person("Sekda", Role.SEKDA, world.unit("Setda"))
    world.person("Sari", Role.LIAISON, unit)
    first, *_ = [world.complaint(f"100000{n}", unit, disposed="2026-08-03") for n in range(3)]
    world.until(released, every_minutes=240)
    held = world.only(t.messages, template="rekap_sekda")
    world.change(first, status=Status.FINISHED)
    outbox_acts.decide(db, [held.id], outbox_acts.RELEASE, now=world.clock.now(), by="penyetuju@kantor.test")
    world.until("2026-08-20 12:00", every_minutes=60)
    (text,) = world.texts(sekda)
    assert "1000000" not in text
    assert "1000001" in text
    assert "1000002" in text
    assert "2 laporan" in text
    lost = [entry.detail["without"] for entry in world.rows(t.journal, action="message.reworded")]
    assert [cases for cases in lost if cases] == [[1]]  # the other time only the days were counted anew


def test_an_odd_number_of_messages_is_held_and_explained(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    for n in range(60):
        unit = world.unit(f"Unit {n}")
        sari = world.person(f"Orang {n}", Role.LIAISON, unit)
    for n in range(125):  # everything at once to one person would be a digest, so spread them
        world.complaint(f"19{n:05d}", n % 60 + 1, disposed="2026-08-03")
    world.tick()
    assert {row.state for row in world.rows(t.messages)} == {"held"}
    assert world.heard(sari) == []
    assert any(row.key == "volume_brake" and "Rem volume" in row.text for row in world.rows(t.alarms))


@pytest.mark.parametrize(("cases", "recipients", "warned"), [(3, "all", True), (4, "all", False), (3, "guests", False)])
def test_an_import_says_beforehand_that_the_brake_will_hold_its_messages(
    db: Database, tmp_path: Path, cases: int, recipients: str, warned: bool
) -> None:
    world = World(db, "2026-08-04 08:00", recipients=recipients)
    units = [f"Dinas {n}" for n in range(30)]
    for name in units:
        world.person(f"Penghubung {name}", Role.LIAISON, world.unit(name))
    rows = [row(f"19{n:02d}{m}00", name) for n, name in enumerate(units) for m in range(cases)]
    file = tmp_path / "ekspor.csv"
    file.write_text("\n".join((ROSTER, *rows)).replace("31/07/2026", "03/08/2026"), encoding="utf-8")
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    how = {"now": world.clock.now(), "calendars": calendars, "by": "admin", "settings": world.settings}
    preview = intake.preview_roster(db, file, **how)
    sentence = "Sekitar 90 pesan akan direncanakan sehari, di atas batas wajar 60: rem volume akan menahannya"
    assert any(line.startswith(sentence) for line in preview.consequences) is warned
    assert intake.apply_roster(db, file, **how).consequences == preview.consequences
    world.tick()
    braked = [m for m in world.rows(t.messages) if m.state == "held"]
    assert bool(braked) is warned


def test_kominfo_hears_of_each_person_of_a_case_that_is_lost_and_of_each_once(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sari, budi = world.person("Sari", Role.LIAISON, unit), world.person("Budi", Role.OPERATOR, unit)
    head = world.person("Kepala", Role.HEAD, unit)
    admin = world.person("Admin", Role.ADMIN, world.unit("Kominfo"))
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()

    def told() -> list[str]:
        return [day for day, kind in world.heard(admin) if kind == "kontak_bermasalah"]

    phone.writes(world, sari, "BERHENTI")
    world.until("2026-08-03 09:00")
    assert told() == ["2026-08-03"]
    phone.writes(world, head, "BERHENTI")  # on the same day: of one case nobody hears twice a day
    world.until("2026-08-04 09:00", every_minutes=60)
    assert told() == ["2026-08-03", "2026-08-04"]
    assert "Kepala berhenti menerima pesan" in world.texts(admin)[-1]
    world.until("2026-08-06 12:00", every_minutes=120)
    assert told() == ["2026-08-03", "2026-08-04"]
    phone.writes(world, budi, "BERHENTI")
    world.until("2026-08-06 15:00", every_minutes=60)
    world.until("2026-08-11 12:00", every_minutes=240)
    assert told() == ["2026-08-03", "2026-08-04", "2026-08-06"]


def test_kominfo_hears_of_each_time_that_a_role_falls_vacant(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sari, rini = world.person("Sari", Role.LIAISON, unit), world.person("Rini", Role.TECHNICAL, unit)
    head = world.person("Kepala", Role.HEAD, unit)
    admin = world.person("Admin", Role.ADMIN, world.unit("Kominfo"))
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()

    def told() -> list[str]:
        return [day[-2:] for day, kind in world.heard(admin) if kind == "kontak_bermasalah"]

    def ends(who: Somebody) -> None:
        duty = world.only(t.appointments, contact_id=who.id)
        appointing.end(db, duty.id, now=world.clock.now(), by="admin")

    ends(sari)
    world.until("2026-08-03 12:00", every_minutes=60)
    assert told() == ["03"]
    world.appoint(rini, Role.OPERATOR, unit, valid_until=date(2026, 8, 6))
    world.until("2026-08-06 16:00", every_minutes=180)
    assert told() == ["03"]
    world.until("2026-08-11 09:00", every_minutes=180)
    assert told() == ["03", "07"], "her successor's SK has ended"
    assert sum("belum ada penghubung yang terdaftar" in text for text in world.texts(admin)) == 2
    ends(head)
    world.until("2026-08-14 16:00", every_minutes=180)
    assert told() == ["03", "07", "11"]


def test_a_poisoned_case_is_parked_and_the_others_go_on(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    unreadable = world.complaint("1916449", unit, disposed="2026-08-03")
    undecidable = world.complaint("1916450", unit, disposed="2026-08-03", status=Status.IN_PROCESS)
    world.complaint("1916451", unit, disposed="2026-08-03")
    with db.write() as conn:  # damaged by hand
        where = t.dispositions.c.complaint_id
        conn.execute(update(t.dispositions).where(where == unreadable).values(status="hilang"))
        conn.execute(
            update(t.dispositions)
            .where(where == undecidable)
            .values(rests=[{"first": "2026-08-01", "last": None, "why": "x"}])
        )
    assert not tick.run(world.house).ok  # done in part: cron's mail says so
    assert world.heard(sari) == [("2026-08-03", "disposisi_baru")]
    for broken in (unreadable, undecidable):
        assert world.only(t.dispositions, complaint_id=broken).parked_at is not None
    assert len([row for row in world.rows(t.alarms) if row.key.startswith("parked:")]) == 2


def test_an_office_that_wants_consent_asks_first_and_waits(db: Database) -> None:
    world = World(db, "2026-08-04 08:00", consent_message="on")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.until("2026-08-04 10:00")
    assert world.heard(sari) == [("2026-08-04", "persetujuan_kontak")]
    assert any("belum menyetujui" in row.text for row in world.rows(t.alarms))
    phone.writes(world, sari, "Setuju", ButtonPayload="yes", ButtonText="Setuju")
    world.until("2026-08-04 11:00")
    assert world.heard(sari)[-1] == ("2026-08-04", "pengingat_tindak_lanjut")
    assert not [row for row in world.rows(t.alarms) if row.key.startswith("consent:") and row.cleared_at is None]


def test_a_pause_of_the_office_silences_recaps_too(db: Database) -> None:
    world = World(db, "2026-08-10 07:00")
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    with db.write() as conn:
        health.set_switch(conn, "lapor_down", {"until": None}, by="admin", now=world.clock.now())
    world.until("2026-08-10 15:00", every_minutes=60)
    assert world.heard(head) == []
    with db.write() as conn:
        health.clear_switch(conn, "lapor_down")


def test_a_rule_with_an_unknown_text_holds_its_own_messages_only(db: Database) -> None:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sari, head = (world.person(role, role, unit) for role in (Role.LIAISON, Role.HEAD))
    data = ladders.default_data()
    data["langkah"][0]["templat"] = "tidak_ada"
    with db.write() as conn:
        ladders.publish(conn, data, now=world.clock.now(), by="admin")
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.complaint("1916450", unit, disposed="2026-07-29")
    world.tick()
    assert world.heard(sari) == [("2026-08-03", "pengingat_tindak_lanjut")]
    assert [kind for _, kind in world.heard(head)] == ["rekap_mingguan_opd", "eskalasi_kepala_opd"]
    assert any(row.key == "text:tidak_ada" for row in world.rows(t.alarms))


def test_the_weekly_recap_names_what_the_head_has_not_heard_today(db: Database) -> None:
    world = World(db, "2026-08-10 07:30")
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916440", unit, disposed="2026-08-03")  # R3 today
    slow = world.complaint("1916441", unit, disposed="2026-08-04", status=Status.IN_PROCESS)
    world.complaint("1916442", unit, disposed="2026-08-04", status=Status.IN_PROCESS)
    world.complaint("1916443", unit, disposed="2026-08-10")  # news, not a remainder
    world.complaint("1916444", unit, disposed="2026-08-04", status=Status.IN_PROCESS, supervised=True)
    world.until("2026-08-10 12:00")
    assert [kind for _, kind in world.heard(head)] == ["eskalasi_lewat_batas", "rekap_mingguan_opd"]
    words = world.texts(head)[-1]
    assert [n for n in range(5) if f"191644{n}" in words] == [1, 2]
    world.change(slow, status=Status.FINISHED)
    world.until("2026-08-18 12:00", every_minutes=60)
    assert ("2026-08-18", "rekap_mingguan_opd") in world.heard(head)  # Monday the 17th is a holiday
    assert "1916441" not in world.texts(head)[-1]


def test_a_recap_is_written_anew_when_one_of_its_cases_was_closed_meanwhile(db: Database) -> None:
    world = World(db, "2026-08-10 08:00")
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    closed = world.complaint("1916441", unit, disposed="2026-08-04", status=Status.IN_PROCESS)
    world.complaint("1916442", unit, disposed="2026-08-04", status=Status.IN_PROCESS)
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    recap.run(db, calendars, world.house.texts, world.settings, world.clock.now())
    world.change(closed, status=Status.FINISHED)
    world.until("2026-08-10 09:00")
    assert [kind for _, kind in world.heard(head)] == ["rekap_mingguan_opd"]
    assert "1916441" not in world.texts(head)[0]


def test_what_becomes_confidential_before_it_leaves_leaves_without_its_title(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    complaint = world.complaint("1916449", unit, disposed="2026-08-03", title="Rahasia besar")
    with db.read() as conn:
        calendars = world.house.calendars(conn)
    scan.run(db, calendars, world.clock.now())
    bundle.run(db, calendars, world.house.texts, world.settings, world.clock.now())
    world.change(complaint, confidential=True)
    world.until("2026-08-04 09:00")
    assert world.heard(sari) == [("2026-08-04", "pengingat_tindak_lanjut_rahasia")]
    assert "Rahasia besar" not in world.texts(sari)[0]


def test_one_person_at_two_units_of_a_complaint_hears_of_it_once_a_day(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    pupr, dinkes = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
    sari = world.person("Sari", Role.LIAISON, pupr)
    world.appoint(sari, Role.LIAISON, dinkes)
    world.complaint("1916449", pupr, dinkes, disposed="2026-08-03")
    world.until("2026-08-05 15:00", every_minutes=60)
    assert world.heard(sari) == [("2026-08-04", "ringkasan_penghubung"), ("2026-08-05", "ringkasan_penghubung")]


def test_escalations_that_found_no_room_go_first_the_next_day(db: Database) -> None:
    world = World(db, "2026-08-06 08:00", recipients_per_day=10)
    for n in range(12):
        unit = world.unit(f"Dinas {n}")
        world.person(f"Penghubung {n}", Role.LIAISON, unit)
        world.person(f"Kepala {n}", Role.HEAD, unit)
        world.complaint(f"19164{n:02d}", unit, disposed="2026-08-03")
    heads: list[int] = []
    for day in ("2026-08-06 08:00", "2026-08-07 08:30"):  # one cron run a day
        world.clock.moment = world.at(day)
        world.tick()
        heads.append(
            sum(row.template == "eskalasi_kepala_opd" and row.accepted_at is not None for row in world.rows(t.messages))
        )
    assert heads == [10, 12]
    assert any(row.key == "recipients_per_day" for row in world.rows(t.alarms))


def test_an_officers_words_reach_kominfo_without_personal_data(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    admin = world.person("Admin", Role.ADMIN, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    world.tick()
    phone.writes(world, sari, "bukan kewenangan kami, pelapor NIK 3527010101800001 HP 081234567890")
    world.until("2026-08-04 10:00")
    words = world.texts(admin)[-1]
    assert "bukan kewenangan kami" in words
    assert "3527010101800001" not in words
    assert "081234567890" not in words
