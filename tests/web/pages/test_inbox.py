"""The inbox: threads, the tray with its suggestions, strangers, and answers within WhatsApp's 24 hours."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import health, journal
from tests.flow.phone import arrives, writes
from tests.web.conftest import Browser, token_of
from tests.world import Somebody, World

STRANGER = "+6281200000999"


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def sari(world: World) -> Somebody:
    """A liaison with two open cases, who has heard of both."""
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-30", title="Jalan berlubang dekat pasar")
    world.complaint("1916502", unit, disposed="2026-07-31", title="Lampu padam di terminal")
    world.until("2026-08-03 09:00")
    return sari


def post(client: FlaskClient, path: str, **data: Any) -> Any:
    return client.post(path, data={"csrf_token": token_of(client, "/kotak-masuk/"), **data}, follow_redirects=True)


def in_tray(world: World, who: Somebody, text: str) -> int:
    """A reply that nobody could place, as after a question that was not answered."""
    arrives(world, who, text)
    reply = world.rows(t.replies)[-1]
    with world.db.write() as conn:
        settled = {"state": "tray", "reason": "Tidak jelas.", "contact_id": who.id}
        conn.execute(t.replies.update().where(t.replies.c.id == reply.id).values(settled))
        conn.execute(t.contacts.update().where(t.contacts.c.id == who.id).values(last_inbound_at=reply.received_at))
    return int(reply.id)


def test_a_thread_shows_both_sides(world: World, sari: Somebody, browser_of: Browser) -> None:
    writes(world, sari, "1916449 sedang dikerjakan")
    admin = browser_of("admin")
    listed = admin.get("/kotak-masuk/").text
    assert "1916449 sedang dikerjakan" in listed
    page = admin.get(f"/kotak-masuk/orang/{sari.id}").text
    assert "Laporan 1916449" in page
    assert "Pengingat tindak lanjut" in page
    assert "masih 23 jam" in page
    assert "81200000" not in page.replace("812-****", "")
    assert admin.get("/kotak-masuk/orang/99").status_code == 404
    assert "Sari" not in admin.get("/kotak-masuk/?cari=zzz").text.split("<main")[1]


def test_the_likeliest_case_comes_first_and_one_click_makes_the_note(
    world: World, sari: Somebody, browser_of: Browser
) -> None:
    reply = in_tray(world, sari, "yang lampu terminal besok kami perbaiki")
    approver = browser_of("approver")
    page = approver.get(f"/kotak-masuk/balasan/{reply}").text
    first, second = (page.index(number) for number in ("1916502", "1916449"))
    assert first < second
    assert "menyebut “lampu, terminal”" in page
    assert world.rows(t.notes) == [], "a suggestion is never applied by itself"
    disposition = re.search(r'name="disposition" value="(\d+)"', page)
    assert 'name="balas" value="1" checked' in page
    assert disposition
    said = post(approver, f"/kotak-masuk/balasan/{reply}/pasang", disposition=disposition[1]).text
    assert "Balasan dicatat pada laporannya." in said
    note = world.only(t.notes)
    assert (note.disposition_id, note.matched_by, note.intent) == (2, "admin", "promise")
    assert world.only(t.dispositions, id=2).promise_until is not None
    assert world.rows(t.messages, in_reply_to_id=reply) == [], "the sender is told only if that is wanted"
    entries = [row for row in world.rows(t.journal) if row.action == "reply.placed"]
    assert [(row.actor, row.detail["before"]) for row in entries] == [("approver@kantor.test", "tray")]
    again = post(approver, f"/kotak-masuk/balasan/{reply}/pasang", disposition=disposition[1]).text
    assert "sudah dipilah" in again
    assert len(world.rows(t.notes)) == 1


def test_the_sender_is_told_if_wanted(world: World, sari: Somebody, browser_of: Browser) -> None:
    reply = in_tray(world, sari, "yang lampu besok kami perbaiki")
    post(browser_of("admin"), f"/kotak-masuk/balasan/{reply}/pasang", disposition=2, balas="1")
    (answer,) = world.rows(t.messages, in_reply_to_id=reply)
    assert "1916502" in answer.text


def test_a_case_beyond_the_likeliest_is_chosen_from_the_list(world: World, sari: Somebody, browser_of: Browser) -> None:
    reply = in_tray(world, sari, "yang lampu besok kami perbaiki")
    admin = browser_of("admin")
    assert "Pilih laporannya dahulu" in post(admin, f"/kotak-masuk/balasan/{reply}/pasang", other=1).text  # Enter
    assert world.rows(t.notes) == []
    post(admin, f"/kotak-masuk/balasan/{reply}/pasang", disposition="other", other=1)
    assert world.only(t.notes).disposition_id == 1
    assert world.rows(t.messages, in_reply_to_id=reply) == []


def test_no_reply_lands_on_another_units_case(world: World, sari: Somebody, browser_of: Browser) -> None:
    world.complaint("2050001", world.unit("Dinas Kesehatan"), disposed="2026-07-31")
    reply = in_tray(world, sari, "selesai")
    admin = browser_of("admin")
    assert "2050001" not in admin.get(f"/kotak-masuk/balasan/{reply}").text
    assert "bukan laporan pengirim" in post(admin, f"/kotak-masuk/balasan/{reply}/pasang", disposition=3).text
    assert world.rows(t.notes) == []


def test_setting_aside_needs_a_reason(world: World, sari: Somebody, browser_of: Browser) -> None:
    reply = in_tray(world, sari, "siap")
    admin = browser_of("admin")
    assert "Alasan wajib diisi" in post(admin, f"/kotak-masuk/balasan/{reply}/sisihkan", alasan=" ").text
    post(admin, f"/kotak-masuk/balasan/{reply}/sisihkan", alasan="ucapan saja")
    row = world.only(t.replies)
    assert (row.state, row.reason) == ("dismissed", "Disisihkan petugas: ucapan saja")
    assert "siap" not in admin.get("/kotak-masuk/pilah").text.split("<main")[1]


def test_a_stranger_is_ignored_or_understood_once_known(world: World, sari: Somebody, browser_of: Browser) -> None:
    writes(world, STRANGER, "ini siapa")
    writes(world, STRANGER, "halo")
    admin = browser_of("admin")
    page = admin.get("/kotak-masuk/pilah?jenis=unknown_sender").text
    assert "Nomor tak terdaftar" in page
    assert STRANGER not in page
    with world.db.read() as conn:
        assert [a.key for a in health.open_alarms(conn) if a.key.startswith("unknown_sender:")]
    first = world.rows(t.replies)[0].id
    assert f"/direktori/orang/baru?balasan={first}" in admin.get(f"/kotak-masuk/balasan/{first}").text
    assert STRANGER in admin.get(f"/direktori/orang/baru?balasan={first}").text
    world.person("Budi", Role.OPERATOR, 1, phone=STRANGER)
    post(admin, f"/kotak-masuk/balasan/{first}/ulangi")
    assert {row.state for row in world.rows(t.replies)} == {"stored"}
    world.tick()
    assert {row.contact_id for row in world.rows(t.replies)} == {2}
    with world.db.read() as conn:
        assert not [a.key for a in health.open_alarms(conn) if a.key.startswith("unknown_sender:")]


def test_ignoring_a_stranger_closes_the_alarm(world: World, sari: Somebody, browser_of: Browser) -> None:
    writes(world, STRANGER, "promo pulsa")
    post(browser_of("admin"), "/kotak-masuk/balasan/1/sisihkan", alasan="promosi")
    assert world.only(t.replies).state == "dismissed"
    with world.db.read() as conn:
        assert not [a.key for a in health.open_alarms(conn) if a.key.startswith("unknown_sender:")]
        assert journal.verify(conn) is None


def test_an_answer_leaves_within_the_window_and_only_once(world: World, sari: Somebody, browser_of: Browser) -> None:
    writes(world, sari, "1916449 sedang dikerjakan")
    admin = browser_of("admin")
    path = f"/kotak-masuk/orang/{sari.id}"
    form_id = re.search(r'name="form_id" value="(\w+)"', admin.get(path).text)
    assert form_id
    for _ in range(2):
        post(admin, f"{path}/jawab", teks="Terima kasih, Bu.", form_id=form_id[1])
    world.tick()
    assert world.texts(sari).count("Terima kasih, Bu.") == 1
    told = [row.detail for row in world.rows(t.journal) if row.action == "contact.answered"]
    assert len(told) == 1
    assert "Terima kasih" not in str(told)


def test_outside_the_window_a_template_is_offered(world: World, sari: Somebody, browser_of: Browser) -> None:
    writes(world, sari, "1916449 sedang dikerjakan")
    world.clock.moment += timedelta(hours=25)
    admin = browser_of("admin")
    path = f"/kotak-masuk/orang/{sari.id}"
    assert "dalam 24 jam" in admin.get(path).text
    refused = post(admin, f"{path}/jawab", teks="Halo Bu, sudah?", form_id="a" * 32)
    assert refused.status_code == 422
    assert "Halo Bu, sudah?" in refused.text, "nothing that was typed is lost"
    post(admin, f"{path}/undang")
    assert "sudah dikirim tadi" in post(admin, f"{path}/undang").text
    world.tick()
    assert len(world.rows(t.messages, template="mohon_balas")) == 1
    assert "mohon_balas" in {kind for _, kind in world.heard(sari)}


@pytest.mark.parametrize(("column", "words"), [("opted_out_at", "MULAI"), (None, "daftar tamu")])
def test_guards_stand_before_an_answer(
    world: World, sari: Somebody, browser_of: Browser, column: str | None, words: str
) -> None:
    writes(world, sari, "1916449 sedang dikerjakan")
    if column:
        with world.db.write() as conn:
            conn.execute(t.contacts.update().values({column: world.clock.now()}))
    else:
        world.with_settings(recipients="guests")
    admin = browser_of("admin")
    assert words in admin.get(f"/kotak-masuk/orang/{sari.id}").text
    said = post(admin, f"/kotak-masuk/orang/{sari.id}/jawab", teks="Halo", form_id="b" * 32)
    assert said.status_code == 422
    assert not [row for row in world.rows(t.messages) if row.text == "Halo"]


def test_what_was_parked_is_tried_again(world: World, sari: Somebody, browser_of: Browser) -> None:
    arrives(world, sari, "1916449 selesai")
    with world.db.write() as conn:
        conn.execute(t.replies.update().values(state="parked", tries=3, reason="ValueError", contact_id=sari.id))
        health.raise_alarm(conn, "reply:1", "Balasan 1 disisihkan.", world.clock.now())
    post(browser_of("approver"), "/kotak-masuk/balasan/1/ulangi")
    world.tick()
    assert world.only(t.replies).state == "matched"
    with world.db.read() as conn:
        assert "reply:1" not in {alarm.key for alarm in health.open_alarms(conn)}


def test_a_viewer_looks_and_reads_no_secrets(world: World, sari: Somebody, browser_of: Browser) -> None:
    reply = in_tray(world, sari, "rahasia sekali")
    viewer = browser_of("viewer")
    for path in (
        "/kotak-masuk/",
        "/kotak-masuk/pilah",
        f"/kotak-masuk/balasan/{reply}",
        f"/kotak-masuk/orang/{sari.id}",
    ):
        page = viewer.get(path)
        assert page.status_code == 200
        assert "rahasia sekali" not in page.text
        assert "Catat di sini" not in page.text
    for path in (f"balasan/{reply}/pasang", f"balasan/{reply}/sisihkan", f"balasan/{reply}/ulangi", "orang/1/jawab"):
        data = {"csrf_token": token_of(viewer, "/kotak-masuk/")}
        assert viewer.post(f"/kotak-masuk/{path}", data=data).status_code == 403


def test_pictures_are_shown_to_those_who_decide(world: World, sari: Somebody, browser_of: Browser) -> None:
    reply = in_tray(world, sari, "foto")
    file = {"path": "ab/x.png", "stored_type": "image/png", "claimed_type": "image/png", "state": "stored"}
    with world.db.write() as conn:
        conn.execute(insert(t.media).values(reply_id=reply, position=0, not_before=world.clock.now(), **file))
    assert "<img" in browser_of("approver").get("/kotak-masuk/pilah").text.split("<main")[1]
    assert "<img" not in browser_of("viewer").get("/kotak-masuk/pilah").text.split("<main")[1]
