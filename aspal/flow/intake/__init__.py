"""Station 1: LAPOR export, API page or a typed form -> roster; directory file -> directory.

Preview and import can never differ: of the roster both make the same plan, and the import writes it; of the directory,
which is small, a preview is the import itself, rolled back at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.news import Moment
from aspal.core.placing import Answers
from aspal.core.rows import Cells
from aspal.core.values import many_values
from aspal.core.words import Status
from aspal.db import COLLIDED, Database
from aspal.flow.intake import source as intake_source
from aspal.flow.intake.directory_rows import DirectoryIntake
from aspal.flow.intake.outcome import ImportReport
from aspal.flow.intake.plan import Plan
from aspal.flow.intake.progress import Progress, Step, unwatched
from aspal.flow.intake.roster_rows import RosterIntake
from aspal.flow.intake.settling import confirm_alias as confirm_alias
from aspal.flow.intake.settling import explain_status as explain_status
from aspal.flow.intake.settling import settle_held as settle_held
from aspal.flow.intake.source import Source
from aspal.flow.intake.typed import merge as merge
from aspal.flow.intake.typed import type_in as type_in
from aspal.flow.intake.undo import undo as undo
from aspal.flow.intake.volume import Foresee, foresee
from aspal.flow.intake.writing import NewPage, ready, write
from aspal.records import imports, journal
from aspal.records.calendar import Calendars
from aspal.records.imports import LayoutAnswers
from aspal.records.journal import Entry
from aspal.settings import Settings

TRIES = 3  # plans that are made while others write, before they have to wait


class _Rehearsed(Exception):
    """Ends a preview of a directory: everything that it wrote is rolled back."""


def _roster(
    db: Database,
    path: Path,
    *,
    applied: bool,
    now: datetime,
    calendars: Calendars,
    by: str,
    disposed_on: str | None = None,
    secrecy: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    progress: Progress = unwatched,
    settings: Settings | None = None,
) -> ImportReport:
    """Complaints and dispositions from a LAPOR export, all of it or nothing. Raises Refused.

    With `settings` the report says when the volume brake would hold what the new complaints bring.
    """
    source = intake_source.of_file(db, path, "roster", mapping, disposed_on, secrecy)
    at = _moment(now, calendars)
    ahead = partial(foresee, calendars=calendars, settings=settings, now=at.now) if settings else None
    return _import_roster(db, source, at, by, applied, progress, ahead)


def _directory(
    db: Database,
    path: Path,
    *,
    applied: bool,
    now: datetime,
    calendars: Calendars,
    by: str,
    mapping: Mapping[str, Any] | None = None,
    progress: Progress = unwatched,
) -> ImportReport:
    """Units, contacts and appointments from a directory file, all of it or nothing. Raises Refused."""
    source = intake_source.of_file(db, path, "directory", mapping, None, None)
    return _import_directory(db, source, _moment(now, calendars), by, applied, progress)


preview_roster, apply_roster = partial(_roster, applied=False), partial(_roster, applied=True)
preview_directory, apply_directory = partial(_directory, applied=False), partial(_directory, applied=True)


def apply_rows(
    db: Database,
    rows: Iterable[Cells],
    *,
    source: str,
    now: datetime,
    calendars: Calendars,
    by: str,
    disposed_on: str | None = None,
    secrecy: str | None = None,
) -> ImportReport:
    """Complaints that come from an API, all of them or nothing. What it does not list is not taken for gone."""
    answers = LayoutAnswers(disposed_on=disposed_on, secrecy=secrecy)
    told = Source("roster", source, "", source, answers, lambda: rows, full=False)
    return _import_roster(db, told, _moment(now, calendars), by, True, unwatched)


def _moment(now: datetime, calendars: Calendars) -> Moment:
    return Moment(now.astimezone(ZoneInfo(calendars.default_zone)))


def _import_directory(
    db: Database, source: Source, at: Moment, by: str, applied: bool, progress: Progress
) -> ImportReport:
    report = _report(source)
    with suppress(_Rehearsed), db.act() as conn:
        at = _heard_before(conn, source, report, at)
        batch_id = _begin(conn, source, at, by)
        DirectoryIntake(conn, batch_id, report, at, by).take(source.rows())
        progress(Step.READING, report.rows, report.rows)
        report.notes = list(source.notes)
        _finish(conn, batch_id, source, report, at, by)
        if not applied:
            raise _Rehearsed
        report.batch = batch_id
    return report


@many_values()
def _import_roster(
    db: Database, source: Source, at: Moment, by: str, applied: bool, progress: Progress, ahead: Foresee | None = None
) -> ImportReport:
    """Read and plan while everybody else goes on writing; then write, if what the plan was made from still holds."""
    for _ in range(TRIES):
        with db.read() as conn:
            report, plan = _plan(conn, source, at, progress, ahead)
        if not applied:
            return report
        new = ready(plan)
        with suppress(COLLIDED), db.act() as conn:
            if plan.holds(conn):
                return _write_roster(conn, source, report, plan, new, at, by, progress)
    with db.act() as conn:  # somebody changes the same complaints all the time: now they wait
        report, plan = _plan(conn, source, at, progress, ahead)
        return _write_roster(conn, source, report, plan, ready(plan), at, by, progress)


def _plan(
    conn: Connection, source: Source, at: Moment, progress: Progress, ahead: Foresee | None
) -> tuple[ImportReport, Plan]:
    report = _report(source)
    at = _heard_before(conn, source, report, at)
    statuses = {word: Status(meaning) for word, meaning in source.answers.statuses.items()}
    intake = RosterIntake(conn, report, Answers(source.answers.disposed_on, source.answers.secrecy), at, statuses)
    for done in intake.take(source.rows()):
        progress(Step.READING, done, source.expected)
    filtered = source.full and intake.leaves_others_out()
    intake.closing.end_unnamed()
    if source.full and not filtered:
        intake.closing.flag_vanished()
    intake.closing.count_messages()
    if imports.newest_layout(conn) == source.layout:  # columns of another layout may mean other dates
        intake.warn_if_older()
    report.notes = list(source.notes)
    if ahead and (warning := ahead(conn, intake.plan)):
        report.suggestions.append(warning)
    return report, intake.plan


def _write_roster(
    conn: Connection,
    source: Source,
    report: ImportReport,
    plan: Plan,
    new: Sequence[NewPage],
    at: Moment,
    by: str,
    progress: Progress,
) -> ImportReport:
    report.batch = _begin(conn, source, at, by)
    write(conn, report.batch, plan, new, at.now, by, progress)
    _finish(conn, report.batch, source, report, at, by)
    return report


def _report(source: Source) -> ImportReport:
    return ImportReport(source.kind, dropped_columns=source.dropped_columns, unknown_columns=source.unknown_columns)


def _heard_before(conn: Connection, source: Source, report: ImportReport, at: Moment) -> Moment:
    """Uploaded twice it proves nothing new; on a later day LAPOR still says what it said."""
    same = imports.same_file(conn, source.kind, source.sha256) if source.sha256 else None
    if same is None:
        return at
    report.same_as_batch = same[0]
    return replace(at, fresh=same[1].astimezone(at.now.tzinfo).date() < at.today)


def _begin(conn: Connection, source: Source, at: Moment, by: str) -> int:
    if source.new_answers:
        imports.save_answers(conn, source.layout, source.answers, by, at.now)
    return imports.begin(conn, source.kind, source.name, source.sha256, by, at.now)


def _finish(conn: Connection, batch_id: int, source: Source, report: ImportReport, at: Moment, by: str) -> None:
    imports.finish(conn, batch_id, report.summary() | {"layout": source.layout})
    detail = {name: value for name, value in report.summary().items() if name != "consequences"}
    journal.append(conn, [Entry(at.now, by, f"import.{source.kind}", f"batch:{batch_id}", detail)])
