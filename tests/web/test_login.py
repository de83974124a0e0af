"""The entrance: one answer for every wrong pair, a throttle that survives the process, and an end to sessions."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from aspal import tables as t
from aspal.db import Database
from aspal.flow import housekeeping
from aspal.records import accounts, sessions
from aspal.web.factory import create_app
from tests.web.conftest import PASSWORD, add_user, token_of
from tests.world import World

NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


def log_in(client: FlaskClient, email: str = "admin@kantor.test", password: str = PASSWORD, **more: str) -> str:
    """Where the form leads, or what it says."""
    data = {"email": email, "password": password, "csrf_token": token_of(client, "/login")} | more
    answer = client.post("/login", data=data)
    return answer.headers.get("Location") or answer.text


def test_the_right_pair_opens_the_pages(client: FlaskClient, world: World) -> None:
    add_user(world.db, "admin")
    assert log_in(client, email=" Admin@Kantor.test ") == "/"
    assert "Yang perlu Anda lihat" in client.get("/").text


def test_it_leads_back_to_the_page_that_was_asked_for_but_never_elsewhere(client: FlaskClient, world: World) -> None:
    add_user(world.db, "admin")
    assert client.get("/pesan/?state=held").headers["Location"] == "/login?next=/pesan/?state%3Dheld"
    assert log_in(client, next="/pesan/?state=held") == "/pesan/?state=held"
    client.post("/logout", data={"csrf_token": token_of(client)})
    assert "jahat" not in log_in(client, next="https://jahat.example/")


def test_a_wrong_address_and_a_wrong_password_sound_alike(client: FlaskClient, world: World) -> None:
    add_user(world.db, "admin")
    answers = [log_in(client, email="entah@kantor.test"), log_in(client, password="salah-sama-sekali")]
    assert all("Alamat surel atau kata sandi salah." in answer for answer in answers)


def test_after_five_wrong_passwords_even_the_right_one_waits(client: FlaskClient, world: World) -> None:
    add_user(world.db, "admin")
    for _ in range(accounts.TRIES):
        log_in(client, password="salah-sama-sekali")
    assert "Terlalu banyak percobaan" in log_in(client)


def test_the_throttle_holds_for_another_process_and_ends_with_time(world: World) -> None:
    add_user(world.db, "admin")
    real = datetime.now(UTC)  # noqa: TID251 - the throttle goes by real time, whatever the office's clock says
    with world.db.write() as conn:
        recent = [{"email": "admin@kantor.test", "at": real - timedelta(minutes=1)}] * accounts.TRIES
        conn.execute(insert(t.login_failures), recent)
    assert "Terlalu banyak percobaan" in log_in(create_app(world.house).test_client())
    with world.db.write() as conn:
        conn.execute(t.login_failures.update().values(at=real - accounts.WINDOW))
    assert log_in(create_app(world.house).test_client()) == "/"
    with world.db.read() as conn:
        assert conn.scalars(select(t.login_failures.c.id)).all() == []


def test_addresses_that_do_not_exist_are_throttled_alike(client: FlaskClient) -> None:
    for _ in range(accounts.TRIES):
        log_in(client, email="entah@kantor.test")
    assert "Terlalu banyak percobaan" in log_in(client, email="ENTAH@kantor.test")


@pytest.mark.parametrize("spelled", ["ADM\u0130N@kantor.test", "admin@\u212aANTOR.test"])
def test_letters_that_a_database_takes_for_others_give_no_more_tries(
    client: FlaskClient, world: World, spelled: str
) -> None:
    """PostgreSQL finds admin@ for ADM\u0130N@ too: each i once doubled the tries."""
    add_user(world.db, "admin")
    for _ in range(accounts.TRIES):
        log_in(client, password="salah-sama-sekali")
    assert "Terlalu banyak percobaan" in log_in(client, email=spelled)


def test_logging_out_ends_the_session(client: FlaskClient, world: World) -> None:
    add_user(world.db, "admin")
    log_in(client)
    client.post("/logout", data={"csrf_token": token_of(client)})
    assert client.get("/").status_code == 302


def test_an_admin_can_end_every_session_of_a_user(client: FlaskClient, world: World) -> None:
    add_user(world.db, "admin")
    log_in(client)
    with world.db.write() as conn:
        assert sessions.end_all(conn, 1, datetime.now(UTC)) == 1  # noqa: TID251 - sessions go by real time
    assert client.get("/").status_code == 302


def test_a_blocked_account_is_out_at_once(client: FlaskClient, world: World) -> None:
    add_user(world.db, "admin")
    log_in(client)
    with world.db.write() as conn:
        conn.execute(t.users.update().values(active=False))
    assert client.get("/").status_code == 302
    assert "salah" in log_in(client)


def test_there_is_no_registration_and_no_reset(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert not any(word in rule for rule in rules for word in ("register", "reset", "confirm", "recover-username"))


@pytest.mark.parametrize(("base", "secure"), [("https://aspal.contoh.go.id", True), ("http://127.0.0.1:8000", False)])
def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(sqlite: Database, base: str, secure: bool) -> None:
    client = create_app(World(sqlite, "2026-08-03 08:00", public_base_url=base).house).test_client()
    cookie = client.get("/login", base_url=base).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure
    assert cookie.startswith("__Host-aspal=" if secure else "aspal=")


# --- accounts -------------------------------------------------------------------------------------------------------


def test_an_account_made_by_the_command_line_can_log_in(client: FlaskClient, world: World) -> None:
    with world.db.write() as conn:
        accounts.add(conn, "Baru@Kantor.test", PASSWORD, "viewer", NOW)
    assert log_in(client, email="baru@kantor.test") == "/"


def test_adding_an_account_again_changes_its_password_and_role_and_ends_its_sessions(world: World) -> None:
    with world.db.write() as conn:
        first = accounts.add(conn, "a@kantor.test", PASSWORD, "viewer", NOW)
        before = conn.scalar(select(t.users.c.fs_uniquifier))
        assert accounts.add(conn, "a@kantor.test", PASSWORD + "!", "admin", NOW) == first
        assert conn.scalar(select(t.users.c.fs_uniquifier)) != before
        (account,) = accounts.listed(conn)
        assert (account.email, account.roles, account.active) == ("a@kantor.test", ("admin",), True)


@pytest.mark.parametrize(
    ("email", "password", "role"),
    [("bukan-surel", PASSWORD, "admin"), ("a@kantor.test", "pendek", "admin"), ("a@kantor.test", PASSWORD, "raja")],
)
def test_an_unusable_account_is_refused(world: World, email: str, password: str, role: str) -> None:
    with world.db.write() as conn, pytest.raises(ValueError, match=r"surel|kata sandi|peran"):
        accounts.add(conn, email, password, role, NOW)


def test_housekeeping_forgets_only_what_no_longer_counts(world: World) -> None:
    with world.db.write() as conn:
        assert accounts.may_try(conn, "a@kantor.test", NOW - accounts.WINDOW)
        assert accounts.may_try(conn, "a@kantor.test", NOW)
        assert accounts.forget_failures(conn, NOW) == 1


def test_housekeeping_forgets_sessions_after_ninety_days_of_real_time(world: World) -> None:
    """A demo's clock may be far ahead; whoever is looking at it must not be thrown out."""
    real = datetime.now(UTC)  # noqa: TID251
    add_user(world.db, "admin")
    with world.db.write() as conn:
        user_id = int(conn.scalars(select(t.users.c.id)).one())
        for days in (91, 89, 0):
            sessions.begin(conn, user_id, f"{days} hari", real - timedelta(days=days))
    for now in (real, real + timedelta(days=400)):
        housekeeping.run(world.db, world.settings, now)
        assert {row.agent for row in world.rows(t.sessions)} == {"89 hari", "0 hari"}
