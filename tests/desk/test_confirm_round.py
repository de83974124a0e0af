""" "Masih pejabat penghubung?": a round by WhatsApp, and what YA and PINDAH do. PINDAH stops nothing by itself."""

from datetime import timedelta

import pytest

from aspal import tables as t
from aspal.core.refused import Refused
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import appointing, confirm_round
from aspal.desk.confirm_round import Asker
from aspal.records import resending
from tests.flow.phone import answers, sid_of, writes
from tests.world import Somebody, World

ADMIN = "admin@kantor.test"
STILL, MOVED = {"ButtonPayload": "still_here"}, {"ButtonPayload": "moved_away"}


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-03 08:00")


@pytest.fixture
def sari(world: World) -> Somebody:
    return world.person("Sari", Role.LIAISON, world.unit("Dinas PUPR"))


def start(world: World, chosen: set[int] | None = None) -> tuple[int, int]:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    asker = Asker(world.db, calendars, world.house.texts, world.settings)
    return confirm_round.start(asker, chosen, now=world.clock.now(), by=ADMIN)


def alarms(world: World) -> list[str]:
    return [row.text for row in world.rows(t.alarms) if row.key.startswith("moved:") and row.cleared_at is None]


def said(world: World) -> list[str | None]:
    return [row.answer for row in world.rows(t.confirmations)]


def asked(world: World) -> str:
    """A round has begun and arrived; the provider's id of its message."""
    start(world)
    world.tick()
    return sid_of(world, template="konfirmasi_penghubung")


def test_ya_confirms_and_is_written_down(world: World, sari: Somebody) -> None:
    sid = asked(world)
    assert world.heard(sari) == [("2026-08-03", "konfirmasi_penghubung")]
    writes(world, sari, "YA, MASIH", OriginalRepliedMessageSid=sid, **STILL)
    assert (said(world), alarms(world)) == (["stays"], [])
    assert "tetap tercatat" in answers(world, sari)[-1]
    entry = world.only(t.journal, action="confirmation.stays")
    assert (entry.actor, entry.subject) == (f"contact:{sari.id}", "appointment:1")


def test_pindah_tells_an_admin_and_stops_nothing_until_the_duty_is_ended(world: World, sari: Somebody) -> None:
    asked(world)
    writes(world, sari, "PINDAH", **MOVED)
    assert said(world) == ["moved"]
    assert "Sari menyatakan sudah pindah dari Dinas PUPR" in alarms(world)[0]
    world.complaint("1916449", 1, disposed="2026-08-03")
    world.tick()
    assert ("2026-08-03", "disposisi_baru") in world.heard(sari)
    appointing.end(world.db, 1, now=world.clock.now(), by=ADMIN)
    assert alarms(world) == []
    heard = len(world.heard(sari))
    world.until("2026-08-05 12:00", every_minutes=180)
    assert len(world.heard(sari)) == heard


def test_a_mistaken_pindah_is_taken_back_by_ya(world: World, sari: Somebody) -> None:
    sid = asked(world)
    writes(world, sari, "pindah")
    assert (said(world), len(alarms(world))) == (["moved"], 1)
    writes(world, sari, "Ya", OriginalRepliedMessageSid=sid)
    assert (said(world), alarms(world)) == (["stays"], [])


def test_the_button_of_a_question_that_had_to_be_repeated_answers_it(world: World, sari: Somebody) -> None:
    first = asked(world)
    with world.db.write() as conn:
        resending.resend(conn, world.only(t.messages).id, world.clock.now(), world.clock.now())
    world.tick()
    repeated = sid_of(world, template="konfirmasi_penghubung")
    assert repeated != first
    writes(world, sari, "YA, MASIH", OriginalRepliedMessageSid=repeated, **STILL)
    assert said(world) == ["stays"]


@pytest.mark.parametrize("text", ["ya", "Laporan 1916449 sudah pindah ke DLH", "kami sudah pindahkan tiangnya"])
def test_words_about_a_case_are_no_answer(world: World, sari: Somebody, text: str) -> None:
    world.complaint("1916449", 1, disposed="2026-08-03")
    asked(world)
    writes(world, sari, text)
    assert said(world) == [None]


def test_a_yes_to_another_question_is_not_taken(world: World, sari: Somebody) -> None:
    budi = world.person("Budi", Role.HEAD, 1)
    asked(world)
    writes(world, budi, f"CUTI 10/08/2026 sampai 12/08/2026 pengganti {sari.phone}")
    world.tick()
    writes(world, sari, "ya", OriginalRepliedMessageSid=sid_of(world, template="minta_pengganti"))
    assert said(world) == [None]
    assert world.only(t.absences).state == "accepted"


def test_a_round_asks_once_and_only_whom_it_can_reach(world: World, sari: Somebody) -> None:
    away = world.person("Rini", Role.LIAISON, 1, opted_out_at=world.clock.now())
    world.person("Budi", Role.HEAD, 1)
    assert start(world)[1] == 1
    with pytest.raises(Refused, match="belum ditanya hari ini"):
        start(world)
    with pytest.raises(Refused):
        start(world, {2})
    world.tick()
    assert world.heard(away) == []
    world.clock.moment += timedelta(days=1, minutes=1)
    assert start(world, {1}) == (2, 1)


def test_two_units_are_two_questions_and_the_quoted_one_is_answered(world: World, sari: Somebody) -> None:
    world.appoint(sari, Role.LIAISON, world.unit("Dinas Kesehatan"))
    start(world)
    world.tick()
    first, second = [row.provider_sid for row in world.rows(t.messages, template="konfirmasi_penghubung")]
    writes(world, sari, "PINDAH", OriginalRepliedMessageSid=second, **MOVED)
    writes(world, sari, "YA, MASIH", OriginalRepliedMessageSid=first, **STILL)
    by_unit = {row.appointment_id: row.answer for row in world.rows(t.confirmations)}
    assert by_unit == {row.id: "moved" if row.unit_id == 1 else "stays" for row in world.rows(t.appointments)}


def test_before_going_live_only_guests_are_asked(world: World, sari: Somebody) -> None:
    rini = world.person("Rini", Role.LIAISON, 1, guest=True)
    world.with_settings(recipients="guests")
    assert start(world)[1] == 1
    world.tick()
    assert (world.heard(sari), len(world.heard(rini))) == ([], 1)


def test_who_works_in_another_time_zone_is_asked_in_its_hours(world: World) -> None:
    world.clock.moment = world.at("2026-08-03 14:30")  # 16.30 in Jayapura
    east = world.person("Rini", Role.LIAISON, world.unit("Dinas Timur", zone="Asia/Jayapura"))
    here = world.person("Sari", Role.LIAISON, world.unit("Dinas PUPR"))
    start(world)
    with world.db.read() as conn:
        asker = Asker(world.db, world.house.calendars(conn), world.house.texts, world.settings)
    confirm_round.check_number(asker, east.id, now=world.clock.now(), by=ADMIN)
    world.tick()
    assert (len(world.heard(east)), len(world.heard(here))) == (0, 1)
    world.clock.moment = world.at("2026-08-04 05:25")
    world.tick()
    assert world.heard(east) == []
    world.clock.moment = world.at("2026-08-04 05:30")  # 7.30 there
    world.tick()
    assert {kind for _, kind in world.heard(east)} == {"konfirmasi_penghubung", "persetujuan_kontak"}
