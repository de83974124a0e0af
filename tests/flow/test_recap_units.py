"""The recap of a head: of one unit or several together, once a period, and not lost to a day's digest."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from aspal import tables as t
from aspal.core.rapor.period import Period
from aspal.core.rollout import Mode
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.desk import case_acts, going_live
from aspal.report import period_report
from aspal.report.period_report import Asked
from tests.office import Office, row
from tests.world import Somebody, World

MONDAY, WEEKLY = "2026-08-10", "rekap_mingguan_opd"


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-10 07:30")  # a Monday


@pytest.fixture
def two(world: World) -> tuple[int, int]:
    return world.unit("Dinas Sosial"), world.unit("Dinas Kesehatan")


def recaps_of(world: World, who: Somebody) -> list[str]:
    return [day for day, kind in world.heard(who) if kind == WEEKLY]


def words_of(world: World, who: Somebody, kind: str = WEEKLY) -> str:
    return str(world.rows(t.messages, contact_id=who.id, template=kind)[-1].text)


def in_process(world: World, number: str, *units: int, disposed: str) -> int:
    complaint = world.complaint(number, *units, disposed=disposed, status=Status.IN_PROCESS)
    world.clock.moment += timedelta(seconds=1)  # what becomes of it is heard later
    return complaint


def test_the_head_of_two_units_hears_one_recap_of_both(world: World, two: tuple[int, int]) -> None:
    social, health = two
    head = world.person("Kepala", Role.HEAD, social)
    world.appoint(head, Role.HEAD, health, acting="plt")
    done = in_process(world, "1916440", health, disposed="2026-07-27")
    in_process(world, "1916441", social, disposed="2026-08-05")
    in_process(world, "1916442", health, disposed="2026-08-03")
    in_process(world, "1916443", social, health, disposed="2026-08-04")
    world.change(done, status=Status.FINISHED)
    world.until("2026-08-14 15:00", every_minutes=60)
    assert recaps_of(world, head) == [MONDAY]
    words = words_of(world, head)
    assert "selesai 1 laporan, belum tuntas 3 laporan" in words
    assert (
        "Gabungan Dinas Sosial dan Dinas Kesehatan: 1916442 (Dinas Kesehatan, 5 hari kerja); "
        "1916443 (Dinas Sosial, Dinas Kesehatan, 4 hari kerja); 1916441 (Dinas Sosial, 3 hari kerja)" in words
    )


def test_many_units_with_long_names_still_fit(world: World) -> None:
    units = [world.unit(f"Dinas Perumahan, Kawasan Permukiman, Pertanahan dan Tata Ruang {n}") for n in range(9)]
    head = world.person("Kepala", Role.HEAD, units[0])
    for unit in units[1:]:
        world.appoint(head, Role.HEAD, unit)
    for n, unit in enumerate(units):
        in_process(world, f"191644{n}", unit, disposed="2026-08-03")
    world.until("2026-08-10 09:00")
    words = words_of(world, head)
    assert "belum tuntas 9 laporan" in words
    assert "dan 7 lainnya: 1916440" in words


def test_a_unit_taken_over_in_the_week_brings_no_second_recap(world: World, two: tuple[int, int]) -> None:
    head, other = world.person("Kepala", Role.HEAD, two[0]), world.person("Pendahulu", Role.HEAD, two[1])
    for number, unit in zip(("1916441", "1916442"), two, strict=True):
        in_process(world, number, unit, disposed="2026-08-03")
    world.until("2026-08-10 09:00")
    with world.db.write() as conn:
        conn.execute(
            update(t.appointments).where(t.appointments.c.contact_id == other.id).values(ended_at=world.at(MONDAY))
        )
    world.appoint(head, Role.HEAD, two[1], acting="plt")
    world.until("2026-08-14 15:00", every_minutes=60)
    assert (recaps_of(world, head), recaps_of(world, other)) == ([MONDAY], [MONDAY])
    world.until("2026-08-18 15:00", every_minutes=60)  # Monday the 17th is a holiday
    assert recaps_of(world, head) == [MONDAY, "2026-08-18"]
    assert "Gabungan" in words_of(world, head)


def test_a_recap_told_before_the_upgrade_is_not_told_again(world: World, two: tuple[int, int]) -> None:
    head = world.person("Kepala", Role.HEAD, two[0])
    world.appoint(head, Role.HEAD, two[1])
    in_process(world, "1916441", two[1], disposed="2026-08-03")
    with world.db.write() as conn:
        conn.execute(
            insert(t.messages).values(
                contact_id=head.id, address=head.phone, template=WEEKLY, variables={}, text="dahulu",
                workday=world.at(MONDAY).date(), state="accepted", priority=9, not_before=world.clock.now(),
                dedupe_key=f"recap:R10A:{MONDAY}:unit-{two[0]}:{head.id}", created_at=world.clock.now(),
            )
        )  # fmt: skip
    world.until("2026-08-14 15:00", every_minutes=60)
    assert len(world.rows(t.messages, contact_id=head.id, template=WEEKLY)) == 1


def test_what_was_done_is_told_though_nothing_is_open(world: World, two: tuple[int, int]) -> None:
    head, idle = world.person("Kepala", Role.HEAD, two[0]), world.person("Lain", Role.HEAD, two[1])
    for n in range(4):
        world.change(in_process(world, f"191644{n}", two[0], disposed="2026-07-27"), status=Status.FINISHED)
    world.until("2026-08-10 15:00", every_minutes=60)
    words = words_of(world, head)
    assert "selesai 4 laporan, belum tuntas 0 laporan, janji terlewat 0" in words
    assert "dari yang terlama:\n\ntidak ada" in words
    assert world.heard(idle) == []  # nothing done, nothing left
    world.until("2026-08-18 15:00", every_minutes=120)
    assert recaps_of(world, head) == [MONDAY]


def test_cases_of_which_all_were_told_today_are_only_counted(world: World, two: tuple[int, int]) -> None:
    head = world.person("Kepala", Role.HEAD, two[0])
    world.complaint("1916440", two[0], disposed="2026-08-03")  # R3 today
    world.change(in_process(world, "1916449", two[0], disposed="2026-07-27"), status=Status.FINISHED)
    world.until("2026-08-10 15:00")
    assert [kind for _, kind in world.heard(head)] == ["eskalasi_lewat_batas", WEEKLY]
    words = words_of(world, head)
    assert "selesai 1 laporan, belum tuntas 1 laporan" in words
    assert "semuanya disampaikan dalam pesan tersendiri" in words
    assert "1916440" not in words


def test_a_digest_on_its_day_moves_the_recap_to_the_next(world: World, two: tuple[int, int]) -> None:
    head = world.person("Kepala", Role.HEAD, two[0])
    for n in range(5):
        world.complaint(f"191644{n}", two[0], disposed="2026-08-03")  # five escalations: a digest
    late = in_process(world, "1916449", two[0], disposed="2026-07-27")
    world.until("2026-08-10 15:30")
    assert [kind for _, kind in world.heard(head)] == ["ringkasan_pimpinan"]
    world.change(late, status=Status.FINISHED)  # on Monday afternoon: it belongs to the next week's recap
    world.until("2026-08-14 15:30", every_minutes=60)
    assert recaps_of(world, head) == ["2026-08-11"]
    assert "selesai 0 laporan, belum tuntas 5 laporan" in words_of(world, head)
    world.until("2026-08-18 15:30", every_minutes=60)
    assert "selesai 1 laporan" in words_of(world, head)


def test_who_gets_a_digest_every_day_hears_the_recap_all_the_same(world: World, two: tuple[int, int]) -> None:
    head = world.person("Kepala", Role.HEAD, two[0])
    for n in range(5):
        world.complaint(f"191644{n}", two[0], disposed="2026-08-03")  # R3 on Monday
        world.complaint(f"191645{n}", two[0], disposed="2026-08-04")  # R3 on Tuesday
    world.until("2026-08-14 15:30", every_minutes=30)
    assert [one for one in world.heard(head) if one[0] <= "2026-08-11"] == [
        (MONDAY, "ringkasan_pimpinan"), ("2026-08-11", "ringkasan_pimpinan"), ("2026-08-11", WEEKLY)
    ]  # fmt: skip
    assert recaps_of(world, head) == ["2026-08-11"]


def test_a_day_that_was_missed_is_not_made_up_for(world: World, two: tuple[int, int]) -> None:
    head = world.person("Kepala", Role.HEAD, two[0])
    in_process(world, "1916441", two[0], disposed="2026-08-03")
    world.clock.moment = world.at("2026-08-11 07:30")
    world.until("2026-08-14 15:30", every_minutes=60)
    assert recaps_of(world, head) == []


def test_only_the_units_that_are_live_are_spoken_of(world: World, two: tuple[int, int]) -> None:
    head = world.person("Kepala", Role.HEAD, two[0])
    world.appoint(head, Role.HEAD, two[1])
    for number, unit in zip(("1916441", "1916442"), two, strict=True):
        in_process(world, number, unit, disposed="2026-08-03")
    now = world.clock.now()
    going_live.choose_mode(world.db, Mode.STEPWISE, now=now, by="admin", reason="satu per satu")
    going_live.set_units(world.db, [two[1]], live=True, now=now, by="admin")
    world.until("2026-08-10 15:00", every_minutes=60)
    words = words_of(world, head)
    assert recaps_of(world, head) == [MONDAY]
    assert "belum tuntas 1 laporan" in words
    assert "1916441" not in words
    assert "Gabungan" not in words


def test_tunggakan_means_in_the_recap_what_it_means_in_the_rapor(db: Database) -> None:
    world = World(db, "2026-10-01 07:30")
    social, health, kominfo = (world.unit(name) for name in ("Dinas Sosial", "Dinas Kesehatan", "Dinas Kominfo"))
    head, other = world.person("Kepala", Role.HEAD, social), world.person("Lain", Role.HEAD, kominfo)
    world.appoint(head, Role.HEAD, health)
    sekda = world.person("Sekda", Role.SEKDA, kominfo)
    for n in range(6):
        in_process(world, f"191644{n}", social, disposed="2026-09-30")  # followed up, so no tunggakan
    old = world.complaint("1916450", social, health, disposed="2026-09-30")
    world.change(old, received_on=world.at("2025-12-30").date())
    world.complaint("1916451", health, disposed="2026-09-30")
    in_process(world, "1916452", kominfo, disposed="2026-09-30")
    world.until("2026-10-02 15:30", every_minutes=60)
    for who in (head, sekda):
        words = words_of(world, who, "tunggakan_tahunan")
        assert "ada 2 laporan" in words
        assert "2025: 1; 2026: 1" in words
    assert "Gabungan Dinas Sosial dan Dinas Kesehatan: 2025" in words_of(world, head, "tunggakan_tahunan")
    assert world.heard(other) == []
    with db.read() as conn:
        found = period_report.one(conn, world.house.calendars(conn), Asked(Period.of(2026)), world.clock.now())
    assert found.as_json()["tunggakan"] == {"2025": 1, "2026": 1}


def test_who_hears_it_for_the_whole_office_does_not_hear_it_for_a_unit_too(db: Database) -> None:
    world = World(db, "2026-10-01 07:30")
    unit, other = world.unit("Sekretariat Daerah"), world.unit("Dinas Sosial")
    sekda = world.person("Sekda", Role.SEKDA, unit)
    world.appoint(sekda, Role.HEAD, unit)
    world.complaint("1916441", unit, disposed="2026-09-30")
    world.complaint("1916442", other, disposed="2026-09-30")
    world.until("2026-10-05 15:30", every_minutes=60)
    arrears = world.rows(t.messages, contact_id=sekda.id, template="tunggakan_tahunan")
    assert len(arrears) == 1
    assert "ada 2 laporan" in arrears[0].text


def test_units_in_two_time_zones_are_told_of_together_as_soon_as_it_is_time_at_one(db: Database) -> None:
    world = World(db, "2026-08-10 05:30")
    west, east = world.unit("Dinas Barat"), world.unit("Dinas Timur", zone="Asia/Jayapura")
    head = world.person("Kepala", Role.HEAD, west)
    world.appoint(head, Role.HEAD, east)
    in_process(world, "1916441", west, disposed="2026-08-05")
    in_process(world, "1916442", east, disposed="2026-08-03")
    world.until("2026-08-10 06:00")  # 08.00 WIT
    assert recaps_of(world, head) == [MONDAY]
    world.until("2026-08-11 12:00")
    assert recaps_of(world, head) == [MONDAY]
    assert "belum tuntas 2 laporan" in words_of(world, head)


def test_the_first_import_is_not_a_week_of_work(db: Database, tmp_path: Path) -> None:
    office = Office(db, tmp_path)
    office.directory()
    office.now = datetime(2026, 8, 6, 3, tzinfo=UTC)  # Thursday
    january = {"masuk": "05/01/2026", "disposisi": "06/01/2026"}
    undated = [row(f"19164{n:02d}", status="Selesai", **january) for n in range(10)]
    dated = [row(f"19165{n:02d}", status="Selesai", selesai="20/01/2026", **january) for n in range(10)]
    open_then = row("1916498", **january), row("1916499", masuk="04/08/2026", disposisi="05/08/2026")
    office.roster(*undated, *dated, *open_then)
    office.day_passes()
    ended = row("1916498", status="Selesai", selesai="20/01/2026", **january)  # LAPOR knew it long since
    office.roster(*undated, *dated, ended, row("1916499", status="Selesai", selesai="06/08/2026", masuk="04/08/2026"))
    world = World(db, "2026-08-07 11:00")
    world.until("2026-08-10 10:00", every_minutes=120)
    (words,) = [m.text for m in world.rows(t.messages, template=WEEKLY)]
    assert "selesai 1 laporan" in words


@pytest.mark.parametrize("how", ["unit", "case", "exempt"])
def test_what_is_paused_is_in_no_recap(world: World, two: tuple[int, int], how: str) -> None:
    head, other = world.person("Kepala", Role.HEAD, two[0]), world.person("Lain", Role.HEAD, two[1])
    in_process(world, "1916449", two[0], disposed="2026-08-05")
    in_process(world, "1916450", two[1], disposed="2026-08-05")
    part, asked = world.rows(t.dispositions)[0].id, {"now": world.clock.now(), "zone": "Asia/Jakarta"}
    why: dict[str, Any] = asked | {"by": "admin@contoh.test", "reason": "banjir"}
    if how == "unit":
        case_acts.pause_unit(world.db, two[0], date(2026, 8, 14), **why)
    elif how == "case":
        case_acts.pause(world.db, part, date(2026, 8, 14), **why)
    else:
        case_acts.exempt(world.db, part, **why)
    world.until("2026-08-10 10:00", every_minutes=60)
    assert recaps_of(world, head) == []
    assert recaps_of(world, other) == [MONDAY]
