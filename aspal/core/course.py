"""How far a case has come on its ladder on one day: everything about its steps that depends on no person. Pure.

Most cases of a morning share their day of disposition, status and rules, so each such course is worked out once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from aspal.core.case import Case, Rest, age_of
from aspal.core.ladder import Basis, Ladder, Repeat, Step
from aspal.core.words import Kind, Status
from aspal.core.workdays import Calendar

# Told to the office's own people while a unit's chain rests: the unit's clock stands still, Kominfo's does not.
TOLD_WHILE_RESTING = {"returned": (Basis.RETURNED,), "promise": (Basis.EXTENSION,), "extension": (Basis.EXTENSION,)}
# Steps of one family replace each other: whoever heard of a higher one does not hear of a lower one afterwards.
_FAMILY = {Basis.SEEN: "A", Basis.RESPONSE: "A", Basis.CLAIM_DENIED: "A"}

Rank = tuple[int, int]  # level, place in the ladder


@dataclass(frozen=True, slots=True)
class Reach:
    """One step that the case can come to in its present state."""

    step: Step
    rank: Rank
    family: str
    age: int  # working days counted by the step's own clock
    reached: bool
    since: date  # the episode's first day: what can happen again is told once each time
    next_day: date | None  # the first working day after today on which time alone could make it due, if untold


@dataclass(frozen=True, slots=True)
class Course:
    """The steps that apply, lowest first."""

    reaches: tuple[Reach, ...]
    places: dict[str, tuple[str, Rank]]  # of every step of the ladder: family and rank
    daily: frozenset[str]  # the steps whose repetition asks for an answer
    tomorrow: date  # the next working day
    week_start: date  # the first working day of this week

    def reach(self, step_id: str) -> Reach | None:
        """The step of that name, while it applies."""
        return next((reach for reach in self.reaches if reach.step.id == step_id), None)


def course_of(case: Case, ladder: Ladder, calendar: Calendar, today: date) -> Course:
    """How far that case has come today."""
    unit_id = case.unit_id if _names_units(ladder) else None
    what = case.kind, case.supervised, case.status, case.disposed_on, case.ended, case.unit_kind, unit_id, case.category
    said = case.claim, case.claimed_at, case.claim_denied_at
    return _course(what, said, case.rests, ladder, calendar, today)


@lru_cache(maxsize=64)
def _names_units(ladder: Ladder) -> bool:
    return any(step.unit_ids for step in ladder.steps)


@lru_cache(maxsize=2048)
def _course(
    what: tuple[Kind, bool, Status, date, bool, str, int | None, str | None],
    said: tuple[str | None, datetime | None, datetime | None],
    rests: tuple[Rest, ...], ladder: Ladder, calendar: Calendar, today: date,
) -> Course:  # fmt: skip
    case = Case(0, *what, *said, rests=rests)
    places = {step.id: (_family(step), (step.level, n)) for n, step in enumerate(ladder.steps)}
    tomorrow = calendar.next_workday(today)
    days = _Days(case, ladder, calendar, today, tomorrow)
    reaches = tuple(days.reach(step, *places[step.id]) for step in _applicable(case, ladder, today))
    daily = [step.id for step in ladder.steps if step.basis is Basis.RESPONSE and step.repeat is Repeat.DAILY]
    return Course(reaches, places, frozenset(daily), tomorrow, _first_workday_of_week(calendar, today))


def _applicable(case: Case, ladder: Ladder, today: date) -> list[Step]:
    """The steps that a case in this state can reach at all, lowest first."""
    if case.ended:
        return []
    bases = _bases(case, today)
    return [step for step in ladder.steps if step.basis in bases and _in_scope(step, case)]


def _bases(case: Case, today: date) -> frozenset[Basis]:
    rest = case.resting(today)
    if rest:
        return frozenset(TOLD_WHILE_RESTING.get(rest.why, ()))
    if case.status is Status.UNVERIFIED:
        return frozenset({Basis.VERIFICATION})
    if case.status is Status.OPEN:
        bases = {Basis.SEEN, Basis.RESPONSE, Basis.CONTACT, Basis.CLAIM_DENIED, Basis.EXTENSION}
        return frozenset(bases | {Basis.LIMIT} if case.is_supervised else bases)
    if case.status is Status.IN_PROCESS:
        bases = {Basis.LIMIT, Basis.CONTACT, Basis.EXTENSION}
        # "In process" is the unit's word; the Inspektorat must hear of such a case all the same, and at once.
        return frozenset(bases | {Basis.SEEN} if case.is_supervised else bases)
    return frozenset()


def _in_scope(step: Step, case: Case) -> bool:
    return (
        (step.supervised is None or step.supervised == case.is_supervised)
        and (not step.kinds or case.kind in step.kinds)
        and (not step.categories or (case.category or "").casefold() in step.categories)
        and (not step.units or case.unit_kind in step.units)
        and (not step.unit_ids or case.unit_id in step.unit_ids)
    )


def _family(step: Step) -> str:
    return _FAMILY.get(step.basis, str(step.basis))


@dataclass(frozen=True, slots=True)
class _Days:
    """What the calendar says about each step of one case."""

    case: Case
    ladder: Ladder
    calendar: Calendar
    today: date
    tomorrow: date

    def reach(self, step: Step, family: str, rank: Rank) -> Reach:
        age, limit = self._age(step), self.ladder.limit_of(self.case.kind, self.case.supervised)
        reached = self._reached(step, age, limit)
        return Reach(step, rank, family, age, reached, self._since(step), self._next_day(step, age, limit, reached))

    def _age(self, step: Step) -> int:
        if step.basis is Basis.RETURNED:  # Kominfo's clock: it runs while the unit's stands still
            return self.calendar.workdays_between(self._handed_back(), self.today)
        return age_of(self.case, self.calendar, self.today)

    def _handed_back(self) -> date:
        returned = (rest.first for rest in self.case.rests if rest.why == "returned" and rest.last is None)
        return max(returned, default=self.case.disposed_on)

    def _reached(self, step: Step, age: int, limit: int) -> bool:
        if step.basis is Basis.EXTENSION:
            return self.case.claim == "extension"
        if step.basis is Basis.CLAIM_DENIED:
            return self.case.claim == "done" and self.case.claim_denied_at is not None
        if step.basis is Basis.CONTACT:
            return True  # the people decide
        threshold = step.threshold(limit)
        # "The limit is near" is not said once it has passed, not even to those who missed hearing it.
        return age >= threshold and not (step.basis is Basis.LIMIT and threshold <= limit < age)

    def _since(self, step: Step) -> date:
        told = {Basis.EXTENSION: self.case.claimed_at, Basis.CLAIM_DENIED: self.case.claim_denied_at}.get(step.basis)
        if told:
            return self.calendar.local_day(told)
        return self._handed_back() if step.basis is Basis.RETURNED else date.min

    def _next_day(self, step: Step, age: int, limit: int, reached: bool) -> date | None:
        if step.basis in (Basis.CONTACT, Basis.EXTENSION, Basis.CLAIM_DENIED):
            return self.tomorrow if reached else None
        threshold = step.threshold(limit)
        if step.basis is Basis.LIMIT and threshold <= limit <= age:
            return None  # tomorrow the limit will have passed
        missing = threshold - age
        day = self.calendar.add_workdays(self.today, missing) if missing > 0 else self.tomorrow
        if step.repeat is not Repeat.WEEK_START:
            return day
        first = _first_workday_of_week(self.calendar, day)
        return first if first >= day else _first_workday_of_week(self.calendar, day + timedelta(days=7))


def _first_workday_of_week(calendar: Calendar, day: date) -> date:
    monday = day - timedelta(days=day.weekday())
    return calendar.next_workday(monday - timedelta(days=1))
