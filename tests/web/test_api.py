"""/api/v1: opened by a token and nothing else, tells no secret, and is what its description says."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aspal.clock import SystemClock
from aspal.core.words import Kind, Role
from aspal.db import Database
from aspal.records import api_tokens
from aspal.web.factory import UPLOAD_LIMIT
from aspal.web.openapi import DESCRIPTION
from tests.world import World

SAMPLE = Path(__file__).parents[2] / "aspal" / "sample"


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-07-30", title="Jalan berlubang")
    world.complaint("1916450", unit, disposed="2026-07-30", title="Pungutan liar", confidential=True)
    world.complaint("1916451", unit, disposed="2026-07-30", title="Pungutan loket dua", supervised=True)
    world.complaint("1916452", unit, disposed="2026-07-30", title="Pungutan loket tiga", kind=Kind.WHISTLE)
    world.until("2026-08-03 09:00")
    return world


def bearer(world: World, scope: str = "read", days: int = 1) -> dict[str, str]:
    now = SystemClock().now()
    with world.db.write() as conn:
        made = now if days > 0 else now - timedelta(days=9)
        secret = api_tokens.make(conn, "dasbor", scope, made + timedelta(days=abs(days)), made, "admin@kantor.test")
    return {"Authorization": f"Bearer {secret}"}


def paths() -> list[tuple[str, str]]:
    filled = {path: re.sub(r"\{number\}", "1916449", path).replace("{kind}", "roster") for path in DESCRIPTION["paths"]}
    return [(method, "/api/v1" + filled[path]) for path, methods in DESCRIPTION["paths"].items() for method in methods]


def test_the_description_names_every_route_and_no_other(app: Flask) -> None:
    there = {
        (method.lower(), re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == {(method, path) for path, methods in DESCRIPTION["paths"].items() for method in methods}


@pytest.mark.parametrize(("method", "path"), paths())
def test_nothing_opens_without_a_token(client: FlaskClient, world: World, method: str, path: str) -> None:
    wrong = [{}, {"Authorization": "Bearer aspal_salah"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}]
    for headers in [*wrong, bearer(world, days=-1)]:
        answer = client.open(path, method=method, headers=headers)
        assert answer.status_code == 401
        assert "Token" in answer.json["error"]


def test_a_login_is_no_token(browser_of, world: World) -> None:  # type: ignore[no-untyped-def]
    assert browser_of("admin").get("/api/v1/complaints").status_code == 401


def test_a_revoked_token_is_worthless_at_once(client: FlaskClient, world: World) -> None:
    headers = bearer(world)
    assert client.get("/api/v1/health", headers=headers).status_code == 200
    with world.db.write() as conn:
        assert api_tokens.revoke(conn, api_tokens.listed(conn)[0].id, SystemClock().now()) == "dasbor"
    assert client.get("/api/v1/health", headers=headers).status_code == 401


def test_a_token_for_reading_hands_nothing_in(client: FlaskClient, world: World) -> None:
    upload = {"file": (io.BytesIO(b"Tracking ID\n1"), "a.csv"), "apply": "true"}
    answer = client.post("/api/v1/imports/roster", headers=bearer(world), data=upload)
    assert answer.status_code == 403


def test_complaints_are_read_page_by_page_without_secrets(client: FlaskClient, world: World) -> None:
    headers = bearer(world)
    first = client.get("/api/v1/complaints?limit=1", headers=headers).json
    second = client.get(f"/api/v1/complaints?limit=3&after={first['next']}", headers=headers).json
    told = {row["tracking_id"]: row["title"] for row in (*first["rows"], *second["rows"])}
    assert told == {"1916449": "Jalan berlubang", "1916450": None, "1916451": None, "1916452": None}
    assert first["rows"][0]["dispositions"][0]["unit"] == "Dinas PUPR"
    assert second["next"] is None
    assert client.get("/api/v1/complaints/1916449", headers=headers).json == first["rows"][0]
    assert client.get("/api/v1/complaints/99", headers=headers).status_code == 404


def test_messages_and_replies_tell_no_number_and_no_words(client: FlaskClient, world: World) -> None:
    headers = bearer(world)
    answer = client.get("/api/v1/messages", headers=headers)
    assert answer.json["rows"][0]["to"] == "Sari"
    assert "+62" not in answer.text
    assert "Jalan" not in answer.text
    assert client.get("/api/v1/replies?state=tray", headers=headers).json == {"rows": [], "next": None}


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=²", "after=99999999999999999999"])
def test_odd_numbers_are_explained(client: FlaskClient, world: World, query: str) -> None:
    answer = client.get(f"/api/v1/complaints?{query}", headers=bearer(world))
    assert answer.status_code == 400
    assert "bilangan" in answer.json["error"]


@pytest.mark.parametrize(
    ("path", "name", "known"),
    [("complaints", "status", "selesai"), ("messages", "state", "unknown"), ("replies", "state", "dismissed")],
)
def test_an_unknown_filter_is_explained_and_not_an_empty_list(
    client: FlaskClient, world: World, path: str, name: str, known: str
) -> None:
    headers = bearer(world)
    for word in ("nix", f"{known}\0", known.upper()):
        answer = client.get(f"/api/v1/{path}", query_string={name: word}, headers=headers)
        assert answer.status_code == 400
        assert known in answer.json["error"]
    for word in (known, ""):
        assert client.get(f"/api/v1/{path}?{name}={word}", headers=headers).status_code == 200
    described = DESCRIPTION["paths"][f"/{path}"]["get"]["parameters"]
    assert known in next(one["schema"]["enum"] for one in described if one["name"] == name)


@pytest.mark.parametrize(
    ("path", "known"),
    [("complaints?status=selesai&sejak=1", "after, limit, status"), ("reports/rapor?year=2026&quarter=1", "year"),
     ("complaints/1916449?full=1", "tidak ada"), ("health?x=", "tidak ada")],
)  # fmt: skip
def test_an_unknown_parameter_is_named_and_not_passed_over(
    client: FlaskClient, world: World, path: str, known: str
) -> None:
    """Half of a question answered looks like the whole: `quarter=1` gave the year's figures."""
    answer = client.get(f"/api/v1/{path}", headers=bearer(world))
    assert answer.status_code == 400
    assert answer.json["error"].endswith(f"Yang dikenal: {known}.")


