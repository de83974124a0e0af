"""Replies: stored raw and once, then settled. What is known about their senders and about the messages they quote."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, update

from aspal.bulk import bulk_insert
from aspal.conditions import of_officials
from aspal.core.matching import Candidate
from aspal.tables import complaints, contacts, dispositions, messages, notes, notices, replies


@dataclass(frozen=True, slots=True)
class Stored:
    """A reply as it came."""

    id: int
    provider_sid: str
    address: str
    raw: Mapping[str, str]
    received_at: datetime
    state: str = "stored"


class Arrival(NamedTuple):
    """A reply that has just come in."""

    provider_sid: str
    address: str
    raw: Mapping[str, str]
    received_at: datetime


_store = bulk_insert(replies, (*Arrival._fields, "state", "tries"), "ON CONFLICT (provider_sid) DO NOTHING")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which dispositions a person may write about."""

    contact_id: int
    unit_ids: Collection[int]  # where the person acts for the unit
    supervised: bool  # acts for the inspectorate: the supervised complaints of every unit
    office: bool  # acts for the office: what the person was told about


def store(conn: Connection, arrivals: Sequence[Arrival]) -> None:
    """Keeps replies as they came, in one statement; one whose SID is already here changes nothing."""
    _store(conn, [(*one, "stored", 0) for one in arrivals])


def unseen(conn: Connection, sids: Sequence[str]) -> set[str]:
    """Which of these SIDs belong to no stored reply."""
    return set(sids) - set(conn.scalars(select(replies.c.provider_sid).where(replies.c.provider_sid.in_(sids))))


def waiting(conn: Connection, after: int, limit: int) -> list[tuple[int, str]]:
    """Id and address of the replies after that id which nobody has understood yet, in order of arrival."""
    query = select(replies.c.id, replies.c.address).where(replies.c.state == "stored", replies.c.id > after)
    return [(row.id, row.address) for row in conn.execute(query.order_by(replies.c.id).limit(limit))]


def take(conn: Connection, reply_id: int) -> Stored | None:
    """The reply, locked; None when someone else has settled it meanwhile."""
    query = select(replies).where(replies.c.id == reply_id, replies.c.state == "stored").with_for_update()
    row = conn.execute(query).first()
    return _stored(row) if row else None


def by_ids(conn: Connection, reply_ids: Collection[int]) -> list[Stored]:
    """Replies that wait for an answer, oldest first."""
    query = select(replies).where(replies.c.id.in_(list(reply_ids))).order_by(replies.c.id)
    return [_stored(row) for row in conn.execute(query)]


def settle(conn: Connection, reply_ids: Collection[int], state: str, now: datetime, **values: Any) -> None:
    """What became of these replies."""
    changes = {"state": state, "understood_at": now, **values}
    conn.execute(update(replies).where(replies.c.id.in_(list(reply_ids))).values(changes))


def failed(conn: Connection, reply_id: int, reason: str, most: int, now: datetime) -> bool:
    """Notes that understanding failed; parks the reply after the last try. True when it is parked."""
    tries = conn.scalar(
        update(replies)
        .where(replies.c.id == reply_id, replies.c.state == "stored")
        .values(tries=replies.c.tries + 1, reason=reason)
        .returning(replies.c.tries)
    )
    if tries is None or tries < most:
        return False
    settle(conn, [reply_id], "parked", now)
    return True


# --- the sender -----------------------------------------------------------------------------------------------


def heard(conn: Connection, contact_id: int, at: datetime) -> None:
    """The person wrote: the 24-hour window is open, and the number evidently works."""
    newer = or_(contacts.c.last_inbound_at.is_(None), contacts.c.last_inbound_at < at)
    conn.execute(update(contacts).where(contacts.c.id == contact_id, newer).values(last_inbound_at=at))
    reached = and_(contacts.c.id == contact_id, contacts.c.unreachable_at < at)
    conn.execute(update(contacts).where(reached).values(unreachable_at=None, unreachable_reason=None))


