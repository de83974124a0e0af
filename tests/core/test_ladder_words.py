"""A step in plain Indonesian, and back from a form; the same ladder as TOML; what differs between two ladders."""

import tomllib
from dataclasses import replace

import pytest

from aspal.core.ladder import Ladder, Step
from aspal.core.ladder.data import LadderProblem, ladder_data, ladder_from
from aspal.core.ladder.diff import differences, recap_words
from aspal.core.ladder.edit import free_code, moved, with_step, without
from aspal.core.ladder.form import StepFields, fields_of, item_of
from aspal.core.ladder.toml import to_toml
from aspal.core.ladder.words import chapter, sentence
from aspal.core.words import Kind
from tests.core.test_ladder import DEFAULT

LADDER = ladder_from(DEFAULT)
UNITS = {7: "RSUD"}


def step(code: str) -> Step:
    return next(step for step in LADDER.steps if step.id == code)


def read(item: dict[str, object]) -> Step:
    return ladder_from({**DEFAULT, "langkah": [item]}).steps[0]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("R2", "Setelah 3 hari kerja tanpa tindak lanjut → kepala OPD, sekali."),
        (
            "R4",
            "Setelah 7 hari kerja tanpa tindak lanjut → Sekda, setiap awal pekan, dalam satu ringkasan, "
            "setelah disetujui Kominfo.",
        ),
        ("R5C", "1 hari kerja sebelum batas waktu → pejabat penghubung dan admin penghubung, sekali."),
        ("R8B", "Saat 80 % batas waktu terlewati → Inspektorat, sekali, hanya laporan berkadar pengawasan."),
        ("K0", "Begitu dinyatakan bukan kewenangan OPD → admin instansi (Kominfo), sekali, "
               "termasuk yang berkadar pengawasan."),
    ],
)  # fmt: skip
def test_a_step_reads_as_a_sentence(code: str, text: str) -> None:
    assert sentence(step(code), {}).text == text


def test_a_scope_is_said() -> None:
    narrow = replace(
        step("R2"), kinds=(Kind.ASPIRATION,), categories=("jalan", "air"), units=("kecamatan",), unit_ids=(7, 8)
    )
    assert sentence(narrow, UNITS).scope == (
        "hanya aspirasi", "hanya kategori jalan atau air", "hanya unit jenis kecamatan", "hanya RSUD atau unit nomor 8",
    )  # fmt: skip


def test_every_step_comes_back_from_its_form() -> None:
    narrow = replace(
        step("R2"), id="L1", kinds=(Kind.ASPIRATION,), categories=("jalan",), units=("opd",), unit_ids=(7,)
    )
    odd = replace(step("R5A"), id="L2", share=0.335)
    for one in (*LADDER.steps, narrow, odd):
        assert read(item_of(one.id, fields_of(one))) == one
    assert {chapter(one) for one in LADDER.steps} >= {"Menunggu verifikasi Kominfo", "Laporan berkadar pengawasan"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"audience": ()}, "satu penerima"),
        ({"audience": ("gubernur",)}, "Penerima: pilihan tidak dikenal"),
        ({"template": ""}, "Pilih pesan"),
        ({"number": "tiga"}, "bilangan bulat 0 sampai 365"),
        ({"number": "²"}, "bilangan bulat"),
        ({"when": "batas_lewat", "number": "0"}, "1 sampai 365"),
        ({"when": "batas_persen", "number": "nan"}, "1 sampai 100"),
        ({"when": "batas_persen", "number": "120"}, "1 sampai 100"),
        ({"when": "kapan-kapan"}, "Kapan: pilihan tidak dikenal"),
        ({"level": "12"}, "Tingkat"),
        ({"cases": "semua", "audience": ("kepala_opd",)}, "berkadar pengawasan tidak boleh"),
        ({"cases": "mungkin"}, "harus ya, tidak, atau semua"),
        ({"unit_ids": ("x",)}, "Unit harus"),
    ],
)
def test_a_form_that_makes_no_step_is_answered_in_its_own_words(change: dict[str, object], problem: str) -> None:
    fields = replace(StepFields(audience=("kepala_opd",), template="eskalasi_kepala_opd"), **change)  # type: ignore[arg-type]
    with pytest.raises(LadderProblem, match=problem):
        read(item_of("L1", fields))


def test_a_ladder_survives_its_toml() -> None:
    odd = replace(LADDER, steps=(*LADDER.steps, replace(step("R2"), id="L1", categories=('a "b"', "c\\d\x7f"))))
    for ladder in (LADDER, odd):
        assert ladder_from(tomllib.loads(to_toml(ladder_data(ladder)))) == ladder


def test_what_differs_is_said_with_both_sides() -> None:
    later = with_step(LADDER, replace(step("R2"), days=2))
    (one,) = differences(LADDER, later, {})
    assert (one.what, one.mark, one.high) == ("Langkah R2", "changed", True)
    assert one.before is not None
    assert one.after is not None
    assert (one.before[:17], one.after[:17]) == ("Setelah 3 hari ke", "Setelah 2 hari ke")
    assert [d.mark for d in differences(LADDER, without(LADDER, "R0"), {})] == ["gone"]
    assert [d.mark for d in differences(without(LADDER, "R0"), LADDER, {})] == ["new"]
    assert differences(LADDER, LADDER, {}) == []


def test_a_limit_moves_the_heads_steps_but_its_legal_basis_does_not() -> None:
    limit = LADDER.limits["pengaduan"]
    sooner = replace(LADDER, limits={**LADDER.limits, "pengaduan": replace(limit, days=10)})
    renamed = replace(LADDER, limits={**LADDER.limits, "pengaduan": replace(limit, legal_basis="PermenPANRB 5/2025")})
    highs = [any(one.high for one in differences(LADDER, other, {})) for other in (sooner, renamed)]
    assert highs == [True, False]


def test_steps_move_within_the_page_only() -> None:
    def codes(ladder: Ladder) -> list[str]:
        return [step.id for step in ladder.steps][:3]

    assert codes(moved(LADDER, "R0", 1)) == ["R1", "R0", "R1K"]
    assert codes(moved(LADDER, "R0", -1)) == codes(moved(LADDER, "X", 1)) == ["R0", "R1", "R1K"]


def test_a_new_step_takes_a_code_that_nobody_ever_had() -> None:
    old = replace(LADDER, steps=(replace(step("R0"), id="L1"),))
    assert free_code([LADDER]) == "L1"
    assert free_code([LADDER, old]) == "L2"


def test_recaps_are_said_even_when_their_days_are_odd() -> None:
    assert recap_words(LADDER.recaps[0]) == "Setiap Senin pukul 08.00 → kepala OPD, pesan “Rekap mingguan OPD”."
    assert "x-y" in str(recap_words(replace(LADDER.recaps[0], when="x-y")))
