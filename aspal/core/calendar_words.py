"""Office hours and days off as an admin writes them, and back. Pure; what is wrong is said in Indonesian."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from aspal.core.wording import DAYS, MONTHS
from aspal.core.workdays import Block, HoursPeriod

WORKDAYS = range(5)  # Monday to Friday: on other days the office never counts
LONGEST_LIST = 100  # days in one paste: a decree has some twenty
_BLOCK = re.compile(r"(\d{1,2})[.:](\d{2})\s*(?:-|–|—|sampai|s\.?d\.?)\s*(\d{1,2})[.:](\d{2})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]+)[-/. ](\d{4})")


class WrittenWrongly(ValueError):
    """What cannot be understood, and how it is written."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """One line of a decree."""

    day: date
    name: str


def hours_text(period: HoursPeriod) -> str:
    """ "Senin sampai Kamis 07.30–16.00; Jumat 07.30–11.30 dan 13.00–16.30"."""
    groups: list[tuple[list[int], str]] = []
    for day in WORKDAYS:
        words = " dan ".join(blocks_text(period.blocks.get(day, ()), "–").split(", ")) or "tutup"
        if groups and groups[-1][1] == words:
            groups[-1][0].append(day)
        else:
            groups.append(([day], words))
    return "; ".join(f"{_days(days)} {words}" for days, words in groups)


def _days(days: list[int]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]} sampai {DAYS[days[-1]]}"


def blocks_text(blocks: tuple[Block, ...], dash: str = "-") -> str:
    """ "07.30-11.30, 13.00-16.30"."""
    return ", ".join(f"{start:%H.%M}{dash}{end:%H.%M}" for start, end in blocks)


def blocks_from(text: str, day: int) -> tuple[Block, ...]:
    """The hours of one day as typed; none for a closed one. Raises WrittenWrongly."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;]| dan ", text))):
        match = _BLOCK.fullmatch(part)
        try:
            if match is None:
                raise ValueError
            hour, minute, until_hour, until_minute = (int(number) for number in match.groups())
            found.append((time(hour, minute), time(until_hour, until_minute)))
        except ValueError as error:
            message = f"{DAYS[day]}: tulis jam seperti 07.30-16.00, atau dua bagian 07.30-11.30, 13.00-16.30."
            raise WrittenWrongly(message) from error
    return tuple(found)


def period_from(name: str, first: str, last: str, hours: Mapping[int, str]) -> HoursPeriod:
    """A period of hours as typed; without dates it is the ordinary one. Raises WrittenWrongly."""
    if not name.strip():
        raise WrittenWrongly("Beri nama jam kerja ini, misalnya Ramadan 1448 H.")
    begin, end = (day_from(text) if text.strip() else None for text in (first, last))
    blocks = {day: spans for day in WORKDAYS if (spans := blocks_from(hours.get(day, ""), day))}
    if not blocks:
        raise WrittenWrongly("Isi jam untuk sedikitnya satu hari; tanpa itu tidak ada pesan yang dapat dikirim.")
    try:
        return HoursPeriod(name.strip()[:80], begin, end, blocks)
    except ValueError as error:
        reason = "hari terakhir mendahului hari pertama" if "last day" in str(error) else "jam bertumpuk atau terbalik"
        raise WrittenWrongly(f"Periksa kembali: {reason}.") from error


def day_from(text: str) -> date:
    """2027-03-20, 20-03-2027, 20/3/2027 or 20 Maret 2027. Raises WrittenWrongly."""
    words = text.strip()
    try:
        if match := _ISO.fullmatch(words):
            return date(*(int(number) for number in match.groups()))
        if match := _DAY_FIRST.fullmatch(words):
            return date(int(match[3]), _month(match[2]), int(match[1]))
    except ValueError as error:
        raise WrittenWrongly(f"Tanggal \u201c{words[:30]}\u201d tidak ada di kalender.") from error
    raise WrittenWrongly(f"Tanggal \u201c{words[:30]}\u201d tidak terbaca; tulis seperti 2027-03-20.")


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    found = [n for n, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.lower().startswith(word.lower())]
    if len(found) != 1:
        raise ValueError(word)
    return found[0]


def days_from(text: str) -> list[NamedDay]:
    """The days of a decree, one a line: "2027-03-20; Cuti bersama Idul Fitri". Raises WrittenWrongly."""
    found: dict[date, NamedDay] = {}
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > LONGEST_LIST:
        raise WrittenWrongly(f"Paling banyak {LONGEST_LIST} hari sekali tempel; ini {len(lines)} baris.")
    for number, line in lines:
        day, *rest = (part.strip().strip('"') for part in re.split("[;\t,]", line.strip(), maxsplit=1))
        name = rest[0] if rest else ""
        if not name:
            raise WrittenWrongly(f"Baris {number}: tulis tanggal, titik koma, lalu nama harinya.")
        try:
            known = day_from(day)
        except WrittenWrongly as problem:
            raise WrittenWrongly(f"Baris {number}: {problem}") from problem
        if known in found:
            raise WrittenWrongly(f"Baris {number}: tanggal itu sudah ada di baris lain.")
        found[known] = NamedDay(known, name[:200])
    if not found:
        raise WrittenWrongly("Belum ada hari yang ditulis.")
    return sorted(found.values(), key=lambda one: one.day)
