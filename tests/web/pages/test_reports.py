"""Laporan in the browser: figures with the cases behind them, documents, data, proof files, by role."""

import csv
import io
import json
import time
import zipfile
from datetime import date

import openpyxl
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import insert

from aspal import tables as t
from aspal.core import signed_link
from aspal.core.words import Kind, Role, Status
from aspal.db import Database
from aspal.flow.inbound.detail import VALID
from tests.web.conftest import Browser, token_of
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def roster(world: World) -> World:
    pupr, dinkes = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
    world.person("Kepala PUPR", Role.HEAD, pupr)
    done = world.complaint("1916440", pupr, disposed="2026-03-02", category="Jalan", title="Jalan berlubang")
    world.change(done, status=Status.FINISHED, responded_on=world.at("2026-03-04").date(),
                 finished_on=world.at("2026-03-10").date())  # fmt: skip
    world.complaint("1916441", pupr, disposed="2026-06-01", status=Status.IN_PROCESS, category="Jalan", title="=1+1")
    world.complaint("1916442", dinkes, disposed="2026-06-02", confidential=True, title="Sangat rahasia")
    world.complaint("1916443", dinkes, disposed="2025-11-03", title="Tahun lalu")
    return world


def made(client: FlaskClient, kind: str, query: str = "?tahun=2026") -> bytes:
    """Asks for a document, waits for it, fetches it."""
    token = token_of(client, "/laporan")
    answer = client.post(f"/laporan/dokumen{query}", data={"csrf_token": token, "jenis": kind})
    assert answer.status_code == 303
    place = answer.headers["Location"]
    for _ in range(200):
        shown = client.get(place).text
        if "Unduh" in shown:
            with client.get(f"{place}/berkas") as file:
                return bytes(file.data)
        assert "gagal" not in shown
        time.sleep(0.05)
    raise AssertionError("the document was never ready")


def test_the_figures_and_the_cases_behind_them(roster: World, browser_of: Browser) -> None:
    client = browser_of("viewer")
    page = client.get("/laporan?tahun=2026").text
    assert "Tahun 2026" in page
    assert "33,3 %" in page  # one of three
    assert "bukan penilaian resmi" in page
    unit = roster.only(t.units, name="Dinas PUPR").id
    link = f"/aduan/?dari=2026-01-01&amp;sampai=2026-12-31&amp;unit={unit}&amp;status=proses"
    assert link in page
    cases = client.get(link.replace("&amp;", "&")).text
    assert "1916441" in cases
    assert "1916440" not in cases


@pytest.mark.parametrize("query", ["", "?tahun=2026&bagian=tw2", "?bagian=6", "?tahun=x&bagian=99&target=9,5x"])
def test_odd_addresses_still_show_a_report(roster: World, browser_of: Browser, query: str) -> None:
    assert browser_of("viewer").get(f"/laporan{query}").status_code == 200


def test_a_quarter_of_one_unit(roster: World, browser_of: Browser) -> None:
    unit = roster.only(t.units, name="Dinas Kesehatan").id
    page = browser_of("viewer").get(f"/laporan?tahun=2026&bagian=tw2&opd={unit}").text
    assert "Triwulan II 2026, Dinas Kesehatan" in page
    assert browser_of("admin").get("/laporan?opd=999").status_code == 404


def test_the_figures_follow_what_changes(roster: World, browser_of: Browser) -> None:
    client = browser_of("viewer")
    assert "33,3 %" in client.get("/laporan?tahun=2026").text
    roster.complaint("1916450", disposed="2026-06-03", status=Status.UNVERIFIED)
    assert "25,0 %" in client.get("/laporan?tahun=2026").text


def test_a_target_names_the_cases_to_close_and_hides_what_a_viewer_must_not_see(
    roster: World, browser_of: Browser
) -> None:
    page = browser_of("viewer").get("/laporan?tahun=2026&target=100").text
    assert "2 laporan</b> perlu diselesaikan" in page
    assert page.index("1916441") < page.index("1916442")  # what is in process is nearer to its end
    assert "Sangat rahasia" not in page
    assert "Sangat rahasia" in browser_of("admin").get("/laporan?tahun=2026&target=100").text


