"""Lists that somebody wants to find again: filters under a name, one's own and those that are shared."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from aspal.tables import saved_views

MOST = 30  # of one owner


@dataclass(frozen=True)
class View:
    """One saved list."""

    id: int
    owner: str
    name: str
    query: str
    shared: bool


_VIEW = [saved_views.c[name] for name in View.__dataclass_fields__]


def for_user(conn: Connection, email: str) -> list[View]:
    """One's own and the shared ones, by name."""
    wanted = select(*_VIEW).where(or_(saved_views.c.owner == email, saved_views.c.shared))
    return [View(*row) for row in conn.execute(wanted.order_by(saved_views.c.name, saved_views.c.id).limit(100))]


def save(conn: Connection, owner: str, name: str, query: str, *, shared: bool, now: datetime) -> bool:
    """Keeps a list; the same name again replaces it. False when its owner has too many."""
    mine = (saved_views.c.owner == owner) & (saved_views.c.name == name)
    values = {"query": query, "shared": shared}
    if conn.execute(update(saved_views).where(mine).values(values)).rowcount:
        return True
    count = conn.scalar(select(func.count()).where(saved_views.c.owner == owner)) or 0
    if count >= MOST:
        return False
    conn.execute(insert(saved_views).values(owner=owner, name=name, created_at=now, **values))
    return True


def forget(conn: Connection, view_id: int, owner: str) -> View | None:
    """Takes away a list of one's own; what it was."""
    mine = (saved_views.c.id == view_id) & (saved_views.c.owner == owner)
    row = conn.execute(select(*_VIEW).where(mine)).first()
    conn.execute(delete(saved_views).where(mine))
    return View(*row) if row else None
