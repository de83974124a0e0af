"""How long it took: averages, medians and the share in time, over counted pairs of days. Pure.

Every figure is taken over `Spans`: (first day, last day) -> how many complaints had exactly these. So a year of a
hundred thousand complaints is some thousand pairs, and nothing is lost.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

Spans = Mapping[tuple[date, date], int]
Workdays = Callable[[date, date], int]


@dataclass(frozen=True, slots=True)
class Timing:
    """Average and median of the same spans, in working days and in calendar days."""

    count: int = 0
    average_workdays: float | None = None
    median_workdays: float | None = None
    average_days: float | None = None
    median_days: float | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """Complaints alike in what the legal limit asks: when they came in, and when they were finished, if they were."""

    limit: str  # the ladder's name of the limit: pengaduan, aspirasi, permintaan_informasi, berkadar
    received_on: date
    finished_on: date | None
    finished: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class InTime:
    """Complaints of one kind against their legal limit in working days."""

    limit: str
    days: int
    in_time: int = 0  # finished before the limit's next working day began
    late: int = 0  # finished after it
    overdue: int = 0  # unfinished although it has passed
    running: int = 0  # unfinished, and it has not passed
    undated: int = 0  # finished, but nobody wrote down when

    @property
    def share(self) -> float | None:
        """Tepat waktu = in time / (in time + late + overdue), in per cent.

        Definition of this house, since none is published: the limit counts working days from the day of receipt (day
        0). What is unfinished past its limit counts as late today, so that closing nothing does not look punctual;
        what still has time, or was finished on an unknown day, is in neither number.
        """
        return percent(self.in_time, self.in_time + self.late + self.overdue)


def timing(spans: Spans, workdays_between: Workdays) -> Timing:
    """Mean = sum of the spans / their number; median = the middle one, of an even number the mean of the middle two.

    A working-day span counts the working days after the first day up to the last one (the first day is day 0), as the
    ladder does. One decimal, halves away from zero. A span that ends before it begins is a slip of the pen: left out.
    """
    workdays: Counter[int] = Counter()
    days: Counter[int] = Counter()
    for (first, last), count in spans.items():
        if last >= first:
            workdays[workdays_between(first, last)] += count
            days[(last - first).days] += count
    return Timing(days.total(), mean(workdays), median(workdays), mean(days), median(days))


def in_time(
    dated: Iterable[Dated], limits: Mapping[str, int], add_workdays: Callable[[date, int], date], today: date
) -> list[InTime]:
    """Each kind that occurs, in the order of `limits`. See InTime.share for the definition."""
    counted: dict[str, Counter[str]] = {}
    ends: dict[tuple[str, date], date] = {}
    for one in dated:
        key = (one.limit, one.received_on)
        if key not in ends:
            ends[key] = last_in_time(one.received_on, limits[one.limit], add_workdays)
        counted.setdefault(one.limit, Counter())[_verdict(one, ends[key], today)] += one.count
    return [InTime(name, days, **counted[name]) for name, days in limits.items() if name in counted]


def last_in_time(received_on: date, days: int, add_workdays: Callable[[date, int], date]) -> date:
    """The last day within a limit: a weekend after the last working day of it is still within it."""
    return add_workdays(received_on, days + 1) - timedelta(days=1)


def _verdict(one: Dated, end: date, today: date) -> str:
    """Which count of InTime it belongs to."""
    if not one.finished:
        return "overdue" if today > end else "running"
    if one.finished_on is None or one.finished_on < one.received_on:
        return "undated"
    return "in_time" if one.finished_on <= end else "late"


def decomposed_mean(starts: Mapping[date, int], ends: Mapping[date, int], workdays_until: Callable[[date], int]) -> (
    float | None
):  # fmt: skip
    """The mean of working-day spans whose first and last days were counted apart.

    Working days of (a, b] are W(b) - W(a), with W the working days up to a day; so the sum over all spans needs to
    know how many begin and how many end on each day, not which belongs to which.
    """
    count = sum(starts.values())
    total = sum(workdays_until(day) * n for day, n in ends.items())
    return share(total - sum(workdays_until(day) * n for day, n in starts.items()), count)


def mean(counted: Mapping[int, int]) -> float | None:
    """The average of the values, each as often as it is counted."""
    return share(sum(value * count for value, count in counted.items()), sum(counted.values()))


def median(counted: Mapping[int, int]) -> float | None:
    """The middle value; of an even number of them the mean of the middle two."""
    total = sum(counted.values())
    if not total:
        return None
    lower, upper = _nth(counted, (total - 1) // 2), _nth(counted, total // 2)
    return share(lower + upper, 2)


def _nth(counted: Mapping[int, int], place: int) -> int:
    passed = 0
    for value in sorted(counted):
        passed += counted[value]
        if passed > place:
            return value
    raise IndexError(place)


def percent(part: int, whole: int) -> float | None:
    """One decimal, halves away from zero as on paper; nothing of nothing is no figure."""
    return share(100 * part, whole)


def share(total: int, count: int) -> float | None:
    """`total / count` to one decimal; None when there is nothing to divide by."""
    if not count:
        return None
    return float((Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP))
