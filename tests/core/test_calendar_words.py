"""Hours and days off as an admin writes them."""

from datetime import date, time

import pytest

from aspal.core.calendar_words import (
    LONGEST_LIST,
    WrittenWrongly,
    blocks_from,
    blocks_text,
    day_from,
    days_from,
    hours_text,
    period_from,
)
from aspal.core.office_hours import NORMAL, NORMAL_NAME

WEEK = {n: blocks_text(NORMAL.blocks[n]) for n in range(5)}


def test_hours_read_as_a_sentence_and_come_back_from_the_form() -> None:
    assert hours_text(NORMAL) == "Senin sampai Kamis 07.30–16.00; Jumat 07.30–11.30 dan 13.00–16.30"
    assert period_from(NORMAL_NAME, "", "", WEEK) == NORMAL
    assert hours_text(period_from("x", "", "", {0: "8.00 - 12.00"})) == "Senin 08.00–12.00; Selasa sampai Jumat tutup"


@pytest.mark.parametrize("text", ["07.30-16.00", "07:30 – 16:00", " 7.30 sampai 16.00 ", "07.30 s.d. 16.00"])
def test_one_span_is_written_in_many_ways(text: str) -> None:
    assert blocks_from(text, 0) == ((time(7, 30), time(16)),)


@pytest.mark.parametrize(
    ("name", "first", "last", "hours", "problem"),
    [
        ("", "", "", WEEK, "Beri nama"),
        ("x", "", "", {}, "sedikitnya satu hari"),
        ("x", "", "", {0: "pagi"}, "Senin: tulis jam"),
        ("x", "", "", {4: "25.00-26.00"}, "Jumat: tulis jam"),
        ("x", "", "", {0: "16.00-07.30"}, "bertumpuk atau terbalik"),
        ("x", "2027-03-10", "2027-03-01", WEEK, "mendahului"),
        ("x", "kemarin", "", WEEK, "tidak terbaca"),
    ],
)
def test_wrong_hours_are_answered_in_words(
    name: str, first: str, last: str, hours: dict[int, str], problem: str
) -> None:
    with pytest.raises(WrittenWrongly, match=problem):
        period_from(name, first, last, hours)


@pytest.mark.parametrize("text", ["2027-03-20", "20-03-2027", "20/3/2027", "20 Maret 2027", "20 mar 2027", "20.3.2027"])
def test_a_day_is_written_in_many_ways(text: str) -> None:
    assert day_from(text) == date(2027, 3, 20)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Belum ada hari"),
        ("2027-03-20", "Baris 1: tulis tanggal, titik koma"),
        ("\n2027-02-30; x", "Baris 2: Tanggal “2027-02-30” tidak ada"),
        ("besok; x", "Baris 1: Tanggal “besok” tidak terbaca"),
        ("2027-03-20; a\n20/3/2027; b", "Baris 2: tanggal itu sudah ada"),
        ("20 Ma 2027; x", "tidak ada di kalender"),
        ("\n".join(["2027-03-20; a"] * (LONGEST_LIST + 1)), "Paling banyak"),
    ],
)
def test_a_list_that_cannot_be_read_names_its_line(text: str, problem: str) -> None:
    with pytest.raises(WrittenWrongly, match=problem):
        days_from(text)


def test_the_days_of_a_decree_are_pasted_as_lines_or_from_a_sheet() -> None:
    found = days_from(
        '2027-03-22; Cuti bersama Idul Fitri\r\n\n20/3/2027\tCuti bersama, Idul Fitri\n"2027-12-24","Natal"'
    )
    assert [(one.day.isoformat(), one.name) for one in found] == [
        ("2027-03-20", "Cuti bersama, Idul Fitri"),
        ("2027-03-22", "Cuti bersama Idul Fitri"),
        ("2027-12-24", "Natal"),
    ]
