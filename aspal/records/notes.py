"""Notes on dispositions, and the attachments that came with replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, literal, select, update

from aspal.db import upsert
from aspal.tables import dispositions, media, notes, replies


@dataclass(frozen=True, slots=True)
class Note:
    """What the unit said about a disposition, never LAPOR's truth: a reply, or what the office heard otherwise."""

    disposition_id: int
    reply_id: int | None
    contact_id: int | None
    written_by: str
    text: str
    intent: str
    matched_by: str
    promise_until: date | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """A note that one of somebody's latest replies became."""

    note_id: int
    disposition_id: int
    reply_id: int
    text: str
    written_at: datetime
    filed_at: datetime
    matched_by: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that still has to be fetched."""

    id: int
    provider_sid: str  # of the reply
    ref: str | None
    tries: int
    reply_id: int
    contact_id: int | None
    address: str


def put(conn: Connection, note: Note) -> int | None:
    """Keeps a note; None when this reply already has one there."""
    values = {name: getattr(note, name) for name in Note.__dataclass_fields__}
    new: int | None = conn.scalar(upsert(conn, notes).values(values).on_conflict_do_nothing().returning(notes.c.id))
    return new


def move(conn: Connection, note_id: int, from_id: int, to_id: int) -> bool:
    """Hangs a note, and the reply behind it, on another disposition. False where it is not, or already has its twin."""
    here = (notes.c.id == note_id) & (notes.c.disposition_id == from_id)
    row = conn.execute(select(notes.c.reply_id).where(here)).first()
    twin = notes.c.reply_id == (row.reply_id if row else None)
    if row is None or conn.scalar(select(notes.c.id).where(twin, notes.c.disposition_id == to_id)):
        return False
    conn.execute(update(notes).where(here).values(disposition_id=to_id, moved_from_id=from_id))
    complaint = select(dispositions.c.complaint_id).where(dispositions.c.id == to_id).scalar_subquery()
    its = (replies.c.id == row.reply_id) & (replies.c.disposition_id == from_id)
    conn.execute(update(replies).where(its).values(disposition_id=to_id, complaint_id=complaint))
    return True


def filed_since(conn: Connection, contact_id: int, since: datetime) -> list[Filed]:
    """What this contact's replies became since then, the last one first, by when they were filed."""
    query = (
        select(
            notes.c.id,
            notes.c.disposition_id,
            notes.c.reply_id,
            notes.c.text,
            notes.c.received_at,
            replies.c.understood_at,
            notes.c.matched_by,
        )
        .join(replies, replies.c.id == notes.c.reply_id)
        .where(notes.c.contact_id == contact_id, replies.c.understood_at >= since)
        .order_by(replies.c.understood_at.desc(), notes.c.id.desc())
    )
    return [Filed(*row) for row in conn.execute(query)]


def last_words(conn: Connection, disposition_ids: Sequence[int]) -> dict[int, str]:
    """What was written last about each of these dispositions."""
    rows = conn.execute(
        select(notes.c.disposition_id, notes.c.text)
        .where(notes.c.disposition_id.in_(disposition_ids))
        .order_by(notes.c.id)
    )
    return {row.disposition_id: row.text for row in rows}


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
    if "next_look_at" in values:  # what is parked stays out of the scan until an admin has dealt with it
        look = literal(values["next_look_at"], dispositions.c.next_look_at.type)
        values["next_look_at"] = case((dispositions.c.parked_at.is_(None), look))
    conn.execute(update(dispositions).where(dispositions.c.id == disposition_id).values(values))


def lock_dispositions(conn: Connection, disposition_ids: Sequence[int]) -> None:
    """Nobody else changes them until this transaction ends (SQLite's writer lock does that by itself).

    Always before the journal is written, as the scan does, so that the two never wait for each other.
    """
    wanted = select(dispositions.c.id).where(dispositions.c.id.in_(list(disposition_ids))).order_by(dispositions.c.id)
    conn.execute(wanted.with_for_update()).all()


def promised(conn: Connection, disposition_id: int) -> frozenset[date]:
    """The days until which the disposition's chain has rested on a promise."""
    days = select(notes.c.promise_until).where(notes.c.disposition_id == disposition_id)
    return frozenset(conn.scalars(days.where(notes.c.promise_until.is_not(None))))


def put_media(conn: Connection, reply_id: int, found: Sequence[tuple[int, str, str | None]], now: datetime) -> None:
    """Remembers what came with a reply: (position, claimed type, reference)."""
    for position, claimed, ref in found:
        row = {
            "reply_id": reply_id, "position": position, "claimed_type": claimed, "provider_ref": ref,
            "state": "waiting", "tries": 0, "not_before": now,
        }  # fmt: skip
        conn.execute(upsert(conn, media).values(row).on_conflict_do_nothing())


def end_reason(conn: Connection, disposition_id: int) -> str | None:
    """How this disposition ended; None while it runs."""
    return conn.scalar(select(dispositions.c.end_reason).where(dispositions.c.id == disposition_id))


def tie_media(conn: Connection, reply_id: int, note_id: int) -> None:
    """The attachments of a reply belong to its first note."""
    untied = (media.c.reply_id == reply_id) & media.c.note_id.is_(None)
    conn.execute(update(media).where(untied).values(note_id=note_id))


def media_due(conn: Connection, now: datetime, limit: int) -> list[Attachment]:
    """Attachments whose time to be fetched has come."""
    query = (
        select(
            media.c.id, replies.c.provider_sid, media.c.provider_ref, media.c.tries, replies.c.id.label("reply_id"),
            replies.c.contact_id, replies.c.address,
        )
        .join(replies, replies.c.id == media.c.reply_id)
        .where(media.c.state == "waiting", media.c.not_before <= now)
        .order_by(media.c.not_before, media.c.id)
        .limit(limit)
    )  # fmt: skip
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


def media_waits(conn: Connection, media_id: int, until: datetime) -> None:
    """The file could not be kept, through no fault of its own."""
    conn.execute(update(media).where(media.c.id == media_id, media.c.state == "waiting").values(not_before=until))
