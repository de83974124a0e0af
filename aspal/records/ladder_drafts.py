"""Rules that are being written, before they are published. Every change names the revision that it was made on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from aspal.tables import ladder_drafts

EDITING, SUBMITTED, PUBLISHED, DISCARDED = "editing", "submitted", "published", "discarded"


@dataclass(frozen=True)
class Draft:
    """One draft as it stands."""

    id: int
    body: Mapping[str, Any]
    base_id: int | None
    revision: int
    state: str
    note: str | None
    running: bool
    authors: tuple[str, ...]
    created_at: datetime
    changed_at: datetime
    changed_by: str
    returned_reason: str | None
    ladder_id: int | None


def open_drafts(conn: Connection) -> list[Draft]:
    """Those that are being written or wait for an approval, newest first."""
    waiting = ladder_drafts.c.state.in_((EDITING, SUBMITTED))
    return [
        _draft(row) for row in conn.execute(select(ladder_drafts).where(waiting).order_by(ladder_drafts.c.id.desc()))
    ]


def by_id(conn: Connection, draft_id: int) -> Draft | None:
    """One draft, whatever became of it."""
    row = conn.execute(select(ladder_drafts).where(ladder_drafts.c.id == draft_id)).first()
    return _draft(row) if row else None


def add(
    conn: Connection, body: Mapping[str, Any], *, base_id: int | None, note: str | None, by: str, now: datetime
) -> int:
    """A new draft; its id."""
    row: dict[str, Any] = {
        "body": dict(body),
        "base_id": base_id,
        "revision": 1,
        "state": EDITING,
        "note": note,
        "running": False,
    }
    row |= {"authors": [by], "created_at": now, "changed_at": now, "changed_by": by}
    return int(conn.execute(insert(ladder_drafts).values(row).returning(ladder_drafts.c.id)).scalar_one())


def change(
    conn: Connection,
    draft: Draft,
    values: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    authors: Sequence[str] | None = None,
) -> bool:
    """Sets columns of the draft as it was read; False, and nothing done, when somebody was quicker."""
    row = {"revision": draft.revision + 1, "changed_at": now, "changed_by": by, **values}
    if authors is not None:
        row["authors"] = list(authors)
    unchanged = (ladder_drafts.c.id == draft.id, ladder_drafts.c.revision == draft.revision)
    return conn.execute(update(ladder_drafts).where(*unchanged).values(row)).rowcount == 1


def became(conn: Connection, draft_id: int, ladder_id: int) -> None:
    """Which published version the draft is now."""
    conn.execute(update(ladder_drafts).where(ladder_drafts.c.id == draft_id).values(ladder_id=ladder_id))


def _draft(row: Row[Any]) -> Draft:
    values = {name: getattr(row, name) for name in Draft.__dataclass_fields__}
    return Draft(**(values | {"authors": tuple(row.authors)}))
