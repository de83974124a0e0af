"""At the office's desk in a real browser: place a reply from the tray, pause the office, word a text; read by axe."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from aspal import tables as t
from aspal.clock import RunningClock
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import health
from aspal.web.factory import create_app
from tests.web.conftest import add_user
from tests.web.site import log_in, looked_at, picture, served, visitor
from tests.world import World


@pytest.fixture
def site(sqlite: Database, base: str) -> Iterator[tuple[World, str]]:
    """A house with something on every page of the desk, served by waitress."""
    world = World(sqlite, "2026-08-03 08:00", public_base_url=base)
    unit = world.unit("Dinas Pekerjaan Umum dan Penataan Ruang")
    sari = world.person("Ibu Melati Kusuma", Role.LIAISON, unit, position="Sekretaris Dinas")
    world.person("Bapak Cempaka", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-07-29", title="Jalan berlubang dekat pasar")
    world.complaint("1916502", unit, disposed="2026-07-30", title="Lampu padam di terminal")
    world.until("2026-08-03 09:00")
    now = world.clock.now()
    with world.db.write() as conn:
        health.raise_alarm(conn, "loop:1", "Jawaban otomatis kepada satu kontak dihentikan sementara.", now)
        for n, (state, text, contact) in enumerate(
            [
                ("tray", "Yang lampu terminal besok kami perbaiki, Pak", sari.id),
                ("parked", "1916449 selesai", sari.id),
                ("unknown_sender", "Selamat pagi, ini nomor siapa?", None),
            ]
        ):
            address = sari.phone if contact else "+6281200000999"
            form = {"MessageSid": f"SM{n}", "AccountSid": "AC" + "0" * 32, "From": f"whatsapp:{address}"}
            form |= {"To": "whatsapp:+14155238886", "Body": text, "NumMedia": "0"}
            row = {"provider_sid": f"SM{n}", "address": address, "raw": form, "received_at": now, "state": state}
            conn.execute(insert(t.replies).values(contact_id=contact, tries=0, reason="Belum jelas.", **row))
        conn.execute(t.contacts.update().where(t.contacts.c.id == sari.id).values(last_inbound_at=now))
        waits = {"address": sari.phone, "contact_id": sari.id, "variables": {}, "workday": now.date()}
        for state in ("held", "unknown"):
            message = insert(t.messages).values(
                state=state, template="eskalasi_kepala_opd", text="Kepada Yth. …", created_at=now, not_before=now,
                reason="Menunggu persetujuan Kominfo." if state == "held" else None, **waits,
            )  # fmt: skip
            conn.execute(message)
    world.house.clock = world.phones._clock = RunningClock(now + timedelta(minutes=5), 1)
    add_user(world.db, "admin")
    with served(create_app(world.house), base):
        yield world, base


def test_what_was_done_or_refused_is_in_sight_on_a_small_phone(chromium: Any, site: tuple[World, str]) -> None:
    _, base = site
    with visitor(chromium, viewport={"width": 360, "height": 740}) as (page, _said):
        log_in(page, base)
        page.goto(f"{base}/direktori/orang/1")
        page.click("text=Catat cuti")
        for name, day in (("first_day", "2026-08-10"), ("last_day", "2026-08-14")):
            page.fill(f"[name={name}]", day)
        page.select_option("[name=substitute]", label="Bapak Cempaka")
        page.click("text=Simpan cuti")
        page.wait_for_url("**#cuti")
        box = page.locator(".alert-success").bounding_box()
        assert 0 <= box["y"] < 740, "the page opened at its part, further down"
        assert page.locator("#cuti").bounding_box()["y"] >= box["y"] + box["height"], "and does not lie beneath it"


def test_a_suggestion_is_confirmed_and_the_office_paused(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    with visitor(chromium) as (page, _):
        log_in(page, base)
        page.click("text=Kotak masuk")
        page.click("text=Perlu dipilah")
        card = page.locator(".tray-card", has_text="lampu terminal besok")
        card.locator(".guess.is-first", has_text="1916502").wait_for()  # asked for by itself, once in view
        picture(page, "kotak-masuk-pilah")
        assert world.rows(t.notes) == []
        card.locator(".guess.is-first button").click()
        page.locator("text=Balasan dicatat pada laporannya.").wait_for()
        assert world.only(t.notes).disposition_id == 2

        page.click("text=Kantor")
        page.fill("#sampai-kantor", "2026-08-07")
        page.fill("#alasan-kantor", "Banjir di pusat kota")
        page.click("button[aria-label='Jeda: Seluruh kantor']")
        page.locator("text=Banjir di pusat kota").first.wait_for()
        picture(page, "kantor-dijeda")
        with world.db.read() as conn:
            assert health.get_switch(conn, "office_pause", world.house.clock.now())


PAGES = {
    "pesan": "/pesan/",
    "pesan-ditahan": "/pesan/?state=held",
    "pesan-satu": "/pesan/1",
    "pesan-persetujuan": "/pesan/ditahan/persetujuan",
    "pesan-rem": "/pesan/ditahan/rem",
    "pesan-bayangan": "/pesan/bayangan",
    "pesan-biaya": "/pesan/biaya",
    "kotak-masuk": "/kotak-masuk/",
    "kotak-masuk-percakapan": "/kotak-masuk/orang/1",
    "kotak-masuk-balasan": "/kotak-masuk/balasan/1",
    "kotak-masuk-pilah": "/kotak-masuk/pilah",
    "templat": "/templat/",
    "templat-satu": "/templat/disposisi_baru",
    "kesehatan": "/kesehatan/",
    "kantor": "/pengaturan/",
}


@pytest.mark.parametrize(("width", "theme"), [(1400, "light"), (360, "dark")])
def test_every_page_of_the_desk_can_be_read(chromium: Any, site: tuple[World, str], width: int, theme: str) -> None:
    _, base = site
    window = {"width": width, "height": 800}
    with visitor(chromium, viewport=window, color_scheme=theme) as (page, complaints):
        log_in(page, base)
        for name, path in PAGES.items():
            page.goto(base + path)
            looked_at(page, f"{name}-{width}-{theme}")
        assert complaints == []


def test_a_double_click_sends_a_form_once(chromium: Any, site: tuple[World, str]) -> None:
    """The second copy came back as "somebody was quicker, nothing was saved", although the first one was."""
    _, base = site
    with visitor(chromium) as (page, _):
        log_in(page, base)
        page.goto(f"{base}/aduan/disposisi/1/catatan")
        page.fill("[name=teks]", "Camat menelepon: alat sudah di lokasi.")
        page.evaluate(
            "() => { window.kept = []; addEventListener('submit', event => {"
            " kept.push(event.defaultPrevented); event.preventDefault() }) }"
        )
        page.locator("main form button").first.dblclick()
        assert page.evaluate("kept") == [False, True]
