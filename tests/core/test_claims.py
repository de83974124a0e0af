"""What a note does to its disposition. Wednesday 12 August 2026; Monday the 17th is a holiday."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aspal.core.case import Case, Rest
from aspal.core.claims import Effect, effect, latest_promise
from aspal.core.replies import Intent
from aspal.core.words import Kind, Status
from aspal.core.workdays import Calendar, HoursPeriod

ZONE = ZoneInfo("Asia/Jakarta")
HOURS = HoursPeriod("biasa", None, None, {day: ((time(7, 30), time(16)),) for day in range(5)})
CALENDAR = Calendar("Asia/Jakarta", {date(2026, 8, 17): "Hari Kemerdekaan"}, [HOURS])
NOW = datetime(2026, 8, 12, 9, tzinfo=ZONE)
TODAY = NOW.date()
CASE = Case(1, Kind.COMPLAINT, False, Status.OPEN, date(2026, 8, 10))


def of(intent: Intent, until: date | None = None, case: Case = CASE, **changes: Any) -> Effect:
    defaults: dict[str, Any] = {"promised": (), "told_today": False, "for_the_unit": True, "now": NOW}
    return effect(intent, until, case, CALENDAR, written_at=NOW, **(defaults | changes))


def test_done_is_a_claim_that_waits_for_lapor() -> None:
    columns = of(Intent.DONE, case=replace(CASE, claim_denied_at=NOW)).columns
    assert columns == {
        "replied_at": NOW, "next_look_at": NOW, "claim": "done", "claimed_at": NOW, "claim_denied_at": None,
    }  # fmt: skip


@pytest.mark.parametrize("intent", [Intent.DONE, Intent.IN_PROCESS, Intent.NOT_OURS, Intent.EXTENSION, Intent.PROMISE])
@pytest.mark.parametrize(
    "known",
    [
        {"claim": "done", "claimed_at": NOW + timedelta(hours=1)},
        {"rests": (Rest(TODAY + timedelta(1), TODAY + timedelta(2), "promise"),)},
    ],
)
def test_what_was_written_before_and_comes_late_is_kept_and_changes_nothing(intent: Intent, known: Any) -> None:
    newer = NOW + timedelta(hours=1)
    got = of(intent, TODAY + timedelta(2), case=replace(CASE, replied_at=newer, **known))
    assert got.columns == {"replied_at": newer, "next_look_at": NOW}
    assert got.intent is (Intent.NOTE if intent is Intent.PROMISE else intent)
    assert got.promise_until is None


def test_in_process_snoozes_todays_reminder_once() -> None:
    got = of(Intent.IN_PROCESS)
    assert got.columns["claim"] == "in_process"
    assert got.columns["snoozed_days"] == (TODAY,)


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"told_today": True}, date(2026, 8, 13)),
        ({"now": datetime(2026, 8, 12, 17, tzinfo=ZONE)}, date(2026, 8, 13)),
        ({"now": datetime(2026, 8, 14, 17, tzinfo=ZONE)}, date(2026, 8, 18)),  # over the weekend and the holiday
        ({"now": datetime(2026, 8, 15, 9, tzinfo=ZONE)}, date(2026, 8, 18)),
        ({"case": replace(CASE, disposed_on=TODAY)}, date(2026, 8, 13)),  # age 0: no reminder today anyway
    ],
)
def test_when_todays_reminder_is_past_the_next_one_is_left_out(changes: dict[str, Any], day: date) -> None:
    assert of(Intent.NOTE, **changes).columns["snoozed_days"] == (day,)


def test_two_days_are_snoozed_at_most_and_none_twice() -> None:
    twice = replace(CASE, snoozed=frozenset({date(2026, 8, 10), date(2026, 8, 11)}))
    assert "snoozed_days" not in of(Intent.NOTE, case=twice).columns
    assert "snoozed_days" not in of(Intent.NOTE, case=replace(CASE, snoozed=frozenset({TODAY}))).columns


def test_a_promise_rests_the_chain_until_its_day() -> None:
    until = date(2026, 8, 14)
    got = of(Intent.PROMISE, until)
    assert (got.intent, got.promise_until) == (Intent.PROMISE, until)
    assert got.columns["rests"] == (Rest(TODAY, until, "promise"),)
    assert got.columns["promise_until"] == until


def test_ten_working_days_ahead_is_the_most() -> None:
    last = latest_promise(CALENDAR, NOW)
    assert last == date(2026, 8, 27)  # 13 14 18 19 20 21 24 25 26 27
    assert of(Intent.PROMISE, last).promise_until == last
    refused = of(Intent.PROMISE, date(2026, 8, 28))
    assert (refused.intent, refused.promise_until, refused.too_far) == (Intent.NOTE, None, True)
    assert "rests" not in refused.columns


def test_a_third_promise_is_kept_as_a_note() -> None:
    before = date(2026, 8, 12), date(2026, 8, 13)
    refused = of(Intent.PROMISE, date(2026, 8, 14), promised=before)
    assert (refused.intent, refused.too_many, refused.too_far) == (Intent.NOTE, True, False)
    assert of(Intent.PROMISE, date(2026, 8, 13), promised=before).promise_until == date(2026, 8, 13)


def test_a_new_promise_replaces_the_running_one() -> None:
    running = replace(CASE, rests=(Rest(date(2026, 8, 11), date(2026, 8, 20), "promise"),))
    rests = of(Intent.PROMISE, date(2026, 8, 13), running).columns["rests"]
    assert rests == (Rest(date(2026, 8, 11), TODAY, "promise"), Rest(TODAY, date(2026, 8, 13), "promise"))


def test_not_ours_stops_the_units_clock_once() -> None:
    columns = of(Intent.NOT_OURS).columns
    assert columns["claim"] == "not_ours"
    assert columns["rests"] == (Rest(TODAY, None, "returned"),)
    again = of(Intent.NOT_OURS, case=replace(CASE, claim="not_ours", rests=columns["rests"]))
    assert "rests" not in again.columns


@pytest.mark.parametrize("intent", [Intent.DONE, Intent.IN_PROCESS, Intent.EXTENSION])
def test_working_on_it_after_all_takes_not_ours_back(intent: Intent) -> None:
    returned = replace(CASE, claim="not_ours", rests=(Rest(date(2026, 8, 10), None, "returned"),))
    assert of(intent, case=returned).columns["rests"] == (Rest(date(2026, 8, 10), date(2026, 8, 11), "returned"),)
    today = replace(CASE, claim="not_ours", rests=(Rest(TODAY, None, "returned"),))
    assert of(intent, case=today).columns["rests"] == ()


def test_a_promise_after_done_says_that_it_is_not_done() -> None:
    assert of(Intent.PROMISE, date(2026, 8, 14), replace(CASE, claim="done")).columns["claim"] == "in_process"


def test_a_plain_note_claims_nothing() -> None:
    assert "claim" not in of(Intent.NOTE, case=replace(CASE, claim="done")).columns


def test_a_closed_case_only_remembers_that_somebody_wrote() -> None:
    assert of(Intent.DONE, case=replace(CASE, ended=True)).columns == {"replied_at": NOW}


def test_who_does_not_act_for_the_unit_changes_nothing() -> None:
    got = of(Intent.PROMISE, date(2026, 8, 14), for_the_unit=False)
    assert (got.intent, got.promise_until, got.columns) == (Intent.NOTE, None, {})
