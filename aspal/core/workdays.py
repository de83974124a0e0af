"""Working days and office hours of one office, in its own time zone. Pure: days off and hours come in as data.

Two things follow from one calendar: how old a case is (working days) and when a message may leave (office hours).
Counting never walks over days, because a scan asks tens of thousands of times.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aspal.core.wording import DAYS

Block = tuple[time, time]
_DAY = timedelta(days=1)


class NoOfficeHours(Exception):
    """A year goes by without one open hour: the hours were entered wrongly."""


@dataclass(frozen=True)
class HoursPeriod:
    """Office hours by weekday (0 = Monday), for always or for a span of days that includes both its ends."""

    name: str
    first_day: date | None
    last_day: date | None
    blocks: Mapping[int, tuple[Block, ...]]

    def __post_init__(self) -> None:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"{self.name}: the last day is before the first")
        for blocks in self.blocks.values():
            edges = [edge for block in blocks for edge in block]
            # Adjacent blocks may share an edge, but a block has a length and blocks stand in order.
            if edges != sorted(edges) or any(start >= end for start, end in blocks):
                raise ValueError(f"{self.name}: blocks must have a length, stand in order and not overlap")

    @property
    def dated(self) -> bool:
        return self.first_day is not None or self.last_day is not None

    def covers(self, day: date) -> bool:
        return (self.first_day or date.min) <= day <= (self.last_day or date.max)


class Calendar:
    """Monday to Friday without the days off; hours by period. Immutable (inside it only remembers answers).

    Raises ValueError for an instant without a zone.
    """

    __slots__ = ("_days_off", "_hours", "_last_day", "_last_open", "_off", "_off_index", "_periods", "_zone", "zone")

    def __init__(self, zone: str, days_off: Mapping[date, str], periods: Sequence[HoursPeriod]) -> None:
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self._days_off = dict(days_off)
        # Only days off that take a working day away count, as ordinals (1 January of the year 1 was a Monday), and
        # the same days as numbers in the row of all weekdays.
        self._off = sorted(day.toordinal() for day in days_off if day.weekday() < 5)
        self._off_index = [_weekdays_until(ordinal) for ordinal in self._off]
        # A dated period goes before the undated one; of several dated ones, that which began last.
        self._periods = sorted(periods, key=lambda p: (p.dated, p.first_day or date.min), reverse=True)
        self._hours: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        # A morning asks about thousands of cases at one and the same moment.
        self._last_day: tuple[datetime, date] | None = None
        self._last_open: tuple[datetime, datetime] | None = None

    def local_day(self, instant: datetime) -> date:
        """The office's day at that moment."""
        last = self._last_day
        if last is None or last[0] is not instant:
            last = self._last_day = instant, self._local(instant).date()
        return last[1]

    def is_workday(self, day: date) -> bool:
        """A weekday that is not off. It counts even where its period has no hours."""
        return day.weekday() < 5 and day not in self._days_off

    def why_off(self, day: date) -> str | None:
        """The name of the day off, or of the weekend day; None for a working day."""
        return self._days_off.get(day) or (DAYS[day.weekday()] if day.weekday() >= 5 else None)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days in (start, end]: the start day is day 0. 0 when the end is not after the start."""
        return self._workdays_until(end.toordinal()) - self._workdays_until(start.toordinal()) if end > start else 0

    def add_workdays(self, start: date, n: int) -> date:
        """The nth working day after `start`; `start` itself for 0. Raises ValueError below 0."""
        if n < 0:
            raise ValueError("working days are only added")
        if n == 0:
            return start
        # The answer is a weekday; its number among all weekdays is what we want plus the days off up to it.
        wanted = self._workdays_until(start.toordinal()) + n
        number = wanted
        while (later := wanted + bisect_right(self._off_index, number)) != number:
            number = later
        weeks, rest = divmod(number - 1, 5)
        return date.fromordinal(weeks * 7 + rest + 1)

    def next_workday(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self.add_workdays(day, 1)

    def skipped(self, start: date, end: date) -> list[tuple[date, str]]:
        """The days in (start, end] that do not count, with the reason of each."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return [(day, why) for day in days if (why := self.why_off(day))]

    def is_open(self, instant: datetime) -> bool:
        """Whether a message may leave now: from an opening (included) to a closing (not included)."""
        return any(start <= instant < end for start, end in self._blocks(self.local_day(instant)))

    def opening(self, day: date) -> datetime:
        """When the office opens on that day. A day without hours stands for the next one that has them.

        Raises NoOfficeHours.
        """
        return self._hours_from(day)[0][0]

    def closing(self, day: date) -> datetime:
        """When the last block of that day ends. A day without hours stands for the next one that has them.

        Raises NoOfficeHours.
        """
        return self._hours_from(day)[-1][1]

    def next_open(self, instant: datetime) -> datetime:
        """The instant itself when the office is open, else the start of the next block. Raises NoOfficeHours."""
        last = self._last_open
        if last is None or last[0] is not instant:
            last = self._last_open = instant, self._find_open(instant)
        return last[1]

    def _find_open(self, instant: datetime) -> datetime:
        day = self.local_day(instant)
        for start, end in self._blocks(day):
            if instant < end:
                return max(start, instant)
        return self.opening(day + _DAY)

    def _local(self, instant: datetime) -> datetime:
        if instant.tzinfo is None:
            raise ValueError("an instant must be aware")
        return instant.astimezone(self._zone)

    def _workdays_until(self, ordinal: int) -> int:
        return _weekdays_until(ordinal) - bisect_right(self._off, ordinal)

    def _blocks(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The day's open spans in UTC, in order; none on a day off."""
        known = self._hours.get(day)
        if known is None:
            known = self._hours[day] = self._find_blocks(day)
        return known

    def _find_blocks(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        period = next((p for p in self._periods if p.covers(day)), None)
        if period is None or not self.is_workday(day):
            return ()
        return tuple((self._at(day, start), self._at(day, end)) for start, end in period.blocks.get(day.weekday(), ()))

    def _at(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, tzinfo=self._zone).astimezone(UTC)

    def _hours_from(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        for n in range(366):
            if blocks := self._blocks(day + timedelta(days=n)):
                return blocks
        raise NoOfficeHours(f"no office hours within a year of {day}")


def _weekdays_until(ordinal: int) -> int:
    """How many Mondays to Fridays there have been up to that day, itself included."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)
