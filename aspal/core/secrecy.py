"""What may be written to whom, and in which characters. Pure.

Titles come from citizens and land on WhatsApp: personal data is blacked out, and nothing in them can break a template
or act as markup or a link.
"""

import re
import unicodedata
from functools import lru_cache

from aspal.core.words import Kind

HIDDEN = "[disamarkan]"
LINK = "[tautan]"
GONE = "[dihapus]"  # what stands where words were deleted after their time

# Bounded: without it, a long word is scanned again from each of its letters.
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_GAP = r"[\s.\u2010-\u2015-]?"  # dates (05-08-2026) and hours (07.30-16.00) must survive: they are too short
_NUMBERS = re.compile(
    r"(?<!\d)(?:"
    rf"(?:\d{_GAP}){{15,}}\d"  # NIK and family card have 16 digits, NIP 18
    rf"|\+{_GAP}[1-9](?:{_GAP}\d){{7,13}}"  # international
    rf"|\(?(?:(?:00)?62|0){_GAP}8(?:\)?{_GAP}\d){{8,11}}"  # mobile
    r"|\(?0[1-9]\d{1,2}\)?[\s-]?\d{3,4}[\s-]?\d{2,4}"  # landline with its area code
    r"|8[1-9]\d{7,10}"  # mobile as a spreadsheet shows it, without its zero
    r")(?!\d)"
)
_DIGITS = b"0123456789"
_URL = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)\S+"
    r"|\b(?:[\w-]{2,}\.)+(?:com|net|org|info|id|io|me|ly|gl|co|xyz|site|online|app|link|click|top)\b(?:/\S*)?",
    re.IGNORECASE,
)
_MARKUP = str.maketrans({"*": "∗", "_": "-", "~": "∼", "`": "'"})  # look-alikes that WhatsApp does not read
_PLAIN = re.compile(r"[\w(\[\"'#+](?:[^\W_]|[,;:!?()\[\]\"'#+&%=-]|\.(?=\s|$)| (?! |$))*", re.ASCII)


def redact(text: str) -> str:
    """Blacks out what looks like an identity number, a phone number or an e-mail address."""
    if text.isascii() and "@" not in text and len(text) - len(text.encode().translate(None, _DIGITS)) < 8:
        return text  # all of those numbers have more digits; most titles have none
    return _NUMBERS.sub(HIDDEN, _EMAIL.sub(HIDDEN, text))


@lru_cache(maxsize=256)  # the messages of a morning share their office, unit, dates and remarks
def clean_value(text: str, cap: int = 200, *, ours: bool = False) -> str:
    """One line that a template variable may carry: visible characters, single spaces, never empty, at most `cap` long.

    `ours` leaves links and markup alone; for what we wrote ourselves.
    """
    if len(text) <= cap and _PLAIN.fullmatch(text) and not text.startswith("_"):
        return text  # most values, most of the time
    seen = text if text.isprintable() else "".join(_visible(text))
    line = " ".join(unicodedata.normalize("NFC", seen).split())
    if not ours:
        line = _URL.sub(LINK, line.translate(_MARKUP))
    return _cut(line, cap) or "-"


def is_secret(*, confidential: bool, supervised: bool, kind: str) -> bool:
    """Whether only number and dates of a complaint go beyond those who must act on it.

    So it is with what was marked confidential, and with what speaks of officials themselves: berkadar pengawasan, WBS.
    """
    return confidential or supervised or kind == Kind.WHISTLE


def visible_title(title: str | None, confidential: bool, supervised: bool) -> str | None:
    """The title as an officer may see it; None where it must not be shown, or where there is none."""
    if confidential or supervised or not title or not title.strip():
        return None
    return redact(title)


def _visible(text: str) -> list[str]:
    """Control characters become spaces; bidi marks, zero-width characters and lone surrogates vanish."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc":
            kept.append(" ")
        elif category not in ("Cf", "Cs"):
            kept.append(character)
    return kept


def _cut(line: str, cap: int) -> str:
    if len(line) <= cap:
        return line
    end = cap - 1
    while end and _joins(line[end]):  # never between a letter and its marks
        end -= 1
    return line[:end].rstrip() + "…"


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or "\U0001f3fb" <= character <= "\U0001f3ff"
