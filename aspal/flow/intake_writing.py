"""Writes what an import has planned, under a batch, so that the whole of it can be taken back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import TypeVar

from sqlalchemy import Connection

from aspal.core.news import Complaint, Disposition, Event
from aspal.flow.intake_plan import Plan
from aspal.records import imports, journal, roster
from aspal.records.imports import Change
from aspal.records.journal import Entry

_PAGE = 1000
T = TypeVar("T")
New = tuple[Complaint, tuple[Event, ...]]
Changed = tuple[Complaint, Complaint, tuple[Event, ...]]


def write(conn: Connection, batch_id: int, plan: Plan, now: datetime, by: str) -> None:
    """All of it in the caller's transaction; the journal last, because whoever writes to it holds up the others."""
    imports.hold(conn, batch_id, [(row.number, row.reason, row.cells) for row in plan.held])
    imports.settle(conn, plan.overtaken, now)
    entries: list[Entry] = []
    for page in _pages([(one.after, _each_once(one.events)) for one in plan.new]):
        entries += _write_new(conn, batch_id, page, now, by)
    for changed in _pages(plan.changed):
        entries += _write_changed(conn, batch_id, changed, now, by)
    roster.seen(conn, plan.seen, batch_id, now)
    for some in _pages(entries):
        journal.append(conn, some)


def _write_new(conn: Connection, batch_id: int, page: Sequence[New], now: datetime, by: str) -> list[Entry]:
    """Those of which the same is told get neighbouring ids, and one entry of the journal speaks of all of them."""
    page = sorted(page, key=lambda one: one[1])
    complaints = [complaint for complaint, _ in page]
    numberless = sum(complaint.tracking_id is None and complaint.provisional_id is None for complaint in complaints)
    provisional = iter(roster.next_provisional_ids(conn, now.year, numberless) if numberless else ())
    ids = imports.reserve(conn, "complaints", len(page))
    part_ids = imports.reserve(conn, "dispositions", sum(len(complaint.dispositions) for complaint in complaints))
    roster.insert_complaints(conn, complaints, ids, provisional, batch_id, now)
    roster.insert_dispositions(conn, _parts(complaints, ids), part_ids, now)
    imports.note_new(conn, batch_id, "complaints", ids)
    imports.note_new(conn, batch_id, "dispositions", part_ids)
    told = [(row_id, events, row_id - place) for place, (row_id, (_, events)) in enumerate(zip(ids, page, strict=True))]
    return [
        journal.about_all([one[0] for one in some], now, by, "import.new", {"batch": batch_id, "events": [*events]})
        for (events, _), some in groupby(told, key=lambda one: one[1:])  # where ids leave a gap, a new entry begins
    ]


@lru_cache(maxsize=500)
def _each_once(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(sorted(set(events)))


def _parts(complaints: Sequence[Complaint], ids: Sequence[int]) -> list[tuple[int, Disposition]]:
    return [
        (complaint_id, part)
        for complaint_id, complaint in zip(ids, complaints, strict=True)
        for part in complaint.dispositions
    ]


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
                new_parts.append((complaint_id, part))
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


def _pages(things: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while page := list(islice(rest, _PAGE)):
        yield page
