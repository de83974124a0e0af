"""A case through random weeks, each day's decision held against the rules as they are written in the README and in
docs/decisions.md: a plain reading of the rules file that shares no code with the product.

LAPOR changes its word, days are declared off while they run, people promise, claim and answer, the machine is off.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from aspal.core.case import Case, Rest, Sent
from aspal.core.escalation import decide
from aspal.core.ladder.data import ladder_from
from aspal.core.words import Kind, Role, Status
from aspal.core.workdays import Calendar, HoursPeriod

RULES = tomllib.loads(Path("aspal/default_ladder.toml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = RULES["langkah"]
LADDER = ladder_from(RULES)
HOURS = HoursPeriod("biasa", None, None, {day: ((time(7, 30), time(16, 0)),) for day in range(5)})
ROLES = (Role.LIAISON, Role.HEAD, Role.ADMIN, Role.SEKDA, Role.INSPECTORATE)
FIRST, WEEKS = date(2026, 8, 3), 6  # a Monday
FAMILY = {"disposisi": "respon", "klaim_ditolak": "respon"}
EVENTS = ("proses", "belum", "done", "denied", "answer", "promise", "extension", "off", "supervised", "outage")


@dataclass
class Life:
    """What has happened to the case so far, and who was told what on which day."""

    case: Case
    off: set[date] = field(default_factory=lambda: {date(2026, 8, 17), date(2026, 8, 25)})
    told: list[tuple[date, str, Role]] = field(default_factory=list)

    @property
    def secret(self) -> bool:
        return self.case.supervised or self.case.kind is Kind.WHISTLE

    @property
    def limit(self) -> int:
        return int(RULES["batas"]["berkadar" if self.secret else str(self.case.kind)]["hari"])

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.off

    def counts(self, day: date) -> bool:
        """A working day on which the unit's clock runs; the day on which a promise was made still counts."""
        return self.works(day) and not any(rest.first < day <= (rest.last or day) for rest in self.case.rests)

    def age(self, today: date) -> int:
        passed = (self.case.disposed_on + timedelta(n + 1) for n in range((today - self.case.disposed_on).days))
        return sum(map(self.counts, passed))

    def days_told(self, step: str, role: Role) -> list[date]:
        return [day for day, code, who in self.told if (code, who) == (step, role)]

    def happens(self, what: str, today: date) -> None:
        case, now = self.case, _at(today, 10)
        if what in ("proses", "belum"):
            status = Status.IN_PROCESS if what == "proses" else Status.OPEN
            self.case = case if status is case.status else replace(case, status=status, claim=None)
        elif what == "done":
            self.case = replace(case, claim="done", claimed_at=now, claim_denied_at=None, replied_at=now)
        elif what == "denied" and case.claims_done:
            self.case = replace(case, claim_denied_at=now)
        elif what == "answer":
            tomorrow = today + timedelta(1)
            self.case = replace(case, replied_at=now, snoozed=case.snoozed | {tomorrow})
        elif what == "promise" and not case.resting(today):
            rest = Rest(today, today + timedelta(3), "promise")
            self.case = replace(case, claim=None, replied_at=now, rests=(*case.rests, rest))
        elif what == "extension":
            self.case = replace(case, claim="extension", claimed_at=now, replied_at=now)
        elif what == "off":
            self.off.add(today)
        elif what == "supervised":
            self.case = replace(case, supervised=True)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("Asia/Jakarta")).astimezone(UTC)


def _reached(life: Life, step: dict[str, Any], today: date) -> bool:
    """Whether the case has come to this step, whoever was told."""
    case, basis, age = life.case, step["dasar"], life.age(today)
    asked = {"ya": life.secret, "semua": True}.get(step.get("berkadar", "tidak"), not life.secret)
    resting = any(rest.first <= today <= (rest.last or today) for rest in case.rests)
    if basis == "perpanjangan" and asked:  # asked of Kominfo, whose clock does not stand still
        return case.claim == "extension"
    if not asked or resting:
        return False
    is_open = case.status is Status.OPEN
    if basis == "disposisi":
        return is_open or life.secret
    if basis == "respon":
        return is_open and age >= step["hari"]
    if basis == "klaim_ditolak":
        return is_open and case.claim == "done" and case.claim_denied_at is not None
    if basis == "batas" and (life.secret or not is_open):
        first = ceil(life.limit * Fraction(str(step["bagian"]))) if "bagian" in step else life.limit + step["hari"]
        return age >= first and (first > life.limit or age <= life.limit)  # what is over is not near any more
    if basis == "kontak":  # everybody can be reached here; three reminders may have gone unanswered
        answered = case.replied_at.astimezone(ZoneInfo("Asia/Jakarta")).date() if case.replied_at else date.min
        reminded = {day for day, code, _ in life.told if code == "R1" and answered < day < today}
        return is_open and len(reminded) >= 3
    return False


