"""At the office's desk in a real browser: place a reply from the tray, pause the office, word a text; read by axe."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import insert

from aspal import tables as t
from aspal.clock import RunningClock
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import health
from aspal.web.factory import create_app
from aspal.web.server import serve
from tests.web.axe import violations
from tests.web.conftest import add_user
from tests.web.test_browser import log_in
from tests.web.test_server import free_port
from tests.world import World

SHOTS = Path("var/screenshots")


@pytest.fixture
def site(sqlite: Database) -> Iterator[tuple[World, str]]:
    """A house with something on every page of the desk, served by waitress."""
    port = free_port()
    world = World(sqlite, "2026-08-03 08:00", public_base_url=f"http://127.0.0.1:{port}")
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
    stop = Event()
    server = threading.Thread(target=serve, args=(create_app(world.house), "127.0.0.1", port, 4, stop))
    server.start()
    yield world, f"http://127.0.0.1:{port}"
    stop.set()
    server.join(15)


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def test_a_suggestion_is_confirmed_and_the_office_paused(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    log_in(page, base)
    page.click("text=Kotak masuk")
    page.click("text=Perlu dipilah")
    card = page.locator(".tray-card", has_text="lampu terminal besok")
    card.locator(".guess.is-first", has_text="1916502").wait_for()  # asked for by itself, once in view
    shot(page, "kotak-masuk-pilah")
    assert world.rows(t.notes) == []
    card.locator(".guess.is-first button").click()
    page.locator("text=Balasan dicatat pada laporannya.").wait_for()
    assert world.only(t.notes).disposition_id == 2

    page.click("text=Kantor")
    page.fill("#sampai-kantor", "2026-08-07")
    page.fill("#alasan-kantor", "Banjir di pusat kota")
    page.click("button[aria-label='Jeda: Seluruh kantor']")
    page.locator("text=Banjir di pusat kota").first.wait_for()
    shot(page, "kantor-dijeda")
    with world.db.read() as conn:
        assert health.get_switch(conn, "office_pause", world.house.clock.now())
    page.close()


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
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=theme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    log_in(page, base)
    for name, path in PAGES.items():
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert violations(page) == [], path
        shot(page, f"{name}-{width}-{theme}")
    assert complaints == []
    page.close()
