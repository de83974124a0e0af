"""What became of promises, of reminders and of wrong dispositions, as far as LAPOR's own dates can tell. Pure.

A reply is a claim and moves nothing: "moved" always means that LAPOR recorded a first follow-up or a completion.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from aspal.core.rapor.times import percent

REMINDER_DAYS = 3  # working days: the 24 working hours of 7.5 a day, since LAPOR's dates have no hour


@dataclass(frozen=True, slots=True)
class Promise:
    """Promises alike: given on a day, for a day, and what LAPOR recorded of the case."""

    given_on: date
    until: date
    responded_on: date | None
    finished_on: date | None
    complaint_id: int = 0
    count: int = 1


@dataclass(slots=True)
class Promises:
    """How many promises were kept."""

    kept: int = 0
    broken: int = 0
    running: int = 0  # their day is not over
    cases: Mapping[str, int] = field(default_factory=dict)  # complaints behind each of the three, by its name

    @property
    def share(self) -> float | None:
        """Janji ditepati = kept / (kept + broken), in per cent; what still runs is in neither."""
        return percent(self.kept, self.kept + self.broken)


@dataclass(frozen=True, slots=True)
class Told:
    """Reminders alike: step, template, local hour, and whether the case moved in time."""

    step: str
    template: str
    hour: int
    moved: bool
    count: int = 1


@dataclass(slots=True)
class Effect:
    """Reminders of one sort, and how many of them moved their case in time."""

    key: str
    told: int = 0
    moved: int = 0

    @property
    def share(self) -> float | None:
        """Moved / told, in per cent."""
        return percent(self.moved, self.told)


@dataclass(frozen=True)
class Effects:
    """The same reminders by step, by hour of the day and by template."""

    steps: tuple[Effect, ...]
    hours: tuple[Effect, ...]
    templates: tuple[Effect, ...]
    words: Mapping[str, str] = field(default_factory=dict)  # of the steps, as the rules in force say them


@dataclass(frozen=True)
class Moves:
    """Wrong addresses among the complaints of the period."""

    wrong: int = 0  # dispositions that ended because the unit was the wrong one
    ping_pong: int = 0  # complaints that went on so at least twice
    by_unit: Mapping[str, int] = field(default_factory=dict)  # the units that were wrongly addressed
    cases: int = 0  # complaints with such a disposition
    cases_by_unit: Mapping[str, int] = field(default_factory=dict)


def promises(given: Iterable[Promise], today: date) -> Promises:
    """Kept: LAPOR recorded a first follow-up or a completion between the day of the promise and the promised day.

    Broken: the promised day is over and it did not. A promise that was put off by a newer one counts by its own day,
    as the citizen waits by it. Nothing official defines this; the definition is this house's.
    """
    counted: Counter[str] = Counter()
    cases: dict[str, set[int]] = {}
    for one in given:
        name = verdict(one, today)
        counted[name] += one.count
        cases.setdefault(name, set()).add(one.complaint_id)
    by_name = {name: len(found) for name, found in cases.items()}
    return Promises(counted["kept"], counted["broken"], counted["running"], by_name)


def verdict(one: Promise, today: date) -> str:
    """What became of a promise: "kept", "broken" or "running"."""
    if any(day is not None and one.given_on <= day <= one.until for day in (one.responded_on, one.finished_on)):
        return "kept"
    return "broken" if today > one.until else "running"


def in_time(first: date, last: date, add_workdays: Callable[[date, int], date]) -> dict[date, date]:
    """For each day of a reminder the last day on which its case moves in time: `REMINDER_DAYS` after it."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return {day: add_workdays(day, REMINDER_DAYS) for day in days}


def effects(told: Iterable[Told]) -> Effects:
    """Moved: LAPOR recorded the next step of the case on the day of the reminder or up to the last one in time.

    The next step is the first follow-up, or the completion where that had come before. Several reminders before one
    movement each count as having moved it: the figure compares reminders with each other, it proves no cause.
    """
    steps, hours, templates = dict[str, Effect](), dict[str, Effect](), dict[str, Effect]()
    for one in told:
        for by, key in ((steps, one.step), (hours, f"{one.hour:02d}"), (templates, one.template)):
            effect = by.setdefault(key, Effect(key))
            effect.told += one.count
            effect.moved += one.count if one.moved else 0
    return Effects(_in_order(steps), _in_order(hours), _in_order(templates))


def _in_order(by: Mapping[str, Effect]) -> tuple[Effect, ...]:
    return tuple(by[key] for key in sorted(by))
