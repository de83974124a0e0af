"""A note that belonged to another case is hung there, and what it did to both is worked out anew.

Not a station: an admin moves notes, and so does the officer who writes "maaf salah nomor".
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core import claims
from aspal.core.case import Case
from aspal.core.replies import Intent
from aspal.core.workdays import Calendar
from aspal.flow.gather import Gathered
from aspal.records import dossier, journal, notes
from aspal.records.dossier import Written
from aspal.records.journal import Entry

_OF_NOTES = frozenset({"promise", "returned"})  # rests that a note begins


def move_note(
    conn: Connection, note: Written, both: Mapping[int, Gathered], to_id: int, *, now: datetime, by: str, reason: str
) -> bool:
    """Hangs the note, with its attachments, on the other of these dispositions, which are locked.

    Its old place keeps a line in the journal that says where it went. False where that one has it already.
    """
    from_id = note.disposition_id
    if not notes.move(conn, note.id, from_id, to_id):
        return False
    for one in both.values():
        _count_anew(conn, one, now)
    detail = {"note": note.id, "from": from_id, "to": to_id, "reason": reason, "intent": note.intent}
    detail |= {"before": both[from_id].row.number, "after": both[to_id].row.number}
    journal.append(
        conn,
        [
            Entry(now, by, "note.moved", f"disposition:{key}", detail, both[key].row.complaint_id)
            for key in (from_id, to_id)
        ],
    )
    return True


def _count_anew(conn: Connection, one: Gathered, now: datetime) -> None:
    """Claim, promise and rests as the notes that are there now leave them, since LAPOR or an admin spoke last."""
    if one.case.ended:
        return
    since = dossier.settled_at(conn, one.row.id)
    written = [note for note in dossier.written(conn, one.row.id) if since is None or note.received_at > since]
    settled_on = one.calendar.local_day(since) if since else date.min
    kept = tuple(r for r in one.case.rests if r.why not in _OF_NOTES or r.first <= settled_on)
    case = replace(one.case, claim=None, claimed_at=None, claim_denied_at=None, replied_at=None, rests=kept)
    case, promised = _replayed(case, written, one.calendar)
    denied = one.case.claim_denied_at
    still_denied = case.claim == "done" and denied and case.claimed_at and denied > case.claimed_at
    values: dict[str, Any] = {
        "claim": case.claim, "claimed_at": case.claimed_at, "claim_denied_at": denied if still_denied else None,
        "promise_until": promised, "rests": case.rests, "next_look_at": now,
        "replied_at": case.replied_at or (None if since is None else one.case.replied_at),
    }  # fmt: skip
    notes.change_disposition(conn, one.row.id, values)


def _replayed(case: Case, written: list[Written], calendar: Calendar) -> tuple[Case, date | None]:
    """The case after these notes, oldest first, and the promise that it rests on."""
    promised: date | None = None
    days = set[date]()
    for note in written:
        effect = claims.effect(
            Intent(note.intent), note.promise_until, case, calendar, written_at=note.received_at,
            now=note.received_at, promised=days, told_today=True, for_the_unit=note.for_the_unit,
        )  # fmt: skip
        promised = effect.columns.get("promise_until", promised)
        days |= {effect.promise_until} if effect.promise_until else set()
        names = ("claim", "claimed_at", "claim_denied_at", "replied_at", "rests")
        case = replace(case, **{name: effect.columns[name] for name in names if name in effect.columns})
    return case, promised
