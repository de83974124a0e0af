"""Words that only point from one case to another, and their nearest neighbours, which do not."""

import pytest

from aspal.core.replies.correction import Turned, find, retracts, shares

LETTERS = {"A": "9900346", "B": "9900351"}


@pytest.mark.parametrize(
    "text",
    ["maaf salah nomor, 9900351", "maksudnya 9900351", "9900351 maksud saya", "ralat: 9900351", "9900351 bukan 9900346",
     "bukan 9900346 tapi 9900351", "eh salah kirim pak, harusnya laporan 9900351", "maaf salah, B", "B maksudnya",
     "bukan A tapi B", "eh bukan, 9900351", "maaf salah ketik no yg benar 9900351 pak"],
)  # fmt: skip
def test_a_slip_names_the_case_that_was_meant(text: str) -> None:
    found = find(text, LETTERS)
    assert found is not None
    assert (found.turned, found.name) == (Turned.MOVED, "9900351")
    assert found.lettered is ("B" in text)


@pytest.mark.parametrize("text", ["9900351 juga", "yg B juga", "9900351 jg pak", "sama 9900351", "dan 9900351"])
def test_the_same_is_said_of_another(text: str) -> None:
    found = find(text, LETTERS)
    assert found is not None
    assert (found.turned, found.name) == (Turned.SHARED, "9900351")


@pytest.mark.parametrize("text", ["ini juga", "sama", "yang ini juga pak"])
def test_a_quote_may_name_the_other(text: str) -> None:
    found = find(text, {})
    assert found is not None
    assert (found.turned, found.name) == (Turned.SHARED, None)


@pytest.mark.parametrize(
    "text",
    ["9900351 bukan", "9900351 salah", "9900351 salah alamat", "bukan 9900351", "9900351 juga belum", "9900351",
     "maaf 9900351 sudah", "9900351 dan 9900346 juga", "maksudnya 9900351?", "terima kasih juga", "maaf salah",
     "salah satu dari 9900351", "maaf salah, C"],
)  # fmt: skip
def test_what_says_anything_else_points_to_nothing(text: str) -> None:
    assert find(text, LETTERS) is None


def test_what_is_taken_back_or_only_shared_is_told_from_news() -> None:
    slips = ("maaf salah nomor", "kepencet pak", "salah pencet", "hapus ya pak, salah", "batal", "maaf bukan 9900351")
    assert [text for text in slips if not retracts(text, ["9900351"])] == []
    news = ("salah alamat", "maaf", "salah?", "belum", "bukan", "bukan 9900346", "9900351 salah", "batal dikerjakan")
    assert [text for text in news if retracts(text, ["9900351"])] == []
    assert retracts("maaf salah nomor", ["9900346", "9900351"]) == ("9900346", "9900351")
    assert retracts("salah, bukan 9900351", ["9900346", "9900351"]) == ("9900351",)
    assert shares("9900351 juga")
    assert shares("B juga")
    assert not shares("9900351 juga sudah")
