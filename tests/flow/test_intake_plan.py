"""A large import reads and plans while everybody goes on writing, and then counts as a whole or not at all."""

from pathlib import Path
from threading import Event, Thread
from time import perf_counter, sleep
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from aspal import tables as t
from aspal.core.refused import Refused
from aspal.core.words import Kind
from aspal.db import Database
from aspal.flow import inbound, intake
from aspal.flow.intake.outcome import SHOWN
from aspal.flow.intake.progress import Step
from aspal.flow.intake.typed import Typed
from aspal.flow.mailroom import Mailroom
from aspal.records import journal
from tests.office import HEALTH, ROSTER, WORKS, Office, row
from tests.web.test_webhooks import form

OPEN, PROCESS = "belum_ditindaklanjuti", "proses"


@pytest.fixture
def office(db: Database, tmp_path: Path) -> Office:
    office = Office(db, tmp_path)
    office.directory()
    return office


def many(count: int, first: int = 2_000_000) -> list[str]:
    return [row(str(first + n), status=("Selesai", "Belum ditindaklanjuti")[n % 2]) for n in range(count)]


def while_reading(office: Office, happens: Any, *rows: str) -> Any:
    """Applies the rows; `happens` befalls the office once, after they were read and before they are written."""
    waiting = [happens]

    def progress(step: Step, _done: int, _of: int | None) -> None:
        if waiting and step is Step.READING:
            waiting.pop()()

    return intake.apply_roster(office.db, office.file(ROSTER, *rows), **office.options, progress=progress)


def count(office: Office, table: Any) -> int:
    with office.db.read() as conn:
        return int(conn.scalar(select(func.count()).select_from(table)) or 0)


# --- what happens meanwhile ---------------------------------------------------------------------------------------


def test_replies_are_stored_while_a_large_import_runs(office: Office) -> None:
    mailroom, over, slowest = Mailroom(office.db), Event(), [0.0]

    def write_on() -> None:
        number = 0
        while not over.is_set():
            number += 1
            begun = perf_counter()
            inbound.receive(mailroom, form(MessageSid=f"SM{number:032x}"), office.now)
            slowest.append(perf_counter() - begun)

    writer = Thread(target=write_on)
    writer.start()
    try:
        report = office.roster(*many(6000))
        while len(slowest) < 25:  # what was handed in meanwhile has been stored, and more still is
            sleep(0.01)
    finally:
        over.set()
        writer.join(20)
    assert report.new == 6000
    assert count(office, t.replies) == len(slowest) - 1
    assert max(slowest) < 5


def test_another_import_in_between_is_taken_into_account(office: Office) -> None:
    report = while_reading(office, lambda: office.roster(row("1916449")), row("1916449"), row("1916450"))
    assert (report.new, report.changed, report.unchanged) == (1, 0, 1)
    assert office.parts("1916449") == [(WORKS, OPEN, None)]


def test_what_a_reply_says_in_between_is_not_overwritten_unseen(office: Office) -> None:
    office.roster(row("1916449"))
    office.day_passes()

    def claims() -> None:
        with office.db.write() as conn:
            conn.execute(update(t.dispositions).values(claim="done", claimed_at=office.now))

    report = while_reading(office, claims, row("1916449", status="Proses"), row("1916450"))
    assert report.changed == 1
    part = office.all(t.dispositions)[0]
    assert (part.status, part.claim) == (PROCESS, None)
    change = next(c for c in office.all(t.batch_changes) if c.table_name == "dispositions" and c.before)
    assert change.before["claim"] == "done"
    intake.undo(office.db, report.batch, office.now, "admin@contoh.test")
    assert office.all(t.dispositions)[0].claim == "done"


def test_a_number_that_was_given_in_between_is_no_second_complaint(office: Office) -> None:
    def numbered() -> None:
        typed = Typed("Lampu padam", None, office.now.date(), kind=Kind.COMPLAINT)
        name = intake.type_in(office.db, typed, now=office.now, zone="Asia/Jakarta", by="admin@contoh.test")
        intake.merge(office.db, name, "1916449", now=office.now, by="admin@contoh.test")

    report = while_reading(office, numbered, row("1916449"), row("1916450"))
    assert (report.new, report.changed) == (1, 1)
    assert count(office, t.complaints) == 2


