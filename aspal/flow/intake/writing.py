"""Writes what an import has planned, under a batch, so that the whole of it can be taken back.

What can be made ready beforehand is: while it writes, nobody else can on SQLite.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import TypeVar

from sqlalchemy import Connection

from aspal.core.news import Complaint, Event
from aspal.flow.intake.plan import Plan
from aspal.flow.intake.progress import Progress, Step, unwatched
from aspal.records import imports, journal, roster
from aspal.records.imports import Change
from aspal.records.journal import Entry
from aspal.records.roster import NewComplaint, NewPart

_PAGE = 5000  # much smaller ones cost a tenth more: the database turns from table to table
T = TypeVar("T")
Events = tuple[Event, ...]
Changed = tuple[Complaint, Complaint, Events]


@dataclass(slots=True)
class NewPage:
    """New complaints, those of which the same is told beside each other, ready but for their ids."""

    complaints: list[NewComplaint]
    parts: list[tuple[int, NewPart]]  # behind the place of their complaint
    events: list[Events]


def ready(plan: Plan) -> list[NewPage]:
    """The new complaints of a plan as they will be written."""
    return [_new_page(page) for page in _pages((complaint, _each_once(events)) for complaint, events in plan.new())]


def _new_page(page: list[tuple[Complaint, Events]]) -> NewPage:
    page.sort(key=lambda one: one[1])
    parts = [
        (place, roster.new_part(part)) for place, (complaint, _) in enumerate(page) for part in complaint.dispositions
    ]
    return NewPage([roster.new_complaint(complaint) for complaint, _ in page], parts, [events for _, events in page])


def write(
    conn: Connection,
    batch_id: int,
    plan: Plan,
    new: Sequence[NewPage],
    now: datetime,
    by: str,
    progress: Progress = unwatched,
) -> None:
    """All of it in the caller's transaction; the journal last, because whoever writes to it holds up the others."""
    changed = plan.changed
    done, whole = 0, sum(len(page.complaints) for page in new) + len(changed)
    imports.hold(conn, batch_id, [(row.number, row.reason, row.cells) for row in plan.held])
    imports.overtake(conn, batch_id, plan.overtaken, now)
    entries: list[Entry] = []
    for page in new:
        progress(Step.WRITING, done, whole)
        entries += _write_new(conn, batch_id, page, now, by)
        done += len(page.complaints)
    for some in _pages(changed):
        progress(Step.WRITING, done, whole)
        entries += _write_changed(conn, batch_id, some, now, by)
        done += len(some)
    progress(Step.WRITING, done, whole)
    roster.seen(conn, plan.seen, batch_id, now)
    for told in _pages(entries):
        journal.append(conn, told)


def _write_new(conn: Connection, batch_id: int, page: NewPage, now: datetime, by: str) -> list[Entry]:
    """Those of which the same is told get neighbouring ids, and one entry of the journal speaks of all of them."""
    numberless = sum(roster.is_numberless(complaint) for complaint in page.complaints)
    provisional = iter(roster.next_provisional_ids(conn, now.year, numberless) if numberless else ())
    ids = imports.reserve(conn, "complaints", len(page.complaints))
    part_ids = imports.reserve(conn, "dispositions", len(page.parts))
    roster.insert_complaints(conn, page.complaints, ids, provisional, batch_id, now)
    roster.insert_dispositions(conn, [(ids[place], part) for place, part in page.parts], part_ids, now)
    imports.note_new(conn, batch_id, "complaints", ids)
    imports.note_new(conn, batch_id, "dispositions", part_ids)
    told = [
        (row_id, events, row_id - place) for place, (row_id, events) in enumerate(zip(ids, page.events, strict=True))
    ]
    return [
        journal.about_all([one[0] for one in some], now, by, "import.new", {"batch": batch_id, "events": [*events]})
        for (events, _), some in groupby(told, key=lambda one: one[1:])  # where ids leave a gap, a new entry begins
    ]


@lru_cache(maxsize=500)
def _each_once(events: Events) -> Events:
    return tuple(sorted(set(events)))


def _write_changed(conn: Connection, batch_id: int, page: Sequence[Changed], now: datetime, by: str) -> list[Entry]:
    """Only the columns that differ. A complaint without any still says: this import built on it."""
    changes, part_changes, new_parts = [], [], []
    for before, after, _ in page:
        complaint_id = int(before.id or 0)
        changes.append(Change(complaint_id, *roster.difference(before, after)))
        known = {part.id: part for part in before.dispositions}
        for part in after.dispositions:
            was = known.get(part.id) if part.id is not None else None
            if was is None:
                new_parts.append((complaint_id, roster.new_part(part)))
            elif was is not part and was != part:
                part_changes.append(Change(int(was.id or 0), *roster.difference(was, part)))
    part_ids = imports.reserve(conn, "dispositions", len(new_parts))
    imports.update_rows(conn, batch_id, "complaints", changes)
    imports.update_rows(conn, batch_id, "dispositions", part_changes)
    roster.insert_dispositions(conn, new_parts, part_ids, now)
    imports.note_new(conn, batch_id, "dispositions", part_ids)
    return [
        Entry(now, by, "import.changed", f"complaint:{before.id}", {"batch": batch_id, "events": sorted(set(events))},
              before.id)
        for before, _, events in page
    ]  # fmt: skip


def _pages(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while page := list(islice(rest, _PAGE)):
        yield page
