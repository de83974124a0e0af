"""What an import is read from: a file with what an admin answered for its layout, rows of an API, rows held before."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aspal.core.refused import Refused
from aspal.core.rows import Cells
from aspal.core.words import Status
from aspal.db import Database
from aspal.gateways.lapor_file import Sheet, open_sheet
from aspal.gateways.lapor_file.lines import FileProblem
from aspal.records import imports
from aspal.records.imports import LayoutAnswers


@dataclass(frozen=True)
class Source:
    """Rows with everything that must be known to read them."""

    kind: str  # roster | directory
    name: str
    sha256: str  # of the bytes; "" where there are none to compare
    layout: str
    answers: LayoutAnswers
    rows: Callable[[], Iterable[Cells]]
    expected: int | None = None
    dropped_columns: Sequence[str] = ()
    unknown_columns: Sequence[str] = ()
    notes: Sequence[str] = ()  # complete once the rows have been read
    new_answers: bool = False  # worth remembering for the next file of this layout
    full: bool = True  # what it does not list may be gone


def of_file(
    db: Database, path: Path, kind: str, mapping: Mapping[str, Any] | None, disposed_on: str | None, secrecy: str | None
) -> Source:
    """Opens the file. What is answered now wins over what was answered before for files of this layout.

    `mapping` is either header -> canonical column, or has the parts "columns" and "statuses". Raises Refused.
    """
    _check_answers(disposed_on, secrecy)
    given = mapping or {}
    columns, statuses = _parts(given)
    try:
        sheet, answers = _opened(db, path, kind, columns)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileProblem as problem:
        raise Refused(str(problem)) from problem
    answers = LayoutAnswers(
        columns={**answers.columns, **columns},
        statuses={**answers.statuses, **statuses},
        disposed_on=disposed_on or answers.disposed_on,
        secrecy=secrecy or answers.secrecy,
    )
    return Source(
        kind=kind,
        name=path.name,
        sha256=digest,
        layout=sheet.layout,
        answers=answers,
        rows=sheet.rows,
        expected=sheet.expected,
        dropped_columns=sheet.dropped_columns,
        unknown_columns=sheet.unknown_columns,
        notes=sheet.notes,
        new_answers=bool(given or disposed_on or secrecy),
    )


def _check_answers(disposed_on: str | None, secrecy: str | None) -> None:
    for answer, allowed in ((disposed_on, ("received", "import")), (secrecy, ("open", "confidential"))):
        if answer is not None and answer not in allowed:
            raise Refused(f"Jawaban “{answer}” tidak dikenal; pilih {' atau '.join(allowed)}.")


def _parts(mapping: Mapping[str, Any]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Columns and status words. What is neither would be passed over in silence, so it is refused."""
    parts = mapping if any(isinstance(part, Mapping) for part in mapping.values()) else {"columns": mapping}
    wrong = [
        name for name, part in parts.items() if name not in ("columns", "statuses") or not isinstance(part, Mapping)
    ]
    wrong = wrong or [word for part in parts.values() for word, meaning in part.items() if not isinstance(meaning, str)]
    if wrong:
        raise Refused(
            f'Pemetaan kolom tidak dapat dibaca di “{wrong[0]}”. Tulis baris seperti "Judul di berkas" = "judul", '
            "atau dua tabel: [columns] dan [statuses]."
        )
    columns, statuses = parts.get("columns", {}), parts.get("statuses", {})
    for word, meaning in statuses.items():
        if meaning not in set(Status):
            raise Refused(f"Arti “{meaning}” untuk status “{word}” tidak dikenal; pilih {', '.join(Status)}.")
    return columns, statuses


def _opened(db: Database, path: Path, kind: str, columns: Mapping[str, str]) -> tuple[Sheet, LayoutAnswers]:
    """The sheet and what is saved for its layout; without new answers, the saved columns are used."""
    try:
        sheet = open_sheet(path, mapping=columns or None, what=kind)
        layout = sheet.layout
    except FileProblem as problem:
        if columns or problem.layout is None or not _saved(db, problem.layout).columns:
            raise
        layout = problem.layout
    saved = _saved(db, layout)
    if saved.columns and not columns:
        sheet = open_sheet(path, mapping=saved.columns, what=kind)
    return sheet, saved


def _saved(db: Database, layout: str) -> LayoutAnswers:
    with db.read() as conn:
        return imports.answers_of(conn, layout)
