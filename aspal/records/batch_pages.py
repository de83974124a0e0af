"""What the pages show of imports: the list of batches, what one did, what taking it back would touch, what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from aspal.tables import batch_changes, batches, held_rows

PAGE = 30
GROUPS = 200  # questions that one page shows


@dataclass(frozen=True)
class Batch:
    """One import, as it was written down."""

    id: int
    kind: str
    source: str
    applied_at: datetime
    applied_by: str
    undone_at: datetime | None
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Touched:
    """What a batch did to one table."""

    table: str
    new: int
    changed: int


@dataclass(frozen=True)
class HeldGroup:
    """Rows that wait for the same answer."""

    id: int  # of one of them
    kind: str
    layout: str
    reason: str
    rows: int
    cells: Mapping[str, str]  # of that one
    batch_id: int
    row_number: int


@dataclass(frozen=True)
class HeldRow:
    """One held row, for the download."""

    batch_id: int
    row_number: int
    reason: str
    cells: Mapping[str, str]


_BATCH = [batches.c[name] for name in Batch.__dataclass_fields__]


def listed(conn: Connection, before: int | None = None) -> tuple[Sequence[Batch], int | None]:
    """A page of batches, newest first, and the key from which the next one goes on."""
    query = select(*_BATCH).order_by(batches.c.id.desc()).limit(PAGE + 1)
    rows = conn.execute(query if before is None else query.where(batches.c.id < before)).all()
    found = [Batch(*row) for row in rows[:PAGE]]
    return found, found[-1].id if len(rows) > PAGE else None


# New rows may be noted as one: from row_id to last_row_id.
_ROWS = func.sum(func.coalesce(batch_changes.c.last_row_id, batch_changes.c.row_id) - batch_changes.c.row_id + 1)


def find(conn: Connection, batch_id: int) -> Batch | None:
    """One batch."""
    row = conn.execute(select(*_BATCH).where(batches.c.id == batch_id)).first()
    return Batch(*row) if row else None


def touched(conn: Connection, batch_id: int) -> list[Touched]:
    """What the batch added and changed, by table."""
    new = batch_changes.c.before.is_(None)
    counted = (
        select(batch_changes.c.table_name, new.label("new"), _ROWS.label("n"))
        .where(batch_changes.c.batch_id == batch_id)
        .group_by(batch_changes.c.table_name, new)
    )
    tally: dict[str, dict[bool, int]] = {}
    for row in conn.execute(counted):
        tally.setdefault(row.table_name, {})[bool(row.new)] = int(row.n)
    return [Touched(name, by.get(True, 0), by.get(False, 0)) for name, by in sorted(tally.items())]


def held_count(conn: Connection, batch_id: int | None = None) -> int:
    """How many rows wait, of all imports or of one."""
    waiting = select(func.count()).select_from(held_rows).where(held_rows.c.settled_at.is_(None))
    if batch_id is not None:
        waiting = waiting.where(held_rows.c.batch_id == batch_id)
    return conn.scalar(waiting) or 0


def held_groups(conn: Connection) -> list[HeldGroup]:
    """What must be answered, the answer that frees most rows first."""
    counted = (
        select(func.min(held_rows.c.id).label("id"), func.count().label("n"))
        .join(batches, batches.c.id == held_rows.c.batch_id)
        .where(held_rows.c.settled_at.is_(None))
        .group_by(batches.c.kind, held_rows.c.reason)
        .order_by(func.count().desc(), func.min(held_rows.c.id))
        .limit(GROUPS)
        .subquery()
    )
    rows = conn.execute(
        select(held_rows, batches.c.kind, batches.c.summary, counted.c.n)
        .join(counted, counted.c.id == held_rows.c.id)
        .join(batches, batches.c.id == held_rows.c.batch_id)
        .order_by(counted.c.n.desc(), held_rows.c.id)
    )
    return [
        HeldGroup(
            row.id, row.kind, row.summary.get("layout", ""), row.reason, row.n, row.cells, row.batch_id, row.row_number
        )
        for row in rows
    ]


def held_rows_of(conn: Connection, batch_id: int | None = None) -> list[HeldRow]:
    """Every row that waits, in the order of its file."""
    query = select(held_rows.c.batch_id, held_rows.c.row_number, held_rows.c.reason, held_rows.c.cells)
    query = query.where(held_rows.c.settled_at.is_(None))
    if batch_id is not None:
        query = query.where(held_rows.c.batch_id == batch_id)
    return [HeldRow(*row) for row in conn.execute(query.order_by(held_rows.c.batch_id, held_rows.c.row_number))]


def alike(conn: Connection, held_id: int) -> list[int]:
    """The rows that wait for the same answer as this one; none once it waits no longer."""
    return [row.id for row in conn.execute(_alike(held_id))]


def layouts_alike(conn: Connection, held_id: int) -> list[str]:
    """The layouts of file that those rows came from."""
    return sorted({row.summary.get("layout", "") for row in conn.execute(_alike(held_id))} - {""})


def _alike(held_id: int) -> Select[Any]:
    this = held_rows.alias("this")
    return (
        select(held_rows.c.id, batches.c.summary)
        .join(batches, batches.c.id == held_rows.c.batch_id)
        .join(this, this.c.reason == held_rows.c.reason)
        .where(this.c.id == held_id, this.c.settled_at.is_(None), held_rows.c.settled_at.is_(None))
    )
