"""One spelling of a unit's name; suggestions that never decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.names import key, suggest

UNITS = {
    key(name): number
    for number, name in enumerate(
        [
            "Dinas Pekerjaan Umum dan Penataan Ruang",
            "Dinas Kesehatan",
            "Dinas Komunikasi, Informatika, Persandian dan Statistik",
            "Kecamatan Sukamaju",
            "Kecamatan Sukamakmur",
            "Dinas Kependudukan dan Pencatatan Sipil",
        ],
        start=1,
    )
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dinas PUPR", "dinas pupr"),
        ("DINAS  PUPR.", "dinas pupr"),
        ("\tdinas\u00a0pupr\n", "dinas pupr"),
        ("Dinas Perpustakaan & Kearsipan", "dinas perpustakaan dan kearsipan"),
        ("RSUD dr. Sehat", "rsud dr sehat"),
        ("RSUD_dr-Sehat", "rsud dr sehat"),
        ("Desa Jum'at", "desa jumat"),
        ("Kec. Sukamaju", "kec sukamaju"),
        ("…", ""),
    ],
)
def test_case_spaces_and_punctuation_do_not_count(name: str, expected: str) -> None:
    assert key(name) == expected


def test_commas_do_not_split_a_name_and_different_units_stay_different() -> None:
    assert key("Dinas Komunikasi, Informatika") == "dinas komunikasi informatika"
    assert key("Kecamatan Sukamaju") != key("Kecamatan Sukamakmur")


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    assert key(key(name)) == key(name)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Dinas Kesehatn", 2),
        ("DPUPR", 1),
        ("Dinas PUPR", 1),
        ("Dinas Kesehatan Kabupaten", 2),
        ("kecamatan sukamaju", 4),
    ],
)
def test_the_likeliest_unit_is_suggested_first(name: str, first: int) -> None:
    assert suggest(name, UNITS)[0] == first


def test_far_fetched_units_are_not_suggested_and_a_unit_comes_once() -> None:
    assert suggest("PT Angkasa", UNITS) == []
    assert suggest("", UNITS) == []
    aliases = {**UNITS, key("Dinkes"): 2, key("Dinas Kesehatan Kab"): 2}
    assert suggest("Dinas Kesehatan Kab", aliases).count(2) == 1
    assert len(suggest("Dinas", {f"dinas {n}": n for n in range(9)}, limit=2)) <= 2
