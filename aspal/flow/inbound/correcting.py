"""The same words, another case: "maaf salah nomor, 1916502" moves what was just said, "1916502 juga" says it of both.

Part of station 6.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile

from aspal.core.matching import Match
from aspal.core.replies import Intent, Reading, correction, parts
from aspal.core.replies.correction import Correction, Turned
from aspal.core.replies.signs import find as find_signs
from aspal.flow.gather import Gatherer
from aspal.flow.inbound import answers, asking, noting, which_case
from aspal.flow.inbound.turn import Turn
from aspal.flow.recount import move_note
from aspal.records import dossier, notes, questions
from aspal.records.notes import Filed

LATELY = timedelta(minutes=15)  # later, "juga" need not speak of what was written before
TAKEN_BACK = "salah kirim"  # what such words say, however they are put
SAME_DAY = timedelta(hours=12)  # "maaf salah nomor" does, if nothing was filed since


def take(turn: Turn, reading: Reading) -> str | None:
    """Settles words that only point from the case spoken of before to another; None when these do not, for certain."""
    if turn.form.media or turn.form.location or turn.form.button_payload or reading.command:
        return None
    if any(q.topic == "which_case" for q in questions.pending(turn.conn, turn.contact.id, turn.now)):
        return None  # the answer to that comes first
    found = notes.filed_since(turn.conn, turn.contact.id, turn.reply.received_at - SAME_DAY)
    if slips := _slips(turn, found):
        for slip in slips:
            noting.keep(turn, turn.reply, turn.form, slip.disposition_id, slip.matched_by, TAKEN_BACK)
        return "matched"
    filed = _said_last(found)
    turned = correction.find(turn.read_of(turn.form), _letters(turn, filed)) if filed else None
    if filed and turned is None and _corrects(turn, reading, filed[0]):
        noting.keep(turn, turn.reply, turn.form, filed[0].disposition_id, filed[0].matched_by)
        return "matched"
    match = _meant(turn, turned) if turned else None
    if turned is None or match is None or match.disposition_id == filed[0].disposition_id:
        return None
    to_id, by = match.disposition_id, "asked" if turned.lettered else match.by
    if turned.turned is Turned.MOVED:
        return _moved(turn, filed, to_id, by)
    said = _words(turn, found)
    if said is None:
        return None
    noting.keep(turn, turn.reply, turn.form, to_id, by, said)
    return "matched"


def _said_last(found: Sequence[Filed]) -> list[Filed]:
    """What this person said last of one single case, its photos included; nothing if that was of several."""
    of_one = list(takewhile(lambda one: one.disposition_id == found[0].disposition_id, found))
    worded = next((one for one in of_one if not noting.is_wordless(one.text)), None)
    first = of_one.index(worded) if worded else len(of_one) - 1
    burst = [
        one for n, one in enumerate(of_one)
        if n <= first or (noting.is_wordless(one.text) and of_one[first].written_at - one.written_at <= asking.BURST)
    ]  # fmt: skip
    replies = {one.reply_id for one in burst}
    elsewhere = any(one.reply_id in replies and one not in burst for one in found)
    return [] if elsewhere else burst


def _slips(turn: Turn, found: Sequence[Filed]) -> list[Filed]:
    """What is taken back of the last reply, which may be of several cases. Which one was meant instead is not said:
    asked "which one?" they would name that."""
    last = [one for one in found if one.reply_id == found[0].reply_id]
    if not last or not _just_now(turn, last[0]):
        return []
    gathered = Gatherer(turn.conn, turn.calendars, turn.now).ids([one.disposition_id for one in last])
    names = {
        name: one for one in last
        for row in [gathered[one.disposition_id].row] for name in (row.number, row.code) if name
    }  # fmt: skip
    slips = correction.retracts(turn.read_of(turn.form), list(names))
    return list({one.disposition_id: one for name, one in names.items() if name in slips}.values()) if slips else []


def _corrects(turn: Turn, reading: Reading, last: Filed) -> bool:
    """ "Eh maaf, belum", "ralat, masih proses": of the case that was just spoken of, though others are open."""
    names = reading.case_numbers or reading.possible_numbers or reading.codes
    if names or not _just_now(turn, last) or not correction.takes_back(turn.read_of(turn.form)):
        return False
    one = Gatherer(turn.conn, turn.calendars, turn.now).ids([last.disposition_id])[last.disposition_id]
    undoes = reading.intent is Intent.IN_PROCESS and one.case.claim in (Intent.DONE, Intent.NOT_OURS)
    return undoes or noting.takes_back(reading, one.case.claim)


def _just_now(turn: Turn, last: Filed) -> bool:
    return not turn.form.quoted_sid and turn.reply.received_at - last.filed_at <= LATELY


def _letters(turn: Turn, filed: Sequence[Filed]) -> dict[str, str]:
    """The numbers that letters stood for, where these words had waited for a letter."""
    asked = questions.answered_since(turn.conn, turn.contact.id, turn.reply.received_at - SAME_DAY)
    if asked is None or not {one.reply_id for one in filed} & set(asked.reply_ids):
        return {}
    numbers = {letter: option.number for letter, option in answers.shown(turn, asked).items()}
    return numbers if len(set(numbers.values())) == len(numbers) else {}


def _meant(turn: Turn, found: Correction) -> Match | None:
    """The one case of this person that is pointed to."""
    sign = found.name or ""
    if sign and not find_signs(sign).numbers:
        sign = f"#{sign}"
    match = which_case.matched(turn, turn.read(sign))
    return match if isinstance(match, Match) and match.by != "only_case" else None


def _words(turn: Turn, found: Sequence[Filed]) -> str | None:
    """What was said of the other case, without its name; None where that is not certain, or some time ago."""
    lately = [one for one in found if turn.reply.received_at - one.filed_at <= LATELY]
    spoken = (one for one in lately if not noting.is_wordless(one.text) and not correction.shares(one.text))
    said = next(spoken, None)
    if said is None:
        return None
    one = Gatherer(turn.conn, turn.calendars, turn.now).ids([said.disposition_id])[said.disposition_id]
    return find_signs(parts.about(said.text, (one.row.number, one.row.code))).rest


def _moved(turn: Turn, filed: Sequence[Filed], to_id: int, by: str) -> str | None:
    from_id = filed[0].disposition_id
    notes.lock_dispositions(turn.conn, [from_id, to_id])
    gatherer = Gatherer(turn.conn, turn.calendars, turn.now)
    read = [dossier.note(turn.conn, one.note_id) for one in filed]
    moved = [note for note in read if note and note.disposition_id == from_id]
    if not moved:  # an admin was faster
        return None
    for note in moved:
        who, why = f"contact:{turn.contact.id}", "Dikoreksi oleh pengirimnya."
        move_note(turn.conn, note, gatherer.ids([from_id, to_id]), to_id, now=turn.now, by=who, reason=why)
    one = gatherer.ids([to_id])[to_id]
    turn.settle("matched", complaint_id=one.row.complaint_id, disposition_id=to_id, matched_by=by)
    promised = {note.promise_until for note in moved} & {rest.last for rest in one.case.rests if rest.why == "promise"}
    for until in promised:
        if turn.asks_back and until:  # they were told that the other rests
            noting.confirm_day(turn, one, until)
    return "matched"
