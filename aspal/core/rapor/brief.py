"""A short look at a period: the few figures that are set beside others. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aspal.core.rapor import Tally, as_words, tally
from aspal.core.rapor.period import Period
from aspal.core.rapor.times import Timing, timing
from aspal.core.wording import short_date
from aspal.core.words import Status
from aspal.core.workdays import Calendar

Answers = Mapping[tuple[Status, date, date | None], int]  # status, receipt and first follow-up -> how many complaints


@dataclass(frozen=True)
class Brief:
    """Complaints by status, and how long the first follow-up took; each figure as the rapor has it."""

    period: Period
    tally: Tally
    response: Timing
    until: date | None = None  # only what came in up to this day; None: the whole period

    @property
    def label(self) -> str:
        """ "Tahun 2025", or "Tahun 2025 sampai tanggal yang sama (3 Agustus 2025)"."""
        same = f" sampai tanggal yang sama ({short_date(self.until)})" if self.until else ""
        return f"{self.period.label}{same}"

    def as_json(self) -> dict[str, Any]:
        """For scripts; docs/rapor.md explains each key."""
        return {
            "periode": self.label,
            "sampai": (self.until or self.period.last).isoformat(),
            **as_words(self.tally),
            "rata_rata_hari_kerja": self.response.average_workdays,
        }


def brief(period: Period, answers: Answers, calendar: Calendar, until: date | None = None) -> Brief:
    """The figures of the complaints that came in during the period, or during its part up to a day."""
    statuses: Counter[Status] = Counter()
    spans: Counter[tuple[date, date]] = Counter()
    for (status, received, answered), count in answers.items():
        statuses[status] += count
        if answered is not None:
            spans[received, answered] += count
    return Brief(period, tally(statuses), timing(spans, calendar.workdays_between), until)
