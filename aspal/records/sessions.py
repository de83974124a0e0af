"""Who is logged in, and where. The cookie carries a key, the row its hash: what ends here has ended everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from aspal.tables import sessions, users

LONGEST, IDLE = timedelta(hours=12), timedelta(hours=2)  # of a session: at all, and without a request
KEPT = timedelta(days=90)  # how long an ended one is remembered for its owner and the auditor
_NOTED_EVERY = timedelta(minutes=1)  # not every request writes


@dataclass(frozen=True)
class LoggedIn:
    """One session of a user."""

    id: int
    begun_at: datetime
    seen_at: datetime
    agent: str | None
    here: bool  # the one that asks


def begin(conn: Connection, user_id: int, agent: str, now: datetime) -> str:
    """A new session; returns the key for the cookie, which is kept nowhere else."""
    key = token_urlsafe(32)
    values = {"user_id": user_id, "begun_at": now, "seen_at": now, "agent": agent[:200] or None}
    conn.execute(insert(sessions).values(key_hash=_hash(key), **values))
    conn.execute(update(users).where(users.c.id == user_id).values(last_login_at=now))
    return key


def goes_on(conn: Connection, key: str, user_id: int, now: datetime) -> datetime | None:
    """When the session was last noted; None when it has ended, is older than LONGEST or was left alone for IDLE."""
    return conn.scalar(
        select(sessions.c.seen_at).where(
            _open(),
            sessions.c.key_hash == _hash(key),
            sessions.c.user_id == user_id,
            sessions.c.begun_at >= now - LONGEST,
            sessions.c.seen_at >= now - IDLE,
        )
    )


def is_stale(seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to note the session as used again."""
    return now - seen_at > _NOTED_EVERY


def note(conn: Connection, key: str, now: datetime) -> None:
    """Used just now."""
    conn.execute(update(sessions).where(sessions.c.key_hash == _hash(key)).values(seen_at=now))


def end(conn: Connection, key: str, now: datetime) -> None:
    """Logged out."""
    conn.execute(update(sessions).where(_open(), sessions.c.key_hash == _hash(key)).values(ended_at=now))


def end_one(conn: Connection, session_id: int, user_id: int, now: datetime) -> bool:
    """The owner ends one of his sessions; False when it is not his or has ended."""
    mine = update(sessions).where(_open(), sessions.c.id == session_id, sessions.c.user_id == user_id)
    return conn.execute(mine.values(ended_at=now)).rowcount == 1


def end_all(conn: Connection, user_id: int, now: datetime) -> int:
    """All sessions of a user; how many there were."""
    return conn.execute(update(sessions).where(_open(), sessions.c.user_id == user_id).values(ended_at=now)).rowcount


def of_user(conn: Connection, user_id: int, key: str, now: datetime) -> Sequence[LoggedIn]:
    """The sessions that go on, the newest first."""
    rows = conn.execute(
        select(sessions)
        .where(_open(), sessions.c.user_id == user_id, sessions.c.seen_at >= now - IDLE)
        .order_by(sessions.c.id.desc())
        .limit(50)
    )
    mine = _hash(key)
    return [LoggedIn(row.id, row.begun_at, row.seen_at, row.agent, row.key_hash == mine) for row in rows]


def forget(conn: Connection, now: datetime) -> int:
    """Housekeeping: sessions that nobody asks about any more."""
    return conn.execute(delete(sessions).where(sessions.c.seen_at < now - KEPT)).rowcount


def _open() -> ColumnElement[bool]:
    return sessions.c.ended_at.is_(None)


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
