"""The simulator's own memory: what a provider would hold on its side. The stations never read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update

from aspal.db import Database
from aspal.tables import simulator_messages as messages

_OLDEST = (messages.c.created_at, messages.c.sid)


@dataclass(frozen=True, slots=True)
class SimulatorMessage:
    """One bubble on a simulated phone."""

    sid: str
    direction: str  # outbound | inbound, as seen from the office
    address: str
    body: str
    buttons: tuple[tuple[str, str], ...]  # (id, title)
    status: str
    callback: str | None
    quoted_sid: str | None
    media: tuple[tuple[str, str], ...]  # (content type, ref)
    created_at: datetime


class SimulatorMemory:
    """Opens its own transactions: a provider knows nothing of ours."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(
        self,
        *,
        sid: str,
        direction: str,
        address: str,
        body: str,
        status: str,
        created_at: datetime,
        buttons: Sequence[tuple[str, str]] = (),
        callback: str | None = None,
        quoted_sid: str | None = None,
        media: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Keeps a new message."""
        row: Mapping[str, Any] = {
            "sid": sid,
            "direction": direction,
            "address": address,
            "body": body,
            "buttons": [list(button) for button in buttons],
            "status": status,
            "callback": callback,
            "quoted_sid": quoted_sid,
            "media": [list(item) for item in media],
            "created_at": created_at,
        }
        with self._db.write() as conn:
            conn.execute(insert(messages).values(row))

    def get(self, sid: str) -> SimulatorMessage | None:
        """One message, either way."""
        return next(iter(self._read(select(messages).where(messages.c.sid == sid))), None)

    def sent_to(self, address: str, since: datetime) -> list[SimulatorMessage]:
        """What the office sent to a phone, oldest first."""
        sent = select(messages).where(messages.c.address == address, messages.c.direction == "outbound")
        return self._read(sent.where(messages.c.created_at >= since).order_by(*_OLDEST))

    def between(self, start: datetime, end: datetime) -> list[SimulatorMessage]:
        """Everything of a span, oldest first."""
        span = messages.c.created_at >= start, messages.c.created_at <= end
        return self._read(select(messages).where(*span).order_by(*_OLDEST))

    def conversation(self, address: str, limit: int = 200) -> list[SimulatorMessage]:
        """Both sides of one phone, oldest first; the newest `limit` of them."""
        newest = select(messages).where(messages.c.address == address).order_by(messages.c.created_at.desc())
        return self._read(newest.order_by(messages.c.sid.desc()).limit(limit))[::-1]

    def phones(self) -> list[tuple[str, datetime]]:
        """Every address that has a conversation, with the time of its newest message; newest first."""
        newest = func.max(messages.c.created_at).label("newest")
        found = select(messages.c.address, newest).group_by(messages.c.address).order_by(newest.desc())
        with self._db.read() as conn:
            return [(row.address, row.newest) for row in conn.execute(found)]

    def in_status(self, words: Sequence[str], address: str | None = None) -> list[SimulatorMessage]:
        """Messages to a phone (or to any) that stand at one of these words, with or without ":code"; oldest first."""
        status = messages.c.status
        wanted = or_(status.in_(words), *(status.startswith(f"{word}:") for word in words))
        found = select(messages).where(messages.c.direction == "outbound", wanted)
        if address is not None:
            found = found.where(messages.c.address == address)
        return self._read(found.order_by(*_OLDEST))

    def wrote_between(self, address: str, start: datetime, end: datetime) -> bool:
        """Whether this phone wrote to the office within the span: it opens the 24-hour window."""
        found = select(messages.c.sid).where(messages.c.address == address, messages.c.direction == "inbound")
        found = found.where(messages.c.created_at > start, messages.c.created_at <= end).limit(1)
        with self._db.read() as conn:
            return conn.scalar(found) is not None

    def advance(self, sid: str, old: str, new: str) -> bool:
        """Moves a message on; False when somebody else has done so first, so that a report is told once."""
        moved = update(messages).where(messages.c.sid == sid, messages.c.status == old).values(status=new)
        with self._db.write() as conn:
            return conn.execute(moved).rowcount == 1

    def _read(self, query: Select[Any]) -> list[SimulatorMessage]:
        with self._db.read() as conn:
            return [_message(row._mapping) for row in conn.execute(query)]


def _message(row: Mapping[Any, Any]) -> SimulatorMessage:
    pairs = {name: tuple((first, second) for first, second in row[name]) for name in ("buttons", "media")}
    return SimulatorMessage(**{**row, **pairs})
