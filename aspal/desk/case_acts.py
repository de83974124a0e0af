"""What an admin does to a case: another unit, a pause, more time, no reminders, an answer to "not ours".

Each has a reason and is journalled with what was before; each raises Refused, or Stale where the case has moved on.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Unpack

from aspal.core.news import Disposition, Moment, ending
from aspal.core.refused import Refused
from aspal.core.words import Status
from aspal.db import Database
from aspal.desk.open_case import Asked, in_reach, moment, reason_of, take
from aspal.records import directory, journal, org_chart, roster
from aspal.records.journal import Entry


def redispose(db: Database, disposition_id: int, unit_id: int, **asked: Unpack[Asked]) -> int:
    """Moves a case to another unit, whose clock starts today; the new disposition.

    The old unit hears nothing more. Imports that still name the old unit are taken to mean the new one.
    """
    with db.act() as conn:
        case = take(conn, disposition_id, asked)
        at, others = case.at, case.complaint.dispositions
        if unit_id not in directory.names_by_id(conn):
            raise Refused(f"OPD {unit_id} tidak ada.")
        if any(other.is_open and other.unit_id == unit_id for other in others):
            raise Refused("Laporan ini sudah didisposisikan ke OPD itu.")
        if any((other.unit_id, other.disposed_on) == (unit_id, at.today) for other in others):
            raise Refused("Laporan ini hari ini sudah pernah didisposisikan ke OPD itu.")
        new = Disposition(unit_id, at.today, "typed", Status.OPEN, next_look_at=at.now)
        new_id = roster.add_disposition(conn, new, int(case.complaint.id or 0), at.now)
        moved = {"from": disposition_id, "to": new_id, "unit": unit_id, "from_unit": case.part.unit_id}
        case.change("case.redisposed", ending("redisposed", at), **moved)
    return new_id


def pause(db: Database, disposition_id: int, until: date, **asked: Unpack[Asked]) -> None:
    """No message about this case until the end of that day, and its clock stands still."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked)
        in_reach(until, case.at)
        values = {
            "paused_until": _end_of(until, case.at),
            "pause_reason": case.reason,
            "rests": case.resting(until, "pause"),
        }
        case.change("case.paused", values, until=until.isoformat())


def resume(db: Database, disposition_id: int, **asked: Unpack[Asked]) -> None:
    """Ends a pause today."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked, needs_reason=False)
        rests = case.over("pause")
        if rests == [*case.part.rests]:
            raise Refused("Laporan ini tidak sedang dijeda.")
        case.change("case.resumed", {"paused_until": None, "pause_reason": None, "rests": rests})


def exempt(db: Database, disposition_id: int, **asked: Unpack[Asked]) -> None:
    """Nobody is reminded of this case again, however old it gets, until an admin takes that back."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked)
        case.change("case.exempted", {"exempt_at": case.at.now, "exempt_reason": case.reason})


def remind_again(db: Database, disposition_id: int, **asked: Unpack[Asked]) -> None:
    """Takes an exemption back: the chain goes on as old as the case is."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked, needs_reason=False)
        case.change("case.exemption_ended", {"exempt_at": None, "exempt_reason": None})


def grant_extension(db: Database, disposition_id: int, until: date, **asked: Unpack[Asked]) -> None:
    """Gives the unit time until that day: the chain rests, and goes on at the same level on the next working day."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked)
        in_reach(until, case.at)
        values: dict[str, Any] = {"rests": case.resting(until, "extension"), "extended_until": until}
        if case.part.claim == "extension":
            values |= _ANSWERED
        case.change("case.extended", values, until=until.isoformat())


def end_extension(db: Database, disposition_id: int, **asked: Unpack[Asked]) -> None:
    """Takes an extension back: the clock runs on from today."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked, needs_reason=False)
        rests = case.over("extension")
        if rests == [*case.part.rests]:
            raise Refused("Tidak ada perpanjangan yang berlaku pada laporan ini.")
        case.change("case.extension_ended", {"extended_until": None, "rests": rests})


def refuse_extension(db: Database, disposition_id: int, **asked: Unpack[Asked]) -> None:
    """The unit asked for more time and does not get it."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked)
        if case.part.claim != "extension":
            raise Refused("Tidak ada permintaan perpanjangan pada laporan ini.")
        case.change("case.extension_refused", _ANSWERED)


def reject_not_ours(db: Database, disposition_id: int, **asked: Unpack[Asked]) -> None:
    """The unit said the case is not theirs, and it is: their clock goes on where it stood."""
    with db.act() as conn:
        case = take(conn, disposition_id, asked)
        if case.part.claim != "not_ours":
            raise Refused("OPD tidak menyatakan laporan ini di luar kewenangannya.")
        case.change("case.not_ours_rejected", {**_ANSWERED, "rests": case.over("returned")})


def pause_unit(db: Database, unit_id: int, until: date, **asked: Unpack[Asked]) -> None:
    """No message about any case of this unit until the end of that day. Its clocks run on."""
    at, reason = moment(asked), reason_of(asked)
    in_reach(until, at)
    values = {"paused_until": _end_of(until, at), "pause_reason": reason}
    _change_unit(db, unit_id, values, asked, "unit.paused", {"until": until.isoformat(), "reason": reason})


def resume_unit(db: Database, unit_id: int, **asked: Unpack[Asked]) -> None:
    """Ends the pause of a unit."""
    with db.read() as conn:
        unit = org_chart.unit(conn, unit_id, moment(asked).today)
    if unit and unit.paused_until is None:
        raise Refused("OPD ini tidak sedang dijeda.")
    _change_unit(db, unit_id, {"paused_until": None, "pause_reason": None}, asked, "unit.resumed", {})


_ANSWERED = {"claim": None, "claimed_at": None}


def _end_of(day: date, at: Moment) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), at.zone)


def _change_unit(
    db: Database, unit_id: int, values: Mapping[str, Any], asked: Asked, action: str, detail: Mapping[str, Any]
) -> None:
    now = asked["now"]
    with db.act() as conn:
        if not directory.change_unit(conn, unit_id, values):
            raise Refused(f"OPD {unit_id} tidak ada.")
        roster.wake_units(conn, [unit_id], now)
        journal.append(conn, [Entry(now, asked["by"], action, f"unit:{unit_id}", detail)])
