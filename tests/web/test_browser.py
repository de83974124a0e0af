"""The journey of a demonstration in a real browser: log in, answer on a phone, see the note arrive."""

from collections.abc import Iterator
from typing import Any

import pytest

from aspal import tables as t
from aspal.clock import RunningClock
from aspal.core.words import Role
from aspal.db import Database
from aspal.training import TrainingRoom, room
from aspal.web.factory import create_app
from tests.web.conftest import add_user
from tests.web.site import beyond, log_in, served, visitor
from tests.world import World


@pytest.fixture
def site(sqlite: Database, base: str) -> Iterator[tuple[World, str]]:
    """A house with one reminder on Sari's phone, served by waitress."""
    world = World(sqlite, "2026-08-03 08:00", public_base_url=base)
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.person("Budi", Role.HEAD, unit)
    world.complaint("1916449", unit, disposed="2026-07-30", title="Jalan berlubang")
    world.until("2026-08-03 09:00")
    world.house.clock = world.phones._clock = RunningClock(world.at("2026-08-03 09:05"), 1)
    add_user(world.db, "admin")
    training = TrainingRoom(world.settings)
    with served(create_app(world.house, training), base):
        yield world, base
    training.end()


def test_a_reply_typed_on_a_phone_becomes_a_note(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    with visitor(chromium) as (page, complaints):
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
        assert [(row.intent, row.matched_by) for row in world.rows(t.notes)] == [("done", "quote")]
        assert complaints == [], "no script error, nothing that the content policy had to stop"


def test_every_page_fits_a_small_phone(chromium: Any, site: tuple[World, str]) -> None:
    _, base = site
    with visitor(chromium, viewport={"width": 360, "height": 740}) as (page, _):
        log_in(page, base)
        for path in ("/", "/aduan/", "/aduan/1", "/pesan/", "/kotak-masuk/", "/simulator/"):
            page.goto(base + path)
            assert beyond(page) == 0, path


def test_the_simulator_works_without_javascript(chromium: Any, site: tuple[World, str]) -> None:
    world, base = site
    with visitor(chromium, java_script_enabled=False) as (page, _):
        log_in(page, base)
        page.goto(f"{base}/simulator/")
        page.locator(".phone", has_text="Sari").locator(".reply").first.click()
        page.locator(".bubble.is-mine").wait_for()
        assert len(world.rows(t.replies)) == 1


def test_the_code_of_a_training_stays_on_one_line(
    chromium: Any, site: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However wide its letters are: broken in two it is typed wrongly."""
    monkeypatch.setattr(room, "_LETTERS", "W")
    with visitor(chromium) as (page, _):
        log_in(page, site[1])
        page.goto(f"{site[1]}/latihan/")
        page.click("text=Buka ruang latihan")
        code = page.locator(".join-code")
        for width in (360, 1000, 1280, 1400):
            page.set_viewport_size({"width": width, "height": 800})
            high = "code => code.getBoundingClientRect().height / parseFloat(getComputedStyle(code).lineHeight)"
            wide = "code => code.scrollWidth - code.clientWidth"
            assert (code.inner_text(), round(code.evaluate(high)), code.evaluate(wide)) == ("WWWWWW", 1, 0), width
