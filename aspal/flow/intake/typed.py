"""Complaints that an admin types in (social media, WhatsApp, e-Sukma), and their merging with LAPOR's row later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core import far_days
from aspal.core.news import Complaint, Disposition
from aspal.core.refused import Refused
from aspal.core.secrecy import redact
from aspal.core.words import Kind, Status
from aspal.db import Database
from aspal.records import browse, directory, dossier, journal, merging, roster
from aspal.records.browse import ComplaintRow
from aspal.records.journal import Entry
from aspal.records.merging import Carried


@dataclass(frozen=True)
class Typed:
    """What an admin fills in. Nothing about who complained is asked for."""

    title: str
    unit_id: int | None  # None: not disposed yet, Kominfo's own backlog
    received_on: date
    disposed_on: date | None = None  # None: the day it is typed in
    kind: Kind = Kind.COMPLAINT
    supervised: bool = False
    confidential: bool = True
    category: str | None = None
    channel: str | None = None
    location: str | None = None


def type_in(db: Database, typed: Typed, *, now: datetime, zone: str, by: str, once: bool = False) -> str:
    """Enters a complaint that LAPOR has not numbered yet; its provisional id, MAN-<year>-<nnnn>.

    `once`: not where the same words of the same day already wait for their number, as after a doubled press.
    Raises Refused.
    """
    if _title(typed) is None:
        raise Refused("Isi ringkasan laporannya.")
    today = now.astimezone(ZoneInfo(zone)).date()
    disposed_on = typed.disposed_on or today
    if typed.received_on > today or disposed_on > today:
        raise Refused("Tanggal laporan atau disposisi belum terjadi.")
    if disposed_on < typed.received_on:
        raise Refused("Tanggal disposisi tidak mungkin sebelum laporan diterima; periksa kedua tanggalnya.")
    if trouble := far_days.of_typed(typed.received_on, today):
        raise Refused(trouble)
    with db.act() as conn:
        if typed.unit_id is not None and typed.unit_id not in directory.names_by_id(conn):
            raise Refused(f"OPD {typed.unit_id} tidak ada.")
        number = roster.next_provisional_ids(conn, today.year, 1)[0]
        twin = _twin(conn, typed) if once else None
        if twin:
            raise Refused(f"Laporan ini sudah dicatat dengan nomor sementara {twin}.")
        made = roster.add(conn, replace(_complaint(typed, disposed_on, now), provisional_id=number), now)
        detail = {"number": number, "unit": typed.unit_id}
        journal.append(conn, [Entry(now, by, "complaint.typed", f"complaint:{made.id}", detail, made.id)])
    return number


def _twin(conn: Connection, typed: Typed) -> str | None:
    title = _title(typed)
    waiting = (one for one in roster.unnumbered(conn) if (one.title, one.received_on) == (title, typed.received_on))
    return next((one.provisional_id for one in waiting), None)


def _title(typed: Typed) -> str | None:
    return redact(typed.title.strip())[:200] or None


def _complaint(typed: Typed, disposed_on: date, now: datetime) -> Complaint:
    whistle = typed.kind is Kind.WHISTLE
    if typed.unit_id is None:
        status, track = Status.UNVERIFIED, "verification"
        part = Disposition(None, typed.received_on, "typed", status, track=track, next_look_at=now)
    else:
        status = Status.OPEN
        part = Disposition(typed.unit_id, disposed_on, "typed", status, next_look_at=now)
    return Complaint(
        tracking_id=None,
        title=_title(typed),
        kind=typed.kind.value,
        supervised=typed.supervised or whistle,
        category=typed.category,
        status=status,
        channel=typed.channel or "manual",
        location=typed.location,
        confidential=typed.confidential or whistle,
        anonymous=False,
        link=None,
        received_on=typed.received_on,
        dispositions=(part,),
    )


@dataclass(frozen=True)
class Pair:
    """Two complaints that somebody says are one, as they stand."""

    ours: ComplaintRow
    theirs: ComplaintRow | None  # None: LAPOR's number has not come in yet, and ours will simply bear it
    carried: Carried
    stopping: Sequence[str]  # units that LAPOR did not send it to: our chain there ends
    mark: str  # changes with everything that an admin decides by


def look(conn: Connection, provisional_id: str, tracking_id: str) -> Pair:
    """What merging would join; changes nothing. Raises Refused."""
    ours, theirs = _both(conn, provisional_id, tracking_id)
    rows = browse.by_ids(conn, [int(one.id or 0) for one in (ours, theirs) if one])
    sent_to = {(part.unit_id, part.track) for part in theirs.dispositions if part.is_open} if theirs else set()
    ending = {p.id for p in ours.dispositions if p.is_open and p.unit_id and (p.unit_id, p.track) not in sent_to}
    marks = dossier.marks(conn, [part.id for row in rows for part in row.parts])
    return Pair(
        ours=rows[0],
        theirs=rows[1] if theirs else None,
        carried=merging.carried(conn, rows[0].id),
        stopping=[part.unit for part in rows[0].parts if part.id in ending] if theirs else (),
        mark=sha256(repr((tracking_id, rows[-1].id, sorted(marks.items()))).encode()).hexdigest()[:20],
    )


def merge(
    db: Database, provisional_id: str, tracking_id: str, *, now: datetime, by: str, seen: str | None = None
) -> int:
    """Says that a complaint of ours is LAPOR's `tracking_id`; the complaint that lives on. Raises Refused.

    Notices, notes and the running chain stay with it. Where LAPOR's row is not here yet, ours simply gets its number.
    `seen`: the mark of the pair as a page showed it; then only that pair is merged, as it was.
    """
    with db.act() as conn:
        ours, theirs = _both(conn, provisional_id, tracking_id)
        if seen is not None and seen != look(conn, provisional_id, tracking_id).mark:
            raise Refused("Keadaan keduanya berubah sejak halaman Anda dibuka. Periksa lagi, lalu satukan.")
        kept = _numbered(conn, ours, tracking_id) if theirs is None else _joined(conn, ours, theirs, now)
        detail: dict[str, Any] = {"number": provisional_id, "tracking_id": tracking_id}
        journal.append(
            conn,
            [
                Entry(now, by, "complaint.merged", f"complaint:{c}", detail, c)
                for c in sorted({int(ours.id or 0), kept})
            ],
        )
    return kept


def _both(conn: Connection, provisional_id: str, tracking_id: str) -> tuple[Complaint, Complaint | None]:
    """Ours, and LAPOR's if it has come in."""
    our_id = merging.provisional(conn, provisional_id)
    if our_id is None:
        raise Refused(f"Laporan {provisional_id} tidak ada, atau sudah digabungkan.")
    if not tracking_id.isdigit():
        raise Refused("Nomor LAPOR (tracking ID) hanya berisi angka.")
    return roster.by_id(conn, [our_id])[our_id], roster.by_tracking_id(conn, {tracking_id}).get(tracking_id)


