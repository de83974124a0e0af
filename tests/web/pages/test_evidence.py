"""Bukti dukung in the browser: kept, listed, archived with an index."""

import io
import time
import zipfile
from datetime import timedelta
from hashlib import sha256

import openpyxl
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from aspal import tables as t
from aspal.core.words import Role
from aspal.flow import housekeeping
from tests.web.conftest import Browser, token_of
from tests.world import World

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def office(world: World) -> World:
    unit = world.unit("Dinas Kominfo")
    somebody = world.person("Melati", Role.ADMIN, unit)
    world.appoint(somebody, Role.LIAISON, unit, sk_number="SK-1/2026", valid_from=world.at("2026-01-02").date())
    return world


def send(client: FlaskClient, **form: object) -> str:
    """The page after it was kept, or refused."""
    values = {"csrf_token": token_of(client, "/bukti-dukung"), **form}
    answer = client.post("/bukti-dukung/?tahun=2026", data=values, content_type="multipart/form-data")
    if answer.status_code == 422:
        return answer.text
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


def test_what_was_kept_is_listed_and_journalled(office: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    page = send(client, jenis="rencana_aksi", judul="Rencana aksi", berkas=(io.BytesIO(PDF), "../rencana aksi.pdf"))
    assert "rencana_aksi.pdf" in page
    page = send(
        client, jenis="sosialisasi", judul="Sosialisasi desa", tanggal="2026-05-04", peserta="40", tempat="Aula"
    )
    assert "40 peserta" in page
    row = office.rows(t.evidence_documents)[0]
    assert (row.content_type, row.size, row.year) == ("application/pdf", len(PDF), 2026)
    assert (office.settings.media_dir / row.path).read_bytes() == PDF
    assert [entry.action for entry in office.rows(t.journal)].count("evidence.added") == 2
    assert "SK-1/2026" in page


def test_in_january_last_years_evidence_is_at_hand(office: World, browser_of: Browser) -> None:
    """That is when the form asks for it. And a team whose SK has run out is no empty directory."""
    client = browser_of("admin")
    office.clock.moment = office.at("2027-01-05 08:00")
    page = client.get("/bukti-dukung/").text
    assert ">2026</option>" in page
    with office.db.write() as conn:
        conn.execute(t.appointments.update().values(valid_until=office.at("2026-12-31").date()))
    page = client.get("/bukti-dukung/?tahun=2027").text
    assert "Tidak ada penugasan yang berlaku pada 2027" in page
    assert "masih kosong" not in page


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"jenis": "sosialisasi", "judul": "Tanpa tanggal"}, "Tanggal sosialisasi wajib diisi"),
        ({"jenis": "sk_tim", "judul": "Tanpa berkas"}, "Pilih berkasnya"),
        ({"jenis": "apa", "judul": "x"}, "Pilih jenis"),
        ({"jenis": "sk_tim", "judul": " "}, "wajib diisi"),
        ({"jenis": "sk_tim", "judul": "x", "berkas": (io.BytesIO(b"MZ\x90"), "sk.pdf")}, "Jenis berkas tidak diterima"),
        ({"jenis": "sosialisasi", "judul": "x", "tanggal": "kemarin"}, "Tanggalnya tidak dikenal"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(
    office: World, browser_of: Browser, form: dict[str, object], says: str
) -> None:
    assert says in send(browser_of("admin"), **form)
    assert office.rows(t.evidence_documents) == []


def test_what_was_typed_stays_in_the_form_when_it_is_refused(office: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    typed = {"jenis": "sosialisasi", "judul": "Sosialisasi <desa>", "peserta": "40", "tempat": "Aula camat"}
    file = (io.BytesIO(PDF), "undangan.pdf")
    page = send(client, **typed, tanggal="2025-05-04", berkas=file)
    assert "bukan tanggal pada tahun 2026" in page
    assert '<option value="sosialisasi" selected>' in page
    for value in ("Sosialisasi &lt;desa&gt;", "40", "Aula camat", "2025-05-04"):
        assert f'value="{value}"' in page
    assert "Pilih lagi berkasnya" in page
    assert "Pilih lagi berkasnya" not in send(client, **typed), "there was none"
    assert office.rows(t.evidence_documents) == []
    page = send(client, **typed, tanggal="2026-05-04")
    assert 'value="Aula camat"' not in page, "kept; the form is empty again"


def test_it_can_be_taken_out_again(office: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    send(client, jenis="sk_tim", judul="SK tim", berkas=(io.BytesIO(PDF), "sk.pdf"))
    number = office.only(t.evidence_documents).id
    token = token_of(client, "/bukti-dukung")
    client.post(f"/bukti-dukung/{number}/hapus?tahun=2026", data={"csrf_token": token})
    assert client.get(f"/bukti-dukung/{number}/berkas").status_code == 404
    assert "Belum ada untuk 2026" in client.get("/bukti-dukung?tahun=2026").text
    assert "sk.pdf" not in client.get("/bukti-dukung?tahun=2026").text
    assert office.rows(t.journal, action="evidence.removed")


def test_before_it_is_taken_out_the_page_says_what_is_lost(office: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    page = send(client, jenis="sk_tim", judul="SK tim", berkas=(io.BytesIO(PDF), "sk.pdf"))
    send(client, jenis="sosialisasi", judul="Sosialisasi desa", tanggal="2026-05-04")
    with_file, without = (row.id for row in office.rows(t.evidence_documents))
    path = f"/bukti-dukung/{with_file}/hapus"
    assert f'href="{path}"' in page
    asked = client.get(path).text
    for words in ("Keluarkan bukti dukung ini?", "SK tim", "sk.pdf", "dihapus setelah 7 hari", "arsip 2026"):
        assert words in asked
    assert "setelah 7 hari" not in client.get(f"/bukti-dukung/{without}/hapus").text, "it has no file"
    assert len(office.rows(t.evidence_documents, removed_at=None)) == 2, "asking changes nothing"
    assert client.get("/bukti-dukung/99/hapus").status_code == 404


def test_the_file_of_what_was_taken_out_goes_after_a_week(office: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    send(client, jenis="sk_tim", judul="SK tim", berkas=(io.BytesIO(PDF), "sk.pdf"))
    send(client, jenis="sk_tim", judul="SK pengganti", berkas=(io.BytesIO(PDF + b"2"), "sk2.pdf"))
    gone, stays = office.rows(t.evidence_documents)
    client.post(f"/bukti-dukung/{gone.id}/hapus", data={"csrf_token": token_of(client, "/bukti-dukung")})
    for days, is_there in ((6, True), (8, False)):
        now = office.clock.now() + timedelta(days=days)
        housekeeping.run(office.db, office.settings, now)
        assert (office.settings.media_dir / gone.path).is_file() == is_there
    assert (office.settings.media_dir / stays.path).is_file()
    row = office.only(t.evidence_documents, id=gone.id)
    assert (row.path, row.sha256, row.size) == (None, gone.sha256, len(PDF))
    with client.get(f"/bukti-dukung/{stays.id}/berkas") as answer:
        assert answer.data == PDF + b"2"


def test_the_archive_has_an_index_the_team_the_rapor_and_every_file(office: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    send(client, jenis="sk_tim", judul="=SK tim", berkas=(io.BytesIO(PDF), "sk.pdf"))
    token = token_of(client, "/bukti-dukung")
    place = client.post("/laporan/dokumen?tahun=2026", data={"csrf_token": token, "jenis": "evidence"}).headers[
        "Location"
    ]
    for _ in range(200):
        if "Unduh" in client.get(place).text:
            break
        time.sleep(0.05)
    with client.get(f"{place}/berkas") as file, zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.namelist() == [
            "00-daftar-isi.xlsx", "rapor/rapor-2026.xlsx", "rapor/rapor-2026.pdf", "sk_tim/0001-sk.pdf"
        ]  # fmt: skip
        assert archive.read("sk_tim/0001-sk.pdf") == PDF
        assert PdfReader(io.BytesIO(archive.read("rapor/rapor-2026.pdf"))).pages
        kept = {name: archive.read(name) for name in archive.namelist()}
        index = openpyxl.load_workbook(io.BytesIO(archive.read("00-daftar-isi.xlsx")))
    assert [cell.value for cell in index.worksheets[0][5]][:2] == ["SK tim pengelola", "=SK tim"]
    assert index.worksheets[0]["B5"].data_type == "s"
    listed = {row[5].value: row[6].value for row in index.worksheets[0].iter_rows(min_row=5)}
    assert set(kept) - {"00-daftar-isi.xlsx"} == set(listed)
    assert all(listed[name] == sha256(kept[name]).hexdigest() for name in listed)
    names = [row[0].value for row in index.worksheets[1].iter_rows(min_row=5)]
    assert names == ["Melati", "Melati"]


@pytest.mark.parametrize(
    ("day", "why"),
    [("2099-05-04", "belum tiba"), ("2026-08-04", "belum tiba"), ("2025-05-04", "bukan tanggal pada tahun")],
)
def test_a_socialisation_of_another_year_or_the_future_is_refused(
    office: World, browser_of: Browser, day: str, why: str
) -> None:
    page = send(browser_of("admin"), jenis="sosialisasi", judul="Sosialisasi desa", tanggal=day)
    assert why in page
    assert not office.rows(t.evidence_documents)


def test_a_viewer_looks_and_neither_changes_nor_downloads(office: World, browser_of: Browser) -> None:
    send(browser_of("admin"), jenis="sk_tim", judul="SK tim", berkas=(io.BytesIO(PDF), "sk.pdf"))
    client = browser_of("viewer")
    page = client.get("/bukti-dukung?tahun=2026").text
    assert "SK tim" in page
    assert "Tambah bukti" not in page
    number = office.only(t.evidence_documents).id
    assert client.get(f"/bukti-dukung/{number}/berkas").status_code == 403
    token = token_of(client, "/bukti-dukung")
    assert client.post("/bukti-dukung/?tahun=2026", data={"csrf_token": token}).status_code == 403
    assert client.post(f"/bukti-dukung/{number}/hapus", data={"csrf_token": token}).status_code == 403
