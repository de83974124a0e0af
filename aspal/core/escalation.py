"""The escalation decision. Pure: no clock, no database.

`decide` looks at one disposition and says which notices are due now, when to look again, and why. Everything it needs
is in its arguments; what it returns is data that `flow/scan` writes down. `still_due` asks the same questions once more
just before a message leaves, because between deciding and sending the world moves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from aspal.core.ladder import Basis, Ladder, Repeat, Step
from aspal.core.words import Kind as Kind
from aspal.core.words import Role as Role
from aspal.core.words import Status as Status
from aspal.core.workdays import Calendar

LIAISON_ROLES = frozenset({Role.LIAISON, Role.OPERATOR, Role.TECHNICAL})
# Told to the office's own people while a unit's chain rests: the unit's clock stands still, Kominfo's does not.
_TOLD_WHILE_RESTING = {"returned": (Basis.RETURNED,)}
# Steps of one family replace each other: whoever heard of a higher one does not hear of a lower one afterwards.
_FAMILY = {Basis.SEEN: "A", Basis.RESPONSE: "A", Basis.CLAIM_DENIED: "A"}


@dataclass(frozen=True, slots=True)
class Rest:
    """A span of days in which a unit's clock stands still and its people are left in peace."""

    first: date  # the day it began; that day still counts, because its reminder went out in the morning
    last: date | None  # the last quiet day, included; None: until an admin ends it
    why: str  # promise | extension | returned | pause


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice that exists already, in whatever state."""

    step: str
    audience: Role
    contact_id: int
    workday: date
    counts: bool  # False: cancelled, so it does not stand for having told anybody


@dataclass(frozen=True, slots=True)
class Case:
    """One disposition with everything that bears on what is due."""

    disposition_id: int
    kind: Kind
    supervised: bool
    status: Status
    disposed_on: date
    ended: bool = False
    unit_kind: str = "opd"
    category: str | None = None
    claim: str | None = None
    claimed_at: datetime | None = None
    claim_denied_at: datetime | None = None
    replied_at: datetime | None = None
    rests: tuple[Rest, ...] = ()
    snoozed: frozenset[date] = frozenset()
    paused_until: datetime | None = None  # of the case, its unit or the office, whichever is latest
    people: Mapping[Role, tuple[int, ...]] | None = None  # who can be told, by role
    unreachable: tuple[Role, ...] = ()  # roles held by someone who cannot be told (number, opt-out, SK ended)

    def told(self, role: Role) -> tuple[int, ...]:
        """The contacts who hear what is addressed to that role."""
        return (self.people or {}).get(role, ())


@dataclass(frozen=True, slots=True)
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


def decide(case: Case, ladder: Ladder, sent: Sequence[Sent], calendar: Calendar, now: datetime) -> Decision:
    """Which notices of `case` are due at `now`, when to look again, and why.

    Working days are counted in the calendar of the unit; the day of disposition is day 0. After downtime only the
    highest step reached is due, never the backlog, and one person hears of one case at most once a day.
    """
    today = calendar.local_day(now)
    age = age_of(case, calendar, today)
    closed = _closed(case, calendar, now)
    if closed:
        reason, look_again = closed
        return Decision((), look_again, age, (reason,))
    reached = [step for step in applicable(case, ladder, today) if _reached(case, ladder, step, calendar, today)]
    why: list[str] = []
    candidates = [due for step in reached for due in _due_of(case, ladder, step, sent, calendar, today, why)]
    due = _one_a_person(candidates, ladder, sent, today, why)
    look = _next_look(case, ladder, [*sent, *map(_as_sent, due)], calendar, today)
    if not due and not why:
        why.append("Belum ada langkah yang jatuh tempo.")
    return Decision(tuple(due), look, age, tuple(why))


def still_due(case: Case, ladder: Ladder, step_id: str, role: Role, contact_id: int, calendar: Calendar,
              now: datetime) -> str | None:  # fmt: skip
    """None when a notice decided earlier may still be sent; otherwise the reason why it is superseded, in Indonesian.

    The asker looks after office hours and the day itself; this is about the case and the person.
    """
    today = calendar.local_day(now)
    step = next((step for step in ladder.steps if step.id == step_id), None)
    if step is None or step not in applicable(case, ladder, today):
        return _why_over(case, today)
    if _paused(case, now):
        return "Laporan sedang dijeda."
    if contact_id not in case.told(role):
        return "Penerima tidak lagi menjabat, sedang cuti, atau tidak dapat dihubungi."
    return _quiet_for(case, step, role, today)


def age_of(case: Case, calendar: Calendar, today: date) -> int:
    """Working days since disposition (day 0) on which the unit's clock ran."""
    return _age(case.disposed_on, case.rests, calendar, today)


