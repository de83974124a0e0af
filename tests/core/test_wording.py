"""Dates and lists as Indonesians write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.wording import listed, long_date, long_moment, workdays


def test_a_date_and_a_moment() -> None:
    assert long_date(date(2026, 8, 14)) == "Jumat, 14 Agustus 2026"
    moment = datetime(2026, 8, 14, 1, 5, tzinfo=UTC)
    assert long_moment(moment, "Asia/Makassar") == "Jumat, 14 Agustus 2026 pukul 09.05 WITA"
    assert workdays(3) == "3 hari kerja"


@pytest.mark.parametrize(
    ("zone", "word"), [("Asia/Jakarta", "WIB"), ("Asia/Jayapura", "WIT"), ("Asia/Kolkata", "UTC+5.5")]
)
def test_zone_words(zone: str, word: str) -> None:
    assert long_moment(datetime(2026, 8, 14, tzinfo=UTC), zone).endswith(word)


def test_what_does_not_fit_is_counted() -> None:
    assert listed(["satu", "dua"], 40) == "satu; dua"
    assert listed(["satu", "dua", "tiga", "empat"], 20) == "satu; dan 3 lainnya"
    assert listed(["sangat panjang sekali"] * 4, 12) == "4 laporan"


@given(st.lists(st.text("abc123", min_size=1, max_size=30), max_size=60), st.integers(20, 200))
def test_a_list_fits(items: list[str], most: int) -> None:
    assert len(listed(items, most)) <= most
