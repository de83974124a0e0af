"""What nobody types: every page and every form of it, with every field set to what no field can be."""

import re
from pathlib import Path
from time import process_time

import pytest
from flask import Flask

import aspal.web
from aspal.core.words import Role
from tests.flow.phone import understand, writes
from tests.web.conftest import Browser, token_of
from tests.world import World

WEB = Path(aspal.web.__file__).parent
# Every name by which a page asks for something, so that a new one is tried without being named here.
_ASKED = re.compile(r"""(?:\.get|\.getlist|form|args|values|typed|asked)[(\[]\s*f?"([a-z_]+)["{]""")
FIELDS = {name for path in WEB.rglob("*.py") for name in _ASKED.findall(path.read_text("utf-8"))} - {"csrf_token"}
FIELDS |= {
    "password",
    "new_password",
    "new_password_confirm",
    "code",
    "setup",
    "next",
}  # the login's library asks for them
ODD = {
    "digits without end": "9" * 5000, "a quarter without end": "tw" + "9" * 5000, "a pair": "9" * 5000 + ":x",
    "a raised digit": "\u00b2", "nothing at all": "\x00", "the first day there is": "0001-01-01",
}  # fmt: skip
# What stands in an address beside numbers, so that the page behind it answers and not only the router.
IN_ADDRESS = {"slug": "disposisi-ulang", "kind": "persetujuan", "choice": "batalkan", "what": "unit", "form": "toml"}
# They take the session away, or start something that lives on.
LEFT_OUT = {"security.logout", "training.begin", "reports.make"}


@pytest.fixture
def office(world: World) -> World:
    """One of everything that a page may be about."""
    unit = world.unit("Dinas PUPR")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-30")
    world.tick()
    writes(world, sari, "entahlah apa itu")
    understand(world)
    return world


@pytest.mark.parametrize("odd", ODD)
def test_nothing_that_is_typed_is_a_server_error(office: World, app: Flask, browser_of: Browser, odd: str) -> None:
    browser_of("tamu")  # account 1 is somebody else: what is done to it must not end the session that does it
    admin = browser_of("admin")
    token, fields = token_of(admin), dict.fromkeys(FIELDS, ODD[odd])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    broken = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in LEFT_OUT or rule.endpoint.startswith(("static", "api.", "health.")):
            continue
        values = {name: 1 if name.endswith("_id") else IN_ADDRESS.get(name, "1") for name in rule.arguments}
        for method in {"GET", "POST"} & (rule.methods or set()):
            path = app.url_map.bind("").build(rule.endpoint, values, method=method)
            sent = {"query_string": fields} if method == "GET" else {"data": fields | {"csrf_token": token}}
            with admin.open(path, method=method, **sent) as answer:
                broken += [f"{method} {path}"] if answer.status_code >= 500 else []
    assert broken == []
    assert admin.get("/").status_code == 200, "still logged in: the pages themselves were asked"


def test_every_name_that_a_page_asks_for_is_tried() -> None:
    assert {"sebelum", "bagian", "opd", "unit", "tanggal", "pilih", "sampai", "revisi"} <= FIELDS


# --- more than anybody types: it must cost an outsider more than us ---------------------------------------------------

ENDLESS = {"longer than any form": b"a=" + b"1" * 1_200_000, "more fields than any form": b"a&" * 200_000}


@pytest.mark.parametrize("path", ["/login", "/aduan/baru", "/akun/kata-sandi", "/webhooks/twilio/inbound"])
@pytest.mark.parametrize("kind", ENDLESS)
def test_a_form_without_end_is_refused_before_it_is_taken_apart(app: Flask, path: str, kind: str) -> None:
    """Twenty megabytes of "a&" from anybody once kept the only process busy for a minute, and came back twentyfold."""
    client, begun = app.test_client(), process_time()
    answer = client.post(path, data=ENDLESS[kind], content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert process_time() - begun < 0.5
    assert len(answer.data) < 10_000
