"""A straight line, and what a target asks for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.forecast import Forecast, Pace, at_the_end, way_to


def test_the_year_ends_as_its_pace_goes() -> None:
    # In 60 working days 30 came in and 24 were finished; 40 are left: 20 more and 16 more.
    found = at_the_end(100, 70, Pace(60, 40, 30, 24))
    assert found == Forecast(120, 86)
    assert found.completed == 71.7


def test_more_than_there_are_cannot_be_finished() -> None:
    assert at_the_end(10, 9, Pace(10, 100, 1, 10)) == Forecast(20, 20)


def test_before_the_first_working_day_nothing_has_a_pace() -> None:
    assert at_the_end(0, 0, Pace(0, 240, 0, 0)) is None


@pytest.mark.parametrize(
    ("target", "total", "finished", "missing"),
    [("90", 41, 28, 9), ("68.2", 41, 28, 0), ("68.3", 41, 28, 1), ("100", 41, 28, 13), ("50", 0, 0, 0)],
)
def test_what_a_target_asks_for(target: str, total: int, finished: int, missing: int) -> None:
    assert way_to(Decimal(target), total, finished, total - finished, None).now == missing


def test_with_what_still_comes_in_it_is_more() -> None:
    way = way_to(Decimal(80), 100, 70, 30, Forecast(120, 86))
    assert (way.now, way.by_the_end) == (10, 26)


def test_what_is_put_aside_cannot_be_closed() -> None:
    # 41 laporan: 28 selesai, 5 yang masih dapat diselesaikan, 8 diarsipkan.
    way = way_to(Decimal(90), 41, 28, 5, None)
    assert (way.now, way.most, way.best, way.is_open) == (9, 5, 80.5, False)
    assert way_to(Decimal(80), 41, 28, 5, None).is_open


@given(st.decimals(0, 100, places=1), st.integers(1, 2000), st.data())
def test_it_is_the_smallest_number_that_reaches_it(target: Decimal, total: int, data: st.DataObject) -> None:
    finished = data.draw(st.integers(0, total))
    more = way_to(target, total, finished, total - finished, None).now
    assert Decimal(finished + more) * 100 >= target * total
    assert more == 0 or Decimal(finished + more - 1) * 100 < target * total