def _numbered(conn: Connection, ours: Complaint, tracking_id: str) -> int:
    roster.change(conn, int(ours.id or 0), {"tracking_id": tracking_id})
    return int(ours.id or 0)


def _joined(conn: Connection, ours: Complaint, theirs: Complaint, now: datetime) -> int:
    """Moves our dispositions to LAPOR's complaint. The chain that runs already goes on; LAPOR's fresh one gives way."""
    kept = int(theirs.id or 0)
    taken = {(part.unit_id, part.track, part.disposed_on) for part in theirs.dispositions}
    for part in ours.dispositions:
        twin = next(
            (t for t in theirs.dispositions if t.is_open and (t.unit_id, t.track) == (part.unit_id, part.track)), None
        )
        if part.is_open and twin is not None and merging.give_way(conn, int(twin.id or 0)):
            values = {
                "status": twin.status.value,
                "disposed_on": twin.disposed_on,
                "disposed_basis": twin.disposed_basis,
                "responded_on": twin.responded_on,
                "next_look_at": now,
            }
            merging.move(conn, int(part.id or 0), kept, values)
            continue
        values = {"ended_at": now, "end_reason": "merged", "next_look_at": None} if part.is_open else {}
        if part.is_open and twin is not None:
            merging.hand_over(conn, int(part.id or 0), int(twin.id or 0), now)
        free = (part.unit_id, part.track, part.disposed_on) not in taken
        merging.move(conn, int(part.id or 0), kept if free else int(ours.id or 0), values)
    merging.close(conn, int(ours.id or 0), kept)
    return kept
