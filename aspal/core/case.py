"""One disposition as the escalation sees it: what is known of it, how old it is, and when it rests. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from aspal.core.words import Kind, Role, Status
from aspal.core.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Rest:
    """A span of days in which a unit's clock stands still and its people are left in peace."""

    first: date  # the day it began; that day still counts, because its reminder went out in the morning
    last: date | None  # the last quiet day, included; None: until an admin ends it
    why: str  # promise | extension | returned | pause


@dataclass(slots=True)
class Sent:
    """A notice that exists already, in whatever state."""

    step: str
    audience: Role
    contact_id: int
    workday: date
    counts: bool  # False: cancelled or failed, so it does not stand for having told anybody
    failed: bool = False  # its message left, and did not arrive
    at: datetime | None = None  # when it was decided; known only where somebody of the case was lost


@dataclass(slots=True)
class Case:
    """One disposition with everything that bears on what is due."""

    disposition_id: int
    kind: Kind
    supervised: bool
    status: Status
    disposed_on: date
    ended: bool = False
    unit_kind: str = "opd"
    unit_id: int | None = None
    category: str | None = None
    claim: str | None = None
    claimed_at: datetime | None = None
    claim_denied_at: datetime | None = None
    replied_at: datetime | None = None
    rests: tuple[Rest, ...] = ()
    snoozed: frozenset[date] = frozenset()
    paused_until: datetime | None = None  # of the case, its unit or the office, whichever is latest
    exempt: bool = False  # an admin said: never remind
    people: Mapping[Role, tuple[int, ...]] | None = None  # who can be told, by role
    unreachable: tuple[Role, ...] = ()  # roles held by someone who cannot be told (number, opt-out, SK ended)
    lost_at: datetime | None = None  # when the last of those who should act became one who cannot be told

    def told(self, role: Role) -> tuple[int, ...]:
        """The contacts who hear what is addressed to that role."""
        return self.people.get(role, ()) if self.people else ()

    @property
    def is_supervised(self) -> bool:
        """Berkadar pengawasan, or treated alike: the unit's head may be the one complained about."""
        return self.supervised or self.kind is Kind.WHISTLE

    @property
    def claims_done(self) -> bool:
        """The unit says that it followed up, and no import has denied it since."""
        return self.claim == "done" and self.claim_denied_at is None

    def paused(self, now: datetime) -> datetime | None:
        """The end of a pause that lasts still."""
        return self.paused_until if self.paused_until and self.paused_until > now else None

    def resting(self, today: date) -> Rest | None:
        """The rest that covers today; an open-ended one first, then the one that lasts longest."""
        if not self.rests:
            return None
        covering = [r for r in self.rests if r.first <= today and (r.last is None or today <= r.last)]
        return max(covering, key=lambda r: r.last or date.max, default=None)


def age_of(case: Case, calendar: Calendar, today: date) -> int:
    """Working days since disposition (day 0) on which the unit's clock ran."""
    return _age(case.disposed_on, case.rests, calendar, today)


@lru_cache(maxsize=4096)  # most cases came in on the same few days
def _age(disposed_on: date, rests: tuple[Rest, ...], calendar: Calendar, today: date) -> int:
    return calendar.workdays_between(disposed_on, today) - _rested(rests, calendar, disposed_on, today)


def _rested(rests: Iterable[Rest], calendar: Calendar, start: date, today: date) -> int:
    """Working days after `start`, up to today, that fall into rests; days in two rests count once."""
    total, reached = 0, start
    for first, last in sorted((r.first, min(r.last or today, today)) for r in rests):
        begin = max(first, reached)
        if last > begin:
            total += calendar.workdays_between(begin, last)
            reached = last
    return total
