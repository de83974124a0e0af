"""Tables out: nothing in them is a formula, and Excel reads them as they are."""

from io import BytesIO

import openpyxl
import pytest

from aspal.gateways import spreadsheets

ROWS = [["=1+1", 7, None], ["+62", -3, "@x"], ["-", 0, "biasa; dengan titik koma"]]


def test_csv_is_marked_as_utf8_and_cut_by_semicolons() -> None:
    told = spreadsheets.table("csv", ["Nama", "Jumlah", "Catatan é"], ROWS)
    assert told.startswith(b"\xef\xbb\xbf")
    assert told.decode("utf-8-sig").splitlines() == [
        "Nama;Jumlah;Catatan é",
        "'=1+1;7;",
        "'+62;-3;'@x",
        '\'-;0;"biasa; dengan titik koma"',
    ]


@pytest.mark.parametrize("rows", [ROWS, []])
def test_xlsx_holds_values_only(rows: list[list[str | int | None]]) -> None:
    sheet = openpyxl.load_workbook(BytesIO(spreadsheets.table("xlsx", ["Nama", "Jumlah", "Catatan"], rows))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [["Nama", "Jumlah", "Catatan"], *rows]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_only_the_first_letter_makes_a_formula() -> None:
    assert [spreadsheets.harmless(cell) for cell in ("a=1", "\tx", 5, None)] == ["a=1", "'\tx", 5, None]
