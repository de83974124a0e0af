"""A file in the browser: handed in, mapped, previewed, applied once, taken back."""

import errno
import os
import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from werkzeug.test import TestResponse

from aspal import tables as t
from aspal.db import Database
from aspal.flow import housekeeping, upload_shelf
from aspal.flow.intake.progress import Step
from aspal.records import uploads as upload_records
from tests.web.conftest import Browser, token_of
from tests.world import World

HEADER = "Tracking ID;Judul Laporan;Instansi;Status;Tanggal Laporan;Tanggal Disposisi;Rahasia;Nama Pelapor"
CLEAN = f"""{HEADER}
1916449;Jalan berlubang;Dinas PUPR;Belum Ditindaklanjuti;30/07/2026;31/07/2026;Tidak;Orang Rahasia
1916450;Lampu padam;Dinas PUPR;Proses;30/07/2026;31/07/2026;Tidak;Orang Lain
"""
MIXED = f"""{HEADER}
1916449;Jalan berlubang;Dinas PUPR;Menunggu Klarifikasi;30/07/2026;31/07/2026;Tidak;Orang Rahasia
1916450;Lampu padam;Dinas Pekerjaan Umum;Belum Ditindaklanjuti;30/07/2026;31/07/2026;Tidak;Orang Lain
1916451;=cmd|' /C calc'!A1;Dinas PUPR;Belum Ditindaklanjuti;99/99/2026;31/07/2026;Tidak;Orang Lain
"""


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 08:00")
    world.unit("Dinas PUPR")
    return world


@pytest.fixture
def admin(browser_of: Browser) -> FlaskClient:
    return browser_of("admin")


def hand_in(client: FlaskClient, content: str | bytes, kind: str = "roster", name: str = "ekspor.csv") -> TestResponse:
    body = content.encode() if isinstance(content, str) else content
    data = {"csrf_token": token_of(client, "/impor/tertahan"), "jenis": kind, "berkas": (BytesIO(body), name)}
    return client.post("/impor/", data=data, content_type="multipart/form-data")


def press(client: FlaskClient, path: str, **form: object) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, "/impor/tertahan"), **form})


def chosen(page: str) -> list[str]:
    return re.findall(r'name="jenis" value="(\w+)" checked', page)


def test_a_new_office_begins_with_its_directory_and_a_refused_file_keeps_its_kind(
    world: World, admin: FlaskClient
) -> None:
    with world.db.write() as conn:
        conn.execute(delete(t.units))
    page = admin.get("/impor/").text
    assert chosen(page) == ["directory"]
    assert "berkas kosong dengan judul kolomnya" in page
    world.unit("Dinas PUPR")
    assert chosen(admin.get("/impor/").text) == ["roster"]
    refused = hand_in(admin, b"%PDF-1.4", kind="roster")
    assert chosen(admin.get(refused.location).text) == ["roster"]
    hand_in(admin, CLEAN)
    press(admin, "/impor/berkas/1/terapkan")
    page = admin.get("/impor/").text
    assert chosen(page) == ["roster"]
    assert "berkas kosong" not in page
    assert chosen(admin.get("/impor/?jenis=directory").text) == ["directory"]
    assert chosen(admin.get("/impor/?jenis=lain").text) == ["roster"]


def test_a_clear_file_goes_straight_to_its_preview_and_is_applied_once(world: World, admin: FlaskClient) -> None:
    answer = hand_in(admin, CLEAN)
    assert (answer.status_code, answer.location) == (303, "/impor/berkas/1")
    page = admin.get("/impor/berkas/1").text
    for words in ("2 rantai pengingat dimulai", "Belum ada yang tertulis", "Nama Pelapor"):
        assert words in page
    assert world.rows(t.complaints) == [], "a preview writes nothing"
    for _ in range(2):
        assert press(admin, "/impor/berkas/1/terapkan").location == "/impor/berkas/1"
    assert admin.get("/impor/berkas/1").location == "/impor/1"
    assert [row.tracking_id for row in world.rows(t.complaints)] == ["1916449", "1916450"]
    batch = world.only(t.batches)
    assert (batch.source, batch.applied_by) == ("ekspor.csv", "admin@kantor.test")
    assert "ekspor.csv" in admin.get("/impor/").text
    assert "2 baru" in admin.get("/impor/1").text


