"""What a handed-in file looks like before anything is read in: its columns, its words, what must be asked first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from aspal.core.columns import FILES, IGNORE, Reading, fold, layout, read_headers
from aspal.core.news import LIVE
from aspal.core.refused import Refused
from aspal.core.rows import Cells
from aspal.core.rows.cells import text, word
from aspal.core.rows.words import STATUSES
from aspal.core.secrecy import redact
from aspal.db import Database
from aspal.gateways.lapor_file import Sheet, open_sheet
from aspal.gateways.lapor_file.lines import FileProblem
from aspal.records import imports
from aspal.records.imports import LayoutAnswers

ROWS_LOOKED_AT = 5000  # words that only stand further down are held by the preview, and told there
_MOST_WORDS, _LONGEST_WORD = 30, 60


def look(db: Database, path: Path, kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    """How the file is read with these columns, or with those remembered for its layout. Raises Refused."""
    try:
        sheet, answers = _opened(db, path, kind, given)
        if isinstance(sheet, FileProblem):
            return _unreadable(sheet, kind, {**answers.columns, **given})
        return _readable(sheet, kind, answers)
    except FileProblem as problem:
        raise Refused(str(problem)) from problem


def _opened(db: Database, path: Path, kind: str, given: Mapping[str, str]) -> tuple[Sheet | FileProblem, LayoutAnswers]:
    sheet: Sheet | FileProblem
    try:
        sheet = open_sheet(path, mapping=given or None, what=kind)
    except FileProblem as problem:
        if problem.layout is None:
            raise
        sheet = problem
    with db.read() as conn:
        answers = imports.answers_of(conn, sheet.layout or "")
    if answers.columns and not given:
        try:
            sheet = open_sheet(path, mapping=answers.columns, what=kind)
        except FileProblem as problem:
            sheet = problem
    return sheet, answers


def _unreadable(problem: FileProblem, kind: str, mapping: Mapping[str, str]) -> dict[str, Any]:
    """A column that must be there was not found: an admin can say which one it is."""
    reading = read_headers(problem.headers, FILES[kind], mapping)
    about = _about(reading, problem.headers, kind)
    return about | {"layout": problem.layout or layout(problem.headers), "problem": str(problem)}


def _readable(sheet: Sheet, kind: str, answers: LayoutAnswers) -> dict[str, Any]:
    about = _about(sheet.header.reading, sheet.header.words, kind)
    about |= {"layout": sheet.layout, "expected": sheet.expected, "remembered": answers != LayoutAnswers()}
    about["ignored"] = [header for header, name in answers.columns.items() if name in IGNORE]
    if kind == "roster":
        rows = list(islice(sheet.rows(), ROWS_LOOKED_AT))
        about |= {
            "status_words": _unknown_words(rows, answers.statuses),
            "asks_disposed_on": any(_without_day(row) for row in rows),
            "asks_secrecy": "rahasia" not in sheet.header.reading.positions,
            "disposed_on": answers.disposed_on,
            "secrecy": answers.secrecy,
        }
    return about | {"notes": list(sheet.notes)}


def _about(reading: Reading, headers: Sequence[str], kind: str) -> dict[str, Any]:
    return {
        "headers": [header for header in headers if header not in reading.dropped],
        "columns": dict(reading.columns),
        "unknown": list(reading.unknown),
        "dropped": list(reading.dropped),
        "missing": list(reading.missing(FILES[kind])),
    }


def _unknown_words(rows: Sequence[Cells], explained: Mapping[str, str]) -> list[str]:
    """Status words that nobody has explained yet, most frequent first."""
    known = {fold(said) for said in explained}
    found = Counter(redact(text(row.values.get("status"))) for row in rows)
    asked = [said for said, _ in found.most_common() if said and len(said) <= _LONGEST_WORD]
    return [said for said in asked if fold(said) not in known and word(said, STATUSES) is None][:_MOST_WORDS]


def _without_day(row: Cells) -> bool:
    """A complaint that a unit works on, with no day on which it was disposed: its clock needs a beginning."""
    return not text(row.values.get("tgl_disposisi")) and word(row.values.get("status"), STATUSES) in LIVE
