"""The knobs of a simulated clock: stop, run, run fast, jump to when the office opens. Real clocks have none."""

from dataclasses import dataclass
from datetime import datetime

from aspal.clock import RunningClock
from aspal.core.workdays import Calendar
from aspal.records.calendar import CalendarMissing
from aspal.web.house import house

SPEEDS = ((0, "Berhenti"), (1, "1×"), (60, "1 menit/detik"), (3600, "1 jam/detik"))


@dataclass(frozen=True)
class ClockFace:
    """What the bar shows."""

    now: datetime
    why_off: str | None  # the name of the day off
    is_open: bool
    factor: float | None  # None: a clock without knobs


def face() -> ClockFace:
    """The clock of this house, and what its day is to the office."""
    clock = house().clock
    now, calendar = clock.now(), _calendar()
    return ClockFace(
        now=now,
        why_off=calendar.why_off(calendar.local_day(now)) if calendar else None,
        is_open=calendar.is_open(now) if calendar else True,
        factor=clock.factor if isinstance(clock, RunningClock) else None,
    )


def turn(clock: RunningClock, knob: str) -> None:
    """Does what the pressed button says. Raises ValueError for a button that there is not."""
    calendar = _calendar()
    if knob != "buka":
        if float(knob) not in {speed for speed, _ in SPEEDS}:
            raise ValueError(knob)
        clock.set(factor=float(knob))
    elif calendar:
        clock.set(moment=next_opening(calendar, clock.now()))


def next_opening(calendar: Calendar, now: datetime) -> datetime:
    """When the office opens next: later today while it is closed, else on the next working day."""
    if not calendar.is_open(now):
        return calendar.next_open(now)
    return calendar.opening(calendar.next_workday(calendar.local_day(now)))


def _calendar() -> Calendar | None:
    try:
        with house().db.read() as conn:
            office: Calendar = house().calendars(conn).of(None)
            return office
    except CalendarMissing:
        return None
