"""Who names the wrong case and says so is believed: the words go where they belong, with everything they did."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import Connection

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.records import notes
from tests.flow.phone import answers, later, writes
from tests.world import Somebody, World


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-12 09:00")
    unit = world.unit("Dinas PUPR")
    world.person("Sari", Role.LIAISON, unit)
    for number in ("1916449", "1916502", "1916533"):
        world.complaint(number, unit, disposed="2026-08-11")
    return world


@pytest.fixture
def sari(world: World) -> Somebody:
    row = world.only(t.contacts)
    return Somebody(row.id, row.name, row.phone)


def claims(world: World) -> list[str | None]:
    return [disposition.claim for disposition in world.rows(t.dispositions)]


def said(world: World, who: Somebody, *texts: str) -> None:
    for text in texts:
        later(world, minutes=1)
        writes(world, who, text)


def test_a_wrong_number_moves_the_claim_to_the_right_one(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sudah", "maaf salah nomor, 1916502")
    assert claims(world) == [None, "done", None]
    note = world.only(t.notes)
    assert (note.disposition_id, note.moved_from_id, note.intent) == (2, 1, "done")
    assert [reply.disposition_id for reply in world.rows(t.replies)] == [2, 2]
    moved = [entry for entry in world.rows(t.journal) if entry.action == "note.moved"]
    assert [(entry.actor, entry.subject) for entry in moved] == [
        (f"contact:{sari.id}", "disposition:1"),
        (f"contact:{sari.id}", "disposition:2"),
    ]


def test_a_wrong_letter_moves_what_waited_for_it(world: World, sari: Somebody) -> None:
    said(world, sari, "sudah", "B", "maaf salah, C")
    assert claims(world) == [None, None, "done"]
    said(world, sari, "eh A maksudnya")
    assert claims(world) == ["done", None, None]


def test_its_photos_go_along(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sudah")
    writes(world, sari, photos=1)
    said(world, sari, "salah, maksudnya 1916502")
    assert [(note.disposition_id, note.text) for note in world.rows(t.notes)] == [(2, "1916449 sudah"), (2, "[foto]")]


def test_a_moved_promise_is_told_with_its_new_case(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 jumat", "1916502 maksudnya")
    assert [d.promise_until for d in world.rows(t.dispositions)] == [None, date(2026, 8, 14), None]
    assert "laporan 1916502" in answers(world, sari)[-1]


def test_not_ours_moves_too_and_kominfo_hears_of_the_right_one(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 bukan kewenangan kami", "bukan 1916449 tapi 1916502")
    assert claims(world) == [None, "not_ours", None]
    assert world.rows(t.dispositions)[0].rests == []


@pytest.mark.parametrize(
    "words", ["1916502 bukan", "1916502 salah", "maaf salah nomor, 1916999", "maksudnya 1916502?", "bukan 1916502"]
)
def test_what_may_mean_something_else_moves_nothing(world: World, sari: Somebody, words: str) -> None:
    said(world, sari, "1916449 sudah", words)
    assert claims(world) == ["done", None, None]
    assert {note.moved_from_id for note in world.rows(t.notes)} == {None}


def test_what_was_said_of_several_is_not_moved(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 dan 1916502 sudah", "maaf salah nomor, 1916533")
    assert claims(world) == ["done", "done", None]


def test_what_an_admin_moved_at_that_moment_stays_where_it_is(
    world: World, sari: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(world, sari, "1916449 sudah")
    (note,) = world.rows(t.notes)
    first, second, third = [row.id for row in world.rows(t.dispositions)]
    lock = notes.lock_dispositions

    def late(conn: Connection, ids: Sequence[int]) -> None:
        if set(ids) == {first, second}:
            notes.move(conn, note.id, first, third)
        lock(conn, ids)

    monkeypatch.setattr(notes, "lock_dispositions", late)
    said(world, sari, "maaf salah nomor, 1916502")
    assert [(row.disposition_id, row.text) for row in world.rows(t.notes)] == [
        (third, "1916449 sudah"), (second, "maaf salah nomor, 1916502")
    ]  # fmt: skip


def test_yesterdays_words_are_not_moved(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sudah")
    later(world, hours=24)
    said(world, sari, "maaf salah nomor, 1916502")
    assert claims(world) == ["done", None, None]


def test_somebody_elses_case_is_no_place_to_move_to(world: World, sari: Somebody) -> None:
    other = world.unit("Dinas Perhubungan")
    world.complaint("1916600", other, disposed="2026-08-11")
    said(world, sari, "1916449 sudah", "maaf salah nomor, 1916600")
    assert claims(world) == ["done", None, None, None]
    assert "1916600 tidak ada dalam daftar" in answers(world, sari)[-1]


def test_a_slip_without_a_number_takes_back_what_was_said_last(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sudah", "maaf salah nomor")
    assert claims(world) == ["in_process", None, None]
    assert answers(world, sari) == []  # asked "which one?", she would name the one that she had meant


@pytest.mark.parametrize("words", ["maaf bukan 1916449", "batal", "hapus ya pak, salah"])
def test_what_was_said_last_is_taken_back_however_it_is_put(world: World, sari: Somebody, words: str) -> None:
    said(world, sari, "1916449 sudah", words)
    assert claims(world) == ["in_process", None, None]


def test_a_slip_much_later_is_asked_about(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sudah")
    later(world, hours=2)
    said(world, sari, "salah kirim")
    assert claims(world) == ["done", None, None]
    assert "Untuk laporan yang mana" in answers(world, sari)[-1]


def test_the_letters_of_a_question_hold_for_a_while_after_its_answer(world: World, sari: Somebody) -> None:
    said(world, sari, "besok", "A", "C lusa")
    assert [d.promise_until for d in world.rows(t.dispositions)] == [date(2026, 8, 13), None, date(2026, 8, 14)]
    said(world, sari, "B sudah")
    later(world, minutes=20)
    said(world, sari, "A sudah")
    assert claims(world) == [None, "done", None]


def test_two_letters_of_which_one_was_wrong(world: World, sari: Somebody) -> None:
    said(world, sari, "sudah", "A sama C", "eh C belum")
    assert claims(world) == ["done", None, "in_process"]


def test_a_heads_order_for_a_day_is_no_promise_and_a_heads_promise_is(world: World) -> None:
    head = world.person("Kadis", Role.HEAD, world.only(t.units).id)
    said(world, head, "1916449 kerjakan tgl 14", "1916502 jumat kami selesaikan")
    assert [note.intent for note in world.rows(t.notes)] == ["note", "promise"]
    assert [d.promise_until for d in world.rows(t.dispositions)] == [None, date(2026, 8, 14), None]


def test_juga_says_the_same_of_another_and_of_the_next(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 besok", "1916502 juga", "1916533 jg pak")
    assert [d.promise_until for d in world.rows(t.dispositions)] == [date(2026, 8, 13)] * 3
    assert [note.text for note in world.rows(t.notes)] == ["1916449 besok", "1916502 juga", "1916533 jg pak"]


def test_juga_with_a_letter_of_the_question(world: World, sari: Somebody) -> None:
    said(world, sari, "sudah", "A", "yg C juga")
    assert claims(world) == ["done", None, "done"]


def test_a_late_juga_is_a_plain_note(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sudah")
    later(world, minutes=30)
    said(world, sari, "1916502 juga")
    assert claims(world) == ["done", None, None]


def test_who_owns_a_case_after_all_is_reminded_again(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 bukan kewenangan kami", "maaf, ternyata 1916449 kewenangan kami")
    assert claims(world) == ["in_process", None, None]
    assert world.rows(t.dispositions)[0].rests == []


def test_a_slip_after_a_reply_about_several_takes_all_of_it_back(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 dan 1916502 sudah", "maaf salah nomor")
    assert claims(world) == ["in_process", "in_process", None]


def test_a_slip_may_name_the_one_of_several_that_was_wrong(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 dan 1916502 sudah", "maaf salah, bukan 1916502")
    assert claims(world) == ["done", "in_process", None]


def test_one_that_is_not_and_the_other_that_is(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sdh", "1916449 masih proses, yg sdh 1916502")
    assert claims(world) == ["in_process", "done", None]
    assert answers(world, sari) == []


@pytest.mark.parametrize(
    ("first", "then", "claim"),
    [
        ("1916449 sudah", "eh maaf, belum", "in_process"),
        ("1916449 sudah", "ralat, masih proses", "in_process"),
        ("1916449 bukan kewenangan kami", "eh maaf ternyata kewenangan kami pak", "in_process"),
        ("1916449 sudah", "masih proses", "done"),  # of another, perhaps
        ("1916449 sudah", "belum?", "done"),
    ],
)
def test_a_correction_without_a_number_is_of_what_was_just_said(
    world: World, sari: Somebody, first: str, then: str, claim: str
) -> None:
    said(world, sari, first, then)
    assert claims(world) == [claim, None, None]


def test_broken_again_is_done_no_more(world: World, sari: Somebody) -> None:
    said(world, sari, "1916449 sudah", "1916502 bukan kewenangan kami", "1916449 ternyata padam lagi pak")
    said(world, sari, "1916502 padam lagi")
    assert claims(world) == ["in_process", "not_ours", None]
