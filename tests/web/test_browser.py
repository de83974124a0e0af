"""The journey of a demonstration in a real browser: log in, answer on a phone, see the note arrive."""

import threading
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from aspal import tables as t
from aspal.clock import RunningClock
from aspal.core.words import Role
from aspal.db import Database
from aspal.web.factory import create_app
from aspal.web.server import serve
from tests.web.conftest import PASSWORD, add_user
from tests.web.test_server import free_port
from tests.world import World


@pytest.fixture
def site(sqlite: Database) -> Iterator[tuple[World, str]]:
    """A house with one reminder on Sari's phone, served by waitress."""
    port = free_port()
    world = World(sqlite, "2026-08-03 08:00", public_base_url=f"http://127.0.0.1:{port}")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.person("Budi", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-07-30", title="Jalan berlubang")
    world.until("2026-08-03 09:00")
    world.house.clock = world.phones._clock = RunningClock(world.at("2026-08-03 09:05"), 1)
    add_user(world.db, "admin")
    stop = Event()
    server = threading.Thread(target=serve, args=(create_app(world.house), "127.0.0.1", port, 4, stop))
    server.start()
    yield world, f"http://127.0.0.1:{port}"
    stop.set()
    server.join(15)


def log_in(page: Any, base: str) -> None:
    page.goto(base)
    page.fill("#email", "admin@kantor.test")
    page.fill("#password", PASSWORD)
    page.click("text=Masuk")
    page.wait_for_url(f"{base}/")


def test_a_reply_typed_on_a_phone_becomes_a_note(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    page = chromium.new_page(viewport={"width": 1400, "height": 860})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, base)
    page.click("text=Simulator")
    phone = page.locator(".phone", has_text="Sari")
    phone.locator(".bubble .ticks.is-read").first.wait_for()  # the pulse has delivered, the open phone has read
    phone.locator(".bubble").first.click(button="right")
    phone.locator("textarea").fill("sudah ditindaklanjuti, terima kasih")
    phone.locator("textarea").press("Enter")
    phone.locator(".bubble.is-mine").wait_for()
    assert phone.locator("textarea").input_value() == ""
    world.tick()
    page.locator("#kejadian", has_text="Sari membalas: sudah ditindaklanjuti").wait_for()
    with world.db.read() as conn:
        assert conn.execute(select(t.notes.c.intent, t.notes.c.matched_by)).all() == [("done", "quote")]
    assert complaints == [], "no script error, nothing that the content policy had to stop"
    page.close()


def test_every_page_fits_a_small_phone(chromium: Any, site: tuple[World, str]) -> None:
    _, base = site
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    log_in(page, base)
    for path in ("/", "/aduan/", "/aduan/1", "/pesan/", "/kotak-masuk/", "/simulator/"):
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.close()


def test_the_simulator_works_without_javascript(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, base)
    page.goto(f"{base}/simulator/")
    page.locator(".phone", has_text="Sari").locator(".reply").first.click()
    page.locator(".bubble.is-mine").wait_for()
    with world.db.read() as conn:
        assert len(conn.scalars(select(t.replies.c.id)).all()) == 1
    context.close()
