"""Who or what did what, and why: append-only, each entry chained to the one before it by its hash.

An entry names things by their ids, never by phone number and never with the words of a reply: what a person wrote can
then be deleted while the chain still proves what happened.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from aspal.tables import journal, switches

BEGINNING = "0" * 64
HEAD = "journal_head"  # the switch that remembers the newest link, so that a missing tail shows
_LOCK = 0x4A524E4C  # any constant that no other advisory lock uses
_PAGE = 1000
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
# A mobile number, and not a part of a longer run such as a hash.
_PHONE = re.compile(r"(?<![0-9A-Za-z])\+?(?:62|0)8\d{7,12}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `id` is the chain's, given on writing."""

    at: datetime
    actor: str  # "scan", "contact:12", "admin@..."
    action: str
    subject: str  # "disposition:7"
    detail: Mapping[str, Any]
    complaint_id: int | None = None
    id: int = 0


@dataclass(frozen=True)
class BrokenLink:
    """Where the chain first stops holding, and what was found there."""

    id: int
    reason: str


def append(conn: Connection, entries: Sequence[Entry]) -> None:
    """Adds entries to the end of the chain.

    Writers queue up here until their transaction ends. So do it last in a transaction: two that hold rows of each
    other and want the chain would deadlock.
    """
    if not entries:
        return
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    head, found = _head(conn)
    last, previous = head
    rows = []
    for number, entry in enumerate(entries, last + 1):
        values = _values(number, entry)
        digest = _digest(previous, values)
        rows.append(values | {"previous": previous, "hash": digest})
        previous = digest
    conn.execute(insert(journal), rows)
    _remember(conn, rows[-1], found=found)


def verify(conn: Connection) -> BrokenLink | None:
    """Walks the whole chain in pages; None when every link holds."""
    last, previous = 0, BEGINNING
    for row in _walk(conn):
        if row.id != last + 1:
            return BrokenLink(last + 1, "catatan ini tidak ada lagi")
        if row.previous != previous:
            return BrokenLink(row.id, "tidak menyambung ke catatan sebelumnya (disisipkan, dihapus, atau dipindah)")
        if row.hash != _digest(previous, _values(row.id, _entry(row))):
            return BrokenLink(row.id, "isi catatan berubah setelah ditulis")
        last, previous = row.id, row.hash
    anchor = conn.scalar(select(switches.c.value).where(switches.c.name == HEAD))
    if anchor is None:
        return BrokenLink(last + 1, "penanda ujung jurnal hilang") if last else None
    if (anchor["id"], anchor["hash"]) != (last, previous):
        return BrokenLink(last + 1, "ujung jurnal hilang atau ditambah tanpa lewat aplikasi")
    return None


def of_complaint(conn: Connection, complaint_id: int) -> list[Entry]:
    """Everything about one complaint, oldest first."""
    found = conn.execute(select(journal).where(journal.c.complaint_id == complaint_id).order_by(journal.c.id))
    return [_entry(row) for row in found]


def recent(conn: Connection, limit: int = 100) -> list[Entry]:
    """The newest entries, newest first."""
    return [_entry(row) for row in conn.execute(select(journal).order_by(journal.c.id.desc()).limit(limit))]


def _head(conn: Connection) -> tuple[tuple[int, str], bool]:
    """The newest link, and whether its anchor exists. The anchor wins: after a cut tail the gap must stay visible."""
    anchor = conn.scalar(select(switches.c.value).where(switches.c.name == HEAD))
    if anchor is not None:
        return (anchor["id"], anchor["hash"]), True
    row = conn.execute(select(journal.c.id, journal.c.hash).order_by(journal.c.id.desc()).limit(1)).first()
    return (row.id, row.hash) if row else (0, BEGINNING), False


def _remember(conn: Connection, newest: Mapping[str, Any], *, found: bool) -> None:
    value = {"value": {"id": newest["id"], "hash": newest["hash"]}, "set_at": newest["at"]}
    if found:
        conn.execute(update(switches).where(switches.c.name == HEAD).values(value))
    else:
        conn.execute(insert(switches).values(value | {"name": HEAD, "set_by": "journal"}))


def _walk(conn: Connection) -> Iterator[Row[Any]]:
    last: int | None = None
    page = select(journal).order_by(journal.c.id).limit(_PAGE)
    while rows := conn.execute(page if last is None else page.where(journal.c.id > last)).all():
        yield from rows
        last = rows[-1].id


def _values(number: int, entry: Entry) -> dict[str, Any]:
    return {
        "id": number,
        "at": entry.at.astimezone(UTC),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "complaint_id": entry.complaint_id,
        "detail": json.loads(_PHONE.sub("[disamarkan]", _canonical(entry.detail))),
    }


def _digest(previous: str, values: Mapping[str, Any]) -> str:
    spoken = _canonical({**values, "at": values["at"].isoformat(timespec="microseconds")})
    return sha256((previous + spoken).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return _ENCODER.encode(value)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.at, row.actor, row.action, row.subject, row.detail, row.complaint_id, row.id)
