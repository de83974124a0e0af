"""The span that a report speaks of: a year, a quarter or a month. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from aspal.core.wording import MONTHS

_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """From a first to a last day, both included."""

    year: int
    quarter: int | None = None
    month: int | None = None

    @classmethod
    def of(cls, year: int, quarter: int | None = None, month: int | None = None) -> "Period":
        """A month goes before a quarter; what is no quarter or month is the whole year."""
        if month and 1 <= month <= 12:
            return cls(year, None, month)
        return cls(year, quarter if quarter and 1 <= quarter <= 4 else None, None)

    @property
    def first(self) -> date:
        return date(self.year, self._months()[0], 1)

    @property
    def last(self) -> date:
        month = self._months()[1]
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def label(self) -> str:
        """ "Tahun 2026", "Triwulan III 2026", "Agustus 2026"."""
        if self.month:
            return f"{MONTHS[self.month - 1]} {self.year}"
        return f"Triwulan {_ROMAN[self.quarter - 1]} {self.year}" if self.quarter else f"Tahun {self.year}"

    @property
    def key(self) -> str:
        """For file names: "2026", "2026-tw3", "2026-08"."""
        if self.month:
            return f"{self.year}-{self.month:02d}"
        return f"{self.year}-tw{self.quarter}" if self.quarter else str(self.year)

    def year_before(self) -> "Period":
        """The same span one year earlier."""
        return Period(self.year - 1, self.quarter, self.month)

    def same_day_before(self, today: date) -> date | None:
        """Where the period still runs: the day of the year before up to which it is fair to compare."""
        if not self.first <= today < self.last:
            return None
        is_leap_day = (today.month, today.day) == (2, 29)
        return today.replace(year=today.year - 1, day=28 if is_leap_day else today.day)

    def _months(self) -> tuple[int, int]:
        if self.month:
            return self.month, self.month
        return (3 * self.quarter - 2, 3 * self.quarter) if self.quarter else (1, 12)
