"""Months, categories and prices."""

from datetime import date

from aspal.core.pricing import by_kind, by_month

PRICES = {"utility": 400, "marketing": 750, "service": 0}
SENT = [
    (date(2026, 7, 31), "rekap", 2), (date(2026, 8, 1), "rekap", 3), (date(2026, 8, 2), "baru", 1),
    (date(2026, 8, 2), None, 5),
]  # fmt: skip


def test_each_month_by_category() -> None:
    july, august = by_month(SENT, {"rekap": "marketing"}, PRICES)
    assert (july.total, july.cost) == (2, 1500)
    assert august.counts == {"marketing": 3, "utility": 1, "service": 5}
    assert (august.total, august.cost, august.cost_of("utility")) == (9, 2650, 400)
    assert by_month([], {}, PRICES) == []


def test_one_month_by_kind() -> None:
    assert by_kind(SENT, date(2026, 8, 1)) == [(None, 5), ("rekap", 3), ("baru", 1)]
