"""Each error code is one decision and one sentence for an admin."""

import re

import pytest

from aspal.gateways.whatsapp.errors import FAULTS, blames_number, classify, classify_answer, explain


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("permanent", [21211, 21614, 63003, 63024, 63013, 63032, 30036, 63019, 63025, 63033, 63050]),
        ("opted_out", [21610, 63014]),
        ("template", [21654, 21656, 63005, 63021, 63027, 63028, 63030, 63040, 63041, 63042, 63049, 92002, 92007]),
        ("config", [20003, 20404, 21606, 21659, 63007, 63008, 63020, 63022, 63051, 63112]),
        ("config", [10001, 20005, 30002, 63001, 63002, 90010]),
        ("retry", [20429, 21611, 30001, 30500, 63009, 63010, 63012, 63017, 63018, 63038]),
        ("window", [63016]),
        ("unknown", [20500]),
    ],
)
def test_codes_have_the_kind_that_the_providers_documents_ask_for(kind: str, codes: list[int]) -> None:
    assert {classify(code) for code in codes} == {kind}


@pytest.mark.parametrize("code", [None, 0, 99999])
def test_a_code_that_nobody_knows_waits_for_a_human_and_blames_nobody(code: int | None) -> None:
    assert classify(code) == "permanent"
    assert not blames_number(code)
    assert explain(code).startswith("Pesan gagal")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21211, "permanent"),
        (400, 12345, "permanent"),
        (400, None, "permanent"),
        (429, None, "retry"),
        (429, 63018, "retry"),
        (500, 21211, "unknown"),
        (503, None, "unknown"),
        (408, None, "unknown"),
        (401, None, "config"),
        (403, None, "config"),
        (404, None, "config"),
        (302, None, "config"),
    ],
)
def test_only_a_429_promises_that_nothing_was_processed(status: int, code: int | None, kind: str) -> None:
    assert classify_answer(status, code) == kind


def test_only_codes_about_the_number_flag_a_contact() -> None:
    assert {code for code in FAULTS if blames_number(code)} == {21211, 21614, 63003, 63024}


def test_every_explanation_is_a_sentence_without_a_number_in_it() -> None:
    for code, fault in FAULTS.items():
        assert explain(code) == fault.text
        assert fault.text.endswith(".")
        assert "+62" not in fault.text


def test_a_refused_account_says_what_to_do_and_that_it_goes_on_by_itself() -> None:
    for code, fault in FAULTS.items():
        if fault.kind == "config":
            assert re.search(r"Periksa|Buka", fault.text), code
            assert fault.text.endswith("Pengiriman berlanjut sendiri setelah itu."), code


def test_what_one_person_refuses_does_not_stop_the_office() -> None:
    """63033 once stopped all sending: one reader who wants no promotions would have silenced everybody's reminders."""
    for code in (63032, 63033, 63050):
        assert classify(code) == "permanent"
        assert not blames_number(code)
