"""Every page of a lived-in office, in a real browser: readable by all, at home on a small phone, light and dark.

The pages are found by the routes, so a new one is looked at without being named here. `SCREENSHOTS=1`: with pictures.
"""

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from passlib.totp import TOTP
from pypdf import PdfReader

from aspal.demo import stage
from aspal.settings import load
from aspal.web.menu import MENU
from tests.web import site
from tests.web.axe import OF_COLOURS, violations
from tests.web.conftest import free_port
from tests.web.site import served, visitor

PASSWORD = "kata-sandi-peraga"
# What a rule's arguments may be in the demo's office; a rule that needs something else has a test of its own.
VALUES = {"complaint_id": 1, "unit_id": 2, "contact_id": 2, "message_id": 1, "reply_id": 1, "kind": "disposisi_baru",
          "batch_id": 1, "user_id": 1}  # fmt: skip
# A label finds the first of two: the words of a message once belonged to <main>, and their field had no name.
_TWICE = "() => [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, n, all) => all.indexOf(id) !== n)"


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[str, Flask]]:
    """The demo's office after its eight days, standing still."""
    settings = stage.of_demo(load({"PORT": str(free_port()), "DEMO_PASSWORD": PASSWORD}, dotenv=None))
    start, _ = stage.beginning(settings)
    house, app, _clock = stage.build(settings, start)
    with served(app, settings.public_base_url):
        yield settings.public_base_url, app
    house.close()
    shutil.rmtree(stage.folder_of(settings), ignore_errors=True)


def log_in(page: Any, base: str) -> None:
    site.log_in(page, base, "admin@demo.test", PASSWORD)


def addresses(app: Flask) -> list[str]:
    """Every page that can be opened by a plain link."""
    found = []
    for rule in app.url_map.iter_rules():
        mine = rule.endpoint.partition(".")[0] not in ("security", "health", "api", "static")
        if "GET" not in (rule.methods or ()) or not mine or not rule.arguments <= set(VALUES):
            continue
        values = {name: VALUES[name] for name in rule.arguments}
        found.append(app.url_map.bind("").build(rule.endpoint, values, method="GET"))
    return sorted(found)


@pytest.fixture(scope="module")
def pages(chromium: Any, office: tuple[str, Flask]) -> list[str]:
    """Those of the addresses that are pages, and not downloads, parts of a page, or ways elsewhere."""
    base, app = office
    with visitor(chromium) as (page, _):
        log_in(page, base)
        shown = [path for path in addresses(app) if _is_page(page.request.get(base + path, max_redirects=0))]
    assert {app.url_map.bind("").build(entry.endpoint) for _, entries in MENU for entry in entries} <= set(shown)
    return shown


def _is_page(answer: Any) -> bool:
    html = "html" in answer.headers.get("content-type", "")
    return html and answer.status == 200 and "<html" in answer.text()[:400]


def test_no_page_shuts_anybody_out(chromium: Any, office: tuple[str, Flask], pages: list[str]) -> None:
    """axe-core with the rules of WCAG 2.2 AA; and no script error, nothing that the content policy had to stop.

    Light and dark are one page in two sets of colours: what does not hang on colours is looked at once.
    """
    base, _ = office
    found: dict[str, list[str]] = {}
    with visitor(chromium) as (page, said):
        log_in(page, base)
        for path in pages:
            page.emulate_media(color_scheme="light")
            page.goto(base + path)
            site.whole(page)
            site.picture(page, f"halaman-{re.sub(r'[^a-z0-9]+', '-', path.strip('/')) or 'beranda'}")
            wrong = violations(page) + [f"id {one} twice" for one in page.evaluate(_TWICE)]
            page.emulate_media(color_scheme="dark")
            page.wait_for_selector("html[data-bs-theme=dark], .paper", state="attached")  # what is printed stays light
            wrong += [f"dark: {one}" for one in violations(page, OF_COLOURS)]
            if wrong := [*wrong, *said]:
                found[path] = wrong
            said.clear()
    assert found == {}


