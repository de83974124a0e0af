"""The order of the suggestions, and what is said for each."""

from datetime import UTC, datetime, timedelta

import pytest

from aspal.core.guessing import Option, ranked

NOW = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
ROAD = Option(1, "1916449", "Jalan berlubang dekat pasar", open=True, told_at=NOW - timedelta(days=2))
LAMP = Option(2, "1916502", "Lampu padam di terminal", open=True, told_at=NOW - timedelta(hours=1))
OLD = Option(3, "2050001", "Antrean puskesmas", open=False)


@pytest.mark.parametrize(
    ("text", "first", "why"),
    [
        ("yang pasar sudah beres", 1, "menyebut “pasar”"),
        ("1916449 ok", 1, "menyebut nomornya"),
        ("laporan 6449", 1, "nomor yang mirip"),
        ("1916448 selesai", 1, "nomor yang mirip"),
        ("sudah pak", 2, "terakhir"),
        ("antrean puskesmas sudah diurai", 3, "menyebut “antrean, puskesmas”"),
    ],
)
def test_what_is_likeliest(text: str, first: int, why: str) -> None:
    best = ranked(text, [ROAD, LAMP, OLD], NOW)[0]
    assert best.option.disposition_id == first
    assert why in "; ".join(best.why)


def test_a_quoted_case_weighs_most() -> None:
    quoted = Option(9, "3000009", None, open=True, quoted=True)
    assert ranked("sudah", [LAMP, quoted], NOW)[0].option is quoted


def test_nothing_to_go_by_keeps_all_and_says_nothing() -> None:
    silent = [Option(n, f"40000{n:02d}", None, open=True) for n in (2, 1)]
    assert [(g.option.disposition_id, g.score, g.why) for g in ranked("ok", silent, NOW)] == [(1, 0, ()), (2, 0, ())]
    assert "satu-satunya laporannya" in ranked("ok", silent[:1], NOW)[0].why
    assert ranked("ok", [], NOW) == []
