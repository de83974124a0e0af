"""What is known, as plain data: one complaint with everything about it, the outbox, the replies. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from aspal.core.codes import as_typed
from aspal.tables import complaints, contacts, dispositions, media, messages, notes, notices, replies, units

MessageData = dict[str, Any]


def complaint(conn: Connection, number: str) -> dict[str, Any] | None:
    """By tracking id or provisional id; one that was merged leads to the complaint that lives on."""
    wanted = as_typed(number)
    named = or_(complaints.c.tracking_id == wanted, complaints.c.provisional_id == wanted)
    row = conn.execute(select(complaints).where(named)).first()
    while row is not None and row.merged_into_id is not None:
        row = conn.execute(select(complaints).where(complaints.c.id == row.merged_into_id)).first()
    if row is None:
        return None
    names = ("tracking_id", "provisional_id", "title", "status", "kind", "category", "supervised", "confidential")
    days = ("received_on", "verified_on", "responded_on", "finished_on")
    # A hand-typed complaint that was merged keeps the dispositions that could not be moved; they are told here too.
    ids = [row.id, *conn.scalars(select(complaints.c.id).where(complaints.c.merged_into_id == row.id))]
    return {
        **{name: row._mapping[name] for name in (*names, *days, "flags", "link")},
        "dispositions": _dispositions(conn, ids),
        "notices": _notices(conn, ids),
        "messages": _messages_about(conn, ids),
        "notes": _notes(conn, ids),
    }


def open_cases(conn: Connection, name: str) -> dict[int, str]:
    """Open dispositions that go by a short code or by their complaint's number: id -> short code."""
    wanted = as_typed(name)
    named = or_(
        dispositions.c.code == wanted, complaints.c.tracking_id == wanted, complaints.c.provisional_id == wanted
    )
    found = select(dispositions.c.id, dispositions.c.code).join(complaints).where(named)
    return {row.id: row.code or "" for row in conn.execute(found.where(dispositions.c.ended_at.is_(None)))}


def outbox(conn: Connection, states: Sequence[str] = (), limit: int = 10_000) -> list[MessageData]:
    """Messages, oldest first; the newest `limit` of them."""
    return _messages(conn, messages.c.state.in_(states) if states else messages.c.id > 0, limit)


def inbox(conn: Connection, states: Sequence[str] = (), limit: int = 10_000) -> list[dict[str, Any]]:
    """Replies, oldest first; the newest `limit` of them."""
    wanted = (
        select(replies, complaints.c.tracking_id, complaints.c.provisional_id)
        .join(complaints, complaints.c.id == replies.c.complaint_id, isouter=True)
        .order_by(replies.c.id.desc())
        .limit(limit)
    )
    if states:
        wanted = wanted.where(replies.c.state.in_(states))
    return [_reply(row) for row in reversed(conn.execute(wanted).all())]


def _dispositions(conn: Connection, complaint_ids: Sequence[int]) -> list[dict[str, Any]]:
    wanted = (
        select(dispositions, units.c.name)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
        .order_by(dispositions.c.id)
    )
    names = ("id", "track", "code", "status", "ended_at", "end_reason", "level", "next_look_at", "claim")
    more = ("promise_until", "replied_at", "paused_until", "parked_reason", "disposed_basis", "rests")
    return [
        {
            "unit": row.name,
            "disposed_at": row.disposed_on,
            **{name: row._mapping[name] for name in (*names, *more)},
        }
        for row in conn.execute(wanted)
    ]


def _notices(conn: Connection, complaint_ids: Sequence[int]) -> list[dict[str, Any]]:
    n = notices.c
    wanted = (
        select(n.step, n.audience, contacts.c.name, n.workday, n.state, n.reason, n.template, n.message_id)
        .join_from(notices, dispositions)
        .join(contacts, contacts.c.id == n.contact_id)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
        .order_by(n.id)
    )
    keys = ("step", "audience", "contact", "workday", "state", "reason", "template", "message")
    return [dict(zip(keys, row, strict=True)) for row in conn.execute(wanted)]


def _messages_about(conn: Connection, complaint_ids: Sequence[int]) -> list[MessageData]:
    """What carried its notices, what answered its replies, and the failed ones that these repeat."""
    told = (
        select(notices.c.message_id)
        .join(dispositions)
        .where(dispositions.c.complaint_id.in_(complaint_ids), notices.c.message_id.is_not(None))
    )
    answered = select(messages.c.id).join(replies, replies.c.id == messages.c.in_reply_to_id)
    ids = {*conn.scalars(told), *conn.scalars(answered.where(replies.c.complaint_id.in_(complaint_ids)))}
    repeated = set(ids)
    while repeated:
        earlier = select(messages.c.resend_of_id).where(
            messages.c.id.in_(repeated), messages.c.resend_of_id.is_not(None)
        )
        repeated = set(conn.scalars(earlier)) - ids
        ids |= repeated
    return _messages(conn, messages.c.id.in_(ids), len(ids))


def _messages(conn: Connection, where: ColumnElement[bool], limit: int) -> list[MessageData]:
    wanted = (
        select(messages, contacts.c.name)
        .join(contacts, contacts.c.id == messages.c.contact_id, isouter=True)
        .where(where)
        .order_by(messages.c.id.desc())
        .limit(limit)
    )
    names = ("id", "template", "state", "provider_sid", "error_code", "text", "reason", "workday", "created_at")
    more = ("not_before", "expires_at", "attempts", "accepted_at", "sent_at", "delivered_at", "read_at", "failed_at")
    return [
        {"to": row.address, "name": row.name, **{name: row._mapping[name] for name in (*names, *more)}}
        for row in reversed(conn.execute(wanted).all())
    ]


def _notes(conn: Connection, complaint_ids: Sequence[int]) -> list[dict[str, Any]]:
    wanted = (
        select(notes, units.c.name.label("unit"))
        .join(dispositions, dispositions.c.id == notes.c.disposition_id)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
        .order_by(notes.c.id)
    )
    rows = conn.execute(wanted).all()
    attached = _media(conn, {row.reply_id for row in rows if row.reply_id is not None})
    names = ("text", "intent", "matched_by", "received_at", "promise_until")
    return [
        {
            "by": row.written_by,
            "unit": row.unit,
            **{name: row._mapping[name] for name in names},
            "media": attached.get(row.reply_id, []),
        }
        for row in rows
    ]


def _media(conn: Connection, reply_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in conn.execute(select(media).where(media.c.reply_id.in_(reply_ids)).order_by(media.c.position)):
        kept = {"type": row.stored_type or row.claimed_type, "state": row.state, "reason": row.reason}
        found[row.reply_id].append(kept | {"size": row.size, "sha256": row.sha256})
    return found


def _reply(row: Row[Any]) -> dict[str, Any]:
    names = ("provider_sid", "state", "reason", "intent", "matched_by", "received_at")
    return {
        "from": row.address,
        "text": str(row.raw.get("Body") or row.raw.get("ButtonText") or ""),
        **{name: row._mapping[name] for name in names},
        "complaint": row.tracking_id or row.provisional_id,
    }
