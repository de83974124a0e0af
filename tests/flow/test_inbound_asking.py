"""Who asks about a case is heard by an admin, and told so; and a promised day off is told with what follows it."""

import pytest

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import answering
from tests.flow.phone import answers, later, writes
from tests.world import Somebody, World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-12 09:00")


def asked(world: World) -> list[str]:
    return [alarm.text for alarm in world.rows(t.alarms, cleared_at=None) if alarm.key.startswith("question:")]


def test_a_question_is_passed_on_once_and_the_asker_told_once(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "ini lokasinya dimana ya?")
    later(world, seconds=30)
    writes(world, sari, "ada fotonya gak pak?")
    assert [(note.intent, note.text) for note in world.rows(t.notes)] == [
        ("note", "ini lokasinya dimana ya?"), ("note", "ada fotonya gak pak?"),
    ]  # fmt: skip
    (told,) = answers(world, sari)
    assert "Pertanyaan tentang laporan 1916449 sudah kami teruskan" in told
    (text,) = asked(world)
    assert "Sari bertanya tentang laporan 1916449" in text
    assert "lokasinya" not in text  # a reply may name the reporter


def test_an_admins_answer_settles_what_was_asked(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "mohon info alamatnya pak")
    answering.answer(
        world.db, sari.id, "Di depan pasar.", "a" * 32, world.settings, now=world.clock.now(), by="admin@contoh.go.id"
    )
    assert asked(world) == []
    later(world, minutes=5)
    writes(world, sari, "RT berapa ya?")
    assert len(asked(world)) == 1


def test_a_question_without_a_sign_is_passed_on_once_the_case_is_known(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    world.complaint("1916502", unit, disposed="2026-08-10")
    writes(world, sari, "ini lokasinya dimana ya?")
    assert asked(world) == []
    writes(world, sari, "B")
    assert "1916502" in asked(world)[0]
    assert "laporan 1916502" in answers(world, sari)[-1]


def test_a_claim_with_a_question_is_both(world: World, unit: int, sari: Somebody) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "sudah kami kerjakan. Fotonya dikirim kemana?")
    assert world.only(t.dispositions).claim == "done"
    assert len(asked(world)) == 1


def test_an_office_that_answers_nothing_hears_of_it_all_the_same(world: World, unit: int, sari: Somebody) -> None:
    world.with_settings(acknowledge="never")
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "lokasinya dimana?")
    assert (len(asked(world)), answers(world, sari)) == (1, [])


def test_an_admin_who_asks_is_not_passed_on_to_herself(world: World, unit: int) -> None:
    admin = world.person("Melati", Role.ADMIN, unit)
    world.appoint(admin, Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, admin, "lokasinya dimana?")
    assert asked(world) == []


def test_a_promised_day_off_is_told_with_the_day_on_which_reminders_go_on(
    world: World, unit: int, sari: Somebody
) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, "Senin depan kami perbaiki")
    (told,) = answers(world, sari)
    assert "paling lambat Senin, 17 Agustus 2026. Hari itu bukan hari kerja" in told
    assert "berlanjut Selasa, 18 Agustus 2026" in told


@pytest.mark.parametrize("form", [{"NumMedia": "1", "MediaContentType0": "image/webp"}, {"MessageType": "reaction"}])
def test_a_sticker_or_nothing_at_all_is_no_note_on_the_only_case(
    world: World, unit: int, sari: Somebody, form: dict[str, str]
) -> None:
    world.complaint("1916449", unit, disposed="2026-08-10")
    writes(world, sari, **form)
    assert world.rows(t.notes) == []
    assert answers(world, sari) == []
