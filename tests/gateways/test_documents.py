"""Documents, opened again by other libraries."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from aspal.gateways import documents, documents_pdf, documents_zip
from aspal.gateways.documents import Cell, Column, Section
from aspal.gateways.documents_pdf import Letter, Letterhead

COLUMNS = (
    Column("nama", "OPD", 30),
    Column("total", "Total"),
    Column("selesai", "Selesai"),
    Column("persen", "% selesai", 12, "ROUND(100*{selesai}/{total},1)", "total", 1),
)
ROWS: list[dict[str, Cell]] = [
    {"nama": "=HYPERLINK(\"http://jahat\")", "total": 41, "selesai": 28, "persen": 68.3},
    {"nama": "Dinas <b>B</b> & C", "total": 0, "selesai": 0, "persen": None},
]  # fmt: skip
TOTAL: dict[str, Cell] = {"nama": "Jumlah", "total": 41, "selesai": 28, "persen": 68.3}
SECTION = Section("Menurut OPD: semua/sebagian", COLUMNS, ROWS, "catatan", ("total", "selesai"), TOTAL)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    documents.write_xlsx(tmp_path / "r.xlsx", "Rapor 2026", [SECTION])
    return tmp_path / "r.xlsx"


def test_a_reader_that_does_not_compute_sees_the_figures(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook, data_only=True).worksheets[0]
    assert [cell.value for cell in sheet[5]] == ['=HYPERLINK("http://jahat")', 41, 28, 68.3]
    assert [cell.value for cell in sheet[6]] == ["Dinas <b>B</b> & C", 0, 0, None]
    assert [cell.value for cell in sheet[7]] == ["Jumlah", 41, 28, 68.3]


def test_percentages_and_sums_live_and_nothing_else_is_a_formula(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    assert sheet["D5"].value == '=IF(B5=0,"",ROUND(100*C5/B5,1))'
    assert sheet["B7"].value == "=SUBTOTAL(109,B5:B6)"
    assert sheet["D7"].value == '=IF(B7=0,"",ROUND(100*C7/B7,1))'
    assert sheet["A5"].data_type == "s"  # text, whatever it looks like
    formulas = [cell.coordinate for row in sheet for cell in row if cell.data_type == "f"]
    assert formulas == ["D5", "D6", "B7", "C7", "D7"]


def test_it_can_be_filtered_scrolled_and_printed(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    assert sheet.title == "1 Menurut OPD semuasebagian"
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A4:D6", "B5")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == "$4:$4"
    assert "bukan penilaian resmi" in (sheet.oddFooter.left.text or "")


def test_the_report_says_its_figures_and_takes_nothing_for_markup(tmp_path: Path) -> None:
    documents_pdf.write_report(tmp_path / "r.pdf", "Rapor 2026", ["41 laporan; 68,3 %"], [SECTION])
    reader = PdfReader(tmp_path / "r.pdf")
    words = " ".join(page.extract_text() for page in reader.pages)
    assert reader.metadata is not None
    assert reader.metadata.title == "Rapor 2026"
    for said in ("41 laporan; 68,3 %", "68,3", "Dinas <b>B</b> & C", "Halaman 1", "bukan penilaian resmi"):
        assert said in words


def test_no_figure_is_broken_in_two_however_many_columns_there_are(tmp_path: Path) -> None:
    columns = [Column("nama", "OPD"), *(Column(f"c{n}", "% TL", decimals=1) for n in range(11))]
    row: dict[str, Cell] = {"nama": "Dinas A", **{f"c{n}": 12345.6 if n % 2 else 100.0 for n in range(11)}}
    documents_pdf.write_report(tmp_path / "r.pdf", "Rapor", [], [Section("Semua", columns, [row])])
    words = PdfReader(tmp_path / "r.pdf").pages[0].extract_text().split()
    assert (words.count("100,0"), words.count("12.345,6")) == (6, 5)


def test_a_long_table_repeats_its_header(tmp_path: Path) -> None:
    many = Section("Semua", COLUMNS, [{**TOTAL, "nama": f"Dinas {n}"} for n in range(200)])
    documents_pdf.write_report(tmp_path / "r.pdf", "Rapor", [], [many])
    pages = [page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages]
    assert len(pages) > 2
    assert all("Selesai" in words for words in pages)


@pytest.mark.parametrize("said", ["baris\n" * 90, "baris " * 2500, "baris" * 2000], ids=["lines", "words", "one"])
def test_a_reply_longer_than_a_page_goes_on_on_the_next(tmp_path: Path, said: str) -> None:
    """A list pasted into WhatsApp once left its complaint without any proof file."""
    columns = (Column("waktu", "Waktu", 26), Column("kejadian", "Kejadian", 90))
    rows = [{"waktu": "1", "kejadian": "awal"}, {"waktu": "2", "kejadian": said}, {"waktu": "3", "kejadian": "akhir"}]
    documents_pdf.write_report(tmp_path / "r.pdf", "Berkas bukti", [], [Section("Kronologi", columns, rows)])
    pages = [page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages]
    assert len(pages) > 1
    shown = "".join("".join(pages).split())
    assert shown.count("baris") >= said.count("baris") - 1  # the page may end in the middle of one
    assert "akhir" in pages[-1]


@pytest.mark.parametrize("paragraphs", [1, 12])
def test_a_letter_is_one_page_however_much_it_says(paragraphs: int) -> None:
    head = Letterhead("PEMERINTAH KABUPATEN CONTOH", "Dinas Kominfo", "Jalan Contoh 1", "Contoh", "Nama Pejabat",
                      "Kepala Dinas", "00000000 000000 0 000", "500.12/1/2026")  # fmt: skip
    words = ("Bersama ini kami sampaikan hasil monitoring. " * 8,) * paragraphs
    letter = Letter("500.12/1/2026", "Hasil Monitoring", "Contoh, 3 Agustus 2026", "Kepala Dinas A", words, (SECTION,),
                    ("Terima kasih.",))  # fmt: skip
    target = io.BytesIO()
    documents_pdf.write_letters(target, head, [letter, letter])
    pages = [page.extract_text() for page in PdfReader(target).pages]
    assert len(pages) == 2  # one each
    for said in ("PEMERINTAH KABUPATEN CONTOH", "500.12/1/2026", "Yth. Kepala Dinas A", "NIP 00000000", "68,3"):
        assert said in pages[0]


def test_letters_that_the_font_does_not_have_break_nothing(tmp_path: Path) -> None:
    documents_pdf.write_report(tmp_path / "r.pdf", "Rapor", ["Jalan 道路 \U0001f600 \x00\x07 – rusak…"], [])
    assert "– rusak…" in PdfReader(tmp_path / "r.pdf").pages[0].extract_text()


def test_an_archive_keeps_to_itself(tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"foto")
    entries = [
        ("../../etc/passwd", b"1"),
        ("bukti/a b.pdf", b"2"),
        ("bukti/A_b.pdf", b"3"),
        ("f", tmp_path / "foto.jpg"),
    ]
    target = io.BytesIO()
    documents_zip.write(target, entries)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["etc/passwd", "bukti/a_b.pdf", "bukti/A_b-2.pdf", "f"]
        assert archive.read("f") == b"foto"
