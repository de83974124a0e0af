"""What is not certain is asked, and the answer brings the waiting replies to their case."""

import pytest

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from tests.flow.phone import answers, arrives, later, sid_of, understand, writes
from tests.world import Somebody, World


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-12 09:00")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-10", title="Jalan rusak")
    world.complaint("1916450", unit, disposed="2026-08-11", title="Rahasia", confidential=True)
    return world


@pytest.fixture
def sari(world: World) -> Somebody:
    row = world.only(t.contacts)
    return Somebody(row.id, row.name, row.phone)


def states(world: World) -> list[str]:
    return [reply.state for reply in world.rows(t.replies)]


def notes(world: World) -> list[tuple[int, str, str, str]]:
    return [(n.disposition_id, n.text, n.intent, n.matched_by) for n in world.rows(t.notes)]


def test_several_open_cases_are_offered_by_letter_without_what_is_secret(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    assert states(world) == ["asked"]
    assert notes(world) == []
    (question,) = answers(world, sari)
    assert "A. 1916449 – Jalan rusak\nB. 1916450\n" in question
    assert "Rahasia" not in question


@pytest.mark.parametrize("answer", ["B", "b.", "yang B pak", "jawabannya B", "1916450", "nomor 1916450", "#1916450"])
def test_a_letter_or_number_brings_the_text_to_its_case(world: World, sari: Somebody, answer: str) -> None:
    asked_at = world.clock.now()
    writes(world, sari, "sudah ditindaklanjuti")
    later(world, minutes=20)
    writes(world, sari, answer)
    assert notes(world) == [(2, "sudah ditindaklanjuti", "done", "asked")]
    assert world.only(t.notes).received_at == asked_at  # as it was written, not as it was answered
    assert states(world) == ["matched", "matched"]
    assert world.only(t.dispositions, id=2).claim == "done"
    assert world.only(t.dispositions, id=1).claim is None


def test_several_letters_bring_it_to_several_cases(world: World, sari: Somebody) -> None:
    writes(world, sari, "sedang diproses")
    writes(world, sari, "A dan B")
    assert {n[0] for n in notes(world)} == {1, 2}


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("semua", {1, 2}),
        ("Semuanya pak", {1, 2}),
        ("keduanya", {1, 2}),
        ("A B", {1, 2}),
        ("ketiganya", set()),
        ("terima kasih semuanya", set()),
        ("A pak yg jalan rusak", {1}),
        ("yg jalan", {1}),
        ("A. 1916449 – Jalan rusak", {1}),
        ("B yg jalan rusak", set()),
        ("yg rahasia", set()),  # its title was not shown
        ("jalan rusak?", set()),
        ("jalan belum rusak", set()),
    ],
)
def test_the_question_is_answered_in_ones_own_words(world: World, sari: Somebody, answer: str, meant: set[int]) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    later(world, minutes=20)
    writes(world, sari, answer)
    assert {n[0] for n in notes(world) if n[1] == "sudah ditindaklanjuti"} == meant
    assert len(answers(world, sari)) == (1 if meant or answer == "terima kasih semuanya" else 2)


def test_the_words_of_a_title_say_which_case_only_where_that_was_asked(world: World, sari: Somebody) -> None:
    writes(world, sari, "jalan rusak")
    assert notes(world) == []


