"""The tray: replies that somebody at the office settles, and the cases that one of them may be about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from aspal.core.guessing import Option
from aspal.core.secrecy import is_secret
from aspal.tables import complaints, contacts, dispositions, messages, notices, replies, units


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply in hand, locked until the transaction ends."""

    id: int
    state: str
    address: str
    contact_id: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the tray offers it."""

    option: Option
    complaint_id: int
    unit: str | None
    status: str
    secret: bool


def take(conn: Connection, reply_id: int, states: Collection[str]) -> Waiting | None:
    """The reply, if it still is in one of these states."""
    columns = (replies.c.id, replies.c.state, replies.c.address, replies.c.contact_id, replies.c.reason)
    query = select(*columns).where(replies.c.id == reply_id, replies.c.state.in_(list(states)))
    if conn.dialect.name == "postgresql":
        query = query.with_for_update(of=replies)
    row = conn.execute(query).first()
    return Waiting(*row) if row else None


def cases(conn: Connection, disposition_ids: Collection[int], contact_id: int, quoted: Collection[int]) -> list[Case]:
    """These dispositions, with when this person was last told of each."""
    ids = sorted(disposition_ids)[:300]
    told = (
        select(notices.c.disposition_id, func.max(messages.c.claimed_at).label("told_at"))
        .join(messages, messages.c.id == notices.c.message_id)
        .where(notices.c.disposition_id.in_(ids), messages.c.contact_id == contact_id)
        .group_by(notices.c.disposition_id)
        .subquery()
    )
    query = (
        select(
            dispositions.c.id, dispositions.c.ended_at, dispositions.c.complaint_id, dispositions.c.status,
            complaints.c.tracking_id, complaints.c.provisional_id, complaints.c.title, complaints.c.confidential,
            complaints.c.supervised, complaints.c.kind, units.c.name, told.c.told_at,
        )
        .join_from(dispositions, complaints, complaints.c.id == dispositions.c.complaint_id)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .join(told, told.c.disposition_id == dispositions.c.id, isouter=True)
        .where(dispositions.c.id.in_(ids))
    )  # fmt: skip
    return [
        Case(
            Option(
                r.id, r.tracking_id or r.provisional_id or "", r.title, r.ended_at is None, r.id in quoted, r.told_at
            ),
            r.complaint_id, r.name, r.status,
            is_secret(confidential=r.confidential, supervised=r.supervised, kind=r.kind),
        )
        for r in conn.execute(query)
    ]  # fmt: skip


def again(conn: Connection, reply_ids: Collection[int]) -> None:
    """These replies are understood anew by the next run."""
    mine = update(replies).where(replies.c.id.in_(list(reply_ids)))
    conn.execute(mine.values(state="stored", tries=0, reason=None, understood_at=None))


def of_stranger(conn: Connection, address: str) -> list[int]:
    """Everything that this unknown sender wrote and nobody has settled."""
    query = select(replies.c.id).where(replies.c.state == "unknown_sender", replies.c.address == address)
    return list(conn.scalars(query.order_by(replies.c.id)))


def heard_at(conn: Connection, contact_id: int) -> datetime | None:
    """When this person last wrote."""
    return conn.scalar(select(contacts.c.last_inbound_at).where(contacts.c.id == contact_id))
