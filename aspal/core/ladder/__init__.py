"""The ladder: which step is told to whom after how many working days. Rules as data. Pure.

Nothing here knows a deadline: the legal limits stand in the ladder with the rule of law they come from, because that
law changes. `data` reads and writes a ladder, `toml` its file, `form` the editor's fields; `edit` changes it in small
steps; `diff` and `words` say it to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from aspal.core.words import Kind, Role


class Basis(StrEnum):
    """What a step counts from, and in which state of a case it applies."""

    SEEN = "disposisi"  # once, when the disposition is first seen
    RESPONSE = "respon"  # clock A: working days since disposition while nothing was followed up
    CLAIM_DENIED = "klaim_ditolak"  # the unit said "done" and a later import still says "belum"
    LIMIT = "batas"  # clock B: working days since disposition while in process, against the legal limit
    VERIFICATION = "verifikasi"  # working days since receipt while unverified
    RETURNED = "dikembalikan"  # working days since the unit said "not ours"
    EXTENSION = "perpanjangan"  # the unit asked for more time
    CONTACT = "kontak"  # nobody can be reached, or nobody answers


class Repeat(StrEnum):
    """How often a step is told while its condition lasts."""

    ONCE = "sekali"
    DAILY = "harian"  # every working day
    WEEKLY = "mingguan"  # seven calendar days after the last time, or the next working day
    WEEK_START = "awal_pekan"  # on the first working day of each week, so that cases gather in one digest


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: when it is reached, who hears of it, in which words."""

    id: str
    basis: Basis
    template: str
    audience: tuple[Role, ...]
    level: int  # how far up the case has gone; the highest step due to a person is the only one told
    days: int = 0  # working days; for LIMIT with `share` unset: days after the limit (negative: before it)
    share: float | None = None  # LIMIT only: this part of the legal limit, rounded up to whole days
    repeat: Repeat = Repeat.ONCE
    supervised: bool | None = False  # True: only cases berkadar pengawasan; False: only others; None: all
    approval: bool = False  # held until an approver releases it
    digest: bool = False  # never told case by case
    kinds: tuple[Kind, ...] = ()  # empty: every kind
    categories: tuple[str, ...] = ()  # empty: every category (compared without case)
    units: tuple[str, ...] = ()  # unit kinds ("kecamatan"); empty: every unit
    unit_ids: tuple[int, ...] = ()  # single units by their row; empty: every unit

    def threshold(self, limit: int) -> int:
        """Working days after which this step is reached, for a case with that legal limit in days."""
        if self.basis is not Basis.LIMIT:
            return self.days
        return ceil(self.share * limit) if self.share is not None else limit + self.days


@dataclass(frozen=True, slots=True)
class Recap:
    """A message about many cases at a fixed time, told by the recap station."""

    id: str
    when: str  # "senin" (weekly), "awal_bulan", or "10-01,12-01" (days of the year)
    at: str  # local time, "08:00"; a day off moves it to the next working day
    template: str
    audience: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A legal limit in working days and the rule it comes from."""

    days: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Caps:
    """What one person can be asked to bear."""

    messages_per_day: int = 3  # beyond this, one digest
    unanswered_reminders: int = 3  # then the admin hears that nobody answers


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rules of an office. A disposition keeps the version it started with."""

    steps: tuple[Step, ...]
    limits: Mapping[str, Limit]  # by kind; "berkadar" for supervised cases
    recaps: tuple[Recap, ...] = ()
    caps: Caps = Caps()
    id: int = 0  # the row it is stored in; 0 while it is a draft
    version: int = 0

    def __hash__(self) -> int:
        """A version is never changed; equal ladders have equal numbers."""
        return hash((self.id, self.version, len(self.steps)))

    def step(self, step_id: str) -> Step:
        """The step of that name. Raises StopIteration for a name that is none."""
        return next(step for step in self.steps if step.id == step_id)

    def limit_of(self, kind: Kind, supervised: bool) -> int:
        """The legal limit in working days."""
        return self.limits["berkadar" if supervised or kind is Kind.WHISTLE else kind.value].days
