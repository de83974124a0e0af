"""Where the year ends at today's pace, and what it takes to end elsewhere. Pure.

A straight line, said as such: the pace of the last working days goes on to the last day of the period.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from aspal.core.rapor.times import percent

LOOK_BACK = 60  # working days whose pace is taken; fewer when the period is younger


@dataclass(frozen=True, slots=True)
class Pace:
    """What happened in the working days looked back on, and how many are left."""

    seen_days: int
    left_days: int
    received: int  # complaints of the period that came in during the seen days
    finished: int  # complaints of the period that were finished during them


@dataclass(frozen=True, slots=True)
class Forecast:
    """The end of the period, if nothing changes."""

    total: int
    finished: int

    @property
    def completed(self) -> float | None:
        """Persentase penyelesaian at the end: finished / all, in per cent."""
        return percent(self.finished, self.total)


@dataclass(frozen=True, slots=True)
class Way:
    """What a target asks for."""

    target: Decimal  # per cent of all complaints finished
    now: int  # complaints to close so that today's share is the target
    by_the_end: int | None  # complaints to close until the period ends, with what will still come in; None: no pace yet
    most: int  # complaints that can be closed at all: what is put aside is not
    best: float | None  # the share that closing all of these gives today

    @property
    def is_open(self) -> bool:
        """Whether the target can be reached today."""
        return self.now <= self.most


def at_the_end(total: int, finished: int, pace: Pace) -> Forecast | None:
    """total + received / seen * left; finished + finished / seen * left, never more than there are.

    None before the first working day of the period is over: nothing has a pace yet.
    """
    if pace.seen_days <= 0:
        return None
    expected = total + round(Decimal(pace.received * pace.left_days) / pace.seen_days)
    closed = finished + round(Decimal(pace.finished * pace.left_days) / pace.seen_days)
    return Forecast(expected, min(expected, closed))


def way_to(target: Decimal, total: int, finished: int, closable: int, forecast: Forecast | None) -> Way:
    """The smallest number of closings k with (finished + k) / total >= target, now and at the forecast's end."""
    end = _missing(target, forecast.total, finished) if forecast else None
    return Way(target, _missing(target, total, finished), end, closable, percent(finished + closable, total))


def _missing(target: Decimal, total: int, finished: int) -> int:
    wanted = (target * total / 100).to_integral_value(ROUND_CEILING)
    return max(0, int(wanted) - finished)
