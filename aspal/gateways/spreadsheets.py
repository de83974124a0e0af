"""A plain table out, as CSV or XLSX. What somebody else wrote never becomes a formula."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

KINDS = ("csv", "xlsx")
Cell = str | int | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 50  # letters of a column


def table(kind: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The table as a file of one of the KINDS."""
    return _xlsx(header, rows) if kind == "xlsx" else _csv(header, rows)


def harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(harmless, header))
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # Excel takes a CSV for UTF-8 only when it begins with the mark


def _xlsx(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    import xlsxwriter

    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("Data"), book.add_format({"bold": True, "bottom": 1})
        for place, title in enumerate(header):
            sheet.write_string(0, place, title, bold)
            longest = max((len(str(row[place])) for row in rows[:500] if row[place] is not None), default=0)
            sheet.set_column(place, place, min(max(longest, len(title)) + 2, _WIDEST))
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)  # "=…" stays text
                elif cell is not None:
                    sheet.write_number(number, place, cell)
        sheet.autofilter(0, 0, max(len(rows), 1), len(header) - 1)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
