"""Imports: their batches, what they did to which row, and what an admin must or did settle.

Every row that an import adds or changes is noted here in the same transaction, so that undo never misses one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, update
from sqlalchemy import insert as insert_into

from aspal.bulk import bulk_insert
from aspal.tables import batch_changes, batches, held_rows, mappings, metadata

_PAGE = 1000
_note = bulk_insert(batch_changes, ("batch_id", "table_name", "row_id", "last_row_id", "after"))


@dataclass(frozen=True, slots=True)
class Change:
    """The columns of one row that an import changes: as they were, as they become."""

    row_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """A row that waits for an admin."""

    id: int
    batch_id: int
    kind: str
    layout: str
    row_number: int
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class LayoutAnswers:
    """What an admin answered once for one layout of file."""

    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    disposed_on: str | None = None
    secrecy: str | None = None


def begin(conn: Connection, kind: str, source: str, sha256: str, by: str, now: datetime) -> int:
    """Opens a batch; everything written under it can be taken back as one."""
    row = {"kind": kind, "source": source[:300], "sha256": sha256, "applied_at": now, "applied_by": by, "summary": {}}
    return int(conn.execute(insert_into(batches).values(row).returning(batches.c.id)).scalar_one())


def finish(conn: Connection, batch_id: int, summary: Mapping[str, Any]) -> None:
    """Writes down how it went."""
    conn.execute(update(batches).where(batches.c.id == batch_id).values(summary=dict(summary)))


def mark(conn: Connection) -> tuple[int, int]:
    """Differs as soon as another import was applied or taken back."""
    row = conn.execute(select(func.max(batches.c.id), func.count(batches.c.undone_at))).one()
    return row[0] or 0, row[1]


def same_file(conn: Connection, kind: str, sha256: str) -> tuple[int, datetime] | None:
    """The newest batch in force that came from exactly these bytes, and when it was applied."""
    same = select(batches.c.id, batches.c.applied_at).where(
        batches.c.kind == kind, batches.c.sha256 == sha256, batches.c.undone_at.is_(None)
    )
    row = conn.execute(same.order_by(batches.c.id.desc()).limit(1)).first()
    return (row.id, row.applied_at) if row else None


def newest_layout(conn: Connection) -> str | None:
    """The layout of the newest import of a roster that is in force."""
    newest = select(batches.c.summary).where(batches.c.kind == "roster", batches.c.undone_at.is_(None))
    summary = conn.scalar(newest.order_by(batches.c.id.desc()).limit(1))
    return summary.get("layout") if summary else None


def reserve(conn: Connection, table_name: str, count: int) -> list[int]:
    """Ids for rows to come. Asking for them first is many times faster than reading them back row by row."""
    if not count:
        return []
    if conn.dialect.name == "postgresql":
        ask = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(conn.scalars(ask, {"name": table_name, "count": count}))
    table = metadata.tables[table_name]  # SQLite has one writer at a time, and we are it
    last = conn.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def insert(conn: Connection, batch_id: int, table_name: str, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Adds rows under a batch; their ids, in the order of the rows. Rows may bring ids that were reserved."""
    if not rows:
        return []
    if "id" not in rows[0]:
        rows = [row | {"id": row_id} for row_id, row in zip(reserve(conn, table_name, len(rows)), rows, strict=True)]
    conn.execute(insert_into(metadata.tables[table_name]), rows)
    ids = [int(row["id"]) for row in rows]
    _note(conn, [(batch_id, table_name, row_id, None, {}) for row_id in ids])
    return ids


def note_new(conn: Connection, batch_id: int, table_name: str, ids: Sequence[int]) -> None:
    """These rows were added under the batch; neighbours are noted as one."""
    runs: list[list[int]] = []
    for row_id in ids:
        if runs and row_id == runs[-1][1] + 1:
            runs[-1][1] = row_id
        else:
            runs.append([row_id, row_id])
    _note(conn, [(batch_id, table_name, first, last, {}) for first, last in runs])


