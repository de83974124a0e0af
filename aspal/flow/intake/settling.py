"""What an admin settles about held rows: another name for a unit, the meaning of a status word; then the rows go on."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core import names
from aspal.core.news import Complaint, Moment
from aspal.core.placing import Answers
from aspal.core.refused import Refused
from aspal.core.rows import Cells, RowProblem
from aspal.core.words import Status
from aspal.db import Database
from aspal.flow.intake.outcome import ImportReport
from aspal.flow.intake.roster_rows import CONTRADICTION, RosterIntake
from aspal.flow.intake.writing import ready, write
from aspal.records import directory, imports, journal, roster
from aspal.records.calendar import Calendars
from aspal.records.imports import Held, LayoutAnswers
from aspal.records.journal import Entry


def confirm_alias(db: Database, alias: str, unit_id: int, *, now: datetime, by: str) -> None:
    """Another name for a unit, once and for all. Raises Refused when it names another unit already."""
    with db.act() as conn:
        known = directory.unit_names(conn)
        if unit_id not in known.names or not names.key(alias):
            raise Refused(f"OPD {unit_id} tidak ada, atau nama lainnya kosong.")
        if known.find(alias) not in (None, unit_id):
            raise Refused(f"Nama “{alias}” sudah dipakai OPD lain.")
        if known.find(alias) is None:
            directory.add_alias(conn, alias.strip(), names.key(alias), unit_id, by, now)
            journal.append(conn, [Entry(now, by, "unit.alias", f"unit:{unit_id}", {"alias": alias.strip()})])


def explain_status(db: Database, layout: str, word: str, status: Status, *, now: datetime, by: str) -> None:
    """What a status word of this layout of file means."""
    with db.act() as conn:
        saved = imports.answers_of(conn, layout)
        told = LayoutAnswers(saved.columns, {**saved.statuses, word: status.value}, saved.disposed_on, saved.secrecy)
        imports.save_answers(conn, layout, told, by, now)
        journal.append(conn, [Entry(now, by, "import.status_word", f"layout:{layout[:12]}", {word: status.value})])


def settle_held(db: Database, *, now: datetime, calendars: Calendars, by: str) -> list[ImportReport]:
    """Reads every held row of the roster again, and imports what can be placed now: one batch a layout of file."""
    # An old row proves nothing about what a unit has claimed since.
    at = Moment(now.astimezone(ZoneInfo(calendars.default_zone)), fresh=False)
    with db.act() as conn:
        by_layout: dict[str, list[Held]] = defaultdict(list)
        for row in imports.held(conn, "roster"):
            by_layout[row.layout].append(row)
        return [_settle(conn, layout, rows, at, by) for layout, rows in by_layout.items()]


def _settle(conn: Connection, layout: str, rows: list[Held], at: Moment, by: str) -> ImportReport:
    report = ImportReport("roster")
    report.batch = imports.begin(conn, "roster", "baris yang ditahan", "", by, at.now)
    saved = imports.answers_of(conn, layout)
    statuses = {word: Status(meaning) for word, meaning in saved.statuses.items()}
    answers = Answers(saved.disposed_on, saved.secrecy)
    intake = RosterIntake(conn, report, answers, at, statuses)
    clear: list[Held] = []
    for row in rows:
        found = intake.understand(Cells.of(row.row_number, row.cells))
        if isinstance(found, RowProblem):
            report.held.append((row.row_number, found.reason))
        elif row.reason == CONTRADICTION:  # clear by itself; but another row said otherwise, and nobody has decided
            report.held.append((row.row_number, row.reason))
        else:
            clear.append(row)
    for complaint in _half_told(conn, clear):
        intake.closing.uncertain(complaint)
    for _ in intake.take(Cells.of(row.row_number, row.cells) for row in clear):
        pass
    intake.closing.end_unnamed()
    write(conn, report.batch, intake.plan, ready(intake.plan), at.now, by)
    imports.overtake(conn, report.batch, {row.id for row in clear}.difference(intake.plan.overtaken), at.now)
    imports.finish(conn, report.batch, report.summary() | {"layout": layout})
    return report


def _half_told(conn: Connection, rows: list[Held]) -> list[Complaint]:
    """Complaints of which the file had other rows too: those told about units that are not named here."""
    numbers: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        numbers[row.batch_id].add(row.cells.get("tracking_id", ""))
    half = []
    for batch_id, named in numbers.items():
        known = roster.by_tracking_id(conn, named)
        told = roster.named_in(conn, [int(c.id or 0) for c in known.values()], batch_id)
        half += [complaint for complaint in known.values() if complaint.id in told]
    return half
