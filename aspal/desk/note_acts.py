"""Notes in an admin's hands: one written down for the office, one moved to the complaint that it really belongs to.

A note moves our own chain, never LAPOR's status; a moved one takes its effect along.
"""

from datetime import date
from typing import Unpack

from sqlalchemy import Connection

from aspal.core import claims
from aspal.core.refused import Refused
from aspal.core.replies import Intent
from aspal.core.secrecy import redact
from aspal.db import Database
from aspal.desk.open_case import Asked, hold, reason_of
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.recount import move_note
from aspal.records import dossier, journal, notes
from aspal.records.calendar import Calendars
from aspal.records.journal import Entry

LONGEST = 2000


def add(
    db: Database, calendars: Calendars, disposition_id: int, text: str, intent: Intent = Intent.NOTE,
    until: date | None = None, **asked: Unpack[Asked],
) -> None:  # fmt: skip
    """Keeps what the office heard by telephone or in a meeting. With an intent it counts as the unit's own word.

    Raises Refused.
    """
    words = redact(text.strip())[:LONGEST]
    if not words:
        raise Refused("Isi catatannya.")
    now = asked["now"]
    with db.act() as conn:
        hold(conn, [disposition_id], {disposition_id: asked.get("seen")})
        one = _gathered(conn, calendars, asked, [disposition_id])[disposition_id]
        effect = claims.effect(
            intent, until, one.case, one.calendar, written_at=now, now=now,
            promised=notes.promised(conn, disposition_id), told_today=False, for_the_unit=intent is not Intent.NOTE,
        )  # fmt: skip
        _check_promise(intent, until, effect, one, asked)
        by = f"{asked['by']} (Kominfo)"
        notes.put(
            conn,
            notes.Note(disposition_id, None, None, by, words, str(effect.intent), "admin", effect.promise_until, now),
        )
        notes.change_disposition(conn, disposition_id, effect.columns)
        promised = effect.promise_until.isoformat() if effect.promise_until else None
        detail = {"intent": str(effect.intent), "promise_until": promised}
        entry = Entry(now, asked["by"], "note.added", f"disposition:{disposition_id}", detail, one.row.complaint_id)
        journal.append(conn, [entry])


def move(db: Database, calendars: Calendars, note_id: int, to_id: int, **asked: Unpack[Asked]) -> int:
    """Hangs a note, with its attachments, on another case; what it did to both is worked out anew.

    The complaint that it has now. Its old place keeps a line in the journal that says where it went. Raises Refused.
    """
    reason = reason_of(asked)
    with db.act() as conn:
        note = dossier.note(conn, note_id)
        if note is None or note.disposition_id == to_id:
            raise Refused("Catatan itu tidak ada, atau sudah berada di laporan tersebut.")
        from_id = note.disposition_id
        hold(conn, sorted((from_id, to_id)), {from_id: asked.get("seen")})
        both = _gathered(conn, calendars, asked, [from_id, to_id])
        if not move_note(conn, note, both, to_id, now=asked["now"], by=asked["by"], reason=reason):
            raise Refused("Balasan ini sudah tercatat pada laporan tujuan, atau catatannya baru saja dipindahkan.")
    return both[to_id].row.complaint_id


def _gathered(conn: Connection, calendars: Calendars, asked: Asked, ids: list[int]) -> dict[int, Gathered]:
    found = Gatherer(conn, calendars, asked["now"]).ids(ids)
    if len(found) != len(ids):
        raise Refused("Disposisi itu tidak ada.")
    return found


def _check_promise(
    intent: Intent, until: date | None, effect: claims.Effect, one: Gathered, asked: Asked
) -> None:  # fmt: skip
    if intent is not Intent.PROMISE:
        return
    if until is None or until < one.calendar.local_day(asked["now"]):
        raise Refused("Isi tanggal janjinya, hari ini atau sesudahnya.")
    if effect.too_far:
        raise Refused(f"Janji paling jauh {claims.PROMISE_REACH} hari kerja; untuk waktu lebih lama beri perpanjangan.")
    if effect.too_many:
        raise Refused("Unit ini sudah dua kali berjanji; untuk waktu lebih lama beri perpanjangan.")
