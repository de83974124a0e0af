"""An alarm is told once, its cure once, and what comes straight back is the same trouble."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aspal.core.alerting import CALM, Told, after, is_quiet, news

NOW = datetime(2026, 8, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEYS = st.dictionaries(st.sampled_from("abcdef"), st.just("sebab."))


@given(KEYS, KEYS)
def test_what_was_said_is_not_said_again(before: dict[str, str], open_now: dict[str, str]) -> None:
    told = Told(None, before)
    said = news(told, open_now, {}, NOW, HOUR)
    assert said.raised.keys() == open_now.keys() - before.keys()
    assert said.cured.keys() == before.keys() - open_now.keys()
    later = after(told, said, NOW)
    assert later.alarms.keys() == open_now.keys()
    assert not news(later, open_now, {}, NOW + HOUR, HOUR)


def test_it_comes_bundled_once_in_so_long() -> None:
    told = after(Told(), news(Told(), {"a": "A."}, {}, NOW, HOUR), NOW)
    assert not news(told, {"a": "A.", "b": "B."}, {}, NOW + HOUR - timedelta(seconds=1), HOUR)
    said = news(told, {"b": "B.", "c": "C."}, {"a": NOW}, NOW + HOUR, HOUR)
    assert said.lines() == ["B", "C", "Sudah pulih: A"]


def test_a_clock_that_ran_ahead_silences_nobody() -> None:
    told = Told(NOW + timedelta(days=30), {"a": "A."})
    assert news(told, {"a": "A.", "b": "B."}, {}, NOW, HOUR).raised == {"b": "B."}
    assert news(told, {}, {"a": NOW + timedelta(days=30)}, NOW, HOUR).cured == {"a": "A."}


def test_trouble_that_comes_back_within_the_calm_is_the_same_trouble() -> None:
    told = Told(NOW - HOUR, {"a": "A."})
    assert not news(told, {}, {"a": NOW}, NOW + CALM - timedelta(seconds=1), HOUR)
    assert not news(told, {"a": "A."}, {"a": NOW}, NOW + CALM, HOUR)
    assert news(told, {}, {"a": NOW}, NOW + CALM, HOUR).cured == {"a": "A."}


def test_saying_nothing_does_not_start_the_hour_anew() -> None:
    told = Told(NOW - HOUR, {"a": "A."})
    assert after(told, news(told, {"a": "A."}, {}, NOW, HOUR), NOW) == told


def test_what_only_needs_tidying_is_quiet() -> None:
    assert is_quiet("coverage")
    assert is_quiet("consent:12")
    assert not is_quiet("sender_stop")
