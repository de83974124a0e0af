"""Short codes are unique, readable, and never look like a word or a number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.codes import as_typed, code_of


def test_the_first_hundred_thousand_are_all_different() -> None:
    assert len({code_of(number) for number in range(100_000)}) == 100_000


@given(st.sets(st.integers(0, 50_000_000), min_size=2, max_size=50))
def test_different_ids_have_different_codes(ids: set[int]) -> None:
    assert len({code_of(number) for number in ids}) == len(ids)


@given(st.integers(0, 2_500_000))
def test_a_code_is_three_to_five_signs_with_a_letter_and_a_digit_and_no_look_alikes(number: int) -> None:
    assert re.fullmatch(r"[B-DF-HJKM-NP-TV-Z][2-9][B-DF-HJKM-NP-TV-Z][2-9B-DF-HJKM-NP-TV-Z]{0,2}", code_of(number))


@given(st.integers(0, 2_000_000))
def test_neighbours_differ_in_more_than_one_sign(number: int) -> None:
    one, other = code_of(number), code_of(number + 1)
    assert len(one) != len(other) or sum(a != b for a, b in zip(one, other, strict=True)) > 1


@pytest.mark.parametrize("typed", ["man-2026-0001", " MAN-2026-0001 ", "#MAN-2026-0001", "# man-2026-0001"])
def test_a_number_is_the_same_however_it_was_typed(typed: str) -> None:
    assert as_typed(typed) == "MAN-2026-0001"