@lru_cache(maxsize=4096)  # every step of a case asks for it, and most cases came in on the same few days
def _age(disposed_on: date, rests: tuple[Rest, ...], calendar: Calendar, today: date) -> int:
    return calendar.workdays_between(disposed_on, today) - _rested(rests, calendar, disposed_on, today)


def reminders_unanswered(case: Case, ladder: Ladder, sent: Iterable[Sent], calendar: Calendar, before: date) -> int:
    """On how many days before `before` the unit was reminded without an answer since."""
    daily = {step.id for step in ladder.steps if step.basis is Basis.RESPONSE and step.repeat is Repeat.DAILY}
    since = calendar.local_day(case.replied_at) if case.replied_at else date.min
    return len({s.workday for s in sent if s.step in daily and s.counts and since < s.workday < before})


def applicable(case: Case, ladder: Ladder, today: date) -> list[Step]:
    """The steps that a case in this state can reach at all, lowest first."""
    if case.ended:
        return []
    bases = _bases(case, today)
    return [step for step in ladder.steps if step.basis in bases and _in_scope(step, case)]


def _bases(case: Case, today: date) -> frozenset[Basis]:
    rest = _resting(case, today)
    if rest:
        return frozenset(_TOLD_WHILE_RESTING.get(rest.why, ()))
    if case.status is Status.UNVERIFIED:
        return frozenset({Basis.VERIFICATION})
    if case.status is Status.OPEN:
        bases = {Basis.SEEN, Basis.RESPONSE, Basis.CONTACT, Basis.CLAIM_DENIED, Basis.EXTENSION}
        return frozenset(bases | {Basis.LIMIT} if case.supervised or case.kind is Kind.WHISTLE else bases)
    if case.status is Status.IN_PROCESS:
        return frozenset({Basis.LIMIT, Basis.CONTACT, Basis.EXTENSION})
    return frozenset()


def _in_scope(step: Step, case: Case) -> bool:
    supervised = case.supervised or case.kind is Kind.WHISTLE
    return (
        (step.supervised is None or step.supervised == supervised)
        and (not step.kinds or case.kind in step.kinds)
        and (not step.categories or (case.category or "").casefold() in step.categories)
        and (not step.units or case.unit_kind in step.units)
    )


def _closed(case: Case, calendar: Calendar, now: datetime) -> tuple[str, datetime | None] | None:
    """Why nothing at all can be told now, and when that ends."""
    if case.ended:
        return "Disposisi sudah berakhir.", None
    if case.status not in (Status.UNVERIFIED, Status.OPEN, Status.IN_PROCESS):
        return f"Status LAPOR '{case.status.replace('_', ' ')}' tidak diingatkan.", None
    paused = _paused(case, now)
    if paused:
        return "Pengingat sedang dijeda.", calendar.next_open(paused)
    today = calendar.local_day(now)
    rest = _resting(case, today)
    if rest and rest.why not in _TOLD_WHILE_RESTING:
        assert rest.last is not None  # only "returned" is open-ended
        words = {"promise": "Menunggu janji tindak lanjut", "extension": "Perpanjangan berlaku"}
        return (
            f"{words.get(rest.why, 'Rantai diistirahatkan')} sampai {rest.last:%d-%m-%Y}.",
            calendar.opening(calendar.next_workday(rest.last)),
        )
    opening = calendar.next_open(now)
    if opening > now:
        return "Di luar jam kerja; dilihat lagi saat jam kerja berikutnya.", opening
    return None


