"""Complaints typed in by hand, and what becomes of them when LAPOR's number arrives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.refused import Refused
from aspal.core.words import Kind
from aspal.db import Database
from aspal.flow import intake
from aspal.flow.intake.typed import Typed
from tests.office import HEALTH, WORKS, Office, row

BY: dict[str, Any] = {"by": "admin@contoh.test"}


@pytest.fixture
def office(db: Database, tmp_path: Path) -> Office:
    office = Office(db, tmp_path)
    office.directory()
    return office


def type_in(office: Office, title: str = "Laporan 1916449", **more: Any) -> str:
    unit = office.all(t.units)[0].id
    typed = Typed(**({"title": title, "unit_id": unit, "received_on": date(2026, 7, 31)} | more))
    return intake.type_in(office.db, typed, now=office.now, zone="Asia/Jakarta", **BY)


def notice(office: Office, disposition_id: int) -> None:
    office.told(disposition_id)
    with office.db.write() as conn:
        conn.execute(update(t.dispositions).where(t.dispositions.c.id == disposition_id).values(level=1))


def test_a_typed_complaint_gets_the_next_number_of_the_year_and_a_running_clock(office: Office) -> None:
    assert [type_in(office), type_in(office)] == ["MAN-2026-0001", "MAN-2026-0002"]
    office.day_passes(365)
    assert type_in(office) == "MAN-2027-0001"
    complaint = office.complaint("MAN-2026-0001")
    assert complaint["confidential"]
    (part,) = complaint["dispositions"]
    assert (part["unit"], part["disposed_basis"], part["next_look_at"]) == (
        WORKS,
        "typed",
        office.all(t.complaints)[0].created_at,
    )


def test_many_at_once_leave_no_gap_and_no_double(office: Office) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: type_in(office), range(8)))
    assert sorted(numbers) == [f"MAN-2026-{n:04}" for n in range(1, 9)]


def test_what_looks_like_a_number_of_a_person_is_blacked_out(office: Office) -> None:
    type_in(office, "Mohon hubungi 0812-0000-0009 segera", kind=Kind.WHISTLE, confidential=False)
    complaint = office.all(t.complaints)[0]
    assert complaint.title == "Mohon hubungi [disamarkan] segera"
    assert complaint.confidential
    assert complaint.supervised


def test_a_unit_or_a_day_that_cannot_be_is_refused(office: Office) -> None:
    for wrong in ({"unit_id": 99}, {"received_on": date(2026, 8, 9)}):
        with pytest.raises(Refused):
            type_in(office, **wrong)


def test_a_complaint_of_a_year_that_nobody_means_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="periksa tahunnya"):
        type_in(office, received_on=date(2006, 7, 31))
    with pytest.raises(Refused, match="periksa tahunnya"):
        type_in(office, received_on=date(1926, 7, 31), disposed_on=date(2026, 7, 31))
    assert office.all(t.complaints) == []
    assert type_in(office, received_on=date(2023, 7, 31))


def test_a_disposition_before_the_complaint_was_received_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="sebelum laporan diterima"):
        type_in(office, received_on=date(2026, 7, 31), disposed_on=date(2026, 7, 30))
    assert office.all(t.complaints) == []


def test_a_number_that_has_not_come_in_yet_is_simply_given(office: Office) -> None:
    type_in(office)
    intake.merge(office.db, "MAN-2026-0001", "1916449", now=office.now, **BY)
    office.roster(row("1916449"))
    (complaint,) = office.all(t.complaints)
    assert (complaint.tracking_id, complaint.provisional_id) == ("1916449", "MAN-2026-0001")
    (part,) = office.complaint("1916449")["dispositions"]
    assert (part["disposed_at"], part["disposed_basis"]) == (date(2026, 7, 31), "file")


def test_a_pair_that_looks_alike_is_suggested_and_never_merged_by_itself(office: Office) -> None:
    type_in(office)
    report = office.roster(row("1916449"), row("1916450"))
    assert [line for line in report.consequences if "MAN-2026-0001" in line]
    assert report.as_json()["twins"][0] == {"number": "1916449", "typed": "MAN-2026-0001"}
    assert len(office.all(t.complaints)) == 3
    assert office.complaint("1916449")["flags"][-1] == {
        "flag": "may_be_same", "at": office.complaint("1916449")["flags"][-1]["at"], "detail": "MAN-2026-0001"
    }  # fmt: skip


def test_merged_the_running_chain_goes_on_under_lapors_number(office: Office) -> None:
    type_in(office)
    ours = office.all(t.dispositions)[0]
    notice(office, ours.id)
    office.roster(row("1916449"))
    intake.merge(office.db, "MAN-2026-0001", "1916449", now=office.now, **BY)
    complaint = office.complaint("1916449")
    (part,) = complaint["dispositions"]
    assert (part["id"], part["code"], part["level"]) == (ours.id, ours.code, 1)
    assert (part["disposed_at"], part["disposed_basis"]) == (date(2026, 7, 31), "file")
    assert [notice["step"] for notice in complaint["notices"]] == ["R1"]
    assert office.complaint("MAN-2026-0001")["tracking_id"] == "1916449"
    assert office.roster(row("1916449")).unchanged == 1


def test_where_both_were_reminded_lapors_goes_on_from_our_level_and_both_histories_are_told(office: Office) -> None:
    type_in(office, disposed_on=date(2026, 7, 31))
    office.roster(row("1916449"))
    ours, theirs = office.all(t.dispositions)
    notice(office, ours.id)
    notice(office, theirs.id)
    with office.db.write() as conn:
        conn.execute(update(t.dispositions).where(t.dispositions.c.id == ours.id).values(level=3, claim="in_process"))
    intake.merge(office.db, "MAN-2026-0001", "1916449", now=office.now, **BY)
    complaint = office.complaint("1916449")
    assert [(part["end_reason"], part["level"]) for part in complaint["dispositions"]] == [("merged", 3), (None, 3)]
    assert complaint["dispositions"][1]["claim"] == "in_process"
    assert len(complaint["notices"]) == 2


def test_another_unit_in_lapor_ends_our_chain(office: Office) -> None:
    type_in(office)
    office.roster(row("1916449", "Dinkes"))
    intake.merge(office.db, "MAN-2026-0001", "1916449", now=office.now, **BY)
    assert office.parts("1916449") == [
        (WORKS, "belum_ditindaklanjuti", "merged"),
        (HEALTH, "belum_ditindaklanjuti", None),
    ]


def test_merging_twice_or_nothing_is_refused(office: Office) -> None:
    type_in(office)
    intake.merge(office.db, "MAN-2026-0001", "1916449", now=office.now, **BY)
    for number, tracking_id in (("MAN-2026-0001", "1916449"), ("MAN-2026-0009", "1916449")):
        with pytest.raises(Refused):
            intake.merge(office.db, number, tracking_id, now=office.now, **BY)
