"""An import in a real browser, on a laptop and without JavaScript on a phone: upload, mapping, preview, apply, undo."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.db import Database
from aspal.flow import upload_shelf
from aspal.flow.intake.progress import Step
from aspal.web.factory import create_app
from tests.web.conftest import add_user
from tests.web.site import log_in, looked_at, served, visitor
from tests.world import World

PHONE = {"width": 360, "height": 740}
EXPORT = """Nomor Laporan;Judul Laporan;Instansi;Status;Tanggal Laporan;Catatan Internal;Nama Pelapor
1916449;Jalan berlubang;Dinas PUPR;Belum Ditindaklanjuti;30/07/2026;x;Orang Rahasia
1916450;Lampu padam;Dinas PUPR;Menunggu Klarifikasi;30/07/2026;x;Orang Lain
1916451;Banjir;Dinas PUPR;Proses;32/07/2026;x;Orang Lain
"""
CLEAN = """Tracking ID;Judul;Instansi;Status;Tanggal Laporan;Tanggal Disposisi;Rahasia
1916449;Jalan berlubang;Dinas PUPR;Proses;30/07/2026;31/07/2026;Tidak
"""


@pytest.fixture
def site(sqlite: Database, base: str) -> Iterator[tuple[World, str]]:
    world = World(sqlite, "2026-08-03 08:00", public_base_url=base)
    world.unit("Dinas PUPR")
    add_user(world.db, "admin")
    with served(create_app(world.house), base):
        yield world, base


def hand_in(page: Any, base: str, file: Path) -> None:
    page.goto(f"{base}/impor/")
    page.set_input_files("#berkas", file)
    page.click("text=Unggah dan periksa")


def test_from_the_file_to_the_roster_and_back(chromium: Any, site: tuple[World, str], tmp_path: Path) -> None:
    world, base = site
    file = tmp_path / "ekspor agustus.csv"
    file.write_text(EXPORT)
    with visitor(chromium) as (page, complaints):
        log_in(page, base)
        hand_in(page, base, file)
        page.locator("h2", has_text="Kata status yang belum dikenal").wait_for()
        looked_at(page, "impor-pemetaan")
        page.get_by_label("“Menunggu Klarifikasi”").select_option("ditunda")
        page.get_by_label("Sejak tanggal laporan").check()
        page.get_by_label("Semua terbuka").check()
        page.click("text=Lihat pratinjau")
        page.locator("text=Belum ada yang tertulis.").wait_for()
        looked_at(page, "impor-pratinjau")
        assert world.rows(t.complaints) == []
        page.click("button:has-text('Terapkan')")
        page.wait_for_url("**/impor/1")
        looked_at(page, "impor-hasil")
        assert {row.tracking_id: row.status for row in world.rows(t.complaints)} == {
            "1916449": "belum_ditindaklanjuti",
            "1916450": "ditunda",
        }
        page.click("text=Batalkan impor")
        page.locator("h2", has_text="Yang tetap").wait_for()
        looked_at(page, "impor-batal")
        page.click("button:has-text('Batalkan impor #1')")
        page.locator(".alert-success", has_text="Impor 1 dibatalkan").wait_for()
        assert world.rows(t.complaints) == []
        assert complaints == []


def test_the_bar_moves_by_itself_and_ends_in_the_preview(
    chromium: Any, site: tuple[World, str], tmp_path: Path
) -> None:
    world, base = site
    file = tmp_path / "ekspor.csv"
    file.write_text(CLEAN)
    with visitor(chromium, viewport=PHONE) as (page, _):
        log_in(page, base)
        hand_in(page, base, file)
        page.locator("text=Belum ada yang tertulis.").wait_for()
        shelf, upload = upload_shelf.folder(world.settings.media_dir), world.only(t.uploads)

        def says(state: str, done: int) -> None:
            upload_shelf.beat(shelf, upload.path, Step.READING, done, 8000)
            with world.db.write() as conn:
                conn.execute(update(t.uploads).values(state=state))

        says("previewing", 1000)
        page.reload()
        page.locator("text=1.000 dari sekitar 8.000 baris").wait_for()
        looked_at(page, "impor-kemajuan-ponsel")
        says("previewing", 6000)
        page.locator("text=6.000 dari sekitar 8.000 baris").wait_for()
        says("previewed", 8000)
        page.locator("text=Belum ada yang tertulis.").wait_for()


def test_the_bar_moves_while_it_is_written_and_taken_back(
    chromium: Any, site: tuple[World, str], tmp_path: Path
) -> None:
    world, base = site
    file = tmp_path / "ekspor.csv"
    file.write_text(CLEAN)
    shelf = upload_shelf.folder(world.settings.media_dir)
    with visitor(chromium, viewport=PHONE) as (page, complaints):
        log_in(page, base)
        hand_in(page, base, file)
        page.locator("text=Belum ada yang tertulis.").wait_for()
        upload_shelf.beat(shelf, world.only(t.uploads).path, Step.WRITING, 3000, 8000)
        with world.db.write() as conn:
            conn.execute(update(t.uploads).values(state="applying"))
        page.reload()
        page.locator("text=3.000 dari 8.000 laporan ditulis").wait_for()
        looked_at(page, "impor-menulis-ponsel")
        with world.db.write() as conn:
            conn.execute(update(t.uploads).values(state="previewed"))
        page.click("button:has-text('Terapkan')")
        page.wait_for_url("**/impor/1")
        upload_shelf.beat(shelf, "batal-1", Step.UNDOING, 3000, 8000)
        page.goto(f"{base}/impor/1/batal")
        page.locator("text=3.000 dari 8.000 data dikembalikan").wait_for()
        looked_at(page, "impor-membatalkan-ponsel")
        upload_shelf.set_down(shelf, "batal-1", {"end": ["Impor 2 mengubah data yang sama.", "danger"]})
        page.locator(".alert-danger", has_text="Impor 2 mengubah data yang sama.").wait_for()
        assert complaints == []


def test_it_works_without_javascript(chromium: Any, site: tuple[World, str], tmp_path: Path) -> None:
    world, base = site
    file = tmp_path / "direktori.csv"
    file.write_text("OPD;Nama;Peran;No WA\nDinas Kesehatan;Ibu Melati;pejabat_penghubung;0812-0000-0001\n")
    with visitor(chromium, java_script_enabled=False, viewport=PHONE) as (page, _):
        log_in(page, base)
        page.goto(f"{base}/impor/")
        page.locator(".form-selectgroup-label", has_text="Direktori").click()
        page.set_input_files("#berkas", file)
        page.click("text=Unggah dan periksa")
        page.click("button:has-text('Terapkan')")
        page.wait_for_url("**/impor/1")
        page.goto(f"{base}/direktori/orang")
        page.locator("text=Ibu Melati").wait_for()
        assert world.only(t.contacts).phone == "+6281200000001"
        assert upload_shelf.folder(world.settings.media_dir).is_dir()
