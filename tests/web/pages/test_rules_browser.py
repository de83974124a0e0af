"""Two admins change the rules in a real browser: edit, see the effect, submit; the other one agrees."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import ladders
from aspal.web.factory import create_app
from tests.web.conftest import add_user
from tests.web.site import log_in, looked_at, picture, served, visitor
from tests.world import World

ANI, BUDI = "ani@kantor.test", "admin@kantor.test"


@pytest.fixture
def site(sqlite: Database, base: str) -> Iterator[tuple[World, str]]:
    """Two admins, and a dozen complaints of which some are never followed up."""
    world = World(sqlite, "2026-08-13 09:00", public_base_url=base)
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
    with served(create_app(world.house), base):
        yield world, base


def test_a_rule_is_changed_previewed_submitted_and_published_by_another(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    with visitor(chromium) as (ani, complaints):
        log_in(ani, base, ANI)
        ani.goto(f"{base}/aturan/")
        looked_at(ani, "aturan")
        ani.click("text=Ubah aturan")
        ani.click('[aria-label="Ubah langkah R2"]')
        ani.fill("#angka", "2")
        ani.locator("#angka").blur()
        ani.locator("#dampak", has_text="Setelah 2 hari kerja tanpa tindak lanjut").wait_for()
        looked_at(ani, "aturan-langkah")
        ani.click("text=Simpan di rancangan")
        ani.locator(".preview-total").wait_for()
        ani.locator(".lane-svg circle.is-moved").first.wait_for(state="attached")
        ani.click("text=10 hari kerja ke depan")
        ani.locator(".preview", has_text="diterapkan juga pada yang berjalan").wait_for()
        ani.click("text=90 hari terakhir")
        ani.locator(".preview", has_text="sudah berlaku").wait_for()
        looked_at(ani, "aturan-rancangan")
        ani.fill("#alasan", "Bupati minta kepala OPD tahu lebih awal")
        ani.check('input[value="berjalan"]')
        ani.click("text=Ajukan untuk disetujui")
        ani.locator("text=yang menyetujui harus orang lain").wait_for()

    phone = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
    with visitor(chromium, **phone) as (budi, more):
        log_in(budi, base, BUDI)
        budi.goto(f"{base}/aturan/")
        budi.click("text=Periksa")
        budi.locator(".preview-total").wait_for()
        looked_at(budi, "aturan-persetujuan-360-gelap")
        budi.click("text=Setujui dan terbitkan")
        budi.locator("text=Aturan baru berlaku").wait_for()
    version = world.only(t.ladders, version=2)
    assert (version.published_by, version.approved_by, version.running) == (ANI, BUDI, True)
    assert complaints + more == [], "no script error, nothing that the content policy had to stop"


def test_a_day_off_is_looked_at_and_saved_without_javascript(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    with visitor(chromium, java_script_enabled=False) as (page, _):
        log_in(page, base, ANI)
        page.goto(f"{base}/kalender/")
        picture(page, "kalender")
        page.click('[aria-label^="Kamis, 20 Agustus 2026"]')
        page.fill("#nama", "Hari jadi kabupaten")
        page.click("text=Lihat dampaknya")
        page.locator("h1", has_text="Dampak perubahan kalender").wait_for()
        picture(page, "kalender-dampak")
        page.click("text=Simpan perubahan")
        page.locator("text=Kalender disimpan").wait_for()
        assert world.only(t.days_off, name="Hari jadi kabupaten").kind == "local"


def test_a_trial_that_the_server_refuses_says_what_to_do(chromium: Any, site: tuple[World, str]) -> None:
    """It left the old figures standing, as if the change had no effect; or took the whole form away."""
    _, base = site
    with visitor(chromium) as (ani, _):
        log_in(ani, base, ANI)
        ani.goto(f"{base}/aturan/")
        ani.click("text=Ubah aturan")
        ani.click('[aria-label="Ubah langkah R2"]')
        ani.context.clear_cookies()

        def try_a(number: str) -> str:
            ani.fill("#angka", number)
            ani.locator("#angka").blur()
            ani.wait_for_timeout(900)
            return str(ani.inner_text("#gagal"))

        assert "Sesi Anda sudah berakhir" in try_a("2")
        assert ani.input_value("#angka") == "2", "what was typed is still there"
        other = ani.context.new_page()
        log_in(other, base, ANI)
        assert "kedaluwarsa" in try_a("4")
        picture(ani, "aturan-kedaluwarsa")
        ani.click("text=Muat ulang halaman")
        ani.wait_for_load_state()
        ani.fill("#angka", "4")
        ani.locator("#angka").blur()
        ani.locator("#dampak", has_text="Setelah 4 hari kerja").wait_for()
        assert ani.locator("#gagal").count() == 0
