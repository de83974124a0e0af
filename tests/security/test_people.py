"""Who may open what, and what an outsider may do with somebody else's session, form, address bar or patience."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from aspal import tables as t
from aspal.core.words import Kind, Role
from aspal.db import Database
from aspal.gateways import texts
from aspal.records import accounts, imports
from aspal.records.sessions import IDLE, LONGEST
from aspal.training import TrainingRoom
from aspal.web import message_kinds
from aspal.web.factory import create_app
from tests.flow.phone import understand, writes
from tests.security.addresses import addresses
from tests.security.route_matrix import ADMINS, CLOSED, DECIDERS, EVERYBODY, INSIDE, TOKEN
from tests.web.conftest import PASSWORD, Browser, add_user, token_of
from tests.web.test_guard import routes
from tests.world import World


@pytest.fixture
def app(world: World) -> Iterator[Flask]:
    """With a room for trainings: every route that there is."""
    room = TrainingRoom(world.settings)
    yield create_app(world.house, room)
    room.end()


OPEN_TO = {
    "nobody": EVERYBODY,
    "viewer": EVERYBODY | INSIDE,
    "approver": EVERYBODY | INSIDE | DECIDERS,
    "admin": EVERYBODY | INSIDE | DECIDERS | ADMINS,
}
# They end the session that the other routes are asked with, or lead away from where it is asked.
ELSEWHERE_TESTED = {"security.logout", "security.mf_recovery", "security.two_factor_token_validation"}


@pytest.mark.parametrize("who", ["nobody", "viewer", "approver", "admin"])
def test_every_route_opens_for_exactly_whom_the_matrix_names(app: Flask, browser_of: Browser, who: str) -> None:
    browser_of("tamu")  # account 1 is somebody else: what is done to it must not end the session that does it
    browser = app.test_client() if who == "nobody" else browser_of(who)
    token = token_of(browser, "/login" if who == "nobody" else "/")
    for rule, method, path in routes(app):
        route = f"{rule.endpoint} {method}"
        if rule.endpoint in ELSEWHERE_TESTED:
            continue
        answer = browser.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
        if route in TOKEN | CLOSED:
            assert answer.status_code in (401, 403, 404), f"{route} as {who}"
            continue
        to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
        refused = answer.status_code in (401, 403) or to_login
        assert refused is (route not in OPEN_TO[who]), f"{route} as {who}: {answer.status_code}"


def test_the_matrix_names_every_route_once_and_none_that_is_gone(app: Flask) -> None:
    groups = (EVERYBODY, INSIDE, DECIDERS, ADMINS, TOKEN, CLOSED)
    named = frozenset().union(*groups)
    assert len(named) == sum(map(len, groups))
    assert named == {f"{rule.endpoint} {method}" for rule, method, _ in routes(app)}


# --- sessions --------------------------------------------------------------------------------------------------------


def log_in(client: FlaskClient, email: str = "admin@kantor.test", password: str = PASSWORD, **more: str) -> str:
    data = {"email": email, "password": password, "csrf_token": token_of(client, "/login")} | more
    answer = client.post("/login", data=data)
    return answer.headers.get("Location") or answer.text


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("aspal")
    assert found
    return found.value


def test_a_session_from_before_the_login_is_worth_nothing_after_it(app: Flask, world: World) -> None:
    """Fixation: what an attacker planted in the victim's browser must not become the victim's session."""
    add_user(world.db, "admin")
    victim, attacker = app.test_client(), app.test_client()
    planted_token = token_of(attacker, "/login")
    planted = cookie(attacker)
    victim.set_cookie("aspal", planted)
    assert log_in(victim) == "/"
    assert cookie(victim) != planted
    attacker.set_cookie("aspal", planted)
    assert attacker.get("/").status_code == 302
    assert victim.post("/logout", data={"csrf_token": planted_token}).status_code == 400


def test_a_copied_cookie_dies_with_the_logout(app: Flask, world: World) -> None:
    add_user(world.db, "admin")
    owner, thief = app.test_client(), app.test_client()
    log_in(owner)
    thief.set_cookie("aspal", cookie(owner))
    assert thief.get("/").status_code == 200
    owner.post("/logout", data={"csrf_token": token_of(owner)})
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize(
    ("steps", "alive"),
    [([IDLE - timedelta(minutes=5)], True), ([IDLE + timedelta(minutes=1)], False), ([timedelta(hours=1)] * 11, True),
     ([timedelta(hours=1)] * 13, False)],
    ids=["used", "left alone", "used all day", "longer than a day's work"],
)  # fmt: skip
def test_a_session_ends_when_left_alone_and_after_a_working_day(
    app: Flask, world: World, steps: list[timedelta], alive: bool
) -> None:
    assert timedelta(hours=11) < LONGEST < timedelta(hours=13)
    add_user(world.db, "admin")
    start = datetime(2026, 8, 3, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as traveller:
        browser = app.test_client()
        log_in(browser)
        for step in steps:
            start += step
            traveller.move_to(start)
            answer = browser.get("/")
        assert (answer.status_code == 200) is alive


def test_a_forged_or_foreign_cookie_is_nobody(app: Flask, world: World) -> None:
    add_user(world.db, "admin")
    from flask.sessions import SecureCookieSessionInterface

    other = create_app(World(world.db, "2026-08-03 08:00", secret_key="z" * 40).house)
    signer = SecureCookieSessionInterface().get_signing_serializer(other)
    assert signer
    for value in (signer.dumps({"_user_id": "x", "_fresh": True}), "eyJfdXNlcl9pZCI6IjEifQ..", "x" * 3000):
        browser = app.test_client()
        browser.set_cookie("aspal", value)
        assert browser.get("/").status_code == 302


def test_the_login_has_no_second_door(app: Flask, world: World) -> None:
    """No JSON that tells which addresses exist, no token in a header or an address."""
    add_user(world.db, "admin")
    browser = app.test_client()
    token = token_of(browser, "/login")
    wants = {"Accept": "application/json", "X-CSRFToken": token}
    answers = [
        browser.post("/login?include_auth_token", json={"email": email, "password": "salah-sekali"}, headers=wants).text
        for email in ("admin@kantor.test", "entah@kantor.test")
    ]
    assert all("does not exist" not in text and "Invalid password" not in text for text in answers)
    right = {"email": "admin@kantor.test", "password": PASSWORD}
    answer = browser.post("/login?include_auth_token", json=right, headers=wants)
    assert "authentication_token" not in answer.text
    with app.test_request_context():
        user = app.extensions["security"].datastore.find_user(email="admin@kantor.test")
        stolen = user.get_auth_token()
    outsider = app.test_client()
    assert outsider.get("/", headers={"Authentication-Token": stolen}).status_code == 302
    assert outsider.get(f"/?auth_token={stolen}").status_code == 302


# --- forms, frames, addresses ----------------------------------------------------------------------------------------


def test_no_token_of_another_session_is_taken(app: Flask, browser_of: Browser) -> None:
    mine, theirs = browser_of("admin"), browser_of("approver")
    foreign = token_of(theirs)
    for rule, method, path in routes(app):
        if method == "POST" and not rule.endpoint.startswith(("api.", "security.")):
            assert mine.post(path, data={"csrf_token": foreign}).status_code == 400, rule.rule
            assert mine.post(path, headers={"X-CSRFToken": "x"}).status_code == 400, rule.rule


def test_nothing_changes_by_a_mere_link(app: Flask) -> None:
    changing = {
        rule.endpoint: rule.methods or set() for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())
    }
    both = {name for name, methods in changing.items() if "GET" in methods}
    assert all(name.startswith("security.") for name in both), "the library shows its forms where it takes them"


@pytest.mark.parametrize("path", ["/", "/login", "/aduan/", "/tidak-ada", "/static/aspal.css", "/healthz"])
def test_every_answer_carries_its_protection(browser_of: Browser, path: str) -> None:
    answer = browser_of("admin").get(path)
    answer.close()
    headers = answer.headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


def test_over_https_browsers_are_told_to_stay_there(sqlite: Database) -> None:
    base = "https://aspal.contoh.go.id"
    client = create_app(World(sqlite, "2026-08-03 08:00", public_base_url=base).house).test_client()
    for path in ("/login", "/tidak-ada"):
        told = client.get(path, base_url=base).headers["Strict-Transport-Security"]
        assert told == "max-age=31536000; includeSubDomains"


ELSEWHERE = (
    "//jahat.example", "///jahat.example", "\\\\jahat.example", "/\\jahat.example", "https:jahat.example",
    "/\t/jahat.example",
    "https://jahat.example", "javascript:alert(1)", "http:///jahat.example", "/%5cjahat.example", "https://x@jahat.example",
    "\thttps://jahat.example", "/%2f%2fjahat.example", "https://localhost.jahat.example/", "data:text/html,x",
)  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_login_never_leads_out_of_the_house(app: Flask, world: World, target: str) -> None:
    add_user(world.db, "admin")
    for where in ("form", "query"):
        browser = app.test_client()
        data = {"email": "admin@kantor.test", "password": PASSWORD, "csrf_token": token_of(browser, "/login")}
        query = {"next": target} if where == "query" else {}
        answer = browser.post("/login", data=data | ({"next": target} if where == "form" else {}), query_string=query)
        location = answer.headers.get("Location", "/")
        assert re.match(r"(?:/|%5C)(?![/\\])", location), location
        assert not re.match(r"[a-z]+:", location)


# --- patience --------------------------------------------------------------------------------------------------------


def test_parallel_guesses_get_no_more_tries_than_one_after_the_other(db: Database) -> None:
    """Two processes that both count four failures must not both let a fifth and a sixth through."""
    now, allowed = datetime(2026, 8, 3, 1, tzinfo=UTC), []

    def guess() -> None:
        with db.write() as conn:
            allowed.append(accounts.may_try(conn, "Admin@kantor.test ", now))

    threads = [Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == accounts.TRIES


def test_guessing_over_two_web_processes_is_throttled_as_one(world: World) -> None:
    add_user(world.db, "admin")
    webs = [create_app(world.house).test_client() for _ in range(2)]
    for n in range(accounts.TRIES):
        log_in(webs[n % 2], password="salah-sama-sekali")
    assert all("Terlalu banyak percobaan" in log_in(web) for web in webs)


def test_odd_letters_at_the_entrance_are_no_server_error(app: Flask, db: Database) -> None:
    client = create_app(World(db, "2026-08-03 08:00").house).test_client()
    for email in ("a\x00b@x.test", "\ud83d", "x" * 5000, "'; DROP TABLE users; --", "\u202e@x.test"):
        data = {"email": email.encode("utf-8", "surrogatepass"), "password": "\x00"}
        assert client.post("/login", data=data | {"csrf_token": token_of(client, "/login")}).status_code < 500


# --- what each role may read ------------------------------------------------------------------------------------------


@pytest.fixture(
    params=[{"confidential": True}, {"supervised": True}, {"kind": Kind.WHISTLE}], ids=["rahasia", "berkadar", "wbs"]
)
def secret(world: World, request: pytest.FixtureRequest) -> World:
    unit = world.unit("Dinas Rahasia")
    sari = world.person("Sari", Role.LIAISON, unit)
    complaint = world.complaint("1916449", unit, disposed="2026-07-30", title="Pungli loket tiga", **request.param)
    with world.db.write() as conn:
        for n, about in ((1, complaint), (2, None)):
            conn.execute(
                t.replies.insert().values(
                    provider_sid=f"SM{n}", address=sari.phone, contact_id=sari.id, received_at=world.clock.now(),
                    raw={"Body": "pungli itu benar", "NumMedia": "²"}, complaint_id=about,
                    state="matched" if about else "tray",
                )
            )  # fmt: skip
    return world


@pytest.mark.parametrize(("who", "sees"), [("viewer", False), ("approver", True), ("admin", True)])
def test_secret_words_are_for_those_who_decide(secret: World, browser_of: Browser, who: str, sees: bool) -> None:
    browser = browser_of(who)
    complaint = secret.only(t.complaints).id
    person = secret.only(t.contacts).id
    for path in (f"/kotak-masuk/orang/{person}", "/kotak-masuk/pilah"):
        assert ("pungli" in browser.get(path).text) is sees
    for path in ("/", "/aduan/", f"/aduan/{complaint}", f"/aduan/{complaint}/cetak"):
        text = browser.get(path).text.lower()
        assert sees or "pungli" not in text
    # nor may the search tell what the page hides
    assert ("1916449" in browser.get("/aduan/?cari=pungli").text) is sees


@pytest.fixture(
    params=[{"confidential": True}, {"supervised": True}, {"kind": str(Kind.WHISTLE)}],
    ids=["rahasia", "berkadar", "wbs"],
)
def turned(world: World, request: pytest.FixtureRequest) -> World:
    """A complaint that everybody could read until LAPOR said what it is; messages and replies are older than that."""
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    slug = "https://www.lapor.go.id/laporan/detil/pungli-loket-tiga"
    words = {"title": "Pungli loket tiga", "location": "Loket pungli", "link": slug}
    complaint = world.complaint("1916449", unit, disposed="2026-07-29", **words)
    world.complaint("1916450", unit, disposed="2026-07-29", title="Jalan berlubang")
    world.tick()
    writes(world, sari, "sudah")  # of two: "which of these?", and their titles
    writes(world, sari, "1916449 pungli itu benar")
    understand(world)
    world.tick()
    world.change(complaint, **request.param)
    with world.db.write() as conn:
        batch = imports.begin(conn, "roster", "a.csv", "0" * 64, "x", world.clock.now())
        cells = {"judul": words["title"], "lokasi": words["location"], "tautan": slug}
        imports.hold(conn, batch, [(3, "status tidak dikenal", {"status": "?", **cells})])
        imports.update_rows(conn, batch, "complaints", [imports.Change(complaint, words, {"title": "Pungli"})])
    return world


def test_no_page_tells_a_viewer_what_has_become_secret(turned: World, app: Flask, browser_of: Browser) -> None:
    open_to = {"viewer": INSIDE, "admin": INSIDE | DECIDERS | ADMINS}
    told: dict[str, set[str]] = {}
    for who, routes_of in open_to.items():
        browser = browser_of(who)
        for endpoint, path in addresses(app, turned, routes_of):
            # The simulator's phones are those of the officers, who got these messages.
            if not endpoint.startswith("simulator."):
                with browser.get(path) as answer:
                    if b"pungli" in answer.data.lower():
                        told.setdefault(who, set()).add(endpoint)
    assert told.get("viewer", set()) == set()
    everywhere = {"complaints.detail", "complaints.printed", "outbox.index", "outbox.detail", "inbox.thread"}
    assert everywhere | {"inbox.index", "imports.held"} <= told["admin"], "the words were there to be told"


def test_every_kind_of_message_with_a_title_is_known_as_one() -> None:
    kinds = texts.load()
    assert {kind for kind in kinds.kinds() if kinds.confidential(kind) != kind} == message_kinds.TITLED


def test_an_evidence_path_never_leaves_its_folder(secret: World, browser_of: Browser) -> None:
    reply = secret.rows(t.replies)[0].id
    secret.settings.media_dir.mkdir(parents=True, exist_ok=True)
    (secret.settings.media_dir.parent / "rahasia.txt").write_text("di luar")
    for n, path in enumerate(("../rahasia.txt", "/etc/passwd", "a/../../rahasia.txt")):
        values = {"reply_id": reply, "position": n, "claimed_type": "x", "stored_type": "text/plain", "state": "stored"}
        with secret.db.write() as conn:
            conn.execute(t.media.insert().values(**values, path=path, not_before=secret.clock.now()))
    browser = browser_of("admin")
    for row in secret.rows(t.media):
        assert browser.get(f"/aduan/bukti/{row.id}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/static/../auth.py", "/static/%2e%2e/auth.py", "/static/..%2fauth.py", "/static//etc/passwd", "/static/%00",
     "/static/vendor/../../factory.py", "/simulator/lampiran/SM1/..%2f..%2faspal.db", "/simulator/lampiran/SM1/%2e%2e",
     "/simulator/hp/..%2f1"],
)  # fmt: skip
def test_no_address_reads_a_file_that_is_not_meant(browser_of: Browser, path: str) -> None:
    assert browser_of("admin").get(path).status_code in (308, 404)
