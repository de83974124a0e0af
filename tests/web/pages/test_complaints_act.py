"""What an admin decides in the browser: done once, never over somebody else's head, and only by an admin."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from aspal import tables as t
from aspal.db import Database
from tests.web.conftest import Browser, token_of
from tests.world import World

PAUSE = "/aduan/disposisi/1/jeda"


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def roster(world: World) -> World:
    pupr, dinkes = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
    world.complaint("1916449", pupr, disposed="2026-07-30", title="Jalan berlubang")
    world.complaint("2050001", dinkes, disposed="2026-07-31", title="Antrean puskesmas")
    return world


def form_of(client: FlaskClient, path: str, **typed: str) -> dict[str, str]:
    """What the page's form would send."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', client.get(path).text))
    return hidden | typed


def part(world: World, number: int = 1) -> Any:
    return world.only(t.dispositions, id=number)


@pytest.mark.parametrize(
    ("slug", "typed", "column", "value"),
    [
        ("jeda", {"sampai": "2026-08-10", "alasan": "rapat"}, "pause_reason", "rapat"),
        ("kecualikan", {"alasan": "sudah di pengadilan"}, "exempt_reason", "sudah di pengadilan"),
        ("perpanjangan", {"sampai": "2026-08-10", "alasan": "alat"}, "extended_until", "2026-08-10"),
        ("disposisi-ulang", {"unit": "2", "alasan": "salah unit"}, "end_reason", "redisposed"),
        ("catatan", {"teks": "Ditelepon.", "maksud": "in_process"}, "claim", "in_process"),
    ],
)
def test_an_action_is_done_and_journalled_with_its_admin(
    roster: World, browser_of: Browser, slug: str, typed: dict[str, str], column: str, value: str
) -> None:
    admin = browser_of("admin")
    path = f"/aduan/disposisi/1/{slug}"
    answer = admin.post(path, data=form_of(admin, path, **typed))
    assert (answer.status_code, answer.location) == (303, "/aduan/1")
    assert str(getattr(part(roster), column)) == value
    entry = roster.rows(t.journal)[-1]
    assert (entry.actor, entry.complaint_id) == ("admin@kantor.test", 1)
    assert admin.get("/aduan/1").status_code == 200


