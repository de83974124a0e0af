"""What a note does to the disposition it lands on. Pure. A claim moves our own chain, never LAPOR's status."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from aspal.core.case import Case, Rest
from aspal.core.replies import Intent
from aspal.core.workdays import Calendar

PROMISE_REACH = 10  # working days ahead, at most
PROMISES = 2  # days that one disposition may be promised for
SNOOZES = 2  # days on which the daily reminder is left out because somebody answered


@dataclass(frozen=True, slots=True)
class Effect:
    """What is noted, and which columns of the disposition change."""

    intent: Intent  # a promise that cannot be kept is a plain note
    promise_until: date | None = None
    too_far: bool = False  # promised beyond what a chain may rest for
    too_many: bool = False  # promised once too often
    columns: Mapping[str, Any] = field(default_factory=dict)  # rests as Rest, snoozed_days as dates


def effect(
    intent: Intent,
    promise_until: date | None,
    case: Case,
    calendar: Calendar,
    *,
    written_at: datetime,
    now: datetime,
    promised: Collection[date],
    told_today: bool,
    for_the_unit: bool,
) -> Effect:
    """The effect of a note written at `written_at` and understood `now`.

    `promised`: the days that were accepted before; `told_today`: the disposition has a notice of today. Who does not
    act for the unit (Sekda, admin), and a case that is over, leave a note and change nothing. So does what was written
    before a claim or a promise that is known already, and comes late: by a lost webhook, or by an answer to a question.
    """
    written_on = calendar.local_day(written_at)
    if case.ended or not for_the_unit:
        kept = Intent.NOTE if intent is Intent.PROMISE else intent
        return Effect(kept, columns={"replied_at": written_at} if case.ended else {})
    base: dict[str, Any] = {"replied_at": max(written_at, case.replied_at or written_at), "next_look_at": now}
    if _is_overtaken(case, written_at, written_on):
        return Effect(Intent.NOTE if intent is Intent.PROMISE else intent, columns=base)
    if intent is Intent.PROMISE and promise_until is not None:
        too_far = calendar.workdays_between(written_on, promise_until) > PROMISE_REACH
        too_many = len({*promised, promise_until}) > PROMISES  # the same day again, from a second phone, is no new one
        if too_far or too_many:
            columns = base | _snoozed(case, calendar, now, told_today)
            return Effect(Intent.NOTE, too_far=too_far, too_many=not too_far, columns=columns)
        return Effect(intent, promise_until, columns=base | _promised(case, written_on, promise_until))
    if intent in (Intent.IN_PROCESS, Intent.EXTENSION, Intent.NOTE, Intent.PROMISE):
        base |= _snoozed(case, calendar, now, told_today)
    if intent in (Intent.NOTE, Intent.PROMISE):
        return Effect(Intent.NOTE, columns=base)
    return Effect(intent, columns=base | _claimed(intent, case, written_at, written_on))


def _is_overtaken(case: Case, written_at: datetime, written_on: date) -> bool:
    newer_claim = case.claimed_at is not None and case.claimed_at > written_at
    return newer_claim or any(rest.why == "promise" and rest.first > written_on for rest in case.rests)


def latest_promise(calendar: Calendar, written_at: datetime) -> date:
    """The last day that a promise may name."""
    return calendar.add_workdays(calendar.local_day(written_at), PROMISE_REACH)


def _claimed(intent: Intent, case: Case, written_at: datetime, written_on: date) -> dict[str, Any]:
    columns: dict[str, Any] = {"claim": str(intent), "claimed_at": written_at}
    if intent is Intent.DONE:
        columns["claim_denied_at"] = None
    if intent is Intent.NOT_OURS:
        if not any(rest.why == "returned" and rest.last is None for rest in case.rests):
            columns["rests"] = (*case.rests, Rest(written_on, None, "returned"))
    elif (accepted := _taken_back(case.rests, written_on)) != case.rests:
        columns["rests"] = accepted
    return columns


def _promised(case: Case, written_on: date, until: date) -> dict[str, Any]:
    # A new promise replaces the one that still runs, so that an earlier day is an earlier day.
    running = [r for r in case.rests if r.why == "promise" and r.last is not None and r.last >= written_on]
    kept = [r for r in _taken_back(case.rests, written_on) if r not in running]
    ended = [replace(r, last=written_on) for r in running if r.first < written_on]
    columns: dict[str, Any] = {
        "promise_until": until,
        "rests": (*kept, *ended, Rest(written_on, until, "promise")),
    }
    if case.claim in (str(Intent.DONE), str(Intent.NOT_OURS)):
        columns["claim"] = str(Intent.IN_PROCESS)  # who promises says that it is theirs and not finished
    return columns


def _taken_back(rests: tuple[Rest, ...], written_on: date) -> tuple[Rest, ...]:
    """Whoever works on a case after all has taken "not ours" back: the unit's clock runs again from today."""
    yesterday = written_on - timedelta(days=1)
    closed = [replace(r, last=yesterday) if r.why == "returned" and r.last is None else r for r in rests]
    return tuple(r for r in closed if r.last is None or r.last >= r.first)


def _snoozed(case: Case, calendar: Calendar, now: datetime, told_today: bool) -> dict[str, Any]:
    """Leaves out one daily reminder: today's if it can still come, else the next working day's. Twice at most."""
    today = calendar.local_day(now)
    open_today = (
        calendar.is_workday(today)
        and calendar.workdays_between(case.disposed_on, today) >= 1
        and now < calendar.closing(today)
        and not told_today
    )
    day = today if open_today else calendar.next_workday(today)
    if day in case.snoozed or len(case.snoozed) >= SNOOZES:
        return {}
    return {"snoozed_days": (*sorted(case.snoozed), day)}