def test_a_menu_digit_is_never_taken_for_a_letter(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    later(world, minutes=10)
    writes(world, sari, "2")
    assert notes(world) == []
    assert states(world) == ["tray", "asked"]  # a new statement: the older one waits for an admin
    writes(world, sari, "A")
    assert notes(world) == [(1, "2", "in_process", "asked")]


def test_a_burst_is_asked_about_once_and_answered_once(world: World, sari: Somebody) -> None:
    arrives(world, sari, photos=1)
    later(world, seconds=40)
    arrives(world, sari, "sudah diperbaiki")
    understand(world)
    assert len(answers(world, sari)) == 1
    writes(world, sari, "A")
    assert notes(world) == [(1, "[foto]", "note", "asked"), (1, "sudah diperbaiki", "done", "asked")]
    assert world.only(t.media).note_id == 1


def test_a_photo_after_the_text_belongs_to_it(world: World, sari: Somebody) -> None:
    for text, photos in (("sudah diperbaiki", 0), ("", 2), ("pekerjaan sudah selesai", 0)):
        arrives(world, sari, text, photos=photos)
        later(world, seconds=40)
    understand(world)
    assert len(answers(world, sari)) == 1
    writes(world, sari, "A")
    assert [n[0] for n in notes(world)] == [1, 1, 1]


@pytest.mark.parametrize("photo_first", [True, False])
def test_a_photo_without_words_waits_with_the_words_beside_it_though_minutes_lie_between(
    world: World, sari: Somebody, photo_first: bool
) -> None:
    for photos in (photo_first, not photo_first):
        writes(world, sari, "" if photos else "sudah diperbaiki", photos=int(photos))
        later(world, minutes=8)
    assert len(answers(world, sari)) == 1
    writes(world, sari, "A")
    assert {n[1] for n in notes(world)} == {"[foto]", "sudah diperbaiki"}


@pytest.mark.parametrize("caption_at", [0, 1, 2])
def test_an_album_goes_where_its_caption_says(world: World, sari: Somebody, caption_at: int) -> None:
    """WhatsApp sends each photo as a message of its own; the caption hangs on one of them."""
    for n in range(3):
        arrives(world, sari, "1916450 sudah diperbaiki" if n == caption_at else "", photos=1)
        later(world, seconds=2)
    understand(world)
    assert [n[0] for n in notes(world)] == [2, 2, 2]
    assert sorted(n[2] for n in notes(world)) == ["done", "note", "note"]
    assert {row.note_id is not None for row in world.rows(t.media)} == {True}
    writes(world, sari, "A")  # nothing is asked any more
    assert {n[0] for n in notes(world)} == {2}


def test_a_photo_after_words_about_two_cases_is_asked_about(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449 sudah, 1916450 sudah")
    later(world, seconds=20)
    writes(world, sari, photos=1)
    assert "A. 1916449" in answers(world, sari)[0]


def test_a_photo_some_time_after_words_about_a_case_is_asked_about(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449 sudah")
    later(world, minutes=10)
    writes(world, sari, photos=1)
    assert "A. 1916449" in answers(world, sari)[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Sudah selesai", "Yang satunya masih proses"), ("besok kami selesaikan", "yang satunya lusa kami selesaikan")],
)
def test_two_different_answers_are_not_put_on_one_case(world: World, sari: Somebody, first: str, second: str) -> None:
    arrives(world, sari, first)
    later(world, minutes=1)
    writes(world, sari, second)
    assert states(world) == ["tray", "asked"]
    assert len(answers(world, sari)) == 2
    writes(world, sari, "A")
    assert [n[:2] for n in notes(world)] == [(1, second)]


def test_quoting_the_question_decides_which_question(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    world.tick()
    question = sid_of(world, template=None)
    writes(world, sari, "A", OriginalRepliedMessageSid=question)
    assert notes(world) == [(1, "sudah ditindaklanjuti", "done", "asked")]


def test_a_question_that_nobody_answers_ends_in_the_tray(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    later(world, hours=73)
    understand(world)
    assert states(world) == ["tray"]
    writes(world, sari, "A")
    assert notes(world) == []


def test_a_letter_that_was_not_offered_is_not_understood_and_the_question_stays(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    writes(world, sari, "D")
    assert notes(world) == []
    writes(world, sari, "A")
    assert len(notes(world)) == 1


def test_answering_with_somebody_elses_number_leaves_the_question_open(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    writes(world, sari, "1999999")
    assert notes(world) == []
    assert "1999999" in answers(world, sari)[-1]
    writes(world, sari, "1916449")
    assert len(notes(world)) == 1


def test_a_text_with_its_own_number_is_its_own_note_and_answers_nothing(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    writes(world, sari, "1916450 masih proses")
    assert notes(world) == [(2, "1916450 masih proses", "in_process", "id")]
    assert states(world) == ["asked", "matched"]


def test_a_promise_that_was_asked_about_is_confirmed_once(world: World, sari: Somebody) -> None:
    writes(world, sari, "besok kami selesaikan")
    writes(world, sari, "A")
    assert notes(world) == [(1, "besok kami selesaikan", "promise", "asked")]
    assert "Kamis, 13 Agustus 2026" in answers(world, sari)[-1]


def test_a_bare_day_answers_kapan(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449 selesai besok atau lusa")
    later(world, minutes=3)
    writes(world, sari, "besok")
    assert notes(world)[-1] == (1, "besok", "promise", "asked")


def test_a_bare_day_after_words_about_another_case_is_no_answer_to_kapan(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449 selesai besok atau lusa")
    later(world, days=1)
    writes(world, sari, "1916450 sudah kami cek di lapangan")
    later(world, minutes=3)
    writes(world, sari, "besok")
    assert "promise" not in {n[2] for n in notes(world)}
    assert "A. 1916449" in answers(world, sari)[-1]
    writes(world, sari, "B")
    assert notes(world)[-1] == (2, "besok", "promise", "asked")


def test_words_and_a_day_of_one_burst_are_no_answer_to_kapan_about_another_case(world: World, sari: Somebody) -> None:
    """The worker wakes once a minute: all three are here before "kapan?" is asked about the first."""
    for text in ("1916449 selesai besok atau lusa", "1916450 juga kami tangani", "besok"):
        arrives(world, sari, text)
        later(world, seconds=15)
    understand(world)
    assert "promise" not in {n[2] for n in notes(world)}


def test_thanks_are_not_worth_a_question(world: World, sari: Somebody) -> None:
    writes(world, sari, "siap, terima kasih")
    assert states(world) == ["tray"]
    assert answers(world, sari) == []


def test_eleven_cases_are_asked_for_by_number(world: World, sari: Somebody) -> None:
    unit = world.only(t.units).id
    for n in range(9):
        world.complaint(f"191700{n}", unit, disposed="2026-08-11")
    writes(world, sari, "sudah ditindaklanjuti")
    (question,) = answers(world, sari)
    assert "dan 1 laporan lain" in question
    assert "nomor laporan" in question
    writes(world, sari, "1917008")  # not even on the list
    assert notes(world)[0][0] == 11


def test_one_option_is_answered_with_yes(world: World, sari: Somebody) -> None:
    writes(world, sari, "1999999 dan 1916450 sudah")
    later(world, minutes=5)
    assert states(world) == ["asked"]
    writes(world, sari, "B")
    assert notes(world)[0][3] == "asked"


def test_words_that_follow_a_number_of_its_own_are_of_that_case(world: World, sari: Somebody) -> None:
    for words in ("1916449", "sudah ditindaklanjuti", "Untuk laporan 1916450", "masih proses"):
        writes(world, sari, words)
        later(world, seconds=40)
    assert [(n[0], n[2]) for n in notes(world)] == [(1, "note"), (1, "done"), (2, "note"), (2, "in_process")]
    assert answers(world, sari) == []


def test_a_photo_between_a_number_and_its_words_changes_nothing(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449", photos=1)
    writes(world, sari, photos=1)
    later(world, seconds=40)
    writes(world, sari, "sudah ditindaklanjuti")
    assert [(n[0], n[2]) for n in notes(world)] == [(1, "note"), (1, "note"), (1, "done")]


def test_a_number_that_answered_a_question_takes_no_words_after_it(world: World, sari: Somebody) -> None:
    for words in ("sudah ditindaklanjuti", "1916449", "masih proses", "1916450"):
        writes(world, sari, words)
        later(world, seconds=40)
    assert [(n[0], n[2]) for n in notes(world)] == [(1, "done"), (2, "in_process")]


def test_words_long_after_a_number_are_asked_about(world: World, sari: Somebody) -> None:
    writes(world, sari, "1916449")
    later(world, minutes=5)
    writes(world, sari, "sudah ditindaklanjuti")
    assert states(world) == ["matched", "asked"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("A sudah, B masih proses", [(1, "done"), (2, "in_process")]),
        ("a sudah, b belum", [(1, "done"), (2, "note")]),
        ("A: sudah\nB: bukan kewenangan kami", [(1, "done"), (2, "not_ours")]),
        ("yang A besok, yang B lusa", [(1, "promise"), (2, "promise")]),
        ("A dan B masih proses", [(1, "in_process"), (2, "in_process")]),
        ("B sudah pak", [(2, "done")]),
        ("A belum", []),
        ("A ya, yang lain belum", []),
        ("A sudah, kata Bpk B. Susanto", []),
        ("A. Yani sudah diperbaiki", []),
        ("A Yani sudah diperbaiki", []),
        ("a.n. Kepala Dinas sudah ditindaklanjuti", []),
        ("A sudah?", []),
        ("C sudah", []),
    ],
)
def test_an_answer_may_tell_of_each_letter(
    world: World, sari: Somebody, answer: str, said: list[tuple[int, str]]
) -> None:
    writes(world, sari, "tolong dicatat")
    later(world, minutes=3)
    writes(world, sari, answer)
    assert [(n[0], n[2]) for n in notes(world) if n[1] == answer] == said
    assert states(world) == (["tray", "matched"] if said else states(world))
    assert said or len(answers(world, sari)) == 2  # whoever is not understood is asked again


def test_what_waited_goes_with_the_letter_that_says_the_same(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah")
    writes(world, sari, "B sudah ditindaklanjuti")
    assert [(n[0], n[1], n[2]) for n in notes(world)] == [
        (2, "sudah", "done"), (2, "B sudah ditindaklanjuti", "done")
    ]  # fmt: skip
    writes(world, sari, "sudah")
    writes(world, sari, "A masih proses")
    assert [(n[0], n[2]) for n in notes(world)][2:] == [(1, "in_process")]
    assert states(world) == ["matched", "matched", "tray", "matched"]


def test_a_sticker_is_manners_and_asks_nothing(world: World, sari: Somebody) -> None:
    writes(world, sari, photos=1, MediaContentType0="image/webp")
    assert states(world) == ["tray"]
    assert answers(world, sari) == []


def test_a_reaction_asks_nothing_and_waits_for_no_letter(world: World, sari: Somebody) -> None:
    writes(world, sari, MessageType="reaction")
    assert answers(world, sari) == []
    writes(world, sari, "sudah ditindaklanjuti")
    writes(world, sari, MessageType="reaction")
    writes(world, sari, "B")
    assert notes(world) == [(2, "sudah ditindaklanjuti", "done", "asked")]
    assert states(world) == ["tray", "matched", "tray", "matched"]


def test_who_quotes_the_question_after_its_answer_is_not_led_to_what_was_answered(world: World, sari: Somebody) -> None:
    writes(world, sari, "sudah ditindaklanjuti")
    world.tick()
    question = sid_of(world, address=sari.phone, template=None)
    writes(world, sari, "A")
    later(world, minutes=3)
    writes(world, sari, "masih proses", OriginalRepliedMessageSid=question)
    assert [(n[0], n[2]) for n in notes(world)] == [(1, "done")]
    assert len(answers(world, sari)) == 2
    writes(world, sari, "B")
    assert [(n[0], n[2]) for n in notes(world)] == [(1, "done"), (2, "in_process")]
