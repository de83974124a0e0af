"""Notes on dispositions, and the attachments that came with replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aspal.tables import dispositions, media, notes, notices, replies


@dataclass(frozen=True, slots=True)
class Note:
    """A reply tied to a disposition: what the unit said, never LAPOR's truth."""

    disposition_id: int
    reply_id: int
    contact_id: int
    written_by: str
    text: str
    intent: str
    matched_by: str
    promise_until: date | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that still has to be fetched."""

    id: int
    provider_sid: str  # of the reply
    ref: str | None
    tries: int


def put(conn: Connection, note: Note) -> int | None:
    """Keeps a note; None when this reply already has one there."""
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    values = {name: getattr(note, name) for name in Note.__dataclass_fields__}
    return conn.scalar(make(notes).values(values).on_conflict_do_nothing().returning(notes.c.id))


def change_disposition(conn: Connection, disposition_id: int, columns: Mapping[str, Any]) -> None:
    """Sets what a note changed; rests and days become plain data."""
    if not columns:
        return
    values = dict(columns)
    if "rests" in values:
        values["rests"] = [
            {"first": r.first.isoformat(), "last": r.last.isoformat() if r.last else None, "why": r.why}
            for r in values["rests"]
        ]
    if "snoozed_days" in values:
        values["snoozed_days"] = [day.isoformat() for day in values["snoozed_days"]]
    conn.execute(update(dispositions).where(dispositions.c.id == disposition_id).values(values))


def lock_disposition(conn: Connection, disposition_id: int) -> None:
    """Nobody else changes the disposition until this transaction ends (SQLite's writer lock does that by itself)."""
    conn.execute(select(dispositions.c.id).where(dispositions.c.id == disposition_id).with_for_update())


def promises(conn: Connection, disposition_id: int) -> int:
    """How many promises the disposition's chain has rested on."""
    query = select(func.count()).where(notes.c.disposition_id == disposition_id, notes.c.promise_until.is_not(None))
    return conn.scalar(query) or 0


def told_on(conn: Connection, disposition_id: int, workday: date) -> bool:
    """Whether a notice of the disposition belongs to that day."""
    query = select(notices.c.id).where(
        notices.c.disposition_id == disposition_id, notices.c.workday == workday, notices.c.state != "cancelled"
    )
    return conn.scalar(query.limit(1)) is not None


# --- attachments ----------------------------------------------------------------------------------------------


def put_media(conn: Connection, reply_id: int, found: Sequence[tuple[int, str, str | None]], now: datetime) -> None:
    """Remembers what came with a reply: (position, claimed type, reference)."""
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    for position, claimed, ref in found:
        row = {
            "reply_id": reply_id, "position": position, "claimed_type": claimed, "provider_ref": ref,
            "state": "waiting", "tries": 0, "not_before": now,
        }  # fmt: skip
        conn.execute(make(media).values(row).on_conflict_do_nothing())


def tie_media(conn: Connection, reply_id: int, note_id: int) -> None:
    """The attachments of a reply belong to its first note."""
    untied = (media.c.reply_id == reply_id) & media.c.note_id.is_(None)
    conn.execute(update(media).where(untied).values(note_id=note_id))


def media_due(conn: Connection, now: datetime, limit: int) -> list[Attachment]:
    """Attachments whose time to be fetched has come."""
    query = (
        select(media.c.id, replies.c.provider_sid, media.c.provider_ref, media.c.tries)
        .join(replies, replies.c.id == media.c.reply_id)
        .where(media.c.state == "waiting", media.c.not_before <= now)
        .order_by(media.c.not_before, media.c.id)
        .limit(limit)
    )
    return [Attachment(*row) for row in conn.execute(query)]


def media_stored(conn: Connection, media_id: int, *, path: str, stored_type: str, size: int, sha256: str) -> None:
    """The file is below MEDIA_DIR."""
    values = {"state": "stored", "path": path, "stored_type": stored_type, "size": size, "sha256": sha256}
    conn.execute(update(media).where(media.c.id == media_id, media.c.state == "waiting").values(values))


def media_refused(conn: Connection, media_id: int, reason: str) -> None:
    """The file will not be kept, and why."""
    refused = {"state": "refused", "reason": reason}
    conn.execute(update(media).where(media.c.id == media_id, media.c.state == "waiting").values(refused))


def media_later(conn: Connection, media_id: int, now: datetime, wait: timedelta) -> None:
    """The file was not there yet."""
    later = {"tries": media.c.tries + 1, "not_before": now + wait}
    conn.execute(update(media).where(media.c.id == media_id, media.c.state == "waiting").values(later))
