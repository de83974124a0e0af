"""The second factor: set up, asked for, taken once, lost and found again; and the sessions on the server."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select

from aspal import tables as t
from aspal.db import Database
from aspal.records import accounts
from aspal.web.factory import create_app
from tests.web.conftest import PASSWORD, Browser, add_user, token_of
from tests.web.test_login import log_in
from tests.world import World

START = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


def post(client: FlaskClient, path: str, page: str | None = None, **data: str) -> Any:
    return client.post(path, data=data | {"csrf_token": token_of(client, page or path)})


def key_on(page: str) -> TOTP:
    """What the authenticator app would know after reading the page's key."""
    found = re.search(r'user-select-all">([A-Z2-7-]+)<', page)
    assert found
    return TOTP(key=found[1], format="base32")


def code_at(app_on_the_phone: TOTP, moment: datetime) -> str:
    return str(app_on_the_phone.generate(moment).token)


def set_up(client: FlaskClient, moment: datetime) -> TOTP:
    """The owner's way through the pages: from the button to the first code."""
    page = post(client, "/akun/verifikasi", setup="authenticator").text
    phone = key_on(page)
    action = re.search(r'action="(/akun/verifikasi/[^"]+)"', page)
    assert action
    answer = post(client, action[1], page="/akun/", code=code_at(phone, moment))
    assert answer.headers["Location"] == "/akun/kode-pemulihan"
    return phone


@dataclass(frozen=True)
class Owner:
    """An admin who has just set his second factor up."""

    browser: FlaskClient
    phone: TOTP
    clock: Any

    def code_later(self) -> str:
        """What his phone shows five minutes on."""
        self.clock.shift(timedelta(minutes=5))
        return code_at(self.phone, START + timedelta(minutes=5))


@pytest.fixture
def owner(app: Flask, world: World) -> Iterator[Owner]:
    """Time stands still until the test moves it."""
    add_user(world.db, "admin")
    with time_machine.travel(START, tick=False) as clock:
        browser = app.test_client()
        log_in(browser)
        yield Owner(browser, set_up(browser, START), clock)


def test_who_has_set_it_up_is_asked_for_a_code_and_gets_nowhere_without(app: Flask, owner: Owner) -> None:
    code, thief = owner.code_later(), app.test_client()
    assert log_in(thief).startswith("/login/kode")
    assert thief.get("/").status_code == 302, "the password alone opens nothing"
    assert "tidak cocok" in post(thief, "/login/kode", code="000000").text
    assert post(thief, "/login/kode", code=code).headers["Location"] == "/"
    assert thief.get("/").status_code == 200


def test_a_code_is_taken_once(app: Flask, world: World, owner: Owner) -> None:
    """RFC 6238, 5.2: who looks over the shoulder must not be able to use the code a second time."""
    code = owner.code_later()
    first, second = app.test_client(), create_app(world.house).test_client()
    log_in(first)
    log_in(second)
    assert post(first, "/login/kode", code=code).headers["Location"] == "/"
    assert "sudah dipakai" in post(second, "/login/kode", code=code).text
    assert second.get("/").status_code == 302


def test_codes_cannot_be_tried_through(app: Flask, owner: Owner) -> None:
    right, thief = owner.code_later(), app.test_client()
    log_in(thief)
    for guess in range(accounts.TRIES):
        post(thief, "/login/kode", code=f"{guess:06}")
    assert "Terlalu banyak" in post(thief, "/login/kode", code=right).text


def test_each_recovery_code_opens_once_and_is_not_kept_in_plain(app: Flask, world: World, owner: Owner) -> None:
    page = post(owner.browser, "/akun/kode-pemulihan", generate_new_codes="1").text
    codes = re.findall(r"<code class=\"user-select-all\">([0-9a-f-]{14})</code>", page)
    assert len(codes) == 8
    with world.db.read() as conn:
        kept = conn.execute(select(t.users.c.mf_recovery_codes, t.users.c.tf_totp_secret)).one()
    assert len(kept.mf_recovery_codes) == 8
    assert not any(code in str(kept) for code in codes)
    owner.clock.shift(timedelta(minutes=5))
    for expected in ("/", None):
        lost = app.test_client()
        log_in(lost)
        answer = post(lost, "/login/kode-pemulihan", code=codes[3])
        assert answer.headers.get("Location") == expected
    assert "tidak cocok atau sudah dipakai" in answer.text


