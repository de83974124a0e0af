"""Which case a reply means: matched with certainty, asked back, or left in the tray. Part of station 6."""

from collections.abc import Sequence
from datetime import timedelta

from aspal.core import matching
from aspal.core.matching import Ask, Candidate, Match, NoCase, Several
from aspal.core.replies import Reading
from aspal.core.replies.signs import tails
from aspal.flow.inbound import asking, noting
from aspal.flow.inbound.turn import Turn
from aspal.records import questions, replies, spoken

NOBODYS = -1
TOLD_LATELY = timedelta(days=7)  # an answer may come after a weekend and a holiday


def take(turn: Turn, reading: Reading) -> str:
    """Matches the reply and keeps it as a note; or asks; or leaves it in the tray."""
    found = matched(turn, reading)
    if isinstance(found, Ask) and (beside := _of_what_came_before(turn, reading, found)):
        found = beside
    if turn.is_gesture(turn.form) and not turn.form.quoted_sid:
        return _manners(turn)
    if isinstance(found, Match):
        noting.keep(turn, turn.reply, turn.form, found.disposition_id, found.by)
        if found.by != "only_case" and (album := asking.album_before(turn, found.disposition_id)):
            questions.close(turn.conn, album.id, turn.now)
            noting.keep_waiting(turn, album.reply_ids, [found.disposition_id], found.by)
        return "matched"
    if isinstance(found, Several):
        for disposition_id in found.disposition_ids:
            noting.keep(turn, turn.reply, turn.form, disposition_id, "id")
        return "matched"
    if isinstance(found, Ask):
        return _ask(turn, reading, found)
    return _no_case(turn, reading, found)


def matched(turn: Turn, reading: Reading) -> Match | Several | Ask | NoCase:
    """The case or cases that the reply means, among this person's."""
    quoted, sid = _quoted(turn), turn.form.quoted_sid
    unclear = not quoted and sid is not None and not replies.is_known(turn.conn, sid)
    cases = candidates(turn, reading, quoted)
    button = _of_button(reading.button_case, cases)
    uncertain = unclear or _means_another(turn, cases) or _names_another(turn, cases)
    return matching.match(reading, quoted, button, cases, uncertain=uncertain)


def candidates(turn: Turn, reading: Reading, quoted: Sequence[int] = ()) -> list[Candidate]:
    """This person's open cases, and the closed ones that the reply names."""
    named = (*reading.case_numbers, *reading.possible_numbers, *reading.codes)
    return replies.candidates(turn.conn, turn.scope, named, quoted)


def running(turn: Turn, disposition_ids: Sequence[int]) -> list[int]:
    """What was asked about, as it goes on by now: LAPOR may have begun a new round before the answer came."""
    found = replies.candidates(turn.conn, turn.scope, (), disposition_ids)
    heirs = {c.disposition_id: matching.going_on([c], found)[0].disposition_id for c in found}
    return [heirs.get(asked, asked) for asked in disposition_ids]


def _means_another(turn: Turn, cases: Sequence[Candidate]) -> bool:
    """Whether the only open case is news to this person, who was lately told of others that are gone by now."""
    still_open = [c.disposition_id for c in cases if c.open]
    if len(still_open) != 1:
        return False
    contact_id, only = turn.contact.id, still_open[0]
    if replies.knows(turn.conn, contact_id, only):
        return False
    return replies.told_of_others(turn.conn, contact_id, only, turn.reply.received_at - TOLD_LATELY)


def _names_another(turn: Turn, cases: Sequence[Candidate]) -> bool:
    """Whether the reply says "laporan 123", and no open case ends so."""
    numbers = [number for case in cases if case.open for number in case.numbers if number]
    said = tails(turn.read_of(turn.form))
    return not all(any(number.endswith(tail) for number in numbers) for tail in said)


def _of_what_came_before(turn: Turn, reading: Reading, found: Ask) -> Match | None:
    """The case of the words that came just before a photo without any: only one photo of an album has the caption.

    Or of a number that was sent by itself, and its words after it.
    """
    signs = (*reading.case_numbers, *reading.possible_numbers, *reading.codes)
    if turn.form.quoted_sid or turn.form.button_payload or signs:
        return None
    since, before = turn.reply.received_at - asking.BURST, turn.reply.id
    while len(noted := replies.noted_just_before(turn.conn, turn.contact.id, before, since)) == 1:
        before, disposition_id, by, text = noted[0]
        if disposition_id not in {option.disposition_id for option in found.options}:
            return None
        if turn.is_wordless(turn.form) or (by in ("id", "code") and turn.read(text).names_only):
            return Match(disposition_id, by)
        if not noting.is_wordless(text):
            return None
    return None


def _ask(turn: Turn, reading: Reading, found: Ask) -> str:
    if (reading.courtesy and not turn.form.media) or turn.is_gesture(turn.form):
        return _manners(turn)
    if not turn.asks_back:
        turn.settle("tray", reason="Tidak jelas untuk laporan yang mana.")
        return "tray"
    return asking.ask_which(turn, found.options)


def _manners(turn: Turn) -> str:
    turn.settle("tray", reason="Ucapan singkat; tidak jelas untuk laporan yang mana.")
    return "tray"


def _no_case(turn: Turn, reading: Reading, found: NoCase) -> str:
    named = (*reading.case_numbers, *reading.codes)
    why = "Yang dimaksud bukan laporan pengirim." if found.foreign else "Tidak ada laporan terbuka milik pengirim."
    turn.settle("tray", reason=why if turn.roles else "Tanpa penugasan berlaku.")
    if turn.asks_back and not reading.courtesy:
        if named:
            turn.say("laporan_tidak_ditemukan", nomor=named[0])
        elif found.foreign:
            turn.say("laporan_lain_dikutip")
        else:
            turn.say("daftar_kosong")
    return "tray"


def _of_button(carried: str | None, cases: Sequence[Candidate]) -> int | None:
    """The disposition that a button carried, by id or short code; one that nobody has is still a sign."""
    if carried is None:
        return None
    by_code = next((c.disposition_id for c in cases if c.code == carried.upper()), None)
    return by_code or (int(carried) if carried.isdecimal() else NOBODYS)


def _quoted(turn: Turn) -> list[int]:
    """The dispositions that the quoted message of ours spoke of; an answer of ours speaks of what it answered."""
    sid = turn.form.quoted_sid
    if not sid:
        return []
    asked = questions.asked_about(turn.conn, sid)  # a list, whatever its answer was: the text must say which of them
    return spoken.notices_of_sid(turn.conn, sid) or asked or replies.answered_by(turn.conn, sid)
