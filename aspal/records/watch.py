"""What the watch reads: the day's counts, the canary, what an alarm's end was, what it has told so far."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, or_, select, text

from aspal.tables import alarms, attempts, batches, contacts, dispositions, heartbeats, messages, notices

CANARY = "canary:"  # dedupe keys of the test messages, followed by the day


@dataclass(frozen=True, slots=True)
class Canary:
    """The test message of one morning."""

    day: str
    state: str
    reason: str | None
    created_at: datetime
    delivered_at: datetime | None

    @property
    def arrived(self) -> bool:
        return self.state in ("delivered", "read")


@dataclass(frozen=True, slots=True)
class Failures:
    """How many messages have failed since one arrived, and when the first of them did."""

    count: int = 0
    since: datetime | None = None


class Waiting(NamedTuple):
    """A message that may leave and does not: since when, and what the provider said to it, if it was tried."""

    since: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose number a phone is."""

    contact_id: int
    name: str
    guest: bool


def canary(conn: Connection) -> Canary | None:
    """The newest test message; a repetition of it after a passing fault counts as it."""
    first = select(messages.c.id, messages.c.dedupe_key, messages.c.created_at)
    row = conn.execute(
        first.where(messages.c.dedupe_key.startswith(CANARY)).order_by(messages.c.id.desc()).limit(1)
    ).first()
    if row is None:
        return None
    latest = row.id
    while (again := conn.scalar(select(messages.c.id).where(messages.c.resend_of_id == latest))) is not None:
        latest = again
    fate = select(messages.c.state, messages.c.reason, messages.c.delivered_at).where(messages.c.id == latest)
    state, reason, delivered_at = conn.execute(fate).one()
    return Canary(row.dedupe_key.removeprefix(CANARY), state, reason, row.created_at, delivered_at)


def owner(conn: Connection, phone: str) -> Owner | None:
    """The contact with this number."""
    row = conn.execute(
        select(contacts.c.id, contacts.c.name, contacts.c.guest).where(contacts.c.phone == phone)
    ).first()
    return Owner(*row) if row else None


def cleared_at(conn: Connection, keys: Collection[str]) -> dict[str, datetime]:
    """When each of these alarms was last cleared."""
    last = select(alarms.c.key, func.max(alarms.c.cleared_at)).where(alarms.c.key.in_(sorted(keys)))
    return {key: at for key, at in conn.execute(last.group_by(alarms.c.key)) if at is not None}


def planned(conn: Connection, workday: date) -> dict[str, int]:
    """The day's messages by state, answers and our own test left out."""
    wanted = (messages.c.workday == workday, messages.c.template.is_not(None), messages.c.in_reply_to_id.is_(None))
    counted = select(messages.c.state, func.count()).where(*wanted, _not_canary()).group_by(messages.c.state)
    return {row[0]: row[1] for row in conn.execute(counted)}


def notices_waiting(conn: Connection) -> int:
    """Decided, and not yet in any message."""
    return conn.scalar(select(func.count()).select_from(notices).where(text("notices.state = 'waiting'"))) or 0


def oldest_due(conn: Connection, now: datetime) -> Waiting | None:
    """The message that should have left longest ago.

    One that is tried again and again is put off a little by each try, and so never due for long: it waits since its
    first. One that was put off for another reason afterwards does not.
    """
    due = (text("messages.state = 'waiting'"), messages.c.not_before <= now)
    since: datetime | None = conn.scalar(select(func.min(messages.c.not_before)).where(*due))
    last, first = attempts.alias(), attempts.alias()
    its_first = func.min(first.c.claimed_at)
    retried = (
        select(its_first, messages.c.reason)
        .join(last, last.c.token == messages.c.token)
        .join(first, first.c.message_id == messages.c.id)
        .where(text("messages.state = 'waiting'"), last.c.outcome == "waiting", last.c.detail == messages.c.reason)
        .group_by(messages.c.reason)
    )
    found = [Waiting(*row) for row in conn.execute(retried.order_by(its_first).limit(1))]
    if since is not None:
        found.append(Waiting(since))
    return min(found, default=None)


def keep_heartbeats(conn: Connection, names: Collection[str]) -> None:
    """A job that was renamed or switched off must not look dead for ever."""
    conn.execute(delete(heartbeats).where(heartbeats.c.name.not_in(sorted(names))))


def _not_canary() -> Any:
    return func.coalesce(messages.c.dedupe_key, "").not_like(f"{CANARY}%")


def newest_import(conn: Connection) -> datetime | None:
    """When the roster was last taken in from LAPOR, while any case is open that it could tell of.

    An import of which no row had a place told nothing; rows that are all known and unchanged do tell something.
    """
    placed = or_(*(batches.c.summary[name].as_integer() > 0 for name in ("new", "changed", "unchanged")))
    newest = select(func.max(batches.c.applied_at)).where(
        batches.c.kind == "roster", batches.c.undone_at.is_(None), placed
    )
    is_open = select(dispositions.c.id).where(dispositions.c.ended_at.is_(None)).limit(1)
    return conn.scalar(newest) if conn.scalar(is_open) else None


def arrived_since(conn: Connection, since: datetime, template: str | None = None) -> bool:
    """Whether a message that left after `since` has arrived."""
    wanted = select(messages.c.id).where(messages.c.claimed_at >= since, messages.c.delivered_at.is_not(None))
    if template:
        wanted = wanted.where(messages.c.template == template)
    return conn.execute(wanted.limit(1)).first() is not None


def failures(conn: Connection, since: datetime, leaving_out: Collection[str]) -> Failures:
    """The templates of other kinds than these that left after the newest one that arrived, and have failed.

    A repetition of one that failed is not counted as another.
    """
    m = messages.c
    ours = (m.claimed_at >= since, m.template.is_not(None), m.template.not_in(sorted(leaving_out)))
    arrived = select(m.claimed_at).where(*ours, m.state.in_(("delivered", "read"))).order_by(m.claimed_at.desc())
    after = conn.scalar(arrived.limit(1)) or since
    failed = select(func.count(), func.min(m.failed_at)).where(
        *ours, m.claimed_at > after, m.state == "failed", m.resend_of_id.is_(None)
    )
    return Failures(*conn.execute(failed).one())
