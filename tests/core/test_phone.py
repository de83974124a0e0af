"""Every spelling of a number that spreadsheets and people produce comes out as one, or is refused."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.phone import PhoneError, mask, normalise

ONE = "+6281200000001"


@pytest.mark.parametrize(
    "cell",
    [
        "081200000001",
        "81200000001",  # Excel ate the zero
        81200000001,
        81200000001.0,  # as calamine hands numbers out
        "81200000001.0",  # a number cell that was turned into text
        "081200000001.0",
        "6281200000001",
        "+6281200000001",
        "006281200000001",
        "+62081200000001",
        "+62 (0) 812-0000-0001",
        "whatsapp:+6281200000001",
        "WA: 0812-0000-0001",
        "HP. 0812 0000 0001",
        "(0812) 0000 0001",
        "0812.0000.0001",
        "0812–0000—0001",
        "'081200000001",
        "’081200000001",
        "  081200000001\u00a0",
        "\u202a+62 812‑0000‑0001\u202c",  # copied from a WhatsApp profile
        "０８１２００００００01",
        "081200000001\n",
    ],
)
def test_every_spelling_of_one_number_is_the_same_number(cell: object) -> None:
    assert normalise(cell) == ONE


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (None, "kosong"),
        ("", "kosong"),
        (" - ", "kosong"),
        ("WA:", "kosong"),
        ("8.12345678901E+11", "Excel"),
        ("8,12345678901E+11", "Excel"),
        ("081200000001 / 081200000002", "lebih dari satu"),
        ("081200000001, 081200000002", "lebih dari satu"),
        ("081200000001 atau 081200000002", "lebih dari satu"),
        ("081200000001\n081200000002", "lebih dari satu"),
        ("+6281200000001 +6281200000002", "lebih dari satu"),
        ("081200000001 081200000002", "lebih dari satu"),
        ("0274512345", "seluler"),
        ("+62 21 5550001", "seluler"),
        ("112", "seluler"),
        ("+65 8123 4567", "Indonesia"),
        ("0065 8123 4567", "Indonesia"),
        ("08120001", "pendek"),
        ("0812000000012345", "panjang"),
        (1.98501012010011e17, "teks"),  # an NIP that Excel has already destroyed
        (812345.5, "teks"),
        (float("nan"), "teks"),
        (float("inf"), "teks"),
        (True, "teks"),
        ([], "teks"),
        ("Ibu Melati", "bukan nomor"),
        ("ID.45660000", "bukan nomor"),
        ("081200000001 ext 5", "bukan nomor"),
        ("٠٨١٢٠٠٠٠٠٠٠١", "bukan nomor"),
        ("0802000000001", "panjang"),
    ],
)
def test_anything_else_is_refused_with_a_reason_and_without_the_number(cell: object, reason: str) -> None:
    with pytest.raises(PhoneError, match=reason) as caught:
        normalise(cell)
    assert str(cell) not in caught.value.reason or not str(cell).strip()


@given(st.integers(1, 9), st.text("0123456789", min_size=7, max_size=10))
def test_what_the_numbering_plan_calls_mobile_is_accepted_in_e164(second: int, rest: str) -> None:
    spelled = f"08{second}{rest}"
    parsed = phonenumbers.parse(spelled, "ID")
    mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    assert normalise(spelled) == "+62" + spelled[1:]
    if mobile:  # the library also knows prefixes that are not given out yet; those are no reason to refuse
        assert normalise(spelled) == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_whatever_comes_in_the_answer_is_one_number_or_a_refusal(cell: object) -> None:
    try:
        number = normalise(cell)
    except PhoneError:
        return
    assert phonenumbers.is_possible_number(phonenumbers.parse(number, None))
    assert number.startswith("+628")
    assert normalise(number) == number


def test_a_masked_number_keeps_only_its_ends() -> None:
    assert mask(ONE) == "+62 812-****-0001"
    assert mask("ID.45660000ABCDEF") == "ID.****EF"
    assert mask("+14155550100") == "+14****00"
    assert mask("12345") == "****"
