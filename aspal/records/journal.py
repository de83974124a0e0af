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

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, text, update

from aspal.bulk import bulk_insert
from aspal.tables import journal, switches

BEGINNING = "0" * 64
HEAD = "journal_head"  # the switch that remembers the newest link, so that a missing tail shows
_LOCK = 0x4A524E4C  # any constant that no other advisory lock uses
_PAGE = 1000
_BROUGHT = "import.new"  # what an import tells of many complaints at once
SHOWN = 50
_REACH = 200_000
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
_quoted = json.encoder.encode_basestring_ascii
# A mobile number, and not a part of a longer run such as a hash.
_PHONE = re.compile(r"(?<![0-9A-Za-z])\+?(?:62|0)8\d{7,12}(?![0-9A-Za-z])")
_MAYBE_PHONE = re.compile(r"8\d{7}")  # found, or rather not found, at once


_HEAD = select(switches.c.value).where(switches.c.name == HEAD)
_MOVE_HEAD = update(switches).where(switches.c.name == HEAD)
_ADD = bulk_insert(
    journal,
    ("id", "at", "actor", "action", "subject", "complaint_id", "detail", "previous", "hash"),
    ready="detail",
)


@dataclass(slots=True)
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
        at, told = entry.at.astimezone(UTC), _canonical(entry.detail)
        if _MAYBE_PHONE.search(told):
            told = _PHONE.sub("[disamarkan]", told)
        digest = _digest(previous, number, at, entry, told)
        who = entry.actor, entry.action, entry.subject, entry.complaint_id
        rows.append((number, at, *who, told, previous, digest))
        previous = digest
    _ADD(conn, rows)
    _remember(conn, last + len(rows), previous, entries[-1].at, found=found)


def verify(conn: Connection) -> BrokenLink | None:
    """Walks the whole chain in pages; None when every link holds."""
    last, previous = 0, BEGINNING
    for row in _walk(conn):
        if row.id != last + 1:
            return BrokenLink(last + 1, "catatan ini tidak ada lagi")
        if row.previous != previous:
            return BrokenLink(row.id, "tidak menyambung ke catatan sebelumnya (disisipkan, dihapus, atau dipindah)")
        if row.hash != _digest(previous, row.id, row.at, _entry(row), _canonical(row.detail)):
            return BrokenLink(row.id, "isi catatan berubah setelah ditulis")
        last, previous = row.id, row.hash
    anchor = conn.scalar(_HEAD)
    if anchor is None:
        return BrokenLink(last + 1, "penanda ujung jurnal hilang") if last else None
    if (anchor["id"], anchor["hash"]) != (last, previous):
        return BrokenLink(last + 1, "ujung jurnal hilang atau ditambah tanpa lewat aplikasi")
    return None


def about_all(complaint_ids: Sequence[int], at: datetime, actor: str, action: str, detail: Mapping[str, Any]) -> Entry:
    """One entry about several complaints with neighbouring ids, ascending: filed under the first, naming them all."""
    first, last = complaint_ids[0], complaint_ids[-1]
    if first == last:
        return Entry(at, actor, action, f"complaint:{first}", detail, first)
    return Entry(at, actor, action, f"complaints:{first}-{last}", {**detail, "complaints": [first, last]}, first)


def of_complaint(conn: Connection, complaint_id: int) -> list[Entry]:
    """Everything about one complaint, oldest first."""
    found = conn.execute(select(journal).where(_about(conn, complaint_id)).order_by(journal.c.id))
    return [_entry(row) for row in found]


def _about(conn: Connection, complaint_id: int) -> ColumnElement[bool]:
    """What is filed under the complaint, and the entry that told of it among its neighbours when it came in."""
    told = (
        select(journal.c.id, journal.c.detail)
        .where(journal.c.complaint_id < complaint_id, journal.c.action == _BROUGHT)
        .order_by(journal.c.complaint_id.desc(), journal.c.id.desc())
    )
    row = conn.execute(told.limit(1)).first()
    own = journal.c.complaint_id == complaint_id
    if row is None or row.detail.get("complaints", [0])[-1] < complaint_id:
        return own
    return or_(own, journal.c.id == row.id)


def recent(conn: Connection, limit: int = 100) -> list[Entry]:
    """The newest entries, newest first."""
    return [_entry(row) for row in conn.execute(select(journal).order_by(journal.c.id.desc()).limit(limit))]


def page(
    conn: Connection, *, actor: str = "", action: str = "", complaint_id: int | None = None, before: int | None = None
) -> tuple[list[Entry], int | None]:
    """The entries of somebody, of a kind ("message." for all about messages), or about one complaint, newest first.

    Also the number from which the next page goes on. One page looks at _REACH entries at most, so that a search for
    what is rare costs no more than one for what is common; the next page then goes on where this one has stopped.
    """
    newest = before - 1 if before else conn.scalar(select(func.max(journal.c.id))) or 0
    oldest = 0 if complaint_id else max(newest - _REACH, 0)
    wanted = select(journal).where(journal.c.id <= newest, journal.c.id > oldest)
    if actor:
        wanted = wanted.where(journal.c.actor == actor)
    if action:
        wanted = wanted.where(journal.c.action.startswith(action, autoescape=True))
    if complaint_id:
        wanted = wanted.where(_about(conn, complaint_id))
    rows = conn.execute(wanted.order_by(journal.c.id.desc()).limit(SHOWN + 1)).all()
    if len(rows) > SHOWN:
        return [_entry(row) for row in rows[:SHOWN]], rows[SHOWN - 1].id
    return [_entry(row) for row in rows], (oldest + 1 if oldest else None)


def _head(conn: Connection) -> tuple[tuple[int, str], bool]:
    """The newest link, and whether its anchor exists. The anchor wins: after a cut tail the gap must stay visible."""
    anchor = conn.scalar(_HEAD)
    if anchor is not None:
        return (anchor["id"], anchor["hash"]), True
    row = conn.execute(select(journal.c.id, journal.c.hash).order_by(journal.c.id.desc()).limit(1)).first()
    return (row.id, row.hash) if row else (0, BEGINNING), False


def _remember(conn: Connection, newest: int, digest: str, at: datetime, *, found: bool) -> None:
    value = {"value": {"id": newest, "hash": digest}, "set_at": at}
    if found:
        conn.execute(_MOVE_HEAD, value)
    else:
        conn.execute(insert(switches).values(value | {"name": HEAD, "set_by": "journal"}))


def _walk(conn: Connection) -> Iterator[Row[Any]]:
    last: int | None = None
    page = select(journal).order_by(journal.c.id).limit(_PAGE)
    while rows := conn.execute(page if last is None else page.where(journal.c.id > last)).all():
        yield from rows
        last = rows[-1].id


def _digest(previous: str, number: int, at: datetime, entry: Entry, detail: str) -> str:
    """Over the entry as canonical JSON, put together by hand: the keys never change, `detail` is canonical already."""
    about = "null" if entry.complaint_id is None else entry.complaint_id
    spoken = (
        f'{{"action":{_quoted(entry.action)},"actor":{_quoted(entry.actor)},'
        f'"at":"{at.isoformat(timespec="microseconds")}","complaint_id":{about},'
        f'"detail":{detail},"id":{number},"subject":{_quoted(entry.subject)}}}'
    )
    return sha256((previous + spoken).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return _ENCODER.encode(value)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.at, row.actor, row.action, row.subject, row.detail, row.complaint_id, row.id)
