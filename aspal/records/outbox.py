"""The outbox before anything leaves: messages planned, counted, held, released and cancelled.

sending.py takes them from here, doubt.py asks about those whose fate is unknown, resending.py repeats one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, and_, bindparam, func, select, text, update

from aspal.among import among
from aspal.bulk import bulk_insert
from aspal.core import window
from aspal.core.bundling import ToldToday
from aspal.core.delivery import State
from aspal.db import upsert
from aspal.tables import messages

ABOUT_US = ("kabar_sistem", "uji_pagi")  # the system's own health: in nobody's daily cap, and nothing for the brake
ANSWER_PRIORITY = 0  # somebody is waiting at the other end


@dataclass(slots=True)
class NewMessage:
    """A message to be written down; `template` None means free text inside the 24-hour window."""

    contact_id: int | None
    address: str
    template: str | None
    variables: Mapping[str, str]
    text: str
    workday: date
    state: State
    priority: int
    not_before: datetime
    expires_at: datetime | None
    reason: str | None = None
    dedupe_key: str | None = None
    in_reply_to_id: int | None = None
    document_url: str | None = None


class Message(NamedTuple):
    """A stored message, as far as decisions about it need it."""

    id: int
    contact_id: int | None
    template: str | None
    state: State


_PLANNED = and_(
    messages.c.template.is_not(None), messages.c.template.not_in(ABOUT_US), messages.c.in_reply_to_id.is_(None),
    messages.c.state != State.CANCELLED,
)  # fmt: skip
_TOLD = select(messages.c.contact_id, messages.c.template).where(
    messages.c.workday == bindparam("workday"), among(messages.c.contact_id, "contacts"), _PLANNED
)
_PUT = bulk_insert(
    messages,
    ("id", "contact_id", "address", "template", "variables", "text", "workday", "state", "priority", "not_before",
     "expires_at", "reason", "in_reply_to_id", "created_at", "attempts", "looks"),
)  # fmt: skip


def lock_station(conn: Connection, name: str) -> None:
    """One run of a station at a time; SQLite's writer lock does that by itself."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"aspal-{name}"))))


def put(conn: Connection, new: Sequence[NewMessage], now: datetime) -> list[int | None]:
    """Stores messages and returns their ids in order; None where the dedupe key exists already."""
    plain = [n for n in new if n.dedupe_key is None]
    taken = iter(_take_ids(conn, len(plain)))
    numbered = {id(n): next(taken) for n in plain}
    _PUT(conn, [_values(numbered[id(n)], n, now) for n in plain])
    return [numbered[id(n)] if n.dedupe_key is None else _put_once(conn, n, now) for n in new]


def _take_ids(conn: Connection, count: int) -> Sequence[int]:
    """Ids for new messages: known before they are written, so that many are written at once."""
    if not count:
        return ()
    if conn.dialect.name == "sqlite":  # the writer is alone
        first = (conn.scalar(select(func.max(messages.c.id))) or 0) + 1
        return range(first, first + count)
    sequence = func.pg_get_serial_sequence("messages", "id")
    return conn.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count))).all()


def _values(number: int, n: NewMessage, now: datetime) -> tuple[Any, ...]:
    return (
        number, n.contact_id, n.address, n.template, n.variables, n.text, n.workday, n.state.value, n.priority,
        n.not_before, n.expires_at, n.reason, n.in_reply_to_id, now, 0, 0,
    )  # fmt: skip


def _put_once(conn: Connection, n: NewMessage, now: datetime) -> int | None:
    values = {
        "contact_id": n.contact_id, "address": n.address, "template": n.template, "variables": dict(n.variables),
        "text": n.text, "workday": n.workday, "state": n.state.value, "priority": n.priority,
        "not_before": n.not_before, "expires_at": n.expires_at, "reason": n.reason, "dedupe_key": n.dedupe_key,
        "in_reply_to_id": n.in_reply_to_id, "created_at": now, "document_url": n.document_url,
    }  # fmt: skip
    number: int | None = conn.scalar(
        upsert(conn, messages).values(values).on_conflict_do_nothing().returning(messages.c.id)
    )
    return number


def put_answer(
    conn: Connection, *, contact_id: int | None, address: str, text: str, now: datetime, dedupe_key: str,
    reply_id: int | None = None, document_url: str | None = None,
) -> int | None:  # fmt: skip
    """Free text to somebody who has just written. It leaves at once; where it could not and they may be asleep by now,
    it waits for the next opening, and is cancelled once WhatsApp's 24 hours for free text are over."""
    answer = NewMessage(
        contact_id, address, None, {}, text[:1600], now.date(), State.WAITING, ANSWER_PRIORITY, now,
        window.last_call(now), None, dedupe_key, reply_id, document_url,
    )  # fmt: skip
    return put(conn, [answer], now)[0]


