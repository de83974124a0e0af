"""Links that open one thing for a while, and nothing to anybody else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.signed_link import opened, sign

NOW, HOUR = datetime(2026, 8, 3, tzinfo=UTC), timedelta(hours=1)


@given(st.integers(0, 2**62), st.text(min_size=1))
def test_who_has_the_link_opens_it(number: int, secret: str) -> None:
    assert opened(secret, sign(secret, number, NOW, HOUR), NOW + HOUR) == number


def test_it_is_over_after_its_time() -> None:
    assert opened("s", sign("s", 7, NOW, HOUR), NOW + HOUR + timedelta(seconds=1)) is None


@given(st.text(), st.text(min_size=1))
def test_nothing_else_opens_anything(token: str, secret: str) -> None:
    assert opened(secret, token, NOW) is None


@pytest.mark.parametrize("place", range(8))
def test_a_changed_letter_closes_it(place: int) -> None:
    token = sign("s", 7, NOW, HOUR)
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    assert opened("s", changed, NOW) is None


def test_another_secret_or_none_opens_nothing() -> None:
    assert opened("other", sign("s", 7, NOW, HOUR), NOW) is None
    assert opened("", sign("", 7, NOW, HOUR), NOW) is None
