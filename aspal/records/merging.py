"""Two rows of the roster that turn out to be one complaint."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, func, or_, select, update

from aspal.conditions import is_told
from aspal.core.codes import as_typed
from aspal.tables import complaints, dispositions, notes, notices, replies

# What a unit and its chain went through; it goes on with the disposition that lives on.
_RUNNING = (
    "level",
    "ladder_id",
    "claim",
    "claimed_at",
    "claim_denied_at",
    "replied_at",
    "promise_until",
    "rests",
    "snoozed_days",
    "paused_until",
    "pause_reason",
    "extended_until",
    "exempt_at",
    "exempt_reason",
)


@dataclass(frozen=True)
class Carried:
    """How much hangs on a complaint, and goes along when it becomes another."""

    notices: int
    replies: int
    notes: int


def carried(conn: Connection, complaint_id: int) -> Carried:
    """What was told about a complaint (or waits to be), what came back, and what was noted."""
    its = select(dispositions.c.id).where(dispositions.c.complaint_id == complaint_id)
    wanted = (
        select(func.count()).where(notices.c.disposition_id.in_(its), is_told()),
        select(func.count()).where(or_(replies.c.complaint_id == complaint_id, replies.c.disposition_id.in_(its))),
        select(func.count()).where(notes.c.disposition_id.in_(its)),
    )
    return Carried(*(conn.execute(one).scalar_one() for one in wanted))


def provisional(conn: Connection, provisional_id: str) -> int | None:
    """The complaint that still goes by this number of ours, and by no number of LAPOR's."""
    wanted = select(complaints.c.id).where(
        complaints.c.provisional_id == as_typed(provisional_id),
        complaints.c.tracking_id.is_(None),
        complaints.c.merged_into_id.is_(None),
    )
    return conn.scalar(wanted)


def give_way(conn: Connection, disposition_id: int) -> bool:
    """Deletes a disposition that nothing hangs on yet; False where something does."""
    used = (
        exists().where(notices.c.disposition_id == disposition_id),
        exists().where(notes.c.disposition_id == disposition_id),
        exists().where(replies.c.disposition_id == disposition_id),
    )
    free = delete(dispositions).where(dispositions.c.id == disposition_id, *[~mark for mark in used])
    return conn.execute(free).rowcount == 1


def move(conn: Connection, disposition_id: int, complaint_id: int, values: Mapping[str, Any]) -> None:
    """Hangs a disposition, with everything on it, under another complaint."""
    moved = {"complaint_id": complaint_id, **values}
    conn.execute(update(dispositions).where(dispositions.c.id == disposition_id).values(moved))


def hand_over(conn: Connection, from_id: int, to_id: int, now: datetime) -> None:
    """The chain goes on with another disposition as if it had always been that one's."""
    row = conn.execute(select(*[dispositions.c[name] for name in _RUNNING]).where(dispositions.c.id == from_id)).one()
    running = {name: value for name, value in row._mapping.items() if value}
    values = {**running, "next_look_at": now}
    conn.execute(update(dispositions).where(dispositions.c.id == to_id).values(values))


def close(conn: Connection, complaint_id: int, into_id: int) -> None:
    """Our row has become LAPOR's: what speaks of it speaks of that one."""
    conn.execute(update(complaints).where(complaints.c.id == complaint_id).values(merged_into_id=into_id))
    conn.execute(update(replies).where(replies.c.complaint_id == complaint_id).values(complaint_id=into_id))
