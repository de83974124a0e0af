"""One cell of an office's file: its text, a number that a spreadsheet mangled, a list of units. Pure."""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from aspal.core.columns import fold
from aspal.core.rows.words import TICKS
from aspal.core.secrecy import redact

T = TypeVar("T")

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]|_x000[dD]_"
)
_NOTHING = {"", "null", "none", "nan", "n/a", "#n/a", "#ref!", "#value!", "#name?"}
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_UNIT_BREAK = re.compile(r"[;|\r\n\u2028\u2029]+|\s/\s")  # never a comma: official unit names contain commas
_BULLET = re.compile(r"^(?:\d{1,2}[.)]\s+|[-•*]\s+)")
_EXACT = 2**53  # above this a spreadsheet has already lost the last digits
_NUMBER_LOST = (
    "angka panjang sudah rusak oleh spreadsheet; atur format kolom sebagai Teks, ketik ulang angkanya, lalu unggah lagi"
)


class Unreadable(Exception):
    """A cell that cannot be understood. `held`: an admin can settle it; otherwise the office corrects its file."""

    def __init__(self, column: str | None, reason: str, *, held: bool = False) -> None:
        super().__init__(reason)
        self.column, self.reason, self.held = column, reason, held


def text(value: object, *, lines: bool = False) -> str:
    """The cell as one clean line (or as lines); "" for a blank one. 81234567890.0 becomes "81234567890"."""
    if type(value) is str and len(value) > 9 and value.isascii() and value.isprintable() and "_x000" not in value:
        # Most cells: nothing invisible in them, and too long to mean "nothing".
        found = " ".join(value.split()) if "  " in value else value.strip()
        if len(found) > 9 and found[0].isalnum():
            return found
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    if isinstance(value, bool):
        value = "ya" if value else "tidak"
    if isinstance(value, datetime | date):
        value = value.isoformat()
    found = _INVISIBLE.sub("", "" if value is None else str(value))
    found = found.strip() if lines else " ".join(found.split())
    return "" if found.casefold() in _NOTHING or not found.strip("-–—. \t\r\n") else found


def quoted(value: object) -> str:
    """A cell inside a reason: short, and without the personal data that a shifted column would show."""
    if isinstance(value, date):  # as the spreadsheet shows it, not as it keeps it
        value = f"{value:%d/%m/%Y %H.%M}".removesuffix(" 00.00")
    found = redact(text(value))
    return f'"{found if len(found) <= 40 else found[:39] + "…"}"'


def free_text(value: object, cap: int) -> str | None:
    found = redact(text(value))
    return (found if len(found) <= cap else found[: cap - 1].rstrip() + "…") or None


def digits(column: str, value: object) -> str:
    """Digits typed into a cell that a spreadsheet may have taken for a number; refuses what it has destroyed.

    Raises Unreadable.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = math.isfinite(value) and float(value).is_integer()
        if not whole or not 0 <= value < _EXACT:
            raise Unreadable(column, f"{quoted(value)}: {_NUMBER_LOST}")
    found = unicodedata.normalize("NFKC", text(value)).lstrip("'’`").strip()
    if _SCIENTIFIC.fullmatch(found):
        raise Unreadable(column, f"{quoted(value)}: {_NUMBER_LOST}")
    return found


def tracking_id(value: object) -> str | None:
    """LAPOR's number as plain digits: "#1.916.449", " 1916449 " and 1916449.0 are the same complaint."""
    if type(value) is str and 5 <= len(value) <= 10 and value.isascii() and value.isdigit():
        return value
    found = digits("tracking_id", value).lstrip("#").replace(" ", "")
    if not found:
        return None
    if _GROUPED.fullmatch(found):
        found = re.sub(r"[.,]", "", found)
    found = re.sub(r"(?<=\d)[.,]0+$", "", found)
    if not re.fullmatch(r"[0-9]{5,10}", found):
        raise Unreadable("tracking_id", f"{quoted(value)} bukan nomor LAPOR; isi 5 sampai 10 angka, tanpa huruf")
    return found


def units(value: object) -> tuple[str, ...]:
    """The units named in one cell, each once, in their order. Raises Unreadable."""
    found = (_BULLET.sub("", " ".join(part.split())) for part in _UNIT_BREAK.split(text(value, lines=True)))
    names = {fold(name): name for name in reversed([name.strip(" /") for name in found]) if fold(name)}
    if any(len(name) > 300 for name in names.values()):
        raise Unreadable("opd", "nama instansi lebih dari 300 huruf; pisahkan beberapa instansi dengan tanda ;")
    return tuple(reversed(names.values()))


def word(value: object, meanings: Mapping[str, T]) -> T | None:
    """What a word means, None when it is not known; the caller has already looked whether the cell is blank."""
    return meanings.get(fold(text(value)))


def flag(value: object, meanings: Mapping[str, bool], *, unknown: bool | None) -> bool | None:
    """A yes/no cell: None when blank, `unknown` when the word is not known."""
    found = text(value)
    if not found:
        return None
    if found in TICKS:
        return True
    return meanings.get(fold(found), unknown)
