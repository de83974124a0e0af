"""Retention: what is too old is forgotten. Rows stay and only their words go, so that counts, keys and chain hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Table, and_, cast, delete, func, or_, select, update

from aspal.core.secrecy import GONE
from aspal.tables import (
    absences,
    alarms,
    batch_changes,
    batches,
    dispositions,
    held_rows,
    media,
    messages,
    notes,
    notices,
    replies,
    reports,
    sessions,
    simulator_messages,
)

_SETTLED = ("accepted", "sent", "delivered", "read", "failed", "cancelled")
_PAGE = 500


@dataclass(frozen=True)
class File:
    """An attachment on disk."""

    id: int
    path: str


def _ended(before: datetime) -> Select[Any]:
    """Dispositions that were over before then, of complaints that have none still running."""
    running = select(dispositions.c.complaint_id).where(
        or_(dispositions.c.ended_at.is_(None), dispositions.c.ended_at >= before)
    )
    return select(dispositions.c.id).where(dispositions.c.complaint_id.not_in(running))


def _old_replies(before: datetime) -> ColumnElement[bool]:
    return and_(
        replies.c.received_at < before,
        replies.c.state.not_in(("stored", "asked")),
        or_(replies.c.disposition_id.is_(None), replies.c.disposition_id.in_(_ended(before))),
    )


def _old_messages(before: datetime) -> ColumnElement[bool]:
    live = select(notices.c.message_id).where(
        notices.c.message_id.is_not(None), notices.c.disposition_id.not_in(_ended(before))
    )
    return and_(messages.c.created_at < before, messages.c.state.in_(_SETTLED), messages.c.id.not_in(live))


def _forgets(before: datetime) -> dict[str, tuple[Table, ColumnElement[bool], dict[str, Any]]]:
    """Part -> table, its old rows that still say something, and what is left of them. Without columns: nothing."""
    old_batches = select(batches.c.id).where(batches.c.applied_at < before)
    said = and_(replies.c.address != "", _old_replies(before))
    return {
        "messages": (
            messages, and_(messages.c.text != GONE, _old_messages(before)),
            {"text": GONE, "variables": {}, "address": ""},
        ),
        "replies": (replies, said, {"raw": {}, "address": ""}),
        "notes": (
            notes,
            and_(notes.c.text != GONE, notes.c.received_at < before, notes.c.disposition_id.in_(_ended(before))),
            {"text": GONE, "written_by": GONE},
        ),
        "reports": (reports, and_(reports.c.received_at < before, func.length(_text(reports.c.raw)) > 2), {"raw": {}}),
        "held_rows": (
            held_rows, and_(held_rows.c.batch_id.in_(old_batches), func.length(_text(held_rows.c.cells)) > 2),
            {"cells": {}, "reason": GONE},
        ),
        "batch_changes": (
            batch_changes,
            and_(
                batch_changes.c.batch_id.in_(old_batches), batch_changes.c.before.is_not(None),
                func.length(_text(batch_changes.c.after)) > 2,
            ),
            {"before": {}, "after": {}},
        ),
        "absences": (absences, absences.c.last_day < before.date(), {}),
        "alarms": (alarms, alarms.c.cleared_at < before, {}),
        "sessions": (sessions, sessions.c.seen_at < before, {}),
        "simulator_messages": (simulator_messages, simulator_messages.c.created_at < before, {}),
    }  # fmt: skip


def _text(column: Any) -> Any:
    """A JSON column's characters; "{}" is two of them."""
    return cast(column, String)


def old(conn: Connection, before: datetime) -> dict[str, int]:
    """How many rows of each part are too old and still say something."""
    return {
        part: conn.scalar(select(func.count()).select_from(table).where(which)) or 0
        for part, (table, which, _) in _forgets(before).items()
    }


def forget_old(conn: Connection, before: datetime) -> dict[str, int]:
    """Takes the words out of what is too old; how many rows of each part."""
    counts = {}
    for part, (table, which, left) in _forgets(before).items():
        found = list(conn.scalars(select(*table.primary_key.columns).where(which)))
        for page in _pages(found):
            rows = next(iter(table.primary_key.columns)).in_(page)
            conn.execute(update(table).where(rows).values(left) if left else delete(table).where(rows))
        counts[part] = len(found)
    return counts


def old_files(conn: Connection, before: datetime) -> list[File]:
    """Attachments of replies that are too old."""
    wanted = select(media.c.id, media.c.path).join(replies, replies.c.id == media.c.reply_id)
    return [File(*row) for row in conn.execute(wanted.where(media.c.path.is_not(None), _old_replies(before)))]


def files_gone(conn: Connection, ids: Collection[int], reason: str) -> None:
    """These attachments are no longer on disk; their size and fingerprint stay."""
    for page in _pages(sorted(ids)):
        conn.execute(update(media).where(media.c.id.in_(page)).values(path=None, state="refused", reason=reason))


def _pages(ids: Sequence[Any]) -> list[Sequence[Any]]:
    return [ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE)]
