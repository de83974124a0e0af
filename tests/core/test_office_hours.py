"""The hours an office starts with."""

from datetime import date, datetime, timedelta

import pytest

from aspal.core.office_hours import NORMAL, is_estimate, ramadan
from aspal.core.workdays import HoursPeriod


def week(period: HoursPeriod, daily_break: timedelta) -> timedelta:
    """The week's working time: a day with one block has its break inside, a day with two between them."""
    total = timedelta()
    for blocks in period.blocks.values():
        for start, end in blocks:
            total += datetime.combine(date.min, end) - datetime.combine(date.min, start)
        total -= daily_break if len(blocks) == 1 else timedelta()
    return total


def test_the_week_has_the_hours_of_perpres_21_of_2023() -> None:
    assert week(NORMAL, timedelta(hours=1)) == timedelta(hours=37, minutes=30)
    assert week(ramadan(date(2026, 3, 21)), timedelta(minutes=30)) == timedelta(hours=32, minutes=30)


@pytest.mark.parametrize(
    ("idul_fitri", "name", "first", "last"),
    [
        (date(2025, 3, 31), "Ramadan 1446 H", date(2025, 3, 1), date(2025, 3, 30)),
        (date(2026, 3, 21), "Ramadan 1447 H", date(2026, 2, 19), date(2026, 3, 20)),
        (date(2027, 3, 10), "Ramadan 1448 H", date(2027, 2, 8), date(2027, 3, 9)),
        (date(2033, 1, 3), "Ramadan 1454 H", date(2032, 12, 4), date(2033, 1, 2)),
        (date(2033, 12, 23), "Ramadan 1455 H", date(2033, 11, 23), date(2033, 12, 22)),
    ],
)
def test_ramadan_is_counted_back_from_idul_fitri(idul_fitri: date, name: str, first: date, last: date) -> None:
    period = ramadan(idul_fitri)
    assert (period.name, period.first_day, period.last_day) == (name, first, last)


def test_a_ramadan_that_was_only_counted_back_is_an_estimate() -> None:
    assert not is_estimate(date(2026, 3, 21))
    assert is_estimate(date(2028, 2, 27))
