"""The outbox: messages from plan to proof. Row first, HTTP second; every completion is fenced by the attempt's token.

Claims, marks and reports are guarded UPDATEs: whoever comes late changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, TextClause, and_, bindparam, case, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from aspal.core.bundling import ToldToday
from aspal.core.delivery import State, below
from aspal.tables import attempts, contacts, dispositions, messages, notices

ABOUT_US = ("kabar_sistem", "uji_pagi")  # the system's own health: in nobody's daily cap, and nothing for the brake
ANSWER_PRIORITY = 0  # somebody is waiting at the other end


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message, as the delivery needs it."""

    id: int
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
    token: str | None
    attempts: int
    claimed_at: datetime | None
    looks: int
    provider_sid: str | None
    in_reply_to_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt."""

    message_id: int
    token: str
    state: State  # ACCEPTED, WAITING (again), UNKNOWN, FAILED, HELD
    provider_sid: str | None = None
    error_code: int | None = None
    reason: str | None = None
    not_before: datetime | None = None


_MESSAGE = [messages.c[name] for name in Message.__dataclass_fields__]


def lock_station(conn: Connection, name: str) -> None:
    """One run of a station at a time; SQLite's writer lock does that by itself."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"aspal-{name}"))))


def put(conn: Connection, new: Sequence[NewMessage], now: datetime) -> list[int | None]:
    """Stores messages and returns their ids in order; None where the dedupe key exists already."""
    plain = [n for n in new if n.dedupe_key is None]
    ids: dict[int, int | None] = {}
    if plain:
        rows = conn.scalars(
            insert(messages).returning(messages.c.id, sort_by_parameter_order=True), [_row(n, now) for n in plain]
        )
        ids = {id(n): row for n, row in zip(plain, rows, strict=True)}
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    for n in new:
        if n.dedupe_key is not None:
            ids[id(n)] = conn.scalar(
                make(messages).values(**_row(n, now)).on_conflict_do_nothing().returning(messages.c.id)
            )
    return [ids[id(n)] for n in new]


def put_answer(
    conn: Connection, *, contact_id: int | None, address: str, text: str, now: datetime, dedupe_key: str,
    reply_id: int | None = None, buttons: Sequence[str] = (),
) -> int | None:  # fmt: skip
    """Free text to somebody who has just written; it leaves at once or, while they may be asleep, not at all.

    `buttons` are written as a last line, because free text has none without an approved template.
    """
    body = f"{text}\n\nBalas: {' / '.join(buttons)}" if buttons else text
    answer = NewMessage(
        contact_id, address, None, {}, body[:1600], now.date(), State.WAITING, ANSWER_PRIORITY, now,
        now + timedelta(hours=23), None, dedupe_key, reply_id,
    )  # fmt: skip
    return put(conn, [answer], now)[0]


def told_today(conn: Connection, contact_ids: Sequence[int], workday: date) -> dict[int, ToldToday]:
    """How much each person was already told on that working day; answers to their own questions do not count."""
    told: dict[int, ToldToday] = {}
    query = select(messages.c.contact_id, messages.c.template).where(
        messages.c.workday == workday,
        messages.c.contact_id.in_(contact_ids),
        _planned(),
    )
    for contact_id, template in conn.execute(query):
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
    query = select(func.count()).where(messages.c.workday == workday, _planned())
    return conn.scalar(query) or 0


def busiest_day(conn: Connection, since: date, before: date) -> int:
    """The most messages planned on one day in that span; days held by the brake count only what was let through."""
    days = (
        select(func.count().label("n"))
        .where(messages.c.workday >= since, messages.c.workday < before, _planned(), messages.c.state != State.HELD)
        .group_by(messages.c.workday)
        .subquery()
    )
    return conn.scalar(select(func.max(days.c.n))) or 0


def _planned() -> Any:
    return and_(
        messages.c.template.is_not(None), messages.c.template.not_in(ABOUT_US), messages.c.in_reply_to_id.is_(None),
        messages.c.state != State.CANCELLED,
    )  # fmt: skip


# --- delivery -------------------------------------------------------------------------------------------------


def any_due(conn: Connection, now: datetime) -> bool:
    """Whether any message's time has come."""
    query = select(messages.c.id).where(text("state = 'waiting'"), messages.c.not_before <= now).limit(1)
    return conn.execute(query).first() is not None


def expired(conn: Connection, now: datetime) -> list[int]:
    """Messages of an earlier day that still wait."""
    query = select(messages.c.id).where(text("state = 'waiting'"), messages.c.expires_at <= now)
    return list(conn.scalars(query))