def test_a_house_that_writes_to_real_people_lets_no_admin_in_without(sqlite: Database) -> None:
    house = World(sqlite, "2026-08-03 08:00", two_factor="required")
    app = create_app(house.house)
    add_user(house.db, "admin")
    add_user(house.db, "viewer")
    with time_machine.travel(START, tick=False):
        admin, viewer = app.test_client(), app.test_client()
        assert log_in(admin) == "/akun/verifikasi"
        assert admin.get("/").status_code == 302
        phone = key_on(post(admin, "/akun/verifikasi", setup="authenticator").text)
        done = post(admin, "/login/kode", page="/akun/verifikasi", code=code_at(phone, START))
        assert done.headers["Location"] == "/"
        assert admin.get("/").status_code == 200
        assert log_in(viewer, email="viewer@kantor.test") == "/"


@pytest.mark.parametrize(
    ("settings", "demanded"),
    [
        ({"two_factor": "auto"}, False),
        ({"two_factor": "required"}, True),
        ({"whatsapp_gateway": "twilio", "recipients": "all", "two_factor": "auto"}, True),
        ({"whatsapp_gateway": "twilio", "recipients": "guests", "two_factor": "auto"}, False),
        ({"whatsapp_gateway": "twilio", "recipients": "all", "two_factor": "optional"}, False),
    ],
)
def test_when_a_second_factor_is_demanded(settings: dict[str, str], demanded: bool) -> None:
    from aspal.settings import load

    twilio = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "x",
        "TWILIO_WHATSAPP_FROM": "whatsapp:+6281200000000",
    }
    env = twilio | {name.upper(): value for name, value in settings.items()}
    assert load(env, dotenv=None).demands_two_factor is demanded


def test_the_factor_is_changed_only_by_who_has_just_typed_the_password(world: World, owner: Owner) -> None:
    browser = owner.browser
    owner.clock.shift(timedelta(hours=1))
    assert browser.get("/akun/").status_code == 200
    answer = post(browser, "/akun/verifikasi", page="/akun/", setup="disable")
    assert answer.headers["Location"].startswith("/akun/kata-sandi-lagi")
    with world.db.read() as conn:
        assert conn.scalar(select(t.users.c.tf_primary_method)) == "authenticator"
    assert "salah" in post(browser, "/akun/kata-sandi-lagi", password="bukan-itu").text
    assert post(browser, "/akun/kata-sandi-lagi", password=PASSWORD).status_code == 302
    post(browser, "/akun/verifikasi", setup="disable")
    with world.db.read() as conn:
        assert conn.scalar(select(t.users.c.tf_primary_method)) is None
        assert "user.two_factor_off" in conn.scalars(select(t.journal.c.action)).all()


# --- passwords and sessions ----------------------------------------------------------------------------------------


def test_the_owner_changes_his_password_and_other_devices_are_out(app: Flask, world: World) -> None:
    add_user(world.db, "viewer")
    here, there = app.test_client(), app.test_client()
    for browser in (here, there):
        log_in(browser, email="viewer@kantor.test")
    new = "kambing-lampu-selasa"
    page = "/akun/kata-sandi"
    assert "salah" in post(here, page, password="bukan-itu", new_password=new, new_password_confirm=new).text
    assert "tidak sama" in post(here, page, password=PASSWORD, new_password=new, new_password_confirm="lain-lagi").text
    leaked = post(here, page, password=PASSWORD, new_password="password123", new_password_confirm="password123")
    assert "mudah ditebak" in leaked.text
    answer = post(here, page, password=PASSWORD, new_password=new, new_password_confirm=new)
    assert answer.headers["Location"] == "/akun/"
    assert here.get("/akun/").status_code == 200
    assert there.get("/akun/").status_code == 302
    assert log_in(app.test_client(), email="viewer@kantor.test", password=new) == "/"


@pytest.mark.parametrize(
    "password",
    ["pendek", "password123", "sari.dewi@kantor.test", "Aspal2026!", "QWERTYUIOP", "123456789012", "1234567890123456",
     "aaaaaaaaaaaa", "abcabcabcabc", "qwertyuiopas", "Kominfo2026!", "sari.dewi2026", "P@ssw0rd2026", "rahasia123",
     "bismillah123", "17081945", "08120000123", "a1" * 250],
)  # fmt: skip
def test_passwords_that_everybody_tries_first_are_refused(password: str) -> None:
    assert accounts.password_trouble(password, "sari.dewi@kantor.test")


