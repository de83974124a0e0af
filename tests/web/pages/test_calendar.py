"""Kalender: a year at a glance; a change is shown with what it moves, then saved, and never over somebody else's."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from aspal import tables as t
from aspal.core.words import Role
from tests.web.conftest import Browser, token_of
from tests.world import World

FAIR = {"jenis": "hari", "tanggal": "2026-08-05", "nama": "Hari jadi kabupaten", "macam": "local", "dasar": "SK 7/2026"}


@pytest.fixture
def admin(world: World, browser_of: Browser) -> FlaskClient:
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    return browser_of("admin")


def look(client: FlaskClient, **fields: Any) -> Any:
    return client.post("/kalender/tinjau", data={"csrf_token": token_of(client), **fields})


def save(client: FlaskClient, page: str) -> Any:
    """Presses the button of the review: every hidden field goes back."""
    fields = {
        name: value.replace("&#34;", '"')
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    }
    return client.post("/kalender/simpan", data=fields)


def test_the_year_is_shown_to_everybody_and_changed_by_admins(world: World, browser_of: Browser) -> None:
    page = browser_of("viewer").get("/kalender/").text
    for words in ("240 hari kerja", "Agustus", "Hari Kemerdekaan Republik Indonesia", "Ramadan 1447 H", "07.30–16.00"):
        assert words in page
    assert page.count("<table>") == 12
    assert "Hari libur</a>" not in page
    viewer = browser_of("approver")
    for path in ("/kalender/hari", "/kalender/daftar", "/kalender/jam"):
        assert "Hanya admin" in viewer.get(path).text
    assert look(viewer, **FAIR).status_code == 403


def test_a_year_without_its_decree_is_warned_about(world: World, browser_of: Browser) -> None:
    world.clock.moment = world.at("2026-11-02 08:00")
    with world.db.write() as conn:
        conn.execute(t.days_off.delete().where(t.days_off.c.day >= "2027-01-01"))
    client = browser_of("viewer")
    assert "Cuti bersama 2027 belum ada" in client.get("/kalender/").text
    assert "Belum ada satu hari libur pun untuk 2027" in client.get("/kalender/?tahun=2027").text
    assert client.get("/kalender/?tahun=1800").status_code == 404


def test_a_day_off_shows_what_it_moves_and_is_then_saved(admin: FlaskClient, world: World) -> None:
    page = look(admin, **FAIR).text
    assert "Batas waktu 1 dari 1 disposisi terbuka bergeser" in page
    assert "1916449" in page
    assert world.rows(t.days_off, name=FAIR["nama"]) == []
    assert save(admin, page).status_code == 303
    row = world.only(t.days_off, name=FAIR["nama"])
    assert (row.kind, row.source, row.observed) == ("local", "SK 7/2026", True)
    shown = admin.get("/kalender/").text
    assert "Kalender disimpan" in shown
    assert "Rabu, 5 Agustus 2026: Hari jadi kabupaten (hari daerah)" in shown


def test_a_holiday_is_worked_and_off_again(admin: FlaskClient, world: World) -> None:
    assert "Jadikan hari kerja" in admin.get("/kalender/hari?tanggal=2026-08-17").text
    save(admin, look(admin, jenis="kerja", tanggal="2026-08-17").text)
    assert world.only(t.days_off, day=world.at("2026-08-17 08:00").date()).observed is False
    assert "tetap hari kerja" in admin.get("/kalender/").text
    assert look(admin, jenis="kerja", tanggal="2026-08-17").status_code == 422
    save(admin, look(admin, jenis="libur", tanggal="2026-08-17").text)
    assert world.only(t.days_off, day=world.at("2026-08-17 08:00").date()).observed is True


def test_the_days_of_a_decree_are_pasted(admin: FlaskClient, world: World) -> None:
    lines = '2027-03-08; Cuti bersama Idul Fitri\r\n11 Maret 2027; Cuti bersama "Idul Fitri"'
    page = look(admin, jenis="daftar", baris=lines, macam="collective", dasar="SKB 1497/2026").text
    assert save(admin, page).status_code == 303
    assert len(world.rows(t.days_off, source="SKB 1497/2026")) == 2
    again = look(admin, jenis="daftar", baris=lines, macam="collective", dasar="SKB 1497/2026")
    assert (again.status_code, "sudah ada di kalender" in again.text) == (422, True)
    wrong = look(admin, jenis="daftar", baris="2027-03-20 Idul Fitri", macam="collective")
    assert "Baris 1" in wrong.text
    assert "2027-03-20 Idul Fitri</textarea>" in wrong.text


def test_hours_are_changed_and_taken_out(admin: FlaskClient, world: World) -> None:
    week = {f"jam_{n}": "08.00-12.00" for n in range(5)}
    new = {"jenis": "jam", "nama": "Upacara", "awal": "2026-08-18", "akhir": "2026-08-18", **week}
    assert save(admin, look(admin, **new).text).status_code == 303
    assert world.only(t.office_hours, name="Upacara").blocks["1"] == [["08:00", "12:00"]]
    assert "Hapus jam khusus" in admin.get("/kalender/jam?nama=Upacara").text
    assert look(admin, **new).status_code == 422, "nothing changes"
    assert look(admin, **{**new, "awal": "", "akhir": ""}).status_code == 422
    assert look(admin, **{**new, "nama": "biasa"}).status_code == 422
    assert look(admin, jenis="jam-hapus", nama="biasa").status_code == 422
    assert save(admin, look(admin, jenis="jam-hapus", nama="Upacara").text).status_code == 303
    assert world.rows(t.office_hours, name="Upacara") == []
    ordinary = {"jenis": "jam", "nama": "biasa", **{**week, "jam_4": ""}}
    assert save(admin, look(admin, **ordinary).text).status_code == 303
    assert "4" not in world.only(t.office_hours, name="biasa").blocks


def test_a_change_that_somebody_else_overtook_is_looked_at_again(admin: FlaskClient, world: World) -> None:
    page = look(admin, **FAIR).text
    save(admin, look(admin, **{**FAIR, "tanggal": "2026-08-06", "nama": "Upacara adat"}).text)
    answer = save(admin, page)
    assert answer.status_code == 200
    assert "baru saja diubah orang lain" in answer.text
    assert world.rows(t.days_off, name=FAIR["nama"]) == []
    assert save(admin, answer.text).status_code == 303


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"tanggal": "2026-02-30"}, "tidak ada di kalender"),
        ({"tanggal": ""}, "tidak terbaca"),
        ({"tanggal": "1999-01-01"}, "di luar kalender"),
        ({"nama": " "}, "Beri nama hari itu"),
        ({"macam": "dunia"}, "Pilih macam"),
        ({"jenis": "lain"}, "tidak dikenal"),
    ],
)
def test_wrong_entries_are_answered_in_the_form(admin: FlaskClient, change: dict[str, str], problem: str) -> None:
    answer = look(admin, **{**FAIR, **change})
    assert answer.status_code == 422
    assert problem in answer.text
    assert answer.text.count('value="SK 7/2026"') == 1
