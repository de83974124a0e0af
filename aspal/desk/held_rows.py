"""What an admin answers about held rows in the browser: a unit, a status word, a missing day, or "drop it".

Each answer is remembered for good; then every held row is read again by station 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from aspal.core.placing import UnitNames, asks_for_day, asks_for_unit
from aspal.core.refused import Refused
from aspal.core.rows.cells import text, units, word
from aspal.core.rows.words import STATUSES
from aspal.core.words import Status
from aspal.db import Database
from aspal.flow import intake
from aspal.records import batch_pages, directory, imports, journal
from aspal.records.batch_pages import HeldGroup
from aspal.records.calendar import Calendars
from aspal.records.journal import Entry


@dataclass(frozen=True)
class Question:
    """One thing to settle: which words are asked about, and what is likely meant."""

    group: HeldGroup
    asks: str  # unit | status | day | again (it is clear by now) | correction
    word: str = ""
    alike: tuple[int, ...] = ()


def questions(conn: Connection) -> tuple[list[Question], UnitNames]:
    """Everything that waits, and the units to choose from."""
    known = directory.unit_names(conn)
    return [_question(group, known) for group in batch_pages.held_groups(conn)], known


def _question(group: HeldGroup, known: UnitNames) -> Question:
    if group.kind == "roster":
        said = text(group.cells.get("status"))
        if asks_for_unit(group.reason):
            unknown = next((name for name in units(group.cells.get("opd")) if known.find(name) is None), "")
            ids = tuple(found for name in known.like(unknown) if (found := known.find(name)) is not None)
            return Question(group, "unit" if unknown else "again", unknown, ids)
        if said and "status" in group.reason and word(said, STATUSES) is None:
            return Question(group, "status", said)
        if asks_for_day(group.reason):
            return Question(group, "day")
    return Question(group, "correction")


def settle_unit(db: Database, name: str, unit_id: int, *, now: datetime, calendars: Calendars, by: str) -> int:
    """That name means this unit; how many rows went on. Raises Refused."""
    intake.confirm_alias(db, name, unit_id, now=now, by=by)
    return read_again(db, now=now, calendars=calendars, by=by)


def settle_status(
    db: Database, held_id: int, said: str, status: str, *, now: datetime, calendars: Calendars, by: str
) -> int:
    """That status word means this, in every layout of file that waits for it. Raises Refused."""
    if status not in set(Status):
        raise Refused("Pilih arti statusnya.")
    for layout in _layouts(db, held_id):
        intake.explain_status(db, layout, said, Status(status), now=now, by=by)
    return read_again(db, now=now, calendars=calendars, by=by)


def settle_day(db: Database, held_id: int, meaning: str, *, now: datetime, calendars: Calendars, by: str) -> int:
    """What a blank day of disposition means. Raises Refused."""
    if meaning not in ("received", "import"):
        raise Refused("Pilih sejak kapan dihitung.")
    for layout in _layouts(db, held_id):
        with db.act() as conn:
            saved = imports.answers_of(conn, layout)
            imports.save_answers(conn, layout, replace(saved, disposed_on=meaning), by, now)
            detail: Mapping[str, str | None] = {"before": saved.disposed_on, "after": meaning}
            journal.append(conn, [Entry(now, by, "import.disposed_on", f"layout:{layout[:12]}", detail)])
    return read_again(db, now=now, calendars=calendars, by=by)


def drop(db: Database, held_id: int, *, now: datetime, by: str) -> int:
    """The rows of this question wait no longer and are not taken in; how many. Raises Refused."""
    with db.act() as conn:
        ids = batch_pages.alike(conn, held_id)
        if not ids:
            raise Refused("Baris ini sudah diselesaikan.")
        imports.settle(conn, ids, now)
        journal.append(conn, [Entry(now, by, "import.held_dropped", f"held_row:{held_id}", {"rows": len(ids)})])
    return len(ids)


def _layouts(db: Database, held_id: int) -> list[str]:
    with db.read() as conn:
        layouts = batch_pages.layouts_alike(conn, held_id)
    if not layouts:
        raise Refused("Baris ini sudah diselesaikan.")
    return layouts


def read_again(db: Database, *, now: datetime, calendars: Calendars, by: str) -> int:
    """Takes in what has become clear, by another answer or by a new unit; how many rows went on."""
    reports = intake.settle_held(db, now=now, calendars=calendars, by=by)
    return sum(report.rows for report in reports)
