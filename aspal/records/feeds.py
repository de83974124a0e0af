"""What programs of the office read: pages by key, oldest first, so that a reader goes on where it has stopped.

No phone number, no words of messages or replies, no title of what is confidential or speaks of officials: what leaves
by a token may end in a dashboard that anybody sees.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from aspal.core.secrecy import is_secret
from aspal.tables import complaints, contacts, dispositions, messages, replies, units

MOST = 500  # rows of one page


@dataclass(frozen=True)
class Feed:
    """One page, and the key from which the next one goes on; None at the end."""

    rows: Sequence[dict[str, Any]]
    next: int | None


def complaint_feed(conn: Connection, after: int, limit: int, status: str | None) -> Feed:
    """Complaints with their dispositions."""
    names = ("id", "tracking_id", "provisional_id", "title", "kind", "category", "supervised", "confidential")
    more = ("status", "channel", "received_on", "verified_on", "responded_on", "finished_on")
    wanted = select(*(complaints.c[name] for name in (*names, *more))).where(complaints.c.merged_into_id.is_(None))
    if status:
        wanted = wanted.where(complaints.c.status == status)
    page = _page(conn, wanted, complaints.c.id, after, limit)
    parts = _parts(conn, [row["id"] for row in page.rows])
    for row in page.rows:
        row["dispositions"] = parts.get(row["id"], [])
        secret = is_secret(confidential=row["confidential"], supervised=row["supervised"], kind=row["kind"])
        row["title"] = None if secret else row["title"]
    return page


def _parts(conn: Connection, complaint_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    names = ("disposed_on", "status", "responded_on", "ended_at", "end_reason", "level", "claim", "promise_until")
    wanted = (
        select(dispositions.c.complaint_id, units.c.name.label("unit"), *(dispositions.c[name] for name in names))
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .where(dispositions.c.complaint_id.in_(complaint_ids))
        .order_by(dispositions.c.id)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in conn.execute(wanted).mappings():
        found[row["complaint_id"]].append({name: row[name] for name in ("unit", *names)})
    return found


def message_feed(conn: Connection, after: int, limit: int, state: str | None) -> Feed:
    """Messages: to whom by name, of which kind, and what became of them."""
    names = ("id", "template", "state", "reason", "error_code", "workday", "created_at", "accepted_at")
    more = ("sent_at", "delivered_at", "read_at", "failed_at")
    wanted = select(contacts.c.name.label("to"), *(messages.c[name] for name in (*names, *more)))
    wanted = wanted.join_from(messages, contacts, contacts.c.id == messages.c.contact_id, isouter=True)
    if state:
        wanted = wanted.where(messages.c.state == state)
    return _page(conn, wanted, messages.c.id, after, limit)


def reply_feed(conn: Connection, after: int, limit: int, state: str | None) -> Feed:
    """Replies: from whom by name, what was understood, and about which complaint."""
    names = ("id", "state", "reason", "intent", "matched_by", "received_at")
    number = complaints.c.tracking_id, complaints.c.provisional_id
    wanted = select(contacts.c.name.label("from"), *number, *(replies.c[name] for name in names))
    wanted = wanted.join_from(replies, contacts, contacts.c.id == replies.c.contact_id, isouter=True)
    wanted = wanted.join(complaints, complaints.c.id == replies.c.complaint_id, isouter=True)
    if state:
        wanted = wanted.where(replies.c.state == state)
    page = _page(conn, wanted, replies.c.id, after, limit)
    for row in page.rows:
        row["complaint"] = row.pop("tracking_id") or row.pop("provisional_id")
        row.pop("provisional_id", None)
    return page


def _page(conn: Connection, wanted: Select[Any], key: Any, after: int, limit: int) -> Feed:
    limit = min(max(limit, 1), MOST)
    rows = conn.execute(wanted.where(key > after).order_by(key).limit(limit + 1)).mappings().all()
    return Feed([dict(row) for row in rows[:limit]], rows[limit - 1]["id"] if len(rows) > limit else None)
