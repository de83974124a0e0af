"""Station 1: LAPOR export, API page or a typed form -> roster; directory file -> directory.

A preview is the import itself, rolled back at the end, so the two can never differ.
"""

from collections.abc import Callable, Iterable, Mapping
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
from aspal.core.words import Status
from aspal.db import Database
from aspal.flow import intake_source
from aspal.flow.intake_directory import DirectoryIntake
from aspal.flow.intake_report import ImportReport
from aspal.flow.intake_roster import RosterIntake
from aspal.flow.intake_settling import confirm_alias as confirm_alias
from aspal.flow.intake_settling import explain_status as explain_status
from aspal.flow.intake_settling import settle_held as settle_held
from aspal.flow.intake_source import Refused as Refused
from aspal.flow.intake_source import Source
from aspal.flow.intake_typed import merge as merge
from aspal.flow.intake_typed import type_in as type_in
from aspal.flow.intake_undo import undo as undo
from aspal.records import imports, journal
from aspal.records.calendar import Calendars
from aspal.records.imports import LayoutAnswers
from aspal.records.journal import Entry

Progress = Callable[[int, int | None], None]


class _Rehearsed(Exception):
    """Ends a preview: everything that it wrote is rolled back."""


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
    progress: Progress | None = None,
) -> ImportReport:
    """Complaints and dispositions from a LAPOR export, all of it or nothing. Raises Refused."""
    source = intake_source.of_file(db, path, "roster", mapping, disposed_on, secrecy)
    return _import(db, source, _moment(now, calendars), by, applied, progress)


def _directory(
    db: Database,
    path: Path,
    *,
    applied: bool,
    now: datetime,
    calendars: Calendars,
    by: str,
    mapping: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Units, contacts and appointments from a directory file, all of it or nothing. Raises Refused."""
    source = intake_source.of_file(db, path, "directory", mapping, None, None)
    return _import(db, source, _moment(now, calendars), by, applied, progress)


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
    return _import(db, told, _moment(now, calendars), by, True, None)


def _moment(now: datetime, calendars: Calendars) -> Moment:
    return Moment(now.astimezone(ZoneInfo(calendars.default_zone)))


def _import(
    db: Database, source: Source, at: Moment, by: str, applied: bool, progress: Progress | None
) -> ImportReport:
    report = ImportReport(source.kind, dropped_columns=source.dropped_columns, unknown_columns=source.unknown_columns)
    take = _take_roster if source.kind == "roster" else _take_directory
    with suppress(_Rehearsed), db.write() as conn:
        same = imports.same_file(conn, source.kind, source.sha256) if source.sha256 else None
        if same:
            report.same_as_batch = same[0]
            # Uploaded twice it proves nothing new; on a later day LAPOR still says what it said.
            at = replace(at, fresh=same[1].astimezone(at.now.tzinfo).date() < at.today)
        batch_id = imports.begin(conn, source.kind, source.name, source.sha256, by, at.now)
        take(conn, batch_id, source, report, at, by, progress)
        report.notes = list(source.notes)
        imports.finish(conn, batch_id, report.summary() | {"layout": source.layout})
        detail = {name: value for name, value in report.summary().items() if name != "consequences"}
        journal.append(conn, [Entry(at.now, by, f"import.{source.kind}", f"batch:{batch_id}", detail)])
        if not applied:
            raise _Rehearsed
        report.batch = batch_id
    return report


def _take_roster(
    conn: Connection,
    batch_id: int,
    source: Source,
    report: ImportReport,
    at: Moment,
    by: str,
    progress: Progress | None,
) -> None:
    if source.new_answers:
        imports.save_answers(conn, source.layout, source.answers, by, at.now)
    statuses = {word: Status(meaning) for word, meaning in source.answers.statuses.items()}
    answers = Answers(source.answers.disposed_on, source.answers.secrecy)
    intake = RosterIntake(conn, batch_id, report, answers, at, statuses)
    for done in intake.take(source.rows()):
        if progress:
            progress(done, source.expected)
    intake.closing.end_unnamed()
    if source.full:
        intake.closing.flag_vanished()
    intake.closing.journal(by)


def _take_directory(
    conn: Connection,
    batch_id: int,
    source: Source,
    report: ImportReport,
    at: Moment,
    by: str,
    progress: Progress | None,
) -> None:
    if source.new_answers:
        imports.save_answers(conn, source.layout, source.answers, by, at.now)
    DirectoryIntake(conn, batch_id, report, at, by).take(source.rows())
    if progress:
        progress(report.rows, report.rows)
