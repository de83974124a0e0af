"""A web that is really served, and somebody in front of a real browser: what the browser tests have in common.

`SCREENSHOTS=1 make test` keeps pictures of what they saw in var/screenshots.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from flask import Flask

from aspal.web.server import serve
from tests.web.axe import violations
from tests.web.conftest import PASSWORD

_SHOTS = Path("var/screenshots").absolute()


@contextmanager
def served(app: Flask, base: str) -> Iterator[None]:
    """By waitress at that address of this machine, for as long as the block lasts."""
    stop = Event()
    server = threading.Thread(target=serve, args=(app, "127.0.0.1", int(base.rpartition(":")[2]), 4, stop))
    server.start()
    try:
        yield
    finally:
        stop.set()
        server.join(15)


@contextmanager
def visitor(chromium: Any, **options: Any) -> Iterator[tuple[Any, list[str]]]:
    """A page of a browser of its own, and what the browser had to complain about: script errors, forbidden content."""
    # Motion is off: what fades is seen at once.
    context = chromium.new_context(reduced_motion="reduce", **{"viewport": {"width": 1400, "height": 900}} | options)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page, complaints
    finally:
        context.close()


def log_in(page: Any, base: str, email: str = "admin@kantor.test", password: str = PASSWORD) -> None:
    page.goto(f"{base}/login")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{base}/")


def whole(page: Any) -> None:
    """Until the parts that a page asks for by itself are there."""
    page.wait_for_selector(".htmx-request", state="detached")


def beyond(page: Any) -> int:
    """By how many pixels the page is wider than its window; none is what is wanted."""
    return max(0, int(page.evaluate("document.documentElement.scrollWidth - innerWidth")))


def picture(page: Any, name: str) -> None:
    if os.environ.get("SCREENSHOTS"):
        _SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=_SHOTS / f"{name}.png", full_page=True)


def looked_at(page: Any, name: str) -> None:
    """A page as it should be: no rule of accessibility broken, nothing beyond the edge."""
    whole(page)
    picture(page, name)
    assert violations(page) == [], name
    assert beyond(page) == 0, name
