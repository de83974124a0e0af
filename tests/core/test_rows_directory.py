"""A row of the officers' directory: a unit, usually with a person appointed to it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.core.columns import DIRECTORY
from aspal.core.rows import Cells, RowProblem
from aspal.core.rows.directory import DirectoryRow, directory_row
from aspal.core.words import Role

TODAY = date(2026, 8, 3)
GOOD: dict[str, object] = {
    "opd": "Dinas Kesehatan",
    "singkatan": "Dinkes",
    "jenis_unit": "Dinas",
    "nama": "Petugas Satu",
    "jabatan": "Sekretaris",
    "peran": "pejabat_penghubung",
    "no_wa": "0812-0000-0001",
    "nomor_sk": "188/1/2026",
    "berlaku_mulai": "01/01/2026",
    "berlaku_sampai": "31 Desember 2026",
}


def read(**changed: object) -> DirectoryRow:
    row = directory_row(Cells.of(2, GOOD | changed), TODAY)
    assert isinstance(row, DirectoryRow), row
    return row


def problem(**changed: object) -> RowProblem:
    row = directory_row(Cells.of(2, GOOD | changed), TODAY)
    assert isinstance(row, RowProblem), row
    return row


def test_a_plain_row() -> None:
    row = read()
    assert (row.unit, row.short_name, row.unit_kind, row.name) == ("Dinas Kesehatan", "Dinkes", "opd", "Petugas Satu")
    assert (row.role, row.acting, row.phone, row.sk_number) == (Role.LIAISON, None, "0812-0000-0001", "188/1/2026")
    assert (row.valid_from, row.valid_until, row.has_person) == (date(2026, 1, 1), date(2026, 12, 31), True)


@pytest.mark.parametrize(
    ("column", "written"), [("berlaku_sampai", "30/6/2072"), ("berlaku_mulai", "3/8/2062"), ("tgl_sk", "1/2/2055")]
)
def test_an_sk_of_a_year_that_nobody_means_is_refused(column: str, written: str) -> None:
    refused = problem(**{"berlaku_sampai": "", column: written})
    assert refused.column == column
    assert "periksa tahunnya" in refused.reason
    assert "tanpa batas waktu" in refused.reason
    assert read(berlaku_mulai="1/1/2000", berlaku_sampai="31/12/2045").valid_until == date(2045, 12, 31)


@pytest.mark.parametrize(
    "written",
    [
        "31/12/2099", "31-12-9999", "31 Desember 2099", "2099-12-31", date(2099, 12, 31), date(9999, 12, 31), 73050,
        "9999-12-31 00:00:00", 2958465.0, "s.d. dicabut", "Seterusnya", "sampai dengan ada perubahan",
        "tidak terbatas",
    ],
)  # fmt: skip
def test_an_sk_without_an_end_is_written_in_many_ways(written: object) -> None:
    assert read(berlaku_sampai=written).valid_until is None


@pytest.mark.parametrize(("written", "phone"), [(81200000001.0, "81200000001"), (6281200000001, "6281200000001")])
def test_a_phone_typed_as_a_number_keeps_its_digits(written: object, phone: str) -> None:
    assert read(no_wa=written, pengganti=written).phone == phone
    assert read(pengganti=written).substitute_phone == phone


@pytest.mark.parametrize("written", ["8.12E+11", "8,12346E+11", 1.98501012010011e17, 8120000.5, float("nan")])
def test_a_number_that_the_spreadsheet_destroyed_is_refused(written: object) -> None:
    refused = problem(no_wa=written)
    assert refused.column == "no_wa"
    assert "Teks" in refused.reason or "kosong" in refused.reason


@pytest.mark.parametrize(
    ("written", "role"),
    [(role.value, role) for role in Role]
    + [
        ("Pejabat Penghubung", Role.LIAISON),
        ("Admin Operator", Role.OPERATOR),
        ("Narahubung", Role.OPERATOR),
        ("Kepala Dinas", Role.HEAD),
        ("Camat", Role.HEAD),
        ("Direktur", Role.HEAD),
        ("Sekretaris Daerah", Role.SEKDA),
        ("APIP", Role.INSPECTORATE),
        ("Admin Koordinator", Role.ADMIN),
    ],
)
def test_roles(written: str, role: Role) -> None:
    assert read(peran=written).role is role


@pytest.mark.parametrize("written", ["Kepala Bidang", "Staf", "pejabat_penghubung; sekretaris", ""])
def test_a_role_is_never_guessed(written: str) -> None:
    assert problem(peran=written).column == "peran"


@pytest.mark.parametrize(
    ("role", "position", "acting"),
    [
        ("Plt. Kepala Dinas", "", "plt"),
        ("Plh Camat", "", "plh"),
        ("kepala_opd", "Plt. Kepala Dinas Kesehatan", "plt"),
        ("kepala_opd", "PLH. Direktur RSUD", "plh"),
        ("kepala_opd", "Pelaksana Harian Kepala Badan", "plh"),
        ("kepala_opd", "Kepala Dinas Kesehatan", None),
        ("sekretaris", "Plt. Sekretaris", "plt"),
        ("sekretaris", "Plt. Kepala Dinas", None),  # acts as head, but is listed as secretary
        ("pejabat_penghubung", "Plt. Kepala Dinas", None),
    ],
)
def test_acting_is_about_the_same_role(role: str, position: str, acting: str | None) -> None:
    assert read(peran=role, jabatan=position).acting == acting


def test_a_unit_without_a_person_yet_is_a_unit() -> None:
    row = read(nama="", peran="", no_wa="")
    assert (row.has_person, row.role, row.phone) == (False, None, "")


@pytest.mark.parametrize("column", ["nama", "no_wa", "opd"])
def test_half_a_person_is_refused(column: str) -> None:
    assert problem(**{column: ""}).column == column


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("BUMD", "bumd"),
        ("Kecamatan", "kecamatan"),
        ("Rumah Sakit", "rsud"),
        ("Badan", "opd"),
        ("", "opd"),
        ("UPTD Puskesmas", "uptd puskesmas"),
    ],
)
def test_unit_kinds(written: str, kind: str) -> None:
    assert read(jenis_unit=written).unit_kind == kind


def test_time_zones() -> None:
    assert read(zona_waktu="WITA").time_zone == "Asia/Makassar"
    assert read(zona_waktu="").time_zone is None
    assert problem(zona_waktu="GMT").column == "zona_waktu"


def test_validity() -> None:
    assert problem(berlaku_mulai="01/01/2027").column == "berlaku_sampai"
    assert problem(berlaku_sampai="31/12/26").column == "berlaku_sampai"
    assert read(berlaku_mulai="", berlaku_sampai="").valid_until is None


def test_a_row_that_could_not_be_cut_into_cells_gives_its_reason() -> None:
    refused = directory_row(Cells.of(9, {}, "tanda kutip"), TODAY)
    assert isinstance(refused, RowProblem)
    assert refused.reason == "tanda kutip"


@given(
    st.dictionaries(
        st.sampled_from(sorted(DIRECTORY.aliases)), st.one_of(st.none(), st.floats(), st.text(), st.dates())
    )
)
def test_any_cells_are_a_row_or_a_problem(values: dict[str, object]) -> None:
    row = directory_row(Cells.of(7, GOOD | values), TODAY)
    assert isinstance(row, DirectoryRow) or row.reason
