"""Writes complaints as they became, under a batch, so that the whole import can be taken back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from aspal.core.news import Complaint, Disposition
from aspal.records import imports, roster
from aspal.records.imports import Change

Pair = tuple[Complaint | None, Complaint]  # as it was (None: unknown), as it is


def write(conn: Connection, batch_id: int, pairs: Sequence[Pair], now: datetime) -> list[Complaint]:
    """Writes only what differs. Gives the complaints back in their order, with the ids of what is new."""
    saved = _write_complaints(conn, batch_id, pairs, now)
    befores = [before for before, _ in pairs]
    _write_changed_parts(conn, batch_id, befores, saved)
    return _write_new_parts(conn, batch_id, saved, now)


def _write_complaints(conn: Connection, batch_id: int, pairs: Sequence[Pair], now: datetime) -> list[Complaint]:
    rows = [roster.complaint_row(after, now) for before, after in pairs if before is None]
    new_ids = iter(imports.insert(conn, batch_id, "complaints", rows))
    changes = []
    for before, after in pairs:
        if before is not None and before is not after and before != after:
            was, is_ = roster.difference(before, after)
            # Without columns of its own it still says: this import built on that complaint.
            changes.append(Change(int(before.id or 0), was, is_))
    imports.update_rows(conn, batch_id, "complaints", changes)
    return [replace(after, id=next(new_ids)) if before is None else after for before, after in pairs]


def _write_changed_parts(
    conn: Connection, batch_id: int, befores: Sequence[Complaint | None], afters: Sequence[Complaint]
) -> None:
    changes = []
    for before, after in zip(befores, afters, strict=True):
        if before is None or before.dispositions is after.dispositions:
            continue
        was = {part.id: part for part in before.dispositions}
        for part in after.dispositions:
            if part.id is not None and part != was[part.id]:
                changes.append(Change(part.id, *roster.difference(was[part.id], part)))
    imports.update_rows(conn, batch_id, "dispositions", changes)


def _write_new_parts(conn: Connection, batch_id: int, saved: Sequence[Complaint], now: datetime) -> list[Complaint]:
    rows = [
        roster.disposition_row(part, int(complaint.id or 0), now)
        for complaint in saved
        for part in complaint.dispositions
        if part.id is None
    ]
    ids = imports.insert(conn, batch_id, "dispositions", rows)
    roster.give_codes(conn, ids)
    given = iter(ids)
    return [_numbered(complaint, lambda: next(given)) for complaint in saved] if ids else list(saved)


def _numbered(complaint: Complaint, next_id: Callable[[], int]) -> Complaint:
    if all(part.id is not None for part in complaint.dispositions):
        return complaint
    parts: list[Disposition] = [
        part if part.id is not None else replace(part, id=next_id()) for part in complaint.dispositions
    ]
    return replace(complaint, dispositions=tuple(parts))
