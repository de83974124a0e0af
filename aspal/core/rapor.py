"""The indicators of a year. Pure: no clock, no database.

Kemendagri's evaluation does not publish how its average is counted, and neither does this claim its category: both
percentages and both averages are given, each by its name.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from aspal.core.words import Status

Workdays = Callable[[date, date], int]
_NOT_FOLLOWED_UP = frozenset({Status.OPEN, Status.UNVERIFIED})


@dataclass(frozen=True, slots=True)
class Case:
    """What the indicators need of one complaint."""

    status: Status
    received_on: date
    responded_on: date | None = None
    finished_on: date | None = None


@dataclass(frozen=True)
class Tally:
    """Complaints by status, as published: finished, in process, not followed up, not verified; the rest beside."""

    total: int = 0
    finished: int = 0
    in_process: int = 0
    open: int = 0
    unverified: int = 0

    @property
    def other(self) -> int:
        """Postponed, archived and returned ones: part of the total, of no figure else."""
        return self.total - self.finished - self.in_process - self.open - self.unverified

    @property
    def completed(self) -> float | None:
        """Persentase penyelesaian = finished / all, the unverified included (Sampang 2023: 28 of 41 = 68,3 %)."""
        return percent(self.finished, self.total)

    @property
    def followed_up(self) -> float | None:
        """Persentase tindak lanjut = (finished + in process) / all (Kalbar: (289 + 4) of 559 = 52 %)."""
        return percent(self.finished + self.in_process, self.total)


@dataclass(frozen=True)
class Rapor:
    """One year's figures."""

    year: int
    tally: Tally
    answered: int  # complaints that the averages are taken over
    average_workdays: float | None
    average_days: float | None
    overdue: Mapping[int, int]  # tunggakan: not followed up to this day, by the year they came in
    units: Mapping[str, Tally]

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on."""
        return {
            "year": self.year,
            **_words(self.tally),
            "rata_rata_hari_kerja": self.average_workdays,
            "rata_rata_hari_kalender": self.average_days,
            "rata_rata_dihitung_dari": "tanggal laporan sampai tindak lanjut pertama",
            "rata_rata_jumlah_laporan": self.answered,
            "tunggakan": {str(year): count for year, count in sorted(self.overdue.items())},
            "per_unit": [{"unit": name, **_words(tally)} for name, tally in self.units.items()],
        }


def tally(statuses: Mapping[Status, int]) -> Tally:
    """Counts by status -> the published groups."""
    return Tally(
        total=sum(statuses.values()),
        finished=statuses.get(Status.FINISHED, 0),
        in_process=statuses.get(Status.IN_PROCESS, 0),
        open=statuses.get(Status.OPEN, 0),
        unverified=statuses.get(Status.UNVERIFIED, 0),
    )


def rapor(year: int, cases: Iterable[Case], units: Mapping[str, Tally], workdays_between: Workdays) -> Rapor:
    """The figures of the complaints that came in during `year`; earlier ones count as overdue while nobody acts."""
    statuses: Counter[Status] = Counter()
    overdue: Counter[int] = Counter()
    answered = workdays = days = 0
    for case in cases:
        if case.status in _NOT_FOLLOWED_UP and case.received_on.year <= year:
            overdue[case.received_on.year] += 1
        if case.received_on.year != year:
            continue
        statuses[case.status] += 1
        first = case.responded_on or case.finished_on
        if first is not None and first >= case.received_on:
            answered += 1
            workdays += workdays_between(case.received_on, first)
            days += (first - case.received_on).days
    return Rapor(
        year, tally(statuses), answered, _share(workdays, answered), _share(days, answered), dict(overdue), units
    )


def percent(part: int, whole: int) -> float | None:
    """One decimal, halves away from zero as on paper; nothing of nothing is no figure."""
    return _share(100 * part, whole)


def _share(total: int, count: int) -> float | None:
    if not count:
        return None
    return float((Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _words(tally: Tally) -> dict[str, Any]:
    return {
        "total": tally.total,
        "selesai": tally.finished,
        "proses": tally.in_process,
        "belum_ditindaklanjuti": tally.open,
        "belum_terverifikasi": tally.unverified,
        "lainnya": tally.other,
        "persen_penyelesaian": tally.completed,
        "persen_tindak_lanjut": tally.followed_up,
    }
