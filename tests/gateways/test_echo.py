"""What is ours in a reply says nothing for its writer."""

from datetime import date

import pytest

from aspal.core.replies import Intent, understand
from aspal.core.workdays import Calendar
from aspal.gateways import echo, texts

TEXTS = texts.load()
CASES = [kind for kind in TEXTS.kinds() if not TEXTS.kind(kind).is_session and not kind.startswith("rekap_")]


@pytest.mark.parametrize("kind", CASES)
def test_no_message_about_a_case_claims_or_promises_when_it_is_sent_back(kind: str) -> None:
    left = echo.without_ours(TEXTS, TEXTS.preview(kind).text)
    read = understand(left, today=date(2026, 8, 5), calendar=Calendar("Asia/Jakarta", {}, []))
    assert (read.intent, read.date_unclear, read.command) == (Intent.NOTE, False, None)


def test_the_number_and_what_was_added_stay() -> None:
    left = echo.without_ours(TEXTS, f"{TEXTS.preview('pengingat_tindak_lanjut').text}\nsudah selesai")
    assert "1916449" in left
    assert left.endswith("\nsudah selesai")


@pytest.mark.parametrize("text", ["2 – sedang diproses", "sudah selesai pak", "x" * 4096, "Kepada Yth. " * 300, ""])
def test_what_is_the_writers_own_stays_as_it_is(text: str) -> None:
    assert echo.without_ours(TEXTS, text) == text
