"""Dates as Indonesian offices write them: day first, or refused with a reason."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.rows.dates import read_day

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
LONG = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SHORT = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nop", "Des"]
WEEKDAY = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


def ways_to_write(day: date) -> list[object]:
    d, m, y = day.day, day.month, day.year
    return [
        *(f"{d:02}{mark}{m:02}{mark}{y}" for mark in "/-."),
        f"{d}/{m}/{y}",
        f"({d:02}/{m:02}/{y})",
        f"{d:02}-{m:02}-{y} 14:05",
        f"{d:02}.{m:02}.{y} 14.05.59",
        f"{WEEKDAY[day.weekday()]}, {d} {LONG[m - 1]} {y} | 22:00 WIB",
        f"{d} {LONG[m - 1].upper()} {y}",
        f"{d:02}-{SHORT[m - 1]}-{y}",
        f"{d} {SHORT[m - 1]}. {y} pukul 07.30 WITA",
        day.isoformat(),
        f"{y}/{m:02}/{d:02}",
        f"{day.isoformat()}T23:59:59+07:00",
        f"{day.isoformat()} 00:00:00.000",
        day,
        datetime(y, m, d, 23, 59),  # noqa: DTZ001 - as a spreadsheet gives it
        (day - date(1899, 12, 30)).days,
        float((day - date(1899, 12, 30)).days) + 0.99,
        str((day - date(1899, 12, 30)).days),
    ]


@given(DAYS)
def test_every_way_of_writing_a_day_is_that_day(day: date) -> None:
    for written in ways_to_write(day):
        assert read_day(written) == day, written


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Jum'at, 1 Mei 2026", date(2026, 5, 1)),
        ("Jum’at 1 Mei 2026", date(2026, 5, 1)),
        ("3 Ags 2026", date(2026, 8, 3)),
        ("3 Agu 2026", date(2026, 8, 3)),
        ("3 Sept 2026", date(2026, 9, 3)),
        ("3 Pebruari 2026", date(2026, 2, 3)),
        ("22 November 2024 (14:00 WIB)", date(2024, 11, 22)),
        ("'22/11/2024", date(2024, 11, 22)),
        ("05/06/2026", date(2026, 6, 5)),  # never 6 May
        ("２２/１１/２０２４", date(2024, 11, 22)),
    ],
)
def test_spellings_of_officials(written: str, day: date) -> None:
    assert read_day(written) == day


@pytest.mark.parametrize("blank", [None, "", "  ", "-", "–", "null", "0000-00-00 00:00:00", "00/00/0000", "Belum"])
def test_a_blank_is_no_date(blank: object) -> None:
    assert read_day(blank) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("22/11/24", "tahun dua angka"),
        ("5 Mei '26", "tahun dua angka"),
        ("22/11/24 10:00", "tahun dua angka"),
        ("Kamis (13/08)", "tahun tidak tertulis"),
        ("31/02/2026", "tidak ada di kalender"),
        ("11/22/2024", "tidak ada di kalender"),
        ("22 Foo 2024", "tidak ada di kalender"),
        ("22/11/2024 25:00", "tidak ada di kalender"),
        ("22/11/2024 10:00 PM", "tidak terbaca"),
        ("20241122", "tidak terbaca"),
        ("########", "tidak terbaca"),
        ("kemarin", "tidak terbaca"),
        ("01/01/1970", "tidak masuk akal"),
        (41, "bukan tanggal"),
        (1e300, "bukan tanggal"),
        (float("nan"), "bukan tanggal"),
        (True, "bukan tanggal"),
        (time(10, 0), "bukan tanggal"),
        ([], "bukan tanggal"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused_with_a_reason(written: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_day(written)


def test_a_moment_of_another_offset_becomes_a_day_of_the_office() -> None:
    wit = timezone(timedelta(hours=9))
    assert read_day("2026-08-03T16:30:00Z") == date(2026, 8, 3)
    assert read_day("2026-08-03T17:30:00Z") == date(2026, 8, 4)
    assert read_day("2026-08-03T15:30:00Z", wit) == date(2026, 8, 4)
    assert read_day(datetime(2026, 8, 3, 17, 30, tzinfo=UTC)) == date(2026, 8, 4)
    assert read_day("2026-08-03T23:30:00+08:00") == date(2026, 8, 3)
    with pytest.raises(ValueError, match="tidak masuk akal"):  # the last moment of time has no local day in Indonesia
        read_day("9999-12-31T23:00:00Z")


@given(st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.booleans(), st.binary()))
def test_anything_is_a_day_a_blank_or_a_reason(value: object) -> None:
    with contextlib.suppress(ValueError):
        day = read_day(value)
        assert day is None or 2000 <= day.year <= 2100
