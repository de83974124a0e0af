"""What may be written, and in which characters."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core import secrecy
from aspal.core.secrecy import HIDDEN, clean_value, redact, visible_title


@pytest.mark.parametrize(
    "private",
    [
        "3527010101800001",
        "3527 0101 0180 0001",
        "3527.010101.800001",
        "198501012010011001",
        "081200000001",
        "0812-0000-0001",
        "0812 0000 0001",
        "(0812) 0000 0001",
        "+62 812-0000-0001",
        "62812 0000 0001",
        "006281200000001",
        "81200000001",
        "0274-512345",
        "(021) 5550001",
        "+65 8123 4567",
        "warga@contoh.id",
        "warga.desa+lapor@mail.contoh.co.id",
    ],
)
def test_identity_numbers_phones_and_addresses_are_blacked_out(private: str) -> None:
    text = redact(f"Jalan rusak, hubungi {private} segera")
    assert text == f"Jalan rusak, hubungi {HIDDEN} segera"


@pytest.mark.parametrize(
    "harmless",
    [
        "Laporan 1916449 tentang jalan rusak",
        "Jembatan putus sejak 05-08-2026",
        "Jembatan putus sejak 05/08/2026 pukul 07.30-16.00",
        "RT 001 RW 002 Desa Sukamaju",
        "Anggaran 2024-2025 Rp1.500.000",
        "Perda Nomor 12 Tahun 2026",
        "Lampu jalan km 12 padam",
    ],
)
def test_dates_hours_and_case_numbers_stay(harmless: str) -> None:
    assert redact(harmless) == harmless


@given(st.text(st.sampled_from("0123456789 -.+()abc@\n"), max_size=80))
def test_no_run_of_sixteen_digits_survives_and_redacting_twice_changes_nothing(text: str) -> None:
    once = redact(text)
    assert not re.search(r"\d{16}", once)
    assert redact(once) == once


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Jalan\nrusak\t di  desa ", "Jalan rusak di desa"),
        ("", "-"),
        (" \u200b\n", "-"),
        ("Jalan\u202erusak\u200b", "Jalanrusak"),
        ("A\x00B\x07C", "A B C"),
        ("*penting* _sekali_ ~x~ `y`", "∗penting∗ -sekali- ∼x∼ 'y'"),
        ("lihat https://jahat.example/x?y=1 ya", "lihat [tautan] ya"),
        ("lihat http://intranet/x", "lihat [tautan]"),
        ("lihat www.contoh.xx/a", "lihat [tautan]"),
        ("lihat bit.ly/abc dan contoh.co.id.", "lihat [tautan] dan [tautan]."),
        ("Drs. Contoh, S.Sos., M.Si", "Drs. Contoh, S.Sos., M.Si"),
        ("Jl. Merdeka No.5 (SP4N-LAPOR!)", "Jl. Merdeka No.5 (SP4N-LAPOR!)"),
        ("Siti\u0301", "Sit\u00ed"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("baris\u2028baru", "baris baru"),
    ],
)
def test_a_value_is_one_line_of_visible_characters(raw: str, clean: str) -> None:
    assert clean_value(raw) == clean


def test_our_own_link_stays_a_link() -> None:
    assert clean_value("https://www.lapor.go.id/a_b", ours=True) == "https://www.lapor.go.id/a_b"


def test_a_long_value_is_cut_with_a_mark_and_never_inside_a_letter() -> None:
    assert clean_value("x" * 201) == "x" * 199 + "…"
    assert clean_value("abcde fghij", 7) == "abcde…"
    accented = "abc" + "q\u0323" * 5  # no composed form: the dot below is its own character
    assert clean_value(accented, 5) == "abc…"
    assert clean_value("👍🏽👍🏽", 2) == "…"


@given(st.text(max_size=300), st.integers(2, 250))
def test_a_clean_value_can_always_be_a_template_variable(text: str, cap: int) -> None:
    value = clean_value(text, cap)
    assert 1 <= len(value) <= cap
    assert value == value.strip()
    assert "  " not in value
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in value)
    assert not set(value) & set("*_~`\n\t")


@given(st.text(max_size=40) | st.text(st.sampled_from("ab .:/_-*w1\u00e9\u0301\u200b[]"), max_size=40))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_value(clean_value(text)) == clean_value(text)


@pytest.mark.parametrize(
    ("title", "confidential", "supervised", "shown"),
    [
        ("Jalan rusak", False, False, "Jalan rusak"),
        ("Jalan rusak 081200000001", False, False, f"Jalan rusak {HIDDEN}"),
        ("Jalan rusak", True, False, None),
        ("Jalan rusak", False, True, None),
        ("  ", False, False, None),
        (None, False, False, None),
    ],
)
def test_a_title_is_shown_only_where_it_may_be(
    title: str | None, confidential: bool, supervised: bool, shown: str | None
) -> None:
    assert visible_title(title, confidential, supervised) == shown


@given(st.text(st.sampled_from("0123456789 +-.()8@azK/"), max_size=60))
def test_a_text_that_is_let_through_at_a_glance_would_have_been_left_as_it_is(text: str) -> None:
    assert redact(text) == secrecy._NUMBERS.sub(HIDDEN, secrecy._EMAIL.sub(HIDDEN, text))
