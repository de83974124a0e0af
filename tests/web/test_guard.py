"""Every route is guarded: this walks them all, as nobody and in each role."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from aspal.web.auth import CLOSED
from aspal.web.auth import PUBLIC as PUBLIC_ROUTES
from aspal.web.menu import MENU
from tests.web.conftest import Browser

# What anybody may reach: each with what it does instead of a login.
PUBLIC = {
    "health.healthz": "tells states only",
    "health.metrics": "its own token",
    "security.login": "the entrance",
    "static": "files without content",
    "documents.recap": "a signed token that expires, for one recap's document",
}


def routes(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with every method, at an address that fits it."""
    for rule in app.url_map.iter_rules():
        values = {name: 1 if name.endswith("_id") else "x" for name in rule.arguments}
        path = app.url_map.bind("").build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, path


def test_nobody_passes_anywhere_but_where_it_is_listed(app: Flask) -> None:
    client = app.test_client()
    for rule, method, path in routes(app):
        if rule.endpoint in PUBLIC:
            continue
        answer = client.open(path, method=method)
        to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
        refused = answer.status_code in (401, 403) or rule.endpoint in CLOSED or to_login
        assert refused, f"{method} {rule.rule} lets nobody in: {answer.status_code}"


def test_the_list_of_public_routes_is_the_guards(app: Flask) -> None:
    assert set(PUBLIC) | {"training.closed"} == PUBLIC_ROUTES
    assert set(PUBLIC) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_what_the_library_brings_and_we_have_not_is_nowhere(app: Flask, browser_of: Browser) -> None:
    for browser in (app.test_client(), browser_of("admin")):
        for rule, method, path in routes(app):
            if rule.endpoint in CLOSED:
                assert browser.open(path, method=method).status_code == 404, rule.rule


def test_a_user_without_a_role_sees_nothing(app: Flask, browser_of: Browser) -> None:
    client = browser_of("tamu")
    for rule, method, path in routes(app):
        if rule.endpoint not in {*PUBLIC, *CLOSED} and not rule.endpoint.startswith("api.") and method == "GET":
            assert client.get(path).status_code == 403, rule.rule


def test_no_form_is_taken_without_its_token(app: Flask, browser_of: Browser) -> None:
    client = browser_of("admin")
    for rule, method, path in routes(app):
        elsewhere = rule.endpoint == "security.two_factor_token_validation"  # who is in already is led home
        if method == "GET" or rule.endpoint in CLOSED or rule.endpoint.startswith("api.") or elsewhere:
            continue
        assert client.open(path, method=method).status_code == 400, rule.rule


def test_what_was_typed_in_a_form_of_an_older_session_is_shown_and_not_done(browser_of: Browser) -> None:
    """Another tab logged out and in again: the token of this one is worth nothing, but its words are."""
    typed = {"csrf_token": "yang lama", "judul": "Jalan <b> rusak", "password": "jangan-tampil"}
    answer = browser_of("admin").post("/aduan/baru", data=typed, headers={"Referer": "http://localhost/aduan/baru?x=1"})
    assert answer.status_code == 400
    for words in ("kedaluwarsa", "belum tersimpan", "Jalan &lt;b&gt; rusak", 'href="http://localhost/aduan/baru?x=1"'):
        assert words in answer.text
    assert "jangan-tampil" not in answer.text
    assert "yang lama" not in answer.text


@pytest.mark.parametrize("elsewhere", ["http://localhost.jahat.test/aduan/baru", "javascript:alert(1)", ""])
def test_the_way_back_to_such_a_form_leads_nowhere_else(browser_of: Browser, elsewhere: str) -> None:
    answer = browser_of("admin").post("/aduan/baru", data={"judul": "x"}, headers={"Referer": elsewhere})
    assert 'href="/"' in answer.text
    assert not elsewhere or elsewhere not in answer.text


@pytest.mark.parametrize("role", ["viewer", "approver", "admin"])
def test_each_role_sees_the_pages_of_its_menu(app: Flask, browser_of: Browser, role: str) -> None:
    client = browser_of(role)
    for _, entries in MENU:
        for entry in entries:
            if entry.endpoint not in app.view_functions:
                continue
            path = app.url_map.bind("").build(entry.endpoint)
            allowed = not entry.roles or role in entry.roles
            assert client.get(path).status_code == (200 if allowed else 403), path
            assert (f'href="{path}"' in client.get("/").text) is allowed


def test_an_unknown_address_is_a_404_for_everybody(client: FlaskClient) -> None:
    assert client.get("/tidak-ada").status_code == 404
    assert client.get("//webhooks/twilio/inbound").status_code == 404


def test_a_partial_update_of_a_lost_session_leads_to_the_entrance(client: FlaskClient) -> None:
    answer = client.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_every_page_forbids_foreign_and_inline_scripts(browser_of: Browser) -> None:
    answer = browser_of("admin").get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert answer.text.count("<script") == answer.text.count(f'<script nonce="{nonce}"') > 0
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text
