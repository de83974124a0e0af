"""Published ladders. A version is never changed; a disposition keeps the one it started with."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, func, insert, select

from aspal.core.ladder import Ladder, ladder_from
from aspal.tables import ladders


def in_force(conn: Connection) -> Ladder:
    """The newest published ladder; the default rules while an office has published none (id 0)."""
    row = conn.execute(select(ladders).order_by(ladders.c.version.desc()).limit(1)).first()
    if row is None:
        return ladder_from(default_data())
    return ladder_from(row.body, ladder_id=row.id, version=row.version)


def all_versions(conn: Connection) -> dict[int, Ladder]:
    """Every published ladder by its id."""
    rows = conn.execute(select(ladders).order_by(ladders.c.id))
    return {row.id: ladder_from(row.body, ladder_id=row.id, version=row.version) for row in rows}


def publish(conn: Connection, data: Mapping[str, Any], *, now: datetime, by: str, note: str | None = None) -> Ladder:
    """Stores `data` as the next version and puts it in force for dispositions first seen from now on.

    Raises LadderProblem when the data is not a usable ladder.
    """
    ladder_from(data)
    version = (conn.scalar(select(func.max(ladders.c.version))) or 0) + 1
    row_id = conn.scalar(
        insert(ladders)
        .values(version=version, body=dict(data), published_at=now, published_by=by, note=note)
        .returning(ladders.c.id)
    )
    assert row_id is not None
    return ladder_from(data, ladder_id=row_id, version=version)


def ensure(conn: Connection, now: datetime) -> Ladder:
    """The ladder in force, publishing the default rules as version 1 where there is none."""
    current = in_force(conn)
    if current.id:
        return current
    return publish(conn, default_data(), now=now, by="aspal", note="Aturan bawaan")


def default_data() -> dict[str, Any]:
    """The rules that ship with the product."""
    return tomllib.loads(files("aspal").joinpath("default_ladder.toml").read_text("utf-8"))
