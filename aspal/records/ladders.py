"""Published ladders. A version is never changed; a disposition keeps the one it started with."""

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Text, cast, func, insert, select

from aspal.core.ladder import Ladder
from aspal.core.ladder.data import ladder_from
from aspal.tables import ladders

_BODY = cast(ladders.c.body, Text).label("body")  # as it is stored: reading it into a Ladder is remembered
_VERSIONS = select(ladders.c.id, ladders.c.version, _BODY).order_by(ladders.c.id)
_NEWEST = select(ladders.c.id, ladders.c.version, _BODY).order_by(ladders.c.version.desc()).limit(1)


def in_force(conn: Connection) -> Ladder:
    """The newest published ladder; the default rules while an office has published none (id 0)."""
    row = conn.execute(_NEWEST).first()
    return _read(row.id, row.version, row.body) if row else ladder_from(default_data())


@lru_cache(maxsize=64)
def _read(ladder_id: int, version: int, body: str) -> Ladder:
    """A version never changes, and every batch asks for it."""
    return ladder_from(json.loads(body), ladder_id=ladder_id, version=version)


def all_versions(conn: Connection) -> dict[int, Ladder]:
    """Every published ladder by its id."""
    return {row.id: _read(row.id, row.version, row.body) for row in conn.execute(_VERSIONS)}


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
