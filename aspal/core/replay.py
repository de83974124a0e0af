"""What a ladder would have told about a past case, had it been in force. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aspal.core.escalation import Case, Sent, decide
from aspal.core.ladder import Ladder
from aspal.core.words import Role, Status
from aspal.core.workdays import Calendar

# Everybody is taken to be reachable and never to answer: one stand-in for each role.
STAND_INS = {role: (number,) for number, role in enumerate(Role, start=1)}


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


def replay(past: Past, ladder: Ladder, calendar: Calendar, first: date, last: date) -> Sequence[Sent]:
    """What would have been told from `first` to `last`, both included, the steps before `first` counted as told."""
    sent: list[Sent] = []
    day = max(past.case.disposed_on, first - timedelta(days=120))
    while day <= last:
        if calendar.is_workday(day):
            case = past.on(day)
            if case.ended:
                break
            for due in decide(case, ladder, sent, calendar, calendar.opening(day)).due:
                sent.append(Sent(due.step.id, due.audience, due.contact_id, due.workday, counts=True))
        day += timedelta(days=1)
    return [s for s in sent if s.workday >= first]
