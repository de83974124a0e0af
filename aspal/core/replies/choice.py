"""An answer to "untuk laporan yang mana?" in one's own words: "semua", "A pak yang jalan rusak", "yang lampu". Pure.

Certain, or nothing: the words must all be of one single option, as the question showed it. "A sudah, B masih proses" is
news of its own, with letters for numbers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aspal.core.replies.dates import DAY_WORDS
from aspal.core.replies.signs import find as find_signs
from aspal.core.replies.vocabulary import NOT, these
from aspal.core.replies.words import clauses as clauses_of
from aspal.core.replies.words import plain

_ALL_OF = {
    "semua": 0,
    "semuanya": 0,
    "seluruhnya": 0,
    "keduanya": 2,
    "dua-duanya": 2,
    "ketiganya": 3,
    "tiga-tiganya": 3,
}
_ORDINALS = {"pertama": 0, "kedua": 1, "ketiga": 2, "keempat": 3, "kelima": 4}
_AND = re.compile(r"\b(?:dan|sama|serta|dgn|dengan)\b|[,&+/]", re.IGNORECASE)
_BESIDE = these("pak bu kak mas mbak min admin iya untuk laporan yang itu ini nomor no huruf saja aja di foto gambar")
_LETTER = re.compile(r"\W*(?:(?:yang|yg|untuk|utk|huruf|jawab|jawaban)\s+)?([a-j])\b(?!')", re.IGNORECASE)
# "A sudah, B dan C masih proses": a letter is one where such a word follows. "A. Yani sudah", "d proses" name none.
_STATUS = DAY_WORDS | these(
    "sudah belum masih sedang proses diproses selesai bukan besok lusa minta mohon tanggal juga"
)
_LIKE_WORDS = frozenset("deg")  # short for "di", "e-" and "gak" before a verb
_VERBS = these("proses diproses selesai minta mohon")
_MANNERS = these("eh oh maaf ralat yang untuk laporan huruf jawaban dijawab pak bu")
_JOINING = these("dan sama serta , & /")
_SIGNS = re.compile(r"[^\W\d]+|\d[\d./-]*|[^\w\s]|\n")


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
    if not letter and not signs.numbers and len(said) == 1 and (said <= _ORDINALS.keys()):
        nth = _ORDINALS[said.pop()]
        return tuple(options)[nth : nth + 1]
    if said & (NOT | {"sudah"}) or not (said or letter):
        return ()
    if not letter and not signs.numbers and (each := _each_of(rest, options)):
        return each
    fits = [key for key, option in options.items() if said <= _words(option.title)]
    if letter:
        fits = [key for key in fits if key == letter[1].upper()]
    if signs.numbers:
        fits = [key for key in fits if (options[key].number,) == signs.numbers]
    return tuple(fits) if len(fits) == 1 else ()


def _each_of(text: str, options: Mapping[str, Option]) -> tuple[str, ...]:
    """ "Yang lampu sama drainase": several options, each by words of its own."""
    named = [_words(part) - _BESIDE for part in _AND.split(text)]
    fits = [[key for key, option in options.items() if said and said <= _words(option.title)] for said in named]
    certain = len(fits) > 1 and all(len(keys) == 1 for keys in fits)
    return tuple(dict.fromkeys(keys[0] for keys in fits)) if certain else ()


def spelled_out(text: str, numbers: Mapping[str, str]) -> str:
    """The same text with each letter's number in its place, where it begins with a letter; else as it is."""
    tokens = list(_SIGNS.finditer(text)) if numbers else []
    words = [plain(token[0].casefold()) for token in tokens]
    first = next((n for n, word in enumerate(words) if word not in _MANNERS | {","}), None)
    if first is None or not _is_sign(words, first, numbers):
        return text
    capital = tokens[first][0].isupper()
    for n in range(len(tokens) - 1, first - 1, -1):
        letter = tokens[n][0]
        if letter.upper() not in numbers or letter.isupper() != capital:
            continue
        begins = n == first or words[n - 1] in _JOINING | _MANNERS or words[n - 1] in (";", ".", "\n", "tapi")
        if not begins or not _is_sign(words, n, numbers):
            return text  # "A sudah, kata Bpk B. Susanto"
        text = text[: tokens[n].start()] + numbers[letter.upper()] + text[tokens[n].end() :]
    return text


def _is_sign(words: Sequence[str], at: int, numbers: Mapping[str, str]) -> bool:
    """Whether the letter there stands for its case: some news follows, or another letter that shares it."""
    if words[at].upper() not in numbers:
        return False
    after = words[at + 1 :]
    if after[:1] in ([":"], ["="], [")"]):
        return after[1:2] != [] and after[1] in _STATUS
    if len(after) > 1 and after[0] in _JOINING and after[1].upper() in numbers:
        return _is_sign(words, at + 2, numbers)
    status = _STATUS - _VERBS if words[at] in _LIKE_WORDS else _STATUS
    return after != [] and (after[0] in status or after[0] in ("1", "2", "3", "4"))


def _all_of(words: set[str], options: Mapping[str, Option]) -> tuple[str, ...]:
    counts = {_ALL_OF[word] for word in words & _ALL_OF.keys()}
    meant = words <= _BESIDE | _ALL_OF.keys() and counts <= {0, len(options)}
    return tuple(options) if meant else ()


def _words(title: str) -> set[str]:
    return {word for clause in clauses_of(title) for word in clause.words}
