"""What an admin does to a case: another unit, a pause, more time, an answer to "not ours". Each with a reason, each
journalled. Not a station of the flow: the pages and the command line call it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.news import Complaint, Disposition, Moment, ending
from aspal.core.words import Status
from aspal.db import Database
from aspal.records import directory, journal, roster
from aspal.records.journal import Entry


class Refused(Exception):
    """Why that cannot be done, in Indonesian, for the admin."""


def redispose(
    db: Database, disposition_id: int, unit_id: int, *, now: datetime, zone: str, by: str, reason: str
) -> int:
    """Moves a case to another unit, whose clock starts today; the new disposition.

    The old unit hears nothing more. Imports that still name the old unit are taken to mean the new one.
    """
    at = _moment(now, zone)
    with db.write() as conn:
        complaint, _ = _open(conn, disposition_id, reason)
        if unit_id not in directory.unit_names(conn).names:
            raise Refused(f"OPD {unit_id} tidak ada.")
        if any(other.is_open and other.unit_id == unit_id for other in complaint.dispositions):
            raise Refused("Laporan ini sudah didisposisikan ke OPD itu.")
        if any((other.unit_id, other.disposed_on) == (unit_id, at.today) for other in complaint.dispositions):
            raise Refused("Laporan ini hari ini sudah pernah didisposisikan ke OPD itu.")
        roster.change_disposition(conn, disposition_id, ending("redisposed", at))
        new = Disposition(unit_id, at.today, "typed", Status.OPEN, next_look_at=at.now)
        new_id = roster.add_disposition(conn, new, int(complaint.id or 0), at.now)
        detail = {"from": disposition_id, "to": new_id, "unit": unit_id, "reason": reason}
        _tell(conn, complaint, at, by, "case.redisposed", disposition_id, detail)
    return new_id


def pause(db: Database, disposition_id: int, until: date, *, now: datetime, zone: str, by: str, reason: str) -> None:
    """No message about this case until the end of that day, and its clock stands still."""
    at = _moment(now, zone)
    with db.write() as conn:
        complaint, part = _open(conn, disposition_id, reason)
        _not_past(until, at)
        values = {
            "paused_until": _end_of(until, at),
            "pause_reason": reason,
            "rests": _resting(part, at, until, "pause"),
        }
        _change(conn, part, values, at)
        _tell(conn, complaint, at, by, "case.paused", disposition_id, {"until": until.isoformat(), "reason": reason})


def resume(db: Database, disposition_id: int, *, now: datetime, zone: str, by: str) -> None:
    """Ends a pause today."""
    at = _moment(now, zone)
    with db.write() as conn:
        complaint, part = _open(conn, disposition_id, "lanjut")
        _change(conn, part, {"paused_until": None, "pause_reason": None, "rests": _over(part, at, "pause")}, at)
        _tell(conn, complaint, at, by, "case.resumed", disposition_id, {})


def pause_unit(db: Database, unit_id: int, until: date, *, now: datetime, zone: str, by: str, reason: str) -> None:
    """No message about any case of this unit until the end of that day. Its clocks run on."""
    at = _moment(now, zone)
    _not_past(until, at)
    if not reason.strip():
        raise Refused("Alasan wajib diisi.")
    detail = {"until": until.isoformat(), "reason": reason}
    _change_unit(
        db, unit_id, {"paused_until": _end_of(until, at), "pause_reason": reason}, at, by, "unit.paused", detail
    )


def resume_unit(db: Database, unit_id: int, *, now: datetime, zone: str, by: str) -> None:
    """Ends the pause of a unit."""
    at = _moment(now, zone)
    _change_unit(db, unit_id, {"paused_until": None, "pause_reason": None}, at, by, "unit.resumed", {})


def grant_extension(
    db: Database, disposition_id: int, until: date, *, now: datetime, zone: str, by: str, reason: str
) -> None:
    """Gives the unit time until that day: the chain rests, and goes on at the same level on the next working day."""
    at = _moment(now, zone)
    with db.write() as conn:
        complaint, part = _open(conn, disposition_id, reason)
        _not_past(until, at)
        values: dict[str, Any] = {"rests": _resting(part, at, until, "extension")}
        if part.claim == "extension":
            values |= {"claim": None, "claimed_at": None}
        _change(conn, part, values, at)
        _tell(conn, complaint, at, by, "case.extended", disposition_id, {"until": until.isoformat(), "reason": reason})


def refuse_extension(db: Database, disposition_id: int, *, now: datetime, zone: str, by: str, reason: str) -> None:
    """The unit asked for more time and does not get it."""
    at = _moment(now, zone)
    with db.write() as conn:
        complaint, part = _open(conn, disposition_id, reason)
        if part.claim != "extension":
            raise Refused("Tidak ada permintaan perpanjangan pada laporan ini.")
        _change(conn, part, {"claim": None, "claimed_at": None}, at)
        _tell(conn, complaint, at, by, "case.extension_refused", disposition_id, {"reason": reason})


def reject_not_ours(db: Database, disposition_id: int, *, now: datetime, zone: str, by: str, reason: str) -> None:
    """The unit said the case is not theirs, and it is: their clock goes on where it stood."""
    at = _moment(now, zone)
    with db.write() as conn:
        complaint, part = _open(conn, disposition_id, reason)
        if part.claim != "not_ours":
            raise Refused("OPD tidak menyatakan laporan ini di luar kewenangannya.")
        _change(conn, part, {"claim": None, "claimed_at": None, "rests": _over(part, at, "returned")}, at)
        _tell(conn, complaint, at, by, "case.not_ours_rejected", disposition_id, {"reason": reason})


def _moment(now: datetime, zone: str) -> Moment:
    return Moment(now.astimezone(ZoneInfo(zone)))


def _open(conn: Connection, disposition_id: int, reason: str) -> tuple[Complaint, Disposition]:
    """The case, if it is one that anything can be done to."""
    if not reason.strip():
        raise Refused("Alasan wajib diisi.")
    complaint = roster.of_disposition(conn, disposition_id)
    part = (
        next((p for p in complaint.dispositions if p.id == disposition_id and p.is_open), None) if complaint else None
    )
    if complaint is None or part is None:
        raise Refused("Disposisi ini tidak ada atau sudah berakhir.")
    return complaint, part


def _not_past(until: date, at: Moment) -> None:
    if until < at.today:
        raise Refused("Tanggal akhirnya sudah lewat.")


def _end_of(day: date, at: Moment) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), at.zone)


def _resting(part: Disposition, at: Moment, until: date, why: str) -> list[Mapping[str, Any]]:
    """The rests with a new one; an earlier one of the same sort that still runs is replaced."""
    return [*_over(part, at, why), {"first": at.today.isoformat(), "last": until.isoformat(), "why": why}]


def _over(part: Disposition, at: Moment, why: str) -> list[Mapping[str, Any]]:
    """The rests, those of that sort over since yesterday: from today on the clock runs."""
    yesterday = (at.today - timedelta(days=1)).isoformat()
    kept: list[Mapping[str, Any]] = []
    for rest in part.rests:
        running = rest["why"] == why and (rest["last"] is None or rest["last"] > yesterday)
        if not running:
            kept.append(rest)
        elif rest["first"] <= yesterday:
            kept.append({**rest, "last": yesterday})
    return kept


def _change(conn: Connection, part: Disposition, values: Mapping[str, Any], at: Moment) -> None:
    roster.change_disposition(conn, int(part.id or 0), {**values, "next_look_at": at.now})


def _change_unit(
    db: Database, unit_id: int, values: Mapping[str, Any], at: Moment, by: str, action: str, detail: Mapping[str, Any]
) -> None:
    with db.write() as conn:
        if not directory.change_unit(conn, unit_id, values):
            raise Refused(f"OPD {unit_id} tidak ada.")
        roster.wake_units(conn, [unit_id], at.now)
        journal.append(conn, [Entry(at.now, by, action, f"unit:{unit_id}", detail)])


def _tell(
    conn: Connection,
    complaint: Complaint,
    at: Moment,
    by: str,
    action: str,
    disposition_id: int,
    detail: Mapping[str, Any],
) -> None:
    journal.append(conn, [Entry(at.now, by, action, f"disposition:{disposition_id}", detail, complaint.id)])
