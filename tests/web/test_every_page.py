"""Every page of a lived-in office, in a real browser: readable by all, at home on a small phone, light and dark.

The pages are found by the routes, so a new one is looked at without being named here. Screenshots: var/screenshots/.
"""

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from passlib.totp import TOTP

from aspal.demo import stage
from aspal.settings import load
from aspal.web.menu import MENU
from aspal.web.server import serve
from tests.web.axe import violations
from tests.web.test_server import free_port

PASSWORD = "kata-sandi-peraga"
SHOTS = Path("var/screenshots")
# What a rule's arguments may be in the demo's office; a rule that needs something else has a test of its own.
VALUES = {"complaint_id": 1, "unit_id": 2, "contact_id": 2, "message_id": 1, "reply_id": 1, "kind": "disposisi_baru",
          "batch_id": 1}  # fmt: skip


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[str, Flask]]:
    """The demo's office after its eight days, standing still."""
    port = free_port()
    settings = stage.of_demo(load({"PORT": str(port), "DEMO_PASSWORD": PASSWORD}, dotenv=None))
    start, _ = stage.beginning(settings)
    house, app, _clock = stage.build(settings, start)
    stop = Event()
    server = threading.Thread(target=serve, args=(app, "127.0.0.1", port, 4, stop))
    server.start()
    yield f"http://127.0.0.1:{port}", app
    stop.set()
    server.join(15)
    house.close()
    shutil.rmtree(stage.folder_of(settings), ignore_errors=True)


def log_in(page: Any, base: str) -> None:
    page.goto(f"{base}/login")
    page.fill("#email", "admin@demo.test")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{base}/")


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
    context = chromium.new_context()
    page = context.new_page()
    log_in(page, base)
    shown = []
    for path in addresses(app):
        answer = context.request.get(base + path, max_redirects=0)
        whole = (
            answer.status == 200 and "<html" in answer.text()[:400]
            if "html" in answer.headers.get("content-type", "")
            else False
        )
        shown += [path] if whole else []
    context.close()
    assert {app.url_map.bind("").build(entry.endpoint) for _, entries in MENU for entry in entries} <= set(shown)
    return shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(chromium: Any, office: tuple[str, Flask], pages: list[str], scheme: str) -> None:
    """axe-core with the rules of WCAG 2.2 AA; and no script error, nothing that the content policy had to stop."""
    base, _ = office
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    log_in(page, base)
    found: dict[str, list[str]] = {}
    for path in pages:
        page.goto(base + path)
        if wrong := [*violations(page), *said]:
            found[path] = wrong
        said.clear()
        if scheme == "light":
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"halaman-{re.sub(r'[^a-z0-9]+', '-', path.strip('/')) or 'beranda'}.png")
    context.close()
    assert found == {}


def test_every_page_fits_a_small_phone_and_twice_the_size(
    chromium: Any, office: tuple[str, Flask], pages: list[str]
) -> None:
    """360 px wide; the same as 200 % zoom on a window of 720 px (WCAG 1.4.4, 1.4.10)."""
    base, _ = office
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    log_in(page, base)
    wide = {}
    for path in pages:
        page.goto(base + path)
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if beyond > 0:
            wide[path] = beyond
    context.close()
    assert wide == {}


def test_the_menu_is_walked_by_keyboard_alone(chromium: Any, office: tuple[str, Flask]) -> None:
    base, _ = office
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
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
    context.close()


def test_the_first_login_with_a_second_factor(chromium: Any, office: tuple[str, Flask]) -> None:
    base, _ = office
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    log_in(page, base)
    page.goto(f"{base}/akun/verifikasi")
    page.click("text=Mulai")
    page.screenshot(path=SHOTS / "verifikasi-dua-langkah.png")
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
    context.close()
