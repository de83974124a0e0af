"""The ladder as data: what may be published, and what is refused with a sentence that helps."""

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from aspal.core.ladder import Basis
from aspal.core.ladder.data import LadderProblem, ladder_data, ladder_from
from aspal.core.words import Kind, Role

DEFAULT = tomllib.loads(Path("aspal/default_ladder.toml").read_text("utf-8"))


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(DEFAULT)
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return data


def test_the_default_rules_can_be_read_and_written_back() -> None:
    ladder = ladder_from(DEFAULT)
    assert ladder_from(ladder_data(ladder)) == ladder


def test_the_default_rules_are_r0_to_r10() -> None:
    ladder = ladder_from(DEFAULT)
    families = {step.id.rstrip("ABCK") for step in ladder.steps} | {recap.id.rstrip("ABC") for recap in ladder.recaps}
    assert {f"R{n}" for n in range(11)} <= families


@pytest.mark.parametrize(
    ("kind", "supervised", "days"),
    [
        (Kind.INFORMATION, False, 5),
        (Kind.ASPIRATION, False, 5),
        (Kind.COMPLAINT, False, 14),
        (Kind.COMPLAINT, True, 60),
        (Kind.WHISTLE, False, 60),
    ],
)
def test_legal_limits(kind: Kind, supervised: bool, days: int) -> None:
    assert ladder_from(DEFAULT).limit_of(kind, supervised) == days


@pytest.mark.parametrize(
    ("limit", "thresholds"),
    [(5, [3, 4, 4, 6]), (14, [7, 12, 13, 15])],  # half, four fifths, the day before, the day after
)
def test_shares_of_the_limit_round_up_to_whole_days(limit: int, thresholds: list[int]) -> None:
    steps = [s for s in ladder_from(DEFAULT).steps if s.basis is Basis.LIMIT and not s.supervised]
    assert [step.threshold(limit) for step in steps] == thresholds


def test_no_step_about_supervised_cases_reaches_the_head_of_the_unit_complained_about() -> None:
    for step in ladder_from(DEFAULT).steps:
        assert step.supervised is False or Role.HEAD not in step.audience


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "sedikitnya satu langkah"),
        (changed(["langkah", 0, "kepada"], []), "belum menyebut siapa pun"),
        (changed(["langkah", 0, "kepada"], ["bupati"]), "salah satu dari pejabat_penghubung, .*, bukan 'bupati'"),
        (changed(["langkah", 0, "kepada"], "sekda"), "'kepada' harus berupa daftar, bukan 'sekda'"),
        (changed(["langkah", 0, "dasar"], "firasat"), "'dasar' harus salah satu dari disposisi"),
        (changed(["langkah", 0, "ulang"], "terus"), "'ulang' harus salah satu dari"),
        (changed(["langkah", 0, "jenis"], ["keluhan"]), "'jenis' harus salah satu dari"),
        (changed(["langkah", 0, "unit"], 7), "'unit' harus berupa daftar, bukan 7"),
        (changed(["langkah", 0, "kategori"], "jalan"), "'kategori' harus berupa daftar"),
        (changed(["langkah", 0, "bagian"], [1]), "'bagian' harus antara"),
        (changed(["langkah", 0, "berkadar"], ["ya"]), "'berkadar' harus ya"),
        (changed(["langkah", 0, "dasar"], ["respon"]), "'dasar' harus salah satu dari"),
        (changed(["langkah", 0, "templat"], ""), "kosong"),
        (changed(["langkah", 0, "hari"], "tiga"), "bilangan bulat"),
        (changed(["langkah", 1, "kode"], "R0"), "lebih dari sekali"),
        (changed(["langkah", 0, "warna"], "merah"), "warna"),
        (changed(["langkah", 6, "bagian"], 9), "bagian"),
        (changed(["langkah", 3, "berkadar"], "ya"), "kepala OPD"),
        (changed(["batas"], {}), "Batas hari kerja belum ada"),
        (changed(["batas"], 5), "Batas hari kerja belum ada"),
        (changed(["batas", "aspirasi"], 5), "dasar_hukum"),
        (changed(["pagu"], 5), "Pagu"),
        (changed(["pagu", "pesan_per_hari"], 0), "Pagu"),
        (changed(["rekap", 0, "kepada"], ["x"]), "Rekap R10A: 'kepada' harus salah satu dari"),
        (changed(["rekap", 0, "pukul"], None), "Rekap R10A: teks tidak boleh kosong"),
        (changed(["rekap", 0], {"kode": "R10A"}), "Rekap R10A: isian 'kapan' belum ada"),
        (changed(["langkah"], "R0"), "daftar tabel"),
    ],
)
def test_a_ladder_that_cannot_work_is_refused_with_the_reason(data: dict[str, Any], says: str) -> None:
    with pytest.raises(LadderProblem, match=says):
        ladder_from(data)
