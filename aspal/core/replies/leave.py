"""What a request for leave says: from when to when, and who stands in. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from aspal.core import far_days, phone
from aspal.core.replies.dates import DAY_WORDS, Workdays, mentions, spans
from aspal.core.replies.vocabulary import COURTESY, these
from aspal.core.replies.words import clauses as clauses_of

_NUMBER = re.compile(r"\+?(?:62|0)[\s.-]?8[\d\s.-]{7,15}\d")

_AWAY = these("cuti sakit dl dinas-luar libur umroh umrah haji diklat bimtek opname melahirkan luar diluar")
_BESIDE_AWAY = COURTESY - these("tim siap oke") | these("""
    sedang masih akan mau ambil di ke kota daerah negeri dinas tugas hari ini besok tanggal sampai minggu depan lagi
    tidak bisa bersedia menggantikan gantikan karena kebetulan rawat inap rumah tahunan bulan dan
""")
_IN_TURN = these("siap oke pengganti digantikan diganti")  # says more than that


@dataclass(frozen=True, slots=True)
class Leave:
    """As much of a request as the text tells."""

    first_day: date | None = None
    last_day: date | None = None
    substitute: str | None = None  # a phone number in one spelling

    @property
    def complete(self) -> bool:
        return self.first_day is not None and self.substitute is not None

    def filled_from(self, earlier: "Leave") -> "Leave":
        """What is missing here, as it was told before."""
        first, last = (
            (self.first_day, self.last_day) if self.first_day else (earlier.first_day, earlier.last_day)
        )  # fmt: skip
        return Leave(first, last, self.substitute or earlier.substitute)


def says_away(text: str) -> bool:
    """ "Maaf saya juga cuti", "saya lagi dinas luar": nothing but that the writer is not there either."""
    clauses = clauses_of(text)
    words = {word for clause in clauses for word in clause.words}
    if any(clause.asks for clause in clauses) or _NUMBER.search(text) or words & _IN_TURN:
        return False
    known = _BESIDE_AWAY | _AWAY | DAY_WORDS
    return bool(words & _AWAY) and all(word in known or word[0].isdigit() for word in words)


def read(text: str, today: date, calendar: Workdays) -> Leave:
    """ "12/8 - 15/8 pengganti 0812…" in any order. Days that are over, turned round or absurd are not taken."""
    substitute, rest = None, text
    for found in _NUMBER.finditer(text):
        try:
            substitute = phone.normalise(found[0])
        except phone.PhoneError:
            continue
        rest = text[: found.start()] + " , " + text[found.end() :]
    words = " ; ".join(clause.text for clause in clauses_of(rest))
    for first, last in spans(words, today, calendar):
        if first <= last and last >= today and not far_days.of_leave((first, last), today):
            return Leave(first, last, substitute)
        return Leave(substitute=substitute)
    days = {mention.day for mention in mentions(words, today, calendar)}
    day = next(iter(days)) if len(days) == 1 else None
    meant = day is not None and day >= today and not far_days.of_leave([day], today)
    return Leave(day, day, substitute) if meant else Leave(substitute=substitute)
