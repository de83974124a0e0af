"""How dates, spans and lists are written for Indonesian readers. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
_ZONE_WORDS = {7: "WIB", 8: "WITA", 9: "WIT"}


def long_date(day: date) -> str:
    """ "Jumat, 14 Agustus 2026"."""
    return f"{DAYS[day.weekday()]}, {short_date(day)}"


def short_date(day: date) -> str:
    """ "14 Agustus 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_moment(moment: datetime, zone: str) -> str:
    """ "Jumat, 14 Agustus 2026 pukul 09.00 WITA"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{long_date(local.date())} pukul {local:%H.%M} {zone_word(local)}"


def zone_word(local: datetime) -> str:
    """WIB, WITA or WIT; another offset is written out."""
    offset = local.utcoffset()
    hours = offset.total_seconds() / 3600 if offset else 0.0
    return _ZONE_WORDS.get(int(hours), f"UTC{hours:+g}") if hours == int(hours) else f"UTC{hours:+g}"


def workdays(count: int) -> str:
    """ "3 hari kerja"."""
    return f"{count} hari kerja"


def ago(then: datetime, now: datetime) -> str:
    """ "5 menit lalu"."""
    seconds = int((now - then).total_seconds())
    for size, word in ((86400, "hari"), (3600, "jam"), (60, "menit")):
        if seconds >= size:
            return f"{seconds // size} {word} lalu"
    return "baru saja"


def listed(items: Sequence[str], most: int, *, joint: str = "; ") -> str:
    """The items on one line of at most `most` characters; what does not fit is counted: "… dan 7 lainnya"."""
    kept = list(items)
    while kept:
        rest = len(items) - len(kept)
        line = joint.join(kept) + (f"; dan {rest} lainnya" if rest else "")
        if len(line) <= most:
            return line
        kept.pop()
    return f"{len(items)} laporan"
