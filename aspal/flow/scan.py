"""Station 2: roster -> decisions -> notices.

Reads only the dispositions whose time has come, in batches; each batch is one transaction: notices in, next look
forward. A run that is repeated, doubled or cut off changes nothing that was decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Connection

from aspal.core.escalation import Decision, decide
from aspal.core.values import many_values
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.flow.gather import Gathered, Gatherer
from aspal.records import cases, due, health, journal, ladders, notices, outbox
from aspal.records.calendar import Calendars

BATCH = 1000
EXPIRED = "Kedaluwarsa: tidak sempat dikirim pada jam kerjanya."


@dataclass(slots=True)
class ScanCount:
    """What one run of the scan did."""

    looked_at: int = 0
    notices: int = 0
    parked: int = 0


def run(db: Database, calendars: Calendars, now: datetime) -> ScanCount:
    """Looks at every disposition that is due at `now`."""
    count, today = ScanCount(), calendars.of(None).local_day(now)
    work = _look_for_work(db, today, now)
    if work.left_over:
        _clear_yesterday(db, today, now)
    if any(work):
        with many_values():
            while _batch(db, calendars, now, count) and _look_for_work(db, today, now).due:
                pass
    return count


def _look_for_work(db: Database, today: date, now: datetime) -> due.ScanWork:
    with db.read() as conn:  # an idle scan must not wait for, or take, the writer's lock
        return due.scan(conn, today, now)


def _batch(db: Database, calendars: Calendars, now: datetime, count: ScanCount) -> bool:
    """Looks at the next few; False when somebody else has taken them."""
    with db.write() as conn:
        rows, broken = cases.due(conn, now, BATCH)
        if not rows and not broken:
            return False
        ladders.ensure(conn, now)
        for disposition_id, reason in broken.items():
            _park(conn, disposition_id, reason, now, count)
        _look(conn, Gatherer(conn, calendars, now).rows(rows).values(), now, count)
        return True


def _clear_yesterday(db: Database, today: date, now: datetime) -> None:
    """What could not be told on its own day is over, and is decided anew before today's reminders take its room."""
    with db.write() as conn:
        messages = outbox.expired(conn, now)
        outbox.cancel(conn, dict.fromkeys(messages, EXPIRED))
        over = notices.stale(conn, today)
        carried = notices.of_messages(conn, messages)
        over |= {n.id: n.disposition_id for group in carried.values() for n in group}
        notices.cancel(conn, dict.fromkeys(over, EXPIRED))
        cases.wake(conn, over.values(), now)
        journal.append(
            conn,
            [journal.Entry(now, "scan", "message.cancelled", f"message:{i}", {"reason": EXPIRED}) for i in messages],
        )


def _look(conn: Connection, batch: Iterable[Gathered], now: datetime, count: ScanCount) -> None:
    looks: list[cases.Looked] = []
    new: list[notices.NewNotice] = []
    entries: list[journal.Entry] = []
    for one in batch:
        count.looked_at += 1
        try:
            decision = decide(one.case, one.ladder, one.sent, one.calendar, now)
        except Exception as error:  # one bad row must not stop the run: parked, and an admin is told
            _park(conn, one.row.id, f"{type(error).__name__}: {error}", now, count)
            continue
        told = _notices(one, decision)
        new += told
        level = max([one.row.level, *(n.level for n in told)])
        looks.append(cases.Looked(one.row.id, decision.next_look_at, level, one.ladder.id))
        entries += [_entry(one, n, decision, now) for n in told]
    notices.put(conn, new, now)
    cases.looked(conn, looks)
    count.notices += len(new)
    journal.append(conn, entries)


def _notices(one: Gathered, decision: Decision) -> list[notices.NewNotice]:
    return [
        notices.NewNotice(
            one.row.id, told.step.id, told.audience, told.contact_id, told.workday, told.step.template,
            told.step.level, told.age,
        )
        for told in decision.due
    ]  # fmt: skip


def _entry(one: Gathered, notice: notices.NewNotice, decision: Decision, now: datetime) -> journal.Entry:
    skipped, last = _days_off(one.calendar, one.case.disposed_on, notice.workday)
    detail = {
        "step": notice.step, "audience": str(notice.audience), "contact": notice.contact_id, "age": notice.age,
        "workday": notice.workday.isoformat(), "ladder": one.ladder.version, "days_off": skipped,
        "last_off": last,
    }  # fmt: skip
    return journal.Entry(now, "scan", "notice.decided", f"disposition:{one.row.id}", detail, one.row.complaint_id)


@lru_cache(maxsize=256)  # most cases of a morning were disposed on the same few days
def _days_off(calendar: Calendar, start: date, end: date) -> tuple[int, list[str]]:
    """How many days did not count, and the last of them with their reasons."""
    skipped = calendar.skipped(start, end)
    return len(skipped), [f"{day:%d-%m-%Y} {why}" for day, why in skipped[-5:]]


def _park(conn: Connection, disposition_id: int, reason: str, now: datetime, count: ScanCount) -> None:
    count.parked += 1
    cases.park(conn, disposition_id, reason, now)
    text = f"Disposisi {disposition_id} tidak dapat diperiksa dan disisihkan; hubungi pengelola sistem."
    health.raise_alarm(conn, f"parked:disposition:{disposition_id}", text, now)
