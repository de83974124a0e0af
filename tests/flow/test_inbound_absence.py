"""CUTI: nothing changes until the substitute has said yes."""

from datetime import date

import pytest

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import callback
from aspal.flow.mailroom import Mailroom
from tests.flow.phone import answers, later, sid_of, writes
from tests.world import Somebody, World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-12 09:00")


@pytest.fixture
def rina(world: World) -> Somebody:
    return world.person("Rina", Role.LIAISON, world.unit("Dinas Sosial"))


def leave(rina: Somebody) -> str:
    return f"CUTI 13/8-14/8 pengganti 0{rina.phone[3:]}"


def test_the_substitute_is_asked_and_until_then_nothing_changes(world: World, sari: Somebody, rina: Somebody) -> None:
    writes(world, sari, leave(rina))
    absence = world.only(t.absences)
    assert (absence.state, absence.first_day, absence.last_day) == ("proposed", date(2026, 8, 13), date(2026, 8, 14))
    assert "Rina sedang dimintai kesediaan" in answers(world, sari)[0]
    asked = world.only(t.messages, template="minta_pengganti")
    assert (asked.contact_id, asked.address) == (rina.id, rina.phone)


def test_yes_sends_the_reminders_to_the_substitute(world: World, unit: int, sari: Somebody, rina: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, leave(rina))
    world.tick()
    asked = sid_of(world, template="minta_pengganti")
    writes(world, rina, "Bersedia", ButtonPayload="yes", OriginalRepliedMessageSid=asked)
    assert world.only(t.absences).state == "accepted"
    assert "Sari" in answers(world, rina)[0]
    assert "Rina bersedia" in answers(world, sari)[-1]
    world.until("2026-08-18 12:00")
    days = {day for day, kind in world.heard(sari) if kind.startswith("pengingat")}
    assert days.isdisjoint({"2026-08-13", "2026-08-14"})
    assert {day for day, kind in world.heard(rina) if kind.startswith("pengingat")} == {"2026-08-13", "2026-08-14"}


def test_a_bare_yes_is_enough(world: World, sari: Somebody, rina: Somebody) -> None:
    writes(world, sari, leave(rina))
    writes(world, rina, "YA")
    assert world.only(t.absences).state == "accepted"


@pytest.mark.parametrize("answer", ["siap", "oke pak", "baik, siap"])
def test_siap_answers_the_question_that_came_last(world: World, sari: Somebody, rina: Somebody, answer: str) -> None:
    writes(world, sari, leave(rina))
    world.tick()
    writes(world, rina, answer)
    assert world.only(t.absences).state == "accepted"
    assert "Rina bersedia" in answers(world, sari)[-1]


@pytest.mark.parametrize(
    "answer", ["maaf saya juga cuti", "mhn maaf sy jg dinas luar s.d. jumat", "saya lagi sakit pak"]
)
def test_who_is_away_too_is_no_substitute(world: World, sari: Somebody, rina: Somebody, answer: str) -> None:
    writes(world, sari, leave(rina))
    world.tick()
    writes(world, rina, answer)
    assert world.only(t.absences).state == "declined"
    assert "Rina belum dapat menggantikan" in answers(world, sari)[-1]
    assert answers(world, rina) == []


def asked_then_reminded(world: World, sari: Somebody, rina: Somebody) -> None:
    """Rina is asked to stand in, and hears of a case of her own afterwards."""
    writes(world, sari, leave(rina))
    world.tick()
    world.complaint("1916450", world.rows(t.units)[-1].id, disposed="2026-08-11")
    world.tick()


def test_who_was_not_asked_last_speaks_of_their_own_leave(world: World, sari: Somebody, rina: Somebody) -> None:
    asked_then_reminded(world, sari, rina)
    writes(world, rina, "saya juga cuti")
    assert world.only(t.absences).state == "proposed"
    assert answers(world, rina)[0].startswith("Untuk mencatat cuti")


def test_siap_to_a_reminder_that_came_after_it_takes_over_nothing(world: World, sari: Somebody, rina: Somebody) -> None:
    asked_then_reminded(world, sari, rina)
    writes(world, rina, "siap")
    assert world.only(t.absences).state == "proposed"
    asked = sid_of(world, template="minta_pengganti")
    writes(world, rina, "siap", OriginalRepliedMessageSid=asked)
    assert world.only(t.absences).state == "accepted"


def test_leave_told_in_ones_own_words_asks_for_what_is_missing(world: World, sari: Somebody, rina: Somebody) -> None:
    writes(world, sari, "sy cuti tgl 13")
    assert answers(world, sari)[0].startswith("Untuk mencatat cuti")
    later(world, minutes=2)
    writes(world, sari, f"pengganti 0{rina.phone[3:]}")
    absence = world.only(t.absences)
    assert (absence.first_day, absence.last_day) == (date(2026, 8, 13), date(2026, 8, 13))


