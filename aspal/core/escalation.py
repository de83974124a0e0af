"""The escalation decision. Pure: no clock, no database.

`decide` looks at one disposition and says which notices are due now, when to look again, and why. Everything it needs
is in its arguments; what it returns is data that `flow/scan` writes down. `still_due` asks the same questions once more
just before a message leaves, because between deciding and sending the world moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from aspal.core.case import Case, Rest, Sent, age_of
from aspal.core.course import Course, Reach, course_of
from aspal.core.ladder import Basis, Ladder, Repeat, Step
from aspal.core.turns import (
    LIAISON_ROLES,
    contact_trouble,
    heard_in_another_role,
    is_turn,
    quiet_for,
    reminders_unanswered,
    since_loss,
    told_at_or_above,
    told_last,
)
from aspal.core.words import Role, Status
from aspal.core.workdays import Calendar

EXEMPT = "Dikecualikan dari pengingat oleh admin."


@dataclass(slots=True)
class Due:
    """One thing to tell one person today."""

    step: Step
    audience: Role
    contact_id: int
    workday: date
    age: int  # working days counted by the step's clock


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from looking at a case now."""

    due: tuple[Due, ...]
    next_look_at: datetime | None  # None: nothing can become due by time alone
    age: int
    why: tuple[str, ...]  # in Indonesian, for `aspal why`


class Standing(NamedTuple):
    """What has become of a notice that was decided earlier."""

    over: str | None  # why it is superseded, in Indonesian
    age: int  # working days counted by the step's clock, today


def decide(case: Case, ladder: Ladder, sent: Sequence[Sent], calendar: Calendar, now: datetime) -> Decision:
    """Which notices of `case` are due at `now`, when to look again, and why.

    Working days are counted in the calendar of the unit; the day of disposition is day 0. After downtime only the
    highest step reached is due, never the backlog, and one person hears of one case at most once a day.
    """
    today = calendar.local_day(now)
    age = age_of(case, calendar, today)
    closed = _closed(case, calendar, now, today)
    if closed:
        reason, look_again = closed
        return Decision((), look_again, age, (reason,))
    look = _Look(case, ladder, calendar, today, course_of(case, ladder, calendar, today))
    why: list[str] = []
    candidates = [due for reach in look.course.reaches if reach.reached for due in look.due_of(reach, sent, why)]
    due = _one_a_person(candidates, look.course, sent, today, why)
    next_look = look.next_look([*sent, *map(_as_sent, due)])
    if not due and not why:
        rest = case.resting(today)
        why.append(_rest_words(rest) if rest and rest.last else "Belum ada langkah yang jatuh tempo.")
    return Decision(tuple(due), next_look, age, tuple(why))


def still_due(case: Case, ladder: Ladder, step_id: str, role: Role, contact_id: int, calendar: Calendar,
              now: datetime) -> Standing:  # fmt: skip
    """Whether a notice decided earlier may still be sent, and how many working days it would speak of now.

    The asker looks after office hours and the day itself; this is about the case and the person.
    """
    today = calendar.local_day(now)
    reach = course_of(case, ladder, calendar, today).reach(step_id)
    if reach is None:
        return Standing(_why_over(case, ladder, step_id, today), 0)
    return Standing(_superseded(case, reach, role, contact_id, today, now), reach.age)


def _superseded(case: Case, reach: Reach, role: Role, contact_id: int, today: date, now: datetime) -> str | None:
    if not reach.reached:  # a day was declared off since, or what was asked or denied is settled
        return "Langkah ini belum, atau tidak lagi, jatuh tempo."
    if case.exempt:
        return EXEMPT
    if case.paused(now):
        return "Laporan sedang dijeda."
    if contact_id not in case.told(role):
        return "Penerima tidak lagi menjabat, sedang cuti, atau tidak dapat dihubungi."
    return quiet_for(case, reach, role, today)


def _closed(case: Case, calendar: Calendar, now: datetime, today: date) -> tuple[str, datetime | None] | None:
    """Why nothing at all can be told now, and when that ends."""
    if case.ended:
        return "Disposisi sudah berakhir.", None
    if case.exempt:
        return EXEMPT, None
    if case.status not in (Status.UNVERIFIED, Status.OPEN, Status.IN_PROCESS):
        return f"Status LAPOR '{case.status.replace('_', ' ')}' tidak diingatkan.", None
    paused = case.paused(now)
    if paused:
        return "Pengingat sedang dijeda.", calendar.next_open(paused)
    rest = case.resting(today)
    if rest and rest.why != "returned" and case.claim != "extension":  # what is asked of Kominfo does not wait
        assert rest.last is not None  # only "returned" is open-ended
        return _rest_words(rest), calendar.opening(calendar.next_workday(rest.last))
    opening = calendar.next_open(now)
    if opening > now:
        return "Di luar jam kerja; dilihat lagi saat jam kerja berikutnya.", opening
    return None


