"""Messages on their way: what is due, who takes it, what came of it. Row first, HTTP second.

A claim gives each message a token; only the attempt that holds it may move the message back or fail it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select, text, update

from aspal.among import among
from aspal.bulk import bulk_insert, bulk_update
from aspal.core.delivery import State, below
from aspal.tables import attempts, contacts, messages, replies


class Due(NamedTuple):
    """A message whose time has come, and how its addressee stands with us."""

    id: int
    contact_id: int | None
    address: str
    template: str | None
    variables: Mapping[str, str]
    text: str
    priority: int
    expires_at: datetime | None
    attempts: int
    created_at: datetime
    document_url: str | None
    guest: bool
    opted_out: bool
    unreachable: bool
    heard_at: datetime | None  # when the addressee last wrote to us
    address_now: str | None = None  # of the contact; the message's own is as it was when it was written


class Written(NamedTuple):
    """How much one person was sent lately."""

    lately: int  # messages since the short span began
    opened: bool  # a template since the long one began: the person counts against the portfolio already


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


_WAITING = text("messages.state = 'waiting'")
_ANY_DUE = select(messages.c.id).where(_WAITING, messages.c.not_before <= bindparam("now")).limit(1)
_DUE = (
    select(
        *[messages.c[name] for name in Due._fields[:11]],
        contacts.c.guest,
        contacts.c.opted_out_at.is_not(None),
        contacts.c.unreachable_at.is_not(None),
        func.coalesce(contacts.c.last_inbound_at, replies.c.received_at),
        func.coalesce(contacts.c.phone, contacts.c.whatsapp_id),
    )
    .select_from(
        messages.outerjoin(contacts, contacts.c.id == messages.c.contact_id).outerjoin(
            replies,
            and_(messages.c.contact_id.is_(None), replies.c.id == messages.c.in_reply_to_id),  # a stranger
        )
    )
    .where(_WAITING, messages.c.not_before <= bindparam("now"))
    .order_by(messages.c.priority, messages.c.id)
    .limit(bindparam("most"))
)
_DUE_LOCKED = _DUE.with_for_update(of=messages, skip_locked=True)
_CLAIM = bulk_update(
    messages, "id", ("token", "lease_until", "claimed_at"),
    also="state = 'sending', attempts = messages.attempts + 1, looks = 0, reason = NULL", where="state = 'waiting'",
)  # fmt: skip
_ATTEMPT = bulk_insert(attempts, ("token", "message_id", "claimed_at"))
_BEFORE_ACCEPTED = ", ".join(f"'{state}'" for state in below(State.ACCEPTED))
_ACCEPT = bulk_update(
    messages, "id", ("provider_sid", "accepted_at"),
    also=f"lease_until = NULL, state = CASE WHEN state IN ({_BEFORE_ACCEPTED}) THEN 'accepted' ELSE state END",
    where="messages.provider_sid IS NULL",
)  # fmt: skip
_END_ATTEMPT = bulk_update(attempts, "token", ("outcome", "detail"))
_SINCE = messages.c.claimed_at > bindparam("since")
_CLAIMED = select(func.count()).where(_SINCE)
_NEWEST = (
    select(messages.c.claimed_at)
    .where(messages.c.claimed_at.is_not(None))
    .order_by(messages.c.claimed_at.desc())
    .limit(1)
)
_OPENED = _SINCE & messages.c.template.is_not(None) & messages.c.contact_id.is_not(None)
_PEOPLE = select(func.count(messages.c.contact_id.distinct())).where(_OPENED)
_TO_PEOPLE = (
    select(
        messages.c.contact_id,
        func.count().filter(messages.c.claimed_at >= bindparam("lately")),
        func.count(messages.c.template),
    )
    .where(among(messages.c.contact_id, "contacts"), _SINCE)
    .group_by(messages.c.contact_id)
)
_LAST_CLAIM = select(func.max(messages.c.claimed_at)).where(messages.c.contact_id == contacts.c.id)
_LAST = select(contacts.c.id, _LAST_CLAIM.scalar_subquery()).where(among(contacts.c.id, "contacts"))
_TO_STRANGERS = (
    select(messages.c.address, func.count())
    .where(messages.c.address.in_(bindparam("addresses", expanding=True)), messages.c.claimed_at >= bindparam("lately"))
    .group_by(messages.c.address)
)


def any_due(conn: Connection, now: datetime) -> bool:
    """Whether any message's time has come."""
    return conn.execute(_ANY_DUE, {"now": now}).first() is not None


def due(conn: Connection, now: datetime, limit: int) -> list[Due]:
    """Messages whose time has come, most urgent first, locked for this transaction."""
    query = _DUE if conn.dialect.name == "sqlite" else _DUE_LOCKED
    return list(map(Due._make, conn.execute(query, {"now": now, "most": limit}).all()))


def claim(conn: Connection, tokens: Mapping[int, str], now: datetime, lease: timedelta) -> None:
    """Takes messages for sending: state, token and lease are committed before anything leaves."""
    until = now + lease
    _CLAIM(conn, [(message_id, token, until, now) for message_id, token in tokens.items()])
    _ATTEMPT(conn, [(token, message_id, now) for message_id, token in tokens.items()])


def complete(conn: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Writes what became of attempts. Only the attempt that still holds the message may move it back or fail it;
    an acceptance is knowledge and counts whoever brings it."""
    _ACCEPT(conn, [(o.message_id, o.provider_sid, now) for o in outcomes if o.state is State.ACCEPTED])
    for o in outcomes:
        if o.state is not State.ACCEPTED:
            _complete_otherwise(conn, o, now)
    _END_ATTEMPT(conn, [(o.token, o.state.value, o.reason) for o in outcomes])


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
            .where(messages.c.id == bindparam("b_id"), _WAITING)
            .values(not_before=bindparam("b_until"), reason=bindparam("b_reason")),
            [{"b_id": i, "b_until": moment, "b_reason": why} for i, (moment, why) in until.items()],
        )


def claimed_since(conn: Connection, since: datetime) -> int:
    """How many messages were taken for sending since then: never fewer than the people they went to."""
    return conn.scalar(_CLAIMED, {"since": since}) or 0


def newest(conn: Connection) -> datetime | None:
    """When a message last left, to whomever; None when none ever did."""
    return conn.scalar(_NEWEST)


def people_since(conn: Connection, since: datetime) -> int:
    """How many people were written to first since then: what the portfolio's daily limit counts."""
    return conn.scalar(_PEOPLE, {"since": since}) or 0


def written_to(conn: Connection, contact_ids: Sequence[int], since: datetime, lately: datetime) -> dict[int, Written]:
    """How much each of these people was sent in a long span and in the short one at its end."""
    if not contact_ids:
        return {}
    found = conn.execute(_TO_PEOPLE, {"contacts": contact_ids, "since": since, "lately": lately})
    return {contact: Written(count, bool(opened)) for contact, count, opened in found}


def last_written(conn: Connection, contact_ids: Sequence[int]) -> dict[int, datetime]:
    """When a message last left for each of these people; not for those to whom none ever did."""
    return {row[0]: row[1] for row in conn.execute(_LAST, {"contacts": contact_ids}).all() if row[1] is not None}


def written_to_strangers(conn: Connection, addresses: Sequence[str], lately: datetime) -> dict[str, int]:
    """How many messages lately left for addresses that belong to nobody we know."""
    if not addresses:
        return {}
    return {row[0]: row[1] for row in conn.execute(_TO_STRANGERS, {"addresses": addresses, "lately": lately})}
