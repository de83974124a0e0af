"""The short look at a period, worked out by hand."""

from datetime import date

from aspal.core.rapor.brief import brief
from aspal.core.rapor.period import Period
from aspal.core.words import Status
from aspal.core.workdays import Calendar

CALENDAR = Calendar("Asia/Jakarta", {date(2026, 8, 17): "Hari Kemerdekaan"}, ())
FRIDAY, TUESDAY = date(2026, 8, 14), date(2026, 8, 18)


def test_by_status_and_how_long_the_first_follow_up_took() -> None:
    found = brief(
        Period.of(2026),
        {
            (Status.FINISHED, FRIDAY, TUESDAY): 3,  # one working day, since Monday is off
            (Status.IN_PROCESS, FRIDAY, TUESDAY): 1,
            (Status.IN_PROCESS, FRIDAY, FRIDAY): 2,
            (Status.IN_PROCESS, TUESDAY, FRIDAY): 1,  # a slip of the pen has no length, but is a complaint
            (Status.OPEN, FRIDAY, None): 4,
        },
        CALENDAR,
    )
    assert (found.tally.total, found.tally.finished, found.tally.in_process, found.tally.open) == (11, 3, 4, 4)
    assert (found.response.count, found.response.average_workdays, found.response.average_days) == (6, 0.7, 2.7)


def test_nothing_came_in() -> None:
    found = brief(Period.of(2026), {}, CALENDAR)
    assert (found.tally.total, found.tally.completed, found.response.average_days) == (0, None, None)