def _paused(case: Case, now: datetime) -> datetime | None:
    return case.paused_until if case.paused_until and case.paused_until > now else None


def _resting(case: Case, today: date) -> Rest | None:
    """The rest that covers today; an open-ended one first, then the one that lasts longest."""
    covering = [r for r in case.rests if r.first <= today and (r.last is None or today <= r.last)]
    return max(covering, key=lambda r: r.last or date.max, default=None)


def _rested(rests: Iterable[Rest], calendar: Calendar, start: date, today: date) -> int:
    """Working days after `start`, up to today, that fall into rests; days in two rests count once."""
    total, reached = 0, start
    for first, last in sorted((r.first, min(r.last or today, today)) for r in rests):
        begin = max(first, reached)
        if last > begin:
            total += calendar.workdays_between(begin, last)
            reached = last
    return total


def _clock_start(case: Case, step: Step) -> date:
    """The day from which the step counts."""
    if step.basis is Basis.RETURNED:
        return max((r.first for r in case.rests if r.why == "returned" and r.last is None), default=case.disposed_on)
    return case.disposed_on


def _step_age(case: Case, step: Step, calendar: Calendar, today: date) -> int:
    if step.basis is Basis.RETURNED:  # Kominfo's clock: it runs while the unit's stands still
        return calendar.workdays_between(_clock_start(case, step), today)
    return age_of(case, calendar, today)


def _reached(case: Case, ladder: Ladder, step: Step, calendar: Calendar, today: date) -> bool:
    if step.basis is Basis.EXTENSION:
        return case.claim == "extension"
    if step.basis is Basis.CLAIM_DENIED:
        return case.claim == "done" and case.claim_denied_at is not None
    if step.basis is Basis.CONTACT:
        return True  # _due_of looks at the people
    limit = ladder.limit_of(case.kind, case.supervised)
    age, threshold = _step_age(case, step, calendar, today), step.threshold(limit)
    # "The limit is near" is not said once it has passed, not even to those who missed hearing it.
    return age >= threshold and not (step.basis is Basis.LIMIT and threshold <= limit < age)


def _due_of(case: Case, ladder: Ladder, step: Step, sent: Sequence[Sent], calendar: Calendar, today: date,
            why: list[str]) -> list[Due]:  # fmt: skip
    """What this reached step means for each person it addresses."""
    age = _step_age(case, step, calendar, today)
    if step.basis is Basis.CONTACT:
        trouble = contact_trouble(case, ladder, sent, calendar, today)
        if not trouble:
            return []
        why.append(f"{step.id}: {trouble}")
    due = []
    for role in step.audience:
        if not _turn(case, ladder, step, role, sent, calendar, today):
            continue
        quiet = _quiet_for(case, step, role, today)
        if quiet:
            why.append(f"{step.id} untuk {role}: {quiet}")
        elif not case.told(role):
            if not any(case.told(other) for other in step.audience):
                why.append(f"{step.id}: tidak ada {role.replace('_', ' ')} yang dapat dihubungi.")
        else:
            why.append(f"{step.id} untuk {role.replace('_', ' ')}: {age} hari kerja.")
            heard = _heard_in_another_role(case, step, role, sent, calendar, today)
            due += [Due(step, role, contact, today, age) for contact in case.told(role) if contact not in heard]
    return due


def _heard_in_another_role(
    case: Case, step: Step, role: Role, sent: Sequence[Sent], calendar: Calendar, today: date
) -> set[int]:
    """Who heard this very step as the holder of another role, and need not hear it again as the holder of this one."""
    since = today - timedelta(days=6) if step.repeat is Repeat.WEEKLY else _episode_start(case, step, calendar)
    if step.repeat in (Repeat.DAILY, Repeat.WEEK_START):
        since = today
    return {
        s.contact_id for s in sent if s.step == step.id and s.audience is not role and s.counts and s.workday >= since
    }