def learn(conn: Connection, contact_id: int, **values: Any) -> None:
    """What the person told or showed about themself: whatsapp_id, opted_out_at, consent_at."""
    conn.execute(update(contacts).where(contacts.c.id == contact_id).values(values))


def pointed_since(conn: Connection, address: str, since: datetime) -> bool:
    """Whether this unknown address was already pointed to LAPOR."""
    query = select(messages.c.id).where(
        messages.c.address == address, messages.c.contact_id.is_(None), messages.c.created_at > since
    )
    return conn.scalar(query.limit(1)) is not None


def answers_since(conn: Connection, contact_id: int, since: datetime) -> int:
    """Automatic answers to this contact."""
    query = select(func.count()).where(
        messages.c.contact_id == contact_id, messages.c.in_reply_to_id.is_not(None), messages.c.created_at > since
    )
    return conn.scalar(query) or 0


def wrote_between(conn: Connection, contact_id: int, after_id: int, before_id: int) -> bool:
    """Whether this contact wrote anything between two of their replies."""
    between = and_(replies.c.contact_id == contact_id, replies.c.id > after_id, replies.c.id < before_id)
    return conn.scalar(select(replies.c.id).where(between).limit(1)) is not None


def noted_just_before(
    conn: Connection, contact_id: int, before_id: int, since: datetime
) -> list[tuple[int, int, str, str]]:
    """The notes that this contact's last reply became: the reply's id, the disposition, by which sign, which words.

    Empty when that was before `since`.
    """
    earlier = select(func.max(replies.c.id)).where(replies.c.contact_id == contact_id, replies.c.id < before_id)
    query = (
        select(notes.c.reply_id, notes.c.disposition_id, notes.c.matched_by, notes.c.text)
        .join(replies, replies.c.id == notes.c.reply_id)
        .where(replies.c.id == earlier.scalar_subquery(), replies.c.received_at >= since)
    )
    return [tuple(row) for row in conn.execute(query)]


def texts_since(conn: Connection, contact_id: int, since: datetime) -> list[str]:
    """What this contact wrote lately, word for word."""
    query = select(replies.c.raw).where(replies.c.contact_id == contact_id, replies.c.received_at > since)
    return [str(raw.get("Body", "")) for raw in conn.scalars(query.order_by(replies.c.id.desc()).limit(20))]


# --- the cases it can be about --------------------------------------------------------------------------------


def candidates(conn: Connection, scope: Scope, named: Sequence[str], quoted: Sequence[int]) -> list[Candidate]:
    """The person's open cases, and those closed ones that the reply names or quotes; oldest first."""
    former = _merged_into(conn, named)
    wanted = or_(
        dispositions.c.ended_at.is_(None),
        dispositions.c.id.in_(list(quoted)),
        complaints.c.tracking_id.in_(list(named)),
        and_(complaints.c.provisional_id.in_(list(named)), complaints.c.merged_into_id.is_(None)),
        complaints.c.id.in_(list(former)),
        dispositions.c.code.in_(list(named)),
    )
    query = (
        select(
            dispositions.c.id, complaints.c.tracking_id, complaints.c.provisional_id, dispositions.c.code,
            dispositions.c.ended_at.is_(None), complaints.c.id,
            func.coalesce(complaints.c.merged_into_id, complaints.c.id), dispositions.c.unit_id,
        )
        .join(complaints, complaints.c.id == dispositions.c.complaint_id)
        .where(wanted, _within(scope))
        .order_by(dispositions.c.disposed_on, dispositions.c.id)
    )  # fmt: skip
    return [
        Candidate(number, tracking, provisional, code, bool(is_open), tuple(former.get(of, ())), (lives_on, unit))
        for number, tracking, provisional, code, is_open, of, lives_on, unit in conn.execute(query)
    ]


