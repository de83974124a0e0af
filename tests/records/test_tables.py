"""The data dictionary holds on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from aspal.db import Database
from aspal.tables import heartbeats

MOMENT = datetime(2026, 8, 3, 0, 30, tzinfo=UTC)


def test_a_moment_comes_back_aware_and_in_utc(db: Database) -> None:
    with db.write() as conn:
        conn.execute(insert(heartbeats).values(name="scan", at=MOMENT, every_seconds=60))
    with db.read() as conn:
        assert conn.scalar(select(heartbeats.c.at)) == MOMENT
        assert conn.scalar(select(heartbeats.c.at)).tzinfo is UTC


def test_a_naive_moment_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="naive"), db.write() as conn:
        conn.execute(insert(heartbeats).values(name="scan", at=datetime(2026, 8, 3), every_seconds=60))  # noqa: DTZ001