def due(conn: Connection, now: datetime, limit: int) -> list[Message]:
    """Messages whose time has come, most urgent first, locked for this transaction."""
    query = (
        select(*_MESSAGE)
        .where(text("state = 'waiting'"), messages.c.not_before <= now)
        .order_by(messages.c.priority, messages.c.id)
        .limit(limit)
    )
    if conn.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    return [_message(row) for row in conn.execute(query)]


def claim(conn: Connection, tokens: Mapping[int, str], now: datetime, lease: timedelta) -> None:
    """Takes messages for sending: state, token and lease are committed before anything leaves."""
    conn.execute(
        update(messages)
        .where(messages.c.id == bindparam("b_id"), text("state = 'waiting'"))
        .values(
            state=State.SENDING, token=bindparam("b_token"), lease_until=now + lease, claimed_at=now,
            attempts=messages.c.attempts + 1, looks=0, reason=None,
        ),
        [{"b_id": message_id, "b_token": token} for message_id, token in tokens.items()],
    )  # fmt: skip
    conn.execute(
        insert(attempts), [{"token": token, "message_id": i, "claimed_at": now} for i, token in tokens.items()]
    )


def complete(conn: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Writes what became of attempts. Only the attempt that still holds the message may move it back or fail it;
    an acceptance is knowledge and counts whoever brings it."""
    accepted = [o for o in outcomes if o.state is State.ACCEPTED]
    if accepted:
        conn.execute(
            update(messages)
            .where(messages.c.id == bindparam("b_id"), messages.c.provider_sid.is_(None))
            .values(
                provider_sid=bindparam("b_sid"), accepted_at=now, lease_until=None,
                state=case(
                    (_in_state(below(State.ACCEPTED)), literal(State.ACCEPTED)), else_=messages.c.state
                ),
            ),
            [{"b_id": o.message_id, "b_sid": o.provider_sid} for o in accepted],
        )  # fmt: skip
    for o in outcomes:
        if o.state is not State.ACCEPTED:
            _complete_otherwise(conn, o, now)
    conn.execute(
        update(attempts).where(attempts.c.token == bindparam("b_token")).values(
            outcome=bindparam("b_outcome"), detail=bindparam("b_detail")
        ),
        [{"b_token": o.token, "b_outcome": str(o.state), "b_detail": o.reason} for o in outcomes],
    )  # fmt: skip


def _complete_otherwise(conn: Connection, o: Outcome, now: datetime) -> None:
    values: dict[str, Any] = {"state": o.state, "error_code": o.error_code, "reason": o.reason}
    if o.state is State.WAITING:
        values |= {"not_before": o.not_before, "lease_until": None}
    elif o.state is State.UNKNOWN:
        values |= {"lease_until": o.not_before}  # when reconcile asks the provider
    elif o.state is State.FAILED:
        values |= {"failed_at": now, "lease_until": None}
    conn.execute(
        update(messages)
        .where(messages.c.id == o.message_id, messages.c.token == o.token, messages.c.state == State.SENDING)
        .values(**values)
    )


def defer(conn: Connection, until: Mapping[int, tuple[datetime, str]]) -> None:
    """Messages that may not leave yet: until when, and why."""
    if until:
        conn.execute(
            update(messages)
            .where(messages.c.id == bindparam("b_id"), text("state = 'waiting'"))
            .values(not_before=bindparam("b_until"), reason=bindparam("b_reason")),
            [{"b_id": i, "b_until": moment, "b_reason": why} for i, (moment, why) in until.items()],
        )


def hold(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Messages that an admin must look at first."""
    _move(conn, reasons, (State.WAITING, State.UNKNOWN), State.HELD)


def cancel(conn: Connection, reasons: Mapping[int, str]) -> None:
    """Messages that are superseded; only one that certainly has not left can be cancelled. A recap may be written
    anew, so it gives its key back."""
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


def again(conn: Connection, message_id: int, now: datetime) -> None:
    """An attempt that the provider has certainly not taken: the message waits once more."""
    conn.execute(
        update(messages)
        .where(messages.c.id == message_id, messages.c.state == State.UNKNOWN)
        .values(
            state=State.WAITING, not_before=now, lease_until=None, reason="Tidak ditemukan di penyedia; dikirim lagi."
        )
    )


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


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a contact may be written to at all."""

    guest: bool
    opted_out: bool
    unreachable: bool
    consented: bool
    last_inbound_at: datetime | None


def standings(conn: Connection, contact_ids: Sequence[int]) -> dict[int, Standing]:
    """How these contacts stand with us."""
    query = select(contacts).where(contacts.c.id.in_(contact_ids))
    return {
        row.id: Standing(
            row.guest,
            row.opted_out_at is not None,
            row.unreachable_at is not None,
            row.consent_at is not None,
            row.last_inbound_at,
        )
        for row in conn.execute(query)
    }


def sent_lately(conn: Connection, addresses: Sequence[str], since: datetime) -> dict[str, int]:
    """How many messages left for each address since then."""
    query = (
        select(messages.c.address, func.count())
        .where(messages.c.claimed_at >= since, messages.c.address.in_(addresses))
        .group_by(messages.c.address)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def recipients_since(conn: Connection, since: datetime) -> set[int]:
    """The people written to outside their service window since then: what the portfolio's daily limit counts."""
    query = select(messages.c.contact_id).where(
        messages.c.claimed_at > since, messages.c.template.is_not(None), messages.c.contact_id.is_not(None)
    )
    return {contact for contact in conn.scalars(query.distinct()) if contact is not None}


# --- what the provider says -----------------------------------------------------------------------------------


def leases_over(conn: Connection, now: datetime) -> list[int]:
    """Messages whose sender died: whether they left is unknown, and is asked at once."""
    ids = list(
        conn.scalars(select(messages.c.id).where(messages.c.state == State.SENDING, messages.c.lease_until <= now))
    )
    if ids:
        conn.execute(
            update(messages)
            .where(messages.c.id.in_(ids), messages.c.state == State.SENDING, messages.c.lease_until <= now)
            .values(state=State.UNKNOWN, lease_until=now, reason="Pengirim berhenti sebelum hasilnya tercatat.")
        )
    return ids


def unknown(conn: Connection, now: datetime, limit: int) -> list[Message]:
    """Messages that reconcile should ask the provider about now."""
    query = (
        select(*_MESSAGE)
        .where(messages.c.state == State.UNKNOWN, messages.c.lease_until <= now)
        .order_by(messages.c.lease_until, messages.c.id)
        .limit(limit)
    )
    return [_message(row) for row in conn.execute(query)]


def doubtful_to(conn: Connection, address: str) -> list[int]:
    """Every message to that person whose sending is in doubt."""
    doubtful = messages.c.state.in_((State.UNKNOWN, State.SENDING))
    return list(conn.scalars(select(messages.c.id).where(doubtful, messages.c.address == address)))


def wake_from_future(conn: Connection, now: datetime) -> None:
    """After a clock that was ahead went back: nothing waits, or is leased, until moments that it had only dreamt."""
    conn.execute(
        update(messages)
        .where(messages.c.state.in_((State.SENDING, State.UNKNOWN)), messages.c.claimed_at > now)
        .values(lease_until=now)
    )
    conn.execute(
        update(messages).where(messages.c.state == State.WAITING, messages.c.created_at > now).values(not_before=now)
    )


def is_doubtful(conn: Connection, message: Message) -> bool:
    """Whether that very attempt is still in doubt and nobody has looked since; locked until the transaction ends."""
    query = select(messages.c.id).where(
        messages.c.id == message.id, messages.c.state == State.UNKNOWN, messages.c.token == message.token,
        messages.c.looks == message.looks,
    )  # fmt: skip
    if conn.dialect.name == "postgresql":
        query = query.with_for_update()
    return conn.execute(query).first() is not None


def told_after_all(conn: Connection, message_id: int) -> None:
    """The provider has it although we had given it up or begun to repeat it: it counts, and the copy does not leave."""
    copy = conn.scalar(
        update(messages)
        .where(
            messages.c.dedupe_key == f"resend:{message_id}", messages.c.state.in_((State.WAITING, State.HELD))
        )
        .values(state=State.CANCELLED, reason="Pesan semula ternyata sampai.")
        .returning(messages.c.id)
    )  # fmt: skip
    if copy is not None:
        conn.execute(update(notices).where(notices.c.message_id == copy).values(message_id=message_id))
    conn.execute(
        update(notices)
        .where(notices.c.message_id == message_id, notices.c.state == "cancelled")
        .values(state="bundled", reason=None)
    )


def silent(conn: Connection, before: datetime, now: datetime, limit: int) -> list[Message]:
    """Messages accepted long ago about which no final report has come."""
    query = (
        select(*_MESSAGE)
        .where(
            messages.c.state.in_((State.ACCEPTED, State.SENT)),
            messages.c.provider_sid.is_not(None),
            messages.c.claimed_at <= before,
            or_(messages.c.lease_until.is_(None), messages.c.lease_until <= now),
        )
        .order_by(messages.c.id)
        .limit(limit)
    )
    return [_message(row) for row in conn.execute(query)]


def look_again(conn: Connection, message_id: int, at: datetime, *, looked: bool = True) -> None:
    """When the provider is to be asked about this message next."""
    conn.execute(
        update(messages)
        .where(messages.c.id == message_id)
        .values(lease_until=at, looks=messages.c.looks + (1 if looked else 0))
    )


def unattached(conn: Connection, sids: Sequence[str]) -> set[str]:
    """Which of the provider's ids belong to no message of ours."""
    known = set(conn.scalars(select(messages.c.provider_sid).where(messages.c.provider_sid.in_(sids))))
    return set(sids) - known


def resend(
    conn: Connection, message_id: int, not_before: datetime, now: datetime, *, by_hand: bool = False
) -> int | None:
    """A fresh copy of a failed message, carrying its notices; None when it was repeated already.

    `by_hand`: an admin wants it said although its day is over, and to the number that the directory holds now.
    """
    row = conn.execute(select(messages).where(messages.c.id == message_id)).first()
    if row is None:
        return None
    address, expires_at = row.address, row.expires_at
    if by_hand:
        expires_at = None
        address = conn.scalar(select(contacts.c.phone).where(contacts.c.id == row.contact_id)) or row.address
    copy = NewMessage(
        row.contact_id, address, row.template, row.variables or {}, row.text, row.workday, State.WAITING,
        row.priority, not_before, expires_at, None, f"resend:{message_id}", row.in_reply_to_id,
    )  # fmt: skip
    new_id = put(conn, [copy], now)[0]
    if new_id is not None:
        conn.execute(update(messages).where(messages.c.id == new_id).values(resend_of_id=message_id))
        conn.execute(update(notices).where(notices.c.message_id == message_id).values(message_id=new_id))
    return new_id


def by_id(conn: Connection, message_id: int) -> Message | None:
    """One message."""
    row = conn.execute(select(*_MESSAGE).where(messages.c.id == message_id)).first()
    return _message(row) if row else None


def resends_before(conn: Connection, message_id: int) -> int:
    """How many times this message is already a repetition."""
    count, current = 0, message_id
    while True:
        parent = conn.scalar(select(messages.c.resend_of_id).where(messages.c.id == current))
        if parent is None:
            return count
        count, current = count + 1, parent


def dispositions_of(conn: Connection, message_ids: Sequence[int]) -> dict[int, list[int]]:
    """Which dispositions each message speaks of."""
    found: dict[int, list[int]] = {}
    query = select(notices.c.message_id, notices.c.disposition_id).where(notices.c.message_id.in_(message_ids))
    for message_id, disposition_id in conn.execute(query.distinct()):
        found.setdefault(message_id, []).append(disposition_id)
    return found


def complaints_of(conn: Connection, message_ids: Sequence[int]) -> dict[int, int]:
    """The complaint that each message speaks of; of a digest, the first."""
    query = (
        select(notices.c.message_id, func.min(dispositions.c.complaint_id))
        .join(dispositions, dispositions.c.id == notices.c.disposition_id)
        .where(notices.c.message_id.in_(message_ids))
        .group_by(notices.c.message_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def notices_of_sid(conn: Connection, provider_sid: str) -> list[int]:
    """The dispositions that a quoted message spoke of, also when the message was repeated since."""
    message_id = conn.scalar(select(messages.c.id).where(messages.c.provider_sid == provider_sid))
    while message_id is not None:
        spoken = dispositions_of(conn, [message_id]).get(message_id)
        if spoken:
            return spoken
        message_id = conn.scalar(select(messages.c.id).where(messages.c.resend_of_id == message_id))
    return []


def flag_contact(conn: Connection, contact_id: int, now: datetime, *, opted_out: bool, reason: str | None) -> None:
    """The provider says this person cannot, or does not want to, be reached."""
    values = {"opted_out_at": now} if opted_out else {"unreachable_at": now, "unreachable_reason": reason}
    conn.execute(update(contacts).where(contacts.c.id == contact_id).values(**values))


def _row(n: NewMessage, now: datetime) -> dict[str, Any]:
    return {
        "contact_id": n.contact_id, "address": n.address, "template": n.template, "variables": dict(n.variables),
        "text": n.text, "workday": n.workday, "state": str(n.state), "priority": n.priority,
        "not_before": n.not_before, "expires_at": n.expires_at, "reason": n.reason, "dedupe_key": n.dedupe_key,
        "in_reply_to_id": n.in_reply_to_id, "created_at": now,
    }  # fmt: skip


def _message(row: Any) -> Message:
    return Message(
        row.id, row.contact_id, row.address, row.template, row.variables or {}, row.text, row.workday,
        State(row.state), row.priority, row.not_before, row.expires_at, row.token, row.attempts, row.claimed_at,
        row.looks, row.provider_sid, row.in_reply_to_id, row.created_at,
    )  # fmt: skip
