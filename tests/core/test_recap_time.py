"""The days of recaps."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from aspal.core.ladder import Recap
from aspal.core.recap_time import due
from aspal.core.words import Role
from aspal.core.workdays import Calendar, HoursPeriod

ZONE = ZoneInfo("Asia/Jakarta")
HOURS = HoursPeriod("biasa", None, None, {day: ((time(7, 30), time(16)),) for day in range(5)})
OFF = {date(2026, 8, 17): "Hari Kemerdekaan"} | {date(2026, 3, day): "Libur" for day in (16, 17, 18, 19)}
OFFICE = Calendar("Asia/Jakarta", OFF, [HOURS])


def told(when: str, moment: str) -> tuple[str, bool, bool] | None:
    """(period, whether it is late, whether it may wait)."""
    recap = Recap("R10", when, "08:00", "rekap", (Role.HEAD,))
    found = due(recap, OFFICE, datetime.fromisoformat(moment).replace(tzinfo=ZONE))
    return (found.period.isoformat(), found.is_late, found.may_wait) if found else None


@pytest.mark.parametrize(
    ("when", "moment", "expected"),
    [
        ("senin", "2026-08-10 07:59", None),
        ("senin", "2026-08-10 08:00", ("2026-08-10", False, True)),
        ("senin", "2026-08-10 16:00", None),
        ("senin", "2026-08-11 09:00", ("2026-08-10", True, False)),
        ("senin", "2026-08-12 09:00", None),
        ("senin", "2026-08-18 09:00", ("2026-08-17", False, True)),  # Monday is off
        ("senin", "2026-08-19 09:00", ("2026-08-17", True, False)),
        (
            "senin",
            "2026-03-20 09:00",
            ("2026-03-16", False, False),
        ),  # a Friday: the next working day is the next week's
        ("senin", "2026-03-23 09:00", ("2026-03-23", False, True)),
        ("awal_bulan", "2026-08-03 09:00", ("2026-08-01", False, True)),
        ("awal_bulan", "2026-08-04 09:00", ("2026-08-01", True, False)),
        ("awal_bulan", "2026-08-05 09:00", None),
        ("10-01,12-01", "2026-10-01 09:00", ("2026-10-01", False, True)),
        ("10-01,12-01", "2026-10-02 09:00", ("2026-10-01", True, False)),
        ("10-01,12-01", "2026-10-05 09:00", None),
    ],
)
def test_a_recap_has_its_day_and_one_more(when: str, moment: str, expected: object) -> None:
    assert told(when, moment) == expected


def test_the_week_that_it_speaks_of_does_not_move_with_the_day_on_which_it_is_told() -> None:
    recap = Recap("R10", "senin", "08:00", "rekap", (Role.HEAD,))
    found = [due(recap, OFFICE, datetime(2026, 8, day, 9, 30, tzinfo=ZONE)) for day in (10, 11)]
    assert {one.since for one in found if one} == {datetime(2026, 8, 10, 8, tzinfo=ZONE)}
