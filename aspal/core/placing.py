"""A row of the export, placed: which units it means, when their clock starts, and how secret it is. Pure.

What the row does not say and no admin has answered is not guessed: the row is held, with the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from aspal.core import names
from aspal.core.news import LIVE
from aspal.core.rows import RosterRow
from aspal.core.values import Remembered, value
from aspal.core.words import Status

# How the questions begin about which a page offers a choice; rows are held for weeks and keep what was asked then.
_UNKNOWN_UNIT, _NO_DAY = "OPD “", "Tanggal disposisi kosong."
# Read on a page as well as on the command line: how to answer is said there, each in its own way.
BLANK_DAY = f"{_NO_DAY} Tentukan sejak kapan hari kerja dihitung: tanggal laporan, atau hari impor."


@dataclass(frozen=True, slots=True)
class Answers:
    """What an admin answered for a layout of file."""

    disposed_on: str | None = None  # received | import: what a blank disposition date means
    secrecy: str | None = None  # open | confidential: what a missing Rahasia column means


@value
class Placed:
    """A row of which everything is decided."""

    row: RosterRow
    units: tuple[int, ...]
    disposed_on: date
    basis: str  # file | received | import
    secret_by_layout: bool | None  # None: nobody has answered


@dataclass(frozen=True)
class UnitNames:
    """Every name and alias by which a unit is known."""

    ids: Mapping[str, int]  # key -> unit
    names: Mapping[int, str]

    def find(self, name: str) -> int | None:
        return self.ids.get(names.key(name))

    def like(self, name: str) -> Sequence[str]:
        return [self.names[unit_id] for unit_id in names.suggest(name, self.ids)]


class Placing:
    """Places rows; remembers names, because a file repeats them."""

    def __init__(self, units: UnitNames, answers: Answers, today: date) -> None:
        self._answers = answers
        self._today = today
        self._suggest = lru_cache(maxsize=500)(units.like)
        self._find = lru_cache(maxsize=5000)(units.find)
        self._units = Remembered(self._find_all)

    def place(self, row: RosterRow) -> Placed | str:
        """The placed row, or in Indonesian what must be answered first."""
        if row.tracking_id is None and not (row.status is Status.UNVERIFIED and row.title):
            return "Nomor laporan (Tracking ID) kosong."
        if row.status is Status.UNVERIFIED:
            return Placed(row, (), row.received_on, "file", self._secrecy())
        found, unknown = self._units[row.units]
        if unknown is not None:
            return self._ask_unit(unknown)
        if not found and row.status in LIVE:
            return "Laporan sudah didisposisikan, tetapi kolom OPD kosong."
        clock = self._clock_start(row)
        if clock is None:
            return BLANK_DAY
        return Placed(row, found, *clock, self._secrecy())

    def _find_all(self, names: Any) -> tuple[tuple[int, ...], str | None]:
        """The units of a row, each once, and the first name that nobody knows."""
        units = {name: self._find(name) for name in names}
        unknown = next((name for name, unit_id in units.items() if unit_id is None), None)
        return tuple(dict.fromkeys(unit_id for unit_id in units.values() if unit_id is not None)), unknown

    def _clock_start(self, row: RosterRow) -> tuple[date, str] | None:
        if row.disposed_on is not None:
            return row.disposed_on, "file"
        if self._answers.disposed_on == "import" and row.status in LIVE:
            return self._today, "import"
        if self._answers.disposed_on == "received" or row.status not in LIVE:  # what is over has no clock to start
            return row.received_on, "received"
        return None

    def _ask_unit(self, name: str) -> str:
        alike = "; ".join(self._suggest(name))
        hint = f" Mungkin yang dimaksud: {alike}." if alike else " Tidak ada nama yang mirip di direktori."
        settle = "Konfirmasi sekali sebagai nama lain, atau tambahkan ke direktori."
        return f"{_UNKNOWN_UNIT}{name}” belum dikenal.{hint} {settle}"

    def _secrecy(self) -> bool | None:
        return None if self._answers.secrecy is None else self._answers.secrecy == "confidential"


def asks_for_unit(reason: str) -> bool:
    """Whether a row is held because nobody knows the unit that it names."""
    return reason.startswith(_UNKNOWN_UNIT)


def asks_for_day(reason: str) -> bool:
    """Whether a row is held because it has no day of disposition."""
    return reason.startswith(_NO_DAY)
