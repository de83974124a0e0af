"""YA or PINDAH to "masih pejabat penghubung?". PINDAH stops nothing by itself: an admin is told. Part of station 6."""

from datetime import timedelta

from aspal.core import alarm_keys
from aspal.core.replies import Reading
from aspal.flow.inbound.turn import Turn
from aspal.records import confirmations
from aspal.records.confirmations import MOVED, STAYS, Asked

PRESSED = {"still_here": STAYS, "moved_away": MOVED}  # the buttons' ids, from templates_msg
ASKED_WITHIN = timedelta(days=30)
_MOVED_WORDS = frozenset({"pindah", "sudah pindah", "saya pindah", "saya sudah pindah"})


def take(turn: Turn, reading: Reading) -> str | None:
    """Settles an answer to a round of confirmation; None when the reply is none."""
    pressed = PRESSED.get((turn.form.button_payload or "").strip().lower())
    said = pressed or _said(turn, reading)
    asked = _asked(turn, said, certain=pressed is not None) if said else None
    if said is None or asked is None:
        return None
    turn.settle("command")
    confirmations.answer(turn.conn, asked.id, said, turn.now)
    turn.journal(
        f"confirmation.{said}", f"appointment:{asked.appointment_id}", before=asked.answer, round=asked.round_id
    )
    key = f"{alarm_keys.MOVED}{asked.appointment_id}"
    if said == STAYS:
        turn.settled_alarm(key)
        turn.say("konfirmasi_dicatat", opd=asked.unit)
        return "command"
    if asked.ended_at is None:
        turn.alarm(
            key,
            f"{asked.name} menyatakan sudah pindah dari {asked.unit}. Akhiri penugasannya di Direktori dan tunjuk "
            "penggantinya; sampai itu terjadi, pesan tetap dikirim kepadanya.",
        )
    turn.say("pindah_dicatat", opd=asked.unit)
    return "command"


def _said(turn: Turn, reading: Reading) -> str | None:
    """What a typed answer says, if it is nothing but that."""
    if reading.case_numbers or reading.codes or reading.command is not None:
        return None
    words = " ".join(turn.read_of(turn.form).casefold().replace(".", " ").replace("!", " ").split())
    if words in _MOVED_WORDS:
        return MOVED
    return STAYS if reading.answer is True and turn.form.quoted_sid else None


def _asked(turn: Turn, said: str, *, certain: bool) -> Asked | None:
    """The question that is quoted; else, for a button or a plain "pindah", the only one or the newest that is open."""
    if turn.form.quoted_sid:
        return confirmations.by_message(turn.conn, turn.contact.id, turn.form.quoted_sid)
    lately = confirmations.newest_of(turn.conn, turn.contact.id, turn.now - ASKED_WITHIN)
    unanswered = [one for one in lately if one.answer is None]
    if certain or said == MOVED:
        return next(iter(unanswered or lately), None)
    return None
