"""The page about the machine's health: what is wrong, what to do, and alarms that can be closed."""

import pytest

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import health
from tests.web.conftest import Browser, token_of
from tests.web.pages.test_outbox import message
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


def test_each_part_is_said_in_plain_words(world: World, browser_of: Browser) -> None:
    page = browser_of("viewer").get("/kesehatan/").text
    assert "Pekerja latar" in page
    assert "Jalankan `aspal worker` sebagai layanan" in page
    assert "Belum pernah dibuat." in page
    message(world, "failed", error_code=63024, claimed_at=world.clock.now())
    world.tick()
    page = browser_of("admin").get("/kesehatan/").text
    assert "Mengirim pesan" in page
    assert "Nomor ini tidak terdaftar di WhatsApp" in page


def test_an_admin_closes_what_does_not_close_by_itself(world: World, browser_of: Browser) -> None:
    world.person("Sari", Role.LIAISON, world.unit("Dinas PUPR"))
    with world.db.write() as conn:
        health.raise_alarm(conn, "loop:1", "Jawaban otomatis dihentikan.", world.clock.now())
        health.raise_alarm(conn, "queue", "Pesan tidak keluar.", world.clock.now())
    admin = browser_of("admin")
    assert admin.get("/kesehatan/").text.count('name="kunci"') == 1
    token = token_of(admin, "/kesehatan/")
    assert admin.post("/kesehatan/alarm", data={"csrf_token": token, "kunci": "queue"}).status_code == 400
    assert admin.post("/kesehatan/alarm", data={"csrf_token": token, "kunci": "loop:1"}).status_code == 303
    with world.db.read() as conn:
        assert [alarm.key for alarm in health.open_alarms(conn)] == ["queue"]
    row = world.rows(t.journal)[-1]
    assert (row.actor, row.action, row.detail) == ("admin@kantor.test", "alarm.cleared", {"key": "loop:1"})
    approver = browser_of("approver")
    data = {"csrf_token": token_of(approver, "/kesehatan/"), "kunci": "loop:1"}
    assert approver.post("/kesehatan/alarm", data=data).status_code == 403
