"""What other rules would have told about a case that went as it went."""

from collections import Counter
from dataclasses import replace
from datetime import date

from aspal.core.replay import Past, replay
from aspal.core.words import Status
from tests.core.test_escalation import CALENDAR, CASE, LADDER, MONDAY


def steps(past: Past, first: date, last: date) -> Counter[str]:
    return Counter(s.step for s in replay(past, LADDER, CALENDAR, first, last))


def test_a_case_followed_up_on_the_fourth_day_never_reached_kominfo() -> None:
    past = Past(CASE, responded_on=date(2026, 8, 7), ended_on=date(2026, 8, 12))
    assert steps(past, MONDAY, date(2026, 8, 31)) == {"R0": 2, "R1": 6, "R2": 1}  # liaison and operator


def test_only_the_asked_days_are_counted_but_the_days_before_are_remembered() -> None:
    past = Past(CASE, responded_on=None, ended_on=None)
    assert steps(past, date(2026, 8, 7), date(2026, 8, 7)) == {"R1": 2, "R9": 1}


def test_the_verification_backlog_stays_unverified() -> None:
    past = Past(replace(CASE, status=Status.UNVERIFIED), responded_on=None, ended_on=None)
    assert steps(past, MONDAY, date(2026, 8, 10)) == {"R7A": 1, "R7B": 1}