def test_every_page_fits_a_small_phone_and_twice_the_size(
    chromium: Any, office: tuple[str, Flask], pages: list[str]
) -> None:
    """360 px wide; the same as 200 % zoom on a window of 720 px (WCAG 1.4.4, 1.4.10)."""
    base, _ = office
    wide = {}
    with visitor(chromium, viewport={"width": 360, "height": 740}) as (page, _):
        log_in(page, base)
        for path in pages:
            page.goto(base + path)
            if too_wide := site.beyond(page):
                wide[path] = too_wide
    assert wide == {}


def test_on_a_phone_every_figure_of_the_report_is_in_sight(chromium: Any, office: tuple[str, Flask]) -> None:
    """Whoever reads it there does not know that a table goes on beyond the edge."""
    base, _ = office
    with visitor(chromium, viewport={"width": 360, "height": 740}) as (page, _):
        log_in(page, base)
        page.goto(f"{base}/laporan/")
        hidden = "tables => tables.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
        assert page.eval_on_selector_all(".table-responsive", hidden) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [("/aduan/", "9900"), ("/laporan/", "Total laporan"), ("/kalender/", "Januari"), ("/", "Yang perlu Anda lihat")],
)
def test_on_paper_a_page_begins_with_its_name_and_there_is_nothing_to_press(
    chromium: Any, office: tuple[str, Flask], path: str, words: str
) -> None:
    base, _ = office
    with visitor(chromium) as (page, _):
        log_in(page, base)
        page.goto(base + path)
        site.whole(page)
        name = page.inner_text("h1")
        first = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0].extract_text()
        page.emulate_media(media="print")
        assert page.locator(".btn:visible, input:visible, select:visible").count() == 0
    assert name in first
    assert words.lower() in first.lower(), "the first sheet is not empty"


@pytest.mark.parametrize("path", ["/", "/laporan/"])
def test_a_dark_screen_prints_on_white_paper(chromium: Any, office: tuple[str, Flask], path: str) -> None:
    """Also the charts, which are pictures: their words were light grey on white."""
    base, _ = office
    with visitor(chromium, color_scheme="dark") as (page, _):
        log_in(page, base)
        page.goto(base + path)
        site.whole(page)
        ticks = "Chart.getChart(document.querySelector('canvas[data-chart]')).options.scales.x.ticks.color"
        page.wait_for_function(f"document.querySelector('canvas[data-chart]') && {ticks}")
        dark = page.evaluate(ticks)
        page.evaluate(f"addEventListener('beforeprint', () => {{ window.printed = {ticks} }})")
        page.pdf()
        page.wait_for_function("window.printed")
        assert page.evaluate("printed") != dark
        page.wait_for_function(f"{ticks} === '{dark}'")


def test_the_menu_is_walked_by_keyboard_alone(chromium: Any, office: tuple[str, Flask]) -> None:
    base, _ = office
    with visitor(chromium) as (page, _):
        log_in(page, base)
        page.goto(f"{base}/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").strip() == "Langsung ke isi"
        seen = []
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.textContent.trim(), s.outlineStyle !== 'none' || s.boxShadow !== 'none'] }"
            )
            seen.append(focused)
            if focused[0].endswith("Keluar"):
                break
        labels = [entry.label for _, entries in MENU for entry in entries]
        assert [text for text, _ in seen if text in labels] == labels
        assert all(visible for text, visible in seen if text in labels), "where the keyboard stands can be seen"


def test_the_first_login_with_a_second_factor(chromium: Any, office: tuple[str, Flask]) -> None:
    base, _ = office
    with visitor(chromium) as (page, _):
        log_in(page, base)
        page.goto(f"{base}/akun/verifikasi")
        page.click("text=Mulai")
        site.picture(page, "verifikasi-dua-langkah")
        page.click("summary")
        phone = TOTP(key=page.locator("code").inner_text(), format="base32")
        page.fill("#code", str(phone.generate().token))
        page.click("text=Aktifkan")
        page.click("text=Buat kode baru")
        recovery = page.locator(".codes code").first.inner_text()
        page.click("text=Keluar")
        page.fill("#email", "admin@demo.test")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_selector("text=Masukkan kode enam angka")
        page.click("text=Pakai kode pemulihan")
        page.fill("#code", recovery)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{base}/")
        page.goto(f"{base}/akun/verifikasi")
        page.click("text=Matikan")  # the other tests log in with the password alone
        page.wait_for_selector("text=Verifikasi dua langkah dimatikan")
