"""Documents that are being made, or lie ready for some days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from aspal.tables import documents


@dataclass(frozen=True, slots=True)
class Document:
    """One of them."""

    id: int
    kind: str
    asked: Mapping[str, Any]
    file_name: str
    state: str  # making ready failed
    progress: int
    path: str | None
    problem: str | None
    made_for: str
    created_at: datetime


_COLUMNS = [documents.c[name] for name in Document.__dataclass_fields__]


def put(
    conn: Connection, kind: str, asked: Mapping[str, Any], file_name: str, *, by: str, now: datetime
) -> int:  # fmt: skip
    """A document that is about to be made."""
    number: int | None = conn.scalar(
        insert(documents)
        .values(
            kind=kind, asked=dict(asked), file_name=file_name, state="making", progress=0, made_for=by, created_at=now
        )
        .returning(documents.c.id)
    )  # fmt: skip
    assert number is not None
    return number


def get(conn: Connection, document_id: int) -> Document | None:
    """One of them."""
    row = conn.execute(select(*_COLUMNS).where(documents.c.id == document_id)).first()
    return Document(*row) if row else None


def newest(conn: Connection, most: int) -> list[Document]:
    """The newest ones."""
    return [Document(*row) for row in conn.execute(select(*_COLUMNS).order_by(documents.c.id.desc()).limit(most))]


def advance(conn: Connection, document_id: int, percent: int) -> None:
    """How far it is."""
    conn.execute(update(documents).where(documents.c.id == document_id).values(progress=min(99, percent)))


def finish(conn: Connection, document_id: int, path: str) -> None:
    """It lies ready."""
    conn.execute(update(documents).where(documents.c.id == document_id).values(state="ready", progress=100, path=path))


def fail(conn: Connection, document_id: int, problem: str) -> None:
    """It could not be made."""
    conn.execute(update(documents).where(documents.c.id == document_id).values(state="failed", problem=problem))


def forget_before(conn: Connection, before: datetime) -> list[str]:
    """Takes away old ones; the files that lie there for them."""
    gone = delete(documents).where(documents.c.created_at < before).returning(documents.c.path)
    return [path for path in conn.scalars(gone) if path]
