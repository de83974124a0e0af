"""Whose turn it is to hear of a step, given what was told before, and who should be left in peace. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from aspal.core.case import Case, Sent
from aspal.core.course import Course, Reach
from aspal.core.ladder import Basis, Ladder, Repeat
from aspal.core.words import Role, Status
from aspal.core.workdays import Calendar

LIAISON_ROLES = frozenset({Role.LIAISON, Role.OPERATOR, Role.TECHNICAL})


def is_turn(reach: Reach, role: Role, sent: Sequence[Sent], course: Course, today: date) -> bool:
    """Whether this step's time has come for that role."""
    step = reach.step
    last = date.min
    for s in sent:
        if s.step == step.id and s.audience is role:
            if s.workday == today:
                return False  # decided today already, whatever became of it
            if s.counts and s.workday > last:
                last = s.workday
    if step.repeat is Repeat.DAILY:
        return True
    if step.repeat is Repeat.WEEKLY:
        return last == date.min or today >= last + timedelta(days=7)
    if step.repeat is Repeat.WEEK_START:
        # A Monday declared off after it was told makes Tuesday the first day: the week's telling is done all the same.
        return course.week_start == today and last < _monday(today)
    return not told_at_or_above(reach, role, sent, course)


def told_at_or_above(reach: Reach, role: Role, sent: Sequence[Sent], course: Course) -> bool:
    """Whether that role has heard of this step, or of a higher one of the same family, in this episode."""
    for s in sent:
        if s.counts and s.audience is role and s.workday >= reach.since and s.step in course.places:
            # Who has heard anything need not hear that it is new.
            if s.step == reach.step.id or reach.step.basis is Basis.SEEN:
                return True
            family, rank = course.places[s.step]
            if family == reach.family and rank >= reach.rank:
                return True
    return False


def told_last(reach: Reach, role: Role, sent: Iterable[Sent]) -> date | None:
    """The last day on which that role was told this very step."""
    days = [s.workday for s in sent if s.step == reach.step.id and s.audience is role and s.counts]
    return max(days, default=None)


def heard_in_another_role(reach: Reach, role: Role, sent: Sequence[Sent], today: date) -> set[int]:
    """Who heard this very step as the holder of another role, and need not hear it again as the holder of this one."""
    same = [s for s in sent if s.step == reach.step.id and s.audience is not role and s.counts]
    if not same:
        return set()
    starts = {
        Repeat.DAILY: today, Repeat.WEEKLY: today - timedelta(days=6), Repeat.WEEK_START: _monday(today),
    }  # fmt: skip
    since = starts.get(reach.step.repeat, reach.since)
    return {s.contact_id for s in same if s.workday >= since}


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def quiet_for(case: Case, reach: Reach, role: Role, today: date) -> str | None:
    """Why the unit's own people are left in peace although the step is reached. Heads and admins never are."""
    if role not in LIAISON_ROLES:
        return None
    if case.claims_done:
        return "penghubung menyatakan sudah ditindaklanjuti; menunggu impor LAPOR berikutnya."
    if case.snoozed and today in case.snoozed and (reach.step.repeat is Repeat.DAILY or reach.step.basis is Basis.SEEN):
        return "ditunda satu hari karena ada balasan."
    return None


def reminders_unanswered(case: Case, course: Course, sent: Iterable[Sent], calendar: Calendar, before: date) -> int:
    """On how many days before `before` the unit was reminded without an answer since."""
    since = calendar.local_day(case.replied_at) if case.replied_at else date.min
    return len({s.workday for s in sent if s.step in course.daily and s.counts and since < s.workday < before})


def responsible(case: Case) -> tuple[Role, ...]:
    """Whose silence the admin hears of."""
    return (Role.INSPECTORATE,) if case.is_supervised else (Role.LIAISON, Role.OPERATOR, Role.HEAD)


def since_loss(case: Case, sent: Sequence[Sent], today: date = date.max) -> Sequence[Sent]:
    """What was told since somebody who should act was lost: nothing before can have told of that person.

    What was told on `today` stays in any case, because nothing is told twice on a day.
    """
    lost_at = case.lost_at
    return sent if lost_at is None else [s for s in sent if s.at is None or s.at >= lost_at or s.workday == today]


def contact_trouble(
    case: Case, ladder: Ladder, sent: Sequence[Sent], course: Course, calendar: Calendar, today: date
) -> str | None:
    """What is wrong with the people who should act on this case, in Indonesian; None when nothing is."""
    first_line = (Role.INSPECTORATE,) if case.is_supervised else (Role.LIAISON, Role.OPERATOR)
    if not any(case.told(role) for role in first_line):
        return f"tidak ada {first_line[0].replace('_', ' ')} yang dapat dihubungi."
    if any(role in first_line for role in case.unreachable):
        return f"sebagian {first_line[0].replace('_', ' ')} tidak dapat dihubungi."
    if not case.is_supervised and not case.told(Role.HEAD) and _head_is_needed(course):
        return "tidak ada kepala OPD yang dapat dihubungi."
    if case.status is not Status.OPEN:
        return None
    unanswered = reminders_unanswered(case, course, sent, calendar, today)
    if unanswered >= ladder.caps.unanswered_reminders:
        return f"{unanswered} pengingat tidak dijawab."
    return None


def _head_is_needed(course: Course) -> bool:
    return any(Role.HEAD in reach.step.audience and reach.reached for reach in course.reaches)
