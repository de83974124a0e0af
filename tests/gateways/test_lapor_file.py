"""A table as an office made it: letterhead, page furniture and signatures go, every real row stays with its number."""

from pathlib import Path

import pytest

from aspal.gateways.lapor_file import FileProblem, open_sheet
from tests.gateways.sheets import DIRECTORY, ROSTER, SHORT, Rows, complaint, write_csv, write_xlsx


def numbers(path: Path, rows: Rows, **options: str) -> list[int]:
    return [cells.number for cells in open_sheet(write_csv(path, rows), **options).rows()]  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ekspor.csv"


def test_the_columns_that_acceptance_checks_use(path: Path) -> None:
    sheet = open_sheet(write_csv(path, [ROSTER, ["1916449", "Lampu padam", *[""] * 11]]))
    assert list(sheet.columns) == ROSTER
    assert next(sheet.rows()).values["judul"] == "Lampu padam"
    sheet = open_sheet(write_csv(path, [DIRECTORY]), what="directory")
    assert list(sheet.columns) == DIRECTORY
    assert list(sheet.rows()) == []


def test_rows_below_a_letterhead_keep_the_numbers_of_the_spreadsheet(path: Path) -> None:
    title: Rows = [["PEMERINTAH KABUPATEN CONTOH", "", "", ""], ["Rekap Laporan", "Agustus"], [], SHORT]
    assert numbers(path, [*title, ["(1)", "(2)", "(3)", "(4)"], complaint(), [], complaint("1916450")]) == [6, 8]


def test_a_repeated_header_totals_and_signatures_are_no_rows(path: Path) -> None:
    signature: Rows = [
        ["", "Mengetahui,"],
        ["", "Sampang, 8 Agustus 2026"],
        [],
        ["", "PETUGAS SATU"],
        ["", "NIP. 19700101"],
    ]
    rows = [SHORT, complaint(), ["TOTAL", "1"], SHORT, complaint("1916450"), ["Jumlah", "", "2"], [], *signature]
    sheet = open_sheet(write_csv(path, rows))
    assert [cells.number for cells in sheet.rows()] == [2, 5]
    assert sheet.notes == [
        "Baris 3 (jumlah) dilewati.",
        "Baris 6 (jumlah) dilewati.",
        "Baris 8 sampai 12 (penutup tabel) dilewati.",
    ]


def test_an_incomplete_row_is_handed_over_to_be_refused_with_a_reason(path: Path) -> None:
    rows = [SHORT, complaint(), ["", "Dinas Sosial", "Proses", ""], complaint("1916450"), ["", "Dinas PU", "", ""]]
    assert numbers(path, rows) == [2, 3, 4, 5]


def test_a_title_that_begins_like_a_total_is_no_total(path: Path) -> None:
    header = ["Tracking ID", "Judul", "Status", "Tanggal Laporan"]
    assert numbers(path, [header, ["", "Jumlah lampu kurang", "Belum Terverifikasi", "03/08/2026"]]) == [2]


def test_a_unit_without_an_officer_is_a_row_of_the_directory(path: Path) -> None:
    unit_only = ["Kecamatan Camplong", *[""] * 9]
    officer = ["Dinkes", "", "", "Petugas Satu", "", "pejabat_penghubung", "081200000001"]
    assert numbers(path, [DIRECTORY, unit_only, officer, unit_only], what="directory") == [2, 3, 4]


def test_personal_columns_are_listed_and_their_values_never_leave(path: Path) -> None:
    rows = [["NIK", *SHORT, "Nama Pelapor", "No. HP", "Prioritas"], ["35270", *complaint(), "SITI", "0812", "tinggi"]]
    sheet = open_sheet(write_csv(path, rows))
    assert sheet.dropped_columns == ("NIK", "Nama Pelapor", "No. HP")
    assert sheet.unknown_columns == ("Prioritas",)
    (cells,) = sheet.rows()
    assert set(cells.values) == {"tracking_id", "opd", "status", "tgl_masuk"}
    assert "SITI" not in repr(cells)


