"""XLSX, XLS and ODS, whole or hostile. The files are really written and really read."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from aspal.core.rows import RosterReader, RosterRow
from aspal.gateways.lapor_file import FileProblem, Sheet, open_sheet
from tests.gateways.sheets import SHORT, complaint, write_ods, write_xls, write_xlsx

TODAY = date(2026, 8, 10)
ROWS = [["Rekap Laporan"], [], SHORT, complaint(1916449, day=date(2026, 8, 3)), complaint("1916450", day="04/08/2026")]


def read(sheet: Sheet) -> list[tuple[int, str | None, date]]:
    rows = [RosterReader(today=TODAY).read(cells) for cells in sheet.rows()]
    return [(row.number, row.tracking_id, row.received_on) for row in rows if isinstance(row, RosterRow)]


def test_a_table_is_the_same_in_every_format(tmp_path: Path) -> None:
    serial = [*ROWS[:3], complaint(1916449, day=46237), ROWS[4]]  # this small .xls writer knows no date format
    files = [
        write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS}),
        write_ods(tmp_path / "a.ods", ROWS),
        write_xls(tmp_path / "a.xls", serial),
    ]
    for path in files:
        assert read(open_sheet(path)) == [(4, "1916449", date(2026, 8, 3)), (5, "1916450", date(2026, 8, 4))], path


def test_a_table_that_starts_away_from_the_corner_keeps_its_numbers(tmp_path: Path) -> None:
    shifted = [[], [], *([None, None, *row] for row in ROWS[2:])]
    sheet = open_sheet(write_xlsx(tmp_path / "a.xlsx", {"Data": shifted}))
    assert [number for number, *_ in read(sheet)] == [4, 5]
    assert [cells.number for cells in open_sheet(write_ods(tmp_path / "a.ods", shifted)).rows()] == [4, 5]


def test_a_merged_tracking_id_holds_for_each_of_its_units(tmp_path: Path) -> None:
    rows = [[], SHORT, complaint(), [None, "Dinas Sosial", "Proses", None], [None] * 4, complaint("1916450")]
    spans = [(2, 0, 4, 0, "1916449"), (2, 3, 4, 3, "03/08/2026")]
    xlsx = open_sheet(write_xlsx(tmp_path / "a.xlsx", {"Data": rows}, merged=spans))
    xls = open_sheet(write_xls(tmp_path / "a.xls", rows, merged=[span[:4] for span in spans]))
    for sheet in (xlsx, xls):
        first, second, third = (RosterReader(today=TODAY).read(cells) for cells in sheet.rows())
        assert isinstance(first, RosterRow)
        assert isinstance(second, RosterRow)
        assert (second.number, second.tracking_id, second.units) == (4, "1916449", ("Dinas Sosial",))
        assert second.received_on == first.received_on
        assert third.number == 6


def test_a_header_in_two_rows_is_read_where_it_is_whole(tmp_path: Path) -> None:
    *plain, last = SHORT
    rows = [["REKAP"], [*plain, "Tanggal"], [None] * len(plain) + [last], complaint(day="03/08/2026")]
    spans = [(1, column, 2, column, word) for column, word in enumerate(plain)]
    sheet = open_sheet(write_xlsx(tmp_path / "a.xlsx", {"Data": rows}, merged=spans))
    assert sheet.header.number == 3
    assert read(sheet) == [(4, "1916449", date(2026, 8, 3))]


def test_a_header_merged_as_a_whole_over_two_rows_is_no_row_of_data(tmp_path: Path) -> None:
    rows = [SHORT, [None] * len(SHORT), complaint(day="03/08/2026")]
    spans = [(0, column, 1, column, word) for column, word in enumerate(SHORT)]
    sheet = open_sheet(write_xlsx(tmp_path / "a.xlsx", {"Data": rows}, merged=spans))
    assert [cells.number for cells in sheet.rows()] == [3]


def test_the_sheet_with_the_table_is_chosen_and_the_others_are_named(tmp_path: Path) -> None:
    sheets = {"Petunjuk": [["Baca dahulu", "ini"]], "Juli": [SHORT[:3], ["1"]], "Agustus": ROWS, "September": ROWS}
    sheet = open_sheet(write_xlsx(tmp_path / "a.xlsx", sheets))
    assert sheet.notes == [
        'Lembar yang dibaca: "Agustus".',
        'Lembar "September" juga berisi tabel dan TIDAK dibaca; unggah sebagai berkas tersendiri.',
    ]
    assert sheet.expected == 2


def test_a_hidden_sheet_is_not_what_the_office_sees(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": [SHORT, complaint("1916451")], "Lama": ROWS}, hidden="Lama")
    assert [number for _, number, _ in read(open_sheet(path))] == ["1916451"]


def test_a_password_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="kata sandi"):
        open_sheet(write_xls(tmp_path / "a.xls", ROWS, locked=True))


def test_a_cut_off_file_is_said(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileProblem, match="rusak"):
        open_sheet(path)


def test_an_empty_workbook_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="kosong"):
        open_sheet(write_xlsx(tmp_path / "a.xlsx", {"Data": []}))


def test_a_stray_cell_in_the_last_corner_cannot_take_us_down(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(SHORT), complaint()]
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": rows}, merged=[(1048574, 16383, 1048575, 16383, "x")])
    with pytest.raises(FileProblem, match="jauh di luar tabel"):
        open_sheet(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS})
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/bomb.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(51):
            part.write(bytes(10_000_000))
    with pytest.raises(FileProblem, match="terlalu besar"):
        open_sheet(path)


@pytest.mark.parametrize(("part", "message"), [("xl/workbook.bin", "xlsb"), ("word/document.xml", "bukan buku kerja")])
def test_another_kind_of_office_file_is_said(tmp_path: Path, part: str, message: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(FileProblem, match=message):
        open_sheet(tmp_path / "a.xlsx")


def test_reading_may_stop_anywhere(tmp_path: Path) -> None:
    rows = open_sheet(write_xlsx(tmp_path / "a.xlsx", {"Data": [SHORT, *(complaint() for _ in range(3000))]})).rows()
    assert next(rows).number == 2
    rows.close()  # type: ignore[attr-defined]
