"""Notices: one thing to tell one person about one disposition on one working day. Their unique key promises "once"."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, bindparam, select, text, update

from aspal.among import among
from aspal.bulk import bulk_insert, bulk_update
from aspal.conditions import is_told
from aspal.core.bundling import Waiting
from aspal.core.case import Sent
from aspal.core.words import Role
from aspal.tables import contacts, notices
from aspal.unindexed import unindexed


@dataclass(slots=True)
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


class WaitingNotice(NamedTuple):
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

    def to_bundle(self, complaint_id: int, *, digest: bool, approval: bool, zone: str) -> Waiting:
        """The same for core.bundling."""
        return Waiting(
            self.id, self.disposition_id, complaint_id, self.contact_id, self.audience, self.template, self.level,
            self.age, digest, approval, zone,
        )  # fmt: skip


class Carried(NamedTuple):
    """A notice as its message carries it."""

    id: int
    message_id: int
    disposition_id: int
    step: str
    audience: Role
    contact_id: int
    age: int  # working days, as its message says


_ROLES = {role.value: role for role in Role}
_COLUMNS = [notices.c[name] for name in WaitingNotice._fields]
_IS_WAITING = text("state = 'waiting'")
_PEOPLE = (
    select(notices.c.contact_id)
    .where(_IS_WAITING, notices.c.contact_id > bindparam("after"))
    .distinct()
    .order_by(notices.c.contact_id)
    .limit(bindparam("people"))
)
_WAITING = (
    select(*_COLUMNS)
    .where(_IS_WAITING, notices.c.contact_id.between(bindparam("first"), bindparam("last")))
    .order_by(notices.c.contact_id, notices.c.id)
    .with_for_update()
)
_CARRIED = (
    select(*[notices.c[name] for name in Carried._fields])
    .where(among(notices.c.message_id, "messages"))
    .order_by(notices.c.id)
)
_SENT = select(
    notices.c.disposition_id, notices.c.step, notices.c.audience, notices.c.contact_id, notices.c.workday,
    notices.c.state,
).where(among(notices.c.disposition_id, "ids"))  # fmt: skip
_SENT_WHEN = _SENT.add_columns(notices.c.decided_at)  # costs more, and is seldom asked
# Few wait, and have an index of their own; by the day SQLite would walk through the whole past, every minute.
_STALE = select(notices.c.id, notices.c.disposition_id).where(
    _IS_WAITING, unindexed(notices.c.workday) < bindparam("before", type_=Date)
)
_PUT = bulk_insert(
    notices,
    ("disposition_id", "step", "audience", "contact_id", "workday", "template", "level", "age", "state", "decided_at"),
    "ON CONFLICT DO NOTHING",
)
_BUNDLED = bulk_update(notices, "id", ("message_id",), also="state = 'bundled', reason = NULL")


def put(conn: Connection, new: Sequence[NewNotice], now: datetime) -> None:
    """Stores notices; one that exists already by its key stays as it is."""
    every = "waiting", now
    _PUT(
        conn,
        [
            (n.disposition_id, n.step, n.audience.value, n.contact_id, n.workday, n.template, n.level, n.age, *every)
            for n in new
        ],
    )


def sent(conn: Connection, disposition_ids: Iterable[int], *, timed: bool = False) -> dict[int, list[Sent]]:
    """Every notice of these dispositions, as the escalation wants to know of them; `timed`: with their moments."""
    query = _SENT_WHEN if timed else _SENT
    ids = sorted(set(disposition_ids))
    found: dict[int, list[Sent]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        for disposition, step, role, contact, workday, state, *at in conn.execute(
            query, {"ids": ids[start : start + 500]}
        ).all():
            failed = state == "failed"
            counts = not failed and state != "cancelled"
            found[disposition].append(Sent(step, _ROLES[role], contact, workday, counts, failed, *at))
    return found


def any_waiting(conn: Connection, after_contact: int) -> bool:
    """Whether anybody after that contact id has a waiting notice."""
    return conn.execute(_PEOPLE, {"after": after_contact, "people": 1}).first() is not None


def waiting(conn: Connection, after_contact: int, people: int) -> list[WaitingNotice]:
    """All waiting notices of the next `people` contacts after that contact id; nobody's notices are split.

    Locked for this transaction: who takes one of them away meanwhile, with its case, would leave a message that no
    notice holds back any more.
    """
    ids = list(conn.scalars(_PEOPLE, {"after": after_contact, "people": people}))
    if not ids:
        return []
    return [_waiting(row) for row in conn.execute(_WAITING, {"first": ids[0], "last": ids[-1]}).all()]


def of_messages(conn: Connection, message_ids: Sequence[int]) -> dict[int, list[Carried]]:
    """The notices that each message carries."""
    found: dict[int, list[Carried]] = defaultdict(list)
    for number, message, disposition, step, role, *rest in conn.execute(_CARRIED, {"messages": message_ids}).all():
        found[message].append(Carried(number, message, disposition, step, _ROLES[role], *rest))
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
    _BUNDLED(conn, message_of.items())


def cancel(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Takes notices out before they are told, each with its reason."""
    _not_told(conn, reasons, "cancelled")


def fail(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Their messages left and did not arrive, each for its reason."""
    _not_told(conn, reasons, "failed")


def _not_told(conn: Connection, reasons: Mapping[int, str], state: str) -> None:
    if reasons:
        conn.execute(
            update(notices)
            .where(notices.c.id == bindparam("b_id"), is_told())
            .values(state=state, reason=bindparam("b_reason")),
            [{"b_id": notice, "b_reason": reason} for notice, reason in reasons.items()],
        )


def recount(conn: Connection, ages: Mapping[int, int]) -> None:
    """Puts right how many working days notices speak of: the calendar or the day of disposition changed since."""
    if ages:
        conn.execute(
            update(notices).where(notices.c.id == bindparam("b_id")).values(age=bindparam("b_age")),
            [{"b_id": notice, "b_age": age} for notice, age in ages.items()],
        )


def detach(conn: Connection, notice_ids: Sequence[int]) -> None:
    """Their message speaks of them no longer."""
    if notice_ids:
        conn.execute(update(notices).where(notices.c.id.in_(notice_ids)).values(message_id=None))


def release(conn: Connection, notice_ids: Sequence[int], reason: str | None = None) -> None:
    """Gives notices back to the next bundling."""
    if notice_ids:
        conn.execute(
            update(notices).where(notices.c.id.in_(notice_ids)).values(state="waiting", message_id=None, reason=reason)
        )


def stale(conn: Connection, before: date) -> dict[int, int]:
    """Notices that still wait although their day is over: notice -> disposition."""
    return {row[0]: row[1] for row in conn.execute(_STALE, {"before": before})}


def explain_wait(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Writes down why notices still wait, for `aspal why`."""
    if reasons:
        conn.execute(
            update(notices).where(notices.c.id == bindparam("b_id")).values(reason=bindparam("b_reason")),
            [{"b_id": notice, "b_reason": reason} for notice, reason in reasons.items()],
        )


def _waiting(row: Any) -> WaitingNotice:
    number, disposition, step, role, *rest = row
    return WaitingNotice(number, disposition, step, _ROLES[role], *rest)