def _turn(case: Case, ladder: Ladder, step: Step, role: Role, sent: Sequence[Sent], calendar: Calendar,
          today: date) -> bool:  # fmt: skip
    """Whether this step's time has come for that role, given what was told before."""
    told = [s.workday for s in sent if s.step == step.id and s.audience is role and s.counts]
    if any(s.step == step.id and s.audience is role and s.workday == today for s in sent):
        return False  # decided today already, whatever became of it
    if step.repeat is Repeat.DAILY:
        return True
    if step.repeat is Repeat.WEEKLY:
        return not told or today >= max(told) + timedelta(days=7)
    if step.repeat is Repeat.WEEK_START:
        return _first_workday_of_week(calendar, today) == today
    return not told_at_or_above(case, ladder, step, role, sent, calendar)


def told_at_or_above(
    case: Case, ladder: Ladder, step: Step, role: Role, sent: Sequence[Sent], calendar: Calendar
) -> bool:
    """Whether that role has heard of this step, or of a higher one of the same family, in this episode."""
    since = _episode_start(case, step, calendar)
    told = {s.step for s in sent if s.counts and s.audience is role and s.workday >= since}
    for other in ladder.steps if told else ():
        if other.id not in told:
            continue
        if other.id == step.id or step.basis is Basis.SEEN:  # who has heard anything need not hear that it is new
            return True
        if _family(other) == _family(step) and _rank(other, ladder) >= _rank(step, ladder):
            return True
    return False


def _episode_start(case: Case, step: Step, calendar: Calendar) -> date:
    """Events can happen again (a second request, a second denial); each time they are told once."""
    if step.basis is Basis.EXTENSION:
        return calendar.local_day(case.claimed_at) if case.claimed_at else date.min
    if step.basis is Basis.CLAIM_DENIED:
        return calendar.local_day(case.claim_denied_at) if case.claim_denied_at else date.min
    if step.basis is Basis.RETURNED:
        return _clock_start(case, step)
    return date.min


def _family(step: Step) -> str:
    return _FAMILY.get(step.basis, str(step.basis))


def _rank(step: Step, ladder: Ladder) -> tuple[int, int]:
    return step.level, ladder.steps.index(step)


def _quiet_for(case: Case, step: Step, role: Role, today: date) -> str | None:
    """Why the unit's own people are left in peace although the step is reached. Heads and admins never are."""
    if role not in LIAISON_ROLES:
        return None
    if case.claim == "done" and case.claim_denied_at is None:
        return "penghubung menyatakan sudah ditindaklanjuti; menunggu impor LAPOR berikutnya."
    if step.repeat is Repeat.DAILY and today in case.snoozed:
        return "ditunda satu hari karena ada balasan."
    return None


def contact_trouble(case: Case, ladder: Ladder, sent: Sequence[Sent], calendar: Calendar, today: date) -> str | None:
    """What is wrong with the people who should act on this case, in Indonesian; None when nothing is."""
    supervised = case.supervised or case.kind is Kind.WHISTLE
    first_line = (Role.INSPECTORATE,) if supervised else (Role.LIAISON, Role.OPERATOR)
    if not any(case.told(role) for role in first_line):
        return f"tidak ada {first_line[0].replace('_', ' ')} yang dapat dihubungi."
    if any(role in first_line for role in case.unreachable):
        return f"sebagian {first_line[0].replace('_', ' ')} tidak dapat dihubungi."
    if not supervised and not case.told(Role.HEAD) and _head_is_needed(case, ladder, calendar, today):
        return "tidak ada kepala OPD yang dapat dihubungi."
    unanswered = reminders_unanswered(case, ladder, sent, calendar, today)
    if case.status is Status.OPEN and unanswered >= ladder.caps.unanswered_reminders:
        return f"{unanswered} pengingat tidak dijawab."
    return None


