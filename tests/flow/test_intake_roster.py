"""LAPOR exports become complaints and dispositions, and only what differs is touched."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.rapor.period import Period
from aspal.core.refused import Refused
from aspal.core.rows import Cells
from aspal.db import Database
from aspal.flow import intake
from aspal.flow.intake import outcome
from aspal.records import journal
from aspal.report import period_report as report
from aspal.report.period_report import Asked
from tests.office import HEALTH, PEOPLE, ROSTER, WORKS, Office, row

OPEN, PROCESS, FINISHED = "belum_ditindaklanjuti", "proses", "selesai"


@pytest.fixture
def office(db: Database, tmp_path: Path) -> Office:
    office = Office(db, tmp_path)
    office.directory()
    return office


def counts(report: Any) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.held), len(report.rejected)


def test_a_first_export_starts_chains(office: Office) -> None:
    report = office.roster(row("1916449"), row("1916450", "Dinkes", "Proses"), row("1916451", "DPUPR", "Selesai"))
    assert counts(report) == (3, 0, 0, 0, 0)
    assert report.consequences == ["2 rantai pengingat dimulai"]
    (part,) = office.complaint("1916449")["dispositions"]
    assert (part["unit"], part["disposed_at"].isoformat(), part["next_look_at"]) == (WORKS, "2026-07-31", office.now)
    assert len(part["code"]) == 3
    assert office.parts("1916451") == [(WORKS, FINISHED, "finished")]


def test_a_preview_tells_the_same_and_changes_nothing(office: Office) -> None:
    rows = row("1916449"), row("1916450", "Dinas Entah")
    before = {table.name: office.all(table) for table in t.metadata.sorted_tables}
    preview = office.roster(*rows, applied=False, secrecy="open").as_json()
    assert {table.name: office.all(table) for table in t.metadata.sorted_tables} == before
    applied = office.roster(*rows, secrecy="open").as_json()
    assert (preview.pop("batch"), preview.pop("applied")) == (None, False)
    assert applied.pop("batch")
    assert applied.pop("applied")
    assert preview == applied


def test_the_same_file_again_is_noticed_and_harmless(office: Office) -> None:
    path = office.file(
        "Tracking ID;Status;Tanggal Laporan;OPD;Tanggal Disposisi",
        "1916449;Belum ditindaklanjuti;1/7/2026;DPUPR;2/7/2026",
    )
    first = intake.apply_roster(office.db, path, **office.options)
    roster = office.all(t.dispositions)
    office.day_passes()
    again = intake.apply_roster(office.db, path, **office.options)
    assert counts(again) == (0, 0, 1, 0, 0)
    assert (again.same_as_batch, again.consequences) == (first.batch, [])
    assert office.all(t.dispositions) == roster


def test_lapor_moving_on_stops_the_reminders(office: Office) -> None:
    office.roster(row("1916449"), row("1916450"))
    office.day_passes()
    report = office.roster(row("1916449", status="Proses"), row("1916450", status="Selesai", selesai="02/08/2026"))
    assert report.consequences == ["2 pengingat berhenti"]
    assert office.parts("1916449") == [(WORKS, PROCESS, None)]
    assert office.complaint("1916450")["dispositions"][0]["next_look_at"] is None


def test_another_unit_ends_the_old_disposition_and_starts_a_new_one(office: Office) -> None:
    office.roster(row("1916449"))
    office.day_passes()
    report = office.roster(row("1916449", "Dinkes", disposisi="04/08/2026"))
    assert office.parts("1916449") == [(WORKS, OPEN, "redisposed"), (HEALTH, OPEN, None)]
    assert set(report.consequences) == {
        "1 pengingat berhenti",
        "1 rantai pengingat dimulai",
        "1 laporan berpindah unit",
    }


def test_what_moved_and_was_finished_between_two_exports_is_the_new_units_work(office: Office) -> None:
    """The unit that lost it finished nothing; the day on which it was finished counts all the same."""
    office.roster(row("1916449"))
    office.day_passes(7)
    done = {"disposisi": "04/08/2026", "respon": "05/08/2026", "selesai": "07/08/2026"}
    office.roster(row("1916449", "Dinkes", "Selesai", **done))
    assert office.parts("1916449") == [(WORKS, OPEN, "redisposed"), (HEALTH, FINISHED, "finished")]
    with office.db.read() as conn:
        found = report.one(conn, office.calendars, Asked(Period.of(2026)), office.now)
    assert (found.tally.finished, found.completion.count, found.in_time[0].in_time) == (1, 1, 1)
    assert [(unit.name, unit.tally.finished) for unit in found.units] == [(HEALTH, 1)]
    assert dict(found.moves.by_unit) == {WORKS: 1}


@pytest.mark.parametrize("disposed_again", ["", "31/07/2026", "07/08/2026"])
def test_what_came_back_and_was_finished_between_two_exports_is_the_first_units_work(
    office: Office, disposed_again: str
) -> None:
    """LAPOR moved it away and back again; neither a day of disposition nor its lack makes it the other unit's work."""
    office.roster(row("1916449"))
    office.day_passes(4)
    office.roster(row("1916449", "Dinkes", disposisi="04/08/2026"))
    office.day_passes(6)
    done = {"disposisi": disposed_again, "respon": "10/08/2026", "selesai": "11/08/2026"}
    office.roster(row("1916449", "DPUPR", "Selesai", **done))
    was_first, then, *again = office.parts("1916449")
    assert then == (HEALTH, OPEN, "redisposed")
    if disposed_again == "07/08/2026":
        assert (was_first, again) == ((WORKS, OPEN, "redisposed"), [(WORKS, FINISHED, "finished")])
    else:
        assert (was_first, again) == ((WORKS, FINISHED, "finished"), [])
    with office.db.read() as conn:
        found = report.one(conn, office.calendars, Asked(Period.of(2026)), office.now)
    assert [(unit.name, unit.tally.finished) for unit in found.units] == [(WORKS, 1)]
    assert (found.tally.finished, found.completion.count) == (1, 1)


