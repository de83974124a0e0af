"""What an admin does to a case is done, has a reason, and is in the journal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.refused import Refused, Stale
from aspal.db import Database
from aspal.desk import case_acts
from aspal.flow import intake, scan
from aspal.flow.intake.typed import Typed
from aspal.records import calendar, dossier, journal
from tests.office import HEALTH, WORKS, Office, row

FRIDAY = date(2026, 8, 7)


@pytest.fixture
def office(db: Database, tmp_path: Path) -> Office:
    office = Office(db, tmp_path)
    office.directory()
    office.roster(row("1916449"))
    office.day_passes()
    return office


def do(
    office: Office, act: Callable[..., Any], *args: Any, reason: str | None = "sesuai rapat", target: int = 0
) -> Any:
    more = {} if reason is None else {"reason": reason}
    target = target or office.all(t.dispositions)[0].id
    return act(office.db, target, *args, now=office.now, zone="Asia/Jakarta", by="admin@contoh.test", **more)


def claim(office: Office, word: str, *rests: dict[str, Any]) -> None:
    with office.db.write() as conn:
        conn.execute(update(t.dispositions).values(claim=word, claimed_at=office.now, rests=list(rests)))


def more_units(office: Office, count: int) -> list[int]:
    office.directory(
        *[f"Dinas Baru {n};DB{n};Dinas;Petugas {n};;kepala_opd;08120000007{n};SK/8;;" for n in range(count)]
    )
    return [unit.id for unit in office.all(t.units)[-count:]]


def last(office: Office) -> journal.Entry:
    with office.db.read() as conn:
        return journal.recent(conn, 1)[0]


def look(office: Office) -> None:
    """The scan, with office hours and holidays."""
    with office.db.write() as conn:
        calendar.ensure_seeded(conn, office.now)
        calendars = calendar.load(conn, "Asia/Jakarta")
    scan.run(office.db, calendars, office.now)


def test_another_unit_gets_a_clock_of_its_own_from_today(office: Office) -> None:
    do(office, case_acts.redispose, office.all(t.units)[1].id)
    assert office.parts("1916449") == [
        (WORKS, "belum_ditindaklanjuti", "redisposed"),
        (HEALTH, "belum_ditindaklanjuti", None),
    ]
    assert office.complaint("1916449")["dispositions"][1]["disposed_at"] == date(2026, 8, 4)
    assert (last(office).action, last(office).detail["reason"]) == ("case.redisposed", "sesuai rapat")
    assert last(office).complaint_id == office.all(t.complaints)[0].id


def test_an_import_that_still_names_the_old_unit_moves_nothing_back(office: Office) -> None:
    do(office, case_acts.redispose, office.all(t.units)[1].id)
    before = office.all(t.dispositions)
    office.roster(row("1916449"), row("1916450"))
    assert office.all(t.dispositions)[:2] == before
    office.roster(row("1916449", status="Selesai"), row("1916450"))
    assert office.parts("1916449")[1] == (HEALTH, "selesai", "finished")


@pytest.mark.parametrize("status", ["Belum ditindaklanjuti", "Selesai"])
@pytest.mark.parametrize("files", [("DPUPR | Dinkes",), ("DPUPR", "Dinkes")])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("minutes", [0, 1])
def test_of_two_parts_that_an_admin_moved_each_goes_on_at_its_own_new_unit(
    office: Office, status: str, files: tuple[str, ...], backwards: bool, minutes: int
) -> None:
    office.roster(*[row("1916451", units) for units in files])
    others = more_units(office, 2)
    parts = sorted(office.all(t.dispositions)[1:], key=lambda part: part.unit_id, reverse=backwards)
    for part, unit_id in zip(parts, others, strict=True):
        do(office, case_acts.redispose, unit_id, target=part.id)
        office.now += timedelta(minutes=minutes)
    office.day_passes()
    office.roster(*[row("1916451", units, status=status) for units in files], row("1916450"))
    found = {d.unit_id: (d.status, d.end_reason) for d in office.all(t.dispositions) if d.unit_id in others}
    expected = ("selesai", "finished") if status == "Selesai" else ("belum_ditindaklanjuti", None)
    assert found == dict.fromkeys(others, expected)


def test_what_an_admin_moved_twice_goes_on_at_the_last_unit(office: Office) -> None:
    for unit_id in more_units(office, 2):
        do(office, case_acts.redispose, unit_id, target=office.all(t.dispositions)[-1].id)
        office.now += timedelta(minutes=1)
    before = office.all(t.dispositions)
    office.day_passes()
    office.roster(row("1916449"), row("1916450"))
    assert office.all(t.dispositions)[:3] == before


def test_a_part_that_an_admin_moved_goes_on_beside_a_complaint_that_was_typed_in(office: Office) -> None:
    typed = Typed("Jalan rusak", office.all(t.units)[1].id, date(2026, 7, 30), date(2026, 7, 31))
    number = intake.type_in(office.db, typed, now=office.now, zone="Asia/Jakarta", by="admin@contoh.test")
    intake.merge(office.db, number, "1916451", now=office.now, by="admin@contoh.test")  # it simply gets its number
    both = row("1916451", "DPUPR | Dinkes", disposisi="")
    office.roster(both, disposed_on="received")
    (other,) = more_units(office, 1)
    do(office, case_acts.redispose, other, target=office.all(t.dispositions)[-1].id)
    office.day_passes()
    office.roster(both, row("1916450", disposisi=""), disposed_on="received")
    assert [(name, why) for name, _, why in office.parts("1916451")] == [
        (HEALTH, None), (WORKS, "redisposed"), ("Dinas Baru 0", None)
    ]  # fmt: skip


def test_to_the_same_or_no_unit_is_refused(office: Office) -> None:
    for unit_id in (office.all(t.units)[0].id, 99):
        with pytest.raises(Refused):
            do(office, case_acts.redispose, unit_id)


def test_a_paused_case_is_silent_to_the_end_of_that_day_and_its_clock_stands_still(office: Office) -> None:
    do(office, case_acts.pause, FRIDAY)
    part = office.all(t.dispositions)[0]
    assert part.paused_until == datetime(2026, 8, 7, 17, tzinfo=UTC)
    assert part.rests == [{"first": "2026-08-04", "last": "2026-08-07", "why": "pause"}]
    assert part.next_look_at == office.now
    office.day_passes(2)
    do(office, case_acts.resume, reason=None)
    part = office.all(t.dispositions)[0]
    assert part.paused_until is None
    assert part.rests == [{"first": "2026-08-04", "last": "2026-08-05", "why": "pause"}]


def test_a_pause_ended_on_its_first_day_never_was(office: Office) -> None:
    do(office, case_acts.pause, FRIDAY)
    do(office, case_acts.resume, reason=None)
    assert office.all(t.dispositions)[0].rests == []


def test_more_time_answers_the_request(office: Office) -> None:
    claim(office, "extension")
    do(office, case_acts.grant_extension, FRIDAY)
    part = office.all(t.dispositions)[0]
    assert part.claim is None
    assert part.rests == [{"first": "2026-08-04", "last": "2026-08-07", "why": "extension"}]


def test_more_time_that_is_taken_back_lets_the_clock_run_on_from_today(office: Office) -> None:
    do(office, case_acts.grant_extension, FRIDAY)
    office.day_passes(2)
    do(office, case_acts.end_extension, reason=None)
    part = office.all(t.dispositions)[0]
    assert (part.extended_until, part.next_look_at) == (None, office.now)
    assert part.rests == [{"first": "2026-08-04", "last": "2026-08-05", "why": "extension"}]
    assert last(office).action == "case.extension_ended"
    with pytest.raises(Refused, match="Tidak ada perpanjangan"):
        do(office, case_acts.end_extension, reason=None)


@pytest.mark.parametrize("act", [case_acts.pause, case_acts.grant_extension, case_acts.pause_unit])
def test_a_last_day_decades_ahead_is_a_slip_of_the_keyboard(office: Office, act: Callable[..., Any]) -> None:
    """2062 for 2026 would silence for ever; a year is as far as anybody means it."""
    for day in (date(2062, 8, 7), date.max):
        with pytest.raises(Refused, match=f"{day:%d-%m-%Y}.* lebih dari satu tahun"):
            do(office, act, day)
    do(office, act, date(2027, 8, 4))


def test_no_more_time_answers_it_too(office: Office) -> None:
    claim(office, "extension")
    do(office, case_acts.refuse_extension)
    assert office.all(t.dispositions)[0].claim is None


def test_not_ours_rejected_lets_the_clock_go_on_where_it_stood(office: Office) -> None:
    claim(office, "not_ours", {"first": "2026-08-03", "last": None, "why": "returned"})
    do(office, case_acts.reject_not_ours)
    part = office.all(t.dispositions)[0]
    assert part.claim is None
    assert part.rests == [{"first": "2026-08-03", "last": "2026-08-03", "why": "returned"}]


def test_an_exempt_case_is_never_told_again_until_that_is_taken_back(office: Office) -> None:
    do(office, case_acts.exempt)
    part = office.all(t.dispositions)[0]
    assert (part.exempt_at, part.exempt_reason, part.next_look_at) == (office.now, "sesuai rapat", office.now)
    office.day_passes()
    look(office)
    assert office.all(t.notices) == []
    assert office.all(t.dispositions)[0].next_look_at is None
    do(office, case_acts.remind_again, reason=None)
    assert (office.all(t.dispositions)[0].exempt_at, last(office).action) == (None, "case.exemption_ended")
    look(office)
    assert office.all(t.notices) != []


def test_the_journal_tells_what_was_and_what_became(office: Office) -> None:
    claim(office, "extension")
    do(office, case_acts.grant_extension, FRIDAY)
    detail = last(office).detail
    assert (detail["before"]["claim"], detail["after"]["claim"]) == ("extension", None)
    assert (detail["before"]["extended_until"], detail["after"]["extended_until"]) == (None, "2026-08-07")
    assert (detail["reason"], last(office).actor) == ("sesuai rapat", "admin@contoh.test")


def test_of_two_admins_the_slower_one_changes_nothing(office: Office) -> None:
    part = office.all(t.dispositions)[0].id
    with office.db.read() as conn:
        mark = dossier.mark(conn, part)
    asked: dict[str, Any] = {"now": office.now, "zone": "Asia/Jakarta", "by": "a", "reason": "rapat", "seen": mark}
    case_acts.pause(office.db, part, FRIDAY, **asked)
    before = office.all(t.dispositions)
    for act in (case_acts.exempt, case_acts.resume):
        with pytest.raises(Stale):
            act(office.db, part, **asked)
    with pytest.raises(Stale):
        case_acts.pause(office.db, part, FRIDAY, **asked)
    assert office.all(t.dispositions) == before


def test_what_the_scan_does_to_a_case_leaves_its_mark_alone(office: Office) -> None:
    part = office.all(t.dispositions)[0].id
    with office.db.read() as conn:
        mark = dossier.mark(conn, part)
    look(office)
    with office.db.read() as conn:
        assert dossier.mark(conn, part) == mark
        assert dossier.mark(conn, 99) is None


def test_a_unit_rests_and_goes_on(office: Office) -> None:
    unit = office.all(t.units)[0].id
    do(office, case_acts.pause_unit, FRIDAY, target=unit)
    assert office.all(t.units)[0].paused_until == datetime(2026, 8, 7, 17, tzinfo=UTC)
    assert office.all(t.dispositions)[0].next_look_at == office.now
    do(office, case_acts.resume_unit, reason=None, target=unit)
    assert office.all(t.units)[0].paused_until is None
    assert last(office).action == "unit.resumed"


def test_nothing_is_done_without_a_reason_or_a_day_or_to_what_is_over(office: Office) -> None:
    with pytest.raises(Refused, match="Alasan"):
        do(office, case_acts.pause, FRIDAY, reason=" ")
    with pytest.raises(Refused, match="lewat"):
        do(office, case_acts.grant_extension, date(2026, 8, 3))
    with pytest.raises(Refused, match="kewenangan"):
        do(office, case_acts.reject_not_ours)
    office.roster(row("1916449", status="Selesai"))
    with pytest.raises(Refused, match="berakhir"):
        do(office, case_acts.pause, FRIDAY)
