"""Working days and office hours: the case table of the field, the edges of a day, and what always holds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.office_hours import NORMAL, ramadan
from aspal.core.workdays import Calendar, HoursPeriod, NoOfficeHours


def days(year: int, text: str, name: str) -> dict[date, str]:
    return {date(year, int(d[:2]), int(d[3:])): name for d in text.split()}


# As decreed (2027: as far as decreed); the tests do not ask the `holidays` library.
OFF = {
    **days(2025, "01-01 01-27 01-29 03-29 03-31 04-01 04-18 04-20 05-01 05-12 05-29 06-01 06-06 06-27 08-17 09-05 12-25", "Libur nasional"),  # noqa: E501
    **days(2025, "01-28 03-28 04-02 04-03 04-04 04-07 05-13 05-30 06-09 08-18 12-26", "Cuti bersama"),
    **days(2026, "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25", "Libur nasional"),  # noqa: E501
    **days(2026, "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24", "Cuti bersama"),
    **days(2027, "01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 08-15 08-17 12-25 12-26", "Libur nasional"),  # noqa: E501
    **days(2027, "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24", "Cuti bersama"),
}  # fmt: skip
HOURS = [NORMAL, ramadan(date(2026, 3, 21))]
ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
WIB = Calendar("Asia/Jakarta", OFF, HOURS)


def at(text: str, zone: str = "Asia/Jakarta") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "after"),
    [
        ("2026-03-17", {1: "2026-03-25", 3: "2026-03-27", 5: "2026-03-31", 14: "2026-04-14", 60: "2026-06-26"}),
        ("2026-05-13", {1: "2026-05-18", 3: "2026-05-20", 5: "2026-05-22", 14: "2026-06-09", 60: "2026-08-13"}),
        ("2026-12-23", {1: "2026-12-28", 3: "2026-12-30", 5: "2027-01-04", 14: "2027-01-18", 60: "2027-04-05"}),
        ("2027-03-05", {1: "2027-03-16", 3: "2027-03-18", 5: "2027-03-22", 14: "2027-04-06", 60: "2027-06-17"}),
    ],
)
def test_the_field_s_own_examples_are_counted_as_it_counts(start: str, after: dict[int, str]) -> None:
    first = date.fromisoformat(start)
    for n, expected in after.items():
        assert WIB.add_workdays(first, n) == date.fromisoformat(expected)
        assert WIB.workdays_between(first, date.fromisoformat(expected)) == n


@pytest.mark.parametrize(("year", "count"), [(2025, 237), (2026, 240), (2027, 242)])
def test_a_year_has_the_working_days_of_its_decree(year: int, count: int) -> None:
    assert WIB.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


def test_a_leap_day_is_a_day_like_any_other() -> None:
    assert WIB.add_workdays(date(2028, 2, 28), 1) == date(2028, 2, 29)  # a Tuesday
    assert WIB.workdays_between(date(2028, 2, 28), date(2028, 3, 1)) == 2


def test_the_start_day_is_day_zero_and_nothing_counts_backwards() -> None:
    friday, monday = date(2026, 8, 7), date(2026, 8, 10)
    assert WIB.workdays_between(friday, friday) == 0
    assert WIB.workdays_between(friday, monday) == 1
    assert WIB.workdays_between(monday, friday) == 0
    assert WIB.add_workdays(friday, 0) == friday
    with pytest.raises(ValueError, match="only added"):
        WIB.add_workdays(friday, -1)


def test_a_skipped_day_says_why() -> None:
    assert WIB.skipped(date(2026, 5, 13), date(2026, 5, 18)) == [
        (date(2026, 5, 14), "Libur nasional"),
        (date(2026, 5, 15), "Cuti bersama"),
        (date(2026, 5, 16), "Sabtu"),
        (date(2026, 5, 17), "Minggu"),
    ]
    assert WIB.why_off(date(2026, 5, 18)) is None
    assert WIB.why_off(date(2026, 3, 21)) == "Libur nasional"  # a Saturday: the holiday says more


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-08-03T07:29:59.999999", False),
        ("2026-08-03T07:30", True),  # opening included
        ("2026-08-03T12:15", True),  # Monday has no break
        ("2026-08-03T15:59:59.999999", True),
        ("2026-08-03T16:00", False),  # closing not included
        ("2026-08-07T11:30", False),  # Friday prayer
        ("2026-08-07T12:59", False),
        ("2026-08-07T13:00", True),
        ("2026-08-07T16:29", True),
        ("2026-08-07T16:30", False),
        ("2026-08-08T10:00", False),  # Saturday
        ("2026-08-17T10:00", False),  # holiday on a Monday
        ("2026-02-18T07:45", True),  # the day before Ramadan
        ("2026-02-19T07:45", False),
        ("2026-02-19T08:00", True),
        ("2026-02-19T15:00", False),
        ("2026-02-20T11:45", False),
        ("2026-02-20T12:30", True),
        ("2026-02-20T15:30", False),
        ("2026-08-03T00:00", False),
        ("2026-08-03T23:59:59.999999", False),
    ],
)
def test_the_office_is_open_from_opening_to_just_before_closing(moment: str, opened: bool) -> None:
    assert WIB.is_open(at(moment)) is opened


@pytest.mark.parametrize(
    ("moment", "next_open"),
    [
        ("2026-08-03T10:00", "2026-08-03T10:00"),
        ("2026-08-03T05:00", "2026-08-03T07:30"),
        ("2026-08-07T11:30", "2026-08-07T13:00"),  # the next block of the same day
        ("2026-08-07T16:30", "2026-08-10T07:30"),  # over the weekend
        ("2026-08-14T20:00", "2026-08-18T07:30"),  # over a long weekend
        ("2026-03-17T15:00", "2026-03-25T07:30"),  # over Nyepi and Idul Fitri, and out of Ramadan
        ("2026-02-18T16:00", "2026-02-19T08:00"),  # into Ramadan
    ],
)
def test_what_falls_outside_waits_for_the_next_block(moment: str, next_open: str) -> None:
    assert WIB.next_open(at(moment)) == at(next_open)


@pytest.mark.parametrize(("zone", "utc_hour"), [("Asia/Jakarta", 0), ("Asia/Makassar", 23), ("Asia/Jayapura", 22)])
def test_each_zone_opens_at_its_own_half_past_seven(zone: str, utc_hour: int) -> None:
    calendar = Calendar(zone, OFF, HOURS)
    opening = calendar.opening(date(2026, 8, 4))
    assert (opening.tzinfo, opening.hour, opening.minute) == (UTC, utc_hour, 30)
    assert calendar.closing(date(2026, 8, 4)) - opening == timedelta(hours=8, minutes=30)


def test_the_local_day_changes_at_local_midnight() -> None:
    moment = datetime(2026, 8, 3, 15, 30, tzinfo=UTC)  # 22.30 WIB, 23.30 WITA, 00.30 WIT of the next day
    assert [Calendar(zone, OFF, HOURS).local_day(moment).day for zone in ZONES] == [3, 3, 4]
    assert WIB.local_day(at("2026-08-03T23:59:59.999999")) == date(2026, 8, 3)
    assert WIB.local_day(at("2026-08-04T00:00")) == date(2026, 8, 4)


def test_a_day_without_hours_counts_but_sends_nothing() -> None:
    closed_friday = HoursPeriod("pindah kantor", date(2026, 8, 7), date(2026, 8, 7), {})
    calendar = Calendar("Asia/Jakarta", OFF, [*HOURS, closed_friday])
    friday = date(2026, 8, 7)
    assert calendar.is_workday(friday)
    assert not calendar.is_open(at("2026-08-07T10:00"))
    assert calendar.opening(friday) == calendar.next_open(at("2026-08-07T10:00")) == at("2026-08-10T07:30")
    assert calendar.closing(friday) == at("2026-08-10T16:00")


def test_of_two_dated_periods_the_one_that_began_last_holds() -> None:
    special = HoursPeriod("upacara", date(2026, 3, 2), date(2026, 3, 2), {0: ((time(10), time(11)),)})
    calendar = Calendar("Asia/Jakarta", OFF, [special, *HOURS])
    assert calendar.opening(date(2026, 3, 2)) == at("2026-03-02T10:00")
    assert calendar.opening(date(2026, 3, 3)) == at("2026-03-03T08:00")


def test_an_office_that_never_opens_is_named_and_not_searched_for_ever() -> None:
    with pytest.raises(NoOfficeHours):
        Calendar("Asia/Jakarta", OFF, []).next_open(at("2026-08-03T10:00"))


@pytest.mark.parametrize(
    "blocks",
    [
        ((time(16), time(7, 30)),),
        ((time(8), time(8)),),
        ((time(13), time(16)), (time(8), time(11))),
        ((time(8), time(12)), (time(11), time(16))),
    ],
)
def test_blocks_without_length_or_order_are_refused(blocks: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="blocks"):
        HoursPeriod("biasa", None, None, {0: blocks})


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before the first"):
        HoursPeriod("Ramadan", date(2026, 3, 20), date(2026, 2, 19), {})


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        WIB.is_open(datetime(2026, 8, 3, 10))  # noqa: DTZ001


# --- what always holds ---------------------------------------------------------------------------------------

some_days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
calendars = st.builds(
    lambda zone, off: Calendar(zone, dict.fromkeys(off, "libur"), HOURS),
    st.sampled_from(ZONES),
    st.sets(some_days, max_size=60),
)


@given(calendars, some_days, some_days)
def test_counting_agrees_with_walking_day_by_day(calendar: Calendar, start: date, end: date) -> None:
    span = range(1, (end - start).days + 1)
    assert calendar.workdays_between(start, end) == sum(calendar.is_workday(start + timedelta(days=n)) for n in span)


@given(calendars, some_days, some_days, some_days)
def test_spans_add_up(calendar: Calendar, a: date, b: date, c: date) -> None:
    first, middle, last = sorted([a, b, c])
    parts = calendar.workdays_between(first, middle) + calendar.workdays_between(middle, last)
    assert calendar.workdays_between(first, last) == parts


@given(calendars, some_days, st.integers(1, 400))
def test_adding_working_days_undoes_counting_them(calendar: Calendar, start: date, n: int) -> None:
    end = calendar.add_workdays(start, n)
    assert calendar.is_workday(end)
    assert calendar.workdays_between(start, end) == n
    assert calendar.workdays_between(start, end - timedelta(days=1)) == n - 1


@given(calendars, some_days, some_days)
def test_every_day_is_either_counted_or_skipped_with_a_reason(calendar: Calendar, start: date, end: date) -> None:
    skipped = calendar.skipped(start, end)
    assert len(skipped) + calendar.workdays_between(start, end) == max(0, (end - start).days)
    assert all(why and not calendar.is_workday(day) for day, why in skipped)


@given(calendars, instants)
def test_the_next_open_moment_is_open_and_never_earlier(calendar: Calendar, moment: datetime) -> None:
    then = calendar.next_open(moment)
    assert then >= moment
    assert calendar.is_open(then)
    assert calendar.is_workday(calendar.local_day(then))
    assert calendar.next_open(then) == then
    assert (then == moment) == calendar.is_open(moment)


@given(calendars, some_days)
def test_a_working_day_opens_and_closes_on_itself(calendar: Calendar, start: date) -> None:
    day = calendar.next_workday(start)
    opening, closing = calendar.opening(day), calendar.closing(day)
    assert day > start
    assert calendar.local_day(opening) == calendar.local_day(closing) == day
    assert calendar.is_open(opening)
    assert not calendar.is_open(closing)
    assert calendar.is_open(closing - timedelta(microseconds=1))