def test_what_a_unit_had_handed_back_and_finished_in_the_end_is_its_work(office: Office) -> None:
    office.roster(row("1916449", status="Bukan Kewenangan"))
    office.day_passes(4)
    office.roster(row("1916449", "Dinkes", disposisi="04/08/2026"))
    office.day_passes(6)
    done = {"disposisi": "07/08/2026", "respon": "10/08/2026", "selesai": "11/08/2026"}
    office.roster(row("1916449", "DPUPR", "Selesai", **done))
    assert office.parts("1916449")[1:] == [(HEALTH, OPEN, "redisposed"), (WORKS, FINISHED, "finished")]
    with office.db.read() as conn:
        found = report.one(conn, office.calendars, Asked(Period.of(2026)), office.now)
    assert [(unit.name, unit.tally.finished) for unit in found.units] == [(WORKS, 1)]


def test_a_complaint_of_several_units_keeps_its_last_day_though_one_of_them_is_not_named(office: Office) -> None:
    office.roster(row("1916449"), row("1916449", "Dinkes"), row("1916450"), row("1916451", "Dinkes"))
    office.day_passes(7)
    office.roster(row("1916449", "Dinkes", "Selesai", selesai="07/08/2026"), row("1916450"), row("1916451", "Dinkes"))
    told = office.complaint("1916449")
    assert (told["status"], str(told["finished_on"])) == (FINISHED, "2026-08-07")


def test_disposed_anew_to_the_same_unit_is_no_wrong_address(office: Office) -> None:
    office.roster(row("1916449"))
    office.day_passes(3)
    office.roster(row("1916449", disposisi="05/08/2026"))
    assert office.parts("1916449") == [(WORKS, OPEN, "renewed"), (WORKS, OPEN, None)]
    with office.db.read() as conn:
        found = report.one(conn, office.calendars, Asked(Period.of(2026)), office.now)
    assert (found.moves.wrong, [unit.tally.total for unit in found.units]) == (0, [1])