def test_a_saved_mapping_is_found_by_layout_and_used(path: Path) -> None:
    write_csv(path, [["Kode", "Tujuan", "Keadaan", "Masuk"], complaint()])
    with pytest.raises(
        FileProblem, match=r"Tracking ID, Status Laporan, Tanggal Laporan.*baris 1: Kode; Tujuan"
    ) as told:
        open_sheet(path)
    assert told.value.headers == ("Kode", "Tujuan", "Keadaan", "Masuk")
    mapping = {"KODE": "tracking_id", "Tujuan": "opd", "Keadaan": "status", "Masuk": "tgl_masuk"}
    sheet = open_sheet(path, mapping=mapping)
    assert sheet.layout == told.value.layout
    assert next(sheet.rows()).values["status"] == "Belum Ditindaklanjuti"


def test_a_mapping_of_a_header_that_is_not_there_is_told(path: Path) -> None:
    sheet = open_sheet(write_csv(path, [SHORT]), mapping={"Trackingg ID": "tracking_id", "status": "status"})
    assert sheet.notes == ['Pemetaan menyebut kolom yang tidak ada di berkas: "Trackingg ID". Periksa ejaannya.']


def test_a_mapping_to_a_column_that_does_not_exist_is_refused(path: Path) -> None:
    with pytest.raises(FileProblem, match="tidak dikenal"):
        open_sheet(write_csv(path, [SHORT]), mapping={"Status": "keadaan"})


def test_the_same_header_twice_is_refused(path: Path) -> None:
    with pytest.raises(FileProblem, match="dua kali: Status"):
        open_sheet(write_csv(path, [[*SHORT, "STATUS"], [*complaint(), "Selesai"]]))


def test_a_row_with_more_cells_than_headers_is_a_problem_of_that_row(path: Path) -> None:
    shifted, good = open_sheet(write_csv(path, [SHORT, [*complaint(), "lebih"], [*complaint(), ""]])).rows()
    assert "lebih banyak kolom" in (shifted.problem or "")
    assert good.problem is None


def test_rows_can_be_read_twice(path: Path) -> None:
    sheet = open_sheet(write_csv(path, [SHORT, complaint(), ["Total", "1"]]))
    assert list(sheet.rows()) == list(sheet.rows())
    assert len(sheet.notes) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "kosong"),
        (b"\n\n\n", "kosong"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "gambar"),
        (b"<html><table><tr><td>Tracking ID</td></tr></table></html>", "halaman web"),
        (b"\xef\xbb\xbf\r\n<?xml version='1.0'?><Workbook>", "halaman web"),
        (b"PK\x03\x04 not really", "rusak"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not really", "rusak"),
        (b"\x00\x01\x02binary" * 3 + b"x" * 99, "bukan teks"),
        (b"halo dunia", "kosong"),
        ("Tracking ID;Status;Tanggal Laporan\n1;2;".encode("utf-16")[:-1], "terpotong"),
        (b'{"laporan": [1, 2]}, "x"', "Kolom wajib"),
    ],
)
def test_what_is_no_table_is_refused_with_advice(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=message):
        list(open_sheet(path).rows())


def test_no_row_of_data_is_shown_as_the_header(path: Path) -> None:
    """A known word in it by chance does not make it one: it names who reported, and an answer would be kept with it."""
    head = ["Kode Buku", "Perihal", "Saluran", "Tanggal", "Pengirim"]
    rows = [["1", "Jalan", "", "01/07/2026", "Orang Satu"], ["2", "Lampu", "No WA", "02/07/2026", "Orang Rahasia"]]
    with pytest.raises(FileProblem) as refused:
        open_sheet(write_csv(path, [head, *rows]), what="directory")
    assert list(refused.value.headers) == head
    assert "Rahasia" not in str(refused.value)


def test_a_file_of_the_other_kind_is_named(path: Path) -> None:
    write_csv(path, [SHORT, complaint()])
    with pytest.raises(FileProblem, match="tampaknya ekspor LAPOR"):
        open_sheet(path, what="directory")
    write_csv(path, [["OPD", "Nama", "Peran", "No WA"], ["Dinas Contoh", "Ibu Melati", "kepala_opd", "0812-0000-0001"]])
    with pytest.raises(FileProblem, match="tampaknya direktori pejabat"):
        open_sheet(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="tidak ditemukan"):
        open_sheet(tmp_path / "tidak-ada.csv")


def test_a_file_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "ekspor.xlsx", {"Data": [SHORT, complaint()]})
    assert [cells.number for cells in open_sheet(path.rename(tmp_path / "ekspor.csv")).rows()] == [2]