def test_a_target_that_is_none_is_said_so_and_stays(roster: World, browser_of: Browser) -> None:
    client = browser_of("viewer")
    for typed in ("101", "abc", "-5", "NaN"):
        page = client.get(f"/laporan?tahun=2026&target={typed}").text
        assert "Tulis angka 0 sampai 100." in page, typed
        assert f'value="{typed}"' in page
    assert "Tulis angka" not in client.get("/laporan?tahun=2026&target=90,5").text


def test_a_target_counts_only_what_can_still_be_closed(roster: World, browser_of: Browser) -> None:
    roster.complaint("1916460", disposed="2026-06-03", status=Status.ARCHIVED)
    page = browser_of("viewer").get("/laporan?tahun=2026&target=100").text
    assert "tidak dapat dicapai hari ini: yang masih dapat diselesaikan <b>2 laporan</b>" in page
    assert "paling jauh sampai <b>75,0 %</b>" in page


def test_wbs_is_hidden_from_viewers_like_what_is_confidential(roster: World, browser_of: Browser) -> None:
    roster.complaint("1916461", disposed="2026-06-03", kind=Kind.WHISTLE, title="Dugaan pungutan")
    assert "Dugaan pungutan" not in browser_of("viewer").get("/laporan?tahun=2026&target=100").text
    assert "Dugaan pungutan" in browser_of("admin").get("/laporan?tahun=2026&target=100").text


def test_wbs_goes_by_the_name_that_lapor_gives_it(roster: World, browser_of: Browser) -> None:
    number = roster.complaint("1916461", disposed="2026-06-03", kind=Kind.WHISTLE)
    admin = browser_of("admin")
    for path in (f"/aduan/{number}", "/aduan/", "/aduan/baru", "/laporan?tahun=2026"):
        assert "Whistle Blowing System (WBS)" in admin.get(path, follow_redirects=True).text, path


def test_the_rapor_is_on_the_offices_paper_and_says_whose_it_is(roster: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    form = {
        "csrf_token": token_of(client, "/laporan/kop"),
        "government": "PEMERINTAH CONTOH",
        "office": "Dinas Kominfo",
    }
    client.post("/laporan/kop", data=form)
    rapor = PdfReader(io.BytesIO(made(client, "rapor_pdf")))
    assert rapor.metadata is not None
    assert (rapor.metadata.author, rapor.metadata.title) == ("Dinas Kominfo", "Rapor pengelolaan pengaduan Tahun 2026")
    assert " ".join(rapor.pages[0].extract_text().split()).count("PEMERINTAH CONTOH Dinas Kominfo Rapor") == 1


def test_reminders_have_a_page_of_their_own(roster: World, browser_of: Browser) -> None:
    roster.tick()
    page = browser_of("viewer").get("/laporan/pengingat?tahun=2026").text
    assert "Menurut jam kirim" in page
    assert "R6" in page
    assert "Setelah lewat batas waktu 1 hari kerja, kepada kepala OPD" in page


def test_the_workbook_tells_steps_and_templates_in_words(roster: World, browser_of: Browser) -> None:
    roster.tick()
    book = openpyxl.load_workbook(io.BytesIO(made(browser_of("viewer"), "rapor_xlsx")), data_only=True)
    sheets = {sheet.title.partition(" ")[2]: [row[0].value for row in sheet.iter_rows(min_row=5)] for sheet in book}
    assert any(name.startswith("R6: Setelah lewat batas waktu") for name in sheets["Menurut langkah"])
    assert "Lewat batas waktu" in sheets["Menurut templat"]
    assert all(":" not in hour and hour.endswith(".00") for hour in sheets["Menurut jam kirim"])


def test_the_workbook_and_the_pdf_say_the_same(roster: World, browser_of: Browser) -> None:
    client = browser_of("viewer")
    roster.complaint("1916430", roster.only(t.units, name="Dinas PUPR").id, disposed="2025-02-03", title="Tahun lalu")
    book = openpyxl.load_workbook(io.BytesIO(made(client, "rapor_xlsx")), data_only=True)
    assert [cell.value for cell in book.worksheets[0][5]] == ["Tahun 2026", 3, 1, 1, 1, 0, 0, 0, 0, 33.3, 66.7]
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made(client, "rapor_pdf"))).pages)
    assert "3 laporan; selesai 1, proses 1" in words.replace("\n", " ")
    assert "Penyelesaian 33,3 %, tindak lanjut 66,7 %." in words
    assert "Tahun 2025 sampai tanggal yang sama (3 Agustus 2025): 1 laporan" in words.replace("\n", " ")
    assert [cell.value for cell in book.worksheets[1][6]][:2] == [
        "Tahun 2025 sampai tanggal yang sama (3 Agustus 2025)",
        1,
    ]
    assert "tahun lalu <a href=" in client.get("/laporan?tahun=2026").text


