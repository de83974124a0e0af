"""What an Indonesian reply says: done, in process, a promise with a day, not ours, more time, a command, a plain note.

Pure. Spelling is `words`, days `dates` and `promise`, numbers and letters `signs`, claims `intent`.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from aspal.core.replies import parts
from aspal.core.replies.commands import Command as Command
from aspal.core.replies.commands import find as find_command
from aspal.core.replies.dates import NUMBERS, Workdays
from aspal.core.replies.finished import counts_fewer
from aspal.core.replies.intent import Intent as Intent
from aspal.core.replies.intent import intent_of, is_courtesy, is_question, sense_of, splits, without_lead
from aspal.core.replies.promise import find as find_promise
from aspal.core.replies.promise import finishes, is_order
from aspal.core.replies.question import asks
from aspal.core.replies.signs import Signs, letters
from aspal.core.replies.signs import find as find_signs
from aspal.core.replies.vocabulary import AHEAD, COUNTED, COURTESY, NOT, these
from aspal.core.replies.words import Clause
from aspal.core.replies.words import clauses as clauses_of

_MENU = {"1": Intent.DONE, "2": Intent.IN_PROCESS, "3": Intent.NOT_OURS, "4": Intent.EXTENSION}
_SPOKEN = dict(zip(NUMBERS, _MENU.values(), strict=False))  # "dua", dictated to the telephone
_PAYLOAD = re.compile(r"(done|in_process|not_ours|extension|yes|no|ya|tidak)(?:[:|/_-]([0-9A-Za-z]+))?", re.IGNORECASE)
_DIGIT = re.compile(
    r"\W*(?:(?:saya|kami|nomor|no|pilih|pilihan|jawab|jawaban|menu|angka|opsi|balas|maaf|eh|oh|salah|pencet|"
    r"maksud|maksudnya|ralat|koreksi|harusnya)\W*)*([1-4]|satu|dua|tiga|empat)[^\w?]*"
    r"(?:(?:satu|dua|tiga|empat|pak|bu|kak|mas|mbak|min|ya|nggih)[^\w?]*)*",
    re.IGNORECASE,
)
_DIGIT_FIRST = re.compile(r"\s*([1-4])\s*[.),:=-]?\s+(?=[(]?[^\W\d])|\s*([1-4])[.),:=-](?=[^\W\d])")
# The digit says one thing and such a word beside it another: "1 belum", "3 pohon sudah ditebang".
_AGAINST = {
    Intent.DONE: NOT | AHEAD | these("kalau setelah masih sedang"),
    Intent.NOT_OURS: these("sudah belum"),
    Intent.EXTENSION: these("sudah"),
}
_YES = frozenset(
    {"ya", "y", "iya", "yes", "setuju", "bersedia", "ya bersedia", "ya setuju", "iya bersedia", "siap bersedia"}
)
_NO = frozenset({"tidak", "tdk", "no", "tidak bersedia", "tidak bisa", "tdk bisa", "tidak setuju", "maaf tidak bisa",
                 "maaf tidak", "keberatan", "ga bisa", "gak bisa", "tidak dapat", "maaf tidak bersedia"})  # fmt: skip
_WILLING = these("bersedia setuju sanggup")
_ASSENT = these("siap oke baik baiklah monggo iya laksanakan sip")
_MAY_ANSWER = re.compile(r"sedia|tuju|sanggup|bisa|bs|dapat|dpt", re.IGNORECASE)
_BESIDE_WILLING = COURTESY | these("boleh insyaallah menggantikan gantikan")
_COURTESY_END = re.compile(r"(?:\s+(?:pak|bu|kak|mas|mbak|min|terima kasih|terimakasih|makasih))+$")


@dataclass(frozen=True, slots=True)
class Reading:
    """One reply, understood."""

    intent: Intent
    promise_until: date | None = None
    denies: bool = False  # says only that it is not finished: an earlier "sudah" was wrong
    relapsed: bool = False  # says that it is broken again: an earlier "sudah" is true no more
    owns: bool = False  # says only that it is theirs: an earlier "bukan kewenangan" was wrong
    date_unclear: bool = False  # something was promised for a day that is past or not certain
    only_date: bool = False  # nothing but a day: the answer to "kapan?"
    orders: bool = False  # tells somebody to do it: "kerjakan tgl 14", from a head, promises nothing
    asks: bool = False  # asks something about the case
    command: Command | None = None
    argument: str = ""
    answer: bool | None = None  # a bare yes or no
    letters: tuple[str, ...] = ()
    case_numbers: tuple[str, ...] = ()
    possible_numbers: tuple[str, ...] = ()  # digits that count only where they equal one of this person's cases
    codes: tuple[str, ...] = ()
    names_only: bool = False  # nothing but report numbers, codes or letters: the answer to "yang mana?"
    parted: bool = False  # several cases are named, and which words are of which is certain
    leaves_out: bool = False  # a case is named as the one that is not meant
    courtesy: bool = False  # nothing but "siap, terima kasih"
    assent: bool = False  # such a courtesy that says yes where something was asked: "siap"
    button_case: str | None = None  # the disposition that a tapped button carried


def understand(text: str, *, today: date, calendar: Workdays, button: str | None = None) -> Reading:
    """What a reply says when it is read on `today`. Never raises, whatever the text."""
    pressed = _PAYLOAD.fullmatch((button or "").strip())
    if pressed:
        return _pressed(pressed[1].lower(), pressed[2])
    signs = find_signs(text)
    asked = find_command(text, signs)
    reading = Reading(
        Intent.NOTE, case_numbers=signs.numbers, possible_numbers=signs.possible, codes=signs.codes,
        letters=letters(signs.rest), answer=_answer(text),
        parted=bool(parts.of(signs)), leaves_out=bool(parts.left_out(signs)),
    )  # fmt: skip
    if asked:
        return replace(reading, command=asked.command, argument=asked.argument)
    if reading.letters:
        return replace(reading, names_only=True)
    return _claimed(reading, signs, today, calendar)


def _pressed(payload: str, case: str | None) -> Reading:
    if payload in ("yes", "ya", "no", "tidak"):
        return Reading(Intent.NOTE, answer=payload in ("yes", "ya"), button_case=case)
    return Reading(Intent(payload), button_case=case)


def _claimed(reading: Reading, signs: Signs, today: date, calendar: Workdays) -> Reading:
    """What the text claims once the numbers are taken out."""
    menu = _DIGIT.fullmatch(signs.rest)
    if menu:
        return replace(reading, intent=(_MENU | _SPOKEN)[menu[1].lower()])
    chosen, rest = _leading_digit(signs.rest)
    clauses = tuple(part for clause in clauses_of(rest) for part in splits(without_lead(clause)))
    named = bool(signs.numbers or signs.codes or signs.possible)
    if is_courtesy(clauses):
        if asks(clauses, claims=False):
            return replace(reading, intent=chosen or Intent.NOTE, asks=True)
        courtesy = not (named or chosen) and bool(rest.strip()) and "?" not in rest
        words = {word for clause in clauses for word in clause.words}
        assent = courtesy and bool(words & _ASSENT) and "maaf" not in words
        return replace(
            reading, intent=chosen or Intent.NOTE, names_only=named and not chosen, courtesy=courtesy, assent=assent
        )
    said = _said(replace(reading, orders=is_order(signs.rest)), clauses, today, calendar)
    more_time = said.intent in (Intent.EXTENSION, Intent.NOT_OURS)  # the office hears of these anyway
    said = replace(
        said, asks=not (more_time or said.date_unclear) and asks(clauses, claims=said.intent is not Intent.NOTE)
    )
    if chosen is None or said.intent is chosen:
        return said
    if said.intent is not Intent.NOTE or _speak_against(chosen, clauses):
        # "1 bukan kewenangan kami": digit and words disagree, so neither is taken.
        return replace(reading, intent=Intent.NOTE)
    return said if said.date_unclear else replace(said, intent=chosen)


def _speak_against(chosen: Intent, clauses: tuple[Clause, ...]) -> bool:
    against = _AGAINST.get(chosen, frozenset())
    return any(against & set(one.words) or (chosen is Intent.DONE and is_question(one)) for one in clauses)


def _leading_digit(text: str) -> tuple[Intent | None, str]:
    """The menu's digit before words ("2 sedang diproses"), unless it counts something ("2 hari lagi")."""
    found = _DIGIT_FIRST.match(text)
    if not found:
        return None, text
    rest = text[found.end() :]
    words = clauses_of(rest)
    counts = words and words[0].words[0] in COUNTED
    return (None, text) if counts else (_MENU[found[1] or found[2]], rest)


