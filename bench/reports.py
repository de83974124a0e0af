"""Case: every report and document over very many complaints of one single year, the worst that a period can hold."""

import resource
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from aspal import tables as t
from aspal.bootstrap import House
from aspal.core.rapor.period import Period
from aspal.core.words import Kind, Status
from aspal.db import Database
from aspal.flow.recap import words
from aspal.records import calendar, ladders
from aspal.records.calendar import Calendars
from aspal.report import evidence, letters, open_data, period_report, rapor_documents
from aspal.report.period_report import Asked, Compared
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


@dataclass(frozen=True)
class Desk:
    """Somebody who asks for reports: one look at the database, and a folder for what is written."""

    house: House
    conn: Connection
    calendars: Calendars
    period: Period
    folder: Path

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    @property
    def asked(self) -> Asked:
        return Asked(self.period)


def every(url: str) -> dict[str, Any]:
    """Seconds of each report and document about the year, from the question to its last byte, and the peak memory.

    Each is asked for before about a month without complaints, since a process imports and prepares only once.
    """
    house, seconds = office.house(url), dict[str, float]()
    with tempfile.TemporaryDirectory() as folder:
        for name, ask in REPORTS.items():
            for period in (Period.of(YEAR - 2, month=1), Period.of(YEAR)):
                with house.db.read() as conn:
                    desk, begun = Desk(house, conn, house.calendars(conn), period, Path(folder)), perf_counter()
                    ask(desk)
                    seconds[name] = perf_counter() - begun
    with house.db.read() as conn:
        total = period_report.one(conn, house.calendars(conn), Asked(Period.of(YEAR)), house.clock.now()).tally.total
    house.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak, "total": total}


def _compared(desk: Desk, asked: Asked) -> Compared:
    return period_report.compared(desk.conn, desk.calendars, asked, desk.now)


def _outlook(desk: Desk) -> None:
    """As it was asked in autumn, with a target for which many cases must be listed."""
    autumn = datetime(YEAR, 10, 1, 3, tzinfo=UTC)
    found = period_report.one(desk.conn, desk.calendars, desk.asked, autumn)
    if pace := period_report.pace(desk.conn, desk.calendars, desk.asked, autumn):
        period_report.outlook(desk.conn, desk.asked, found, pace, Decimal(95))


def _document(desk: Desk, kind: str) -> None:
    """The workbook or the printable report, with everything that it is made of."""
    found = _compared(desk, desk.asked)
    effects = period_report.reminders(desk.conn, desk.calendars, desk.asked, desk.now)
    target, head = desk.folder / kind, letters.letterhead(desk.conn, desk.house.settings)
    paper = (head,) if kind == "rapor_pdf" else ()
    getattr(rapor_documents, kind)(found, effects, target, *paper)


def _letters(desk: Desk) -> None:
    target = desk.folder / "letters.pdf"
    letters.write(desk.conn, desk.calendars, desk.house.settings, desk.asked, target, desk.now)


def _archive(desk: Desk) -> None:
    target, year = desk.folder / "archive.zip", desk.period.year
    head = letters.letterhead(desk.conn, desk.house.settings)
    evidence.archive(desk.conn, desk.calendars, desk.folder, year, target, {}, head, desk.now)


def _recaps(desk: Desk) -> None:
    """The regent's month and the ranking of a quarter, as messages say them."""
    after = date(desk.period.year + 1, 1, 5)
    for template in (words.MONTHLY, words.RANKING):
        words.of_office(desk.conn, template, "awal_bulan", desk.calendars, after, desk.now)


REPORTS: Mapping[str, Callable[[Desk], object]] = {
    "rapor": lambda desk: _compared(desk, desk.asked),
    "unit": lambda desk: _compared(desk, Asked(desk.period, 7)),
    "quarter": lambda desk: _compared(desk, Asked(Period.of(desk.period.year, 3))),
    "month": lambda desk: _compared(desk, Asked(Period.of(desk.period.year, month=6))),
    "year_after": lambda desk: _compared(desk, Asked(Period.of(desk.period.year + 1))),
    "reminders": lambda desk: period_report.reminders(desk.conn, desk.calendars, desk.asked, desk.now),
    "outlook": _outlook,
    "recaps": _recaps,
    "xlsx": lambda desk: _document(desk, "rapor_xlsx"),
    "pdf": lambda desk: _document(desk, "rapor_pdf"),
    "letters": _letters,
    "archive": _archive,
    "csv": lambda desk: deque(open_data.as_csv(desk.house.db, desk.asked), 0),
    "json": lambda desk: deque(open_data.as_json(desk.house.db, desk.asked), 0),
}


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