def test_what_a_unit_lost_after_it_was_disposed_anew_to_it_is_not_in_its_arrears(office: Office) -> None:
    office.roster(row("1916449"))
    office.day_passes(3)
    office.roster(row("1916449", disposisi="05/08/2026"))
    office.day_passes(3)
    office.roster(row("1916449", "Dinkes", disposisi="07/08/2026"))
    with office.db.read() as conn:
        found = report.one(conn, office.calendars, Asked(Period.of(2026)), office.now)
    assert [(unit.name, unit.tally.total) for unit in found.units] == [(HEALTH, 1)]


@pytest.mark.parametrize("rows", [("DPUPR; Dinkes",), ("DPUPR", "Dinkes")])
def test_several_units_have_a_clock_each_in_one_row_or_in_several(office: Office, rows: tuple[str, ...]) -> None:
    units = [cell.replace(";", "|") for cell in rows]
    report = office.roster(*[row("1916449", unit) for unit in units])
    assert office.parts("1916449") == [(WORKS, OPEN, None), (HEALTH, OPEN, None)]
    assert report.consequences == ["2 rantai pengingat dimulai"]
    again = office.roster(*[row("1916449", unit) for unit in reversed(units)])
    assert counts(again)[:3] == (0, 0, len(rows))
    assert office.roster(row("1916449", "Dinkes")).events["moved_to_other_unit"] == 1