def test_who_changes_all_the_time_waits_at_last(office: Office) -> None:
    office.roster(row("1916449"))

    def fidget(step: Step, _done: int, _of: int | None) -> None:
        if step is Step.READING:
            looks.append(1)
        if step is Step.READING and len(looks) <= intake.TRIES:
            with office.db.write() as conn:
                conn.execute(update(t.dispositions).values(level=len(looks)))

    looks: list[int] = []
    path = office.file(ROSTER, row("1916449", status="Proses"), row("1916450"))
    report = intake.apply_roster(office.db, path, **office.options, progress=fidget)
    assert len(looks) == intake.TRIES + 1
    assert (report.new, report.changed) == (1, 1)


# --- all or nothing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where", ["journal.append", "roster.insert_dispositions", "imports.note_new", "imports.finish"]
)
def test_a_large_import_that_breaks_off_leaves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    office.roster(row("1916449"))
    before = {table.name: office.all(table) for table in t.metadata.sorted_tables}
    monkeypatch.setattr(f"aspal.records.{where}", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        office.roster(*many(1200), row("1916449", status="Proses"))
    assert {table.name: office.all(table) for table in t.metadata.sorted_tables} == before


def test_a_row_that_waits_far_below_the_others_keeps_its_complaint_from_being_closed(office: Office) -> None:
    office.roster(row("1916449"), row("1916449", "Dinkes"))
    report = office.roster(row("1916449", status="Proses"), *many(1100), row("1916449", "Dinas Entah"))
    assert [number for number, _ in report.held] == [1103]
    assert [(unit, ended) for unit, _, ended in office.parts("1916449")] == [(WORKS, None), (HEALTH, None)]


# --- what it leaves behind ----------------------------------------------------------------------------------------


def test_many_new_complaints_are_noted_as_few_and_known_each(office: Office) -> None:
    report = office.roster(*many(1500))
    assert report.consequences == ["750 rantai pengingat dimulai"]
    assert count(office, t.batch_changes) - 15 < 20  # the directory's own apart
    with office.db.read() as conn:
        for number, events in (("2000700", []), ("2001499", ["chain_started"])):
            complaint_id = conn.scalar(select(t.complaints.c.id).where(t.complaints.c.tracking_id == number))
            (entry,) = journal.of_complaint(conn, complaint_id or 0)
            assert (entry.action, entry.detail["events"], entry.detail["batch"]) == ("import.new", events, report.batch)
            assert journal.page(conn, complaint_id=complaint_id)[0] == [entry]
        assert journal.verify(conn) is None


def test_what_an_import_told_of_many_is_not_told_of_a_complaint_that_came_otherwise(office: Office) -> None:
    office.roster(*many(10))
    typed = Typed("Lampu padam", None, office.now.date())
    intake.type_in(office.db, typed, now=office.now, zone="Asia/Jakarta", by="admin@contoh.test")
    with office.db.read() as conn:
        newest = conn.scalar(select(func.max(t.complaints.c.id)))
        assert [entry.action for entry in journal.of_complaint(conn, newest or 0)] == ["complaint.typed"]


def test_a_large_import_is_taken_back_as_a_whole(office: Office) -> None:
    office.roster(row("1916449"))
    report = office.roster(*many(1500), row("1916449", status="Selesai"), row("1916450"))
    done = intake.undo(office.db, report.batch or 0, office.now, "admin@contoh.test")
    assert (done.deleted, done.restored) == (2 * 1501, 2)
    assert count(office, t.complaints) == count(office, t.dispositions) == 1
    assert office.parts("1916449") == [(WORKS, OPEN, None)]


def test_a_large_import_on_which_a_later_one_built_is_not_taken_back(office: Office) -> None:
    first = office.roster(*many(1200))
    second = office.roster(row("2000601", status="Proses"))
    with pytest.raises(Refused, match=f"Impor {second.batch}"):
        intake.undo(office.db, first.batch or 0, office.now, "admin@contoh.test")


def test_a_complaint_to_which_something_hangs_is_kept_among_many_that_go(office: Office) -> None:
    report = office.roster(*many(1200))
    kept = office.all(t.dispositions)[601]
    reply = {"provider_sid": "SM1", "address": "+6281200000001", "raw": {}, "received_at": office.now, "tries": 0}
    with office.db.write() as conn:
        conn.execute(insert(t.replies).values(reply | {"state": "matched", "disposition_id": kept.id}))
    done = intake.undo(office.db, report.batch or 0, office.now, "admin@contoh.test")
    assert (done.deleted, done.closed) == (2 * 1199, 2)


# --- what a preview page shows -------------------------------------------------------------------------------------


def test_progress_is_told_at_least_every_thousand_rows(office: Office) -> None:
    told: list[tuple[Step, int, int | None]] = []
    path = office.file(ROSTER, *many(2500), row("1916449"))
    intake.preview_roster(office.db, path, **office.options, progress=lambda *step: told.append(step))
    assert told == [(Step.READING, done, None) for done in (1000, 2000, 2501)]


def test_the_bar_moves_while_an_import_writes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aspal.flow.intake.writing._PAGE", 1000)
    office.roster(row("1916449"))
    told: list[tuple[Step, int, int | None]] = []
    path = office.file(ROSTER, *many(2500), row("1916449", status="Proses"))
    intake.apply_roster(office.db, path, **office.options, progress=lambda *step: told.append(step))
    written = [(done, of) for step, done, of in told if step is Step.WRITING]
    assert written == [(0, 2501), (1000, 2501), (2000, 2501), (2500, 2501), (2501, 2501)]


def test_the_first_rows_of_each_kind_are_told_with_what_changes(office: Office) -> None:
    office.roster(*many(300))
    report = office.roster(*[line.replace(";Belum ditindaklanjuti;", ";Proses;") for line in many(600)], applied=False)
    assert (report.new, report.changed, len(report.first_new)) == (300, 150, SHOWN)
    assert report.first_changed[0] == (3, "2000001", "status belum ditindaklanjuti menjadi proses, disposisi")
    assert report.first_new[0] == (302, "2000300", "status selesai")


def test_rows_of_one_complaint_that_differ_in_title_are_warned_about(office: Office) -> None:
    report = office.roster(row("1916449", judul="Jalan rusak"), row("1916449", "Dinkes", judul="Lampu padam"))
    (warning,) = report.as_json()["warnings"]
    assert "1916449" in warning["reason"]
    assert (warning["first_row"], warning["rows"]) == (3, 1)
    same = office.roster(row("1916450"), row("1916450", "Dinkes"))
    assert same.warnings == {}


def test_messages_that_have_not_left_and_lose_their_cause_are_counted(office: Office) -> None:
    office.roster(row("1916449"), row("1916450"))
    part, contact = office.all(t.dispositions)[0], office.all(t.contacts)[0]
    at = {"workday": office.now.date(), "template": "disposisi_baru"}
    message = {"address": contact.phone, "variables": {}, "text": "…", "not_before": office.now, **at}
    notice = {"disposition_id": part.id, "step": "R0", "audience": "pejabat_penghubung", "contact_id": contact.id, **at}
    with office.db.write() as conn:
        made = conn.execute(insert(t.messages).values(message | {"state": "waiting", "created_at": office.now}))
        told = {"level": 0, "age": 1, "state": "bundled", "decided_at": office.now}
        conn.execute(insert(t.notices).values(notice | told | {"message_id": made.inserted_primary_key[0]}))
    ends = row("1916449", status="Selesai", selesai="02/08/2026"), row("1916450", status="Selesai")
    preview = office.roster(*ends, applied=False)
    assert "1 pesan yang belum terkirim dibatalkan atau ditulis ulang" in preview.consequences
