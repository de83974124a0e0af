"""The directory in the browser: units, people, appointments, absences, the guest list, coverage, the file."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import intake
from aspal.records import journal
from tests.web.conftest import Browser, token_of
from tests.world import World

PAGES = (
    "/direktori/", "/direktori/?cari=pupr", "/direktori/?tampil=kosong", "/direktori/unit/1", "/direktori/orang",
    "/direktori/orang?cari=sari+pupr&tampil=tamu", "/direktori/orang/1", "/direktori/cakupan",
    "/direktori/sk-berakhir?hari=90", "/direktori/tamu", "/direktori/konfirmasi",
)  # fmt: skip


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.person("Budi", Role.HEAD, unit)
    return world


@pytest.fixture
def admin(browser_of: Browser, world: World) -> FlaskClient:
    return browser_of("admin")


def press(client: FlaskClient, path: str, **form: object) -> TestResponse:
    return client.post(f"/direktori{path}", data={"csrf_token": token_of(client, "/direktori/unit/1"), **form})


def said(client: FlaskClient, path: str = "/direktori/tamu") -> str:
    return client.get(path).text


def actions(world: World) -> list[str]:
    return [row.action for row in world.rows(t.journal)]


@pytest.mark.parametrize("role", ["viewer", "approver", "admin"])
def test_everybody_may_look_and_numbers_are_masked_in_lists(world: World, browser_of: Browser, role: str) -> None:
    client = browser_of(role)
    for path in PAGES:
        page = client.get(path)
        assert page.status_code == 200, path
        whole = path == "/direktori/orang/1" and role != "viewer"
        assert ("+6281200000001" in page.text) == whole, path
    for path in ("/direktori/unit/baru", "/direktori/orang/baru"):
        assert client.get(path).status_code == (200 if role == "admin" else 403)
    assert "+62 812-****-0001" in client.get("/direktori/unit/1").text


@pytest.mark.parametrize("role", ["viewer", "approver"])
def test_only_admins_change_anything(world: World, browser_of: Browser, role: str) -> None:
    client = browser_of(role)
    token = token_of(client, "/direktori/unit/1")
    for path in ("unit/baru", "unit/1", "orang/baru", "orang/1", "orang/1/tamu", "penugasan/1/akhiri", "konfirmasi",
                 "direktori.csv", "orang/1/uji", "orang/1/cuti"):  # fmt: skip
        assert client.post(f"/direktori/{path}", data={"csrf_token": token}).status_code == 403, path
    assert actions(world) == []


def test_a_unit_is_added_below_another_and_renamed(world: World, admin: FlaskClient) -> None:
    values = {"name": "UPTD Jalan", "short_name": "UPTD-J", "kind": "opd", "parent_id": "1", "active": "1"}
    assert press(admin, "/unit/baru", **values).location == "/direktori/unit/2"
    page = admin.get("/direktori/").text
    assert page.index("Dinas PUPR") < page.index("UPTD Jalan")
    assert "unit-depth-1" in page
    press(admin, "/unit/2", **values | {"name": "UPTD Jalan dan Jembatan", "time_zone": "Asia/Makassar"})
    row = world.only(t.units, id=2)
    assert (row.name, row.name_key, row.time_zone) == (
        "UPTD Jalan dan Jembatan",
        "uptd jalan dan jembatan",
        "Asia/Makassar",
    )
    assert {a.alias for a in world.rows(t.unit_aliases)} == {"UPTD-J", "UPTD Jalan"}, "files may use the old name"
    detail = world.only(t.journal, action="unit.changed").detail
    assert detail["before"] == {"name": "UPTD Jalan", "time_zone": None}
    assert detail["after"]["time_zone"] == "Asia/Makassar"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "Isi nama unit"),
        ({"name": "dinas  pupr"}, "sudah menjadi nama unit lain"),
        ({"parent_id": "2"}, "tidak dapat dipakai"),
        ({"parent_id": "99"}, "tidak dapat dipakai"),
        ({"time_zone": "Mars/Olympus"}, "zona waktu"),
        ({"active": ""}, "laporan berjalan"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    world: World, admin: FlaskClient, changes: dict[str, str], says: str
) -> None:
    unit = world.unit("Dinas Kesehatan")
    world.complaint("1916449", unit, disposed="2026-07-30")
    values = {"name": "Dinas Kesehatan Baru", "short_name": "DKB", "kind": "opd", "active": "1"} | changes
    answer = press(admin, f"/unit/{unit}", **values)
    assert (answer.status_code, says in answer.text, 'value="DKB"' in answer.text) == (422, True, True)
    assert world.only(t.units, id=unit).name == "Dinas Kesehatan"


def test_other_names_come_and_go(world: World, admin: FlaskClient) -> None:
    press(admin, "/unit/1/nama-lain", nama="Dinas Pekerjaan Umum")
    press(admin, "/unit/1/nama-lain/1/hapus")
    press(admin, "/unit/1/nama-lain/1/hapus")
    assert "sudah tidak ada" in said(admin)
    assert actions(world) == ["unit.alias", "unit.alias_dropped"]


def test_before_somebody_is_taken_out_of_office_the_page_says_what_that_means(world: World, admin: FlaskClient) -> None:
    number = world.rows(t.appointments)[0].id
    duty = world.only(t.appointments, id=number)
    path = f"/direktori/penugasan/{number}/akhiri"
    assert f'href="{path}"' in admin.get(f"/direktori/orang/{duty.contact_id}").text
    page = admin.get(path).text
    assert "tidak lagi menjadi" in page
    assert "Tunjuk penggantinya dahulu" in page
    assert world.only(t.appointments, id=number).ended_at is None, "asking changes nothing"
    assert admin.get("/direktori/penugasan/99/akhiri").status_code == 404


def test_a_person_is_added_and_appointed(world: World, admin: FlaskClient) -> None:
    answer = press(admin, "/orang/baru", name="Ibu Melati", position="Staf", phone="0812-0000-0077", unit="1")
    assert answer.location == "/direktori/orang/3?unit=1#penugasan"
    terms = {"acting": "plt", "sk_number": "800/12", "valid_from": "2026-08-01", "valid_until": "2026-12-31"}
    press(admin, "/orang/3/penugasan", unit="1", role="kepala_opd", **terms)
    duty = world.only(t.appointments, contact_id=3)
    assert (duty.acting, duty.sk_number, duty.valid_until) == ("plt", "800/12", date(2026, 12, 31))
    again = press(admin, "/orang/3/penugasan", unit="1", role="kepala_opd", **terms)
    assert (again.status_code, "sudah memegang peran itu" in again.text) == (422, True)
    press(admin, "/penugasan/3", **terms | {"valid_until": "2027-06-30"})
    press(admin, "/penugasan/3/akhiri")
    assert world.only(t.appointments, contact_id=3).ended_at == world.clock.now()
    press(admin, "/orang/3/penugasan", unit="1", role="kepala_opd", **terms)
    assert world.only(t.appointments, contact_id=3).ended_at is None
    expected = ["added", "changed", "ended", "renewed"]
    assert actions(world) == ["contact.added", *(f"appointment.{what}" for what in expected)]
    extended = world.only(t.journal, action="appointment.changed").detail
    assert (extended["before"], extended["after"]) == ({"valid_until": "2026-12-31"}, {"valid_until": "2027-06-30"})


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Isi nama"),
        ({"phone": "021-555"}, "bukan nomor seluler"),
        ({"phone": "+62 812 0000 0002"}, "atas nama Budi"),
    ],
)
def test_a_number_belongs_to_one_person(world: World, admin: FlaskClient, typed: dict[str, str], says: str) -> None:
    values = {"name": "Ibu Melati", "phone": "0812-0000-0077"} | typed
    answer = press(admin, "/orang/baru", **values)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert len(world.rows(t.contacts)) == 2


def test_whoever_came_from_another_unit_is_found_by_the_number_and_appointed(world: World, admin: FlaskClient) -> None:
    dinkes = world.unit("Dinas Kesehatan")
    values = {"name": "Sari", "phone": "0812-0000-0001", "unit": str(dinkes)}
    answer = press(admin, "/orang/baru", **values)
    place = f"/direktori/orang/1?unit={dinkes}#penugasan"
    assert (answer.status_code, f'href="{place}"' in answer.text) == (422, True)
    page = admin.get(place).text
    assert re.search(r"<details[^>]* open><summary[^>]*>.*Penugasan baru", page), "the form is not shut"
    assert f'<option value="{dinkes}" selected>' in page


def test_the_substitutes_of_ones_own_unit_stand_first(world: World, admin: FlaskClient) -> None:
    world.person("Ana", Role.LIAISON, world.unit("Dinas Kesehatan"))
    page = admin.get("/direktori/orang/1").text
    near, _, far = page.partition('<optgroup label="Unit yang sama">')[2].partition('<optgroup label="Unit lain">')
    assert ("Budi" in near, "Ana" in near, "Ana" in far.partition("</select>")[0]) == (True, False, True)


def test_a_corrected_number_takes_the_waiting_messages_along(world: World, admin: FlaskClient) -> None:
    world._insert(
        t.messages, contact_id=1, address="+6281200000001", text="x", variables={}, workday=date(2026, 8, 3),
        state="waiting", created_at=world.clock.now(), not_before=world.clock.now(),
    )  # fmt: skip
    with world.db.write() as conn:
        conn.execute(update(t.contacts).where(t.contacts.c.id == 1).values(unreachable_at=world.clock.now()))
    assert "Tidak dapat dihubungi sejak" in admin.get("/direktori/orang/1").text
    press(admin, "/orang/1", name="Sari", position="", phone="0812-0000-0099")
    sari = world.only(t.contacts, id=1)
    assert (sari.phone, sari.unreachable_at) == ("+6281200000099", None)
    assert world.only(t.messages).address == "+6281200000099"
    row = world.only(t.journal, action="contact.changed")
    assert row.detail == {"phone": "diubah", "messages_readdressed": 1, "unreachable_before": True}
    with world.db.read() as conn:
        assert journal.verify(conn) is None


def test_the_marks_of_a_person_are_set_one_by_one(world: World, admin: FlaskClient) -> None:
    press(admin, "/orang/1/tamu", tamu="1", dari="tamu")
    assert "Sari" in said(admin)
    press(admin, "/orang/1/persetujuan", tanggal="2026-08-04")
    assert "belum terjadi" in said(admin)
    press(admin, "/orang/1/persetujuan", tanggal="")
    press(admin, "/orang/1/persetujuan", tanggal="2026-07-01")
    assert world.only(t.contacts, id=1).consent_at == world.at("2026-07-01")
    press(admin, "/orang/1/persetujuan/cabut")
    press(admin, "/orang/1/rekap", rekap="0")
    press(admin, "/orang/1/rekap", kantor="1")
    sari = world.only(t.contacts, id=1)
    assert (sari.guest, sari.consent_at, sari.recaps_off_at, sari.office_recaps) == (
        True,
        None,
        world.clock.now(),
        True,
    )
    assert [row.detail["after"] for row in world.rows(t.journal)][:2] == [
        {"guest": True},
        {"consent_at": "2026-07-01T00:00:00+07:00"},
    ]


@pytest.mark.parametrize(
    ("asked_first", "says"), [("off", "tetap dikirim kepadanya"), ("on", "menunggu sampai ia setuju lagi")]
)
def test_before_a_consent_is_withdrawn_the_page_says_what_that_means(
    world: World, admin: FlaskClient, asked_first: str, says: str
) -> None:
    path = "/direktori/orang/1/persetujuan/cabut"
    assert "belum ada persetujuan yang tercatat" in admin.get(path, follow_redirects=True).text
    press(admin, "/orang/1/persetujuan", tanggal="2026-07-01")
    assert f'href="{path}"' in said(admin, "/direktori/orang/1")
    world.with_settings(consent_message=asked_first)
    page = said(admin, path)
    for words in ("Cabut persetujuan Sari?", "1 Juli 2026", says):
        assert words in page
    assert world.only(t.contacts, id=1).consent_at == world.at("2026-07-01"), "asking changes nothing"
    assert admin.get("/direktori/orang/99/persetujuan/cabut").status_code == 404


def test_who_stopped_is_never_started_again_by_others(world: World, admin: FlaskClient) -> None:
    with world.db.write() as conn:
        conn.execute(update(t.contacts).where(t.contacts.c.id == 1).values(opted_out_at=world.clock.now()))
    page = admin.get("/direktori/orang/1").text
    assert "Hanya Sari sendiri" in page
    press(admin, "/orang/1/uji")
    assert "BERHENTI" in said(admin)
    assert world.rows(t.messages) == []


@pytest.mark.parametrize(
    ("first", "last"), [("2062-08-03", "2062-08-07"), ("2026-08-03", "2062-08-07"), ("1926-08-03", "2026-08-07")]
)
def test_a_leave_of_a_year_that_nobody_means_is_refused(
    world: World, admin: FlaskClient, first: str, last: str
) -> None:
    answer = press(admin, "/orang/1/cuti", first_day=first, last_day=last, substitute="2")
    assert (answer.status_code, "periksa tahunnya" in answer.text) == (422, True)
    assert f'value="{last}"' in answer.text, "nothing typed is lost"
    assert world.rows(t.absences) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"valid_until": "2099-12-31"}, "kosongkan “Berlaku sampai”"),
        ({"valid_from": "2062-08-01", "valid_until": ""}, "periksa tahunnya"),
        ({"sk_date": "1926-08-01"}, "terlalu lama berlalu"),
    ],
)
def test_an_sk_of_a_year_that_nobody_means_is_refused(
    world: World, admin: FlaskClient, changes: dict[str, str], says: str
) -> None:
    terms = {"sk_number": "800/12", "valid_from": "2026-08-01", "valid_until": "2026-12-31"}
    answer = press(admin, "/orang/1/penugasan", unit="1", role="sekretaris", **terms | changes)
    assert (answer.status_code, says in answer.text) == (422, True)
    press(admin, "/penugasan/1", **terms | changes)
    assert says in said(admin)
    assert [duty.sk_number for duty in world.rows(t.appointments)] == [None, None]


def test_an_absence_holds_at_once_and_can_be_cancelled(world: World, admin: FlaskClient) -> None:
    world.complaint("1916449", 1, disposed="2026-08-03")
    press(admin, "/orang/1/cuti", first_day="2026-08-03", last_day="2026-08-07", substitute="2")
    overlap = press(admin, "/orang/1/cuti", first_day="2026-08-07", last_day="2026-08-08", substitute="2")
    assert (overlap.status_code, "Sudah ada cuti" in overlap.text) == (422, True)
    assert "Diganti oleh" in admin.get("/direktori/orang/1").text
    assert "Menggantikan" in admin.get("/direktori/orang/2").text
    world.tick()
    assert {row.contact_id for row in world.rows(t.messages)} == {2}, "what is for Sari goes to Budi"
    press(admin, "/orang/1/cuti/1/batal")
    assert world.only(t.absences).state == "cancelled"
    assert press(admin, "/orang/1/cuti", first_day="2026-08-01", last_day="x", substitute="2").status_code == 422


def test_coverage_says_why_and_since_when(world: World, admin: FlaskClient) -> None:
    dinkes = world.unit("Dinas Kesehatan")
    rini = world.person("Rini", Role.LIAISON, dinkes)
    with world.db.write() as conn:
        conn.execute(
            update(t.appointments).where(t.appointments.c.contact_id == rini.id).values(valid_until=date(2026, 7, 31))
        )
    page = admin.get("/direktori/cakupan").text
    for words in ("Rini: SK sudah lewat masa berlakunya", "belum pernah ditunjuk", "Tunjuk"):
        assert words in page
    assert "Tanpa penghubung" in admin.get("/direktori/").text
    assert "hari lalu" in admin.get("/direktori/sk-berakhir").text


def test_a_test_message_passes_every_guard(world: World, admin: FlaskClient) -> None:
    press(admin, "/orang/1/uji")
    press(admin, "/orang/1/uji")
    assert "sudah dibuat" in said(admin)
    world.tick()
    message = world.only(t.messages)
    assert (message.template, message.state) == ("persetujuan_kontak", "accepted")
    world.with_settings(recipients="guests")
    press(admin, "/orang/2/uji")
    assert "ke daftar tamu dahulu" in said(admin)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_exported_file_imports_as_it_is(world: World, admin: FlaskClient, kind: str, tmp_path: object) -> None:
    with world.db.write() as conn:
        values = {"acting": "plt", "sk_number": "800/12", "valid_until": date(2026, 12, 31)}
        conn.execute(update(t.appointments).where(t.appointments.c.contact_id == 2).values(values))
        conn.execute(update(t.contacts).where(t.contacts.c.id == 2).values(position="Kepala Dinas"))
    world.unit("Dinas Kosong")
    told = press(admin, f"/direktori.{kind}")
    path = tmp_path / f"d.{kind}"  # type: ignore[operator]
    path.write_bytes(told.data)
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    report = intake.preview_directory(world.db, path, now=world.clock.now(), calendars=calendars, by="a@b.test")
    assert (report.rows, report.unchanged, report.rejected, report.held) == (3, 3, [], [])
    assert actions(world) == ["directory.exported"]
    if kind == "xlsx":
        assert openpyxl.load_workbook(BytesIO(told.data)).active["I3"].value == "081200000001"


def test_the_list_of_people_goes_on_where_it_stopped(world: World, admin: FlaskClient) -> None:
    for number in range(60):
        world.person(f"Petugas {number:02d}", Role.OPERATOR, 1)
    first = admin.get("/direktori/orang").text
    assert "Petugas 48" in first
    assert "Petugas 49" not in first
    assert "Petugas 49" in admin.get("/direktori/orang?nama=Petugas+48&id=51").text
    assert admin.get("/direktori/orang?id=99999999999999999999").status_code == 200
    assert admin.get("/direktori/orang/99999").status_code == 404


def test_a_round_is_started_once_and_shows_its_answers(world: World, admin: FlaskClient) -> None:
    press(admin, "/konfirmasi", siapa="pilihan")
    assert "Pilih siapa yang ditanya" in said(admin)
    press(admin, "/konfirmasi", siapa="pilihan", penugasan="2")
    assert "Tidak ada yang dapat ditanya" in said(admin), "the head is no liaison"
    assert "tidak dapat ditarik" in press(admin, "/konfirmasi", siapa="semua").text
    assert world.rows(t.confirmations) == [], "so many messages are asked about first"
    assert press(admin, "/konfirmasi", siapa="semua", pasti="1").location == "/direktori/konfirmasi/1"
    press(admin, "/konfirmasi", siapa="semua", pasti="1")
    assert len(world.rows(t.confirmations)) == 1
    with world.db.write() as conn:
        conn.execute(update(t.confirmations).values(answer="moved", answered_at=world.clock.now()))
    assert "Akhiri dan tunjuk pengganti" in admin.get("/direktori/konfirmasi/1").text
    page = admin.get("/direktori/orang/1").text
    assert "Menyatakan PINDAH" in page
    (way,) = re.findall(r'href="([^"]+)">Tunjuk penggantinya', page)
    assert admin.get(way.replace("&amp;", "&")).status_code == 200, "the way to the successor's form"
    assert "Baru ditanya" in admin.get("/direktori/konfirmasi").text
    assert admin.get("/direktori/konfirmasi/9").status_code == 404


def seen_in(client: FlaskClient, path: str, action: str) -> str:
    """The mark that the form with this address carries."""
    return seen_in_page(client.get(path).text, action)


def seen_in_page(page: str, action: str) -> str:
    found = re.search(rf'action="{action}">.*?name="dilihat" value="([^"]*)"', page, re.DOTALL)
    assert found, f"no mark in the form {action}"
    return found[1]


def test_a_page_that_somebody_overtook_does_not_bring_an_old_number_back(world: World, admin: FlaskClient) -> None:
    seen = seen_in(admin, "/direktori/orang/1", "/direktori/orang/1")
    press(admin, "/orang/1", name="Sari", position="Kasi", phone="0812-0000-0099", dilihat=seen)
    older = {"name": "Sari Dewi", "position": "", "phone": "+6281200000001", "dilihat": seen}
    page = press(admin, "/orang/1", **older)
    assert page.status_code == 422
    assert "belum disimpan" in page.text
    assert "nomor WhatsApp: +6281200000099" in page.text
    assert 'value="Sari Dewi"' in page.text, "what was typed is kept"
    assert (world.only(t.contacts, id=1).phone, world.only(t.contacts, id=1).name) == ("+6281200000099", "Sari")
    again = seen_in_page(page.text, "/direktori/orang/1")
    press(admin, "/orang/1", **older | {"phone": "+6281200000099", "position": "Kasi", "dilihat": again})
    assert world.only(t.contacts, id=1).name == "Sari Dewi", "having seen it, the second press counts"


def test_the_same_words_twice_are_no_quarrel(world: World, admin: FlaskClient) -> None:
    seen = seen_in(admin, "/direktori/orang/1", "/direktori/orang/1")
    same = {"name": "Sari", "position": "Kasi", "phone": "+6281200000001", "dilihat": seen}
    assert [press(admin, "/orang/1", **same).status_code for _ in range(2)] == [303, 303]


def test_a_page_that_somebody_overtook_does_not_shorten_an_sk_again(world: World, admin: FlaskClient) -> None:
    seen = seen_in(admin, "/direktori/orang/1", "/direktori/penugasan/1")
    press(admin, "/penugasan/1", sk_number="SK/2", valid_until="2027-12-31", dilihat=seen)
    press(admin, "/penugasan/1", sk_number="SK/1", valid_until="2026-12-31", acting="plt", dilihat=seen)
    assert "belum disimpan" in said(admin, "/direktori/orang/1")
    duty = world.only(t.appointments, id=1)
    assert (duty.sk_number, duty.valid_until, duty.acting) == ("SK/2", date(2027, 12, 31), None)


def test_a_page_that_somebody_overtook_does_not_give_a_unit_its_old_name_back(world: World, admin: FlaskClient) -> None:
    seen = seen_in(admin, "/direktori/unit/1", "/direktori/unit/1")
    unit = {"name": "Dinas PUPR", "short_name": "", "kind": "opd", "active": "1", "dilihat": seen}
    press(admin, "/unit/1", **unit | {"name": "Dinas Pekerjaan Umum"})
    page = press(admin, "/unit/1", **unit | {"short_name": "DPUPR"})
    assert page.status_code == 422
    assert "nama: Dinas Pekerjaan Umum" in page.text
    assert (world.only(t.units).name, world.only(t.units).short_name) == ("Dinas Pekerjaan Umum", None)
