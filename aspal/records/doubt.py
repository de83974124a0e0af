"""Messages whose fate is unknown: who is asked about, when, and who was quicker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from aspal.core.delivery import State
from aspal.tables import messages


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A message that the provider is asked about."""

    id: int
    address: str
    text: str
    expires_at: datetime | None
    token: str | None
    attempts: int
    claimed_at: datetime | None
    looks: int
    provider_sid: str | None


_DOUBTFUL = [messages.c[name] for name in Doubtful.__dataclass_fields__]


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


def unknown(conn: Connection, now: datetime, limit: int) -> list[Doubtful]:
    """Messages that reconcile should ask the provider about now."""
    return _read(
        conn,
        select(*_DOUBTFUL)
        .where(messages.c.state == State.UNKNOWN, messages.c.lease_until <= now)
        .order_by(messages.c.lease_until, messages.c.id)
        .limit(limit),
    )


def silent(conn: Connection, before: datetime, now: datetime, limit: int) -> list[Doubtful]:
    """Messages accepted long ago about which no final report has come."""
    return _read(
        conn,
        select(*_DOUBTFUL)
        .where(
            messages.c.state.in_((State.ACCEPTED, State.SENT)),
            messages.c.provider_sid.is_not(None),
            messages.c.claimed_at <= before,
            or_(messages.c.lease_until.is_(None), messages.c.lease_until <= now),
        )
        .order_by(messages.c.id)
        .limit(limit),
    )


def doubtful_to(conn: Connection, address: str) -> list[int]:
    """Every message to that person whose sending is in doubt."""
    doubtful = messages.c.state.in_((State.UNKNOWN, State.SENDING))
    return list(conn.scalars(select(messages.c.id).where(doubtful, messages.c.address == address)))


def is_doubtful(conn: Connection, message: Doubtful) -> bool:
    """Whether that very attempt is still in doubt and nobody has looked since; locked until the transaction ends."""
    return _stands(conn, message, messages.c.state == State.UNKNOWN, messages.c.looks == message.looks)


def is_given_up(conn: Connection, message: Doubtful) -> bool:
    """Whether that very attempt was taken for lost meanwhile, and no newer one has begun; locked as well."""
    given_up = messages.c.state.in_((State.WAITING, State.HELD, State.CANCELLED))
    return _stands(conn, message, given_up, messages.c.provider_sid.is_(None))


def _stands(conn: Connection, message: Doubtful, *conditions: ColumnElement[bool]) -> bool:
    query = select(messages.c.id).where(messages.c.id == message.id, messages.c.token == message.token, *conditions)
    if conn.dialect.name == "postgresql":
        query = query.with_for_update()
    return conn.execute(query).first() is not None


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


def again(conn: Connection, message_id: int, now: datetime) -> None:
    """An attempt that the provider has certainly not taken: the message waits once more."""
    conn.execute(
        update(messages)
        .where(messages.c.id == message_id, messages.c.state == State.UNKNOWN)
        .values(
            state=State.WAITING, not_before=now, lease_until=None, reason="Tidak ditemukan di penyedia; dikirim lagi."
        )
    )


def wake_from_future(conn: Connection, now: datetime, today: date) -> None:
    """After a clock that was ahead went back: nothing waits, or is leased, until moments that it had only dreamt.

    What it has written for a later working day leaves on that day: its people may have been told today already.
    """
    conn.execute(
        update(messages)
        .where(messages.c.state.in_((State.SENDING, State.UNKNOWN)), messages.c.claimed_at > now)
        .values(lease_until=now)
    )
    is_early = and_(messages.c.template.is_not(None), messages.c.workday > today)
    put_off = and_(messages.c.state == State.WAITING, messages.c.created_at > now, ~is_early)
    conn.execute(update(messages).where(put_off).values(not_before=now))


def _read(conn: Connection, query: Any) -> list[Doubtful]:
    return [Doubtful(*row) for row in conn.execute(query)]
