"""The indicators: published figures come out exactly, and so does what was worked out by hand."""

from collections import Counter
from datetime import date, timedelta
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.rapor import Facts, Group, Rapor, UnitFacts, rapor, tally, times
from aspal.core.rapor.period import Period
from aspal.core.rapor.times import Dated, in_time, percent, timing
from aspal.core.words import Kind, Status
from aspal.core.workdays import Calendar

PUBLISHED = [
    # total of selesai, proses, belum ditindaklanjuti, belum terverifikasi, the rest -> % selesai, % tindak lanjut
    ((28, 3, 9, 1, 0), 68.3, 75.6),  # 28/41 = 0,6829…; 31/41 = 0,7560…
    ((289, 4, 266, 0, 0), 51.7, 52.4),  # 289/559 = 0,5169…; 293/559 = 0,5241…, published as 52 %
    ((905, 48, 51, 7, 0), 89.5, 94.3),  # 905/1011 = 0,8951…; 953/1011 = 0,9426…
]
STATUSES = (Status.FINISHED, Status.IN_PROCESS, Status.OPEN, Status.UNVERIFIED, Status.ARCHIVED)
# Independence day falls on Monday the 17th of August 2026, so that week has four working days.
CALENDAR = Calendar("Asia/Jakarta", {date(2026, 8, 17): "Hari Kemerdekaan"}, ())
LIMITS = {"permintaan_informasi": 5, "aspirasi": 5, "pengaduan": 14, "berkadar": 60}
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def of(facts: Facts, year: int = 2026, today: date = date(2026, 12, 31)) -> Rapor:
    return rapor(Period.of(year), facts, LIMITS, CALENDAR, today)


def group(status: Status, count: int = 1, **more: object) -> Group:
    values = {"month": 5, "kind": Kind.COMPLAINT, "category": "Jalan", "channel": "sms"} | more
    return Group(status=status, count=count, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("counts", "completed", "followed_up"), PUBLISHED)
def test_published_figures_come_out_exactly(counts: tuple[int, ...], completed: float, followed_up: float) -> None:
    found = of(Facts([group(status, n) for status, n in zip(STATUSES, counts, strict=True)])).as_json()
    assert found["total"] == sum(counts)
    names = ("selesai", "proses", "belum_ditindaklanjuti", "belum_terverifikasi", "lainnya")
    assert tuple(found[name] for name in names) == counts
    assert (found["persen_penyelesaian"], found["persen_tindak_lanjut"]) == (completed, followed_up)


def test_what_is_put_aside_stands_by_its_name() -> None:
    counts = {Status.FINISHED: 905, Status.IN_PROCESS: 48, Status.POSTPONED: 51, Status.ARCHIVED: 7}
    found = of(Facts([group(status, count) for status, count in counts.items()])).as_json()
    names = ("total", "selesai", "proses", "ditunda", "diarsipkan", "bukan_kewenangan", "lainnya")
    assert tuple(found[name] for name in names) == (1011, 905, 48, 51, 7, 0, 58)
    assert found["per_kanal"]["sms"]["ditunda"] == 51


def test_a_period_without_complaints_has_no_figures() -> None:
    found = of(Facts([]))
    assert (found.tally.completed, found.response.average_days, found.completion.count) == (None, None, 0)
    assert (found.kinds, found.in_time, found.promises.share) == ({}, [], None)


def test_averages_and_medians_by_hand() -> None:
    monday = date(2026, 8, 10)
    spans = {
        (monday, date(2026, 8, 12)): 2,  # 2 working days, 2 calendar days; two complaints
        (monday, date(2026, 8, 18)): 1,  # 11, 12, 13, 14, 18: 5 working days past the holiday, 8 calendar days
        (monday, date(2026, 8, 31)): 1,  # 14 working days, 21 calendar days
        (monday, date(2026, 8, 1)): 9,  # before it came in: a slip of the pen, not counted
    }
    found = timing(spans, CALENDAR.workdays_between)
    assert found.count == 4
    assert (found.average_workdays, found.median_workdays) == (5.8, 3.5)  # (2+2+5+14)/4 = 5.75; (2+5)/2
    assert (found.average_days, found.median_days) == (8.3, 5.0)  # (2+2+8+21)/4 = 8.25; (2+8)/2


