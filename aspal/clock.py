"""What time it is. The only place that asks the machine; everything below `jobs/`, `web/` and `cli` is told `now`."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the current moment, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """Always the same moment; tests and rehearsals."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment


class RunningClock:
    """Starts at a moment and runs `factor` times as fast as real time; the demo turns its knobs."""

    def __init__(self, start: datetime, factor: float) -> None:
        self._start = start.astimezone(UTC)
        self._factor = factor
        self._since = time.monotonic()

    @property
    def factor(self) -> float:
        """Seconds of this clock that pass in one real second."""
        return self._factor

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._since) * self._factor)

    def set(self, *, moment: datetime | None = None, factor: float | None = None) -> None:
        """Jumps to `moment`, changes the speed, or both."""
        self._start = (moment or self.now()).astimezone(UTC)
        self._since = time.monotonic()
        if factor is not None:
            self._factor = factor


def clock_from(setting: str | None) -> Clock:
    """`None` -> the machine's clock; "2026-08-03T07:00+07:00" -> frozen; the same with "@60" -> 60 times as fast.

    Raises ValueError when the text is not an instant with an offset.
    """
    if not setting:
        return SystemClock()
    text, runs, factor = setting.partition("@")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs its offset, as in 2026-08-03T07:00+07:00")
    if runs and not 0 < float(factor) <= 1_000_000:
        raise ValueError("time runs forward, at most a million times as fast")
    return RunningClock(moment, float(factor)) if runs else FrozenClock(moment)
