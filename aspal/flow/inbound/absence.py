"""CUTI and the substitute who must agree; the consent that a new contact was asked for. Part of station 6."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aspal.core import alarm_keys
from aspal.core.delivery import State
from aspal.core.replies import Command, Intent, Reading
from aspal.core.replies.leave import Leave, says_away
from aspal.core.replies.leave import read as read_leave
from aspal.core.wording import long_date
from aspal.flow.inbound.turn import Turn
from aspal.flow.messages import CONSENT
from aspal.records import directory, outbox, questions, replies
from aspal.records.directory import Contact
from aspal.records.questions import Absence, Question

_OF_LEAVE = re.compile(r"cuti|ganti|libur", re.IGNORECASE)
FILL_LIFE = timedelta(hours=1)
ANSWERED_WITHIN = timedelta(hours=72)  # later, a bare "ya" means something else
PRIORITY = 5


def take(turn: Turn, reading: Reading) -> str | None:
    """Settles a request for leave, or a yes or no that we asked for; None when the reply is neither."""
    pending = questions.pending(turn.conn, turn.contact.id, turn.now)
    refused = says_away(turn.text_of(turn.form)) and _asked_last(turn, pending)
    if refused:
        return _settle_absence(turn, False, refused)
    if reading.command is Command.LEAVE:
        return _request(turn, reading.argument, Leave())
    if reading.answer is not None:
        return _answered(turn, reading.answer, pending)
    if reading.assent and (asked := _asked_last(turn, pending)):
        return _settle_absence(turn, True, asked)
    draft = next((q for q in pending if q.topic == "substitute" and "absence" not in q.options), None)
    names_case = reading.case_numbers or reading.codes or turn.form.quoted_sid
    if draft and not names_case and reading.command is None and _fills(turn, reading):
        questions.close(turn.conn, draft.id, turn.now)
        return _request(turn, turn.form.body, _from_options(draft.options))
    return None


def _asked_last(turn: Turn, pending: list[Question]) -> Question | None:
    """The question for a substitute that "siap" or "saya juga cuti" answers: the one quoted, or the last thing sent."""
    for question in pending:
        if question.topic != "substitute" or "absence" not in question.options:
            continue
        if turn.form.quoted_sid:
            if turn.form.quoted_sid == question.provider_sid:
                return question
        elif turn.now - question.asked_at < ANSWERED_WITHIN and questions.was_sent_last(turn.conn, question.id):
            return question
    return None


def _fills(turn: Turn, reading: Reading) -> bool:
    """Whether the reply tells days or a substitute, and not "besok kami selesaikan"."""
    told = _told(turn, turn.form.body)
    of_a_case = reading.intent is not Intent.NOTE and not reading.only_date and told.substitute is None
    return told != Leave() and (not of_a_case or bool(_OF_LEAVE.search(turn.form.body)))


def _request(turn: Turn, text: str, earlier: Leave) -> str:
    """Days and substitute, at once or one after the other."""
    turn.settle("command")
    leave = _told(turn, text).filled_from(earlier)
    if not leave.complete:
        message_id = turn.say("cuti_petunjuk")
        questions.ask(
            turn.conn, turn.contact.id, "substitute", _to_options(leave), now=turn.now,
            expires_at=turn.now + FILL_LIFE, message_id=message_id,
        )  # fmt: skip
        return "command"
    substitute = directory.contact_by_address(turn.conn, leave.substitute, None)
    if substitute is None or substitute.id == turn.contact.id or substitute.opted_out_at:
        turn.say("pengganti_tidak_dikenal")
        turn.alarm(
            f"substitute_unknown:{turn.contact.id}",
            f"{turn.contact.name} mengajukan cuti dengan pengganti yang tidak dapat dihubungi lewat direktori.",
        )
        return "command"
    _propose(turn, leave, substitute)
    return "command"


def _propose(turn: Turn, leave: Leave, substitute: Contact) -> None:
    """The substitute is asked; until the answer nothing changes."""
    assert leave.first_day is not None
    assert leave.last_day is not None
    absence_id = questions.propose_absence(
        turn.conn, turn.contact.id, substitute.id, leave.first_day, leave.last_day, turn.now
    )
    days = {"tanggal_mulai": long_date(leave.first_day), "tanggal_selesai": long_date(leave.last_day)}
    ends = max(_end_of(leave.last_day, turn), turn.now + FILL_LIFE)
    message_id = _ask_substitute(turn, substitute, days, absence_id, ends)
    questions.ask(
        turn.conn, substitute.id, "substitute", {"absence": absence_id}, now=turn.now, expires_at=ends,
        message_id=message_id,
    )  # fmt: skip
    turn.journal(
        "absence.proposed", f"absence:{absence_id}", substitute=substitute.id, first=leave.first_day.isoformat(),
        last=leave.last_day.isoformat(),
    )  # fmt: skip
    turn.say("pengganti_ditanya", pengganti=substitute.name, **days)


def _end_of(day: date, turn: Turn) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(turn.calendar.zone))


def _ask_substitute(
    turn: Turn, substitute: Contact, days: dict[str, str], absence_id: int, ends: datetime
) -> int | None:
    """A template, because the substitute may not have written for weeks."""
    values = {
        "penerima": substitute.name, "yang_cuti": turn.contact.name, "kantor": turn.settings.office_name, **days
    }  # fmt: skip
    words = turn.texts.render("minta_pengganti", values)
    opening = turn.calendar.next_open(turn.now)
    message = outbox.NewMessage(
        substitute.id, substitute.address, "minta_pengganti", words.variables, words.text,
        turn.calendar.local_day(opening), State.WAITING, PRIORITY, opening, ends,
        dedupe_key=f"substitute:{absence_id}",
    )  # fmt: skip
    return outbox.put(turn.conn, [message], turn.now)[0]


def _answered(turn: Turn, yes: bool, pending: list[Question]) -> str | None:
    """A yes or no means the question that it quotes, or the one asked lately; else it is no answer to us.

    Typed without a quote it is none to what was asked before "untuk laporan yang mana?".
    """
    sid, lately, pressed = turn.form.quoted_sid, turn.now - ANSWERED_WITHIN, turn.form.button_payload
    proposals = [q for q in pending if q.topic == "substitute" and "absence" in q.options]
    if sid:
        question = next((q for q in proposals if q.provider_sid == sid), None)
        asked_consent = replies.quoted_template(turn.conn, sid) == CONSENT
    else:
        if not pressed:
            lately = max([lately, *(q.asked_at for q in pending if q.topic == "which_case")])
        fresh = (q for q in proposals if pressed or q.asked_at > lately)
        question = next(fresh, None)
        asked_consent = turn.contact.consent_at is None and replies.was_told(
            turn.conn, turn.contact.id, CONSENT, lately
        )
    if question:
        return _settle_absence(turn, yes, question)
    return _settle_consent(turn, yes) if asked_consent else None


def _settle_absence(turn: Turn, yes: bool, question: Question) -> str:
    turn.settle("command")
    questions.close(turn.conn, question.id, turn.now)
    absence = questions.absence(turn.conn, int(question.options["absence"]))
    state = "accepted" if yes else "declined"
    if absence is None or not questions.answer_absence(turn.conn, absence.id, state, turn.now):
        return "command"  # withdrawn meanwhile
    turn.journal(f"absence.{state}", f"absence:{absence.id}", contact=absence.contact_id)
    days = {"tanggal_mulai": long_date(absence.first_day), "tanggal_selesai": long_date(absence.last_day)}
    if yes:
        turn.say("kesediaan_dicatat", yang_cuti=absence.contact_name, **days)
        told = _tell_absent(turn, absence, "pengganti_dicatat", pengganti=absence.substitute_name, **days)
    else:
        told = _tell_absent(turn, absence, "pengganti_menolak", pengganti=absence.substitute_name)
    if not told:
        turn.alarm(
            f"absence:{absence.id}",
            f"{absence.substitute_name} {'bersedia' if yes else 'tidak bersedia'} menggantikan {absence.contact_name}; "
            "yang cuti belum dapat diberi tahu lewat WhatsApp.",
        )
    return "command"


def _tell_absent(turn: Turn, absence: Absence, kind: str, **values: str) -> bool:
    return turn.tell(absence.contact_id, absence.contact_address, absence.contact_heard_at, kind, **values)


def _settle_consent(turn: Turn, yes: bool) -> str:
    turn.settle("command")
    subject = f"contact:{turn.contact.id}"
    if yes:
        replies.learn(turn.conn, turn.contact.id, consent_at=turn.now)
        turn.settled_alarm(f"{alarm_keys.CONSENT}{turn.contact.id}")
        turn.journal("contact.consented", subject)
        turn.say("persetujuan_dicatat")
        return "command"
    replies.learn(turn.conn, turn.contact.id, opted_out_at=turn.now)
    text = f"{turn.contact.name} tidak setuju menerima pesan. Tunjuk orang lain."
    turn.alarm(f"{alarm_keys.OPTED_OUT}{turn.contact.id}", text)
    turn.journal("contact.opted_out", subject)
    turn.say("penolakan_dicatat")
    return "command"


def _told(turn: Turn, text: str) -> Leave:
    return read_leave(text, turn.calendar.local_day(turn.reply.received_at), turn.calendar)


def _to_options(leave: Leave) -> dict[str, Any]:
    return {
        "first": leave.first_day.isoformat() if leave.first_day else None,
        "last": leave.last_day.isoformat() if leave.last_day else None,
        "phone": leave.substitute,
    }


def _from_options(options: Any) -> Leave:
    first, last = (datetime.fromisoformat(options[k]).date() if options.get(k) else None for k in ("first", "last"))
    return Leave(first, last, options.get("phone"))
