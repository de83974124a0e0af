"""What other rules would have done, and would do. It decides about the past, and writes nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from aspal.core.case import Sent
from aspal.core.ladder import Ladder
from aspal.core.ladder.data import ladder_data, ladder_from
from aspal.core.replay import Looks, Past, foretell, replay
from aspal.core.replay.compare import Compared, Told, compare, messages
from aspal.core.words import OFFICE_ROLES, Role
from aspal.db import Database
from aspal.flow.gather import Gatherer
from aspal.records import cases, ladders
from aspal.records.calendar import Calendars
from aspal.records.cases import CaseRow

COUNTED = 10_000  # beyond this, "lebih dari 10.000" is exact enough
AHEAD = 10  # working days that running cases are followed into the future


@dataclass(frozen=True)
class Bounds:
    """How much is replayed, so that a page answers while one waits: the newest cases, and no more decisions than so."""

    cases: int | None = None
    looks: int = 10**9


PAGE = Bounds(cases=500, looks=15_000)
PAGE_AHEAD = Bounds(cases=250, looks=5000)


@dataclass(slots=True)
class Replayed:
    """What was told under the rules in force and under the draft."""

    days: int
    cases: int = 0  # that were replayed
    of: int = 0  # that there are, counted up to COUNTED
    now: list[Told] = field(default_factory=list)
    draft: list[Told] = field(default_factory=list)
    messages_now: Counter[tuple[Role, str]] = field(default_factory=Counter)
    messages_draft: Counter[tuple[Role, str]] = field(default_factory=Counter)

    @property
    def changes(self) -> list[Compared]:
        """Everything told, each with its difference."""
        return compare(self.now, self.draft)

    def as_json(self) -> dict[str, Any]:
        """Counts as plain data; `difference` is draft minus now, only where they differ."""
        now, draft = (Counter(f"{t.step} {t.audience}" for t in side) for side in (self.now, self.draft))
        keys = sorted({*now, *draft})
        return {
            "days": self.days,
            "cases": self.cases,
            "notices_now": sum(now.values()),
            "notices_draft": sum(draft.values()),
            "messages_now": sum(self.messages_now.values()),
            "messages_draft": sum(self.messages_draft.values()),
            "by_step_now": dict(sorted(now.items())),
            "by_step_draft": dict(sorted(draft.items())),
            "difference": {k: draft[k] - now[k] for k in keys if draft[k] != now[k]},
        }


def run(
    db: Database, calendars: Calendars, data: Mapping[str, Any], *, days: int, now: datetime, bounds: Bounds = Bounds()
) -> Replayed:
    """Replays the last `days` calendar days under both ladders. Raises LadderProblem for an unusable draft."""
    draft = ladder_from(data)
    since = now - timedelta(days=days)
    with db.read() as conn:
        current = ladders.in_force(conn)
        past = cases.past(conn, since, bounds.cases)
        result = Replayed(days, of=cases.past_count(conn, since, COUNTED) if bounds.cases else len(past))
    looks = Looks(bounds.looks)
    days_known = calendars.fingerprint
    sides = ((current, str(ladder_data(current)), result.now), (draft, str(ladder_data(draft)), result.draft))
    for row, one in past:
        if looks.left <= 0:
            break
        last = calendars.of(row.zone).local_day(now)
        first = last - timedelta(days=days)
        result.cases += 1
        for ladder, words, told in sides:
            asked = _Asked((_shape(one, ladder), words, row.zone, days_known, first, last), one, ladder, calendars)
            told += _told(row, ladder, _answer(asked, looks), stand_ins=True)
    _count(result, current, draft)
    return result


def ahead(
    db: Database, calendars: Calendars, data: Mapping[str, Any], *, now: datetime, bounds: Bounds = PAGE_AHEAD
) -> Replayed:
    """What the next working days bring for the cases that are running: by the rules that each has, and by the draft."""
    draft = ladder_from(data)
    with db.read() as conn:
        gatherer = Gatherer(conn, calendars, now)
        gathered = gatherer.rows(cases.running(conn, bounds.cases or COUNTED))
        open_now = cases.past_count(conn, now, COUNTED)
    result, looks = Replayed(AHEAD, of=open_now), Looks(bounds.looks)
    for one in gathered.values():
        if looks.left <= 0:
            break
        first = one.calendar.local_day(one.calendar.next_open(now))
        last = one.calendar.add_workdays(first, AHEAD - 1)
        result.cases += 1
        for ladder, told in ((one.ladder, result.now), (draft, result.draft)):
            foretold = foretell(one.case, ladder, one.sent, one.calendar, first, last, looks)
            told += _told(one.row, ladder, foretold, stand_ins=False)
    _count(result, gatherer.in_force, draft)
    return result


@dataclass(frozen=True, slots=True)
class _Asked:
    """One case under one ladder. Whoever changes a step asks for the rules in force again and again, and many cases
    went alike; `key` says what the answer depends on."""

    key: tuple[Any, ...]
    past: Past = field(compare=False)
    ladder: Ladder = field(compare=False)
    calendars: Calendars = field(compare=False)


def _shape(past: Past, ladder: Ladder) -> tuple[Any, ...]:
    """All that a replay can see of a case."""
    case, steps = past.case, ladder.steps
    unit = case.unit_id if any(step.unit_ids for step in steps) else None
    category = case.category if any(step.categories for step in steps) else None
    what = (case.kind, case.supervised, case.status, case.disposed_on, case.unit_kind, case.exempt)
    return (*what, unit, category, past.responded_on, past.ended_on)


def _answer(asked: _Asked, looks: Looks) -> tuple[Sent, ...]:
    """What was told. Its decisions count whether it was known or not: the same page shows the same cases."""
    told, taken = _known(asked)
    looks.left -= taken
    return told


@lru_cache(maxsize=2500)
def _known(asked: _Asked) -> tuple[tuple[Sent, ...], int]:
    """What was told, and how many decisions it took."""
    zone, _, first, last = asked.key[2:]
    looks = Looks(0)
    told = replay(asked.past, asked.ladder, asked.calendars.of(zone), first, last, looks)
    return tuple(told), -looks.left


def _told(row: CaseRow, ladder: Ladder, sent: Any, *, stand_ins: bool) -> list[Told]:
    steps = {step.id: step for step in ladder.steps}
    return [
        Told(
            row.id, row.complaint_id, row.number, row.unit_name, s.step, s.audience,
            _somebody(row, s) if stand_ins else s.contact_id, s.workday, step.template, step.level,
            digest=step.digest, approval=step.approval,
        )
        for s in sent
        for step in (steps[s.step],)
    ]  # fmt: skip


def _somebody(row: CaseRow, sent: Sent) -> int:
    """One stand-in for each role of each unit; the office's own people stand for all units."""
    unit = 0 if sent.audience in OFFICE_ROLES else row.unit_id or 0
    return unit * (len(Role) + 1) + sent.contact_id


def _count(result: Replayed, current: Ladder, draft: Ladder) -> None:
    result.messages_now = messages(result.now, current.caps)
    result.messages_draft = messages(result.draft, draft.caps)
