"""An import is taken back as a unit, and what happened since then stands."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, update

from aspal import tables as t
from aspal.core.rapor.period import Period
from aspal.core.refused import Refused
from aspal.db import Database
from aspal.desk import case_acts
from aspal.flow import intake
from aspal.flow.intake.typed import Typed
from aspal.records import journal
from aspal.report import period_report
from aspal.report.period_report import Asked
from tests.office import HEALTH, PEOPLE, WORKS, Office, row

ROSTER = (t.complaints, t.dispositions)


@pytest.fixture
def office(db: Database, tmp_path: Path) -> Office:
    office = Office(db, tmp_path)
    office.directory()
    return office


def state(office: Office, *tables: Table) -> list[list[dict[str, Any]]]:
    """Rows without what an undo may leave different: when they were last seen and will be looked at."""
    passing = {"last_seen_batch_id", "last_seen_at", "next_look_at"}
    return [
        [{k: v for k, v in item._mapping.items() if k not in passing} for item in office.all(table)] for table in tables
    ]


def undo(office: Office, batch: int | None) -> dict[str, Any]:
    return intake.undo(office.db, int(batch or 0), office.now, "admin@contoh.test").as_json()


def counted(office: Office) -> tuple[int, int]:
    """Complaints of this year in the rapor, and those of them that are finished."""
    with office.db.read() as conn:
        tally = period_report.one(conn, office.calendars, Asked(Period.of(2026)), office.now).tally
    return tally.total, tally.finished


def test_a_first_import_taken_back_leaves_nothing(office: Office) -> None:
    brought = office.roster(row("1916449"), row("1916450", "DPUPR | Dinkes"), row("1916451", "Dinas Entah"))
    done = undo(office, brought.batch)
    assert done["undone"]
    assert done["deleted"] == 5
    assert office.all(t.complaints) == office.all(t.dispositions) == []
    assert all(item.settled_at for item in office.all(t.held_rows))
    with office.db.read() as conn:
        assert journal.verify(conn) is None


def test_every_change_goes_back_to_what_it_was(office: Office) -> None:
    office.roster(row("1916449"), row("1916450"), row("1916451", status="Proses"), row("1916452"))
    before = state(office, *ROSTER)
    office.day_passes()
    brought = office.roster(
        row("1916449", "Dinkes", disposisi="04/08/2026"),
        row("1916450", status="Selesai", selesai="04/08/2026"),
        row("1916451", status="Belum ditindaklanjuti", masuk="29/07/2026"),
    )
    assert state(office, *ROSTER) != before
    office.day_passes()
    undo(office, brought.batch)
    assert state(office, *ROSTER) == before
    assert {disposition.next_look_at for disposition in office.all(t.dispositions)[:3]} == {office.now}


def test_rows_that_it_had_overtaken_wait_again(office: Office) -> None:
    office.roster(row("1916449"), row("1916450", "Dinas Antah"), row("1916451", "Dinas Berantah"))
    asked = office.all(t.held_rows)
    office.day_passes()
    brought = office.roster(row("1916450"), row("1916451", "Dinas Berantah"))
    undo(office, brought.batch)
    assert [held for held in office.all(t.held_rows) if held.settled_at is None] == asked


def test_rows_of_an_import_that_was_taken_back_too_do_not_come_back(office: Office) -> None:
    first = office.roster(row("1916450", "Dinas Antah"))
    second = office.roster(row("1916450"))
    undo(office, first.batch)
    undo(office, second.batch)
    assert all(row.settled_at for row in office.all(t.held_rows))


def test_held_rows_that_were_settled_wait_again_when_that_is_taken_back(office: Office) -> None:
    office.roster(row("1916450", "Dinas Antah"))
    intake.confirm_alias(office.db, "Dinas Antah", office.all(t.units)[0].id, now=office.now, by="admin@contoh.test")
    office.day_passes()
    (settled,) = intake.settle_held(office.db, **office.options)
    assert office.all(t.held_rows)[0].settled_at
    undo(office, settled.batch)
    assert office.all(t.complaints) == []
    assert office.all(t.held_rows)[0].settled_at is None


def test_an_import_that_a_later_one_built_on_is_refused_by_name(office: Office) -> None:
    first = office.roster(row("1916449"))
    second = office.roster(row("1916449", "DPUPR | Dinkes"))
    with pytest.raises(Refused, match=f"Impor {second.batch}"):
        undo(office, first.batch)
    undo(office, second.batch)
    undo(office, first.batch)
    assert office.all(t.complaints) == []


def test_twice_or_unknown_is_refused(office: Office) -> None:
    brought = office.roster(row("1916449"))
    undo(office, brought.batch)
    for batch in (brought.batch, 99):
        with pytest.raises(Refused):
            undo(office, batch)


def test_what_a_reply_changed_since_then_stands(office: Office) -> None:
    office.roster(row("1916449"))
    brought = office.roster(row("1916449", respon="01/08/2026", jenis="Aspirasi"))
    with office.db.write() as conn:
        conn.execute(update(t.dispositions).values(claim="done", claimed_at=office.now))
        conn.execute(update(t.complaints).values(kind="permintaan_informasi"))
    undo(office, brought.batch)
    assert office.all(t.complaints)[0].kind == "permintaan_informasi"
    assert office.all(t.complaints)[0].responded_on is None
    assert office.all(t.dispositions)[0].claim == "done"


def test_a_disposition_about_which_somebody_was_told_is_ended_not_deleted(office: Office) -> None:
    brought = office.roster(row("1916449"), row("1916450"))
    office.told(office.all(t.dispositions)[0].id)
    assert undo(office, brought.batch)["closed"] == 2
    assert office.parts("1916449") == [(WORKS, "belum_ditindaklanjuti", "undone")]
    assert office.complaint("1916449")["flags"][-1]["flag"] == "undone"
    assert len(office.all(t.complaints)) == 1
    again = office.roster(row("1916449"), row("1916450"))
    assert (again.new, again.changed) == (1, 1)
    assert office.parts("1916449") == [(WORKS, "belum_ditindaklanjuti", None)]


@pytest.mark.parametrize("state", ["waiting", "cancelled"])
def test_what_was_decided_and_never_told_goes_with_the_import(office: Office, state: str) -> None:
    brought = office.roster(row("1916449"))
    office.told(office.all(t.dispositions)[0].id, state)
    assert undo(office, brought.batch)["closed"] == 0
    assert office.all(t.complaints) == office.all(t.notices) == []


def test_what_an_undone_import_brought_is_in_no_figure_until_it_comes_again(office: Office) -> None:
    brought = office.roster(row("1916449"), row("1916450"))
    office.told(office.all(t.dispositions)[0].id)
    undo(office, brought.batch)
    assert counted(office) == (0, 0)
    office.roster(row("1916449", status="Selesai", selesai="03/08/2026"))
    assert counted(office) == (1, 1)


def test_who_got_a_part_by_hand_hears_no_more_of_a_complaint_whose_import_was_undone(office: Office) -> None:
    brought = office.roster(row("1916449"))
    (part,), (_, other) = office.all(t.dispositions), office.all(t.units)
    case_acts.redispose(
        office.db, part.id, other.id, now=office.now, zone="Asia/Jakarta", by="admin", reason="salah alamat"
    )
    undo(office, brought.batch)
    (left,) = office.all(t.dispositions)  # the part that nobody was told about is gone
    assert (left.unit_id, left.end_reason, left.next_look_at) == (other.id, "undone", None)


@pytest.mark.parametrize("reminded", [False, True])
def test_a_typed_complaint_outlives_the_import_that_it_was_merged_with(office: Office, reminded: bool) -> None:
    typed = Typed("Jalan rusak", office.all(t.units)[0].id, date(2026, 7, 30), date(2026, 7, 30))
    number = intake.type_in(office.db, typed, now=office.now, zone="Asia/Jakarta", by="admin@contoh.test")
    office.day_passes()
    brought = office.roster(row("1916449"), row("1916450"))
    if reminded:  # LAPOR's part goes on, and ours is over
        office.told(office.all(t.dispositions)[1].id)
    intake.merge(office.db, number, "1916449", now=office.now, by="admin@contoh.test")
    before = office.parts("1916449")
    undo(office, brought.batch)
    assert office.parts("1916449") == before
    assert before[-1] == (WORKS, "belum_ditindaklanjuti", None)
    assert office.complaint("1916449")["flags"] == []
    assert counted(office) == (1, 0)
    assert {one.tracking_id for one in office.all(t.complaints)} == {None, "1916449"}


def test_a_directory_import_is_taken_back_too(office: Office) -> None:
    before = state(office, t.units, t.contacts, t.appointments, t.unit_aliases)
    brought = office.directory(
        PEOPLE[0].replace("SK/1", "SK/7"),
        "Dinas Baru;DB;Dinas;Petugas Baru;;kepala_opd;081200000077;SK/8;;",
        f"{HEALTH};Dinkes;Dinas;Kepala Baru;;kepala_opd;081200000078;SK/8;;",
    )
    undo(office, brought.batch)
    assert state(office, t.units, t.contacts, t.appointments, t.unit_aliases) == before


def test_a_unit_that_has_cases_is_closed_not_deleted(office: Office) -> None:
    brought = office.directory("Dinas Baru;DB;Dinas;Petugas Baru;;kepala_opd;081200000077;SK/8;;")
    office.roster(row("1916449", "DB"))
    undo(office, brought.batch)
    assert [unit.active for unit in office.all(t.units)] == [True, True, False]
