"""Case: the whole rapor over very many complaints of one single year, the worst that a period can hold."""

import resource
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from aspal import tables as t
from aspal.core.words import Kind, Status
from aspal.db import Database
from aspal.records import calendar, ladders
from bench import office

YEAR, UNITS, CATEGORIES, CHUNK = 2025, 59, 19, 5_000
NEW_YEAR = date(YEAR, 1, 1)
STATUSES = (*[Status.FINISHED] * 6, *[Status.IN_PROCESS] * 2, *[Status.OPEN] * 2)
KINDS = (*[Kind.COMPLAINT] * 6, *[Kind.ASPIRATION] * 2, Kind.INFORMATION)


def seed(url: str, complaints: int) -> dict[str, int]:
    """A year of complaints with what followed them: dispositions, a reminder for each, a promise for every fifth."""
    db = Database(url)
    t.metadata.create_all(db.engine)
    rows: tuple[tuple[Table, Callable[[int], dict[str, Any]], int], ...] = (
        (t.units, _unit, 1), (t.contacts, _contact, 1), (t.complaints, _complaint, 1),
        (t.dispositions, _disposition, 1), (t.messages, _message, 1), (t.notices, _notice, 1), (t.notes, _note, 5),
    )  # fmt: skip
    with db.write() as conn:
        if not db.is_sqlite:
            conn.execute(text("SET LOCAL session_replication_role = replica"))  # what we seed needs no checking
        calendar.ensure_seeded(conn, office.FIRST_DAY)
        ladders.ensure(conn, office.FIRST_DAY)
        for table, make, step in rows:
            count = UNITS if table in (t.units, t.contacts) else complaints
            _fill(conn, table, (make(i) for i in range(step, count + 1, step)))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("ANALYZE" if db.is_sqlite else "VACUUM ANALYZE"))
    db.close()
    return {"complaints": complaints}


def rapor(url: str, times: int) -> dict[str, Any]:
    """Seconds for the year beside the year before, as the page asks for it, and the peak memory of doing so."""
    from aspal.core.rapor_period import Period
    from aspal.flow import report

    house, taken, reminded = office.house(url), list[float](), list[float]()
    asked, now = report.Asked(Period.of(YEAR)), house.clock.now()
    for _ in range(times):
        with house.db.read() as conn:
            calendars, begun = house.calendars(conn), perf_counter()
            found = report.compared(conn, calendars, asked, now)
            taken.append(perf_counter() - begun)
            begun = perf_counter()
            report.reminders(conn, calendars, asked, now)
            reminded.append(perf_counter() - begun)
    house.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": median(taken), "reminders_s": median(reminded)}
    return told | {"peak_mb": peak, "total": found.now.tally.total}


def _fill(conn: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        conn.execute(insert(table), chunk)


def _unit(i: int) -> dict[str, Any]:
    return {"id": i, "name": f"Dinas {i}", "name_key": f"dinas{i}"}


def _contact(i: int) -> dict[str, Any]:
    return {"id": i, "name": f"Penghubung {i}", "phone": _phone(i), "created_at": office.FIRST_DAY}


def _phone(i: int) -> str:
    return f"+62812{10_000_000 + i}"


def _days(i: int) -> tuple[date, date, date]:
    """Received, first answered, finished."""
    came = NEW_YEAR + timedelta(i * 7 % 365)
    answered = came + timedelta(i * 13 % 23)
    return came, answered, answered + timedelta(i * 17 % 41)


def _complaint(i: int) -> dict[str, Any]:
    status, (came, answered, done) = STATUSES[i % 10], _days(i)
    return {
        "id": i, "tracking_id": str(i + 10_000_000), "title": f"Lampu jalan padam di depan balai warga nomor {i}",
        "kind": KINDS[i % 9], "supervised": i % 50 == 0, "category": f"Topik {i % CATEGORIES}", "status": status,
        "channel": ("website", "sms", "android", "ios")[i % 4], "confidential": i % 20 == 0, "received_on": came,
        "responded_on": None if status is Status.OPEN else answered, "created_at": office.FIRST_DAY,
        "finished_on": done if status is Status.FINISHED else None,
    }  # fmt: skip


def _disposition(i: int) -> dict[str, Any]:
    status, (came, answered, _) = STATUSES[i % 10], _days(i)
    ended = (office.FIRST_DAY, "finished") if status is Status.FINISHED else (None, None)
    return {
        "id": i, "complaint_id": i, "unit_id": i % UNITS + 1, "disposed_on": came, "status": status,
        "responded_on": None if status is Status.OPEN else answered, "created_at": office.FIRST_DAY,
        "ended_at": ended[0], "end_reason": ended[1],
    }  # fmt: skip


def _message(i: int) -> dict[str, Any]:
    came = _days(i)[0] + timedelta(1)
    at = office.FIRST_DAY.replace(year=came.year, month=came.month, day=came.day, hour=1 + i % 8)
    return {
        "id": i, "contact_id": i % UNITS + 1, "address": _phone(i % UNITS + 1), "text": "Pengingat yang lalu.",
        "template": "pengingat_tindak_lanjut", "workday": came, "state": "read", "created_at": at, "not_before": at,
        "accepted_at": at, "provider_sid": f"SMpast{i}",
    }  # fmt: skip


def _notice(i: int) -> dict[str, Any]:
    message = _message(i)
    return {
        "disposition_id": i, "step": f"R{i % 3 + 1}", "audience": "pejabat_penghubung", "age": 1, "level": 1,
        "contact_id": message["contact_id"], "workday": message["workday"], "template": message["template"],
        "state": "bundled", "decided_at": message["created_at"], "message_id": i,
    }  # fmt: skip


def _note(i: int) -> dict[str, Any]:
    return {
        "disposition_id": i, "written_by": "Penghubung", "text": "selesai lusa", "intent": "promise",
        "matched_by": "only_case", "promise_until": _days(i)[0] + timedelta(9),
        "received_at": _message(i)["created_at"],
    }  # fmt: skip
