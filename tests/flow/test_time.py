"""Time goes wrong: the machine was off, the clock jumped, the year ended. Nobody hears twice, nothing old wakes up."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role, Status
from aspal.db import Database
from aspal.flow import bundle, scan
from aspal.gateways.whatsapp.port import SendFailed
from aspal.records import calendar
from aspal.records.calendar import DayOff
from tests.flow.test_deliver import Faulty
from tests.world import Somebody, World

Story = tuple[World, Somebody, int]


def office(db: Database, start: str, disposed: str) -> Story:
    """One unit with a liaison and one complaint."""
    world = World(db, start)
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    return world, sari, world.complaint("1916449", unit, disposed=disposed)


def decide(world: World) -> None:
    """Everything up to the message that waits to be sent."""
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    scan.run(world.db, calendars, world.clock.now())
    bundle.run(world.db, calendars, world.house.texts, world.settings, world.clock.now())


def days_of(world: World, who: Somebody) -> list[str]:
    return [day for day, _ in world.heard(who)]


def test_off_for_three_days_across_a_holiday_one_message_a_person(db: Database) -> None:
    world, sari, _ = office(db, "2026-08-12 08:00", "2026-08-12")
    head = world.person("Kepala", Role.HEAD, 1)
    world.until("2026-08-13 10:00")
    heard = len(world.heard(sari))
    world.clock.moment = world.at("2026-08-18 09:40")  # Friday missed, a weekend, and Monday is 17 August
    world.until("2026-08-18 15:30", every_minutes=10)
    assert world.heard(sari)[heard:] == [("2026-08-18", "pengingat_tindak_lanjut")]
    told = {row.template: row.text for row in world.rows(t.messages, address=head.phone) if row.accepted_at}
    assert sorted(told) == ["eskalasi_kepala_opd", "rekap_mingguan_opd"]
    assert ["1916449" in told[kind] for kind in sorted(told)] == [True, False]  # the week's recap only counts it
    assert "3 hari kerja" in told["eskalasi_kepala_opd"]


def test_messages_that_waited_while_the_machine_was_off_are_not_sent_late(db: Database) -> None:
    world, sari, _ = office(db, "2026-08-13 15:50", "2026-08-12")
    decide(world)
    world.clock.moment = world.at("2026-08-18 09:40")
    world.until("2026-08-18 12:00")
    assert days_of(world, sari) == ["2026-08-18"]
    late, fresh = world.rows(t.messages)
    assert (late.state, late.accepted_at) == ("cancelled", None)
    assert late.reason
    assert fresh.workday.day == 18


@pytest.mark.parametrize("jump", [timedelta(minutes=50), timedelta(hours=5), timedelta(days=1), timedelta(days=7)])
def test_a_clock_that_jumps_forth_and_back_tells_nobody_twice(db: Database, jump: timedelta) -> None:
    world, sari, _ = office(db, "2026-08-04 08:00", "2026-08-03")
    world.tick()
    world.clock.moment += jump
    world.tick()
    world.clock.moment -= jump
    for _ in range(40):
        world.tick()
        world.clock.moment += timedelta(hours=6)
    assert max(Counter(row.workday for row in world.rows(t.notices)).values()) == 1
    assert max(Counter(world.texts(sari)).values()) == 1
    assert days_of(world, sari)[-1] == "2026-08-13"  # and it goes on once the clock has caught up


def test_a_clock_that_went_back_during_a_doubtful_send_still_resolves_it(db: Database) -> None:
    world, sari, _ = office(db, "2026-08-04 10:00", "2026-08-03")
    world.phones = gateway = Faulty(world.phones._memory, world.settings, world.clock)
    world.house.__dict__["gateway"] = gateway

    def lost(*_: object) -> None:
        raise SendFailed(None, "unknown")

    gateway.script = [lost]  # type: ignore[list-item]
    world.tick()
    world.clock.moment -= timedelta(hours=2)
    world.until("2026-08-04 15:00", every_minutes=5)
    assert days_of(world, sari) == ["2026-08-04"]
    assert len(world.texts(sari)) == 1


def test_midnight_and_early_morning_tell_nobody_anything(db: Database) -> None:
    world, sari, _ = office(db, "2026-08-04 23:50", "2026-08-03")
    world.until("2026-08-05 00:10", every_minutes=1)
    world.until("2026-08-05 07:25", every_minutes=15)
    assert world.heard(sari) == []
    world.until("2026-08-05 07:30", every_minutes=1)
    assert days_of(world, sari) == ["2026-08-05"]


def test_a_year_that_ends_without_a_decree_goes_on_and_warns(db: Database) -> None:
    world, sari, _ = office(db, "2029-12-27 08:00", "2029-12-26")  # no decree is known for so far a year
    world.until("2030-01-03 12:00", every_minutes=60)  # 1 January is a Tuesday, and a holiday without any decree
    assert days_of(world, sari) == [
        "2029-12-27", "2029-12-28", "2029-12-31", "2030-01-02", "2030-01-03",
    ]  # fmt: skip
    warning = world.only(t.alarms, key="decree", cleared_at=None)
    assert "2030" in warning.text


def test_a_decree_that_is_missing_in_december_is_told_aloud_and_not_only_on_the_first_page(db: Database) -> None:
    world, _, _ = office(db, "2029-11-28 08:00", "2029-11-27")
    world.with_settings(alert_whatsapp="on")
    admin = world.person("Wati", Role.ADMIN, world.unit("Dinas Kominfo"))
    world.until("2029-11-30 16:00", every_minutes=60)
    assert [text for text in world.texts(admin) if "Cuti bersama 2030" in text] == []
    world.until("2029-12-04 12:00", every_minutes=60)
    assert len([text for text in world.texts(admin) if "Cuti bersama 2030" in text]) == 1
    off = DayOff(date(2030, 2, 4), "Cuti bersama", "collective", "SKB")
    with db.write() as conn:
        calendar.put_days(conn, [off], world.clock.now())
    world.until("2029-12-05 12:00", every_minutes=60)
    assert world.rows(t.alarms, key="skb_due:2030", cleared_at=None) == []


@pytest.mark.parametrize("leap", ["1970-01-01 08:00", "2038-02-01 08:00"])
def test_the_calendar_of_a_year_that_only_a_broken_clock_has_seen_is_not_asked_for_for_ever(
    db: Database, leap: str
) -> None:
    world, _, _ = office(db, "2026-08-03 08:00", "2026-08-03")
    world.until("2026-08-03 09:00")
    world.clock.moment = world.at(leap)
    world.tick()
    assert [row.key for row in world.rows(t.alarms, cleared_at=None) if row.key.startswith("skb_due")]
    world.clock.moment = world.at("2026-08-03 10:00")
    world.tick()
    assert [row.key for row in world.rows(t.alarms, cleared_at=None) if row.key.startswith("skb_due")] == []


def test_a_leap_day_is_a_working_day_like_any_other(db: Database) -> None:
    world, sari, _ = office(db, "2028-02-28 08:00", "2028-02-28")  # a Monday, but still Idul Fitri
    world.until("2028-03-01 12:00")
    assert days_of(world, sari) == ["2028-02-29", "2028-03-01"]
    assert "2 hari kerja" in world.texts(sari)[-1]


def test_redisposed_between_decision_and_sending_is_cancelled_and_the_new_unit_hears(db: Database) -> None:
    world, sari, complaint = office(db, "2026-08-04 08:00", "2026-08-03")
    other = world.unit("Dinas PUPR")
    budi = world.person("Budi", Role.LIAISON, other)
    decide(world)
    with db.write() as conn:
        ended = {"ended_at": world.clock.now(), "end_reason": "redisposed", "next_look_at": None}
        conn.execute(update(t.dispositions).values(ended))
    world._insert(
        t.dispositions, complaint_id=complaint, unit_id=other, status=str(Status.OPEN), code="ZZZ",
        disposed_on=world.clock.now().date(), created_at=world.clock.now(), next_look_at=world.clock.now(),
    )  # fmt: skip
    world.until("2026-08-04 12:00")
    assert (world.heard(sari), world.heard(budi)) == ([], [("2026-08-04", "disposisi_baru")])
    assert world.only(t.messages, contact_id=sari.id).reason == "Disposisi sudah berakhir."


def test_an_officer_replaced_between_decision_and_sending_hears_nothing_and_the_successor_does(db: Database) -> None:
    world, sari, _ = office(db, "2026-08-04 08:00", "2026-08-03")
    decide(world)
    with db.write() as conn:
        conn.execute(update(t.appointments).values(ended_at=world.clock.now()))
    rina = world.person("Rina", Role.LIAISON, 1)
    world.until("2026-08-05 12:00")
    assert world.heard(sari) == []
    assert world.only(t.messages, contact_id=sari.id).state == "cancelled"
    assert "tidak lagi menjabat" in world.only(t.messages, contact_id=sari.id).reason
    assert "2026-08-05" in days_of(world, rina)


@pytest.mark.parametrize("status", [Status.FINISHED, Status.ARCHIVED, Status.POSTPONED])
def test_an_old_case_never_wakes_up_months_later(db: Database, status: Status) -> None:
    world, sari, complaint = office(db, "2026-03-02 08:00", "2026-03-02")
    world.until("2026-03-04 12:00")
    heard = world.heard(sari)
    decided = len(world.rows(t.notices))
    world.change(complaint, status=status)
    for day in ("2026-03-05", "2026-06-10", "2026-09-01", "2027-01-11", "2028-01-11"):
        world.clock.moment = world.at(f"{day} 08:00")
        world.until(f"{day} 16:00", every_minutes=120)
    assert world.heard(sari) == heard
    assert len(world.rows(t.notices)) == decided


def test_a_message_left_half_sent_months_ago_is_settled_and_not_sent(db: Database) -> None:
    world, sari, complaint = office(db, "2026-03-03 08:00", "2026-03-02")
    decide(world)
    with db.write() as conn:  # the sender died, and then nobody started the machine for half a year
        conn.execute(
            update(t.messages).values(
                state="sending", token="x" * 20, attempts=1, claimed_at=world.clock.now(), lease_until=world.clock.now()
            )
        )
    world.change(complaint, status=Status.FINISHED)
    world.clock.moment = world.at("2026-09-01 08:00")
    world.until("2026-09-01 12:00", every_minutes=11)
    assert world.only(t.messages).state == "cancelled"
    assert (world.heard(sari), world.texts(sari)) == ([], [])
