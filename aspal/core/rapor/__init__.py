"""The indicators of a period. Pure: no clock, no database; everything comes in counted.

Kemendagri's evaluation publishes neither its formulas nor its thresholds. So both percentages and both ways to count
days are given, each by its name and with its definition, and no category is ever claimed: these are the office's own
estimates ("perkiraan internal"). Every definition is told to the reader in docs/rapor.md.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, TypeVar

from aspal.core.rapor import follow, times
from aspal.core.rapor.follow import Moves, Promise, Promises
from aspal.core.rapor.period import Period
from aspal.core.rapor.times import Dated, InTime, Spans, Timing, percent
from aspal.core.words import Kind, Status
from aspal.core.workdays import Calendar

Key = TypeVar("Key", bound=Hashable)
UNNAMED = "(tidak disebut)"
MEASURED = "tanggal laporan sampai tindak lanjut pertama"
COMPLETED = "tanggal laporan sampai selesai"


@dataclass(frozen=True, slots=True)
class Group:
    """Complaints alike in every way that is counted."""

    month: int
    status: Status
    kind: Kind
    category: str | None
    channel: str | None
    count: int


@dataclass(frozen=True)
class Tally:
    """Complaints by status: the published four, and what is put aside beside them."""

    total: int = 0
    finished: int = 0
    in_process: int = 0
    open: int = 0
    unverified: int = 0
    postponed: int = 0
    archived: int = 0
    not_ours: int = 0

    @property
    def other(self) -> int:
        """Postponed, archived and returned ones: part of the total, of no figure else."""
        return self.postponed + self.archived + self.not_ours

    @property
    def unfinished(self) -> int:
        """What somebody can still close."""
        return self.in_process + self.open + self.unverified

    @property
    def completed(self) -> float | None:
        """Persentase penyelesaian = finished / all, the unverified included (Sampang 2023: 28 of 41 = 68,3 %)."""
        return percent(self.finished, self.total)

    @property
    def followed_up(self) -> float | None:
        """Persentase tindak lanjut = (finished + in process) / all (Kalbar: (289 + 4) of 559 = 52 %)."""
        return percent(self.finished + self.in_process, self.total)


@dataclass(frozen=True)
class UnitFacts:
    """One unit's part: its dispositions by status, and on which days the answered ones came in and were answered."""

    id: int
    name: str
    statuses: Mapping[Status, int]
    starts: Mapping[date, int] = field(default_factory=dict)
    ends: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class UnitLine:
    """One unit in the rapor."""

    id: int
    name: str
    tally: Tally
    average_workdays: float | None  # receipt to the unit's first follow-up


@dataclass(frozen=True)
class Facts:
    """What the records count for one period."""

    groups: Sequence[Group]
    responses: Spans = field(default_factory=dict)  # receipt to first follow-up
    dated: Sequence[Dated] = ()
    overdue: Mapping[int, int] = field(default_factory=dict)  # not followed up now, by year of receipt
    carried: Mapping[int, int] = field(default_factory=dict)  # not followed up when the period ended
    units: Sequence[UnitFacts] = ()
    moves: Moves = field(default_factory=Moves)
    promises: Sequence[Promise] = ()