def _head_is_needed(case: Case, ladder: Ladder, calendar: Calendar, today: date) -> bool:
    steps = applicable(case, ladder, today)
    return any(Role.HEAD in step.audience and _reached(case, ladder, step, calendar, today) for step in steps)


def _one_a_person(
    candidates: list[Due], ladder: Ladder, sent: Sequence[Sent], today: date, why: list[str]
) -> list[Due]:
    """The highest step for each person; nobody hears of one case twice on one day."""
    heard = {s.contact_id for s in sent if s.workday == today and s.counts}
    best: dict[int, Due] = {}
    for due in candidates:
        if due.contact_id in heard:
            why.append(f"{due.step.id}: penerima sudah menerima pesan tentang laporan ini hari ini.")
            continue
        other = best.get(due.contact_id)
        if other is None or _rank(due.step, ladder) > _rank(other.step, ladder):
            best[due.contact_id] = due
    return list(best.values())


def _as_sent(due: Due) -> Sent:
    return Sent(due.step.id, due.audience, due.contact_id, due.workday, counts=True)


def _why_over(case: Case, today: date) -> str:
    if case.ended:
        return "Disposisi sudah berakhir."
    rest = _resting(case, today)
    if rest:
        return "Rantai pengingat sedang diistirahatkan."
    return f"Status laporan kini '{case.status.replace('_', ' ')}'."


def _first_workday_of_week(calendar: Calendar, day: date) -> date:
    monday = day - timedelta(days=day.weekday())
    return calendar.next_workday(monday - timedelta(days=1))


def _next_look(case: Case, ladder: Ladder, sent: Sequence[Sent], calendar: Calendar, today: date) -> datetime | None:
    """The next office opening at which time alone can make something due. The earliest over all steps and roles."""
    tomorrow = calendar.next_workday(today)
    days = [
        day
        for step in applicable(case, ladder, today)
        for role in step.audience
        if (day := _next_day(case, ladder, step, role, sent, calendar, today, tomorrow)) is not None
    ]
    return calendar.opening(min(days)) if days else None


def _next_day(case: Case, ladder: Ladder, step: Step, role: Role, sent: Sequence[Sent], calendar: Calendar,
              today: date, tomorrow: date) -> date | None:  # fmt: skip
    """The first working day after today on which this step could be told to this role; None: not by time alone."""
    if step.basis is Basis.CONTACT:
        unheard = not told_at_or_above(case, ladder, step, role, sent, calendar)
        growing = case.status is Status.OPEN and reminders_unanswered(case, ladder, sent, calendar, tomorrow) > 0
        return tomorrow if unheard and (growing or contact_trouble(case, ladder, sent, calendar, today)) else None
    if step.basis in (Basis.EXTENSION, Basis.CLAIM_DENIED):
        waits = _reached(case, ladder, step, calendar, today) and not told_at_or_above(
            case, ladder, step, role, sent, calendar
        )
        return tomorrow if waits else None
    if role in LIAISON_ROLES and case.claim == "done" and case.claim_denied_at is None:
        return None  # an import wakes it
    limit, age = ladder.limit_of(case.kind, case.supervised), _step_age(case, step, calendar, today)
    if step.basis is Basis.LIMIT and step.threshold(limit) <= limit <= age:
        return None  # tomorrow the limit will have passed
    missing = step.threshold(limit) - age
    reached_on = calendar.add_workdays(today, missing) if missing > 0 else tomorrow
    if step.repeat is Repeat.DAILY:
        return reached_on
    if step.repeat is Repeat.WEEK_START:
        monday = reached_on - timedelta(days=reached_on.weekday())
        first = _first_workday_of_week(calendar, reached_on)
        return first if first >= reached_on else _first_workday_of_week(calendar, monday + timedelta(days=7))
    if step.repeat is Repeat.WEEKLY:
        told = [s.workday for s in sent if s.step == step.id and s.audience is role and s.counts]
        again = calendar.next_workday(max(told) + timedelta(days=6)) if told else reached_on
        return max(again, reached_on)
    return None if told_at_or_above(case, ladder, step, role, sent, calendar) else reached_on