def update_rows(conn: Connection, batch_id: int, table_name: str, changes: Sequence[Change]) -> None:
    """Changes rows under a batch. A change without columns only says that the batch built on this row."""
    table = metadata.tables[table_name]
    alike: dict[tuple[str, ...], list[Change]] = defaultdict(list)
    for change in changes:
        alike[tuple(sorted(change.after))].append(change)
    for columns, group in alike.items():
        if columns:
            values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
            conn.execute(
                update(table).where(table.c.id == bindparam("row_id")).values(values),
                [{"row_id": c.row_id} | {f"new_{name}": c.after[name] for name in columns} for c in group],
            )
    rows = [
        {"table_name": table_name, "row_id": c.row_id, "before": _plain(c.before), "after": _plain(c.after)}
        for c in changes
    ]
    if rows:
        conn.execute(insert_into(batch_changes).values(batch_id=batch_id), rows)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Days and moments as JSON can keep them; undo reads them back by the column's type."""
    return {
        name: value.isoformat() if isinstance(value, date) else value.value if isinstance(value, Enum) else value
        for name, value in values.items()
    }


# --- rows that wait for an admin --------------------------------------------------------------------------------


def hold(conn: Connection, batch_id: int, rows: Iterable[tuple[int, str, Mapping[str, str]]]) -> None:
    """Keeps rows (number, reason, cells) until an admin has settled the question."""
    values = [
        {"batch_id": batch_id, "row_number": number, "reason": reason, "cells": dict(cells)}
        for number, reason, cells in rows
    ]
    if values:
        conn.execute(insert_into(held_rows), values)


def held(conn: Connection, kind: str) -> list[Held]:
    """The rows of that kind of import that still wait, oldest first."""
    waiting = (
        select(held_rows, batches.c.kind, batches.c.summary)
        .join(batches, batches.c.id == held_rows.c.batch_id)
        .where(held_rows.c.settled_at.is_(None), batches.c.kind == kind)
        .order_by(held_rows.c.id)
    )
    return [
        Held(row.id, row.batch_id, row.kind, row.summary.get("layout", ""), row.row_number, row.reason, row.cells)
        for row in conn.execute(waiting)
    ]


def settle(conn: Connection, ids: Iterable[int], now: datetime) -> None:
    """These held rows wait no longer, because an admin said so."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _PAGE):
        page = wanted[start : start + _PAGE]
        conn.execute(update(held_rows).where(held_rows.c.id.in_(page)).values(settled_at=now))


def overtake(conn: Connection, batch_id: int, ids: Iterable[int], now: datetime) -> None:
    """These held rows were applied by that batch, or it brought newer word; they wait again when it is taken back."""
    was, becomes = {"settled_at": None}, {"settled_at": now}
    update_rows(conn, batch_id, "held_rows", [Change(row_id, was, becomes) for row_id in sorted(set(ids))])


# --- what was answered once ---------------------------------------------------------------------------------------


def answers_of(conn: Connection, layout: str) -> LayoutAnswers:
    """The saved answers for files of this layout; empty where nothing was answered yet."""
    row = conn.execute(select(mappings).where(mappings.c.layout == layout)).first()
    return LayoutAnswers() if row is None else LayoutAnswers(row.columns, row.statuses, row.disposed_on, row.secrecy)


def save_answers(conn: Connection, layout: str, answers: LayoutAnswers, by: str, now: datetime) -> None:
    """Remembers the answers for the next file of this layout."""
    values = {
        "columns": dict(answers.columns),
        "statuses": dict(answers.statuses),
        "disposed_on": answers.disposed_on,
        "secrecy": answers.secrecy,
        "saved_at": now,
        "saved_by": by,
    }
    changed = conn.execute(update(mappings).where(mappings.c.layout == layout).values(values))
    if changed.rowcount == 0:
        conn.execute(insert_into(mappings).values(values | {"layout": layout}))
