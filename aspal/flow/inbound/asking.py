"""Asking back: for which case, for which day. Part of station 6."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from aspal.core.matching import Candidate
from aspal.core.replies import Intent
from aspal.flow.gather import Gatherer
from aspal.flow.inbound.turn import Turn, lines
from aspal.gateways.whatsapp.port import Inbound, parse_inbound
from aspal.records import questions, replies
from aspal.records.questions import Question
from aspal.records.replies import Stored

LETTERS = "ABCDEFGHIJ"
LIFE = timedelta(hours=72)
BURST = timedelta(minutes=2)  # a photo and its text come as two messages, an album as many
LATE_PHOTO = timedelta(minutes=15)  # what comes without words is no second answer to what was asked
NOBODY_ANSWERED = "Pertanyaan tidak dijawab."


def ask_which(turn: Turn, options: Sequence[Candidate]) -> str:
    """Asks for which case the reply was; a burst of replies that say one thing is asked about once."""
    turn.settle("asked", reason="Menunggu jawaban: untuk laporan yang mana.")
    earlier = next(
        (q for q in questions.pending(turn.conn, turn.contact.id, turn.now) if q.topic == "which_case"), None
    )
    ids = [option.disposition_id for option in options]
    if earlier and set(earlier.options.values()) == set(ids) and _is_burst(turn, earlier):
        questions.join(turn.conn, earlier, turn.reply.id)
        return "asked"
    if earlier:
        give_up(turn.conn, earlier, turn.now, "Tidak dijawab sebelum balasan berikutnya.")
    gathered = Gatherer(turn.conn, turn.calendars, turn.now).ids(ids)
    cases = [gathered[i] for i in ids]
    if len(cases) <= len(LETTERS):
        listed = lines(cases, [f"{letter}. " for letter in LETTERS[: len(cases)]])
        message_id = turn.say("tanya_laporan", daftar="\n".join(listed))
    else:
        listed = lines(cases[: len(LETTERS)], [""] * len(LETTERS))
        more = f"dan {len(cases) - len(LETTERS)} laporan lain"
        message_id = turn.say("tanya_nomor_laporan", daftar="\n".join([*listed, more]))
    labels = LETTERS if len(ids) <= len(LETTERS) else [f"#{n}" for n in range(len(ids))]
    questions.ask(
        turn.conn, turn.contact.id, "which_case", dict(zip(labels, ids, strict=False)), now=turn.now,
        expires_at=turn.now + LIFE, reply_ids=[turn.reply.id], message_id=message_id,
    )  # fmt: skip
    return "asked"


def ask_for_day(turn: Turn, disposition_id: int) -> None:
    """Something was promised, but the day is not certain."""
    message_id = turn.say("tanggal_tidak_jelas")
    questions.ask(
        turn.conn, turn.contact.id, "promise_date", {"disposition": disposition_id}, now=turn.now,
        expires_at=turn.now + LIFE, reply_ids=[turn.reply.id], message_id=message_id,
    )  # fmt: skip


def expire(conn: Connection, now: datetime) -> None:
    """What nobody answered in time goes to the tray."""
    for question in questions.expired(conn, now):
        give_up(conn, question, now, NOBODY_ANSWERED)


def _is_burst(turn: Turn, question: Question) -> bool:
    """A photo and its text, or the same said again; two different answers are of two different cases."""
    waiting = replies.by_ids(turn.conn, question.reply_ids)
    limit = LATE_PHOTO if turn.is_wordless(turn.form) or _are_wordless(turn, waiting) else BURST
    if not waiting or turn.reply.received_at - waiting[-1].received_at > limit:
        return False
    return say_one_thing(turn, waiting)


def say_one_thing(turn: Turn, waiting: Sequence[Stored]) -> bool:
    """Whether the reply in hand claims what these claimed; photos without words claim nothing."""
    said = [_said(turn, form) for form in (*(parse_inbound(reply.raw) for reply in waiting), turn.form)]
    return len({one for one in said if one is not None}) <= 1


def album_before(turn: Turn, disposition_id: int) -> Question | None:
    """The open question about photos that came just before these words, if it can be theirs."""
    for question in questions.pending(turn.conn, turn.contact.id, turn.now):
        waiting = replies.by_ids(turn.conn, question.reply_ids) if question.topic == "which_case" else []
        lately = waiting and turn.reply.received_at - waiting[-1].received_at <= BURST
        if lately and _are_wordless(turn, waiting) and disposition_id in question.options.values():
            return question
    return None


def _are_wordless(turn: Turn, waiting: Sequence[Stored]) -> bool:
    """Whether these are nothing but photos, voices or places."""
    return all(turn.is_wordless(parse_inbound(reply.raw)) for reply in waiting)


def _said(turn: Turn, form: Inbound) -> tuple[Intent, date | None] | None:
    """What a reply of this burst claims; None when it came without words."""
    if not turn.text_of(form):
        return None
    reading = turn.understood(form)
    return reading.intent, reading.promise_until


def give_up(conn: Connection, question: Question, now: datetime, reason: str) -> None:
    """The question is over; what still waited for its answer goes to the tray."""
    questions.close(conn, question.id, now)
    if question.topic == "which_case":
        left = [reply.id for reply in replies.by_ids(conn, question.reply_ids) if reply.state == "asked"]
        replies.settle(conn, left, "tray", now, reason=reason)
