"""When a recap is told, and what span it speaks of. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aspal.core.ladder import Recap
from aspal.core.workdays import Calendar

_DAY = timedelta(days=1)
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_LATEST = time(16)  # offices close then: what waits for a later hour is never told
_TURNS = ("senin", "awal_bulan")
_COMMON_YEAR = 2025  # 29 February is no day of every year


@dataclass(frozen=True, slots=True)
class Due:
    """A recap whose time has come. `own_day` is its day; the next working day is there for those who had to wait."""

    period: date  # the calendar day on which its period begins: it is told once a period
    since: datetime  # that day at the recap's hour. What was done in the week before belongs to it, so that a recap
    # which is told later than usual neither counts anything twice nor leaves anything out
    own_day: date
    today: date
    may_wait: bool  # whether there is a later day on which it may still be told

    @property
    def is_late(self) -> bool:
        """Whether this is the day after its own."""
        return self.today != self.own_day


def due(recap: Recap, calendar: Calendar, now: datetime) -> Due | None:
    """The recap as it is to be told at this very moment; None when it is not its time."""
    today, zone = calendar.local_day(now), ZoneInfo(calendar.zone)
    at = time.fromisoformat(recap.at)
    if now < datetime.combine(today, at, zone) or not calendar.is_open(now):
        return None
    period = _first_day(recap, today)
    own_day = calendar.next_workday(period - _DAY)
    later = calendar.next_workday(own_day)
    may_wait = _first_day(recap, later) == period
    if today != own_day and not (may_wait and today == later):
        return None
    return Due(period, datetime.combine(period, at, zone), own_day, today, may_wait and today == own_day)


def never_told(recap: Recap) -> str | None:
    """What is wrong with its time, in Indonesian: it would stop the others, or wait for ever; None if nothing is."""
    if not _HOUR.fullmatch(recap.at):  # as our own pages write it, 08.30, Python reads another time
        return f"ditulis pada pukul {recap.at!r}; tulis seperti '08:00'"
    if time.fromisoformat(recap.at) >= _LATEST:
        return f"ditulis pada pukul {recap.at}; pilih sebelum {_LATEST:%H.%M}, selagi kantor buka"
    if recap.when not in _TURNS:
        try:
            for text in recap.when.split(","):
                date(_COMMON_YEAR, *_month_day(text))
        except ValueError:
            return f"ditulis pada {recap.when!r}; tulis 'senin', 'awal_bulan', atau tanggal seperti '10-01,12-01'"
    return None


def _first_day(recap: Recap, today: date) -> date:
    """The calendar day on which the period of `today` begins."""
    if recap.when == "senin":
        return today - timedelta(days=today.weekday())
    if recap.when == "awal_bulan":
        return today.replace(day=1)
    days = [date(year, *_month_day(text)) for text in recap.when.split(",") for year in (today.year - 1, today.year)]
    return max(day for day in days if day <= today)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.strip().split("-")
    return int(month), int(day)
