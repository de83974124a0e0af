"""Commands to the bot, strangers, changed identities, and machines that answer machines."""

import re

import pytest

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from tests.flow.phone import OFFICE, answers, later, understand, writes
from tests.world import Somebody, World

STRANGER = "+6281299999999"


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-12 09:00")


def alarms(world: World) -> list[str]:
    """What is open; which contacts a unit lacks is another part's alarm."""
    keys = [a.key.partition(":")[0] for a in world.rows(t.alarms) if a.cleared_at is None]
    return [key for key in keys if key != "coverage"]


def test_daftar_names_number_age_code_and_due_day(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    world.complaint("1916450", world.unit("Dinas Sosial"), disposed="2026-08-10")
    writes(world, sari, "daftar")
    code = world.rows(t.dispositions)[0].code
    (listed,) = answers(world, sari)
    assert f"1916449 (2 hari kerja, #{code}) – batas 18 Agustus 2026" in listed
    assert "1916450" not in listed
    assert world.only(t.replies).state == "command"


def test_daftar_without_cases_says_so(world: World, sari: Somebody) -> None:
    writes(world, sari, "DAFTAR")
    assert "Tidak ada laporan" in answers(world, sari)[0]


def test_many_cases_still_fit_one_message(world: World, unit: int, sari: Somebody) -> None:
    for n in range(40):
        world.complaint(f"19164{n:02d}", unit, disposed="2026-08-10")
    writes(world, sari, "DAFTAR")
    writes(world, sari, "daftar 2.")
    writes(world, sari, "DAFTAR 99")
    first, second, last = answers(world, sari)
    assert "dan 25 laporan lain; balas DAFTAR 2" in first
    assert "dan 10 laporan lain; balas DAFTAR 3" in second
    assert "laporan lain" not in last
    named = [re.findall(r"^(\d+) \(", text, re.MULTILINE) for text in (first, second, last)]
    assert [len(numbers) for numbers in named] == [15, 15, 10]
    assert len({number for numbers in named for number in numbers}) == 40


def test_bantuan(world: World, sari: Somebody) -> None:
    writes(world, sari, "Bantuan!")
    assert "DAFTAR" in answers(world, sari)[0]


def test_mengapa_explains_in_three_lines(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-07")
    world.complaint("1916450", unit, disposed="2026-08-10")
    writes(world, sari, "MENGAPA 1916449")
    text = answers(world, sari)[0]
    assert "Didisposisikan Jumat, 7 Agustus 2026" in text
    assert "Umur 3 hari kerja; Sabtu, Minggu tidak dihitung" in text
    assert "pejabat penghubung" in text
    writes(world, sari, "MENGAPA 1999999")
    assert "tidak ada dalam daftar" in answers(world, sari)[1]


def test_stop_is_confirmed_once_told_to_the_admin_and_undone_by_start(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    world.tick()
    writes(world, sari, "BERHENTI")
    writes(world, sari, "STOP")
    assert world.only(t.contacts).opted_out_at == world.clock.now()
    assert len(answers(world, sari)) == 1
    assert alarms(world) == ["opted_out"]
    assert world.only(t.dispositions).next_look_at == world.clock.now()  # the chain goes on without them
    writes(world, sari, "mulai")
    assert world.only(t.contacts).opted_out_at is None
    assert alarms(world) == []


def test_stop_inside_a_sentence_stops_nothing(world: World, sari: Somebody) -> None:
    writes(world, sari, "stop dulu pak")
    assert world.only(t.contacts).opted_out_at is None


def test_who_asks_not_to_be_written_to_is_told_the_word_that_stops_us(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "jangan kirim lagi")
    assert world.only(t.contacts).opted_out_at is None
    assert "BERHENTI" in answers(world, sari)[0]
    assert world.rows(t.notes) == []


@pytest.mark.parametrize(
    ("text", "told"), [("laporannya apa ya pak?", "1916450"), ("ini siapa?", "DAFTAR"), ("DAFTAR", "1916450")]
)
def test_a_question_about_aspal_is_answered_and_files_nothing(
    world: World, unit: int, sari: Somebody, text: str, told: str
) -> None:
    for number in ("1916449", "1916450"):
        world.complaint(number, unit, disposed="2026-08-10")
    writes(world, sari, text)
    assert told in answers(world, sari)[0]
    assert "yang mana" not in answers(world, sari)[0]
    assert world.rows(t.notes) == []


def test_a_photo_whose_caption_only_asks_is_kept_with_its_case(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "ini laporan yg mana ya", photos=1)
    assert world.only(t.media).note_id == world.only(t.notes).id


def test_twilios_own_stop_is_honoured_without_a_second_confirmation(world: World, sari: Somebody) -> None:
    writes(world, sari, "STOP", OptOutType="STOP")
    assert world.only(t.contacts).opted_out_at is not None
    assert answers(world, sari) == []
    writes(world, sari, "START", OptOutType="START")
    assert world.only(t.contacts).opted_out_at is None


def test_a_stranger_gets_one_pointer_a_month_and_no_case_data(world: World, unit: int) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, STRANGER, "laporan 1916449 bagaimana?")
    later(world, days=5)
    writes(world, STRANGER, "halo")
    (pointer,) = answers(world, STRANGER)
    assert "lapor.go.id" in pointer
    assert "1916449" not in pointer
    assert [r.state for r in world.rows(t.replies)] == ["unknown_sender"] * 2
    assert world.rows(t.notes) == []
    alarm = world.only(t.alarms)
    assert "81299999999" not in alarm.text + alarm.key
    later(world, days=26)
    writes(world, STRANGER, "halo lagi")
    assert len(answers(world, STRANGER)) == 2


@pytest.mark.parametrize("known", [False, True])
def test_our_own_message_come_back_is_never_answered(world: World, unit: int, known: bool) -> None:
    ourselves = OFFICE.removeprefix("whatsapp:")
    if known:  # somebody has put the office's number into the directory
        world.person("Nomor kantor", Role.LIAISON, unit, phone=ourselves)
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, ourselves, "1916449 sudah")
    assert answers(world, ourselves) == []
    assert world.rows(t.notes) == []
    assert alarms(world) == []
    assert world.only(t.replies).state == "unknown_sender"


def test_a_strangers_photos_are_not_fetched(world: World) -> None:
    writes(world, STRANGER, photos=2)
    assert world.rows(t.media) == []


def test_the_whatsapp_id_of_a_known_phone_is_learned(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "halo", ExternalUserId="whatsapp:ID.4566546130240823")
    assert world.only(t.contacts).whatsapp_id == "ID.4566546130240823"
    writes(world, "ID.4566546130240823", "sudah selesai")  # later without a phone
    assert world.rows(t.notes)[-1].contact_id == sari.id
    assert alarms(world) == []


def test_another_id_behind_the_same_phone_is_told_and_never_overwrites(world: World, sari: Somebody) -> None:
    writes(world, sari, "halo", ExternalUserId="whatsapp:ID.1111111")
    writes(world, sari, "halo", ExternalUserId="whatsapp:ID.2222222")
    assert world.only(t.contacts).whatsapp_id == "ID.1111111"
    assert alarms(world) == ["whatsapp_id"]


def test_two_machines_stop_talking_to_each_other(world: World, sari: Somebody) -> None:
    for n in range(9):
        writes(world, sari, "DAFTAR" if n % 2 else "BANTUAN")
        later(world, seconds=20)
    assert len(answers(world, sari)) == 6
    assert alarms(world) == ["loop"]
    later(world, minutes=11)
    writes(world, sari, "DAFTAR")
    assert len(answers(world, sari)) == 7


def test_stop_takes_and_is_confirmed_once_although_machines_are_suspected(world: World, sari: Somebody) -> None:
    for n in range(9):
        writes(world, sari, "DAFTAR" if n % 2 else "BANTUAN")
        later(world, seconds=20)
    before = len(answers(world, sari))
    for _ in range(3):
        writes(world, sari, "BERHENTI")
    assert world.only(t.contacts).opted_out_at is not None
    confirmed = answers(world, sari)[before:]
    assert len(confirmed) == 1
    assert "MULAI" in confirmed[0]
    for _ in range(6):
        writes(world, sari, "MULAI")
        writes(world, sari, "BERHENTI")
    assert len(answers(world, sari)) == before + 1  # which may be a machine after all


def test_the_same_words_again_and_again_are_a_machine(world: World, sari: Somebody) -> None:
    for _ in range(7):
        writes(world, sari, "MENU")
    assert len(answers(world, sari)) == 4


def test_consent_is_recorded_when_it_was_asked_for(world: World, sari: Somebody) -> None:
    world._insert(
        t.messages, contact_id=sari.id, address=sari.phone, template="persetujuan_kontak", text="x", variables={},
        workday=world.clock.now().date(), state="sent", created_at=world.clock.now(), not_before=world.clock.now(),
        provider_sid="SMC",
    )  # fmt: skip
    writes(world, sari, "Setuju", ButtonPayload="yes", OriginalRepliedMessageSid="SMC")
    assert world.only(t.contacts).consent_at is not None
    writes(world, sari, "Tidak setuju", ButtonPayload="no", OriginalRepliedMessageSid="SMC")
    assert world.only(t.contacts).opted_out_at is not None


def test_an_old_consent_question_does_not_turn_a_no_into_an_opt_out(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    before = world.at("2026-08-01 09:00")
    world._insert(
        t.messages, contact_id=sari.id, address=sari.phone, template="persetujuan_kontak", text="x", variables={},
        workday=before.date(), state="sent", created_at=before, not_before=before,
    )  # fmt: skip
    writes(world, sari, "tidak")
    assert world.only(t.contacts).opted_out_at is None
    assert world.only(t.notes).text == "tidak"


def test_nothing_to_do_is_nothing_done(world: World) -> None:
    assert understand(world).understood == 0
