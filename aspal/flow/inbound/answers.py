"""What the answers to our questions mean: which case, which day. Part of station 6."""

from dataclasses import replace
from datetime import timedelta

from aspal.core.matching import Match, Several
from aspal.core.replies import Intent, Reading, choice
from aspal.flow.gather import Gatherer
from aspal.flow.inbound import asking, noting, which_case
from aspal.flow.inbound.turn import Turn, title_of
from aspal.records import questions, replies
from aspal.records.questions import Question

STILL_LETTERED = timedelta(minutes=15)  # "C lusa" after "B": the letters are still on the screen


def take(turn: Turn, reading: Reading) -> str | None:
    """Settles the reply when it answers an open question; None when it does not."""
    pending = questions.pending(turn.conn, turn.contact.id, turn.now)
    quoted = [q for q in pending if turn.form.quoted_sid and q.provider_sid == turn.form.quoted_sid]
    which = next((q for q in (*quoted, *pending) if q.topic == "which_case"), None)
    if which and (reading.names_only or _says_yes_to_one(which, reading)):
        return _answer_which(turn, reading, which)
    if which and (letters := _in_own_words(turn, reading, which)):
        return _answer_which(turn, replace(reading, letters=letters), which)
    lettered = which or questions.answered_since(turn.conn, turn.contact.id, turn.reply.received_at - STILL_LETTERED)
    if lettered and (told := _by_letters(turn, reading, lettered, answered=which is None)):
        return told
    if reading.letters:
        return _not_understood(turn, "Huruf tanpa pertanyaan.")
    if reading.only_date and reading.promise_until:
        # A bare day with a sign of its own (a quoted reminder, a number) needs no question to be understood.
        signs = turn.form.quoted_sid or reading.case_numbers or reading.codes or reading.button_case
        asked = quoted if signs else [q for q in pending if _is_last_word(turn, q)]
        day = next((q for q in asked if q.topic == "promise_date"), None)
        return _answer_day(turn, day) if day else None
    return None


def _in_own_words(turn: Turn, reading: Reading, question: Question) -> tuple[str, ...]:
    """The letters that an answer means which is no letter: "semua", "yang lampu"."""
    claims = reading.intent is not Intent.NOTE or reading.date_unclear or reading.answer is not None
    if claims or turn.form.media:
        return ()
    options = shown(turn, question)
    return choice.chosen(turn.read_of(turn.form), options) if options else ()


def _by_letters(turn: Turn, reading: Reading, question: Question, *, answered: bool) -> str | None:
    """ "A sudah, B masih proses": news of its own. What had waited is filed with it only where it says the same."""
    options = shown(turn, question)
    numbers = {letter: option.number for letter, option in options.items()}
    named = replace(turn, lettered=numbers)
    points = reading.case_numbers or reading.possible_numbers or reading.codes or turn.form.button_payload
    if points or len(set(numbers.values())) < len(numbers) or named.read_of(turn.form) == turn.read_of(turn.form):
        return None
    said = named.understood(turn.form)
    found = which_case.matched(named, said)
    meant = found.disposition_ids if isinstance(found, Several) else ()
    claims = said.intent is not Intent.NOTE or said.date_unclear
    if isinstance(found, Match) and (claims or (answered and said.denies)):
        meant = (found.disposition_id,)
    if not meant or not set(meant) <= set(which_case.running(turn, [int(i) for i in question.options.values()])):
        return None
    waiting = replies.by_ids(turn.conn, question.reply_ids)
    if len(meant) == 1 and asking.say_one_thing(named, waiting):
        noting.keep_waiting(turn, question.reply_ids, meant)
    asking.give_up(turn.conn, question, turn.now, "Sudah dikabarkan per laporan; balasan ini tidak disebut lagi.")
    for disposition_id in meant:
        noting.keep(named, turn.reply, turn.form, disposition_id, "asked")
    return "matched"


def shown(turn: Turn, question: Question) -> dict[str, choice.Option]:
    """What the letters stood for; empty where numbers were asked for, or another message is quoted."""
    quotes_other = turn.form.quoted_sid not in (None, question.provider_sid)
    if quotes_other or not set(question.options) <= set(asking.LETTERS):
        return {}
    gathered = Gatherer(turn.conn, turn.calendars, turn.now).ids([int(i) for i in question.options.values()])
    options = {
        letter: choice.Option(one.row.number, title_of(one))
        for letter, i in question.options.items()
        if (one := gathered.get(int(i)))
    }
    return options if len(options) == len(question.options) else {}


def _is_last_word(turn: Turn, question: Question) -> bool:
    """Nothing else was written since what was asked about: otherwise a bare day may mean another case."""
    return not replies.wrote_between(turn.conn, turn.contact.id, max(question.reply_ids, default=0), turn.reply.id)


def _answer_day(turn: Turn, question: Question) -> str:
    questions.close(turn.conn, question.id, turn.now)
    meant = which_case.running(turn, [int(question.options["disposition"])])[0]
    noting.keep(turn, turn.reply, turn.form, meant, "asked")
    return "matched"


def _answer_which(turn: Turn, reading: Reading, question: Question) -> str:
    if reading.letters:
        chosen = [question.options.get(letter) for letter in reading.letters]
    elif reading.answer:
        chosen = list(question.options.values())
    else:
        named = which_case.candidates(turn, reading)
        numbers = (*reading.case_numbers, *reading.possible_numbers)
        chosen = [c.disposition_id for c in named if c.is_named(numbers) or (c.code or "") in reading.codes]
        among = [i for i in chosen if i in question.options.values()]
        chosen = among or chosen
    picked = [int(i) for i in chosen if i is not None]
    if not picked or len(picked) != len(chosen) or (not reading.letters and len(picked) > 1):
        return _wrong_answer(turn, reading)
    picked = list(dict.fromkeys(which_case.running(turn, picked)))
    questions.close(turn.conn, question.id, turn.now)
    noting.keep_waiting(turn, question.reply_ids, picked)
    first = Gatherer(turn.conn, turn.calendars, turn.now).ids(picked[:1])[picked[0]]
    turn.settle("matched", complaint_id=first.row.complaint_id, disposition_id=picked[0], matched_by="asked")
    return "matched"


def _wrong_answer(turn: Turn, reading: Reading) -> str:
    """The question stays open."""
    foreign = (*reading.case_numbers, *reading.codes)
    if not foreign:
        return _not_understood(turn, "Jawaban tidak sesuai pilihan.")
    turn.settle("tray", reason="Jawaban menyebut laporan yang bukan milik pengirim.")
    if turn.asks_back:
        turn.say("laporan_tidak_ditemukan", nomor=foreign[0])
    return "tray"


def _not_understood(turn: Turn, reason: str) -> str:
    turn.settle("tray", reason=reason)
    if turn.asks_back:
        turn.say("tidak_dipahami")
    return "tray"


def _says_yes_to_one(question: Question, reading: Reading) -> bool:
    return reading.answer is True and len(question.options) == 1 and not reading.button_case