def test_letters_are_one_page_a_unit_on_the_offices_paper(roster: World, browser_of: Browser) -> None:
    client = browser_of("admin")
    form = {"csrf_token": token_of(client, "/laporan/kop"), "government": "PEMERINTAH KABUPATEN CONTOH", "nip": "00 11"}
    assert client.post("/laporan/kop", data=form).status_code == 303
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made(client, "letters"))).pages]
    assert len(pages) == 2
    assert "Yth. Kepala Dinas Kesehatan" in pages[0]
    assert "1916442" in pages[0]
    assert "Sangat rahasia" not in pages[0]
    assert all("PEMERINTAH KABUPATEN CONTOH" in words for words in pages)
    entry = roster.only(t.journal, action="letterhead.changed")
    assert entry.detail["to"]["nip"] == "00 11"
    assert entry.detail["from"]["nip"] == ""


def test_the_data_files_tell_nothing_secret_and_carry_no_formula(roster: World, browser_of: Browser) -> None:
    client = browser_of("viewer")
    answer = client.get("/laporan/data.csv?tahun=2026")
    rows = {
        row["nomor_laporan"]: row for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";")
    }
    assert set(rows) == {"1916440", "1916441", "1916442"}
    assert rows["1916441"]["judul"] == "'=1+1"
    assert rows["1916440"]["opd"] == "Dinas PUPR"
    secret = rows["1916442"]
    assert (secret["judul"], secret["opd"], secret["kategori"], secret["rahasia"]) == ("", "", "", "ya")
    told = json.loads(client.get("/laporan/data.json?tahun=2026").text)
    assert [one["kolom"] for one in told["kamus"]] == [*rows["1916440"]]
    assert {row["nomor_laporan"]: row["status"] for row in told["data"]}["1916440"] == "selesai"
    assert "Sangat rahasia" not in json.dumps(told)
    assert client.get("/laporan/kamus.csv").text.count("\r\n") == len(told["kamus"]) + 1
    assert client.get("/laporan/data.exe").status_code == 404


