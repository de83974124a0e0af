"""A bot that reaches nobody is heard of: whatever the reason, and for as long as it lasts."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from aspal import tables as t
from aspal.core import alarm_keys
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import office_acts
from aspal.flow import housekeeping, intake, vitals
from aspal.flow.watch import provider
from aspal.gateways.whatsapp.port import RemoteTemplate, SendFailed
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records import health, templates, watch
from aspal.records.simulator import SimulatorMemory
from tests.flow.test_watch import alarms, look, report
from tests.office import Office, row
from tests.world import World

UNKNOWN = 63058  # a code that says nothing to us


@pytest.fixture
def world(db: Database) -> World:
    """An office with its people, and three complaints."""
    world = World(db, "2026-08-03 07:00")
    unit = world.unit("Dinas Kominfo")
    for role in (Role.LIAISON, Role.HEAD, Role.ADMIN, Role.SEKDA):
        world.person(str(role), role, unit)
    for n in range(3):
        world.complaint(f"191644{n}", unit, disposed="2026-08-03")
    return world


def red(world: World) -> dict[str, str]:
    with world.db.read() as conn:
        signs = vitals.read(conn, world.db, world.settings, world.clock.now())
    return {
        part.name: part.text for part in vitals.judge(signs, world.settings, world.clock.now()) if part.level == "red"
    }


def all_fail(world: World, *, until: str) -> list[bool]:
    """Every message is accepted and then reported failed; whether the alarm was open, hour by hour."""
    found, end = [], world.at(until)
    while world.clock.moment < end:
        world.tick()
        for one in world.rows(t.messages, state="accepted"):
            report(world, one, "failed", UNKNOWN)
        found.append(vitals.NONE_ARRIVES in alarms(world))
        world.clock.moment += timedelta(hours=1)
    return found


# --- everything fails ------------------------------------------------------------------------------------------


def fail_each_day(world: World, *days: str) -> None:
    for day in days:
        now = world.clock.moment = world.at(f"{day} 08:00")
        world._insert(
            t.messages, address="+6281200000001", template="pengingat_tindak_lanjut", text="t", workday=now.date(),
            state="failed", error_code=UNKNOWN, created_at=now, not_before=now, claimed_at=now, failed_at=now,
        )  # fmt: skip


def test_when_every_message_fails_somebody_is_told_until_one_arrives(world: World) -> None:
    open_then = all_fail(world, until="2026-08-21 16:00")
    first = open_then.index(True)
    assert first <= 50  # hours: by the third day of one message a day
    assert all(open_then[first:])  # no night, weekend or holiday closes it
    assert "semuanya gagal" in red(world)["gateway"]
    world.tick()
    world.clock.moment = world.at("2026-08-24 07:30")
    world.tick()
    report(world, world.rows(t.messages, state="accepted")[-1], "delivered")
    look(world, minutes=5)
    assert vitals.NONE_ARRIVES not in alarms(world)
    assert "gateway" not in red(world)


def test_an_office_of_one_message_a_day_is_told_too(world: World) -> None:
    fail_each_day(world, "2026-08-13", "2026-08-14")
    look(world, minutes=60)
    assert vitals.NONE_ARRIVES not in alarms(world)
    fail_each_day(world, "2026-08-18")
    look(world, minutes=5)
    assert vitals.NONE_ARRIVES in alarms(world)


def test_a_morning_of_which_some_fail_first_is_no_alarm(world: World) -> None:
    fail_each_day(world, "2026-08-04", "2026-08-04", "2026-08-04")
    look(world, minutes=20)
    assert vitals.NONE_ARRIVES not in alarms(world)
    fail_each_day(world, "2026-08-04")
    with world.db.write() as conn:
        conn.execute(t.messages.update().where(t.messages.c.id == 2).values(state="delivered"))
    look(world, minutes=60)
    assert vitals.NONE_ARRIVES not in alarms(world)


def test_one_message_that_fails_again_and_again_is_not_every_message(world: World) -> None:
    fail_each_day(world, "2026-08-04", "2026-08-04", "2026-08-04")
    with world.db.write() as conn:
        conn.execute(t.messages.update().where(t.messages.c.id > 1).values(resend_of_id=1))
    look(world, minutes=60)
    assert vitals.NONE_ARRIVES not in alarms(world)


# --- no text is approved ---------------------------------------------------------------------------------------


class Asking(SimulatorGateway):
    """Phones behind a provider that approves each text first."""

    needs_approval = True
    says = "pending"

    def template_status(self, content_sid: str) -> RemoteTemplate:
        return RemoteTemplate(content_sid, self.says, "UTILITY")


@pytest.fixture
def asking(world: World) -> World:
    world.phones = Asking(SimulatorMemory(world.db), world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    return world


def stands(world: World, kind: str, status: str) -> None:
    text, now = world.house.texts.kind(kind), world.clock.now()
    stored = templates.StoredTemplate(kind, text.fingerprint, "n", "HX1", status, "UTILITY", None, now, None)
    with world.db.write() as conn:
        templates.put(conn, stored)


def test_when_no_template_is_approved_somebody_is_told_until_it_is(asking: World) -> None:
    key = f"{alarm_keys.TEMPLATE_MISSING}disposisi_baru"
    asking.until("2026-08-03 08:00")
    assert "aspal templates push" in alarms(asking)[key]
    assert "disposisi_baru" in red(asking)["templates"]
    for moment in ("2026-08-03 12:30", "2026-08-03 22:00", "2026-08-09 12:00", "2026-08-21 12:00"):
        asking.until(moment, every_minutes=180)
        assert key in alarms(asking)  # though its messages have expired, and nothing asks for it at noon and at night
    stands(asking, "disposisi_baru", "pending")
    look(asking, minutes=5)
    assert key in alarms(asking)
    stands(asking, "disposisi_baru", "approved")
    look(asking, minutes=5)
    assert key not in alarms(asking)


def test_a_changed_text_that_waits_for_approval_is_told_of_with_how_it_stands(asking: World) -> None:
    stands(asking, "disposisi_baru", "pending")
    asking.until("2026-08-03 08:00")
    assert "status: pending" in alarms(asking)[f"{alarm_keys.TEMPLATE_MISSING}disposisi_baru"]


def test_a_text_that_whatsapp_stopped_is_one_alarm_and_not_two(asking: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Asking, "says", "paused")
    stands(asking, "disposisi_baru", "approved")
    asking.until("2026-08-03 08:00")
    keys = [key for key in alarms(asking) if key.endswith("disposisi_baru")]
    assert keys == ["template_status:disposisi_baru"]


# --- a forgotten pause -----------------------------------------------------------------------------------------


def pause(world: World, switch: str, until: str | None = None) -> None:
    day = world.at(until).date() if until else None
    office_acts.pause(
        world.db, switch, day, now=world.clock.now(), zone="Asia/Jakarta", by="admin@contoh.test", reason="banjir"
    )


def daily_line(world: World) -> str:
    with world.db.read() as conn:
        return str(health.get_switch(conn, "daily_line")["text"])


@pytest.mark.parametrize(("switch", "words"), [("office_pause", "dijeda sejak"), ("lapor_down", "karena LAPOR")])
def test_a_forgotten_pause_is_told_until_it_is_lifted(world: World, switch: str, words: str) -> None:
    pause(world, switch)
    key = f"pause:{switch}"
    for moment in ("2026-08-05 23:00", "2026-08-06 07:00"):  # the third working day after it began
        assert key not in alarms(world)
        world.clock.moment = world.at(moment)
        look(world)
    assert words in alarms(world)[key]
    assert "Senin, 3 Agustus 2026 (3 hari kerja)" in alarms(world)[key]
    look(world, minutes=60)
    assert words in daily_line(world)
    office_acts.resume(world.db, switch, now=world.clock.now(), by="admin@contoh.test")
    look(world, minutes=24 * 60)
    assert key not in alarms(world)
    assert "dijeda" not in daily_line(world)


def test_a_pause_with_an_end_is_named_each_day_and_no_alarm(world: World) -> None:
    pause(world, "office_pause", "2026-08-31")
    world.clock.moment = world.at("2026-08-28 09:00")
    look(world)
    assert "pause:office_pause" not in alarms(world)
    assert daily_line(world).endswith("; semua pengingat dijeda sejak Senin, 3 Agustus 2026.")


# --- imports that bring nothing --------------------------------------------------------------------------------


def newest_import(office: Office) -> datetime | None:
    with office.db.read() as conn:
        return watch.newest_import(conn)


def test_an_import_that_brings_nothing_is_no_import(db: Database, tmp_path: Path) -> None:
    office = Office(db, tmp_path)
    office.directory()
    office.roster(row("1916449"))
    first = office.now
    assert newest_import(office) == first
    office.day_passes()
    intake.apply_rows(db, [], source="api", now=office.now, calendars=office.calendars, by="cron")
    assert newest_import(office) == first
    office.day_passes()
    office.roster(row("1916449"), row("1916450"))
    assert newest_import(office) == office.now


def test_rows_that_all_wait_for_an_answer_are_no_news_and_unchanged_ones_are(db: Database, tmp_path: Path) -> None:
    office = Office(db, tmp_path)
    office.directory()
    office.roster(row("1916449"))
    first = office.now
    office.day_passes()
    assert office.roster(row("1916449", status="Menunggu Klarifikasi")).held
    assert newest_import(office) == first
    office.day_passes()
    assert office.roster(row("1916449")).unchanged == 1
    assert newest_import(office) == office.now


def test_backups_that_stop_are_told_and_those_never_made_are_the_doctors(world: World) -> None:
    def round_on(day: str) -> dict[str, str]:
        world.clock.moment = world.at(f"{day} 08:00")
        housekeeping.run(world.db, world.settings, world.clock.now())
        return alarms(world)

    assert "backup" not in round_on("2026-08-03")
    with world.db.write() as conn:
        health.set_switch(conn, health.LAST_BACKUP, "malam.db", by="cron", now=world.clock.now())
    assert "backup" not in round_on("2026-08-05")
    assert "03-08-2026" in round_on("2026-08-06")["backup"]
    with world.db.write() as conn:
        health.set_switch(conn, health.LAST_BACKUP, "malam.db", by="cron", now=world.clock.now())
    assert "backup" not in round_on("2026-08-07")


# --- a number that nobody uses ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [True, False])
def test_a_number_that_meta_will_lock_for_lack_of_use_is_told_in_time(world: World, sent: bool) -> None:
    begun = world.clock.moment = world.at("2026-08-03 08:00")
    if sent:
        world.tick()
    settings = replace(world.settings, whatsapp_gateway="twilio")
    for days, expected in ((0, False), (20, False), (22, True)):
        world.clock.moment = begun + timedelta(days=days)
        with world.db.write() as conn:
            found = provider.look_at_idleness(conn, settings, world.clock.now())
        assert bool(found[alarm_keys.SENDER_IDLE]) is expected
    assert "CANARY_PHONE" in str(found[alarm_keys.SENDER_IDLE])
    look(world)
    assert alarm_keys.SENDER_IDLE not in alarms(world)  # the simulator's number is locked by nobody


# --- nothing is refused, and nothing leaves -----------------------------------------------------------------------


def test_a_provider_out_of_reach_is_told_with_its_cause_until_a_message_leaves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No network, no name server, a firewall: each try puts the message off a little, so none ever waits for long."""
    why = "Sambungan ke penyedia gagal; pesan dicoba lagi."

    def unreachable(*_: object) -> None:
        raise SendFailed(None, "retry", why)

    world.clock.moment = world.at("2026-08-04 08:00")
    with monkeypatch.context() as patch:
        patch.setattr(SimulatorGateway, "send", unreachable)
        for minute in range(70):
            if minute == 25:
                assert "queue" not in red(world), "a hiccup is no news"
            world.tick()
            world.clock.moment += timedelta(minutes=1)
    assert why in alarms(world)["queue"]
    assert why in red(world)["queue"]
    for _ in range(12):
        world.tick()
        world.clock.moment += timedelta(minutes=1)
    assert "queue" not in red(world)
    assert "queue" not in alarms(world)


def test_a_message_that_was_put_off_for_another_reason_after_a_retry_does_not_stand_still(world: World) -> None:
    now = world.clock.moment = world.at("2026-08-04 12:00")
    early = world.at("2026-08-04 08:00")
    sent = world._insert(
        t.messages, address="+6281200000001", template="pengingat_tindak_lanjut", text="t", workday=now.date(),
        state="waiting", attempts=1, token="a", created_at=early, claimed_at=early,
        not_before=world.at("2026-08-04 13:00"), reason="Mutu nomor pengirim rendah.",
    )  # fmt: skip
    tried = insert(t.attempts).values(token="a", message_id=sent, claimed_at=early, outcome="waiting")
    with world.db.write() as conn:
        conn.execute(tried.values(detail="Penyedia sedang sibuk."))
    assert "queue" not in red(world)