def test_what_looks_like_a_typed_complaint_leads_from_the_preview_and_the_import_to_both(
    world: World, admin: FlaskClient, browser_of: Browser
) -> None:
    typed = {"judul": "Jalan berlubang", "unit": "1", "diterima": "2026-07-30", "jenis": "pengaduan"}
    admin.post("/aduan/baru", data={"csrf_token": token_of(admin, "/aduan/baru"), **typed})
    hand_in(admin, CLEAN)
    link = 'href="/aduan/satukan?ketikan=MAN-2026-0001&amp;nomor=1916449"'
    assert link in admin.get("/impor/berkas/1").text
    press(admin, "/impor/berkas/1/terapkan")
    assert link in admin.get("/impor/1").text
    assert link not in browser_of("viewer").get("/impor/1").text, "only an admin joins them"


def test_a_directory_preview_names_whom_it_renames(world: World, admin: FlaskClient) -> None:
    header = "OPD;Nama;Peran;No WA"
    hand_in(admin, f"{header}\nDinas PUPR;Petugas Satu;pejabat_penghubung;081200000001", "directory")
    press(admin, "/impor/berkas/1/terapkan")
    hand_in(admin, f"{header}\nDinas PUPR;Orang Baru;pejabat_penghubung;081200000001", "directory")
    page = admin.get("/impor/berkas/2").text
    assert "Nomor yang berganti nama pemegang" in page
    assert "Petugas Satu menjadi Orang Baru" in page
    assert world.only(t.contacts).name == "Petugas Satu"


def test_where_nothing_would_change_no_green_button_asks_for_it(world: World, admin: FlaskClient) -> None:
    green = 'class="btn btn-primary btn-lg'
    directory = "OPD;Nama;Peran;No WA\nDinas PUPR;Petugas Satu;pejabat_penghubung;081200000001"
    for number, content, kind in ((1, CLEAN, "roster"), (3, directory, "directory")):
        hand_in(admin, content, kind)
        assert green in admin.get(f"/impor/berkas/{number}").text
        press(admin, f"/impor/berkas/{number}/terapkan")
        hand_in(admin, content, kind)
        assert green not in admin.get(f"/impor/berkas/{number + 1}").text
    assert "hari ini LAPOR masih berkata sama" in admin.get("/impor/berkas/2").text
    assert press(admin, "/impor/berkas/2/terapkan").status_code == 303, "and that may be written down"
    assert "Tidak ada yang perlu diterapkan: isinya sama" in admin.get("/impor/berkas/4").text
    hand_in(admin, directory.replace("081200000001", "12"), "directory")
    assert "tidak ada baris yang dapat dimasukkan" in admin.get("/impor/berkas/5").text


def test_an_import_is_taken_back_after_it_was_said_what_that_means(world: World, admin: FlaskClient) -> None:
    hand_in(admin, CLEAN)
    press(admin, "/impor/berkas/1/terapkan")
    page = admin.get("/impor/1/batal").text
    assert "2 laporan yang baru dihapus" in page
    assert "pesan WhatsApp yang sudah terkirim" in page
    press(admin, "/impor/1/batal")
    assert world.rows(t.complaints) == []
    assert "sudah dibatalkan" in admin.get("/impor/1").text
    assert admin.get("/impor/1/batal").status_code == 302
    press(admin, "/impor/1/batal")
    assert "Impor 1 sudah dibatalkan." in admin.get("/impor/1").text


