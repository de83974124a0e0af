"""Alembic's entry. `aspal db upgrade` hands its connection in; the bare `alembic` command opens one from Settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from aspal.db import Database
from aspal.instant import Instant
from aspal.settings import load
from aspal.tables import metadata


@contextmanager
def _connection() -> Iterator[Connection]:
    given = context.config.attributes.get("connection")
    if given is not None:
        yield given
        return
    db = Database(load().database_url)
    with db.write() as conn:
        yield conn
    db.close()


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """A migration must not change when aspal.tables does: our own type is written as the database's."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


with _connection() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()
