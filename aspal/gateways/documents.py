"""What documents are made of, and XLSX out. A cell is only ever a value: what somebody else wrote never becomes a
formula or markup. The formulas of a workbook are ours alone, and carry their results for readers that do not compute.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

Cell = str | int | float | None
Progress = Callable[[int], None]
_FIRST_ROW = 3  # below title, note and an empty line


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `formula` names other columns in braces: "ROUND(100*{selesai}/{total},1)"."""

    key: str
    title: str
    width: int = 12
    formula: str | None = None
    divisor: str | None = None  # the column that the formula divides by: its zero leaves the cell empty
    decimals: int = 0


@dataclass(frozen=True)
class Section:
    """One table: its rows by column key, and whether a last row adds up what the filter leaves."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    note: str = ""
    totals: Sequence[str] = ()  # keys of the columns that may be added up
    total: Mapping[str, Cell] = field(default_factory=dict)  # the last row's results


def quiet(_percent: int) -> None:
    """For who does not watch."""


def write_xlsx(target: Path | IO[bytes], title: str, sections: Sequence[Section]) -> None:
    """One sheet a section, with filters, a frozen header and live formulas, ready to print."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": title, "comments": "Perkiraan internal, bukan penilaian resmi."})
        book.set_calc_mode("auto")
        looks = _Looks(book)
        for number, section in enumerate(sections, 1):
            _Sheet(book.add_worksheet(_sheet_name(number, section.title)), section, looks).write(title)


class _Looks:
    """The few formats."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.note = book.add_format({"italic": True, "font_color": "#555555"})
        self.head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E6F2F0"}
        )
        self._book, self._known = book, dict[tuple[int, bool], Any]()

    def of(self, column: Column, *, bold: bool) -> Any:
        key = (column.decimals, bold)
        if key not in self._known:
            number = "#,##0" + ("." + "0" * column.decimals if column.decimals else "")
            look = {"num_format": number, "valign": "top", "bold": bold, "top": int(bold), "text_wrap": True}
            self._known[key] = self._book.add_format(look)
        return self._known[key]


class _Sheet:
    def __init__(self, sheet: Any, section: Section, looks: _Looks) -> None:
        self._sheet, self._section, self._looks = sheet, section, looks
        self._places = {column.key: place for place, column in enumerate(section.columns)}

    def write(self, title: str) -> None:
        sheet, section, last = self._sheet, self._section, _FIRST_ROW + len(self._section.rows)
        sheet.write_string(0, 0, f"{title}: {section.title}", self._looks.title)
        sheet.write_string(1, 0, section.note, self._looks.note)
        for place, column in enumerate(section.columns):
            sheet.write_string(_FIRST_ROW, place, column.title, self._looks.head)
            sheet.set_column(place, place, column.width)
        for row, cells in enumerate(section.rows, _FIRST_ROW + 1):
            self._row(row, cells, bold=False)
        if section.totals and section.rows:
            self._row(last + 1, section.total, bold=True)
        if section.rows:
            sheet.autofilter(_FIRST_ROW, 0, last, len(section.columns) - 1)
        sheet.freeze_panes(_FIRST_ROW + 1, 1)
        self._print()

    def _print(self) -> None:
        sheet = self._sheet
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_FIRST_ROW)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&L&8Perkiraan internal, bukan penilaian resmi&R&8Halaman &P dari &N")

    def _row(self, row: int, cells: Mapping[str, Cell], *, bold: bool) -> None:
        for place, column in enumerate(self._section.columns):
            cell, look = cells.get(column.key), self._looks.of(column, bold=bold)
            if column.formula:
                self._formula(row, place, column, cell, look)
            elif bold and column.key in self._section.totals:
                letters = _letters(place)
                first, last = _FIRST_ROW + 2, _FIRST_ROW + 1 + len(self._section.rows)
                # 109: what a filter hides is not added.
                self._sheet.write_formula(row, place, f"=SUBTOTAL(109,{letters}{first}:{letters}{last})", look, cell)
            elif isinstance(cell, str):
                self._sheet.write_string(row, place, cell, look)  # "=…" stays text
            elif cell is not None:
                self._sheet.write_number(row, place, cell, look)

    def _formula(self, row: int, place: int, column: Column, cell: Cell, look: Any) -> None:
        cells = {key: f"{_letters(there)}{row + 1}" for key, there in self._places.items()}
        written = (column.formula or "").format(**cells)
        if column.divisor:
            written = f'IF({cells[column.divisor]}=0,"",{written})'
        self._sheet.write_formula(row, place, f"={written}", look, "" if cell is None else cell)


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _sheet_name(number: int, title: str) -> str:
    plain = "".join(letter for letter in title if letter not in "[]:*?/\\'")
    return f"{number} {plain}"[:31].rstrip()
