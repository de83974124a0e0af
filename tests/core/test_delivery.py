"""A status report can only add knowledge."""

from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.delivery import State, backoff_seconds, below
from aspal.core.pacing import Bucket

REPORTS = [State.ACCEPTED, State.SENT, State.DELIVERED, State.READ, State.FAILED]


def after(current: State, reported: State) -> State:
    """As the UPDATE does it."""
    return reported if current in below(reported) else current


@given(st.lists(st.sampled_from(REPORTS), min_size=1), st.randoms())
def test_any_order_any_number_of_times_the_same_end(reports: list[State], chance: object) -> None:
    shuffled = reports + reports
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reduce(after, reports, State.SENDING) == reduce(after, shuffled, State.SENDING)


def test_a_late_delivery_is_the_truth() -> None:
    assert after(State.FAILED, State.DELIVERED) is State.DELIVERED
    assert after(State.DELIVERED, State.FAILED) is State.DELIVERED


@pytest.mark.parametrize(("attempts", "asked", "seconds"), [(1, None, 5), (2, None, 10), (9, None, 600), (1, 90, 90)])
def test_waiting_after_a_refusal(attempts: int, asked: float | None, seconds: float) -> None:
    assert backoff_seconds(attempts, asked) == seconds


@given(st.floats(1, 100), st.lists(st.floats(0, 0.2), min_size=2, max_size=200))
def test_no_more_leaves_than_the_rate_allows(rate: float, pauses: list[float]) -> None:
    bucket, now, leaves = Bucket.full(rate), 0.0, list[float]()
    for pause in pauses:
        now += pause
        leaves.append(now + bucket.wait(now))
    assert all(later >= earlier for earlier, later in pairwise(leaves))
    for index, start in enumerate(leaves):
        within = sum(start <= leave <= start + 1 for leave in leaves[index:])
        assert within <= 2 * rate + 1.001  # a full bucket, and one second's gain
