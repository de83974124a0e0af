"""Writes complaints as they became, under a batch, so that the whole import can be taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core.news import Complaint
from aspal.records import imports, roster
from aspal.records.imports import Change

Pair = tuple[Complaint | None, Complaint]  # as it was (None: unknown), as it is


def write(conn: Connection, batch_id: int, pairs: Sequence[Pair], now: datetime) -> list[Complaint]:
    """Writes only what differs. Gives the complaints back in their order, with the ids of what is new."""
    saved = _numbered(conn, pairs)
    new, new_parts = [], []
    changes: list[Change] = []
    part_changes: list[Change] = []
    for (before, after), complaint in zip(pairs, saved, strict=True):
        if before is None:
            new.append(roster.complaint_row(complaint, now))
        elif before is not after and before != after:
            # Even without columns of its own it says: this import built on that complaint.
            changes.append(Change(int(before.id or 0), *roster.difference(before, complaint)))
        known = {part.id: part for part in before.dispositions} if before else {}
        for part in complaint.dispositions:
            was = known.get(part.id)
            if was is None:
                new_parts.append(roster.disposition_row(part, int(complaint.id or 0), now))
            elif was is not part and was != part:
                part_changes.append(Change(int(was.id or 0), *roster.difference(was, part)))
    imports.insert(conn, batch_id, "complaints", new)
    imports.update_rows(conn, batch_id, "complaints", changes)
    imports.update_rows(conn, batch_id, "dispositions", part_changes)
    imports.insert(conn, batch_id, "dispositions", new_parts)
    return saved


def _numbered(conn: Connection, pairs: Sequence[Pair]) -> list[Complaint]:
    """The complaints as they are now, everything new in them with its id."""
    ids = iter(imports.reserve(conn, "complaints", sum(before is None for before, _ in pairs)))
    missing = sum(part.id is None for _, after in pairs for part in after.dispositions)
    part_ids = iter(imports.reserve(conn, "dispositions", missing))
    saved = []
    for before, after in pairs:
        values: dict[str, Any] = {"id": next(ids)} if before is None else {}
        if any(part.id is None for part in after.dispositions):
            values["dispositions"] = tuple(
                part if part.id is not None else replace(part, id=next(part_ids)) for part in after.dispositions
            )
        saved.append(replace(after, **values) if values else after)
    return saved
