"""What is known of a complaint: its messages with their repetitions and answers, its notes with their evidence."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, update

from aspal.db import Database
from aspal.records import casefile, held_messages
from aspal.tables import complaints, contacts, dispositions, media, messages, notes, notices, replies, units

NOW = datetime(2026, 8, 3, 2, tzinfo=UTC)
DAY = date(2026, 8, 3)


def put(db: Database, table: Any, **values: Any) -> None:
    with db.write() as conn:
        conn.execute(insert(table).values(**values))


def message(db: Database, number: int, state: str, **more: Any) -> None:
    row = {"address": "+6281200000001", "text": f"pesan {number}", "workday": DAY, "created_at": NOW}
    put(db, messages, id=number, state=state, not_before=NOW, contact_id=1, **row, **more)


def case(db: Database) -> None:
    put(db, units, id=1, name="Dinas A", name_key="dinas a")
    put(db, contacts, id=1, name="Contoh", phone="+6281200000001", created_at=NOW)
    common = {"status": "proses", "created_at": NOW}
    put(db, complaints, id=1, tracking_id="1916449", kind="pengaduan", received_on=DAY, **common)
    put(db, complaints, id=2, provisional_id="MAN-2026-0001", kind="pengaduan", received_on=DAY, **common)
    put(db, dispositions, id=1, complaint_id=1, unit_id=1, disposed_on=DAY, code="7KX", **common)
    message(db, 1, "failed")
    message(db, 2, "delivered", resend_of_id=1)
    message(db, 3, "waiting")  # about something else
    notice = {"step": "R1", "audience": "pejabat_penghubung", "workday": DAY, "template": "t", "level": 1, "age": 1}
    put(db, notices, disposition_id=1, contact_id=1, state="bundled", decided_at=NOW, message_id=2, **notice)
    reply = {"address": "+6281200000001", "raw": {"Body": "sudah"}, "received_at": NOW, "state": "matched"}
    put(db, replies, id=1, provider_sid="SM1", complaint_id=1, intent="done", matched_by="quote", **reply)
    message(db, 4, "sent", in_reply_to_id=1)
    said = {"written_by": "Contoh, penghubung", "text": "sudah", "intent": "done", "matched_by": "quote"}
    put(db, notes, id=1, disposition_id=1, reply_id=1, received_at=NOW, **said)
    picture = {"claimed_type": "image/jpeg", "state": "stored", "not_before": NOW, "position": 0}
    put(db, media, reply_id=1, note_id=1, **picture)


def test_a_complaint_shows_everything_about_it(db: Database) -> None:
    case(db)
    with db.read() as conn:
        found = casefile.complaint(conn, "1916449")
    assert found is not None
    assert [message["id"] for message in found["messages"]] == [1, 2, 4]
    assert found["messages"][0]["to"] == "+6281200000001"
    assert (
        found["notices"][0] | {"step": "R1", "contact": "Contoh", "workday": DAY, "state": "bundled"}
        == (found["notices"][0])
    )
    (note,) = found["notes"]
    assert (note["by"], note["text"], note["intent"], note["matched_by"]) == (
        "Contoh, penghubung",
        "sudah",
        "done",
        "quote",
    )
    assert [one["type"] for one in note["media"]] == ["image/jpeg"]


def test_a_merged_complaint_leads_to_the_one_that_lives_on(db: Database) -> None:
    case(db)
    with db.write() as conn:
        conn.execute(update(complaints).where(complaints.c.id == 2).values(merged_into_id=1))
        found = casefile.complaint(conn, " man-2026-0001")
        assert found is not None
        assert found["tracking_id"] == "1916449"
        assert casefile.complaint(conn, "0") is None


def test_lists_come_oldest_first_and_by_state(db: Database) -> None:
    case(db)
    with db.read() as conn:
        assert [message["id"] for message in casefile.outbox(conn)] == [1, 2, 3, 4]
        assert [message["id"] for message in casefile.outbox(conn, limit=2)] == [3, 4]
        assert [message["id"] for message in casefile.outbox(conn, ("failed", "sent"))] == [1, 4]
        (reply,) = casefile.inbox(conn)
        assert (reply["from"], reply["text"], reply["state"], reply["complaint"], reply["provider_sid"]) == (
            "+6281200000001",
            "sudah",
            "matched",
            "1916449",
            "SM1",
        )
        assert casefile.inbox(conn, ("tray",)) == []


def test_an_open_case_is_found_by_number_or_code(db: Database) -> None:
    case(db)
    with db.read() as conn:
        for name in ("1916449", "7kx", "#7KX"):
            assert casefile.open_cases(conn, name) == {1: "7KX"}
        assert casefile.open_cases(conn, "MAN-2026-0001") == {}


def test_letting_the_brake_go_leaves_what_waits_for_an_approver(db: Database) -> None:
    case(db)
    message(db, 5, "held", reason="rem")
    message(db, 6, "held", reason="persetujuan")
    with db.write() as conn:
        assert held_messages.release(conn, "rem", NOW) == 1
        assert [message["id"] for message in casefile.outbox(conn, ("held",))] == [6]