def test_one_units_data_files_tell_how_its_own_part_stands(roster: World, browser_of: Browser) -> None:
    """As the unit's rapor does, so that whoever counts the rows finds its figures."""
    health = roster.unit("RSUD Contoh")
    shared = roster.complaint("1916500", health, disposed="2026-07-01", responded_on=date(2026, 7, 2))
    with roster.db.write() as conn:
        part = {
            "unit_id": health,
            "disposed_on": date(2026, 7, 6),
            "status": "proses",
            "created_at": roster.clock.now(),
        }
        conn.execute(insert(t.dispositions).values(complaint_id=shared, responded_on=date(2026, 7, 9), **part))
    client = browser_of("viewer")
    for query, expected in (
        ("", ["belum_ditindaklanjuti", "2026-07-02"]),
        (f"&opd={health}", ["proses", "2026-07-09"]),
    ):
        text = client.get(f"/laporan/data.csv?tahun=2026{query}").text.lstrip("\ufeff")
        rows = {row["nomor_laporan"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
        assert [rows["1916500"][name] for name in ("status", "tanggal_tindak_lanjut")] == expected
    assert len(rows) == 1


def test_the_proof_file_holds_the_timeline_and_the_evidence(roster: World, browser_of: Browser) -> None:
    complaint = roster.only(t.complaints, tracking_id="1916441").id
    disposition = roster.only(t.dispositions, complaint_id=complaint).id
    reply = {"provider_sid": "SM1", "address": "+6281200000001", "raw": {}, "state": "matched"}
    folder = roster.settings.media_dir / "ab"
    folder.mkdir(parents=True)
    (folder / "foto.jpg").write_bytes(b"foto")
    with roster.db.write() as conn:
        number = conn.scalar(
            insert(t.replies).values(received_at=roster.clock.now(), **reply).returning(t.replies.c.id)
        )
        note = {"written_by": "Sari", "text": "Sudah kami tambal", "intent": "done", "matched_by": "id"}
        conn.execute(
            insert(t.notes).values(disposition_id=disposition, reply_id=number, received_at=roster.clock.now(), **note)
        )
        conn.execute(
            insert(t.media).values(
                reply_id=number, position=0, claimed_type="image/jpeg", stored_type="image/jpeg", state="stored",
                not_before=roster.clock.now(), path="ab/foto.jpg", size=4, sha256="c" * 64,
            )
        )  # fmt: skip
    with browser_of("approver").get(f"/laporan/bukti/{complaint}.zip") as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=bukti-1916441.zip"
        data = answer.data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["kronologi.pdf", "bukti/00001.jpg"]
        assert archive.read("bukti/00001.jpg") == b"foto"
        words = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(archive.read("kronologi.pdf"))).pages)
    assert "Sari menulis: Sudah kami tambal" in words.replace("\n", " ")
    assert browser_of("viewer").get(f"/laporan/bukti/{complaint}.zip").status_code == 403
    assert browser_of("admin").get("/laporan/bukti/999.zip").status_code == 404


def test_the_proof_file_has_one_line_a_message(roster: World, browser_of: Browser) -> None:
    complaint = roster.only(t.complaints, tracking_id="1916441").id
    roster.tick()
    with browser_of("approver").get(f"/laporan/bukti/{complaint}.zip") as answer:
        data = answer.data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        proof = PdfReader(io.BytesIO(archive.read("kronologi.pdf")))
    words = " ".join(" ".join(page.extract_text() for page in proof.pages).split())
    assert words.count("Pesan kepada") == 1  # the other message was a recap
    assert "Pesan kepada Kepala PUPR (terkirim Senin, 3 Agustus 2026 pukul 08.00 WIB)" in words
    assert "disiapkan" not in words
    assert proof.metadata is not None
    assert proof.metadata.author == roster.settings.office_name


def test_only_the_admin_changes_the_letterhead_and_viewers_get_no_archive(roster: World, browser_of: Browser) -> None:
    client = browser_of("viewer")
    token = token_of(client, "/laporan")
    assert client.post("/laporan/kop", data={"csrf_token": token, "nip": "1"}).status_code == 403
    assert client.post("/laporan/dokumen", data={"csrf_token": token, "jenis": "evidence"}).status_code == 400
    assert client.post("/laporan/dokumen", data={"csrf_token": token, "jenis": "apa"}).status_code == 400


def test_the_recaps_document_opens_with_its_token_and_nothing_else(
    db: Database, client: FlaskClient, world: World
) -> None:
    unit = world.unit("Dinas PUPR")
    world.person("Kepala", Role.HEAD, unit)
    world.complaint("1916441", unit, disposed="2026-07-28", status=Status.IN_PROCESS, title="Jalan berlubang")
    world.tick()
    number = world.only(t.messages, template="rekap_mingguan_opd").id
    token = signed_link.sign("x" * 40, number, world.clock.now(), VALID)
    answer = client.get(f"/dokumen/{token}/rekap.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert "Jalan berlubang" in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert client.get(f"/dokumen/{token[:-2]}AA/rekap.pdf").status_code == 404
    other = signed_link.sign("x" * 40, number + 1, world.clock.now(), VALID)
    assert client.get(f"/dokumen/{other}/rekap.pdf").status_code == 404
    world.clock.moment += VALID * 2
    assert client.get(f"/dokumen/{token}/rekap.pdf").status_code == 404
