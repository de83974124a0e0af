"""Promises and reminders, worked out by hand."""

from datetime import date

import pytest

from aspal.core.rapor.follow import Promise, Told, effects, in_time, promises
from aspal.core.workdays import Calendar

CALENDAR = Calendar("Asia/Jakarta", {date(2026, 8, 17): "Hari Kemerdekaan"}, ())
MONDAY, WEDNESDAY, FRIDAY = date(2026, 8, 10), date(2026, 8, 12), date(2026, 8, 14)


@pytest.mark.parametrize(
    ("responded", "finished", "today", "is_kept"),
    [
        (WEDNESDAY, None, FRIDAY, "kept"),
        (MONDAY, None, FRIDAY, "kept"),  # on the day of the promise
        (None, FRIDAY, FRIDAY, "kept"),  # on the promised day
        (date(2026, 8, 7), None, date(2026, 8, 15), "broken"),  # what was recorded before does not count
        (date(2026, 8, 7), WEDNESDAY, date(2026, 8, 15), "kept"),  # completion, where a follow-up had come before
        (date(2026, 8, 18), None, date(2026, 8, 18), "broken"),  # too late
        (None, None, FRIDAY, "running"),  # its day is not over
        (None, None, date(2026, 8, 15), "broken"),
    ],
)
def test_a_promise(responded: date | None, finished: date | None, today: date, is_kept: str) -> None:
    found = promises([Promise(MONDAY, FRIDAY, responded, finished)], today)
    assert {"kept": found.kept, "broken": found.broken, "running": found.running}[is_kept] == 1
    assert found.kept + found.broken + found.running == 1


def test_the_share_leaves_out_what_still_runs() -> None:
    given = [
        Promise(MONDAY, FRIDAY, WEDNESDAY, None, count=2),
        Promise(MONDAY, WEDNESDAY, None, None),
        Promise(MONDAY, date(2026, 8, 20), None, None, count=5),
    ]
    assert promises(given, FRIDAY).share == 66.7


def test_a_reminder_has_three_working_days_to_move_its_case() -> None:
    days = in_time(WEDNESDAY, date(2026, 8, 15), CALENDAR.add_workdays)
    assert days == {
        WEDNESDAY: date(2026, 8, 18),  # Thursday, Friday, and the Tuesday after the day off
        date(2026, 8, 13): date(2026, 8, 19),
        FRIDAY: date(2026, 8, 20),
        date(2026, 8, 15): date(2026, 8, 20),  # a Saturday has the same three
    }


def test_reminders_by_step_hour_and_template() -> None:
    told = [
        Told("R1", "pengingat", 8, moved=True),
        Told("R1", "pengingat", 8, moved=True, count=2),
        Told("R1", "pengingat", 14, moved=False),
        Told("R2", "eskalasi", 14, moved=False),
        Told("R2", "eskalasi", 9, moved=False),
    ]
    found = effects(told)
    assert [(one.key, one.told, one.moved, one.share) for one in found.steps] == [("R1", 4, 3, 75.0), ("R2", 2, 0, 0.0)]
    assert [(one.key, one.told, one.moved) for one in found.hours] == [("08", 3, 3), ("09", 1, 0), ("14", 2, 0)]
    assert [(one.key, one.told) for one in found.templates] == [("eskalasi", 2), ("pengingat", 4)]
