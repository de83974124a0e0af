"""A list of complaints as a file for a spreadsheet. A cell is only ever a value: what a citizen wrote never becomes a
formula. Written row by row, so that a long list needs no more memory than a short one."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

Row = Sequence[str | int | None]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """As an Indonesian Excel opens it: semicolons, and a mark that says UTF-8."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";")
    yield "\ufeff"
    for row in chain([header], rows):
        writer.writerow([_harmless(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_xlsx(target: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """One sheet with a frozen header."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Laporan")
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 1, 16)
        sheet.set_column(2, 2, 60)
        sheet.set_column(3, len(header) - 1, 20)
        sheet.write_row(0, 0, header, book.add_format({"bold": True, "bottom": 1}))
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell)


def _harmless(cell: str | int | None) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
