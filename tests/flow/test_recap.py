"""Recaps: what a head, Sekda and Bupati hear, when, and once."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, update

from aspal import tables as t
from aspal.core import signed_link
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.desk import outbox_acts
from aspal.flow import recap
from aspal.flow.recap import document
from aspal.records import health
from tests.flow import phone
from tests.flow.test_storage import held_back
from tests.world import Somebody, World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-10 07:30")  # a Monday


def promise(world: World, complaint: int, given: str, until: str) -> None:
    disposition = world.only(t.dispositions, complaint_id=complaint)
    with world.db.write() as conn:
        conn.execute(
            insert(t.notes).values(
                disposition_id=disposition.id, written_by="Sari", text="janji", intent="promise", matched_by="id",
                promise_until=world.at(until).date(), received_at=world.at(given),
            )
        )  # fmt: skip


def test_a_head_hears_of_his_week(world: World) -> None:
    unit, other = world.unit("Dinas Sosial"), world.unit("Dinas Lain")
    head = world.person("Kepala", Role.HEAD, unit)
    done = world.complaint("1916440", unit, disposed="2026-07-27", category="Bantuan")
    slow = world.complaint("1916441", unit, disposed="2026-08-03", status=Status.IN_PROCESS, category="Jalan")
    world.complaint("1916442", unit, disposed="2026-08-05", status=Status.IN_PROCESS, category="Jalan")
    world.complaint("1916443", other, disposed="2026-08-05", status=Status.IN_PROCESS, category="Bantuan")
    world.complaint(
        "1916444", unit, disposed="2026-08-03", status=Status.IN_PROCESS, supervised=True, category="Pegawai"
    )
    promise(world, slow, "2026-08-05 09:00", "2026-08-06")
    world.clock.moment += timedelta(minutes=1)
    world.change(done, status=Status.FINISHED)
    world.until("2026-08-10 10:00")
    assert [kind for _, kind in world.heard(head)] == ["rekap_mingguan_opd"]
    words = world.texts(head)[0]
    assert "selesai 1 laporan, belum tuntas 2 laporan, janji terlewat 1. Topik terbanyak: Jalan." in words
    assert "1916441 (5 hari kerja); 1916442 (3 hari kerja)" in words  # the oldest first
    assert "1916443" not in words
    assert "1916444" not in words


def test_after_a_restore_nobody_hears_a_recap_of_that_day_which_may_be_his_second(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916441", unit, disposed="2026-08-03", status=Status.IN_PROCESS)
    with world.db.write() as conn:
        health.beat(conn, "scan", world.at("2026-08-09 01:15"), 300)
    assert held_back(world.db, now=world.clock.now(), by="cli", zone="Asia/Jakarta")
    world.until("2026-08-10 10:00")
    outbox_acts.release_brake(world.db, now=world.clock.now(), by="admin")
    world.until("2026-08-11 07:00")
    assert "rekap_mingguan_opd" not in [kind for _, kind in world.heard(head)]
    world.until("2026-08-17 07:00", every_minutes=240)
    world.until("2026-08-18 12:00")
    assert "rekap_mingguan_opd" in [kind for _, kind in world.heard(head)]


def test_who_left_before_it_could_leave_does_not_get_it_and_the_next_head_does(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    old, new = world.person("Kepala Lama", Role.HEAD, unit), world.person("Kepala Baru", Role.LIAISON, unit)
    world.complaint("1916441", unit, disposed="2026-08-03", status=Status.IN_PROCESS)
    world.clock.moment = world.at("2026-08-10 08:00")
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    assert recap.run(world.db, calendars, world.house.texts, world.settings, world.clock.now()).messages == 1
    with world.db.write() as conn:
        conn.execute(
            update(t.appointments).where(t.appointments.c.contact_id == old.id).values(ended_at=world.clock.now())
        )
    world.appoint(new, Role.HEAD, unit)
    world.until("2026-08-10 10:00")
    assert world.heard(old) == []
    assert "rekap_mingguan_opd" in [kind for _, kind in world.heard(new)]


def test_what_he_heard_today_is_counted_and_not_listed_again(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916440", unit, disposed="2026-08-03")  # R3 today
    world.complaint("1916441", unit, disposed="2026-08-04", status=Status.IN_PROCESS)
    world.until("2026-08-10 12:00")
    words = world.texts(head)[-1]
    assert "belum tuntas 2 laporan" in words
    assert "1 lainnya disampaikan dalam pesan tersendiri" in words


def switched_off(world: World, who: Somebody) -> None:
    with world.db.write() as conn:
        conn.execute(update(t.contacts).where(t.contacts.c.id == who.id).values(recaps_off_at=world.clock.now()))


def test_who_wants_no_recaps_gets_none_but_still_hears_of_single_cases(world: World) -> None:
    unit = world.unit("Dinas Sosial")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916440", unit, disposed="2026-08-03")
    world.complaint("1916441", unit, disposed="2026-08-04", status=Status.IN_PROCESS)
    switched_off(world, head)
    world.until("2026-08-10 12:00")
    assert [kind for _, kind in world.heard(head)] == ["eskalasi_lewat_batas"]


def test_sekda_and_bupati_hear_of_the_month_once(db: Database) -> None:
    world = World(db, "2026-09-01 07:00")
    unit = world.unit("Dinas Sosial")
    sekda = world.person("Sekda", Role.SEKDA, unit)
    regent = world.person("Bupati", Role.TECHNICAL, unit, office_recaps=True)
    world.complaint("1916440", unit, disposed="2026-08-31", status=Status.IN_PROCESS)
    gone = world.complaint("1916441", unit, disposed="2026-08-03", status=Status.IN_PROCESS)
    world.complaint("1916442", unit, disposed="2026-09-01", status=Status.IN_PROCESS)  # of the new month
    world.change(gone, status=Status.FINISHED)
    world.until("2026-09-01 15:00", every_minutes=60)
    for who in (sekda, regent):
        assert [kind for _, kind in world.heard(who)] == ["rekap_bulanan"]
        words = world.texts(who)[0]
        assert "mencatat 2 laporan" in words
        assert "selesai 1; proses 1; penyelesaian 50,0 %; tindak lanjut 100,0 %" in words
    world.until("2026-09-03 15:00", every_minutes=120)
    assert len(world.heard(sekda)) == 1


def test_the_quarter_is_ranked_on_its_fifth_day(db: Database) -> None:
    world = World(db, "2026-07-01 07:30")
    better, worse, small = (world.unit(name) for name in ("Dinas A", "Dinas B", "Dinas Kecil"))
    sekda = world.person("Sekda", Role.SEKDA, small)
    for n in range(3):
        finished = world.complaint(f"191644{n}", better, disposed="2026-05-04", status=Status.IN_PROCESS)
        if n:
            world.change(finished, status=Status.FINISHED, finished_on=world.at("2026-05-20").date())
        world.complaint(f"191645{n}", worse, disposed="2026-05-04", status=Status.IN_PROCESS)
    world.complaint("1916460", small, disposed="2026-05-04", status=Status.FINISHED)
    world.until("2026-07-07 12:00", every_minutes=60)
    assert world.heard(sekda) == [("2026-07-06", "rekap_peringkat")]  # the 5th is a Sunday; June had no complaints
    words = world.texts(sekda)[0]
    assert "urutan 2 OPD" in words
    assert "1. Dinas A 66,7 % dari 3; 2. Dinas B 0,0 % dari 3" in words


def test_units_with_the_same_figures_share_their_place(db: Database) -> None:
    """No head is told that he comes after another one of whom nothing better can be said."""
    world = World(db, "2026-07-06 07:30")
    sekda = world.person("Sekda", Role.SEKDA, world.unit("Sekretariat Daerah"))
    for at, name in enumerate(("Dinas B", "Dinas A", "Dinas C")):
        unit = world.unit(name)
        for n in range(3):
            case = world.complaint(f"19164{at}{n}", unit, disposed="2026-05-04", status=Status.IN_PROCESS)
            if n and name != "Dinas C":
                world.change(case, status=Status.FINISHED, finished_on=world.at("2026-05-20").date())
    world.until("2026-07-06 12:00", every_minutes=60)
    shared = "1. Dinas A 66,7 % dari 3; 1. Dinas B 66,7 % dari 3; 3. Dinas C 0,0 % dari 3"
    assert shared in world.texts(sekda)[0]
    target, message = io.BytesIO(), world.only(t.messages, template="rekap_peringkat")
    with db.read() as conn:
        assert document.write(conn, world.house.calendars(conn), message.id, target, world.clock.now())
    words = PdfReader(target).pages[0].extract_text()
    assert "tidak termasuk laporan berkadar pengawasan" in words.replace("\n", " ").lower()


def test_detail_brings_the_document_of_the_newest_recap(world: World) -> None:
    unit, other = world.unit("Dinas Sosial"), world.unit("Dinas Lain")
    head = world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916441", unit, disposed="2026-08-03", status=Status.IN_PROCESS, title="Jalan berlubang")
    world.complaint(
        "1916442", unit, disposed="2026-08-03", status=Status.IN_PROCESS, confidential=True, title="Rahasia"
    )
    world.complaint(
        "1916443", unit, disposed="2026-08-03", status=Status.IN_PROCESS, supervised=True, title="Oknum pegawai"
    )
    world.complaint("1916444", other, disposed="2026-08-03", status=Status.IN_PROCESS, title="Bukan miliknya")
    world.until("2026-08-10 10:00")
    phone.writes(world, head, "detail")
    world.tick()
    answer = world.rows(t.messages, contact_id=head.id)[-1]
    assert (answer.state, answer.template) == ("accepted", None)
    number = signed_link.opened("x" * 40, answer.document_url.split("/")[4], world.clock.now())
    assert number == world.only(t.messages, template="rekap_mingguan_opd").id
    carried = [message.media for message in world.rows(t.simulator_messages) if message.media]
    assert carried == [[["application/pdf", answer.document_url]]]
    target = io.BytesIO()
    assert number is not None
    with world.db.read() as conn:
        assert document.write(conn, world.house.calendars(conn), number, target, world.clock.now())
    words = " ".join(page.extract_text() for page in PdfReader(target).pages)
    assert "Jalan berlubang" in words
    assert "1916442" in words
    for hidden in ("Rahasia", "1916443", "Oknum", "1916444", "Bukan miliknya"):
        assert hidden not in words


def test_detail_without_a_recap_says_so(world: World) -> None:
    head = world.person("Kepala", Role.HEAD, world.unit("Dinas Sosial"))
    phone.writes(world, head, "Detail")
    world.tick()
    assert "Belum ada rekap" in world.texts(head)[-1]


def test_every_recap_has_its_document(db: Database) -> None:
    world = World(db, "2026-10-01 07:30")
    unit = world.unit("Dinas A")
    head, sekda = world.person("Kepala", Role.HEAD, unit), world.person("Sekda", Role.SEKDA, unit)
    for n in range(3):
        world.complaint(f"191644{n}", unit, disposed=f"2026-09-2{n}", status=Status.IN_PROCESS)
    world.complaint("1916444", unit, disposed="2026-09-30")
    world.until("2026-10-06 12:00", every_minutes=120)
    assert {kind for _, kind in (*world.heard(head), *world.heard(sekda))} >= {
        "rekap_bulanan", "rekap_peringkat", "tunggakan_tahunan", "rekap_mingguan_opd"
    }  # fmt: skip
    for row in world.rows(t.messages):
        target = io.BytesIO()
        with db.read() as conn:
            made = document.write(conn, world.house.calendars(conn), row.id, target, world.clock.now())
        assert made == bool(row.dedupe_key and row.dedupe_key.startswith("recap:"))
        assert not made or PdfReader(target).pages