def test_a_pause_is_shown_by_its_last_day_as_it_was_typed(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    admin.post(PAUSE, data=form_of(admin, PAUSE, sampai="2026-08-10", alasan="rapat"))
    data = {"csrf_token": token_of(admin, "/pengaturan/"), "unit": "1", "sampai": "2026-08-10", "alasan": "banjir"}
    admin.post("/pengaturan/jeda/unit", data=data)
    assert "sampai dengan Senin, 10 Agustus 2026" in admin.get("/aduan/1").text
    assert "sampai dengan Senin, 10 Agustus 2026: banjir" in admin.get("/direktori/unit/1").text
    assert "Dijeda sampai 10 Agustus 2026" in admin.get("/direktori/").text
    for page in ("/aduan/1", PAUSE, "/direktori/unit/1", "/direktori/", "/pengaturan/"):
        assert "11 Ag" not in admin.get(page).text, page
    roster.clock.moment = roster.at("2026-08-11 08:00")
    assert "10 Agustus 2026" not in admin.get("/aduan/1").text.partition("Urutan kejadian")[0], "it is over"


def test_an_extension_is_offered_to_be_taken_back_while_it_lasts(roster: World, browser_of: Browser) -> None:
    admin, path = browser_of("admin"), "/aduan/disposisi/1/cabut-perpanjangan"
    assert path not in admin.get("/aduan/1").text
    given = "/aduan/disposisi/1/perpanjangan"
    admin.post(given, data=form_of(admin, given, sampai="2026-08-10", alasan="alat"))
    assert path in admin.get("/aduan/1").text
    assert admin.post(path, data=form_of(admin, path)).status_code == 303
    assert (part(roster).extended_until, part(roster).rests) == (None, [])
    assert "Perpanjangan dicabut" in admin.get("/aduan/1").text


def test_a_doubled_press_does_it_once(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    data = form_of(admin, "/aduan/disposisi/1/catatan", teks="Ditelepon.", maksud="note")
    assert [admin.post("/aduan/disposisi/1/catatan", data=data).status_code for _ in range(2)] == [303, 409]
    assert len(roster.rows(t.notes)) == 1


def test_of_two_admins_the_slower_one_is_told_and_loses_nothing(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    slow = form_of(admin, PAUSE, sampai="2026-08-10", alasan="menunggu alat berat")
    quick = form_of(admin, "/aduan/disposisi/1/perpanjangan", sampai="2026-08-07", alasan="cuaca")
    assert admin.post("/aduan/disposisi/1/perpanjangan", data=quick).status_code == 303
    answer = admin.post(PAUSE, data=slow)
    assert answer.status_code == 409
    assert "sudah berubah sejak halaman Anda dibuka" in answer.text
    assert "menunggu alat berat" in answer.text
    assert "2026-08-10" in answer.text
    assert part(roster).paused_until is None
    again = re.search(r'name="dilihat" value="(\w+)"', answer.text)
    assert again
    assert admin.post(PAUSE, data=slow | {"dilihat": again[1]}).status_code == 303
    assert part(roster).pause_reason == "menunggu alat berat"


@pytest.mark.parametrize("wrong", [{"sampai": ""}, {"sampai": "kemarin"}, {"alasan": " "}, {"sampai": "2026-08-01"}])
def test_what_is_missing_is_said(roster: World, browser_of: Browser, wrong: dict[str, str]) -> None:
    admin = browser_of("admin")
    typed = {"sampai": "2026-08-10", "alasan": "rapat"} | wrong
    answer = admin.post(PAUSE, data=form_of(admin, PAUSE, **typed))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert part(roster).paused_until is None


def test_a_form_without_its_mark_changes_nothing(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    data = {"csrf_token": token_of(admin), "sampai": "2026-08-10", "alasan": "rapat"}
    assert admin.post(PAUSE, data=data).status_code == 409
    assert part(roster).paused_until is None


def test_what_is_over_or_unknown_has_no_form(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    roster.change(1, status="selesai")
    assert "<form" not in admin.get(PAUSE).text.split("<main")[1]
    assert "<textarea" in admin.get("/aduan/disposisi/1/catatan").text
    for path in ("/aduan/disposisi/1/hapus", "/aduan/disposisi/99/jeda"):
        assert admin.get(path).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "approver"])
def test_only_an_admin_decides(roster: World, browser_of: Browser, role: str) -> None:
    client = browser_of(role)
    paths = (PAUSE, "/aduan/pilihan?aksi=jeda&pilih=1", "/aduan/baru", "/aduan/1/gabung")
    assert [client.get(path).status_code for path in paths] == [403] * 4
    token = {"csrf_token": token_of(client)}
    assert [client.post(path, data=token).status_code for path in (PAUSE, "/aduan/pilihan", "/aduan/baru")] == [403] * 3
    page = client.get("/aduan/").text
    assert "pilih" not in page.split("<main")[1].casefold().replace("pilihan", "")
    assert "Tindakan" not in client.get("/aduan/1").text


def test_many_at_once_say_first_what_will_happen(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    roster.change(2, status="selesai")
    ask = "/aduan/pilihan?aksi=jeda&pilih=1&pilih=2&pilih=x&saringan=unit%3D1"
    page = admin.get(ask).text
    assert "Jeda: 1 laporan" in page
    assert "Tidak ikut (1)" in page
    assert part(roster).paused_until is None, "asking changes nothing"
    data = form_of(admin, ask, sampai="2026-08-10", alasan="cuaca")
    assert admin.post("/aduan/pilihan", data=data).location == "/aduan/?unit=1"
    assert part(roster).pause_reason == "cuaca"
    assert part(roster, 2).paused_until is None
    again = admin.post("/aduan/pilihan", data=data)
    assert (again.status_code, "sudah berubah" in again.text) == (409, True)


def test_many_at_once_without_a_choice_are_sent_back(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    for ask in ("/aduan/pilihan", "/aduan/pilihan?aksi=jeda", "/aduan/pilihan?aksi=catatan&pilih=1"):
        assert admin.get(ask).status_code == 303
    assert admin.post("/aduan/pilihan", data={"csrf_token": token_of(admin), "aksi": "catatan"}).status_code == 404


def test_a_note_is_moved_to_its_right_complaint(roster: World, browser_of: Browser) -> None:
    admin, now = browser_of("admin"), roster.clock.now()
    note = {"written_by": "Sari", "text": "Sedang kami proses", "intent": "note", "matched_by": "only_case"}
    with roster.db.write() as conn:
        conn.execute(insert(t.notes).values(disposition_id=1, received_at=now, **note))
    path = "/aduan/catatan/1/pindah"
    data = form_of(admin, path, tujuan="2050001", alasan="salah nomor")
    unknown = admin.post(path, data=data | {"tujuan": "999"})
    assert (unknown.status_code, "salah nomor" in unknown.text) == (409, True)
    assert admin.post(path, data=data).location == "/aduan/2"
    assert admin.post(path, data=data).status_code == 409
    assert "dipindahkan dari laporan 1916449 ke laporan 2050001" in admin.get("/aduan/1").text
    assert "dipindahkan ke sini" in admin.get("/aduan/2").text
    assert admin.get("/aduan/catatan/9/pindah").status_code == 404


def test_a_typed_complaint_is_entered_once(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    typed = {"judul": "Pohon tumbang", "unit": "1", "diterima": "2026-08-01", "jenis": "pengaduan", "rahasia": "1"}
    typed["saluran"] = "whatsapp"  # as it is kept where a file says so: one row of the rapor, not two
    data = form_of(admin, "/aduan/baru", **typed)
    assert [admin.post("/aduan/baru", data=data).status_code for _ in range(2)] == [303, 409]
    made = roster.only(t.complaints, provisional_id="MAN-2026-0001")
    assert (made.title, made.confidential, made.channel) == ("Pohon tumbang", True, "whatsapp")
    assert "Laporan diterima lewat WhatsApp." in admin.get(f"/aduan/{made.id}").text
    assert '<option value="whatsapp" >WhatsApp</option>' in admin.get("/aduan/baru").text


def typed_in(roster: World, admin: FlaskClient) -> int:
    """Its id: a complaint typed in for the unit that LAPOR's 1916449 is at."""
    typed = {"judul": "Pohon tumbang", "unit": "1", "diterima": "2026-08-01", "jenis": "pengaduan"}
    admin.post("/aduan/baru", data=form_of(admin, "/aduan/baru", **typed))
    return int(roster.only(t.complaints, provisional_id="MAN-2026-0001").id)


def test_before_a_typed_complaint_is_joined_both_are_seen_side_by_side(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    made = typed_in(roster, admin)
    note = {"teks": "Ditelepon.", "maksud": "note"}
    path = "/aduan/disposisi/3/catatan"
    admin.post(path, data=form_of(admin, path, **note))
    ask = f"/aduan/{made}/gabung?nomor=%231916449"
    page = admin.get(ask).text
    for said in ("MAN-2026-0001", "Pohon tumbang", "1916449", "Jalan berlubang", "Dinas PUPR", "30 Juli 2026"):
        assert said in page, said
    assert "0 pengingat, 0 balasan, dan 1 catatan" in page
    assert "ke sana berhenti" not in page
    elsewhere = admin.get(f"/aduan/{made}/gabung?nomor=2050001").text
    assert "tidak sedang berada pada Dinas PUPR: pengingat MAN-2026-0001 ke sana berhenti" in elsewhere
    assert roster.only(t.complaints, id=made).merged_into_id is None, "asking changes nothing"
    join, path = form_of(admin, ask), f"/aduan/{made}/gabung"
    assert admin.post(path, data=join).location == "/aduan/1"
    assert admin.post(path, data=join).status_code == 409
    assert roster.only(t.complaints, id=made).merged_into_id == 1


def test_a_complaint_that_an_import_took_for_a_typed_one_leads_to_both_side_by_side(
    roster: World, browser_of: Browser
) -> None:
    admin = browser_of("admin")
    made = typed_in(roster, admin)
    with roster.db.write() as conn:
        mark = [{"flag": "may_be_same", "at": "2026-08-03T08:00:00+07:00", "detail": "MAN-2026-0001"}]
        conn.execute(update(t.complaints).where(t.complaints.c.id == 1).values(flags=mark))
    ask = f"/aduan/{made}/gabung?nomor=1916449"
    page = admin.get("/aduan/1").text
    assert "mungkin sama dengan laporan ketikan MAN-2026-0001" in page
    assert f'href="{ask}"' in page
    assert "mungkin sama" not in browser_of("viewer").get("/aduan/1").text, "only an admin joins them"
    found = "/aduan/satukan?ketikan=MAN-2026-0001&nomor=1916449"
    assert admin.get(found).location == ask
    admin.post(f"/aduan/{made}/gabung", data=form_of(admin, ask))
    assert "mungkin sama" not in admin.get("/aduan/1").text
    assert "sudah disatukan" in admin.get(found, follow_redirects=True).text


def test_a_number_that_no_import_brought_yet_is_looked_at_twice(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    made = typed_in(roster, admin)
    ask, path = f"/aduan/{made}/gabung?nomor=1999999", f"/aduan/{made}/gabung"
    assert "belum ada dalam data LAPOR" in admin.get(ask).text
    assert roster.only(t.complaints, id=made).tracking_id is None, "asking changes nothing"
    join = form_of(admin, ask)
    assert admin.post(path, data=join | {"nomor": "1999998"}).status_code == 409, "the page showed another"
    assert admin.post(path, data=join).location == f"/aduan/{made}"
    assert roster.only(t.complaints, id=made).tracking_id == "1999999"


def test_what_is_no_number_of_lapor_is_refused(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    made = typed_in(roster, admin)
    answer = admin.get(f"/aduan/{made}/gabung?nomor=abc")
    assert (answer.status_code, "hanya berisi angka" in answer.text) == (409, True)
    data = form_of(admin, f"/aduan/{made}/gabung?nomor=1916449") | {"nomor": "abc"}
    assert admin.post(f"/aduan/{made}/gabung", data=data).status_code == 409
    assert roster.only(t.complaints, id=made).tracking_id is None


def test_what_changed_since_the_two_were_shown_is_looked_at_again(roster: World, browser_of: Browser) -> None:
    admin = browser_of("admin")
    made = typed_in(roster, admin)
    join, path = form_of(admin, f"/aduan/{made}/gabung?nomor=1916449"), f"/aduan/{made}/gabung"
    assert admin.post(path, data=join | {"dilihat": ""}).status_code == 409
    assert admin.post(path, data=join | {"nomor": "2050001"}).status_code == 409
    roster.change(1, status="selesai")
    answer = admin.post(path, data=join)
    assert (answer.status_code, "sejak halaman Anda dibuka" in answer.text) == (409, True)
    assert roster.only(t.complaints, id=made).merged_into_id is None
    assert admin.post(path, data=form_of(admin, f"{path}?nomor=1916449")).status_code == 303


@pytest.mark.parametrize("wrong", [{"judul": ""}, {"diterima": "x"}, {"diterima": "2027-01-01"}, {"unit": "99"}])
def test_a_complaint_that_cannot_be_is_not_entered(roster: World, browser_of: Browser, wrong: dict[str, str]) -> None:
    admin = browser_of("admin")
    typed = {"judul": "Pohon tumbang", "unit": "1", "diterima": "2026-08-01"} | wrong
    assert admin.post("/aduan/baru", data=form_of(admin, "/aduan/baru", **typed)).status_code == 409
    assert len(roster.rows(t.complaints)) == 2
