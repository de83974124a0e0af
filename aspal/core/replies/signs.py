"""What in a reply points at a case: report numbers, short codes, letters of a question. Pure.

A run of digits is a report number only when it can be nothing else. Phone numbers, dates, amounts, measures and web
addresses are `possible`: they count only where they equal, digit for digit, a number of this very person.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

# What stands in our own messages, sent back with a word added: its days are the limits, not the writer's.
_OURS = re.compile(
    r"\(\d+ hari kerja, ?#\w{2,8}\)|\bbatas(?: (?:tindak lanjut|waktu))?\s*:?\s*(?:\w+, )?\d{1,2} [a-z]{3,} \d{4}",
    re.IGNORECASE,
)
_MANUAL = re.compile(r"\bMAN[\s-]?(\d{4})[\s-]?(\d{4,6})\b", re.IGNORECASE)
_LAPOR_LINK = re.compile(r"(?:https?://)?(?:www\.)?lapor\.go\.id/\S*?(\d{5,10})\b\S*", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w#])\+?(?:62|0)[\s.-]?\d{2,4}(?:[\s.-]?\d{2,5}){1,3}(?!\w)")
_AMOUNT = re.compile(
    r"\brp\.?\s?[\d.,]+|\b\d[\d.]*,-|\b\d[\d.,]*\s?(?:rupiah|ribu|juta|miliar|jt|rb)\b"
    r"|\b\d{1,3}(?:\.\d{3})*\.000\b(?!\.)|(?<![\d.])\d{2,7}000(?!\d)|\b(?:biaya|anggaran|dana|pagu|nilai|sebesar|senilai|total)\b[\s:]*\d[\d.,]*",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\b\d[\d.,]*\s?(?:meter|mtr|m2|m3|m|cm|km|kg|gram|ton|liter|ltr|ha|hektar|kk|jiwa|orang|org|unit|buah|titik|volt|watt|%)(?!\w)",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"\b(?:surat|nota dinas|nodin|nip|nik|npwp|rekening|rek|kode pos|idpel|id pel|pelanggan|spk|kontrak|sk|perbup"
    r"|perda|polisi)"
    r"(?: tugas| dinas| pos)?(?: nomor| no\.?| :)?\s*[:.]?\s*[\w./-]*\d[\w./-]*",
    re.IGNORECASE,
)  # fmt: skip
_DATE = re.compile(r"\b\d{1,4}[/-]\d{1,2}[/-]\d{1,4}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b")
_GROUPED = re.compile(r"(?<![\w.,])#?(\d{1,3}(?:\.\d{3})+)(?![\w]|[.,]\d)")
_DIGITS = re.compile(r"(?<![\w.,/+-])#?(\d{5,10})(?![\w/]|[.,]\d)")
_ANY_DIGITS = re.compile(r"(?<!\d)\d{5,10}(?!\d)")
_TAIL = re.compile(
    r"\b(?:laporan|lap|aduan|pengaduan|tiket)\b[\s.:]*(?:(?:nomor|no|id)\b)?[\s.:#]*(?!20\d\d\b)(\d{3,4})\b(?![/.,-]?\w)",
    re.IGNORECASE,
)
_CODE = re.compile(r"#(?:\s(?=[a-z]*\d))?([0-9a-z]{2,8})\b|\bkode\s*[:=]?\s*#?([0-9a-z]{2,8})\b", re.IGNORECASE)
_LETTERS = re.compile(
    r"(?:(?:jawaban(?:nya)?|jawab|pilih|pilihan|opsi|huruf|yang|yg|untuk|utk|laporan|nomor|no)[\s.:]*)*"
    r"[(\[\"']?([a-j])[)\]\"'.]*((?:(?:\s*(?:,|&|/|dan|sama|serta)\s*|\s+)[(\[]?[a-j]\b[)\]]?)*)"
    r"(?:\s+(?:ya|pak|bu|kak|mas|mbak|min|bang|ndan|komandan|saja|aja|nggih|terima ?kasih|makasih))*[\s.!,]*",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signs:
    """What points at a case, and the text without it."""

    numbers: tuple[str, ...]  # surely report numbers: "1916449", "MAN-2026-0001"
    possible: tuple[str, ...]  # digits that may be anything
    codes: tuple[str, ...]  # upper case, without "#"
    rest: str
    text: str = ""  # as it was searched
    places: tuple[tuple[int, int, str], ...] = ()  # where the numbers and codes stand in it: first, end, which


def find(text: str) -> Signs:
    """The signs of a reply. Digits are compared as text: "01916449" is another number than "1916449"."""
    text = _OURS.sub(" ", unicodedata.normalize("NFKC", text))
    possible = _ANY_DIGITS.findall(text) + [match[1].replace(".", "") for match in _GROUPED.finditer(text)]
    places: list[tuple[int, int, str]] = []
    rest = text

    def take(match: re.Match[str], name: str) -> None:
        nonlocal rest
        places.append((match.start(), match.end(), name))
        rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]

    for match in _MANUAL.finditer(text):
        take(match, f"MAN-{match[1]}-{match[2]}")
    for match in _LAPOR_LINK.finditer(rest):
        take(match, match[1])
    for pattern in (_GROUPED, _DIGITS) if possible else ():
        for match in pattern.finditer(_without_other_digits(rest)):
            digits = match[1].replace(".", "")
            if 5 <= len(digits) <= 10 and not _is_day(digits) and not digits.startswith("0"):
                take(match, digits)
    numbers = tuple(dict.fromkeys(name for _, _, name in places))
    codes = [(match, (match[1] or match[2]).upper()) for match in _CODE.finditer(rest)]
    for match, code in codes:
        take(match, code)
    return Signs(
        numbers, tuple(n for n in dict.fromkeys(possible) if n not in numbers),
        tuple(dict.fromkeys(code for _, code in codes)), rest, text,
        tuple(sorted(place for place in places if place[2] in numbers or looks_like_code(place[2]))),
    )  # fmt: skip


def tails(text: str) -> tuple[str, ...]:
    """The last digits of report numbers, as people say them: "laporan 346 sudah"."""
    return tuple(_TAIL.findall(_without_other_digits(text)))


def looks_like_code(code: str) -> bool:
    """ "#semangat" is a hashtag."""
    return len(code) <= 5 and any(sign.isdigit() for sign in code)


def letters(text: str) -> tuple[str, ...]:
    """The letters of an answer that is nothing but letters ("B", "yang A pak", "A dan C"), else none."""
    found = _LETTERS.fullmatch(text.strip())
    if not found:
        return ()
    return tuple(dict.fromkeys([found[1].upper(), *re.findall(r"\b[A-J]\b", found[2].upper())]))


def _without_other_digits(text: str) -> str:
    """The same length, with everything blanked whose digits mean something else."""
    for pattern in (_LINK, _AMOUNT, _MEASURE, _PAPER, _DATE, _PHONE):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def _is_day(digits: str) -> bool:
    """ "12082026" and "20260812" are days."""
    if len(digits) != 8:
        return False
    for year, month, day in ((digits[4:], digits[2:4], digits[:2]), (digits[:4], digits[4:6], digits[6:])):
        try:
            if 2000 <= date(int(year), int(month), int(day)).year <= 2100:
                return True
        except ValueError:
            continue
    return False
