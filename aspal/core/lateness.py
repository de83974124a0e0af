"""Which cases are past a limit, said as days that a database can compare. Pure.

The escalation counts the working days of one case exactly, rests and all. A list of a million asks for less: the day
on or before which a case must have been disposed to be late today. Who promised, was given more time, is paused or
handed the case back is not late while that lasts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aspal.core.ladder import Basis, Ladder
from aspal.core.words import Kind
from aspal.core.workdays import Calendar

SUPERVISED = "berkadar"  # as the ladder's limits name it
_OFFICE_HEARS = 3  # the level of the step that says "past the limit" to the head and to Kominfo


@dataclass(frozen=True, slots=True)
class Lateness:
    """Late is what was disposed on or before these days."""

    now: datetime
    today: date
    unanswered: date  # nothing was followed up since
    unfinished: Mapping[str, date]  # by kind, or "berkadar": past the legal limit
    limits: Mapping[str, int]  # the legal limits themselves, in working days
    calendar: Calendar


def lateness(ladder: Ladder, calendar: Calendar, now: datetime) -> Lateness:
    """The days that follow from the rules in force."""
    today = calendar.local_day(now)
    answers = [step.days for step in ladder.steps if step.basis is Basis.RESPONSE and step.level >= _OFFICE_HEARS]
    limits = {name: limit.days for name, limit in ladder.limits.items()}
    wait = min(answers, default=limits[Kind.COMPLAINT.value] + 1)
    return Lateness(
        now=now,
        today=today,
        unanswered=disposed_by(calendar, today, wait),
        unfinished={name: disposed_by(calendar, today, days + 1) for name, days in limits.items()},
        limits=limits,
        calendar=calendar,
    )


def disposed_by(calendar: Calendar, today: date, workdays: int) -> date:
    """The last day whose dispositions are at least so many working days old today."""
    day = today - timedelta(days=workdays)
    while calendar.workdays_between(day, today) < workdays:
        day -= timedelta(days=1)
    return day


# Ages of open cases as an office speaks of them: the last working day of each group, and its words.
AGES = ((2, "0–2 hari"), (5, "3–5 hari"), (10, "6–10 hari"), (14, "11–14 hari"), (30, "15–30 hari"))
OLDER = "lebih dari 30 hari"


def age_group(workdays: int) -> str:
    """The group of ages that a case of so many working days is counted in."""
    return next((words for last, words in AGES if workdays <= last), OLDER)
