"""Every route is guarded: this walks them all, as nobody and in each role."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.web.conftest import token_of

# What anybody may reach: each with what it does instead of a login.
PUBLIC = {
    "webhooks.receive": "the signature",
    "webhooks.report": "the signature",
    "health.healthz": "tells states only",
    "health.metrics": "its own token",
    "security.login": "the entrance",
    "static": "files without content",
}
Browser = Callable[[str], FlaskClient]


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
        refused = answer.status_code in (401, 403) or (
            answer.status_code == 302 and answer.headers["Location"].startswith("/login")
        )
        assert refused, f"{method} {rule.rule} lets nobody in: {answer.status_code}"


def test_the_list_of_public_routes_names_no_route_that_is_gone(app: Flask) -> None:
    assert set(PUBLIC) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_a_user_without_a_role_sees_nothing(app: Flask, browser_of: Browser) -> None:
    client = browser_of("tamu")
    for rule, method, path in routes(app):
        if rule.endpoint not in PUBLIC and method == "GET":
            assert client.get(path).status_code == 403, rule.rule


def test_a_viewer_changes_nothing(app: Flask, browser_of: Browser) -> None:
    client = browser_of("viewer")
    token = token_of(client)
    for rule, method, path in routes(app):
        if rule.endpoint in PUBLIC or rule.endpoint == "security.logout" or method == "GET":
            continue
        assert client.open(path, method=method, data={"csrf_token": token}).status_code == 403, rule.rule


def test_no_form_is_taken_without_its_token(app: Flask, browser_of: Browser) -> None:
    client = browser_of("admin")
    for rule, method, path in routes(app):
        if method == "GET" or rule.endpoint.startswith("webhooks."):
            continue
        assert client.open(path, method=method).status_code == 400, rule.rule


@pytest.mark.parametrize("role", ["viewer", "approver", "admin"])
def test_each_role_sees_the_pages(app: Flask, browser_of: Browser, role: str) -> None:
    client = browser_of(role)
    pages = [path for rule, method, path in routes(app) if method == "GET" and not rule.arguments]
    assert {path: client.get(path).status_code for path in pages if path != "/metrics"} == {
        path: 503 if path == "/healthz" else 302 if path == "/login" else 200 for path in pages if path != "/metrics"
    }


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
