"""A directory file becomes units, contacts and appointments; what is doubtful is held or refused, with the reason."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aspal import tables as t
from aspal.db import Database
from aspal.records import journal
from tests.office import DIRECTORY, HEALTH, PEOPLE, WORKS, Office, row


@pytest.fixture
def office(db: Database, tmp_path: Path) -> Office:
    return Office(db, tmp_path)


def counts(report: Any) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.held), len(report.rejected)


def test_units_people_and_appointments_come_in(office: Office) -> None:
    report = office.directory()
    assert counts(report) == (3, 0, 0, 0, 0)
    assert report.consequences == ["2 OPD baru", "3 kontak baru", "3 penugasan baru"]
    assert [(unit.name, unit.short_name) for unit in office.all(t.units)] == [(WORKS, "DPUPR"), (HEALTH, "Dinkes")]
    assert [contact.phone for contact in office.all(t.contacts)] == [
        "+6281200000001",
        "+6281200000002",
        "+6281200000003",
    ]
    appointment = office.all(t.appointments)[0]
    assert (appointment.role, appointment.sk_number) == ("pejabat_penghubung", "SK/1")
    assert (appointment.valid_from, appointment.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_preview_changes_nothing(office: Office) -> None:
    assert counts(office.directory(applied=False)) == (3, 0, 0, 0, 0)
    assert office.all(t.units) == []
    assert office.all(t.batches) == []


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    office.directory()
    before = office.all(t.appointments), office.all(t.contacts), office.all(t.units)
    again = office.directory()
    assert counts(again) == (0, 0, 3, 0, 0)
    assert again.consequences == []
    assert (office.all(t.appointments), office.all(t.contacts), office.all(t.units)) == before


def test_a_new_sk_is_a_change_of_the_same_appointment(office: Office) -> None:
    office.directory()
    renewed = PEOPLE[0].replace("SK/1", "SK/9").replace("31/12/2026", "31/12/2027")
    assert counts(office.directory(renewed, *PEOPLE[1:])) == (0, 1, 2, 0, 0)
    assert office.all(t.appointments)[0].valid_until == date(2027, 12, 31)


def test_a_column_that_the_file_lacks_takes_nothing_away(office: Office) -> None:
    office.directory()
    report = office.directory(f"{WORKS};Petugas Satu;pejabat_penghubung;081200000001", header="OPD;Nama;Peran;No WA")
    assert counts(report) == (0, 0, 1, 0, 0)
    assert office.all(t.appointments)[0].sk_number == "SK/1"


def test_one_person_may_hold_several_roles_at_several_units(office: Office) -> None:
    office.directory(
        PEOPLE[0],
        f"{WORKS};DPUPR;Dinas;Petugas Satu;Sekretaris;sekretaris;081200000001;SK/1;;",
        f"{HEALTH};Dinkes;Dinas;Petugas Satu;Sekretaris;admin_penghubung;081200000001;SK/1;;",
        f"{WORKS};DPUPR;Dinas;Petugas Tiga;;pejabat_penghubung;081200000009;SK/1;;",
    )
    assert len(office.all(t.contacts)) == 2
    assert len(office.all(t.appointments)) == 4


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"{WORKS};;;Petugas;;pejabat_penghubung;0335-123456;;;", "no_wa"),
        (f"{WORKS};;;Petugas;;pejabat_penghubung;0812;;;", "no_wa"),
        (f"{WORKS};;;Petugas;;ketua kelas;081200000005;;;", "peran"),
        (f"{WORKS};;;Petugas;;pejabat_penghubung;081200000005;;31/12/2026;01/01/2026", "berlaku_sampai"),
        (";;;Petugas;;pejabat_penghubung;081200000005;;;", "opd"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_column_and_the_others_come_in(office: Office, line: str, column: str) -> None:
    report = office.directory(line, PEOPLE[0])
    assert [(number, where) for number, where, _ in report.rejected] == [(2, column)]
    assert report.new == 1


def test_one_number_with_two_names_is_held_without_telling_the_number(office: Office) -> None:
    report = office.directory(PEOPLE[0], f"{HEALTH};;;Orang Lain;;kepala_opd;081200000001;;;")
    ((number, reason),) = report.held
    assert number == 3
    assert "Petugas Satu" in reason
    assert "81200000001" not in reason


def test_a_held_row_that_a_newer_file_repeats_waits_only_once(office: Office) -> None:
    lines = PEOPLE[0], f"{HEALTH};;;Orang Lain;;kepala_opd;081200000001;;;"
    office.directory(*lines)
    office.directory(*lines)
    assert [item.settled_at is None for item in office.all(t.held_rows)] == [False, True]


def test_a_number_that_changes_hands_is_told(office: Office) -> None:
    office.directory()
    report = office.directory(PEOPLE[0].replace("Petugas Satu", "Orang Baru"), *PEOPLE[1:])
    assert report.consequences == ["1 nomor berganti nama pemegang; pastikan orangnya memang berganti"]
    assert office.all(t.contacts)[0].name == "Orang Baru"


def test_whoever_the_file_leaves_out_stays_and_is_counted_for_the_units_it_names(office: Office) -> None:
    office.directory()
    report = office.directory(PEOPLE[0])
    assert report.consequences == ["1 penugasan tidak ada di berkas ini"]
    assert all(appointment.ended_at is None for appointment in office.all(t.appointments))


def named(report: Any) -> dict[str, list[str]]:
    """What the preview tells by name, under its headings."""
    return {one["what"]: one["who"] for one in report.as_json()["named"]}


def test_the_preview_names_who_is_renamed_renumbered_and_left_out(office: Office) -> None:
    """Half a figure would do for a wrong file: whoever looks sees the names before anything is written."""
    first = office.directory(applied=False)
    assert named(first) == {"OPD baru": [WORKS, HEALTH]}
    office.directory()
    report = office.directory(
        PEOPLE[0].replace("Petugas Satu", "Orang Baru"),
        PEOPLE[1].replace("081200000002", "081200000008"),
        "Dinas Salah Ketik;;Dinas;Petugas Tiga;;pejabat_penghubung;081200000009;SK/1;;",
        applied=False,
    )
    assert named(report) == {
        "Nomor yang berganti nama pemegang": [f"Petugas Satu menjadi Orang Baru: +62 812-****-0001 ({WORKS})"],
        "Orang yang bernomor lain": [f"Kepala Satu: +62 812-****-0002 menjadi +62 812-****-0008 ({WORKS})"],
        "Tidak ada di berkas; penugasannya tetap berlaku": [f"Kepala Satu, kepala OPD ({WORKS})"],
        "OPD baru": ["Dinas Salah Ketik"],
        "OPD yang tidak disebut berkas; tetap seperti sekarang": [HEALTH],
    }
    assert "1 orang muncul dengan nomor lain" in " ".join(report.consequences)
    assert [contact.name for contact in office.all(t.contacts)] == ["Petugas Satu", "Kepala Satu", "Petugas Dua"]


def test_the_names_stay_out_of_the_journal_and_the_batch(office: Office) -> None:
    office.directory()
    office.directory(PEOPLE[0].replace("Petugas Satu", "Orang Baru"), *PEOPLE[1:])
    assert "Orang Baru" not in str([entry.detail for entry in office.all(t.journal)])
    assert "Orang Baru" not in str([batch.summary for batch in office.all(t.batches)])


def test_an_acting_head_is_marked(office: Office) -> None:
    office.directory(f"{WORKS};DPUPR;Dinas;Pelaksana;Plt. Kepala Dinas;kepala_opd;081200000007;SK/3;;")
    assert office.all(t.appointments)[0].acting == "plt"


def test_an_appointment_that_is_over_already_is_told(office: Office) -> None:
    report = office.directory(PEOPLE[0].replace("31/12/2026", "30/06/2026"))
    assert "1 penugasan sudah lewat masa berlakunya" in report.consequences


def test_a_short_name_that_means_another_unit_is_held(office: Office) -> None:
    office.directory()
    report = office.directory(f"Dinas Perumahan Rakyat;DPUPR;Dinas;Petugas;;kepala_opd;081200000008;;;")  # noqa: F541
    assert len(report.held) == 1
    assert len(office.all(t.units)) == 2


def test_short_names_are_aliases_by_which_the_roster_finds_the_unit(office: Office) -> None:
    office.directory()
    assert office.roster(row("1916449", "dpupr."), row("1916450", WORKS.upper())).new == 2


def test_parents_may_stand_below_their_children(office: Office) -> None:
    header = f"{DIRECTORY};Induk;Zona Waktu"
    office.directory(
        "Kelurahan Satu;;Kelurahan;;;;;;;;Kecamatan Satu;WITA", "Kecamatan Satu;;Kecamatan;;;;;;;;;", header=header
    )
    ward, district = office.all(t.units)
    assert (ward.parent_id, ward.kind, ward.time_zone) == (district.id, "kelurahan", "Asia/Makassar")
    report = office.directory("Kelurahan Dua;;Kelurahan;;;;;;;;Kecamatan Entah;", header=header)
    assert "Kecamatan Entah" in report.held[0][1]


def test_a_change_of_officers_wakes_the_units_cases(office: Office) -> None:
    office.directory()
    office.roster(row("1916449"))
    office.day_passes()
    office.directory(f"{WORKS};DPUPR;Dinas;Petugas Baru;;admin_penghubung;081200000006;SK/4;;")
    assert office.all(t.dispositions)[0].next_look_at == office.now
    with office.db.read() as conn:
        assert journal.verify(conn) is None