def test_a_long_undo_is_watched_and_its_end_is_told_once(world: World, admin: FlaskClient) -> None:
    hand_in(admin, CLEAN)
    press(admin, "/impor/berkas/1/terapkan")
    shelf = upload_shelf.folder(world.settings.media_dir)
    upload_shelf.beat(shelf, "batal-1", Step.UNDOING, 1000, 4000)
    assert press(admin, "/impor/1/batal").location == "/impor/1/batal", "somebody has begun it already"
    assert len(world.rows(t.complaints)) == 2
    assert "1.000 dari 4.000 data dikembalikan" in admin.get("/impor/1/batal").text
    assert "1.000 dari 4.000" in admin.get("/impor/1/batal/kemajuan").text
    upload_shelf.set_down(shelf, "batal-1", {"end": ["Impor 2 yang lebih baru mengubah data yang sama.", "danger"]})
    assert admin.get("/impor/1/batal/kemajuan").headers["HX-Refresh"] == "true"
    assert "Impor 2 yang lebih baru" in admin.get("/impor/1/batal").text
    assert "Impor 2 yang lebih baru" not in admin.get("/impor/1/batal").text


def test_an_undo_that_died_can_be_begun_again(world: World, admin: FlaskClient) -> None:
    hand_in(admin, CLEAN)
    press(admin, "/impor/berkas/1/terapkan")
    shelf = upload_shelf.folder(world.settings.media_dir)
    upload_shelf.beat(shelf, "batal-1", Step.UNDOING, 1, 4)
    os.utime(shelf / "batal-1.pulse", (0, 0))
    assert admin.get("/impor/1/batal/kemajuan").headers["HX-Refresh"] == "true"
    assert "Yang dikembalikan" in admin.get("/impor/1/batal").text
    assert press(admin, "/impor/1/batal").location == "/impor/1"
    assert "Impor 1 dibatalkan: 0 dikembalikan, 4 dihapus." in admin.get("/impor/1").text
    assert world.rows(t.complaints) == []


def test_what_is_not_known_is_asked_and_held_rows_are_settled_in_the_browser(world: World, admin: FlaskClient) -> None:
    assert "“Menunggu Klarifikasi”" in admin.get(hand_in(admin, MIXED).location).text
    press(admin, "/impor/berkas/1/pemetaan")  # nothing is explained: those rows are held
    page = admin.get("/impor/berkas/1").text
    assert re.search(r"2</div>\s*<div[^>]*>ditahan", page)
    assert re.search(r"1</div>\s*<div[^>]*>ditolak", page)
    press(admin, "/impor/berkas/1/terapkan")
    page = admin.get("/impor/tertahan").text
    assert "Apa arti status “Menunggu Klarifikasi”?" in page
    assert "“Dinas Pekerjaan Umum” itu unit kerja yang mana?" in page
    assert "selected" not in page, "what is remembered for good is chosen, not taken over"
    held = {row.row_number: row.id for row in world.rows(t.held_rows)}
    press(admin, f"/impor/tertahan/{held[2]}/status", kata="Menunggu Klarifikasi", status="ditunda")
    press(admin, f"/impor/tertahan/{held[3]}/unit", nama="Dinas Pekerjaan Umum", unit=1)
    assert {row.tracking_id: row.status for row in world.rows(t.complaints)} == {
        "1916449": "ditunda",
        "1916450": "belum_ditindaklanjuti",
    }
    assert "Tidak ada baris yang ditahan" in admin.get("/impor/tertahan").text


def test_a_unit_that_was_added_meanwhile_is_enough(world: World, admin: FlaskClient) -> None:
    hand_in(admin, MIXED)
    press(admin, "/impor/berkas/1/pemetaan")
    press(admin, "/impor/berkas/1/terapkan")
    page = admin.get("/impor/tertahan").text
    form = "/direktori/unit/baru?nama=Dinas+Pekerjaan+Umum&dari=tertahan"
    assert form.replace("&", "&amp;") in page
    assert 'name="dari" value="tertahan"' in admin.get(form).text
    new = {"name": "Dinas Pekerjaan Umum", "kind": "opd", "active": "1", "dari": "tertahan"}
    assert press(admin, "/direktori/unit/baru", **new).location == "/impor/tertahan", "back where the rows wait"
    assert "Unitnya kini dikenal" in admin.get("/impor/tertahan").text
    press(admin, "/impor/tertahan/baca-ulang")
    assert [row.tracking_id for row in world.rows(t.complaints)] == ["1916450"]


