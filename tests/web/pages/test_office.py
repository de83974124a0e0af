"""The office's page: going live step by step, pauses with reasons and ends, and what stands in the environment."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import health
from tests.web.conftest import Browser, token_of
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def office(world: World) -> World:
    for name in ("Dinas PUPR", "Dinas Kesehatan"):
        unit = world.unit(name)
        world.person(f"Penghubung {name}", Role.LIAISON, unit)
        world.complaint(f"19{unit:05d}", unit, disposed="2026-07-31")
    return world


def post(client: FlaskClient, path: str, **data: Any) -> str:
    typed = {"csrf_token": token_of(client, "/pengaturan/"), **data}
    return client.post(f"/pengaturan/{path}", data=typed, follow_redirects=True).text


def test_from_the_shadow_to_live_unit_by_unit(office: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    assert "Alasan wajib diisi" in post(admin, "mode", mode="bayangan", alasan=" ")
    assert "Mode kantor kini: bayangan." in post(admin, "mode", mode="bayangan", alasan="uji seminggu")
    office.until("2026-08-03 09:00")
    shadows = admin.get("/pesan/bayangan").text
    assert shadows.count('class="list-group-item message"') == 2
    assert "/lepas" not in shadows
    assert "OPD yang sudah langsung" in post(admin, "mode", mode="bertahap", alasan="mulai")
    assert "1 OPD menjadi langsung, 0 kembali" in post(admin, "unit-langsung", unit=["1"])
    office.until("2026-08-04 09:00")
    heard = {row.address for row in office.rows(t.messages) if row.accepted_at}
    assert heard == {"+6281200000001"}
    assert "0 OPD menjadi langsung, 1 kembali" in post(admin, "unit-langsung")
    assert "Semua OPD menerima pesan." in post(admin, "mode", mode="langsung", alasan="semua siap")
    actions = [row.action for row in office.rows(t.journal) if row.actor == "admin@kantor.test"]
    assert actions == ["office.mode", "office.mode", "units.live", "units.shadow", "office.mode"]


def test_a_pause_of_the_office_has_an_end_and_a_reason(office: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    assert "sudah lewat" in post(admin, "jeda/kantor", sampai="2026-08-01", alasan="banjir")
    assert "tidak dapat dibaca" in post(admin, "jeda/kantor", sampai="besok", alasan="banjir")
    assert "lebih dari satu tahun lagi" in post(admin, "jeda/kantor", sampai="2062-08-03", alasan="banjir")
    assert "umur laporan tetap dihitung" in post(admin, "jeda/kantor", sampai="2026-08-03", alasan="banjir")
    assert "banjir" in admin.get("/pengaturan/").text
    office.until("2026-08-03 15:00", every_minutes=60)
    assert office.rows(t.messages) == []
    office.until("2026-08-04 09:00", every_minutes=60)
    assert office.rows(t.messages)
    assert "Tidak sedang dijeda" in post(admin, "lanjut/lapor")
    post(admin, "jeda/lapor", alasan="LAPOR tidak terbuka")
    assert "Jeda diakhiri." in post(admin, "lanjut/lapor")
    kinds = [row.action for row in office.rows(t.journal) if row.action.startswith("pause.")]
    assert kinds == ["pause.set", "pause.set", "pause.lifted"]
    assert admin.post("/pengaturan/jeda/entah", data={"csrf_token": token_of(admin, "/pengaturan/")}).status_code == 404


def test_one_unit_is_paused_and_resumed(office: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    place = "/pengaturan/?unit=1#jeda-opd"
    assert f'href="{place}"' in admin.get("/direktori/unit/1").text, "whoever looks for it at the unit is led there"
    assert '<option value="1" selected>' in admin.get(place).text
    assert "Pilih OPD" in post(admin, "jeda/unit", sampai="2026-08-03", alasan="pindah kantor")
    assert "pindah kantor" in post(admin, "jeda/unit", unit="1", sampai="2026-08-03", alasan="pindah kantor")
    assert "pindah kantor" in (page := admin.get("/direktori/unit/1").text)
    assert (place in page, "Akhiri jeda" in page) == (False, True)
    office.until("2026-08-03 09:00")
    assert {row.contact_id for row in office.rows(t.messages)} == {2}
    assert "Jeda OPD diakhiri." in post(admin, "lanjut/unit", unit="1")


def test_the_check_list_says_what_comes_next(office: World, browser_of: Browser) -> None:
    page = browser_of("viewer").get("/pengaturan/").text
    assert "Langkah menuju langsung" in page
    assert "berikutnya" in page
    office.with_settings(recipients="guests")
    with office.db.write() as conn:
        health.set_switch(conn, "office_mode", {"mode": "bayangan"}, by="x", now=office.clock.now())
    page = browser_of("admin").get("/pengaturan/").text
    assert "RECIPIENTS=guests" in page
    assert "pilihan Anda (bayangan) berlaku setelah" in page


def test_secrets_of_the_environment_are_never_shown(office: World, browser_of: Browser) -> None:
    page = browser_of("admin").get("/pengaturan/").text
    assert "OFFICE_TIME_ZONE" in page
    assert "x" * 40 not in page
    assert str(office.db.engine.url) not in page
    assert "OFFICE_TIME_ZONE" not in browser_of("approver").get("/pengaturan/").text


def test_only_admins_set_anything_here(office: World, browser_of: Browser) -> None:
    for role in ("viewer", "approver"):
        client = browser_of(role)
        for path in ("mode", "unit-langsung", "jeda/kantor", "lanjut/kantor"):
            data = {"csrf_token": token_of(client, "/pengaturan/")}
            assert client.post(f"/pengaturan/{path}", data=data).status_code == 403