def told_today(conn: Connection, contact_ids: Sequence[int], workday: date) -> dict[int, ToldToday]:
    """How much each person was already told on that working day; answers to their own questions do not count."""
    told: dict[int, ToldToday] = {}
    for contact_id, template in conn.execute(_TOLD, {"workday": workday, "contacts": contact_ids}).all():
        before = told.get(contact_id, ToldToday())
        digests = (
            before.digests | {template}
            if template.startswith(("ringkasan_", "rekap_", "tunggakan_"))
            else before.digests
        )
        told[contact_id] = ToldToday(before.messages + 1, digests)
    return told


def planned_on(conn: Connection, workday: date) -> int:
    """Messages planned for that day, answers left out: what the volume brake looks at."""
    query = select(func.count()).where(messages.c.workday == workday, _PLANNED)
    return conn.scalar(query) or 0


def busiest_day(conn: Connection, before: date) -> int:
    """The most messages planned on one of the twenty working days before that day, holidays or not; days held by the
    brake count only what was let through."""
    since = before - timedelta(days=28)
    days = (
        select(func.count().label("n"))
        .where(messages.c.workday >= since, messages.c.workday < before, _PLANNED, messages.c.state != State.HELD)
        .group_by(messages.c.workday)
        .subquery()
    )
    return conn.scalar(select(func.max(days.c.n))) or 0


_EXPIRED = select(messages.c.id).where(text("state = 'waiting'"), messages.c.expires_at <= bindparam("now"))


def expired(conn: Connection, now: datetime) -> list[int]:
    """Messages of an earlier day that still wait."""
    return list(conn.scalars(_EXPIRED, {"now": now}))


def hold(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Messages that an admin must look at first."""
    _move(conn, reasons, (State.WAITING, State.UNKNOWN), State.HELD)


def reword(conn: Connection, words: Mapping[int, tuple[Mapping[str, str], str]]) -> None:
    """Other variables and text for messages that have not left."""
    for message_id, (variables, body) in words.items():
        conn.execute(
            update(messages)
            .where(messages.c.id == message_id, messages.c.state == State.WAITING)
            .values(variables=dict(variables), text=body)
        )


def cancel(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Messages that are superseded; only one that certainly has not left can be cancelled. A recap may be written
    anew, so it gives its key back."""
    if not reasons:
        return
    _move(conn, reasons, (State.WAITING, State.HELD, State.UNKNOWN), State.CANCELLED)
    conn.execute(
        update(messages)
        .where(messages.c.id.in_(list(reasons)), messages.c.dedupe_key.startswith("recap:"))
        .values(dedupe_key=None)
    )


def held_before(conn: Connection, contact_id: int, template: str, workday: date) -> list[int]:
    """Messages of that kind to that person that nobody released on their own day."""
    query = select(messages.c.id).where(
        messages.c.contact_id == contact_id,
        messages.c.template == template,
        messages.c.state == State.HELD,
        messages.c.workday < workday,
    )
    return list(conn.scalars(query))


def release(conn: Connection, message_ids: Sequence[int], now: datetime) -> int:
    """Lets held messages go; returns how many were held."""
    result = conn.execute(
        update(messages)
        .where(messages.c.id.in_(message_ids), messages.c.state == State.HELD)
        .values(state=State.WAITING, not_before=now, reason=None)
    )
    return result.rowcount


def by_id(conn: Connection, message_id: int, *, locked: bool = False) -> Message | None:
    """One message; `locked`: nobody else sends or changes it until this transaction ends."""
    query = select(*[messages.c[name] for name in Message._fields]).where(messages.c.id == message_id)
    row = conn.execute(query.with_for_update() if locked else query).first()
    return Message(row.id, row.contact_id, row.template, State(row.state)) if row else None


def _in_state(states: Sequence[State]) -> TextClause:
    """The same as `state IN (…)`, spelled out: an expanding parameter cannot be used with many rows at once."""
    return text("messages.state IN ({})".format(", ".join(f"'{state}'" for state in states)))


def _move(conn: Connection, reasons: Mapping[int, str], before: tuple[State, ...], after: State) -> None:
    if reasons:
        conn.execute(
            update(messages)
            .where(messages.c.id == bindparam("b_id"), _in_state(before))
            .values(state=after, reason=bindparam("b_reason")),
            [{"b_id": message_id, "b_reason": why} for message_id, why in reasons.items()],
        )
