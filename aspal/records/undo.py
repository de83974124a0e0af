"""Takes one import back as a unit, newest change first.

A column is put back only where it still is as the import left it: what an admin or a reply did since then stands.
A new row that something else hangs on already (a notice was sent) is not deleted but closed, with everything that is
open beneath it. Only a new complaint that a hand-typed one was merged into stays as it is, with its parts: it is that
one too, and an admin said so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, Row, Table, delete, func, select, update

from aspal.among import among
from aspal.instant import Instant
from aspal.tables import (
    appointments,
    batch_changes,
    batches,
    complaints,
    dispositions,
    held_rows,
    metadata,
    notices,
    units,
)

_PAGE = 500
# Children before parents. Aliases and absences name their parents too.
_ORDER = ("unit_aliases", "absences", "appointments", "dispositions", "complaints", "contacts", "units", "held_rows")


class UndoRefused(Exception):
    """Why this import cannot be taken back, in Indonesian."""


@dataclass
class Undone:
    """What taking it back did."""

    restored: int = 0
    deleted: int = 0
    closed: int = 0  # could not be deleted: something that happened hangs on it
    complaint_ids: set[int] = field(default_factory=set)


def undo(conn: Connection, batch_id: int, now: datetime, told: Callable[[int], None] = lambda _done: None) -> Undone:
    """Raises UndoRefused where there is no such batch, where it is undone already, or a later one built on it.

    `told` hears again and again how many rows are done.
    """
    batch = conn.execute(select(batches).where(batches.c.id == batch_id)).first()
    if batch is None:
        raise UndoRefused(f"Impor {batch_id} tidak ada.")
    if batch.undone_at is not None:
        raise UndoRefused(f"Impor {batch_id} sudah dibatalkan.")
    _refuse_if_built_on(conn, batch_id)
    done, rows, typed = Undone(), 0, _typed_in(conn, batch_id)
    for name in _ORDER:
        table = metadata.tables[name]
        for page in _pages(conn, batch_id, name, new=False):
            told(rows := rows + len(page))
            _restore(conn, table, page, done)
        for page in _pages(conn, batch_id, name, new=True):
            for ids in _ids(page):
                told(rows := rows + len(ids))
                staying = _staying(conn, table, ids, typed)
                _remove(conn, table, [row_id for row_id in ids if row_id not in staying], done, now)
    conn.execute(update(batches).where(batches.c.id == batch_id).values(undone_at=now))
    undone = select(batches.c.id).where(batches.c.undone_at.is_not(None))  # also what it had overtaken
    waiting = update(held_rows).where(held_rows.c.batch_id.in_(undone), held_rows.c.settled_at.is_(None))
    conn.execute(waiting.values(settled_at=now))
    _wake(conn, done.complaint_ids, now)
    return done


def _refuse_if_built_on(conn: Connection, batch_id: int) -> None:
    mine, later = batch_changes.alias(), batch_changes.alias()
    last = func.coalesce(mine.c.last_row_id, mine.c.row_id)
    newest = conn.scalar(
        select(batches.c.id)
        .join(later, later.c.batch_id == batches.c.id)
        .join(mine, (mine.c.table_name == later.c.table_name) & later.c.row_id.between(mine.c.row_id, last))
        .where(mine.c.batch_id == batch_id, later.c.batch_id > batch_id, batches.c.undone_at.is_(None))
        .order_by(batches.c.id.desc())
        .limit(1)
    )
    if newest is not None:
        raise UndoRefused(
            f"Impor {newest} yang lebih baru mengubah data yang sama. Batalkan impor {newest} lebih dahulu."
        )


def _typed_in(conn: Connection, batch_id: int) -> list[int]:
    """The new complaints of that import that hand-typed ones have become."""
    b, into = batch_changes.c, complaints.c.merged_into_id
    within = into.between(b.row_id, func.coalesce(b.last_row_id, b.row_id))
    mine = select(into).join(batch_changes, (b.table_name == "complaints") & within)
    return list(conn.scalars(mine.where(b.batch_id == batch_id, b.before.is_(None)).distinct()))


def _staying(conn: Connection, table: Table, ids: Sequence[int], typed: Sequence[int]) -> frozenset[int]:
    """Which of these new rows are a hand-typed complaint, or a part of one."""
    if table is complaints:
        return frozenset(typed)
    if table is not dispositions or not typed:
        return frozenset()
    parts = select(table.c.id).where(among(table.c.id, "ids"), among(table.c.complaint_id, "typed"))
    return frozenset(conn.scalars(parts, {"ids": ids, "typed": typed}))


def _pages(conn: Connection, batch_id: int, name: str, *, new: bool) -> Iterator[Sequence[Row[Any]]]:
    before: int | None = None
    wanted = select(batch_changes).where(batch_changes.c.batch_id == batch_id, batch_changes.c.table_name == name)
    while True:
        page = wanted if before is None else wanted.where(batch_changes.c.id < before)
        rows = conn.execute(page.order_by(batch_changes.c.id.desc()).limit(_PAGE)).all()
        if not rows:
            return
        before = rows[-1].id
        found = [row for row in rows if (row.before is None) == new]
        if found:
            yield found


def _ids(page: Iterable[Row[Any]]) -> Iterator[list[int]]:
    """New rows, newest first."""
    ids = (row_id for row in page for row_id in range(row.last_row_id or row.row_id, row.row_id - 1, -1))
    while some := list(islice(ids, _PAGE)):
        yield some


def _restore(conn: Connection, table: Table, changes: Iterable[Row[Any]], done: Undone) -> None:
    for change in changes:
        current = conn.execute(select(table).where(table.c.id == change.row_id)).first()
        if current is None or not change.before:
            continue
        back = {
            name: _typed(table, name, change.before[name])
            for name, left in change.after.items()
            if current._mapping[name] == _typed(table, name, left)
        }
        if back:
            conn.execute(update(table).where(table.c.id == change.row_id).values(back))
            done.restored += 1
        _touch(table, current, done)


def _typed(table: Table, name: str, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(table.c[name].type, Instant):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(table.c[name].type, Date) else value


def _touch(table: Table, row: Row[Any], done: Undone) -> None:
    if table is complaints:
        done.complaint_ids.add(row.id)
    elif table is dispositions:
        done.complaint_ids.add(row.complaint_id)


def _remove(conn: Connection, table: Table, ids: Sequence[int], done: Undone, now: datetime) -> None:
    # Nobody hangs anything more on them from here on: the scan passes over what is locked, a reply waits.
    conn.execute(
        select(table.c.id).where(among(table.c.id, "ids")).order_by(table.c.id).with_for_update(), {"ids": ids}
    )
    if table is dispositions:
        _forget_unsaid(conn, ids)
    kept = _hung_on(conn, table, ids)
    gone = [row_id for row_id in ids if row_id not in kept]
    conn.execute(delete(table).where(among(table.c.id, "gone")), {"gone": gone})
    done.deleted += len(gone)
    existing = conn.execute(select(table).where(table.c.id.in_(kept))).all()
    for row in existing:
        _touch(table, row, done)
    closing = _closing(table, now)
    if closing and existing:
        conn.execute(update(table).where(table.c.id.in_([row.id for row in existing])).values(closing))
    if table is complaints:
        _flag_undone(conn, existing, now)
        _end_parts(conn, [row.id for row in existing], now)
    done.closed += len(existing)


def _forget_unsaid(conn: Connection, disposition_ids: Sequence[int]) -> None:
    """What the scan decided and nobody was ever told, not even in a message that was cancelled."""
    unsaid = notices.c.state.in_(("waiting", "cancelled")) & notices.c.message_id.is_(None)
    conn.execute(delete(notices).where(unsaid, among(notices.c.disposition_id, "parts")), {"parts": disposition_ids})


def _hung_on(conn: Connection, table: Table, ids: Sequence[int]) -> set[int]:
    """Which of these rows are named by other rows."""
    named: set[int] = set()
    for other in metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table:
                wanted = select(key.parent).where(among(key.parent, "ids")).distinct()
                if other is table:  # a sub-unit that goes as well holds nobody back
                    wanted = wanted.where(~among(table.c.id, "ids"))
                named |= set(conn.scalars(wanted, {"ids": ids}))
    return named


def _closing(table: Table, now: datetime) -> Mapping[str, Any]:
    if table is dispositions:
        return {"ended_at": now, "end_reason": "undone", "next_look_at": None}
    if table is appointments:
        return {"ended_at": now}
    return {"active": False} if table is units else {}


def _flag_undone(conn: Connection, rows: Iterable[Row[Any]], now: datetime) -> None:
    for row in rows:
        mark = {"flag": "undone", "at": now.isoformat(timespec="seconds"), "detail": ""}
        conn.execute(update(complaints).where(complaints.c.id == row.id).values(flags=[*row.flags, mark]))


def _end_parts(conn: Connection, complaint_ids: Sequence[int], now: datetime) -> None:
    """Where an admin moved a part to another unit, that unit hears no more of it either."""
    theirs = among(dispositions.c.complaint_id, "ids") & dispositions.c.ended_at.is_(None)
    conn.execute(update(dispositions).where(theirs).values(_closing(dispositions, now)), {"ids": complaint_ids})


def _wake(conn: Connection, complaint_ids: Iterable[int], now: datetime) -> None:
    """What is open again, or open still, is looked at anew."""
    wanted = sorted(complaint_ids)
    for start in range(0, len(wanted), _PAGE):
        page = wanted[start : start + _PAGE]
        still = dispositions.c.complaint_id.in_(page) & dispositions.c.ended_at.is_(None)
        conn.execute(update(dispositions).where(still).values(next_look_at=now))
