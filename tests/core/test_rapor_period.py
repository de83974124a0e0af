"""Years, quarters and months."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.rapor.period import Period


@pytest.mark.parametrize(
    ("period", "first", "last", "label", "key"),
    [
        (Period.of(2026), date(2026, 1, 1), date(2026, 12, 31), "Tahun 2026", "2026"),
        (Period.of(2026, quarter=3), date(2026, 7, 1), date(2026, 9, 30), "Triwulan III 2026", "2026-tw3"),
        (Period.of(2024, month=2), date(2024, 2, 1), date(2024, 2, 29), "Februari 2024", "2024-02"),
        (Period.of(2026, 1, 12), date(2026, 12, 1), date(2026, 12, 31), "Desember 2026", "2026-12"),
        (Period.of(2026, 7, 13), date(2026, 1, 1), date(2026, 12, 31), "Tahun 2026", "2026"),  # no such ones
    ],
)
def test_what_a_period_is(period: Period, first: date, last: date, label: str, key: str) -> None:
    assert (period.first, period.last, period.label, period.key) == (first, last, label, key)


@given(st.integers(2000, 2100))
def test_quarters_and_months_cover_the_year_without_a_gap(year: int) -> None:
    for parts in ([Period.of(year, q) for q in range(1, 5)], [Period.of(year, None, m) for m in range(1, 13)]):
        assert (parts[0].first, parts[-1].last) == (Period.of(year).first, Period.of(year).last)
        assert all(b.first - a.last == timedelta(1) for a, b in pairwise(parts))


@pytest.mark.parametrize(
    ("period", "today", "until"),
    [
        (Period.of(2026), date(2026, 8, 3), date(2025, 8, 3)),
        (Period.of(2024), date(2024, 2, 29), date(2023, 2, 28)),
        (Period.of(2026), date(2026, 12, 31), None),  # its last day: the whole of both
        (Period.of(2026, 1), date(2026, 8, 3), None),  # over
        (Period.of(2027), date(2026, 8, 3), None),  # not begun
    ],
)
def test_a_running_period_is_compared_up_to_the_same_day(period: Period, today: date, until: date | None) -> None:
    assert period.same_day_before(today) == until


def test_the_year_before_is_the_same_span() -> None:
    assert Period.of(2026, 3).year_before() == Period(2025, 3)
    assert Period.of(2024, None, 2).year_before().last == date(2023, 2, 28)
