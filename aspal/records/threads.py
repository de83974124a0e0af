"""What the inbox shows: people who wrote, what was said on both sides, and what waits to be placed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, literal_column, or_, select, text

from aspal.conditions import case_is_secret, is_secret
from aspal.tables import complaints, contacts, media, messages, replies

PAGE = 30
SAID = 80  # lines of one thread
# Nothing is known of a reply without a complaint: then it is secret too (NULL).
_WAITING = text("replies.state IN ('tray', 'parked', 'unknown_sender')")  # as the partial index says it


@dataclass(frozen=True, slots=True)
class Thread:
    """One person who has written."""

    contact_id: int
    name: str
    position: str | None
    address: str
    last_at: datetime
    last_text: str
    secret: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class Writer:
    """The person of a thread, as far as writing to them goes."""

    id: int
    name: str
    position: str | None
    phone: str | None
    whatsapp_id: str | None
    guest: bool
    opted_out_at: datetime | None
    last_inbound_at: datetime | None

    @property
    def address(self) -> str:
        return self.phone or self.whatsapp_id or ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a reply."""

    id: int
    kind: str
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote."""

    id: int
    contact_id: int | None
    sender: str | None
    address: str
    text: str
    state: str
    reason: str | None
    intent: str | None
    matched_by: str | None
    received_at: datetime
    complaint_id: int | None
    number: str | None
    secret: bool  # its words are not for everybody who may log in
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Ours:
    """What we wrote."""

    id: int
    template: str | None
    text: str
    state: str
    reason: str | None
    at: datetime
    shadow: bool
    secret: bool  # see conditions.case_is_secret


def threads(conn: Connection, *, search: str = "", before: int | None = None) -> tuple[list[Thread], int | None]:
    """People by the newest thing they wrote, and the key from which the list goes on."""
    query = select(contacts).where(contacts.c.last_inbound_at.is_not(None))
    if search:
        query = query.where(contacts.c.name.icontains(search, autoescape=True))
    if before is not None:
        at = select(contacts.c.last_inbound_at).where(contacts.c.id == before).scalar_subquery()
        same = and_(contacts.c.last_inbound_at == at, contacts.c.id < before)
        query = query.where(or_(contacts.c.last_inbound_at < at, same))
    rows = conn.execute(
        query.order_by(contacts.c.last_inbound_at.desc(), contacts.c.id.desc()).limit(PAGE + 1)
    ).all()  # fmt: skip
    shown = rows[:PAGE]
    newest = _newest(conn, [row.id for row in shown])
    waits = _waits(conn, [row.id for row in shown])
    found = [_thread(row, newest.get(row.id), waits.get(row.id, 0)) for row in shown]
    return found, shown[-1].id if len(rows) > PAGE else None


def replies_of(conn: Connection, contact_id: int) -> list[Reply]:
    """The newest of what this person wrote, oldest first."""
    newest = select(replies.c.id).where(replies.c.contact_id == contact_id).order_by(replies.c.id.desc()).limit(SAID)
    return _read(conn, _replies().where(replies.c.id.in_(newest)).order_by(replies.c.id))


def ours_to(conn: Connection, contact_id: int) -> list[Ours]:
    """The newest of what was written for this person, oldest first."""
    newest = select(messages.c.id).where(messages.c.contact_id == contact_id)
    query = select(messages, case_is_secret().label("secret")).where(
        messages.c.id.in_(newest.order_by(messages.c.id.desc()).limit(SAID))
    )
    return [
        Ours(r.id, r.template, r.text, r.state, r.reason, r.accepted_at or r.created_at, r.shadow, r.secret)
        for r in conn.execute(query.order_by(messages.c.id))
    ]


def waiting(conn: Connection, states: Collection[str], *, before: int | None = None) -> tuple[list[Reply], int | None]:
    """What waits in one of these states, newest first."""
    spelled: list[Any] = [literal_column(f"'{state}'") for state in sorted(states) if state.replace("_", "").isalpha()]
    query = _replies().where(literal_column("replies.state").in_(spelled), _WAITING)
    if before is not None:
        query = query.where(replies.c.id < before)
    found = _read(conn, query.order_by(replies.c.id.desc()).limit(11))
    return found[:10], found[9].id if len(found) > 10 else None


def counts(conn: Connection) -> dict[str, int]:
    """How many wait, by state."""
    query = select(replies.c.state, func.count()).where(_WAITING).group_by(replies.c.state)
    return {row[0]: row[1] for row in conn.execute(query)}


def reply(conn: Connection, reply_id: int) -> Reply | None:
    """One reply."""
    found = _read(conn, _replies().where(replies.c.id == reply_id))
    return found[0] if found else None


def contact(conn: Connection, contact_id: int) -> Writer | None:
    """The person of a thread."""
    columns = [contacts.c[name] for name in Writer.__slots__]
    row = conn.execute(select(*columns).where(contacts.c.id == contact_id)).first()
    return Writer(*row) if row else None


def _replies() -> Select[Any]:
    return (
        select(
            replies, contacts.c.name, complaints.c.tracking_id, complaints.c.provisional_id, is_secret().label("secret")
        )
        .join_from(replies, contacts, contacts.c.id == replies.c.contact_id, isouter=True)
        .join(complaints, complaints.c.id == replies.c.complaint_id, isouter=True)
    )


def _read(conn: Connection, query: Select[Any]) -> list[Reply]:
    rows = conn.execute(query).all()
    files: dict[int, list[Attachment]] = defaultdict(list)
    if rows:
        found = select(media).where(media.c.reply_id.in_([row.id for row in rows])).order_by(media.c.position)
        for one in conn.execute(found):
            files[one.reply_id].append(
                Attachment(one.id, one.stored_type or one.claimed_type, one.state, one.reason)
            )  # fmt: skip
    return [_reply(row, files[row.id]) for row in rows]


def _reply(row: Row[Any], files: Sequence[Attachment]) -> Reply:
    return Reply(
        id=row.id, contact_id=row.contact_id, sender=row.name, address=row.address, text=_words(row.raw),
        state=row.state, reason=row.reason, intent=row.intent, matched_by=row.matched_by, received_at=row.received_at,
        complaint_id=row.complaint_id, number=row.tracking_id or row.provisional_id,
        secret=row.secret is not False, files=tuple(files),
    )  # fmt: skip


def _words(raw: Mapping[str, Any]) -> str:
    return str(raw.get("Body") or raw.get("ButtonText") or "")


def _newest(conn: Connection, contact_ids: Sequence[int]) -> dict[int, Row[Any]]:
    last = (
        select(func.max(replies.c.id)).where(replies.c.contact_id.in_(contact_ids)).group_by(replies.c.contact_id)
    )  # fmt: skip
    query = _replies().where(replies.c.id.in_(last))
    return {row.contact_id: row for row in conn.execute(query)}


def _waits(conn: Connection, contact_ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(replies.c.contact_id, func.count())
        .where(_WAITING, replies.c.contact_id.in_(contact_ids))
        .group_by(replies.c.contact_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def _thread(row: Row[Any], newest: Row[Any] | None, waits: int) -> Thread:
    return Thread(
        row.id, row.name, row.position, row.phone or row.whatsapp_id or "", row.last_inbound_at,
        _words(newest.raw) if newest else "", newest is None or newest.secret is not False, waits,
    )  # fmt: skip