def test_rows_that_nobody_needs_are_dropped_by_name(world: World, admin: FlaskClient) -> None:
    hand_in(admin, MIXED)
    press(admin, "/impor/berkas/1/pemetaan")
    press(admin, "/impor/berkas/1/terapkan")
    for row in world.rows(t.held_rows):
        path = f"/impor/tertahan/{row.id}/singkirkan"
        assert path in admin.get("/impor/tertahan").text
        assert "Singkirkan 1 baris?" in admin.get(path).text
        assert world.only(t.held_rows, id=row.id).settled_at is None, "asking changes nothing"
        press(admin, path)
        assert admin.get(path).location == "/impor/tertahan"
    assert all(row.settled_at for row in world.rows(t.held_rows))
    assert [e.actor for e in world.rows(t.journal, action="import.held_dropped")] == ["admin@kantor.test"] * 2


def test_columns_and_questions_are_answered_once_for_a_layout(world: World, admin: FlaskClient) -> None:
    odd = "Kode Buku Besar;Perihal;OPD;Status;Tgl Masuk\n1916449;Jalan;Dinas PUPR;Proses;30/07/2026\n"
    page = admin.get(hand_in(admin, odd).location).text
    assert "Belum ada kolom untuk Tracking ID" in page
    assert "simpan pemetaan" not in page, "a page speaks of its fields"
    assert "Belum ada kolom untuk Instansi Terdisposisi" not in page
    headers = ["Kode Buku Besar", "Perihal", "OPD", "Status", "Tgl Masuk"]
    columns = ["tracking_id", "judul", "opd", "status", "tgl_masuk"]
    press(admin, "/impor/berkas/1/pemetaan", judul=headers, kolom=columns)
    page = admin.get("/impor/berkas/1").text
    for asked in ("Sejak kapan hari kerja OPD dihitung?", "Bagaimana laporannya diperlakukan?"):
        assert asked in page, "what only the columns have raised is not skipped"
    press(admin, "/impor/berkas/1/pemetaan", judul=headers, kolom=columns, disposed_on="received", secrecy="open")
    press(admin, "/impor/berkas/1/terapkan")
    row = world.only(t.complaints)
    assert (row.tracking_id, row.confidential) == ("1916449", False)
    assert hand_in(admin, odd.replace("1916449", "1916450")).location == "/impor/berkas/2"
    assert "Belum ada yang tertulis" in admin.get("/impor/berkas/2").text, "nothing is asked a second time"


def test_before_the_preview_the_page_says_that_no_column_names_the_units(world: World, admin: FlaskClient) -> None:
    page = admin.get(hand_in(admin, CLEAN.replace("Instansi", "Ke mana")).location).text
    assert "Belum ada kolom untuk Instansi Terdisposisi" in page
    press(admin, "/impor/berkas/1/pemetaan")
    assert "statusnya &#34;belum ditindaklanjuti&#34;" in admin.get("/impor/berkas/1").text, "words, not codes"


def test_a_blank_day_is_settled_for_its_layout(world: World, admin: FlaskClient) -> None:
    hand_in(admin, CLEAN.replace("31/07/2026", ""))
    press(admin, "/impor/berkas/1/pemetaan")
    page = admin.get("/impor/berkas/1").text
    assert "Tentukan sejak kapan hari kerja dihitung" in page
    assert "--disposed-on" not in page, "a page speaks of its fields, not of the command line"
    press(admin, "/impor/berkas/1/terapkan")
    held = world.rows(t.held_rows)[0].id
    assert "dihitung sejak kapan" in admin.get("/impor/tertahan").text
    press(admin, f"/impor/tertahan/{held}/tanggal", disposed_on="entah")
    press(admin, f"/impor/tertahan/{held}/tanggal", disposed_on="received")
    assert {row.disposed_basis for row in world.rows(t.dispositions)} == {"received"}
    assert world.only(t.journal, action="import.disposed_on").detail == {"before": None, "after": "received"}


