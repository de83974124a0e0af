"""Notices: one thing to tell one person about one disposition on one working day. Their unique key promises "once"."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from aspal.core.bundling import Waiting
from aspal.core.escalation import Sent
from aspal.core.words import Role
from aspal.tables import contacts, dispositions, notices


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What a scan decided."""

    disposition_id: int
    step: str
    audience: Role
    contact_id: int
    workday: date
    template: str
    level: int
    age: int


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice without a message yet."""

    id: int
    disposition_id: int
    step: str
    audience: Role
    contact_id: int
    workday: date
    template: str
    level: int
    age: int
    reason: str | None

    def to_bundle(self, complaint_id: int, *, digest: bool, approval: bool) -> Waiting:
        """The same for core.bundling."""
        return Waiting(
            self.id, self.disposition_id, complaint_id, self.contact_id, self.audience, self.template, self.level,
            self.age, digest, approval,
        )  # fmt: skip


_WAITING = [notices.c[name] for name in WaitingNotice.__dataclass_fields__]


def put(conn: Connection, new: Sequence[NewNotice], now: datetime) -> None:
    """Stores notices; one that exists already by its key stays as it is."""
    if not new:
        return
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    conn.execute(
        make(notices).on_conflict_do_nothing(),
        [
            {
                "disposition_id": n.disposition_id, "step": n.step, "audience": str(n.audience),
                "contact_id": n.contact_id, "workday": n.workday, "template": n.template, "level": n.level,
                "age": n.age, "state": "waiting", "decided_at": now,
            }
            for n in new
        ],
    )  # fmt: skip


def sent(conn: Connection, disposition_ids: Iterable[int]) -> dict[int, list[Sent]]:
    """Every notice of these dispositions, as the escalation wants to know of them."""
    ids = sorted(set(disposition_ids))
    found: dict[int, list[Sent]] = defaultdict(list)
    columns = (notices.c.disposition_id, notices.c.step, notices.c.audience, notices.c.contact_id, notices.c.workday,
               notices.c.state)  # fmt: skip
    for start in range(0, len(ids), 500):
        query = select(*columns).where(notices.c.disposition_id.in_(ids[start : start + 500]))
        for row in conn.execute(query):
            found[row.disposition_id].append(
                Sent(row.step, Role(row.audience), row.contact_id, row.workday, counts=row.state != "cancelled")
            )
    return found


def waiting(conn: Connection, after_contact: int, people: int) -> list[WaitingNotice]:
    """All waiting notices of the next `people` contacts after that contact id; nobody's notices are split."""
    contacts = (
        select(notices.c.contact_id)
        .where(text("state = 'waiting'"), notices.c.contact_id > after_contact)
        .distinct()
        .order_by(notices.c.contact_id)
        .limit(people)
    )
    ids = list(conn.scalars(contacts))
    if not ids:
        return []
    query = (
        select(*_WAITING)
        .where(text("state = 'waiting'"), notices.c.contact_id.between(ids[0], ids[-1]))
        .order_by(notices.c.contact_id, notices.c.id)
    )
    return [_waiting(row) for row in conn.execute(query)]


def of_messages(conn: Connection, message_ids: Sequence[int]) -> dict[int, list[WaitingNotice]]:
    """The notices that each message carries."""
    found: dict[int, list[WaitingNotice]] = defaultdict(list)
    query = select(notices.c.message_id, *_WAITING).where(notices.c.message_id.in_(message_ids))
    for row in conn.execute(query.order_by(notices.c.id)):
        found[row.message_id].append(_waiting(row))
    return found


def of_dispositions(conn: Connection, disposition_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Every notice of these dispositions as plain data, oldest first: for `aspal why`."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    query = (
        select(notices, contacts.c.name)
        .join(contacts, contacts.c.id == notices.c.contact_id)
        .where(notices.c.disposition_id.in_(disposition_ids))
        .order_by(notices.c.id)
    )
    for row in conn.execute(query):
        found[row.disposition_id].append(
            {
                "step": row.step, "audience": row.audience, "contact": row.name, "workday": row.workday.isoformat(),
                "working_days": row.age, "state": row.state, "reason": row.reason, "message": row.message_id,
                "decided_at": row.decided_at.isoformat(),
            }
        )  # fmt: skip
    return found


