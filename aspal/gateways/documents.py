"""XLSX and PDF out. A cell is only ever a value: what somebody else wrote never becomes a formula or markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

Cell = str | int | float | None


@dataclass(frozen=True)
class Section:
    """One table with its heading."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_xlsx(target: Path, title: str, sections: Sequence[Section]) -> None:
    """One sheet a section, with filters and a frozen header, ready to print."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold, head = book.add_format({"bold": True, "font_size": 13}), book.add_format({"bold": True, "bottom": 1})
        for number, section in enumerate(sections, 1):
            sheet = book.add_worksheet(_sheet_name(number, section.title))
            sheet.write_string(0, 0, f"{title}: {section.title}", bold)
            sheet.write_row(2, 0, section.header, head)
            for row, cells in enumerate(section.rows, 3):
                _write_cells(sheet, row, cells)
            sheet.autofilter(2, 0, 2 + len(section.rows), len(section.header) - 1)
            sheet.freeze_panes(3, 0)
            sheet.set_column(0, 0, 44)
            sheet.set_column(1, len(section.header), 16)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(2)


def _write_cells(sheet: Any, row: int, cells: Sequence[Cell]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, cell)  # "=…" stays text
        elif cell is not None:
            sheet.write_number(row, column, cell)


def _sheet_name(number: int, title: str) -> str:
    plain = "".join(letter for letter in title if letter not in "[]:*?/\\'")
    return f"{number} {plain}"[:31].rstrip()


def write_pdf(target: Path, title: str, sections: Sequence[Section]) -> None:
    """A4 across, one table after the other, headers repeated on each page."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    styles = getSampleStyleSheet()
    story: list[Any] = [Paragraph(escape(title), styles["Title"])]
    for section in sections:
        story += [Paragraph(escape(section.title), styles["Heading2"]), _pdf_table(section, styles), Spacer(1, 12)]
    SimpleDocTemplate(str(target), pagesize=landscape(A4), title=title, leftMargin=36, rightMargin=36).build(story)


def _pdf_table(section: Section, styles: Any) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table

    body = [[Paragraph(escape(_shown(cell)), styles["BodyText"]) for cell in row] for row in section.rows]
    head = [Paragraph(f"<b>{escape(name)}</b>", styles["BodyText"]) for name in section.header]
    table = Table([head, *body], repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return table


def _shown(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.1f}".replace(".", ",") if isinstance(cell, float) else str(cell)