def test_what_was_not_taken_in_can_be_downloaded_and_is_no_formula(world: World, admin: FlaskClient) -> None:
    hand_in(admin, MIXED)
    press(admin, "/impor/berkas/1/pemetaan")
    text = admin.get("/impor/berkas/1/tidak-masuk.csv").data.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Baris;Keputusan;Kolom;Alasan;Tracking ID;Judul Laporan")
    assert "Orang" not in text, "who reported is in no file of ours"
    assert "'=cmd" in text
    book = openpyxl.load_workbook(BytesIO(admin.get("/impor/berkas/1/tidak-masuk.xlsx").data))
    assert [row[0].value for row in book.active.iter_rows()] == ["Baris", 2, 3, 4]
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    press(admin, "/impor/berkas/1/terapkan")
    assert "Dinas Pekerjaan Umum" in admin.get("/impor/1/ditahan.csv").text


def test_wrong_files_get_a_clear_word_and_leave_nothing_behind(world: World, admin: FlaskClient) -> None:
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0")
        archive.infolist()[1].file_size = 600_000_000  # what a bomb says of itself
    for content, says in (
        (b"%PDF-1.7", "bukan tabel"),
        (b"", "kosong"),
        (b"\x89PNG....", "gambar"),
        (bomb.getvalue(), "terlalu besar"),
    ):
        assert hand_in(admin, content, name="../../etc/apa.xlsx").status_code == 303
        assert says in admin.get("/impor/").text
    assert world.rows(t.uploads) == []
    shelf = upload_shelf.folder(world.settings.media_dir)
    assert os.listdir(shelf) == []
    too_big = admin.post("/impor/", data=b"x" * 20_000_001, content_type="multipart/form-data; boundary=x")
    assert (too_big.status_code, "paling besar 20 MB" in too_big.text) == (413, True)
    press(admin, "/impor/")
    assert "Pilih berkas" in admin.get("/impor/").text


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_is_called_that_and_keeps_no_half_of_a_file(
    world: World, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a file may hold columns that are none of our business, and nothing would ever take it away."""
    with monkeypatch.context() as patch:
        patch.setattr(upload_shelf.hashlib, "sha256", lambda: SimpleNamespace(update=full))
        answer = hand_in(admin, CLEAN)
    assert (answer.status_code, "Penyimpanan server" in answer.text) == (503, True)
    assert "No space left on device" in str([getattr(record, "cause", "") for record in caplog.records])
    with monkeypatch.context() as patch:
        patch.setattr(upload_records, "add", full)
        assert hand_in(admin, CLEAN).status_code == 503
    assert os.listdir(upload_shelf.folder(world.settings.media_dir)) == []
    assert hand_in(admin, CLEAN).location == "/impor/berkas/1"


def test_what_was_applied_is_not_called_failed_where_its_list_cannot_be_kept(
    world: World, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(admin, MIXED)
    press(admin, "/impor/berkas/1/pemetaan")
    monkeypatch.setattr(upload_shelf, "set_down", full)
    press(admin, "/impor/berkas/1/terapkan")
    assert world.only(t.uploads).state == "applied"
    assert world.only(t.batches).id == world.only(t.uploads).batch_id


def test_a_draft_is_its_uploaders_alone(world: World, browser_of: Browser, admin: FlaskClient) -> None:
    hand_in(admin, CLEAN)
    other = browser_of("approver")
    paths = ("/impor/berkas/1", "/impor/berkas/1/kemajuan", "/impor/berkas/1/tidak-masuk.csv")
    assert {other.get(path).status_code for path in paths} == {403}
    with world.db.write() as conn:
        conn.execute(update(t.uploads).values(uploaded_by="admin.lain@kantor.test"))
    assert {admin.get(path).status_code for path in paths} == {404}
    with world.db.write() as conn:
        conn.execute(update(t.uploads).values(uploaded_by="admin@kantor.test"))
    assert press(other, "/impor/berkas/1/terapkan").status_code == 403
    viewer = browser_of("viewer")
    assert viewer.get("/impor/").status_code == 200
    assert viewer.get("/impor/tertahan.csv").status_code == 403
    press(admin, "/impor/berkas/1/buang")
    assert world.rows(t.uploads) == []
    assert world.rows(t.complaints) == []


@pytest.mark.parametrize("applied_after_all", [False, True])
def test_a_crash_in_the_middle_shows_and_is_made_good(
    world: World, admin: FlaskClient, applied_after_all: bool
) -> None:
    hand_in(admin, CLEAN)
    if applied_after_all:
        press(admin, "/impor/berkas/1/terapkan")
    shelf, upload = upload_shelf.folder(world.settings.media_dir), world.only(t.uploads)
    with world.db.write() as conn:
        conn.execute(update(t.uploads).values(state="applying", batch_id=None))
    upload_shelf.beat(shelf, upload.path, Step.READING, 1, 2)
    assert "Sedang diterapkan" in admin.get("/impor/berkas/1").text
    assert "1 dari sekitar 2" in admin.get("/impor/berkas/1/kemajuan").text
    upload_shelf.beat(shelf, upload.path, Step.WRITING, 1, 2)
    assert "1 dari 2 laporan ditulis" in admin.get("/impor/berkas/1/kemajuan").text
    os.utime(shelf / f"{upload.path}.pulse", (0, 0))
    assert "Terhenti" in admin.get("/impor/berkas/1").text
    assert admin.get("/impor/berkas/1/kemajuan").headers["HX-Refresh"] == "true"
    press(admin, "/impor/berkas/1/ulangi")
    assert world.only(t.uploads).state == ("applied" if applied_after_all else "previewed")
    assert len(world.rows(t.complaints)) == (2 if applied_after_all else 0)


def test_the_file_itself_is_gone_as_soon_as_it_is_applied(world: World, admin: FlaskClient) -> None:
    """It may hold who has complained: a column that is never read must not lie on our disk either."""
    hand_in(admin, CLEAN)
    shelf, name = upload_shelf.folder(world.settings.media_dir), world.only(t.uploads).path
    assert (shelf / name).is_file()
    press(admin, "/impor/berkas/1/terapkan")
    assert not (shelf / name).exists()
    assert admin.get("/impor/berkas/1/tidak-masuk.csv").status_code == 200


def test_a_draft_that_nobody_applies_is_forgotten_after_a_day(world: World, admin: FlaskClient) -> None:
    hand_in(admin, CLEAN)
    world.clock.moment += timedelta(hours=23)
    housekeeping.run(world.db, world.settings, world.clock.now())
    assert len(world.rows(t.uploads)) == 1
    world.clock.moment += timedelta(hours=2)
    housekeeping.run(world.db, world.settings, world.clock.now())
    assert os.listdir(upload_shelf.folder(world.settings.media_dir)) == []


def test_reports_are_forgotten_after_a_week(world: World, admin: FlaskClient) -> None:
    hand_in(admin, CLEAN)
    press(admin, "/impor/berkas/1/terapkan")
    world.clock.moment += timedelta(days=8)
    housekeeping.run(world.db, world.settings, world.clock.now())
    assert world.rows(t.uploads) == []
    assert os.listdir(upload_shelf.folder(world.settings.media_dir)) == []
    assert admin.get("/impor/berkas/1").status_code == 404


def test_a_directory_file_goes_the_same_way(world: World, admin: FlaskClient) -> None:
    rows = "OPD;Nama;Peran;No WA;NIP\nDinas Kesehatan;Ibu Melati;pejabat_penghubung;0812-0000-0001;1990\n"
    hand_in(admin, rows, "directory", "direktori.csv")
    assert "NIP" in admin.get("/impor/berkas/1").text
    press(admin, "/impor/berkas/1/terapkan")
    assert world.only(t.contacts).phone == "+6281200000001"
