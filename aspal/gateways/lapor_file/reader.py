"""Reads one workbook in a process of its own, with a memory and a CPU limit.

A file from outside must not be able to take the worker down, and with the library alone it can: one stray cell in the
last row and column makes it ask for 512 GB and abort. This script imports nothing of ours; `workbook` runs it.
It prints pickles: ("problem", word), or ("sheets", [...]), or ("start", merged cells), ("rows", [...])
as often as needed, and ("end",).
"""

import pickle
import sys
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine

MEMORY = 1 << 30
CPU_SECONDS = 120
ROWS_AT_ONCE = 500


def main(path: str, sheet: str, head: str) -> None:
    _limit()
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            if sheet == "all":
                _say("sheets", [_describe(book, index, int(head)) for index in range(len(book.sheet_names))])
            else:
                _print_rows(book.get_sheet_by_index(int(sheet)))
    except calamine.PasswordError:
        _say("problem", "password")
    except calamine.CalamineError:
        _say("problem", "corrupt")


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has none: there a process of its own must be enough
        return
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def _describe(book: calamine.CalamineWorkbook, index: int, head: int) -> tuple[str, bool, int, list[Any], list[Any]]:
    """Name, whether it is seen, height, the first rows, and where its cells are merged."""
    about = book.sheets_metadata[index]
    if about.typ != calamine.SheetTypeEnum.WorkSheet:  # a chart, a macro
        return about.name, False, 0, [], []
    sheet = book.get_sheet_by_index(index)
    rows = sheet.iter_rows()
    first = [row for row, _ in zip(rows, range(head), strict=False)]
    seen = about.visible == calamine.SheetVisibleEnum.Visible
    return about.name, seen, (sheet.end or (-1, 0))[0] + 1, first, list(_merged(sheet))


def _print_rows(sheet: calamine.CalamineSheet) -> None:
    _say("start", list(_merged(sheet)))
    chunk = []
    for row in sheet.iter_rows():
        chunk.append(row)
        if len(chunk) == ROWS_AT_ONCE:
            _say("rows", chunk)
            chunk = []
    _say("rows", chunk)
    _say("end")


def _merged(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, int, int]]:
    """Cells that reach over several rows: top, column as the rows count it, bottom."""
    first_column = (sheet.start or (0, 0))[1]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            yield top, left - first_column, bottom


def _say(*words: Any) -> None:
    pickle.dump(words, sys.stdout.buffer, protocol=5)


if __name__ == "__main__":
    main(*sys.argv[1:4])
