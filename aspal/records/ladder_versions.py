"""What was published and by whom, and how a new version reaches the dispositions that are running."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, update

from aspal.tables import dispositions, ladders


@dataclass(frozen=True)
class Version:
    """One published ladder, with its history."""

    id: int
    version: int
    body: Mapping[str, Any]
    published_at: datetime
    published_by: str
    approved_by: str | None
    note: str | None
    running: bool
    spread_at: datetime | None


_COLUMNS = [ladders.c[name] for name in Version.__dataclass_fields__]


def newest(conn: Connection, most: int = 100) -> list[Version]:
    """The versions, newest first."""
    return [Version(*row) for row in conn.execute(select(*_COLUMNS).order_by(ladders.c.version.desc()).limit(most))]


def by_id(conn: Connection, ladder_id: int) -> Version | None:
    """One version."""
    row = conn.execute(select(*_COLUMNS).where(ladders.c.id == ladder_id)).first()
    return Version(*row) if row else None


def describe(conn: Connection, ladder_id: int, *, approved_by: str | None, running: bool) -> None:
    """How a version that has just been stored came to be, and for whom it holds."""
    values = {"approved_by": approved_by, "running": running}
    conn.execute(update(ladders).where(ladders.c.id == ladder_id).values(values))


def unspread(conn: Connection) -> int | None:
    """The newest version that is for running dispositions too while some may still have to be moved to it."""
    waiting = (ladders.c.running, ladders.c.spread_at.is_(None))
    found = conn.scalar(select(func.max(ladders.c.id)).where(*waiting))
    return int(found) if found is not None else None


def spread(conn: Connection, ladder_id: int, after: int, most: int, now: datetime) -> int | None:
    """Moves the next open dispositions after that id to this version and wakes them; the last id, None at the end.

    One that was never looked at takes the version in force by itself; one that is parked stays so.
    """
    behind = (dispositions.c.ended_at.is_(None), dispositions.c.ladder_id < ladder_id, dispositions.c.id > after)
    ids = list(conn.scalars(select(dispositions.c.id).where(*behind).order_by(dispositions.c.id).limit(most)))
    awake = case(
        (dispositions.c.parked_at.is_(None), literal(now, dispositions.c.next_look_at.type)),
        else_=dispositions.c.next_look_at,
    )
    still = (dispositions.c.id.in_(ids), dispositions.c.ended_at.is_(None), dispositions.c.ladder_id < ladder_id)
    if ids:
        conn.execute(update(dispositions).where(*still).values(ladder_id=ladder_id, next_look_at=awake))
    return ids[-1] if len(ids) == most else None


def spread_over(conn: Connection, ladder_id: int, now: datetime) -> None:
    """No running disposition follows a version older than this one any more."""
    until = (ladders.c.id <= ladder_id, ladders.c.running, ladders.c.spread_at.is_(None))
    conn.execute(update(ladders).where(*until).values(spread_at=now))


def running(conn: Connection, ladder_id: int, most: int) -> int:
    """How many open dispositions follow an older version, counted up to `most`."""
    behind = (dispositions.c.ended_at.is_(None), dispositions.c.ladder_id < ladder_id)
    return conn.scalar(select(func.count()).select_from(select(1).where(*behind).limit(most).subquery())) or 0