def test_rows_of_one_complaint_may_stand_far_apart(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aspal.flow.intake.roster_rows._CHUNK", 1)
    rows = row("1916449"), row("1916450"), row("1916449", "Dinkes", "Proses")
    office.roster(*rows)
    assert office.parts("1916449") == [(WORKS, OPEN, None), (HEALTH, PROCESS, None)]
    assert counts(office.roster(*rows, row("1916451", status="Selesai"))) == (1, 0, 3, 0, 0)


def test_a_second_row_that_contradicts_the_first_is_held(office: Office) -> None:
    report = office.roster(row("1916449"), row("1916449", status="Selesai"))
    assert counts(report) == (1, 0, 0, 1, 0)
    assert "berbeda" in report.held[0][1]


def test_of_a_row_that_is_held_it_is_not_said_that_it_was_used(office: Office) -> None:
    """Another title is taken and told; where the status differs too, nobody knows which row is true."""
    other = {"judul": "Judul lain"}
    report = office.roster(row("1916449"), row("1916449", **other), applied=False)
    assert [warning for warning in report.warnings if "yang terakhir dipakai" in warning]
    report = office.roster(row("1916449"), row("1916449", status="Proses", **other), applied=False)
    assert (len(report.held), list(report.warnings)) == (1, [])


def test_an_unknown_unit_is_held_with_suggestions_until_its_alias_is_confirmed(office: Office) -> None:
    report = office.roster(
        row("1916449", "Dinas Pekerjaan Umum & Penataan Ruangan"), row("1916450", "Dinas X, Y dan Z")
    )
    assert counts(report) == (0, 0, 0, 2, 0)
    assert WORKS in report.held[0][1]
    assert "mirip" in report.held[1][1]
    unit_id = office.all(t.units)[0].id
    alias = "Dinas Pekerjaan Umum & Penataan Ruangan"
    intake.confirm_alias(office.db, alias, unit_id, now=office.now, by="admin@contoh.test")
    (settled,) = intake.settle_held(office.db, **office.options)
    assert (settled.rows, settled.new, len(settled.held)) == (1, 1, 1)
    assert office.parts("1916449") == [(WORKS, OPEN, None)]
    assert [item.settled_at is None for item in office.all(t.held_rows)] == [False, True]


def test_an_alias_that_means_another_unit_is_refused(office: Office) -> None:
    with pytest.raises(Refused):
        intake.confirm_alias(office.db, "DPUPR", office.all(t.units)[1].id, now=office.now, by="admin@contoh.test")


def test_a_held_row_keeps_its_units_old_disposition_open_until_it_is_settled(office: Office) -> None:
    office.roster(row("1916449"))
    office.roster(row("1916449", "Dinas Kesehatan"))
    assert office.parts("1916449") == [(WORKS, OPEN, None)]
    intake.confirm_alias(
        office.db, "Dinas Kesehatan", office.all(t.units)[1].id, now=office.now, by="admin@contoh.test"
    )
    intake.settle_held(office.db, **office.options)
    assert office.parts("1916449") == [(WORKS, OPEN, "redisposed"), (HEALTH, OPEN, None)]


def test_settling_one_held_row_leaves_the_units_of_the_other_rows_alone(office: Office) -> None:
    office.roster(row("1916449"), row("1916449", "Dinas Kesehatan"))
    intake.confirm_alias(
        office.db, "Dinas Kesehatan", office.all(t.units)[1].id, now=office.now, by="admin@contoh.test"
    )
    intake.settle_held(office.db, **office.options)
    assert office.parts("1916449") == [(WORKS, OPEN, None), (HEALTH, OPEN, None)]


def test_an_unknown_status_is_held_until_it_is_explained_for_that_layout(office: Office) -> None:
    assert counts(office.roster(row("1916449", status="Ditelaah"))) == (0, 0, 0, 1, 0)
    with office.db.read() as conn:
        (held,) = intake.imports.held(conn, "roster")
    intake.explain_status(
        office.db, held.layout, "Ditelaah", intake.Status.IN_PROCESS, now=office.now, by="admin@contoh.test"
    )
    intake.settle_held(office.db, **office.options)
    assert office.parts("1916449") == [(WORKS, PROCESS, None)]
    assert counts(office.roster(row("1916450", status="Ditelaah"))) == (1, 0, 0, 0, 0)


def test_an_answer_about_another_row_does_not_settle_a_contradiction(office: Office) -> None:
    said_twice = row("1916449"), row("1916449", status="Selesai", selesai="01/08/2026")
    report = office.roster(*said_twice, row("1916450", status="Ditelaah"))
    assert counts(report) == (1, 0, 0, 2, 0)
    with office.db.read() as conn:
        layout = intake.imports.held(conn, "roster")[0].layout
    by = {"now": office.now, "by": "admin@contoh.test"}
    intake.explain_status(office.db, layout, "Ditelaah", intake.Status.IN_PROCESS, **by)
    intake.settle_held(office.db, **office.options)
    assert office.parts("1916449") == [(WORKS, OPEN, None)]
    assert office.parts("1916450") == [(WORKS, PROCESS, None)]
    assert [item.settled_at is None for item in office.all(t.held_rows)] == [True, False]


def test_a_newer_file_overtakes_rows_that_were_held(office: Office) -> None:
    office.roster(row("1916449", "Dinas Entah"))
    office.roster(row("1916449", "DPUPR"))
    assert [item.settled_at is not None for item in office.all(t.held_rows)] == [True]


@pytest.mark.parametrize(
    ("answer", "day", "basis"), [("received", "2026-07-30", "received"), ("import", "2026-08-03", "import")]
)
def test_a_blank_day_of_disposition_waits_for_an_answer_that_is_then_remembered(
    office: Office, answer: str, day: str, basis: str
) -> None:
    assert counts(office.roster(row("1916449", disposisi=""))) == (0, 0, 0, 1, 0)
    office.roster(row("1916449", disposisi=""), disposed_on=answer)
    (part,) = office.complaint("1916449")["dispositions"]
    assert (part["disposed_at"].isoformat(), part["disposed_basis"]) == (day, basis)
    assert counts(office.roster(row("1916450", disposisi=""), row("1916449", disposisi=""))) == (1, 0, 1, 0, 0)


def test_without_a_column_for_secrecy_everything_is_confidential_until_answered(office: Office) -> None:
    header = "Tracking ID;Status;Tanggal Laporan;OPD;Tanggal Disposisi"
    line = "1916449;Belum ditindaklanjuti;01/07/2026;DPUPR;02/07/2026"
    report = office.roster(line, header=header)
    assert office.complaint("1916449")["confidential"]
    assert any("rahasia" in sentence for sentence in report.consequences)
    office.roster(line, header=header, secrecy="open")
    assert not office.complaint("1916449")["confidential"]


def test_unverified_complaints_wait_at_the_admins_own_desk(office: Office) -> None:
    office.roster(row("1916449", "", "Belum Terverifikasi", disposisi=""))
    (part,) = office.complaint("1916449")["dispositions"]
    assert (part["unit"], part["track"], part["disposed_at"].isoformat()) == (None, "verification", "2026-07-30")
    office.roster(row("1916449"))
    assert office.parts("1916449") == [(None, "belum_terverifikasi", "finished"), (WORKS, OPEN, None)]


def test_an_unverified_row_without_a_number_gets_ours_once(office: Office) -> None:
    line = row("", "", "Belum Terverifikasi", disposisi="", judul="Lampu mati")
    office.roster(line)
    assert counts(office.roster(line)) == (0, 0, 1, 0, 0)
    assert office.complaint("MAN-2026-0001")["title"] == "Lampu mati"


def test_what_a_full_export_no_longer_lists_is_flagged_and_kept(office: Office) -> None:
    office.roster(row("1916449"), row("1916450"), row("1916451"))
    report = office.roster(row("1916449"), row("1916450"))
    assert report.consequences == ["1 laporan tidak ada lagi di berkas"]
    assert report.as_json()["named"] == [{"what": "Laporan yang tidak ada lagi di berkas", "who": ["1916451"]}]
    assert office.complaint("1916451")["flags"][-1]["flag"] == "vanished"
    assert office.parts("1916451") == [(WORKS, OPEN, None)]
    back = office.roster(row("1916449"), row("1916450"), row("1916451"), row("1916452"))
    assert counts(back) == (1, 1, 2, 0, 0)
    assert office.complaint("1916451")["flags"] == []


def test_a_file_about_a_few_complaints_flags_nothing(office: Office) -> None:
    office.roster(*[row(str(1916449 + n)) for n in range(10)])
    assert office.roster(row("1916449", status="Proses")).consequences == ["1 pengingat berhenti"]


OLDER = "Berkas ini tampaknya lebih lama daripada impor terakhir"


def is_called_older(office: Office, *rows: str, **more: Any) -> bool:
    report = office.roster(*rows, applied=False, **more)
    return any(line.startswith(OLDER) for line in report.consequences)


MONDAYS = row("1916449"), row("1916450", status="Proses", respon="01/08/2026"), row("1916451")
WEDNESDAYS = (
    row("1916449", status="Proses", respon="04/08/2026"), MONDAYS[1], row("1916451", "Dinkes", disposisi="04/08/2026")
)  # fmt: skip


def after_two_imports(office: Office) -> None:
    """One complaint was followed up meanwhile, and another went to another unit."""
    office.roster(*MONDAYS)
    office.day_passes(2)
    office.roster(*WEDNESDAYS)
    office.day_passes()


def test_an_export_that_lacks_what_the_last_import_told_is_called_older(office: Office) -> None:
    after_two_imports(office)
    assert is_called_older(office, *MONDAYS)
    told = office.roster(*MONDAYS).consequences[-1]
    assert "tanggal tindak lanjut terbaru di dalamnya 01-08-2026, yang sudah tercatat 04-08-2026" in told
    assert office.parts("1916449") == [(WORKS, OPEN, None)], "a warning, and nothing else"


def test_an_export_that_tells_anything_new_is_not_called_older(office: Office) -> None:
    after_two_imports(office)
    assert not is_called_older(office, *MONDAYS, row("1916460"))
    assert not is_called_older(office, MONDAYS[0], row("1916450", status="Selesai"), MONDAYS[2])
    assert not is_called_older(office, MONDAYS[0], row("1916450", status="Proses", respon="02/08/2026"), MONDAYS[2])


def test_a_newer_export_is_never_called_older(office: Office) -> None:
    after_two_imports(office)
    _, second, third = WEDNESDAYS
    assert not is_called_older(office, *WEDNESDAYS), "nothing has happened since"
    assert not is_called_older(office, row("1916449", respon="04/08/2026"), second, third), "taken back at LAPOR"
    assert not is_called_older(office, second), "filtered"
    assert not is_called_older(office, row("1916449", status="Proses"), third), "no day of any follow-up in it"
    without = row("1916449", status="Proses"), second
    assert is_called_older(office, *without)
    assert not is_called_older(office, *without, header=ROSTER.replace("Judul Laporan", "Judul")), "another layout"


def at_two_units(office: Office) -> None:
    """One complaint at both units, and more at each of them."""
    shared = row("1916449"), row("1916449", "Dinkes")
    office.roster(*shared, *of_works(), *[row(str(1916460 + n), "Dinkes") for n in range(3)])
    office.day_passes()


def of_works() -> list[str]:
    return [row(str(1916450 + n)) for n in range(2)]


def test_a_file_of_one_units_rows_says_nothing_about_the_others_parts(office: Office) -> None:
    at_two_units(office)
    report = office.roster(row("1916449", status="Proses"), *of_works())
    assert office.parts("1916449") == [(WORKS, PROCESS, None), (HEALTH, OPEN, None)]
    assert report.consequences[0] == "1 pengingat berhenti"
    assert f"hanya memuat {WORKS}" in report.consequences[1]
    assert [office.complaint(str(1916460 + n))["flags"] for n in range(3)] == [[], [], []]


def done(number: str, unit: str = "DPUPR") -> str:
    return row(number, unit, "Selesai", respon="01/08/2026", selesai="02/08/2026")


def test_a_file_of_finished_rows_ends_no_part_that_still_waits(office: Office) -> None:
    at_two_units(office)
    report = office.roster(done("1916449"), *[done(str(1916450 + n)) for n in range(2)])
    assert office.parts("1916449") == [(WORKS, FINISHED, "finished"), (HEALTH, OPEN, None)]
    assert office.complaint("1916449")["status"] == OPEN
    assert "hanya memuat" in report.consequences[-1], "the unit alone says so here"


def test_a_file_filtered_by_status_says_nothing_about_parts_that_stand_otherwise(office: Office) -> None:
    at_two_units(office)
    office.roster(*[row(str(1916470 + n)) for n in range(3)])
    report = office.roster(done("1916449"), done("1916450"), done("1916460", "Dinkes"))
    assert office.parts("1916449") == [(WORKS, FINISHED, "finished"), (HEALTH, OPEN, None)]
    assert office.complaint("1916449")["status"] == OPEN
    assert "tidak memuat satu pun yang “belum ditindaklanjuti” atau “proses”" in report.consequences[-1]
    assert not any("tidak ada lagi" in line for line in report.consequences)


def test_a_part_that_a_file_filtered_by_status_would_show_has_left(office: Office) -> None:
    at_two_units(office)
    working = [row(str(1916470 + n), status="Proses", respon="01/08/2026") for n in range(3)]
    office.roster(*working)
    office.roster(row("1916449"), row("1916450"), row("1916461", "Dinkes"))
    assert office.parts("1916449") == [(WORKS, OPEN, None), (HEALTH, OPEN, "redisposed")]


def test_the_preview_says_what_a_file_filtered_by_status_cannot_tell(office: Office) -> None:
    at_two_units(office)
    office.roster(*[row(str(1916470 + n)) for n in range(3)])
    report = office.roster(done("1916450"), done("1916451"), done("1916460", "Dinkes"), applied=False)
    assert "hilang dari LAPOR tidak ditandai" in report.consequences[-1], "also where no part is kept open"


def test_a_file_without_finished_rows_may_have_left_out_a_finished_part(office: Office) -> None:
    """ "Belum" alone: the other unit may have moved the case away, or finished it; the next full export tells."""
    at_two_units(office)
    report = office.roster(row("1916449"), row("1916450"), row("1916461", "Dinkes"))
    assert "1 laporan berpindah unit" in report.consequences
    assert "mungkin sudah selesai" in report.consequences[-1]
    office.roster(row("1916449"), done("1916449", "Dinkes"))
    assert office.parts("1916449") == [(WORKS, OPEN, None), (HEALTH, FINISHED, "finished")]


def test_a_part_that_another_unit_took_over_did_move(office: Office) -> None:
    office.roster(row("1916449"), *of_works())
    report = office.roster(row("1916449", "Dinkes"), *of_works())
    assert "1 laporan berpindah unit" in report.consequences
    assert not any("mungkin sudah selesai" in line for line in report.consequences)


@pytest.mark.parametrize("also", ["1916460;Dinkes", "1916470;"])
def test_a_file_of_several_units_still_tells_that_a_unit_has_lost_its_part(office: Office, also: str) -> None:
    at_two_units(office)
    number, unit = also.split(";")
    status = "Belum ditindaklanjuti" if unit else "Belum terverifikasi"
    report = office.roster(row("1916449"), *of_works(), row(number, unit, status))
    assert office.parts("1916449") == [(WORKS, OPEN, None), (HEALTH, OPEN, "redisposed")]
    assert "1 laporan berpindah unit" in report.consequences


def test_a_file_of_the_only_unit_with_work_is_no_part_of_another(office: Office) -> None:
    office.roster(row("1916449"), row("1916449", "Dinkes"), *of_works())
    office.roster(row("1916449"), *of_works())
    assert office.parts("1916449") == [(WORKS, OPEN, None), (HEALTH, OPEN, "redisposed")]


def test_rows_of_an_api_are_not_taken_for_everything(office: Office) -> None:
    office.roster(row("1916449"), row("1916450"))
    cells = Cells.of(1, {"tracking_id": "1916449", "status": "selesai", "tgl_masuk": "2026-07-30", "opd": "DPUPR"})
    report = intake.apply_rows(office.db, [cells], source="api", **office.options)
    assert report.consequences == ["1 pengingat berhenti"]


def test_an_import_after_a_claim_denies_it_and_wakes_the_chain(office: Office) -> None:
    office.roster(row("1916449"))
    with office.db.write() as conn:
        conn.execute(update(t.dispositions).values(claim="done", claimed_at=office.now, next_look_at=None))
    office.day_passes()
    report = office.roster(row("1916449"), row("1916450"))
    disposition = office.all(t.dispositions)[0]
    assert (disposition.claim_denied_at, disposition.next_look_at) == (office.now, office.now)
    assert "1 klaim selesai belum tercatat di LAPOR" in report.consequences


def test_an_export_of_the_day_of_the_claim_may_be_older_and_denies_nothing(office: Office) -> None:
    office.roster(row("1916449"))
    office.day_passes()
    with office.db.write() as conn:
        conn.execute(update(t.dispositions).values(claim="done", claimed_at=office.now))
    office.now += timedelta(minutes=5)  # the export was made before the claim, and is uploaded only now
    office.roster(row("1916449"), row("1916450"))
    assert office.all(t.dispositions)[0].claim_denied_at is None
    office.day_passes()
    office.roster(row("1916449"), row("1916450"), row("1916451"))
    assert office.all(t.dispositions)[0].claim_denied_at == office.now


def test_not_ours_is_over_when_lapor_verifies_again_and_disposes_to_the_same_unit(office: Office) -> None:
    office.roster(row("1916449"))
    rests = [{"first": "2026-08-03", "last": None, "why": "returned"}]
    with office.db.write() as conn:
        conn.execute(update(t.dispositions).values(claim="not_ours", claimed_at=office.now, rests=rests))
    office.day_passes()
    office.roster(row("1916449", "", status="Belum terverifikasi", disposisi=""))
    office.day_passes()
    office.roster(row("1916449"))
    part = office.all(t.dispositions)[0]
    assert (part.ended_at, part.claim) == (None, None)
    assert all(rest["last"] for rest in part.rests)


def test_every_changed_complaint_is_in_the_journal_with_what_happened(office: Office) -> None:
    office.roster(row("1916449"))
    office.roster(row("1916449", "Dinkes"))
    with office.db.read() as conn:
        entries = journal.of_complaint(conn, office.all(t.complaints)[0].id)
        assert journal.verify(conn) is None
    assert [entry.action for entry in entries] == ["import.new", "import.changed"]
    assert entries[-1].detail["events"] == ["chain_started", "moved_to_other_unit", "reminders_stopped"]


def test_what_is_wrong_with_a_row_or_a_file_is_said_and_nothing_else_is_lost(office: Office) -> None:
    report = office.roster(row("1916449"), row("1916450", masuk="31/02/2026"), row("abc"))
    assert counts(report) == (1, 0, 0, 0, 2)
    assert [column for _, column, _ in report.rejected] == ["tgl_masuk", "tracking_id"]
    with pytest.raises(Refused, match="Kolom wajib"):
        office.roster("1;2", header="A;B")


def test_a_file_of_nothing_but_refused_rows_is_not_read_to_its_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcome, "MOST_REFUSED", 100)
    many = [row(str(1916449 + n)) for n in range(150)]
    rubbish = ["x"] * 120
    assert len(office.roster(*many, *rubbish).rejected) == 120, "an export with many bad rows is an export still"
    for door, lines in (
        (office.roster, [*many[:30], *rubbish]),
        (office.directory, [*PEOPLE, *["Dinas;;;;;lurah;12"] * 120]),
    ):
        with pytest.raises(Refused, match="Lebih dari 100 baris tidak dapat dibaca"):
            door(*lines)