def _rest_words(rest: Rest) -> str:
    words = {"promise": "Menunggu janji tindak lanjut", "extension": "Perpanjangan berlaku"}
    return f"{words.get(rest.why, 'Rantai diistirahatkan')} sampai {rest.last:%d-%m-%Y}."


@dataclass(slots=True)
class _Look:
    """One look at one case on one day."""

    case: Case
    ladder: Ladder
    calendar: Calendar
    today: date
    course: Course

    def due_of(self, reach: Reach, sent: Sequence[Sent], why: list[str]) -> list[Due]:
        """What this reached step means for each person it addresses."""
        case, step = self.case, reach.step
        if step.basis is Basis.CONTACT:
            trouble = self._trouble(sent)
            if not trouble:
                return []
            why.append(f"{step.id}: {trouble}")
            sent = since_loss(case, sent, self.today)
        due: list[Due] = []
        for role in step.audience:
            if not is_turn(reach, role, sent, self.course, self.today):
                continue
            told = case.told(role)
            quiet = quiet_for(case, reach, role, self.today)
            if quiet:
                why.append(f"{step.id} untuk {role}: {quiet}")
            elif told:
                why.append(f"{step.id} untuk {role.replace('_', ' ')}: {reach.age} hari kerja.")
                heard = heard_in_another_role(reach, role, sent, self.today)
                due += [Due(step, role, contact, self.today, reach.age) for contact in told if contact not in heard]
            elif not any(case.told(other) for other in step.audience):
                why.append(f"{step.id}: tidak ada {role.replace('_', ' ')} yang dapat dihubungi.")
        return due

    def next_look(self, sent: Sequence[Sent]) -> datetime | None:
        """The next office opening at which time alone can make something due. The earliest over all steps and roles."""
        rest = self.case.resting(self.today)
        earliest = self.calendar.next_workday(rest.last) if rest and rest.last else None
        for reach in self.course.reaches:
            for role in reach.step.audience if reach.next_day else ():
                day = self._next_day(reach, role, sent)
                if day is not None and (earliest is None or day < earliest):
                    earliest = day
                if earliest == self.course.tomorrow:
                    return self.calendar.opening(earliest)  # nothing can come before
        return self.calendar.opening(earliest) if earliest else None

    def _next_day(self, reach: Reach, role: Role, sent: Sequence[Sent]) -> date | None:
        """The first working day after today on which this step could be told to this role; None: not by time alone."""
        basis, repeat, day = reach.step.basis, reach.step.repeat, reach.next_day
        assert day is not None
        if basis is Basis.CONTACT:
            if told_at_or_above(reach, role, since_loss(self.case, sent), self.course):
                return None
            return day if self._is_growing(sent) or self._trouble(sent) else None
        if basis not in (Basis.EXTENSION, Basis.CLAIM_DENIED):
            if role in LIAISON_ROLES and self.case.claims_done:
                return None  # an import wakes it
            if repeat in (Repeat.DAILY, Repeat.WEEK_START):
                return day
            if repeat is Repeat.WEEKLY:
                last = told_last(reach, role, sent)
                return max(day, self.calendar.next_workday(last + timedelta(days=6))) if last else day
        return None if told_at_or_above(reach, role, sent, self.course) else day

    def _trouble(self, sent: Sequence[Sent]) -> str | None:
        return contact_trouble(self.case, self.ladder, sent, self.course, self.calendar, self.today)

    def _is_growing(self, sent: Sequence[Sent]) -> bool:
        """Whether reminders go unanswered, so that a day more may be one too many."""
        tomorrow = self.course.tomorrow
        return (
            self.case.status is Status.OPEN
            and reminders_unanswered(self.case, self.course, sent, self.calendar, tomorrow) > 0
        )


def _one_a_person(
    candidates: list[Due], course: Course, sent: Sequence[Sent], today: date, why: list[str]
) -> list[Due]:
    """The highest step for each person; nobody hears of one case twice on one day, nor less after more has failed."""
    heard = {s.contact_id for s in sent if s.workday == today and (s.counts or s.failed)}
    best: dict[int, Due] = {}
    for due in candidates:
        if due.contact_id in heard:
            why.append(f"{due.step.id}: penerima sudah dikirimi pesan tentang laporan ini hari ini.")
            continue
        other = best.get(due.contact_id)
        if other is None or course.places[due.step.id][1] > course.places[other.step.id][1]:
            best[due.contact_id] = due
    return list(best.values())


def _as_sent(due: Due) -> Sent:
    return Sent(due.step.id, due.audience, due.contact_id, due.workday, counts=True)


def _why_over(case: Case, ladder: Ladder, step_id: str, today: date) -> str:
    if case.ended:
        return "Disposisi sudah berakhir."
    if not any(step.id == step_id for step in ladder.steps):
        return f"Langkah {step_id} tidak ada lagi di aturan."
    if case.resting(today):
        return "Rantai pengingat sedang diistirahatkan."
    return f"Status laporan kini '{case.status.replace('_', ' ')}'."
