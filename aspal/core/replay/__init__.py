"""What a ladder would have told about a past case, had it been in force; and what it would tell about a running one.
Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aspal.core.case import Case, Sent
from aspal.core.escalation import decide
from aspal.core.ladder import Ladder
from aspal.core.words import Role, Status
from aspal.core.workdays import Calendar

# Everybody is taken to be reachable and never to answer: one stand-in for each role.
STAND_INS = {role: (number,) for number, role in enumerate(Role, start=1)}
LOOK_BACK = timedelta(days=120)  # how long before the asked days a chain is followed, to know what had been told


@dataclass(frozen=True, slots=True)
class Past:
    """A disposition as it really went: when it was followed up and when it ended."""

    case: Case  # as it was at the start
    responded_on: date | None
    ended_on: date | None

    def on(self, day: date) -> Case:
        """The case as LAPOR knew it on that day."""
        status = self.case.status
        if status is not Status.UNVERIFIED:
            responded = self.responded_on is not None and day >= self.responded_on
            status = Status.IN_PROCESS if responded else Status.OPEN
        return replace(
            self.case, status=status, ended=self.ended_on is not None and day >= self.ended_on, people=STAND_INS
        )

    def turns_after(self, day: date) -> list[date]:
        """The days after which it is not the same case any more."""
        return [turn for turn in (self.responded_on, self.ended_on) if turn is not None and turn > day]


@dataclass(slots=True)
class Looks:
    """How many decisions may still be asked for: what keeps a replay within a page's time."""

    left: int

    def take(self) -> None:
        self.left -= 1


def replay(
    past: Past, ladder: Ladder, calendar: Calendar, first: date, last: date, looks: Looks | None = None
) -> Sequence[Sent]:
    """What would have been told from `first` to `last`, both included, the steps before `first` counted as told."""
    start = max(past.case.disposed_on, first - LOOK_BACK)
    sent = _told(past.on, past.turns_after, ladder, [], calendar, start, last, looks)
    return [s for s in sent if s.workday >= first]


def foretell(
    case: Case,
    ladder: Ladder,
    sent: Sequence[Sent],
    calendar: Calendar,
    first: date,
    last: date,
    looks: Looks | None = None,
) -> Iterator[Sent]:
    """What will be told about a running case if nobody does anything, to the people who can be told today."""
    return _told(lambda _day: case, lambda _day: [], ladder, sent, calendar, first, last, looks)


def _told(
    case_on: Callable[[date], Case],
    turns_after: Callable[[date], list[date]],
    ladder: Ladder,
    before: Sequence[Sent],
    calendar: Calendar,
    first: date,
    last: date,
    looks: Looks | None,
) -> Iterator[Sent]:
    """From look to look, as the scan does: between two of them nothing becomes due, unless the case itself turns."""
    sent, day = list(before), first
    while day <= last:
        if not calendar.is_workday(day):
            day = calendar.next_workday(day)
            continue
        case = case_on(day)
        if case.ended:
            break
        decision = decide(case, ladder, sent, calendar, calendar.opening(day))
        due = [Sent(d.step.id, d.audience, d.contact_id, d.workday, counts=True) for d in decision.due]
        yield from due
        sent = _remembered(sent + due, ladder)
        if looks:
            looks.take()
        ahead = turns_after(day)
        if decision.next_look_at:
            ahead.append(calendar.local_day(decision.next_look_at))
        if not ahead:
            break
        day = max(min(ahead), day + timedelta(days=1))


def _remembered(sent: list[Sent], ladder: Ladder) -> list[Sent]:
    """What later decisions can still ask about: of each thing told, only the last few times."""
    most = ladder.caps.unanswered_reminders + 1
    if len(sent) <= 8 * most:
        return sent
    seen: Counter[tuple[str, str, int]] = Counter()
    kept = []
    for one in reversed(sent):
        key = (one.step, one.audience, one.contact_id)
        seen[key] += 1
        if seen[key] <= most:
            kept.append(one)
    return kept[::-1]
