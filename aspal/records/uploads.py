"""Files on their way to becoming a batch. Each step forward is a guarded UPDATE: pressed twice, it happens once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from aspal.tables import batches, uploads

RUNNING = ("previewing", "applying")


@dataclass(frozen=True)
class Upload:
    """One file that somebody handed in."""

    id: int
    kind: str  # directory | roster
    name: str
    path: str
    size: int
    sha256: str
    uploaded_by: str
    uploaded_at: datetime
    state: str  # mapping previewing previewed applying applied failed
    look: Mapping[str, Any]
    answers: Mapping[str, Any]
    report: Mapping[str, Any] | None
    problem: str | None
    started_at: datetime | None
    batch_id: int | None


_UPLOAD = [uploads.c[name] for name in Upload.__dataclass_fields__]


def add(conn: Connection, values: Mapping[str, Any]) -> int:
    """A new file; its state is "mapping" until its first preview."""
    row = {"state": "mapping", "look": {}, "answers": {}} | dict(values)
    return int(conn.execute(insert(uploads).values(row).returning(uploads.c.id)).scalar_one())


def find(conn: Connection, upload_id: int) -> Upload | None:
    """One upload."""
    row = conn.execute(select(*_UPLOAD).where(uploads.c.id == upload_id)).first()
    return Upload(*row) if row else None


def drafts(conn: Connection, by: str, limit: int = 5) -> list[Upload]:
    """What this person has begun and not finished, newest first."""
    mine = select(*_UPLOAD).where(uploads.c.uploaded_by == by, uploads.c.state != "applied")
    return [Upload(*row) for row in conn.execute(mine.order_by(uploads.c.id.desc()).limit(limit))]


def of_batch(conn: Connection, batch_id: int) -> Upload | None:
    """The file that became this batch, while it is kept."""
    row = conn.execute(select(*_UPLOAD).where(uploads.c.batch_id == batch_id).order_by(uploads.c.id.desc())).first()
    return Upload(*row) if row else None


def move(conn: Connection, upload_id: int, from_states: Collection[str], values: Mapping[str, Any]) -> bool:
    """Changes an upload that still is in one of these states; False when somebody was faster."""
    there = (uploads.c.id == upload_id) & uploads.c.state.in_(list(from_states))
    return conn.execute(update(uploads).where(there).values(dict(values))).rowcount == 1


def restart(conn: Connection, upload: Upload, values: Mapping[str, Any]) -> bool:
    """Like `move`, for a step that died: only the one who saw exactly this attempt may begin the next."""
    there = (uploads.c.id == upload.id) & (uploads.c.state == upload.state)
    there &= uploads.c.started_at == upload.started_at
    return conn.execute(update(uploads).where(there).values(dict(values))).rowcount == 1


def became(conn: Connection, upload: Upload) -> int | None:
    """The batch that this file became, found by what the import itself wrote down: it survives any crash of ours."""
    made = select(batches.c.id).where(
        batches.c.kind == upload.kind,
        batches.c.sha256 == upload.sha256,
        batches.c.applied_by == upload.uploaded_by,
        batches.c.applied_at == upload.started_at,
    )
    return conn.scalar(made.order_by(batches.c.id.desc()).limit(1))


def name_batch(conn: Connection, batch_id: int, name: str) -> None:
    """The batch is called like the office's file, not like ours."""
    conn.execute(update(batches).where(batches.c.id == batch_id).values(source=name[:300]))


def remove(conn: Connection, upload_id: int) -> bool:
    """Forgets an upload that does not run at the moment."""
    there = (uploads.c.id == upload_id) & uploads.c.state.not_in(RUNNING)
    return conn.execute(delete(uploads).where(there)).rowcount == 1


def over(conn: Connection, *, applied_before: datetime, drafts_before: datetime) -> list[Upload]:
    """What was handed in so long ago that it is to be forgotten; a draft sooner than what was applied."""
    is_draft = uploads.c.state != "applied"
    old = or_(uploads.c.uploaded_at < applied_before, and_(is_draft, uploads.c.uploaded_at < drafts_before))
    return [Upload(*row) for row in conn.execute(select(*_UPLOAD).where(old))]


def forget(conn: Connection, ids: Collection[int]) -> None:
    """Takes their rows away."""
    conn.execute(delete(uploads).where(uploads.c.id.in_(list(ids))))
