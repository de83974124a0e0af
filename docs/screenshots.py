"""The pictures of the guide for admins: the demo's office in a headless chromium. `make screenshots`.

Each picture is a page of the demo after its eight days, so the guide shows what a reader sees when he tries it.
"""

import shutil
import sys
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from aspal.demo import exports, stage
from aspal.settings import load
from aspal.web.server import serve
from jobs import tick

TARGET = Path(__file__).parent / "img" / "panduan"
PASSWORD, PORT = "kata-sandi-peraga", 8477
COLOURS = 96  # enough for a page without photographs, and a quarter of the bytes


def main() -> None:
    """Makes every picture anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    settings = stage.of_demo(load({"PORT": str(PORT), "DEMO_PASSWORD": PASSWORD}, dotenv=None))
    start, _ = stage.beginning(settings)
    house, app, _clock = stage.build(settings, start)
    tick.run(house)  # as if a worker were running
    stop = Event()
    server = threading.Thread(target=serve, args=(app, "127.0.0.1", PORT, 4, stop))
    server.start()
    try:
        _take_all(f"http://127.0.0.1:{PORT}", stage.folder_of(settings))
    finally:
        stop.set()
        server.join(15)
        house.close()
        shutil.rmtree(stage.folder_of(settings), ignore_errors=True)


def _take_all(base: str, folder: Path) -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        sys.exit("chromium tidak ada. Pasang dahulu: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{base}/login")
        page.fill("#email", "admin@demo.test")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{base}/")
        for name, address in PAGES.items():
            page.goto(base + address)
            _take(page, name)
        for name, act in JOURNEYS.items():
            act(page, base, folder)
            _take(page, name)
        browser.close()


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(400)  # charts move into place
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    picture.save(TARGET / f"{name}.png", optimize=True)
    sys.stderr.write(f"{name}\n")


def _first_complaint(page: Page, base: str, _folder: Path) -> None:
    page.goto(f"{base}/aduan/?cari=9900238")
    page.locator("a.complaint, .complaint a").first.click()
    page.wait_for_selector("#urutan")


def _preview(page: Page, base: str, folder: Path) -> None:
    page.goto(f"{base}/impor/")
    newest = max(folder.glob("*.csv"), key=lambda path: path.stat().st_mtime, default=exports.SAMPLE / "roster.csv")
    page.set_input_files("input[type=file]", str(newest))
    page.click("text=Unggah dan periksa")
    page.click("text=Lihat pratinjau")
    page.wait_for_selector("text=Akibatnya")


def _draft(page: Page, base: str, _folder: Path) -> None:
    page.goto(f"{base}/aturan/")
    page.click("text=Ubah aturan")
    page.wait_for_load_state()


def _training(page: Page, base: str, _folder: Path) -> None:
    page.goto(f"{base}/latihan/")
    page.click("text=Buka ruang latihan")
    page.wait_for_selector(".join-code")


PAGES = {
    "beranda": "/",
    "aduan-baru": "/aduan/baru",
    "impor-tertahan": "/impor/tertahan",
    "pesan": "/pesan/",
    "pilah": "/kotak-masuk/pilah",
    "cakupan": "/direktori/cakupan",
    "kalender": "/kalender/",
    "templat": "/templat/disposisi_baru",
    "kantor": "/pengaturan/",
    "laporan": "/laporan/",
    "verifikasi": "/akun/verifikasi",
    "kesehatan": "/kesehatan/",
}
JOURNEYS: dict[str, Callable[[Page, str, Path], Any]] = {
    "satu-aduan": _first_complaint,
    "pratinjau": _preview,
    "rancangan": _draft,
    "latihan": _training,
}

if __name__ == "__main__":
    main()
