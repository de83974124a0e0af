"""The indicators: published figures come out exactly."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.rapor import Case, Rapor, percent, rapor, tally
from aspal.core.words import Status

PUBLISHED = [
    # total of selesai, proses, belum ditindaklanjuti, belum terverifikasi, the rest -> % selesai, % tindak lanjut
    ((28, 3, 9, 1, 0), 68.3, 75.6),  # 28/41 = 0,6829…; 31/41 = 0,7560…
    ((289, 4, 266, 0, 0), 51.7, 52.4),  # 289/559 = 0,5169…; 293/559 = 0,5241…, published as 52 %
    ((905, 48, 51, 7, 0), 89.5, 94.3),  # 905/1011 = 0,8951…; 953/1011 = 0,9426…
]
STATUSES = (Status.FINISHED, Status.IN_PROCESS, Status.OPEN, Status.UNVERIFIED, Status.ARCHIVED)


def year_of(counts: tuple[int, ...]) -> Rapor:
    cases = [Case(status, date(2024, 5, 6)) for status, n in zip(STATUSES, counts, strict=True) for _ in range(n)]
    return rapor(2024, cases, {}, lambda start, end: (end - start).days)


@pytest.mark.parametrize(("counts", "completed", "followed_up"), PUBLISHED)
def test_published_figures_come_out_exactly(counts: tuple[int, ...], completed: float, followed_up: float) -> None:
    found = year_of(counts).as_json()
    assert found["total"] == sum(counts)
    names = ("selesai", "proses", "belum_ditindaklanjuti", "belum_terverifikasi", "lainnya")
    assert tuple(found[name] for name in names) == counts
    assert (found["persen_penyelesaian"], found["persen_tindak_lanjut"]) == (completed, followed_up)


def test_a_year_without_complaints_has_no_percentages() -> None:
    found = year_of((0, 0, 0, 0, 0))
    assert (found.tally.completed, found.average_days, found.overdue) == (None, None, {})


def test_averages_run_from_receipt_to_the_first_follow_up() -> None:
    monday = date(2026, 8, 3)
    cases = [
        Case(Status.IN_PROCESS, monday, responded_on=date(2026, 8, 5)),  # 2 days
        Case(Status.FINISHED, monday, responded_on=date(2026, 8, 10), finished_on=date(2026, 8, 20)),  # 7, not 17
        Case(Status.FINISHED, monday, finished_on=date(2026, 8, 4)),  # 1: finishing was the first follow-up
        Case(Status.OPEN, monday),  # none yet
        Case(Status.FINISHED, monday, responded_on=date(2026, 7, 1)),  # before receipt: a mistake, not counted
    ]
    found = rapor(2026, cases, {}, lambda start, end: (end - start).days // 2)
    assert (found.answered, found.average_days) == (3, 3.3)  # (2 + 7 + 1) / 3
    assert found.average_workdays == 1.3  # (1 + 3 + 0) / 3


def test_what_nobody_followed_up_is_carried_over_new_year() -> None:
    cases = [
        Case(Status.OPEN, date(2023, 12, 31)),
        Case(Status.UNVERIFIED, date(2024, 1, 1)),
        Case(Status.IN_PROCESS, date(2023, 3, 1)),
        Case(Status.OPEN, date(2025, 1, 1)),  # of a later year than the report's
    ]
    found = rapor(2024, cases, {}, lambda *_: 0)
    assert found.as_json()["tunggakan"] == {"2023": 1, "2024": 1}
    assert found.tally.total == 1


@pytest.mark.parametrize(("part", "whole", "shown"), [(1, 3, 33.3), (2, 3, 66.7), (1, 16, 6.3), (1, 2000, 0.1)])
def test_halves_are_rounded_as_on_paper(part: int, whole: int, shown: float) -> None:
    assert percent(part, whole) == shown


@given(st.lists(st.builds(Case, st.sampled_from(Status), st.dates(date(2023, 1, 1), date(2025, 12, 31)))))
def test_the_groups_add_up(cases: list[Case]) -> None:
    found = rapor(2024, cases, {}, lambda *_: 0)
    t = found.tally
    assert t.finished + t.in_process + t.open + t.unverified + t.other == t.total
    assert t.total == sum(case.received_on.year == 2024 for case in cases)
    assert t.completed is None or 0 <= t.completed <= (t.followed_up or 0) <= 100


@given(st.integers(0, 400))
def test_one_answered_case_is_the_average(days: int) -> None:
    day = date(2024, 1, 1)
    found = rapor(2024, [Case(Status.IN_PROCESS, day, day + timedelta(days))], {}, lambda a, b: (b - a).days)
    assert found.average_days == found.average_workdays == days


def test_a_tally_of_nothing_is_empty() -> None:
    assert tally({}).total == 0