def _said(reading: Reading, clauses: tuple[Clause, ...], today: date, calendar: Workdays) -> Reading:
    senses = [sense_of(clause) for clause in clauses]
    intent = intent_of(senses)
    if intent is Intent.DONE and counts_fewer([clause.words for clause in clauses]):
        intent = Intent.IN_PROCESS
    denies = intent is Intent.NOTE and any(sense.denied for sense in senses)
    owns = intent is Intent.NOTE and any(sense.ours for sense in senses)
    relapsed = intent is Intent.NOTE and any(sense.relapsed for sense in senses)
    reading = replace(reading, denies=denies, owns=owns, relapsed=relapsed)
    # "Sudah selesai. Besok kami laporkan ke pimpinan" stays done: only a day of finishing outweighs it.
    serious = [c for c in clauses if intent is not Intent.DONE or finishes(c.words)]
    promise = find_promise(serious, today, calendar)
    if promise is None or intent is Intent.NOT_OURS or any(sense.more_time for sense in senses):
        return replace(reading, intent=intent)
    if promise.until is None:
        plain = Intent.NOTE if intent in (Intent.DONE, Intent.EXTENSION) else intent
        return replace(reading, intent=plain, date_unclear=True, only_date=promise.only)
    return replace(reading, intent=Intent.PROMISE, promise_until=promise.until, only_date=promise.only)


def _answer(text: str) -> bool | None:
    words = re.sub(r"[\s.,!]+", " ", text.casefold()).strip()
    words = _COURTESY_END.sub("", words)
    if words in _YES or words in _NO:
        return words in _YES
    if not _MAY_ANSWER.search(text):
        return None
    clauses = clauses_of(text)
    said = [core for clause in clauses if (core := set(clause.words) - _BESIDE_WILLING)]
    if any(clause.asks for clause in clauses) or not said:
        return None
    if said[0] in ({"tidak", "bersedia"}, {"tidak", "sanggup"}) or (len(said) == 1 and said[0] == {"tidak", "bisa"}):
        return False  # with its reason behind it; a yes with a condition is none
    return True if len(said) == 1 and said[0] <= _WILLING else None
