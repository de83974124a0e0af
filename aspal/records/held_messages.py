"""The messages that are held: by the volume brake, for an approver, or because of their text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, text, update

from aspal.tables import dispositions, messages, notices, units

# The second half tells the database that its partial index holds them all.
_HELD = text("messages.state = 'held' AND messages.state IN ('held', 'unknown', 'failed', 'cancelled')")


def release(conn: Connection, reason: str, now: datetime) -> int:
    """Lets go what is held for exactly this reason; what waits for an approver stays. How many."""
    held = update(messages).where(messages.c.state == "held", messages.c.reason == reason)
    return conn.execute(held.values(state="waiting", not_before=now, reason=None)).rowcount


def hold_waiting(conn: Connection, reason: str, now: datetime) -> int:
    """Holds what waits to leave, but no answer and nothing whose time is over. How many."""
    lasts = or_(messages.c.expires_at.is_(None), messages.c.expires_at > now)
    waiting = update(messages).where(messages.c.state == "waiting", messages.c.template.is_not(None), lasts)
    return conn.execute(waiting.values(state="held", reason=reason)).rowcount


@dataclass(frozen=True, slots=True)
class Held:
    """Held messages of one sort: how many, and the ids that fit a partial release."""

    label: str
    key: str
    count: int


def held_by_unit(conn: Connection, reason: str) -> list[Held]:
    """How many messages held for that reason speak of each unit; of a digest, the first."""
    first = _first_disposition(reason)
    query = (
        select(units.c.id, units.c.name, func.count())
        .join_from(first, dispositions, dispositions.c.id == first.c.disposition_id)
        .join(units, units.c.id == dispositions.c.unit_id, isouter=True)
        .group_by(units.c.id, units.c.name)
        .order_by(func.count().desc(), units.c.name)
    )
    return [
        Held(name or "Kominfo (verifikasi)", str(number or 0), count) for number, name, count in conn.execute(query)
    ]


def held_by_template(conn: Connection, reason: str) -> list[Held]:
    """How many messages held for that reason are of each kind."""
    query = (
        select(messages.c.template, func.count())
        .where(_HELD, messages.c.reason == reason)
        .group_by(messages.c.template)
        .order_by(func.count().desc())
    )
    return [Held(kind or "teks", kind or "teks", count) for kind, count in conn.execute(query)]


def held_ids(conn: Connection, reason: str, *, unit_id: int | None = None, template: str | None = None) -> list[int]:
    """The held messages of that reason, all of them or those of one unit (0: none) or of one kind."""
    query = select(messages.c.id).where(_HELD, messages.c.reason == reason)
    if template is not None:
        query = query.where(messages.c.template == template)
    if unit_id is not None:
        first = _first_disposition(reason)
        of_unit = (
            select(first.c.message_id)
            .join(dispositions, dispositions.c.id == first.c.disposition_id)
            .where(dispositions.c.unit_id == unit_id if unit_id else dispositions.c.unit_id.is_(None))
        )
        query = query.where(messages.c.id.in_(of_unit))
    return list(conn.scalars(query.order_by(messages.c.id)))


def _first_disposition(reason: str) -> Any:
    held = select(messages.c.id).where(_HELD, messages.c.reason == reason)
    return (
        select(notices.c.message_id, func.min(notices.c.disposition_id).label("disposition_id"))
        .where(notices.c.message_id.in_(held))
        .group_by(notices.c.message_id)
        .subquery()
    )
