"""What the pages about the machine's health and the office's mode count: queues, refusals, switches, readiness."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, exists, func, or_, select, text

from aspal.tables import complaints, contacts, media, messages, notices, replies, switches, units

_HELD = text("messages.state = 'held' AND messages.state IN ('held', 'unknown', 'failed', 'cancelled')")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of the provider, and how often it came lately."""

    code: int | None
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Readiness:
    """What going live needs of the directory, and what there is to look at first."""

    cases: bool
    units: int
    guests: int
    guests_heard: int  # guests to whom a message was delivered
    held: int


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch that is on."""

    value: Any
    until: datetime | None
    reason: str | None
    set_by: str
    set_at: datetime


def queues(conn: Connection) -> dict[str, int]:
    """How much waits at each joint; each is an index."""
    counted = {
        "notices": _count(notices, text("notices.state = 'waiting'")),
        "messages": _count(messages, text("messages.state = 'waiting'")),
        "air": _count(messages, text("messages.state IN ('sending', 'unknown')")),
        "held": _count(messages, _HELD),
        "replies": _count(replies, text("replies.state = 'stored'")),
        "media": _count(media, media.c.state == "waiting"),
    }
    row = conn.execute(select(*(column.label(name) for name, column in counted.items()))).one()
    return dict(row._mapping)


_LATELY = 20_000  # messages; an office that has written more than these since its guests tried is long past trying


def refusals(conn: Connection, since: datetime) -> list[Refusal]:
    """The provider's errors about messages that were claimed since then, the commonest first."""
    query = (
        select(messages.c.error_code, func.count(), func.max(messages.c.claimed_at))
        .where(messages.c.claimed_at >= since, messages.c.error_code.is_not(None))
        .group_by(messages.c.error_code)
        .order_by(func.count().desc())
        .limit(20)
    )
    return [Refusal(code, count, last) for code, count, last in conn.execute(query)]


def database(conn: Connection) -> tuple[str, str]:
    """Which database this is, and its version."""
    name = "SQLite" if conn.dialect.name == "sqlite" else "PostgreSQL"
    return name, ".".join(map(str, conn.dialect.server_version_info or ()))


def readiness(conn: Connection) -> Readiness:
    """Whether there is somebody to write to and something to write about."""
    newest = select(func.max(messages.c.id)).scalar_subquery()
    lately = select(messages.c.contact_id).where(messages.c.id > newest - _LATELY, messages.c.delivered_at.is_not(None))
    row = conn.execute(
        select(
            exists(select(complaints.c.id)),
            _count(units, units.c.active),
            _count(contacts, contacts.c.guest),
            select(func.count())
            .select_from(contacts)
            .where(contacts.c.guest, contacts.c.id.in_(lately))
            .scalar_subquery(),
            _count(messages, _HELD),
        )
    ).one()
    return Readiness(bool(row[0]), *row[1:])


def switches_on(conn: Connection, names: Collection[str], now: datetime) -> dict[str, Switch]:
    """Those of these switches that are on now, with who set them and why."""
    lasting = or_(switches.c.until.is_(None), switches.c.until > now)
    query = select(switches).where(switches.c.name.in_(sorted(names)), lasting)
    return {row.name: Switch(row.value, row.until, row.reason, row.set_by, row.set_at) for row in conn.execute(query)}


def _count(table: Any, condition: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(condition).scalar_subquery()