def _is_its_time(life: Life, step: dict[str, Any], role: Role, today: date) -> bool:
    """Whether that role is to hear a step which is reached, given what it has heard."""
    before, repeat = life.days_told(step["kode"], role), step.get("ulang", "sekali")
    if role is Role.LIAISON and (life.case.claims_done or (_leaves_out(step) and today in life.case.snoozed)):
        return False
    if repeat == "mingguan":
        return not before or today >= before[-1] + timedelta(7)
    monday = today - timedelta(today.weekday())
    if repeat == "awal_pekan":
        is_first = not any(life.works(monday + timedelta(n)) for n in range(today.weekday()))
        return is_first and not any(day >= monday for day in before)
    if repeat == "harian":
        return True
    if step["dasar"] == "klaim_ditolak":
        assert life.case.claim_denied_at
        return not any(_at(day, 23) >= life.case.claim_denied_at for day in before)
    if step["dasar"] == "perpanjangan":
        assert life.case.claimed_at
        return not any(_at(day, 23) >= life.case.claimed_at for day in before)
    heard = [other for _, code, who in life.told for other in STEPS if (other["kode"], who) == (code, role)]
    if step["dasar"] == "disposisi":
        return not heard
    return not any(_family(other) == _family(step) and _rank(other) >= _rank(step) for other in heard)


def _leaves_out(step: dict[str, Any]) -> bool:
    return step.get("ulang") == "harian" or step["dasar"] == "disposisi"


def _family(step: dict[str, Any]) -> str:
    return FAMILY.get(step["dasar"], step["dasar"])


def _rank(step: dict[str, Any]) -> tuple[int, int]:
    return step["tingkat"], STEPS.index(step)


def _expected(life: Life, today: date) -> Iterator[tuple[str, Role]]:
    for role in ROLES:
        due = [s for s in STEPS if role in s["kepada"] and _reached(life, s, today)]
        due = [step for step in due if _is_its_time(life, step, role, today)]
        if due:
            yield max(due, key=_rank)["kode"], role


@example(Kind.COMPLAINT, Status.OPEN, False, [(15, "off")])  # after Sekda was told
@example(Kind.COMPLAINT, Status.OPEN, False, [(0, "outage"), (1, "outage"), (1, "answer")])
@example(Kind.COMPLAINT, Status.OPEN, False, [(3, "promise"), (4, "extension")])
@given(
    kind=st.sampled_from([Kind.COMPLAINT, Kind.COMPLAINT, Kind.ASPIRATION, Kind.WHISTLE]),
    status=st.sampled_from([Status.OPEN, Status.IN_PROCESS]),
    supervised=st.booleans(),
    events=st.lists(st.tuples(st.integers(0, WEEKS * 7 - 1), st.sampled_from(EVENTS)), max_size=10),
)
def test_each_day_each_role_hears_what_the_rules_say_and_nothing_else(
    kind: Kind, status: Status, supervised: bool, events: list[tuple[int, str]]
) -> None:
    people = {role: (n,) for n, role in enumerate(ROLES, 1)}
    life = Life(Case(7, kind, supervised, status, FIRST, people=people))
    for n in range(WEEKS * 7):
        today = FIRST + timedelta(n)
        happening = [what for day, what in events if day == n]
        calendar = Calendar("Asia/Jakarta", dict.fromkeys(life.off, "libur"), [HOURS])
        if "outage" not in happening and life.works(today):
            sent = [Sent(code, role, people[role][0], day, counts=True) for day, code, role in life.told]
            told = [(due.step.id, due.audience) for due in decide(life.case, LADDER, sent, calendar, _at(today, 8)).due]
            assert sorted(told) == sorted(_expected(life, today)), f"{today}, {life}"
            life.told += [(today, *one) for one in told]
        for what in happening:  # later on the same day
            life.happens(what, today)
