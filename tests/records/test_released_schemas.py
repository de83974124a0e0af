"""Forward from every released schema, with an office's data in it and in the middle of its work.

`released/<revision>.json` is what stood in a database of that revision: written once, when it was the newest, and never
changed since. It is put into the schema of its time, upgraded, and must come out whole and usable.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Date, DateTime, MetaData, Table, insert, select, text

from aspal import tables as t
from aspal.bootstrap import House
from aspal.clock import FrozenClock
from aspal.db import Database
from aspal.records import journal, schema
from aspal.settings import Settings
from aspal.web.factory import create_app
from tests.records.test_schema import bare as bare
from tests.security.test_people import log_in
from tests.world import World

RELEASED = Path(__file__).with_name("released")
REVISIONS = sorted(path.stem for path in RELEASED.glob("*.json"))
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=REVISIONS)
def office(request: pytest.FixtureRequest, bare: Database) -> tuple[Database, Rows]:
    """A database as that release left it."""
    rows: Rows = json.loads((RELEASED / f"{request.param}.json").read_text("utf-8"))
    with bare.write() as conn:
        command.upgrade(_config(conn), request.param)
    tables = _reflected(bare)
    with bare.write() as conn:
        for table in tables.sorted_tables:
            for row in rows.get(table.name, []):
                conn.execute(insert(table).values(_stored(bare, table, row)))
            if not bare.is_sqlite and "id" in table.c:
                conn.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name} "
                        "HAVING max(id) IS NOT NULL"
                    )
                )
    return bare, rows


def test_every_released_schema_is_upgraded_here() -> None:
    known = [script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()]
    assert set(known) - {schema.wanted()} <= set(REVISIONS) <= set(known)


def test_an_upgrade_keeps_every_row_and_every_value(office: tuple[Database, Rows]) -> None:
    db, rows = office
    schema.upgrade(db)
    tables = _reflected(db)
    with db.read() as conn:
        for name, before in rows.items():
            table = tables.tables[name]
            kept = [dict(row._mapping) for row in conn.execute(select(table))]
            wanted = [_stored(db, table, row) for row in before]
            for row in wanted:
                assert any(row.items() <= _comparable(one).items() for one in map(_comparable, kept)), (name, row)
            assert len(kept) == len(wanted), name
        assert journal.verify(conn) is None


def test_after_an_upgrade_the_work_goes_on_where_it_stood(office: tuple[Database, Rows]) -> None:
    db, rows = office
    schema.upgrade(db)
    world = World(db, "2026-08-06 07:45")
    doubtful = [row["id"] for row in rows["messages"] if row["state"] == "unknown"]
    world.until("2026-08-07 12:00")
    states = {row.id: row.state for row in world.rows(t.messages)}
    assert doubtful
    assert {states[number] for number in doubtful} <= {"delivered", "cancelled"}
    before = {row["id"] for row in rows["messages"]}
    fresh = [row for row in world.rows(t.messages) if row.id not in before]
    assert {row.workday for row in fresh} >= {date(2026, 8, 7)}
    told = [(row.disposition_id, row.step, row.contact_id, row.workday) for row in world.rows(t.notices)]
    assert len(told) == len(set(told)) > len(rows["notices"])


def test_after_an_upgrade_the_pages_open_for_those_who_had_an_account(office: tuple[Database, Rows]) -> None:
    db, _ = office
    schema.upgrade(db)
    app = create_app(World(db, "2026-08-06 08:00").house)
    client = app.test_client()
    log_in(client, "viewer@kantor.test")
    pages = [str(rule) for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    answers = {page: client.get(page).status_code for page in pages if "logout" not in page and page != "/healthz"}
    assert {page: code for page, code in answers.items() if code >= 500} == {}
    assert (answers["/"], answers["/aduan/"], answers["/pesan/"]) == (200, 200, 200)
    assert "1916449" in client.get("/aduan/").text


def test_an_old_schema_is_red_until_it_is_upgraded(office: tuple[Database, Rows]) -> None:
    db, _ = office
    house = House(
        Settings(database_url="sqlite://", secret_key="x" * 40), FrozenClock(datetime(2026, 8, 6, tzinfo=UTC))
    )
    house.db = db
    client = create_app(house).test_client()
    with db.read() as conn:
        is_old = schema.current(conn) != schema.wanted()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert ("aspal db upgrade" in answer.text) == is_old
    schema.upgrade(db)
    assert "aspal db upgrade" not in client.get("/healthz").text


def _config(conn: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    config.attributes["connection"] = conn
    return config


def _reflected(db: Database) -> MetaData:
    found = MetaData()
    found.reflect(db.engine)
    return found


def _stored(db: Database, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the file as that column holds it."""

    def value(name: str, told: Any) -> Any:
        kind = table.c[name].type
        if isinstance(kind, DateTime):
            moment = datetime.fromisoformat(told)
            return moment.replace(tzinfo=None) if db.is_sqlite else moment
        return date.fromisoformat(told) if isinstance(kind, Date) else told

    return {name: value(name, told) for name, told in row.items()}


def _comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.astimezone(UTC) if getattr(value, "tzinfo", None) else value for name, value in row.items()}
