"""Reads one workbook in a process of its own, with a memory and a CPU limit.

A file from outside must not be able to take the worker down, and with the library alone it can: one stray cell in the
last row and column makes it ask for 512 GB and abort. This script imports nothing of ours; `workbook` runs it.
It prints pickles: ("problem", word), or ("sheets", [...]), or ("start", first column, merged ranges), ("rows", [...])
as often as needed, and ("end",).
"""

import pickle
import sys
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


def _describe(book: calamine.CalamineWorkbook, index: int, head: int) -> tuple[str, bool, int, list[list[Any]]]:
    about = book.sheets_metadata[index]
    if about.typ != calamine.SheetTypeEnum.WorkSheet:  # a chart, a macro
        return about.name, False, 0, []
    sheet = book.get_sheet_by_index(index)
    rows = sheet.iter_rows()
    first = [row for row, _ in zip(rows, range(head), strict=False)]
    return about.name, about.visible == calamine.SheetVisibleEnum.Visible, (sheet.end or (-1, 0))[0] + 1, first


def _print_rows(sheet: calamine.CalamineSheet) -> None:
    _say("start", (sheet.start or (0, 0))[1], sheet.merged_cell_ranges or [])
    chunk = []
    for row in sheet.iter_rows():
        chunk.append(row)
        if len(chunk) == ROWS_AT_ONCE:
            _say("rows", chunk)
            chunk = []
    _say("rows", chunk)
    _say("end")


def _say(*words: Any) -> None:
    pickle.dump(words, sys.stdout.buffer, protocol=5)


if __name__ == "__main__":
    main(*sys.argv[1:4])
