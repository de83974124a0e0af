"""Which day a phrase means, read from plain words (`words`). Pure. Never a guess: an unclear day is `None`.

Decisions: "Jumat" is the coming one, and on a Friday it is unclear; "Jumat depan" lies in the next calendar week;
"minggu ini" and "minggu depan" mean their last working day; "tgl 12" rolls over to the next month only when that is
at most 14 days away; "12/8" without a year never means a day more than 300 days ahead. "2-3 hari lagi" means 3.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb pebruari peb",
            "maret mar mrt",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "agustus agu agt ags agst agts agust agus aug",
            "september sep sept",
            "oktober okt oct",
            "november nov nopember nop",
            "desember des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {name: n for n, name in enumerate(("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"))}
_WEEKDAYS["ahad"] = 6
DAY_WORDS = frozenset({*_MONTHS, *_WEEKDAYS, "besok", "lusa"})
NUMBERS = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"]
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
_DAY_NAME = r"senin|selasa|rabu|kamis|jumat|sabtu|ahad|(?<=hari )minggu"


class Workdays(Protocol):
    """What reading a day needs of the office's calendar."""

    def is_workday(self, day: date) -> bool: ...

    def add_workdays(self, start: date, n: int) -> date: ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A day named in a text."""

    start: int
    end: int
    day: date | None  # None: which day is meant is not certain
    ahead: bool  # the words themselves lie in the future ("besok"), whatever the day is
    weekday: int | None = None  # where it is named by its weekday: Monday is 0


_Reader = Callable[[re.Match[str], date, Workdays], "tuple[date | None, bool] | None"]


def mentions(text: str, today: date, calendar: Workdays) -> tuple[Mention, ...]:
    """The days that `text` names, in order. Days spoken of as past ("Jumat lalu") are left out."""
    found: list[Mention] = []
    taken = text
    for pattern, read in _READERS:
        for hit in pattern.finditer(taken):
            meant = read(hit, today, calendar)
            if meant is not None:
                weekday = _weekday_named(hit) if read is _weekday else None
                found.append(Mention(hit.start(), hit.end(), *meant, weekday))
            taken = taken[: hit.start()] + "\0" * (hit.end() - hit.start()) + taken[hit.end() :]
    return tuple(sorted(found, key=lambda m: m.start))


def one_day(text: str, found: tuple[Mention, ...]) -> date | None:
    """The day that these mentions mean together; None when they differ. Of a span ("Senin sampai Rabu") its last.

    A weekday beside its date says nothing of its own: "Senin tanggal 24" is the 24th, though a Monday comes before it.
    """
    dates = [mention for mention in found if mention.weekday is None]
    if len(dates) == 1 and all(mention.weekday in (None, _number_of(dates[0].day)) for mention in found):
        return dates[0].day
    days = {mention.day for mention in found}
    if len(days) == 1:
        return found[0].day
    spans = len(found) == 2 and re.fullmatch(r"\s*(?:sampai|-)\s*(?:dengan)?\s*", text[found[0].end : found[1].start])
    return found[1].day if spans and None not in days else None


def _number_of(day: date | None) -> int | None:
    return None if day is None else day.weekday()


def _weekday_named(hit: re.Match[str]) -> int:
    """ "minggu" is Sunday only where no other day is named ("Rabu minggu depan")."""
    return next((_WEEKDAYS[word] for word in hit.group().split() if word in _WEEKDAYS and word != "minggu"), 6)


def _full(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool]:
    year = hit["year"]
    return _date(int(year) if len(year) == 4 else 2000 + int(year), int(hit["month"]), int(hit["day"])), False


def _month_named(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool]:
    month = _MONTHS[hit["month"]]
    if hit["year"]:
        return _date(int(hit["year"]), month, int(hit["day"])), False
    return _nearest(today, month, int(hit["day"])), False


def _day_and_month(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool]:
    return _nearest(today, int(hit["month"]), int(hit["day"])), False


def _day_of_month(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool] | None:
    if re.match(r" (?:yang )?(?:lalu|kemarin)", hit.string[hit.end() :]):
        return None
    this = _date(today.year, today.month, int(hit["day"]))
    if this and this >= today:
        return this, False
    later = today.replace(day=1) + timedelta(days=32)
    rolled = _date(later.year, later.month, int(hit["day"]))
    return (rolled if rolled and (rolled - today).days <= 14 else None), False


def _of_this_or_next_month(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool]:
    month = today.replace(day=1) + timedelta(days=32 if hit["which"] == "depan" else 0)
    return _date(month.year, month.month, int(hit["day"])), False


def _weekday(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool] | None:
    words = hit.group().split()
    if {"lalu", "kemarin", "tadi"} & set(words):
        return None
    monday = today - timedelta(days=today.weekday())
    number = _weekday_named(hit)
    if "depan" in words:
        return monday + timedelta(days=7 + number), True
    coming = today + timedelta(days=(number - today.weekday()) % 7)
    if coming == today and not {"ini"} & set(words):
        return None, bool({"besok", "lusa"} & set(words))
    return coming, bool({"besok", "ini"} & set(words))


def _after_days(hit: re.Match[str], today: date, calendar: Workdays) -> tuple[date | None, bool]:
    count = _number(hit["most"] or hit["count"])
    if hit["kind"] and hit["kind"].startswith("hari kerja"):
        return calendar.add_workdays(today, count), True
    days = {"minggu": 7, "bulan": 30}.get((hit["kind"] or "").split()[0], 1) * count
    return today + timedelta(days=days), True


def _after_one(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool]:
    return today + timedelta(days={"seminggu": 7, "sehari": 1, "sebulan": 30}[hit["span"]]), True


def _by_hours(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool]:
    return today + timedelta(days=int(hit["times"])), True


def _fixed(days: int, *, ahead: bool) -> _Reader:
    return lambda hit, today, calendar: (today + timedelta(days=days), ahead)


def _this_week(hit: re.Match[str], today: date, calendar: Workdays) -> tuple[date | None, bool]:
    return _last_workday(today, today + timedelta(days=6 - today.weekday()), calendar), True


def _next_week(hit: re.Match[str], today: date, calendar: Workdays) -> tuple[date | None, bool]:
    monday = today + timedelta(days=7 - today.weekday())
    if hit.group().startswith("awal"):
        return monday, True
    return _last_workday(monday, monday + timedelta(days=6), calendar), True


def _month_end(hit: re.Match[str], today: date, _: Workdays) -> tuple[date | None, bool]:
    first = today.replace(day=1)
    for _months in range(2 if "depan" in hit.group() else 1):
        first = (first + timedelta(days=32)).replace(day=1)
    return first - timedelta(days=1), True


def _last_workday(first: date, last: date, calendar: Workdays) -> date | None:
    days = (last - timedelta(days=n) for n in range((last - first).days + 1))
    return next((day for day in days if calendar.is_workday(day)), None)


def _nearest(today: date, month: int, day: int) -> date | None:
    """The coming one, or the one just past: whichever the writer may have meant is told by how far it lies."""
    this, following = _date(today.year, month, day), _date(today.year + 1, month, day)
    if this and this < today and following and (following - today).days <= 65:
        return following
    return this


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS.index(text) + 1


def spans(text: str, today: date, calendar: Workdays) -> Iterator[tuple[date, date]]:
    """First and last day of every span ("12/8-15/8", "12-15 agustus", "Senin sampai Rabu") in the text."""
    text = _SHORT_SPAN.sub(r"\1 \3 sampai \2 \3", _SLASHED_SPAN.sub(r"\1 sampai \2", text))
    text = _BARE_SPAN.sub(r"tanggal \1 sampai tanggal \2", text)
    found = [mention for mention in mentions(text, today, calendar) if mention.day]
    for first, last in pairwise(found):
        if re.fullmatch(r"\s*(?:sampai|-)\s*(?:dengan)?\s*", text[first.end : last.start]) and first.day and last.day:
            yield first.day, last.day


_SLASHED = r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4}|[/.-]\d{2})?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_SLASHED_SPAN = re.compile(rf"(?<![\d/.-])({_SLASHED}) ?- ?({_SLASHED})(?![\d/.-])")
_TO = r"(?: ?- ?| ?sampai (?:dengan )?(?:tanggal )?| dan )"
_SHORT_SPAN = re.compile(rf"\b(\d{{1,2}}){_TO}(\d{{1,2}}) ({'|'.join(_MONTHS)})\b")
_BARE_SPAN = re.compile(rf"\btanggal (\d{{1,2}}){_TO.replace(' ?- ?|', '')}(\d{{1,2}})\b(?![/.-]?\d)")
_EDGE, _AFTER = r"(?<![\w/.:-])", r"(?![\w/:%]|[.-]\d)"
_PART_OF_DAY = r"(?: (?:pagi|siang|sore|malam))?"
_HOURS = r"jam [\d.:]+"
_ONE_SPAN = "seminggu|sehari|sebulan"
_UP_TO = r"(?:dalam|waktu|tempo|butuh|perlu|maksimal|paling lama|paling lambat)(?: waktu)?"
_COUNTED = rf"(?P<count>{_COUNT})(?: ?(?:-|sampai) ?(?P<most>{_COUNT}))?"
_UNIT = r"(?P<kind>hari kerja|hari|minggu|bulan)"
_WHICH_ONE = r"(?: (?:minggu )?(?:depan|ini)| besok| lusa| (?:minggu )?(?:yang )?lalu| kemarin| tadi)?"

# First match wins, so the longer forms stand first.
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(f"{_EDGE}(?:{pattern}){_AFTER}"), reader)
    for pattern, reader in (
        (r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})", _full),
        (r"(?P<day>\d{1,2})(?P<sep>[/.-])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})", _full),
        (
            rf"(?:\d{{1,2}} ?(?:-|sampai) ?)?(?P<day>\d{{1,2}})(?: bulan |[ -]?){_MONTH}(?:[ -](?P<year>\d{{4}}))?",
            _month_named,
        ),
        (r"(?P<times>\d) ?x ?24 ?jam", _by_hours),
        (rf"(?P<span>{_ONE_SPAN}) (?:lagi|kedepan)", _after_one),
        (rf"{_UP_TO} (?P<span>{_ONE_SPAN})", _after_one),
        (rf"{_COUNTED} {_UNIT} (?:lagi|kedepan)", _after_days),
        (rf"{_UP_TO} {_COUNTED} {_UNIT}", _after_days),
        (rf"lagi {_COUNTED} {_UNIT}", _after_days),
        (r"(?P<day>\d{1,2})/(?P<month>\d{1,2})", _day_and_month),
        (r"(?<=tanggal )(?P<day>\d{1,2})[-.](?P<month>\d{1,2})", _day_and_month),
        (r"(?P<day>\d{1,2})-(?P<month>0[1-9])", _day_and_month),
        (r"tanggal (?P<day>\d{1,2}) bulan (?P<month>\d{1,2})", _day_and_month),
        (r"tanggal (?P<day>\d{1,2}) bulan (?P<which>ini|depan)", _of_this_or_next_month),
        (r"tanggal (?P<day>\d{1,2})", _day_of_month),
        (rf"(?:besok |lusa |minggu depan |minggu ini )?(?:hari )?(?:{_DAY_NAME}){_WHICH_ONE}{_PART_OF_DAY}", _weekday),
        (rf"(?<!kemarin )(?:besok )?lusa{_PART_OF_DAY}", _fixed(2, ahead=True)),
        (rf"besok{_PART_OF_DAY}", _fixed(1, ahead=True)),
        (rf"hari ini{_PART_OF_DAY}|(?:pagi|siang|sore|malam) ini|(?:siang|sore) nanti", _fixed(0, ahead=False)),
        (rf"nanti (?:pagi|siang|sore|malam|{_HOURS})|{_HOURS} nanti", _fixed(0, ahead=False)),
        (r"(?:akhir )?minggu ini|akhir minggu", _this_week),
        (r"(?:awal )?minggu depan", _next_week),
        (r"(?:akhir )?bulan (?:ini|depan)|akhir bulan", _month_end),
    )
)
