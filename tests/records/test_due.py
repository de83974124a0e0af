"""What an idle minute asks: one row of a small index each, whatever the server believes about its tables."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Date, TextClause, bindparam, event, text, update

from aspal.db import Database
from aspal.instant import Instant
from aspal.records import cases, due
from aspal.tables import dispositions
from jobs import scan
from tests.world import World

NOW = datetime(2026, 8, 4, 1, 0, tzinfo=UTC)
FEW = {"ix_notices_waiting", "ix_messages_due", "ix_dispositions_next_look"}


@pytest.mark.parametrize(
    ("question", "indexes"),
    [(due._ASK_SCAN, FEW), (due._ASK, {*FEW, "ix_replies_stored", "ix_messages_sending"})],
    ids=["scan", "tick"],
)
def test_an_idle_look_reads_small_indexes_alone(db: Database, question: TextClause, indexes: set[str]) -> None:
    explain = "EXPLAIN QUERY PLAN" if db.is_sqlite else "EXPLAIN"
    asked = text(f"{explain} {question.text}").bindparams(
        *[bindparam(name, type_=Date if name == "today" else Instant) for name in question._bindparams]
    )
    with db.write() as conn:
        if not db.is_sqlite:
            for way in ("seqscan", "bitmapscan", "sort"):  # a table of this size is read whole and sorted otherwise
                conn.execute(text(f"SET LOCAL enable_{way} = off"))
        given = {"today": NOW.date(), "now": NOW}
        plan = [row[-1] for row in conn.execute(asked, {name: given[name] for name in question._bindparams})]
    for index in indexes:
        assert [line for line in plan if index in line], plan
    assert not [line for line in plan if "TEMP B-TREE" in line or "Sort" in line], "in the order of the index"


def test_an_idle_scan_asks_one_question(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    asked: list[str] = []

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(world.db.engine, "before_cursor_execute", note)
    counts = scan.run(world.house, world.clock.now())
    event.remove(world.db.engine, "before_cursor_execute", note)
    assert not any(counts.values())
    assert len(asked) == 1, asked


def test_what_waits_longest_is_looked_at_first(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    unit = world.unit("Dinas PUPR")
    for number in range(3):
        world.complaint(f"191644{number}", unit, disposed="2026-08-03")
    with db.write() as conn:
        for number in (1, 2, 3):
            since = NOW - timedelta(minutes=number)
            conn.execute(update(dispositions).where(dispositions.c.id == number).values(next_look_at=since))
        found, _ = cases.due(conn, NOW, 10)
    assert [row.id for row in found] == [3, 2, 1]