@given(st.dictionaries(st.tuples(DAYS, DAYS), st.integers(1, 5), max_size=30))
def test_counted_pairs_give_what_a_list_of_complaints_gives(spans: dict[tuple[date, date], int]) -> None:
    days = [(last - first).days for (first, last), n in spans.items() if last >= first for _ in range(n)]
    found = timing(spans, CALENDAR.workdays_between)
    assert found.count == len(days)
    if days:
        assert found.average_days == pytest.approx(mean(days), abs=0.0501)
        assert found.median_days == pytest.approx(median(days), abs=0.0501)


@given(st.lists(st.tuples(DAYS, st.integers(0, 300)), min_size=1, max_size=30))
def test_a_mean_needs_only_the_first_and_the_last_days(cases: list[tuple[date, int]]) -> None:
    pairs = Counter((day, day + timedelta(days)) for day, days in cases)
    starts, ends = (Counter[date](), Counter[date]())
    for (first, last), n in pairs.items():
        starts[first] += n
        ends[last] += n
    facts = UnitFacts(1, "Dinas", {Status.FINISHED: len(cases)}, starts, ends)
    line = of(Facts([], units=[facts])).units[0]
    assert line.average_workdays == timing(pairs, CALENDAR.workdays_between).average_workdays


def test_in_time_by_hand() -> None:
    monday = date(2026, 8, 10)
    dated = [
        Dated("aspirasi", monday, date(2026, 8, 18), finished=True),  # the fifth working day: in time
        Dated("aspirasi", monday, date(2026, 8, 19), finished=True, count=2),  # the sixth: late
        Dated("aspirasi", monday, None, finished=False),  # past its limit on the 20th
        Dated("aspirasi", monday, None, finished=True),  # nobody knows when
        Dated("pengaduan", monday, None, finished=False, count=3),  # 14 working days: still running
    ]
    quick, slow = in_time(dated, LIMITS, CALENDAR.add_workdays, date(2026, 8, 20))
    assert (quick.in_time, quick.late, quick.overdue, quick.running, quick.undated) == (1, 2, 1, 0, 1)
    assert quick.share == 25.0
    assert (slow.limit, slow.running, slow.share) == ("pengaduan", 3, None)


@given(st.lists(st.builds(Dated, st.sampled_from([*LIMITS]), DAYS, st.none() | DAYS, st.booleans(), st.integers(1, 4))))
def test_each_complaint_is_in_exactly_one_place(dated: list[Dated]) -> None:
    found = in_time(dated, LIMITS, CALENDAR.add_workdays, date(2026, 6, 1))
    placed = sum(one.in_time + one.late + one.overdue + one.running + one.undated for one in found)
    assert placed == sum(one.count for one in dated)


def test_every_dimension_adds_up_to_the_whole() -> None:
    facts = Facts(
        [
            group(Status.FINISHED, 5, month=1),
            group(Status.OPEN, 2, month=3, category=None, channel=None),
            group(Status.POSTPONED, 1, month=12, kind=Kind.ASPIRATION),
        ]
    )
    found = of(facts)
    assert [*found.months] == [1, 3, 12]
    assert [*found.categories] == ["Jalan", "(tidak disebut)"]
    assert found.kinds["pengaduan"].completed == 71.4  # 5 of 7
    for tallies in (found.kinds, found.categories, found.channels, found.months):
        assert sum(one.total for one in tallies.values()) == found.tally.total == 8
    assert found.tally.other == 1


@given(st.lists(st.builds(group, st.sampled_from(Status), st.integers(1, 50))))
def test_the_groups_add_up(groups: list[Group]) -> None:
    t = of(Facts(groups)).tally
    assert t.finished + t.in_process + t.open + t.unverified + t.other == t.total
    assert t.completed is None or 0 <= t.completed <= (t.followed_up or 0) <= 100


@pytest.mark.parametrize(("part", "whole", "shown"), [(1, 3, 33.3), (2, 3, 66.7), (1, 16, 6.3), (1, 2000, 0.1)])
def test_halves_are_rounded_as_on_paper(part: int, whole: int, shown: float) -> None:
    assert percent(part, whole) == shown


def test_the_median_of_nothing_is_nothing() -> None:
    assert times.median({}) is None
    assert tally({}).total == 0


def test_the_office_speaks_of_its_own_estimate_and_never_of_a_category() -> None:
    found = of(Facts([group(Status.FINISHED)])).as_json()
    assert found["keterangan"] == "perkiraan internal, bukan penilaian resmi"
    assert not {"kategori", "predikat", "nilai"} & set(found)
