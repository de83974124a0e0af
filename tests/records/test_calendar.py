"""Days off and hours are rows: seeded once, the office's from then on."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from aspal.core.workdays import HoursPeriod
from aspal.db import Database
from aspal.records import calendar
from aspal.records.calendar import DayOff
from aspal.tables import complaints, days_off, dispositions, office_hours

NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
WIB = "Asia/Jakarta"
CHRISTMAS_EVE_WORKED = DayOff(date(2026, 12, 24), "Cuti bersama", "collective", "admin@demo.test", observed=False)
WORKED = HoursPeriod("biasa", None, None, {0: ((time(8), time(12)), (time(13), time(15)))})


def put_disposition(conn: Connection, **columns: object) -> int:
    complaint = conn.scalar(
        insert(complaints)
        .values(kind="pengaduan", status="belum_ditindaklanjuti", received_on=date(2026, 8, 3), created_at=NOW)
        .returning(complaints.c.id)
    )
    row = {"status": "belum_ditindaklanjuti", "disposed_on": date(2026, 8, 3), "created_at": NOW, **columns}
    return conn.scalar(insert(dispositions).values(complaint_id=complaint, **row).returning(dispositions.c.id)) or 0


def next_looks(conn: Connection) -> dict[int, datetime | None]:
    return {row.id: row.next_look_at for row in conn.execute(select(dispositions.c.id, dispositions.c.next_look_at))}


def test_an_empty_database_never_passes_for_a_year_without_holidays(db: Database) -> None:
    with db.read() as conn, pytest.raises(calendar.CalendarMissing, match="aspal db upgrade"):
        calendar.load(conn, WIB)


def test_seeding_brings_the_decrees_in(db: Database) -> None:
    with db.write() as conn:
        assert calendar.ensure_seeded(conn, NOW) > 60
    with db.read() as conn:
        wib = calendar.load(conn, WIB).of(None)
        year = calendar.days(conn, 2026)
    counted = [wib.workdays_between(date(y - 1, 12, 31), date(y, 12, 31)) for y in (2025, 2026, 2027)]
    assert counted == [237, 240, 242]
    assert wib.add_workdays(date(2026, 3, 17), 5) == date(2026, 3, 31)
    assert [len([d for d in year if d.kind == kind]) for kind in ("national", "collective")] == [17, 8]
    assert wib.why_off(date(2026, 5, 15)) == "Cuti Bersama Kenaikan Yesus Kristus"


def test_ramadan_has_its_own_hours(db: Database) -> None:
    with db.write() as conn:
        calendar.seed(conn, 2025, 2028, NOW)
        periods = {p.name: (p.first_day, p.last_day) for p in calendar.hours(conn)}
        estimated = set(conn.scalars(select(office_hours.c.name).where(office_hours.c.estimated)))
        wib = calendar.load(conn, WIB).of(None)
    assert periods == {
        "biasa": (None, None),
        "Ramadan 1446 H": (date(2025, 3, 1), date(2025, 3, 30)),
        "Ramadan 1447 H": (date(2026, 2, 19), date(2026, 3, 20)),
        "Ramadan 1448 H": (date(2027, 2, 8), date(2027, 3, 9)),
        "Ramadan 1449 H": (date(2028, 1, 28), date(2028, 2, 26)),
    }
    assert estimated == {"Ramadan 1448 H", "Ramadan 1449 H"}  # the library's Idul Fitri is itself an estimate there
    assert wib.opening(date(2026, 3, 2)) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert wib.opening(date(2026, 8, 3)) == datetime(2026, 8, 3, 0, 30, tzinfo=UTC)


def test_each_zone_has_one_calendar_with_the_same_days_off(db: Database) -> None:
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        loaded = calendar.load(conn, WIB)
    assert loaded.default_zone == WIB
    assert loaded.of(None) is loaded.of(WIB)
    assert loaded.of("Asia/Jayapura").opening(date(2026, 8, 3)) == datetime(2026, 8, 2, 22, 30, tzinfo=UTC)
    assert not loaded.of("Asia/Jayapura").is_workday(date(2026, 8, 17))


def test_seeding_again_changes_nothing_and_a_new_year_is_noticed(db: Database) -> None:
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        assert calendar.ensure_seeded(conn, NOW) == 0
        assert calendar.seed(conn, 2025, 2027, NOW) == 0
        assert calendar.days(conn, 2028) == []
        assert calendar.ensure_seeded(conn, datetime(2027, 1, 1, 1, tzinfo=UTC)) > 15
        assert calendar.days(conn, 2028)
        assert calendar.ensure_seeded(conn, datetime(2027, 1, 1, 1, tzinfo=UTC)) == 0


def test_what_an_admin_changed_is_never_overwritten(db: Database) -> None:
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        calendar.put_days(conn, [CHRISTMAS_EVE_WORKED], NOW)
        calendar.put_days(conn, [DayOff(date(2026, 12, 25), "Natal", "national", "admin@demo.test")], NOW)
        calendar.put_days(conn, [DayOff(date(2026, 10, 28), "Hari jadi kabupaten", "local", "SK Bupati")], NOW)
        calendar.put_hours(conn, WORKED, NOW)
        assert calendar.remove_hours(conn, "Ramadan 1447 H", NOW)
        assert calendar.seed(conn, 2025, 2027, NOW) == 0
        wib = calendar.load(conn, WIB).of(None)
        names = [p.name for p in calendar.hours(conn)]
    assert wib.is_workday(date(2026, 12, 24))
    assert wib.why_off(date(2026, 12, 25)) == "Natal"
    assert wib.why_off(date(2026, 10, 28)) == "Hari jadi kabupaten"
    assert wib.closing(date(2026, 8, 3)) == datetime(2026, 8, 3, 8, 0, tzinfo=UTC)
    assert names == ["biasa", "Ramadan 1446 H", "Ramadan 1448 H"]


def test_a_day_that_was_worked_can_be_off_again(db: Database) -> None:
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        calendar.put_days(conn, [CHRISTMAS_EVE_WORKED], NOW)
        assert calendar.load(conn, WIB).of(None).is_workday(date(2026, 12, 24))
        calendar.put_days(conn, [DayOff(date(2026, 12, 24), "Cuti bersama Natal", "collective", "SKB")], NOW)
        assert not calendar.load(conn, WIB).of(None).is_workday(date(2026, 12, 24))


def test_a_day_with_hours_of_its_own_is_added_beside_the_ordinary_ones(db: Database) -> None:
    ceremony = HoursPeriod("upacara", date(2026, 8, 18), date(2026, 8, 18), {1: ((time(10), time(12)),)})
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        calendar.put_hours(conn, ceremony, NOW)
        assert ceremony in calendar.hours(conn)
        wib = calendar.load(conn, WIB).of(None)
    assert wib.opening(date(2026, 8, 18)) == datetime(2026, 8, 18, 3, 0, tzinfo=UTC)
    assert wib.opening(date(2026, 8, 19)) == datetime(2026, 8, 19, 0, 30, tzinfo=UTC)


def test_the_ordinary_hours_cannot_be_removed(db: Database) -> None:
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        assert not calendar.remove_hours(conn, "biasa", NOW)


def test_a_newer_library_corrects_its_own_estimates(db: Database) -> None:
    stale = {"name": "Hari Raya Idul Adha", "kind": "national", "estimated": True}
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        conn.execute(delete(days_off).where(days_off.c.day == date(2026, 5, 27)))
        conn.execute(insert(days_off).values(day=date(2026, 5, 26), source=f"{calendar.LIBRARY} 0.1)", **stale))
        moved = update(office_hours).where(office_hours.c.name == "Ramadan 1448 H")
        conn.execute(moved.values(first_day=date(2027, 2, 7), last_day=date(2027, 3, 8)))
        assert calendar.seed(conn, 2025, 2027, NOW) == 3
        wib = calendar.load(conn, WIB).of(None)
        ramadan = next(p for p in calendar.hours(conn) if p.name == "Ramadan 1448 H")
    assert wib.is_workday(date(2026, 5, 26))
    assert not wib.is_workday(date(2026, 5, 27))
    assert ramadan.first_day == date(2027, 2, 8)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2027, 9, 30), []),  # next year's decree is not expected yet
        (date(2027, 10, 1), [2028]),
        (date(2028, 1, 3), [2028]),
        (date(2028, 11, 1), [2028, 2029]),
    ],
)
def test_a_year_without_its_cuti_bersama_is_named_from_october(db: Database, today: date, missing: list[int]) -> None:
    with db.write() as conn:
        calendar.seed(conn, 2026, 2029, NOW)
        assert calendar.missing_decrees(conn, today) == missing


def test_an_admin_s_own_cuti_bersama_answers_the_warning(db: Database) -> None:
    with db.write() as conn:
        calendar.seed(conn, 2027, 2028, NOW)
        calendar.put_days(conn, [DayOff(date(2028, 2, 25), "Cuti bersama Idul Fitri", "collective", "SKB 2028")], NOW)
        assert calendar.missing_decrees(conn, date(2027, 12, 1)) == []


def test_every_change_makes_the_scan_look_again_at_open_dispositions_only(db: Database) -> None:
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        waiting, resting = put_disposition(conn), put_disposition(conn, next_look_at=datetime(2027, 1, 1, tzinfo=UTC))
        ended = put_disposition(conn, ended_at=NOW)
        parked = put_disposition(conn, parked_at=NOW)
        changes = [
            lambda: calendar.put_days(conn, [DayOff(date(2026, 10, 28), "Hari jadi", "local", "SK")], NOW),
            lambda: calendar.put_hours(conn, WORKED, NOW),
            lambda: calendar.remove_hours(conn, "Ramadan 1447 H", NOW),
            lambda: calendar.seed(conn, 2028, 2028, NOW),
            lambda: calendar.reconsider_all(conn, NOW),
        ]
        for change in changes:
            conn.execute(update(dispositions).values(next_look_at=None))
            change()
            assert next_looks(conn) == {waiting: NOW, resting: NOW, ended: None, parked: None}
        assert calendar.reconsider_all(conn, NOW) == 2


def test_what_has_not_changed_is_read_as_the_same_calendars(db: Database) -> None:
    with db.write() as conn:
        calendar.ensure_seeded(conn, NOW)
        first = calendar.load(conn, "Asia/Jakarta")
        assert calendar.load(conn, "Asia/Jakarta") is first
        calendar.put_days(conn, [DayOff(date(2026, 8, 6), "Hari Jadi", "local", "SK")], NOW)
        assert not calendar.load(conn, "Asia/Jakarta").of(None).is_workday(date(2026, 8, 6))
        assert first.of(None).is_workday(date(2026, 8, 6))