def _merged_into(conn: Connection, named: Sequence[str]) -> dict[int, list[str]]:
    """The complaints that live on under another number, with those of these provisional numbers that led to them."""
    wanted = and_(complaints.c.provisional_id.in_(list(named)), complaints.c.merged_into_id.is_not(None))
    found: dict[int, list[str]] = {}
    for into_id, number in conn.execute(select(complaints.c.merged_into_id, complaints.c.provisional_id).where(wanted)):
        found.setdefault(into_id, []).append(number)
    return found


def _within(scope: Scope) -> ColumnElement[bool]:
    supervised, units = of_officials(), list(scope.unit_ids)
    parts: list[ColumnElement[bool]] = [dispositions.c.unit_id.in_(units)]
    if scope.supervised:
        parts.append(supervised)
    if scope.office:
        told = (
            select(notices.c.disposition_id)
            .join(messages, messages.c.id == notices.c.message_id)
            .where(messages.c.contact_id == scope.contact_id)
        )
        parts.append(dispositions.c.id.in_(told))
    # The unit complained about must not even learn that a supervised complaint exists: neither does who acts for it,
    # whatever else they are, and though they were told of it before.
    own = func.coalesce(dispositions.c.unit_id, 0).in_(units)
    return and_(or_(*parts), ~and_(own, supervised))


def knows(conn: Connection, contact_id: int, disposition_id: int) -> bool:
    """Whether the contact was told of this disposition, or has written about it."""
    told = _told(contact_id).where(notices.c.disposition_id == disposition_id)
    wrote = select(notes.c.id).where(notes.c.contact_id == contact_id, notes.c.disposition_id == disposition_id)
    return conn.scalar(told.union_all(wrote).limit(1)) is not None


def told_of_others(conn: Connection, contact_id: int, disposition_id: int, since: datetime) -> bool:
    """Whether the contact was told of another disposition since then. One that was merged lives on in its twin."""
    others = (
        _told(contact_id)
        .join(dispositions, dispositions.c.id == notices.c.disposition_id)
        .where(dispositions.c.id != disposition_id, func.coalesce(dispositions.c.end_reason, "") != "merged")
        .where(messages.c.claimed_at >= since)
    )
    return conn.scalar(others.limit(1)) is not None


def _told(contact_id: int) -> Select[tuple[int]]:
    """What has reached this contact, as far as the provider says."""
    return (
        select(notices.c.disposition_id)
        .join(messages, messages.c.id == notices.c.message_id)
        .where(messages.c.contact_id == contact_id, messages.c.accepted_at.is_not(None), messages.c.state != "failed")
    )


def answered_by(conn: Connection, provider_sid: str) -> list[int]:
    """The disposition that our quoted answer was about, if it was an answer."""
    query = (
        select(replies.c.disposition_id)
        .join(messages, messages.c.in_reply_to_id == replies.c.id)
        .where(messages.c.provider_sid == provider_sid, replies.c.disposition_id.is_not(None))
    )
    return list(conn.scalars(query))


def is_known(conn: Connection, sid: str) -> bool:
    """Whether this is a message of ours, or something that a person wrote to us."""
    either = select(messages.c.id).where(messages.c.provider_sid == sid)
    return conn.scalar(either.union_all(select(replies.c.id).where(replies.c.provider_sid == sid)).limit(1)) is not None


def quoted_template(conn: Connection, provider_sid: str) -> str | None:
    """The kind of the quoted message of ours."""
    return conn.scalar(select(messages.c.template).where(messages.c.provider_sid == provider_sid))


def was_told(conn: Connection, contact_id: int, kind: str, since: datetime) -> bool:
    """Whether the contact was sent this kind of message since then."""
    query = select(messages.c.id).where(
        messages.c.contact_id == contact_id, messages.c.template == kind, messages.c.created_at > since
    )
    return conn.scalar(query.limit(1)) is not None


def _stored(row: Any) -> Stored:
    return Stored(row.id, row.provider_sid, row.address, row.raw, row.received_at, row.state)
