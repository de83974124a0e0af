"""Two admins change the rules in a real browser: edit, see the effect, submit; the other one agrees."""

import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import ladders
from aspal.web.factory import create_app
from aspal.web.server import serve
from tests.web.axe import violations
from tests.web.conftest import PASSWORD, add_user
from tests.web.test_server import free_port
from tests.world import World

SHOTS = Path("var/screenshots")
ANI, BUDI = "ani@kantor.test", "admin@kantor.test"


@pytest.fixture
def site(sqlite: Database) -> Iterator[tuple[World, str]]:
    """Two admins, and a dozen complaints of which some are never followed up."""
    port = free_port()
    world = World(sqlite, "2026-08-13 09:00", public_base_url=f"http://127.0.0.1:{port}")
    with world.db.write() as conn:
        ladders.ensure(conn, world.clock.now())
    for name in ("Dinas Pekerjaan Umum", "Dinas Kesehatan"):
        unit = world.unit(name)
        world.person(f"Penghubung {name}", Role.LIAISON, unit)
        world.person(f"Kepala {name}", Role.HEAD, unit)
        for number in range(6):
            world.complaint(f"{unit}91644{number}", unit, disposed=f"2026-08-0{number + 3}", category="Jalan")
    add_user(world.db, "admin")
    with world.db.write() as conn:
        conn.execute(update(t.users).values(email=ANI))
    add_user(world.db, "admin")
    stop = Event()
    server = threading.Thread(target=serve, args=(create_app(world.house), "127.0.0.1", port, 4, stop))
    server.start()
    yield world, f"http://127.0.0.1:{port}"
    stop.set()
    server.join(15)


def someone(chromium: Any, base: str, email: str, complaints: list[str], **context: Any) -> Any:
    """A page of a browser in which this admin is logged in."""
    page = chromium.new_context(**context).new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{base}/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{base}/")
    return page


def keep(page: Any, name: str) -> None:
    """A picture for whoever reads the run afterwards, of a page that breaks no rule of accessibility."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert violations(page) == [], name


def test_a_rule_is_changed_previewed_submitted_and_published_by_another(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    complaints: list[str] = []
    ani = someone(chromium, base, ANI, complaints, viewport={"width": 1400, "height": 900})
    ani.goto(f"{base}/aturan/")
    keep(ani, "aturan")
    ani.click("text=Ubah aturan")
    ani.click('[aria-label="Ubah langkah R2"]')
    ani.fill("#angka", "2")
    ani.locator("#angka").blur()
    ani.locator("#dampak", has_text="Setelah 2 hari kerja tanpa tindak lanjut").wait_for()
    keep(ani, "aturan-langkah")
    ani.click("text=Simpan di rancangan")
    ani.locator(".preview-total").wait_for()
    ani.locator(".lane-svg circle.is-moved").first.wait_for(state="attached")
    ani.click("text=10 hari kerja ke depan")
    ani.locator(".preview", has_text="diterapkan juga pada yang berjalan").wait_for()
    ani.click("text=90 hari terakhir")
    ani.locator(".preview", has_text="sudah berlaku").wait_for()
    keep(ani, "aturan-rancangan")
    ani.fill("#alasan", "Bupati minta kepala OPD tahu lebih awal")
    ani.check('input[value="berjalan"]')
    ani.click("text=Ajukan untuk disetujui")
    ani.locator("text=yang menyetujui harus orang lain").wait_for()

    budi = someone(chromium, base, BUDI, complaints, viewport={"width": 360, "height": 740}, color_scheme="dark")
    budi.goto(f"{base}/aturan/")
    budi.click("text=Periksa")
    budi.locator(".preview-total").wait_for()
    assert budi.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    keep(budi, "aturan-persetujuan-360-gelap")
    budi.click("text=Setujui dan terbitkan")
    budi.locator("text=Aturan baru berlaku").wait_for()
    version = world.only(t.ladders, version=2)
    assert (version.published_by, version.approved_by, version.running) == (ANI, BUDI, True)
    assert complaints == [], "no script error, nothing that the content policy had to stop"
    ani.context.close()
    budi.context.close()


def test_a_day_off_is_looked_at_and_saved_without_javascript(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    page = someone(chromium, base, ANI, [], java_script_enabled=False, viewport={"width": 1400, "height": 900})
    page.goto(f"{base}/kalender/")
    page.screenshot(path=SHOTS / "kalender.png", full_page=True)
    page.click('[aria-label^="Kamis, 20 Agustus 2026"]')
    page.fill("#nama", "Hari jadi kabupaten")
    page.click("text=Lihat dampaknya")
    page.locator("h1", has_text="Dampak perubahan kalender").wait_for()
    page.screenshot(path=SHOTS / "kalender-dampak.png", full_page=True)
    page.click("text=Simpan perubahan")
    page.locator("text=Kalender disimpan").wait_for()
    assert world.only(t.days_off, name="Hari jadi kabupaten").kind == "local"
    page.context.close()