@pytest.mark.parametrize("answer", ["ya", "tidak"])
def test_a_bare_answer_means_the_newest_question(world: World, sari: Somebody, rina: Somebody, answer: str) -> None:
    """A yes to "untuk laporan yang mana? A." takes over nobody's reports, and a no refuses nobody."""
    world.complaint("1916450", world.rows(t.units)[-1].id, disposed="2026-08-10")
    writes(world, sari, leave(rina))
    later(world, hours=3)
    writes(world, rina, "Sudah ditindaklanjuti", OriginalRepliedMessageSid="SM" + "f" * 32)
    assert "A. 1916450" in answers(world, rina)[0]
    later(world, minutes=2)
    writes(world, rina, answer)
    assert world.only(t.absences).state == "proposed"
    writes(world, rina, "A")
    assert "Sudah ditindaklanjuti" in [n.text for n in world.rows(t.notes)]


@pytest.mark.parametrize("signs", ["quote", "button"])
def test_a_button_or_a_quote_may_mean_an_older_question(
    world: World, sari: Somebody, rina: Somebody, signs: str
) -> None:
    world.complaint("1916450", world.rows(t.units)[-1].id, disposed="2026-08-10")
    writes(world, sari, leave(rina))
    world.tick()
    later(world, hours=3)
    writes(world, rina, "Sudah ditindaklanjuti", OriginalRepliedMessageSid="SM" + "f" * 32)
    later(world, minutes=2)
    sid = sid_of(world, template="minta_pengganti")
    said = {"OriginalRepliedMessageSid": sid} if signs == "quote" else {"ButtonPayload": "yes"}
    writes(world, rina, "ya", **said)
    assert world.only(t.absences).state == "accepted"


def test_the_button_of_a_question_that_had_to_be_repeated_answers_it(
    world: World, sari: Somebody, rina: Somebody
) -> None:
    world.complaint("1916450", world.rows(t.units)[-1].id, disposed="2026-08-12")
    writes(world, sari, leave(rina))
    world.tick()
    failed = {"MessageSid": sid_of(world, template="minta_pengganti"), "MessageStatus": "failed", "ErrorCode": "63012"}
    callback.record(Mailroom(world.db), failed, world.clock.now())
    later(world, minutes=6)
    world.tick()
    repeated = sid_of(world, template="minta_pengganti")
    assert repeated != failed["MessageSid"]
    writes(world, rina, "Bersedia", ButtonPayload="yes", OriginalRepliedMessageSid=repeated)
    assert world.only(t.absences).state == "accepted"


def test_siap_is_not_a_yes(world: World, sari: Somebody, rina: Somebody) -> None:
    writes(world, sari, leave(rina))
    writes(world, rina, "siap")
    assert world.only(t.absences).state == "proposed"


def test_no_is_told_to_the_officer(world: World, sari: Somebody, rina: Somebody) -> None:
    writes(world, sari, leave(rina))
    writes(world, rina, "Tidak bersedia", ButtonPayload="no")
    assert world.only(t.absences).state == "declined"
    assert "Rina belum dapat menggantikan" in answers(world, sari)[-1]


def test_when_the_officer_cannot_be_told_an_admin_is(world: World, sari: Somebody, rina: Somebody) -> None:
    writes(world, sari, f"CUTI 18/8-21/8 pengganti {rina.phone}")
    later(world, days=2)
    writes(world, rina, "tidak")
    assert [a.key for a in world.rows(t.alarms)] == ["absence:1"]


def test_step_by_step(world: World, sari: Somebody, rina: Somebody) -> None:
    writes(world, sari, "cuti")
    assert "CUTI 10/8/2026" in answers(world, sari)[0]
    writes(world, sari, "13/8 sampai 14/8")
    writes(world, sari, f"penggantinya {rina.phone}")
    absence = world.only(t.absences)
    assert (absence.substitute_id, absence.first_day) == (rina.id, date(2026, 8, 13))


def test_an_unknown_substitute_is_refused(world: World, sari: Somebody) -> None:
    writes(world, sari, "CUTI 13/8-14/8 pengganti 081299990000")
    assert world.rows(t.absences) == []
    assert "belum terdaftar" in answers(world, sari)[0]
    writes(world, sari, f"CUTI 13/8-14/8 pengganti {sari.phone}")
    assert world.rows(t.absences) == []


def test_a_second_request_withdraws_the_first(world: World, unit: int, sari: Somebody, rina: Somebody) -> None:
    dewi = world.person("Dewi", Role.OPERATOR, unit)
    writes(world, sari, leave(rina))
    writes(world, sari, leave(dewi))
    assert [a.state for a in world.rows(t.absences)] == ["cancelled", "proposed"]
    writes(world, rina, "ya")  # too late
    assert [a.state for a in world.rows(t.absences)] == ["cancelled", "proposed"]


def test_a_yes_that_answers_nothing_is_a_note(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "ya")
    assert world.only(t.notes).intent == "note"


def test_what_is_said_of_a_case_while_a_leave_lacks_its_days_is_no_part_of_the_leave(
    world: World, unit: int, sari: Somebody, rina: Somebody
) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "CUTI")
    writes(world, sari, "besok kami selesaikan laporannya")
    assert world.only(t.notes).promise_until == date(2026, 8, 13)
    writes(world, sari, f"13/8 sampai 14/8, penggantinya 0{rina.phone[3:]}")
    assert world.only(t.absences).substitute_id == rina.id
