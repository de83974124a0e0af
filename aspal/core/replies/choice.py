"""An answer to "untuk laporan yang mana?" in one's own words: "semua", "A pak yang jalan rusak", "yang lampu". Pure.

Certain, or nothing: the words must all be of one single option, as the question showed it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aspal.core.replies.signs import find as find_signs
from aspal.core.replies.vocabulary import NOT, these
from aspal.core.replies.words import clauses as clauses_of

_ALL_OF = {
    "semua": 0,
    "semuanya": 0,
    "seluruhnya": 0,
    "keduanya": 2,
    "dua-duanya": 2,
    "ketiganya": 3,
    "tiga-tiganya": 3,
}
_BESIDE = these("pak bu kak mas mbak min admin iya untuk laporan yang itu ini nomor no huruf saja aja di")
_LETTER = re.compile(r"\W*(?:(?:yang|yg|untuk|utk|huruf|jawab|jawaban)\s+)?([a-j])\b(?!')", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Option:
    """What one letter of the question stood for."""

    number: str
    title: str  # as it was shown; empty where it must not be


def chosen(text: str, options: Mapping[str, Option]) -> tuple[str, ...]:
    """The letters that are meant; none when that is not certain, or when the reply says anything else."""
    signs = find_signs(text)
    letter = _LETTER.match(signs.rest)
    rest = signs.rest[letter.end() :] if letter else signs.rest
    clauses = clauses_of(rest)
    if signs.codes or any(clause.asks for clause in clauses):
        return ()
    words = {word for clause in clauses for word in clause.words}
    if not letter and not signs.numbers and words & _ALL_OF.keys():
        return _all_of(words, options)
    said = words - _BESIDE
    if said & (NOT | {"sudah"}) or not (said or letter):
        return ()
    fits = [key for key, option in options.items() if said <= _words(option.title)]
    if letter:
        fits = [key for key in fits if key == letter[1].upper()]
    if signs.numbers:
        fits = [key for key in fits if (options[key].number,) == signs.numbers]
    return tuple(fits) if len(fits) == 1 else ()


def _all_of(words: set[str], options: Mapping[str, Option]) -> tuple[str, ...]:
    counts = {_ALL_OF[word] for word in words & _ALL_OF.keys()}
    meant = words <= _BESIDE | _ALL_OF.keys() and counts <= {0, len(options)}
    return tuple(options) if meant else ()


def _words(title: str) -> set[str]:
    return {word for clause in clauses_of(title) for word in clause.words}