def test_an_import_names_what_it_does_not_know_and_takes_nothing_in(client: FlaskClient, world: World) -> None:
    sheet, headers = next(SAMPLE.glob("roster.csv")).read_bytes(), bearer(world, "import")
    for address, more in (("roster?apply=true", {}), ("roster", {"aply": "true"})):
        upload = {"file": (io.BytesIO(sheet), "ekspor.csv"), **more}
        answer = client.post(f"/api/v1/imports/{address}", headers=headers, data=upload)
        assert (answer.status_code, "ply" in answer.json["error"]) == (400, True)
        assert "disposed_on" in answer.json["error"]


def test_the_year_in_figures(client: FlaskClient, world: World) -> None:
    headers = bearer(world)
    assert client.get("/api/v1/reports/rapor?year=2026", headers=headers).json["total"] == 4
    assert client.get("/api/v1/reports/rapor", headers=headers).status_code == 400


def test_an_export_is_handed_in_first_as_a_preview(client: FlaskClient, world: World) -> None:
    headers, sheet = bearer(world, "import"), next(SAMPLE.glob("roster.csv")).read_bytes()

    def hand_in(**more: str) -> dict:  # type: ignore[type-arg]
        upload = {"file": (io.BytesIO(sheet), "ekspor.csv"), **more}
        answer = client.post("/api/v1/imports/roster", headers=headers, data=upload)
        assert answer.status_code == (400 if "mungkin" in more.values() else 200), answer.text
        return dict(answer.json)

    assert "true atau false" in hand_in(apply="mungkin")["error"]
    preview = hand_in()
    assert preview["applied"] is False
    assert preview["rows"] > 0
    done = hand_in(apply="true")
    assert (done["applied"], done["rows"]) == (True, preview["rows"])


def test_what_is_no_sheet_is_explained(client: FlaskClient, world: World) -> None:
    headers = bearer(world, "import")

    def hand_in(kind: str) -> TestResponse:
        upload = {"file": (io.BytesIO(b"\0\1\2\3" * 99), "ekspor.xlsx")}
        return client.post(f"/api/v1/imports/{kind}", headers=headers, data=upload)

    answer = hand_in("roster")
    assert answer.status_code == 400
    assert answer.json["error"]
    assert client.post("/api/v1/imports/roster", headers=headers).status_code == 400
    unknown = hand_in("hantu")
    assert (unknown.status_code, unknown.json["error"][:39]) == (404, "Halaman tidak ditemukan. Alamatnya sala")


@pytest.mark.parametrize("name", ["a.c\0sv", "../../etc/passwd", "\\\\x\\y.csv", ".", "a." + "x" * 300])
def test_the_name_of_a_file_is_no_path(client: FlaskClient, world: World, name: str) -> None:
    data = {"file": (io.BytesIO(b"Tracking ID;Status Laporan;Tanggal Laporan\n"), name)}
    answer = client.post("/api/v1/imports/roster", data=data, headers=bearer(world, "import"))
    assert answer.status_code == 200


@pytest.mark.parametrize(("method", "path", "code"), [("get", "NIX", 404), ("post", "messages", 405), ("get", "", 404)])
def test_what_goes_wrong_is_json_at_every_address(
    client: FlaskClient, world: World, method: str, path: str, code: int
) -> None:
    for headers in ({}, bearer(world, "import")):
        answer = getattr(client, method)(f"/api/v1/{path}", headers=headers)
        assert answer.status_code in (code, 401)
        assert answer.get_json()["error"]
    assert answer.status_code == code


def test_a_file_too_large_and_a_failure_are_json_too(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer(world, "import")
    size = {"CONTENT_LENGTH": str(UPLOAD_LIMIT + 1)}
    kind = "multipart/form-data; boundary=x"
    answer = client.post("/api/v1/imports/roster", headers=headers, content_type=kind, environ_overrides=size)
    assert (answer.status_code, bool(answer.get_json()["error"])) == (413, True)
    monkeypatch.setattr("aspal.web.api.feeds.message_feed", None)
    client.application.testing = client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/api/v1/messages", headers=headers)
    assert (answer.status_code, bool(answer.get_json()["error"])) == (500, True)
