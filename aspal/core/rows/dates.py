"""The day that a cell of an Indonesian spreadsheet means: always day first, never guessed. Pure."""

import math
import re
import unicodedata
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

WIB = timezone(timedelta(hours=7), "WIB")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari peb february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags agust aug august",
            "september sep sept",
            "oktober okt october oct",
            "november nov nopember nop",
            "desember des december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_BLANK = re.compile(r"[-–—?.\s]*|0000-00-00.*|00[/-]00[/-]0000.*|null|none|nan|n/a|#n/a|kosong|tidak ada|belum( ada)?")
_WEEKDAY = re.compile(r"^(senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad)\b[\s,]*")
_DAY_FIRST = r"(?P<day>\d{1,2})\s*[-/.\s]\s*(?P<month>\d{1,2}|[a-z]+)\.?\s*[-/.,\s]\s*(?P<year>\d{4})"
_YEAR_FIRST = r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})"
_TIME = r"(?:[\s|,(t@-]*(?:pukul|jam)?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?)?"
_ZONE = r"[\s(]*(?P<zone>wib|wita|wit|utc|gmt|z|[+-]\d{2}:?\d{2})?[\s)]*"
_PATTERNS = tuple(re.compile(form + _TIME + _ZONE) for form in (_DAY_FIRST, _YEAR_FIRST))
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}\s*[-/.\s]\s*(\d{1,2}|[a-z]+)\.?\s*[-/.,\s]\s*'?\d{2}(?!\d).*")
_NO_YEAR = re.compile(r"\d{1,2}\s*[-/.\s]\s*(\d{1,2}|[a-z]+)\.?")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73415  # 1 Jan 2000 to 31 Dec 2100: older than any complaint system, or a typo


def read_day(value: object, zone: tzinfo = WIB) -> date | None:
    """The local day, None for a blank cell; raises ValueError with a reason in Indonesian.

    `zone` matters only for a moment given in another offset than Indonesia's, such as UTC from an API.
    """
    if isinstance(value, datetime):
        return _plausible(_local(value, zone))
    if isinstance(value, date):
        return _plausible(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise ValueError("bukan tanggal; tulis seperti 22/11/2024")
    if isinstance(value, int | float):
        return _from_serial(value)
    return _from_text(value, zone) if value else None


def _from_serial(value: float) -> date:
    if not math.isfinite(value) or not _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        raise ValueError("bukan tanggal; tulis seperti 22/11/2024")
    return date(1899, 12, 30) + timedelta(days=math.floor(value))


@lru_cache(maxsize=4096)  # a file has far fewer days than rows
def _from_text(value: str, zone: tzinfo) -> date | None:
    text = unicodedata.normalize("NFKC", value).casefold().strip().strip("'\"()[]").strip()
    if _BLANK.fullmatch(text):
        return None
    text = _WEEKDAY.sub("", text).strip("() ")
    if serial := _SERIAL.fullmatch(text):
        return _from_serial(int(serial[1]))
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return _plausible(_local(_moment(found), zone))
    if _TWO_DIGIT_YEAR.fullmatch(text):
        raise ValueError("tahun dua angka tidak diterima; tulis tahun lengkap, misalnya 22/11/2024")
    if _NO_YEAR.fullmatch(text):
        raise ValueError("tahun tidak tertulis; tulis tahun lengkap, misalnya 22/11/2024")
    raise ValueError("tanggal tidak terbaca; tulis hari/bulan/tahun, misalnya 22/11/2024")


def _moment(found: re.Match[str]) -> datetime:
    part = found.groupdict()
    month = int(part["month"]) if part["month"].isdigit() else _MONTHS.get(part["month"], 0)
    clock = (int(part["hour"] or 0), int(part["minute"] or 0), int(part["second"] or 0))
    try:
        return datetime(int(part["year"]), month, int(part["day"]), *clock, tzinfo=_offset(part["zone"]))
    except ValueError as error:
        raise ValueError("tanggal ini tidak ada di kalender; tulis hari/bulan/tahun, misalnya 22/11/2024") from error


def _offset(word: str | None) -> tzinfo | None:
    if word is None or word in ("wib", "wita", "wit"):  # the day as printed is the local day
        return None
    if word in ("z", "utc", "gmt"):
        return timezone.utc  # noqa: UP017 - beside timezone(timedelta(...)) this reads as one thing
    sign = -1 if word[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(word[1:3]), minutes=int(word[-2:])))


def _local(moment: datetime, zone: tzinfo) -> date:
    offset = moment.utcoffset()
    if offset is None or timedelta(hours=7) <= offset <= timedelta(hours=9):
        return moment.date()
    try:
        return moment.astimezone(zone).date()
    except (OverflowError, ValueError):
        return moment.date()


def _plausible(day: date) -> date:
    if not 2000 <= day.year <= 2100:
        raise ValueError(f"tahun {day.year} tidak masuk akal; periksa tanggalnya")
    return day