def bundled(conn: Connection, message_of: Mapping[int, int]) -> None:
    """Marks notices as carried by their message."""
    if message_of:
        conn.execute(
            update(notices)
            .where(notices.c.id == bindparam("b_id"))
            .values(state="bundled", message_id=bindparam("b_message"), reason=None),
            [{"b_id": notice, "b_message": message} for notice, message in message_of.items()],
        )


def cancel(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Takes notices out before they are told, each with its reason."""
    if reasons:
        conn.execute(
            update(notices)
            .where(notices.c.id == bindparam("b_id"), notices.c.state != "cancelled")
            .values(state="cancelled", reason=bindparam("b_reason")),
            [{"b_id": notice, "b_reason": reason} for notice, reason in reasons.items()],
        )


def release(conn: Connection, notice_ids: Sequence[int], reason: str | None = None) -> None:
    """Gives notices back to the next bundling."""
    if notice_ids:
        conn.execute(
            update(notices).where(notices.c.id.in_(notice_ids)).values(state="waiting", message_id=None, reason=reason)
        )


def not_told_today(conn: Connection, disposition_ids: Sequence[int], contact_id: int, workday: date) -> list[int]:
    """Which of these dispositions that person has not heard of, and is not about to hear of, on that working day."""
    query = select(notices.c.disposition_id).where(
        notices.c.contact_id == contact_id,
        notices.c.workday == workday,
        notices.c.state != "cancelled",
        notices.c.disposition_id.in_(disposition_ids),
    )
    told = set(conn.scalars(query))
    return [disposition_id for disposition_id in disposition_ids if disposition_id not in told]


def complaints_told(conn: Connection, contact_ids: Sequence[int], workday: date) -> set[tuple[int, int]]:
    """(contact, complaint) of everything that these people were told on that working day, by whichever unit's part."""
    query = (
        select(notices.c.contact_id, dispositions.c.complaint_id)
        .join(dispositions, dispositions.c.id == notices.c.disposition_id)
        .where(notices.c.workday == workday, notices.c.state == "bundled", notices.c.contact_id.in_(contact_ids))
    )
    return {(row[0], row[1]) for row in conn.execute(query)}


def stale(conn: Connection, before: date) -> dict[int, int]:
    """Notices that still wait although their day is over: notice -> disposition."""
    query = select(notices.c.id, notices.c.disposition_id).where(text("state = 'waiting'"), notices.c.workday < before)
    return {row[0]: row[1] for row in conn.execute(query)}


def put_told(
    conn: Connection, disposition_ids: Sequence[int], step: str, contact_id: int, workday: date, template: str,
    message_id: int, now: datetime,
) -> None:  # fmt: skip
    """A recap spoke of these dispositions: that person hears nothing else about them on that day."""
    if disposition_ids:
        make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
        once_more = {"state": "bundled", "reason": None, "message_id": message_id}  # after a recap that was cancelled
        key = ["disposition_id", "step", "contact_id", "workday"]
        conn.execute(
            make(notices).on_conflict_do_update(index_elements=key, set_=once_more),
            [
                {
                    "disposition_id": disposition_id, "step": step, "audience": str(Role.HEAD),
                    "contact_id": contact_id, "workday": workday, "template": template, "level": 0, "age": 0,
                    "state": "bundled", "decided_at": now, "message_id": message_id,
                }
                for disposition_id in disposition_ids
            ],
        )  # fmt: skip


def explain_wait(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Writes down why notices still wait, for `aspal why`."""
    if reasons:
        conn.execute(
            update(notices).where(notices.c.id == bindparam("b_id")).values(reason=bindparam("b_reason")),
            [{"b_id": notice, "b_reason": reason} for notice, reason in reasons.items()],
        )


def _waiting(row: Any) -> WaitingNotice:
    return WaitingNotice(
        row.id, row.disposition_id, row.step, Role(row.audience), row.contact_id, row.workday, row.template,
        row.level, row.age, row.reason,
    )  # fmt: skip
