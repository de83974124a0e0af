"""A request for leave is read in whatever order it is written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.replies.leave import Leave, read
from aspal.core.workdays import Calendar

TODAY = date(2026, 8, 12)
CALENDAR = Calendar("Asia/Jakarta", {}, [])
FIRST, LAST, PHONE = date(2026, 8, 13), date(2026, 8, 15), "+6281200000001"


@pytest.mark.parametrize(
    ("text", "leave"),
    [
        ("13/8-15/8 pengganti 0812-0000-0001", Leave(FIRST, LAST, PHONE)),
        ("13/8 - 15/8 pengganti 0812-0000-0001", Leave(FIRST, LAST, PHONE)),  # as the officers' guide writes it
        ("13 Agustus – 15 Agustus pengganti 081200000001", Leave(FIRST, LAST, PHONE)),
        ("kamis - sabtu, pengganti 081200000001", Leave(FIRST, LAST, PHONE)),
        ("13/8 s.d. 15/8 pengganti +62 812 0000 0001", Leave(FIRST, LAST, PHONE)),
        ("13-15 Agustus, pengganti 081200000001", Leave(FIRST, LAST, PHONE)),
        ("13 agustus sampai 15 agustus 081200000001", Leave(FIRST, LAST, PHONE)),
        ("13/8/2026 sampai 15/8/2026 pengganti 081200000001", Leave(FIRST, LAST, PHONE)),
        ("pengganti 081200000001 mulai besok", Leave(FIRST, FIRST, PHONE)),
        ("tgl 13 sampai 15 pengganti 081200000001", Leave(FIRST, LAST, PHONE)),
        ("tanggal 13 s.d. 15, pengganti 081200000001", Leave(FIRST, LAST, PHONE)),
        ("13 sampai dengan tgl 15 agustus pengganti 081200000001", Leave(FIRST, LAST, PHONE)),
        ("13 dan 15 agustus 081200000001", Leave(FIRST, LAST, PHONE)),
        ("13/8-15/8", Leave(FIRST, LAST, None)),
        ("penggantinya 081200000001 ya", Leave(None, None, PHONE)),
        ("15/8-13/8", Leave()),
        ("1/8-3/8", Leave()),
        ("13/8/2062 sampai 15/8/2062 081200000001", Leave(None, None, PHONE)),
        ("13/8/2026 sampai 15/8/2062", Leave()),
        ("13/8/2026 sampai 15/8/2029", Leave(FIRST, date(2029, 8, 15))),
        ("", Leave()),
        ("sudah selesai", Leave()),
    ],
)
def test_days_and_substitute(text: str, leave: Leave) -> None:
    assert read(text, TODAY, CALENDAR) == leave


def test_what_was_told_before_fills_the_gap() -> None:
    assert Leave(substitute=PHONE).filled_from(Leave(FIRST, LAST)) == Leave(FIRST, LAST, PHONE)
    assert Leave(LAST, LAST).filled_from(Leave(FIRST, FIRST, PHONE)) == Leave(LAST, LAST, PHONE)


@given(st.text(max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read(text, TODAY, CALENDAR)