@dataclass(frozen=True)
class Rapor:
    """One period's figures."""

    period: Period
    tally: Tally
    response: Timing
    completion: Timing
    in_time: Sequence[InTime]
    overdue: Mapping[int, int]
    carried: Mapping[int, int]
    units: Sequence[UnitLine]
    kinds: Mapping[str, Tally]
    categories: Mapping[str, Tally]
    channels: Mapping[str, Tally]
    months: Mapping[int, Tally]
    moves: Moves
    promises: Promises

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on; docs/rapor.md explains each."""
        return {
            "year": self.period.year,
            "periode": self.period.label,
            "keterangan": "perkiraan internal, bukan penilaian resmi",
            **as_words(self.tally),
            "rata_rata_hari_kerja": self.response.average_workdays,
            "rata_rata_hari_kalender": self.response.average_days,
            "rata_rata_dihitung_dari": MEASURED,
            "rata_rata_jumlah_laporan": self.response.count,
            "median_hari_kerja": self.response.median_workdays,
            "median_hari_kalender": self.response.median_days,
            "penyelesaian": {"dihitung_dari": COMPLETED, **_timing(self.completion)},
            "tepat_waktu": [_in_time(one) for one in self.in_time],
            "tunggakan": {str(year): count for year, count in sorted(self.overdue.items())},
            "tunggakan_akhir_periode": {str(year): count for year, count in sorted(self.carried.items())},
            "salah_alamat": self.moves.wrong,
            "pingpong": self.moves.ping_pong,
            "janji": {
                "ditepati": self.promises.kept, "dilanggar": self.promises.broken, "berjalan": self.promises.running,
                "persen_ditepati": self.promises.share,
            },
            "per_unit": [
                {"unit": one.name, **as_words(one.tally), "rata_rata_hari_kerja": one.average_workdays}
                for one in self.units
            ],
            "per_jenis": {name: as_words(tally) for name, tally in self.kinds.items()},
            "per_kategori": {name: as_words(tally) for name, tally in self.categories.items()},
            "per_kanal": {name: as_words(tally) for name, tally in self.channels.items()},
            "per_bulan": {str(month): as_words(tally) for month, tally in self.months.items()},
        }  # fmt: skip


def tally(statuses: Mapping[Status, int]) -> Tally:
    """Counts by status -> the published groups."""
    return Tally(
        total=sum(statuses.values()),
        finished=statuses.get(Status.FINISHED, 0),
        in_process=statuses.get(Status.IN_PROCESS, 0),
        open=statuses.get(Status.OPEN, 0),
        unverified=statuses.get(Status.UNVERIFIED, 0),
        postponed=statuses.get(Status.POSTPONED, 0),
        archived=statuses.get(Status.ARCHIVED, 0),
        not_ours=statuses.get(Status.NOT_OURS, 0),
    )


def rapor(period: Period, facts: Facts, limits: Mapping[str, int], calendar: Calendar, today: date) -> Rapor:
    """The figures of the complaints that came in during the period.

    Tunggakan follows the articles: what nobody has followed up (not followed up, or not even verified) stays overdue
    in the year it came in, whatever year it is now. `carried` is the same as the day on which the period ended saw it.
    """
    completions: Counter[tuple[date, date]] = Counter()
    for one in facts.dated:
        if one.finished and one.finished_on is not None:
            completions[one.received_on, one.finished_on] += one.count
    return Rapor(
        period=period,
        tally=tally(_counted(facts.groups, lambda one: one.status)),
        response=times.timing(facts.responses, calendar.workdays_between),
        completion=times.timing(completions, calendar.workdays_between),
        in_time=times.in_time(facts.dated, limits, calendar.add_workdays, today),
        overdue=dict(facts.overdue),
        carried=dict(facts.carried),
        units=unit_lines(facts.units, calendar),
        kinds=_by(facts.groups, lambda one: str(one.kind)),
        categories=_by(facts.groups, lambda one: one.category or UNNAMED),
        channels=_by(facts.groups, lambda one: one.channel or UNNAMED),
        months=dict(sorted(_by(facts.groups, lambda one: one.month).items())),
        moves=facts.moves,
        promises=follow.promises(facts.promises, today),
    )


def as_words(tally: Tally) -> dict[str, Any]:
    """A tally under the names that scripts and data files rely on."""
    return {
        "total": tally.total,
        "selesai": tally.finished,
        "proses": tally.in_process,
        "belum_ditindaklanjuti": tally.open,
        "belum_terverifikasi": tally.unverified,
        "lainnya": tally.other,
        "ditunda": tally.postponed,
        "diarsipkan": tally.archived,
        "bukan_kewenangan": tally.not_ours,
        "persen_penyelesaian": tally.completed,
        "persen_tindak_lanjut": tally.followed_up,
    }


def unit_lines(facts: Sequence[UnitFacts], calendar: Calendar) -> list[UnitLine]:
    """Each unit's part, in the same order."""
    until = cache(lambda day: calendar.workdays_between(date.min, day))  # the same few days again at every unit
    return [
        UnitLine(one.id, one.name, tally(one.statuses), times.decomposed_mean(one.starts, one.ends, until))
        for one in facts
    ]


def _counted(groups: Iterable[Group], key: Callable[[Group], Any]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for one in groups:
        found[key(one)] += one.count
    return found


def _by(groups: Iterable[Group], key: Callable[[Group], Key]) -> dict[Key, Tally]:
    """A tally for each key, the largest first."""
    statuses: dict[Key, Counter[Status]] = {}
    for one in groups:
        statuses.setdefault(key(one), Counter())[one.status] += one.count
    tallies = {name: tally(found) for name, found in statuses.items()}
    return dict(sorted(tallies.items(), key=lambda item: (-item[1].total, str(item[0]))))


def _timing(one: Timing) -> dict[str, Any]:
    return {
        "jumlah_laporan": one.count,
        "rata_rata_hari_kerja": one.average_workdays,
        "median_hari_kerja": one.median_workdays,
        "rata_rata_hari_kalender": one.average_days,
        "median_hari_kalender": one.median_days,
    }


def _in_time(one: InTime) -> dict[str, Any]:
    return {
        "jenis": one.limit,
        "batas_hari_kerja": one.days,
        "tepat_waktu": one.in_time,
        "terlambat": one.late,
        "lewat_batas_belum_selesai": one.overdue,
        "berjalan": one.running,
        "tanpa_tanggal": one.undated,
        "persen_tepat_waktu": one.share,
    }