def test_a_mapping_is_saved_for_the_next_file_of_this_layout(office: Office) -> None:
    header = "Nomor Aneh;Status;Tanggal Laporan;OPD;Tanggal Disposisi"
    line = "1916449;Belum ditindaklanjuti;01/07/2026;DPUPR;02/07/2026"
    assert office.roster(line, header=header, mapping={"Nomor Aneh": "tracking_id"}).new == 1
    assert office.roster(line, line.replace("49;", "50;"), header=header).new == 1


def test_columns_and_status_words_may_come_in_one_mapping(office: Office) -> None:
    header = "Nomor Aneh;Status;Tanggal Laporan;OPD;Tanggal Disposisi"
    line = "1916449;Ditelaah;01/07/2026;DPUPR;02/07/2026"
    mapping = {"columns": {"Nomor Aneh": "tracking_id"}, "statuses": {"Ditelaah": "proses"}}
    assert office.roster(line, header=header, mapping=mapping).new == 1
    assert office.parts("1916449") == [(WORKS, PROCESS, None)]


def test_an_answer_that_does_not_exist_is_refused(office: Office) -> None:
    for answer in ({"secrecy": "mungkin"}, {"mapping": {"statuses": {"Ditelaah": "entah"}}}):
        with pytest.raises(Refused, match="tidak dikenal"):
            office.roster(row("1916449"), **answer)


def test_a_problem_halfway_leaves_nothing_behind(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("aspal.records.roster.seen", fail)
    with pytest.raises(RuntimeError):
        office.roster(row("1916449"))
    assert office.all(t.complaints) == []
    assert [batch.kind for batch in office.all(t.batches)] == ["directory"]


def test_codes_of_dispositions_are_unique(office: Office) -> None:
    office.roster(*[row(str(1916000 + n)) for n in range(1500)])
    codes = [disposition.code for disposition in office.all(t.dispositions)]
    assert len(set(codes)) == 1500
