"""A short look at a period: the few figures that are set beside others. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aspal.core import rapor_times
from aspal.core.rapor import Tally, tally
from aspal.core.rapor_period import Period
from aspal.core.rapor_times import Timing
from aspal.core.words import Status
from aspal.core.workdays import Calendar

Answers = Mapping[tuple[Status, date, date | None], int]  # status, receipt and first follow-up -> how many complaints


@dataclass(frozen=True)
class Brief:
    """Complaints by status, and how long the first follow-up took; each figure as the rapor has it."""

    period: Period
    tally: Tally
    response: Timing


def brief(period: Period, answers: Answers, calendar: Calendar) -> Brief:
    """The figures of the complaints that came in during the period."""
    statuses: Counter[Status] = Counter()
    spans: Counter[tuple[date, date]] = Counter()
    for (status, received, answered), count in answers.items():
        statuses[status] += count
        if answered is not None:
            spans[received, answered] += count
    return Brief(period, tally(statuses), rapor_times.timing(spans, calendar.workdays_between))
