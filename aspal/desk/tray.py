"""The tray: placing a reply on its case by hand, setting it aside, or having it understood anew. All journalled.

A placed reply becomes a note by the code that station 6 uses, with the same effects.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aspal.core import alarm_keys
from aspal.core import replies as grammar
from aspal.core.guessing import Guess, ranked
from aspal.core.refused import Refused
from aspal.core.window import is_open
from aspal.db import Database
from aspal.flow.inbound import noting
from aspal.flow.inbound.turn import Turn
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import parse_inbound
from aspal.records import directory, health, journal, replies, spoken, tray
from aspal.records.calendar import Calendars
from aspal.records.journal import Entry
from aspal.records.tray import Case
from aspal.settings import Settings

PLACEABLE = ("tray", "parked", "asked")
SET_ASIDE = "Disisihkan petugas: "
MOVED = "Balasan ini sudah dipilah; tidak ada yang diubah."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that the reply may be about, and what speaks for it."""

    case: Case
    guess: Guess


@dataclass(frozen=True, slots=True)
class Desk:
    """What placing a reply needs of the house."""

    db: Database
    calendars: Calendars
    texts: Texts
    settings: Settings
    now: datetime
    by: str = ""


def suggestions(conn: Connection, desk: Desk, reply_id: int) -> list[Suggestion]:
    """The cases of this sender, the likeliest first; empty for a stranger, and for who holds no office."""
    turn = _turn(conn, desk, reply_id)
    if turn is None:
        return []
    today = turn.calendar.local_day(turn.reply.received_at)
    reading = grammar.understand(turn.read_of(turn.form), today=today, calendar=turn.calendar, button=None)
    quoted = _quoted(conn, turn.form.quoted_sid)
    named = (*reading.case_numbers, *reading.possible_numbers, *reading.codes)
    found = replies.candidates(conn, turn.scope, named, quoted)
    cases = {
        case.option.disposition_id: case
        for case in tray.cases(conn, [c.disposition_id for c in found], turn.contact.id, quoted)
    }
    guesses = ranked(turn.text_of(turn.form), [case.option for case in cases.values()], turn.reply.received_at)
    return [Suggestion(cases[guess.option.disposition_id], guess) for guess in guesses]


def place(desk: Desk, reply_id: int, disposition_id: int, *, acknowledge: bool) -> None:
    """The reply becomes a note on that case, which must be one of its sender's. Raises Refused."""
    with desk.db.act() as conn:
        waiting = tray.take(conn, reply_id, PLACEABLE)
        if waiting is None:
            raise Refused(MOVED)
        offered = {one.case.option.disposition_id: one.case for one in suggestions(conn, desk, reply_id)}
        if disposition_id not in offered:
            raise Refused("Laporan itu bukan laporan pengirim; balasan tidak dipindahkan.")
        turn = _turn(conn, _speaking(conn, desk, waiting.contact_id, acknowledge), reply_id)
        assert turn is not None  # there were suggestions
        noting.keep(turn, turn.reply, turn.form, disposition_id, "admin")
        health.clear_alarm(conn, f"{alarm_keys.REPLY}{reply_id}", desk.now)
        case = offered[disposition_id]
        detail = {"before": waiting.state, "disposition": disposition_id, "number": case.option.number}
        _tell(conn, desk, "reply.placed", reply_id, detail, case.complaint_id)


def set_aside(desk: Desk, reply_id: int, reason: str) -> None:
    """Nothing is to be noted of this reply; of a stranger's, neither of the others. Raises Refused."""
    if not reason.strip():
        raise Refused("Alasan wajib diisi.")
    with desk.db.act() as conn:
        before, ids = _taken(conn, desk, reply_id, ("tray", "parked", "unknown_sender"))
        replies.settle(conn, ids, "dismissed", desk.now, reason=f"{SET_ASIDE}{reason.strip()}"[:300])
        _tell(conn, desk, "reply.set_aside", reply_id, {"before": before, "reason": reason, "replies": len(ids)})


def again(desk: Desk, reply_id: int) -> None:
    """Has the reply understood anew: the fault is mended, or its sender is known now. Raises Refused."""
    with desk.db.act() as conn:
        before, ids = _taken(conn, desk, reply_id, ("parked", "unknown_sender"))
        tray.again(conn, ids)
        _tell(conn, desk, "reply.again", reply_id, {"before": before, "replies": len(ids)})


def _taken(conn: Connection, desk: Desk, reply_id: int, states: Sequence[str]) -> tuple[str, Sequence[int]]:
    """The state that the reply was in, and all that go with it: a stranger's together. Their alarms are over."""
    waiting = tray.take(conn, reply_id, states)
    if waiting is None:
        raise Refused(MOVED)
    health.clear_alarm(conn, f"{alarm_keys.REPLY}{reply_id}", desk.now)
    if waiting.state != "unknown_sender":
        return waiting.state, [reply_id]
    health.clear_alarm(conn, alarm_keys.of_stranger(waiting.address), desk.now)
    return waiting.state, tray.of_stranger(conn, waiting.address)


def _turn(conn: Connection, desk: Desk, reply_id: int) -> Turn | None:
    stored = next(iter(replies.by_ids(conn, [reply_id])), None)
    if stored is None:
        return None
    form = parse_inbound(stored.raw)
    contact = directory.contact_by_address(conn, form.phone, form.whatsapp_id)
    if contact is None:
        return None
    day = desk.calendars.of(None).local_day(stored.received_at)
    roles = directory.units_of(conn, contact.id, day)
    return Turn(conn, desk.now, desk.calendars, desk.texts, desk.settings, stored, form, contact, roles)


def _speaking(conn: Connection, desk: Desk, contact_id: int | None, acknowledge: bool) -> Desk:
    """The sender is answered only if that is wanted and free text may still reach them."""
    heard = tray.heard_at(conn, contact_id) if contact_id else None
    wanted = "always" if acknowledge and is_open(heard, desk.now) else "never"
    return replace(desk, settings=replace(desk.settings, acknowledge=wanted))


def _quoted(conn: Connection, sid: str | None) -> Sequence[int]:
    return (spoken.notices_of_sid(conn, sid) or replies.answered_by(conn, sid)) if sid else ()


def _tell(
    conn: Connection, desk: Desk, action: str, reply_id: int, detail: dict[str, Any], complaint_id: int | None = None
) -> None:
    journal.append(conn, [Entry(desk.now, desk.by, action, f"reply:{reply_id}", detail, complaint_id)])
