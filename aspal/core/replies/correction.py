"""Words that only point from one case to another: "maaf salah nomor, 1916502", "maksudnya B", "1916502 juga". Pure.

Certain, or nothing: beside one single sign the reply holds none but such words.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aspal.core.replies.parts import left_out
from aspal.core.replies.signs import find as find_signs
from aspal.core.replies.vocabulary import COURTESY, these
from aspal.core.replies.words import clauses as clauses_of

_WRONG = these("salah keliru ralat koreksi harusnya seharusnya tertukar")  # before the sign: "1916502 salah" is news
_FOUND_OUT = these("ternyata rupanya eh maaf")
_SLIP = these("kepencet pencet tekan sengaja tidak abaikan dikirim hapus batal batalkan dibatalkan bukan")
_MEANT = frozenset({"maksud"})
_ALIKE = these("juga sama idem dan serta")
_BESIDE = COURTESY - _ALIKE | these("eh oh kirim dikirim pilih tulis ketik tapi kode huruf jadi begitu dengan tadi")
_BESIDE_QUOTE = these("ini itu yang laporan pak bu begitu maaf eh")
_LETTER = re.compile(r"\b([a-j])\b(?!['.]\w)", re.IGNORECASE)
_NO_THE = re.compile(r"\bbukan\s*[,.;:]\s*", re.IGNORECASE)  # "eh bukan, 1916502"
_THE_RIGHT = re.compile(r"\b(?:yang|yg) (?:benar|bener|bnr|betul|btl)\b", re.IGNORECASE)


class Turned(StrEnum):
    """What becomes of the words before."""

    MOVED = "moved"  # they were meant for this case instead
    SHARED = "shared"  # they are true of this case too


@dataclass(frozen=True, slots=True)
class Correction:
    """Where to, and how."""

    turned: Turned
    name: str | None  # the number or code; None: the case whose message is quoted
    lettered: bool = False


def find(text: str, numbers: Mapping[str, str]) -> Correction | None:
    """What the reply points to, if it does nothing but that; `numbers`: what each letter stood for, asked lately."""
    plainly = _THE_RIGHT.sub("maksud", _NO_THE.sub("salah, ", text))
    spelled = _LETTER.sub(lambda found: numbers.get(found[1].upper(), found[0]), plainly)
    lettered = any(number in spelled and number not in text for number in numbers.values())
    signs = find_signs(spelled)
    out = left_out(signs)
    places = [(start, name) for start, _, name in signs.places if name not in out]
    if "?" in text or len({name for _, name in places}) > 1 or signs.possible:
        return None
    start, name = places[0] if places else (len(signs.rest), None)
    before, after = _words(signs.rest[:start]), _words(signs.rest[start:])
    said = before | after
    if said & _ALIKE and not out:
        beside = _BESIDE if name else _BESIDE_QUOTE
        return Correction(Turned.SHARED, name, lettered) if said <= beside | _ALIKE else None
    if not (before & _WRONG or said & _MEANT or (out and name)):
        return None
    if name is None:
        return Correction(Turned.MOVED, None) if "ini" in said and said <= _BESIDE_QUOTE | _WRONG | _MEANT else None
    fits = before <= _BESIDE | _WRONG | _MEANT | {"bukan"} and after <= _BESIDE | _MEANT | {"bukan"}
    return Correction(Turned.MOVED, name, lettered) if fits else None


def retracts(text: str, names: Collection[str]) -> Sequence[str] | None:
    """Nothing but that it was a mistake: "maaf salah nomor", "kepencet pak", "bukan 1916449" of these cases.

    Of which: those that it names, or else all.
    """
    signs = find_signs(text)
    out, said = left_out(signs), _words(signs.rest)
    if "?" in text or set(out) != {name for _, _, name in signs.places} or not set(out) <= set(names):
        return None
    slip = said & (_WRONG | _SLIP) and said <= _BESIDE | _WRONG | _SLIP and (out or "bukan" not in said)
    return (out or tuple(names)) if slip else None


def takes_back(text: str) -> bool:
    """Whether the words correct what was said just before, whatever they put in its place: "ralat, masih proses"."""
    return "?" not in text and bool(_words(text) & (_WRONG | _MEANT | _FOUND_OUT))


def shares(text: str) -> bool:
    """Whether these words said nothing but "juga": what they shared was said before them."""
    said = {word for word in _words(find_signs(text).rest) if len(word) > 1}
    return bool(said & _ALIKE) and said <= _BESIDE | _BESIDE_QUOTE | _ALIKE


def _words(text: str) -> set[str]:
    return {word for clause in clauses_of(text) for word in clause.words}