@pytest.mark.parametrize("password", ["kuda-lari-senja", "tiga kata lain", "x7Kq2mPz", "meja ubin hujan" * 33])
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    assert accounts.password_trouble(password, "sari.dewi@kantor.test") is None


def test_a_password_that_somebody_else_has_given_is_changed_first(app: Flask, world: World) -> None:
    with world.db.write() as conn:
        accounts.add(conn, "baru@kantor.test", PASSWORD, "viewer", START, temporary=True)
    browser, new = app.test_client(), "kambing-lampu-selasa"
    log_in(browser, email="baru@kantor.test")
    assert browser.get("/aduan/").headers["Location"] == "/akun/kata-sandi"
    post(browser, "/akun/kata-sandi", password=PASSWORD, new_password=new, new_password_confirm=new)
    assert browser.get("/aduan/").status_code == 200


def test_a_session_is_ended_from_another_device(app: Flask, world: World) -> None:
    add_user(world.db, "viewer")
    office, forgotten = app.test_client(), app.test_client()
    for browser, agent in ((office, "Mozilla/5.0 (Windows) Chrome/1 Safari/1"), (forgotten, "(Android) Firefox/1")):
        browser.environ_base["HTTP_USER_AGENT"] = agent
        log_in(browser, email="viewer@kantor.test")
    page = office.get("/akun/").text
    assert "Chrome di Windows" in page
    assert "Firefox di Android" in page
    action = re.search(r'action="(/akun/sesi/\d+)"', page)
    assert action
    post(office, action[1], page="/akun/")
    assert forgotten.get("/").status_code == 302
    assert office.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(app: Flask, world: World, browser_of: Browser) -> None:
    viewer, admin = browser_of("viewer"), browser_of("admin")
    with world.db.read() as conn:
        ids = dict(conn.execute(select(t.sessions.c.user_id, t.sessions.c.id)).all())
        mine = conn.scalar(select(t.users.c.id).where(t.users.c.email == "admin@kantor.test"))
    assert post(viewer, f"/akun/sesi/{ids[mine]}", page="/akun/").status_code == 404
    assert admin.get("/").status_code == 200


def test_what_was_typed_in_a_session_that_ended_is_shown_and_not_done(app: Flask, world: World) -> None:
    add_user(world.db, "admin")
    browser = app.test_client()
    log_in(browser)
    token = token_of(browser)
    with world.db.write() as conn:
        conn.execute(t.sessions.update().values(ended_at=datetime.now(UTC)))  # noqa: TID251
    typed = {"csrf_token": token, "name": "Dasbor <b>", "scope": "read", "password": "jangan-tampil"}
    answer = browser.post("/pengguna/token", data=typed)
    assert answer.status_code == 401
    assert "belum tersimpan" in answer.text
    assert "Dasbor &lt;b&gt;" in answer.text
    assert "jangan-tampil" not in answer.text
    with world.db.read() as conn:
        assert conn.scalars(select(t.api_tokens.c.id)).all() == []


def test_what_is_no_address_cannot_lock_the_codes_of_others(app: Flask, world: World) -> None:
    """The login counts what is typed; "code:1" is what the second factor of user 1 is counted under."""
    add_user(world.db, "admin")
    stranger = app.test_client()
    for _ in range(accounts.TRIES + 1):
        assert "salah" in log_in(stranger, email="code:1")
    with world.db.write() as conn:
        assert accounts.may_try(conn, "code:1", datetime.now(UTC))  # noqa: TID251


def test_after_the_secret_key_has_changed_no_code_fits_and_the_server_lets_its_owner_in(
    app: Flask, world: World, owner: Owner
) -> None:
    world.with_settings(secret_key="another" * 8)
    browser = create_app(world.house).test_client()
    assert log_in(browser).startswith("/login/kode")
    assert "tidak cocok" in post(browser, "/login/kode", code=owner.code_later()).text
    with world.db.write() as conn:  # as `aspal users add … --forget-two-factor` does
        assert accounts.forget_two_factor(conn, world.only(t.users).id)
    again = create_app(world.house).test_client()
    log_in(again)
    assert again.get("/").status_code == 200
