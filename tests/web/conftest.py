"""A web with an account for each role, and its browser: Flask's own, or a real chromium."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from socket import socket
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from aspal import tables as t
from aspal.db import Database
from aspal.records import sessions
from aspal.web.factory import create_app
from tests.world import World

PASSWORD = "kata-sandi-uji-1"
# argon2id of PASSWORD with small parameters: hashing anew for every test would cost more than the tests themselves.
HASH = "$argon2id$v=19$m=8,t=1,p=1$OIH+ljMj3YS0W+KGd7C79g$9I+bSMDgGvvx9ch8xbLEYrvg5pIPLbBk+sqH6hmoa9E"
NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
Browser = Callable[[str], FlaskClient]  # the fixture `browser_of`


@pytest.fixture
def world(sqlite: Database) -> World:
    return World(sqlite, "2026-08-03 08:00")


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.house)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def add_user(db: Database, role: str) -> str:
    """An account; returns what its session is known by."""
    uniquifier = uuid4().hex
    with db.write() as conn:
        role_id = conn.scalar(select(t.roles.c.id).where(t.roles.c.name == role))
        if role_id is None:
            role_id = conn.execute(insert(t.roles).values(name=role).returning(t.roles.c.id)).scalar_one()
        values = {"email": f"{role}@kantor.test", "password": HASH, "fs_uniquifier": uniquifier}
        user = insert(t.users).values(active=True, created_at=NOW, **values).returning(t.users.c.id)
        conn.execute(insert(t.users_roles).values(user_id=conn.execute(user).scalar_one(), role_id=role_id))
    return uniquifier


def begin_session(db: Database, role: str) -> str:
    """The key of a session that this user has just begun, in real time as sessions go."""
    with db.write() as conn:
        user_id = conn.scalar(select(t.users.c.id).where(t.users.c.email == f"{role}@kantor.test"))
        return sessions.begin(conn, int(user_id), "uji", datetime.now(UTC))  # noqa: TID251


@pytest.fixture
def browser_of(app: Flask, world: World) -> Browser:
    """`browser_of("viewer")`: a client that is logged in with that role."""

    def log_in(role: str) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = add_user(world.db, role), True
            session["key"], session["fs_paa"] = begin_session(world.db, role), datetime.now(UTC).timestamp()  # noqa: TID251
        return client

    return log_in


def token_of(client: FlaskClient, path: str = "/") -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def base() -> str:
    """An address of this machine at which a web can be served."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A real browser; where there is none, the last line of the run says so."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("NOT RUN: browser tests (no chromium found). apt-get install -y chromium, and run again.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        yield browser
        browser.close()
