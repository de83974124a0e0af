"""The migrations lead to exactly the schema of aspal.tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from aspal.db import Database
from aspal.records import schema
from aspal.tables import metadata, roles


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        db = Database(f"sqlite:///{tmp_path}/bare.db")
        yield db
        db.close()
        return
    server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
    name = f"{server.url.database}_bare"
    with server.connect() as conn:
        conn.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        conn.execute(text(f"CREATE DATABASE {name}"))
    db = Database(make_url(server.url).set(database=name).render_as_string(hide_password=False))
    yield db
    db.close()
    with server.connect() as conn:
        conn.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


def test_upgrading_an_empty_database_gives_the_schema_of_the_tables(bare: Database) -> None:
    before, after = schema.upgrade(bare)
    assert (before, after) == (None, schema.wanted())
    with bare.read() as conn:
        assert schema.current(conn) == schema.wanted()
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_upgrading_again_changes_nothing(bare: Database) -> None:
    schema.upgrade(bare)
    with bare.write() as conn:
        conn.execute(insert(roles).values(name="admin"))
    assert schema.upgrade(bare) == (schema.wanted(), schema.wanted())
    with bare.read() as conn:
        assert conn.scalar(text("SELECT count(*) FROM roles")) == 1


def test_partial_indexes_are_partial(bare: Database) -> None:
    """compare_metadata does not look at the WHERE of an index, so this does."""
    schema.upgrade(bare)
    with bare.read() as conn:
        found = {
            index["name"]
            for table in metadata.sorted_tables
            for index in inspect(conn).get_indexes(table.name)
            if any(str(key).endswith("_where") for key in index.get("dialect_options", {}))
        }
    wanted = {
        str(index.name)
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.dialect_kwargs.get("sqlite_where") is not None
    }
    assert found == wanted


def test_foreign_keys_hold_after_an_upgrade(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/bare.db")
    schema.upgrade(db)
    with db.read() as conn:
        assert conn.scalar(text("PRAGMA foreign_keys")) == 1
    db.close()


def test_the_revisions_are_those_that_alembic_finds() -> None:
    """They are read off the names of the files: Alembic takes longer to load than an idle cron run may last."""
    found = ScriptDirectory(str(schema.SCRIPTS))
    assert [script.revision for script in found.walk_revisions()][::-1] == list(schema.revisions())
    assert found.get_current_head() == schema.wanted()


@pytest.mark.parametrize(
    ("change", "said"), [({"database": "tidak_ada"}, "createdb"), ({"username": "siapa"}, "createdb")]
)
def test_a_database_that_postgresql_has_not_is_not_sent_to_the_upgrade(
    postgres_url: str, change: dict[str, str], said: str
) -> None:
    elsewhere = Database(make_url(postgres_url).set(**change).render_as_string(hide_password=False))
    with pytest.raises(OperationalError) as error, elsewhere.read():
        pass
    elsewhere.close()
    assert not schema.is_missing(error.value)
    assert said in (schema.explain(error.value) or "")


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        ("attempt to write a readonly database", "tidak dapat ditulis"),
        ("attempt to write a readonly database", "hanya-baca"),
        ("disk I/O error", "penuh"),  # on a full disk SQLite cannot even make the file beside it
        ("database or disk is full", "tidak ada ruang"),
        ("database is locked", "dipakai proses lain"),
        ("failed to resolve host 'kuat@127.0.0.1': [Errno -2] Name or service not known", "@ menjadi %40"),
        ('FATAL:  password authentication failed for user "aspal"', "sandi basis data ditolak"),
        ("unable to open database file", "izin berkas"),
        ('connection to server at "127.0.0.1", port 5432 failed: Connection refused', "tidak menjawab"),
        ("no such table: heartbeats", "aspal db upgrade"),
    ],
)
def test_what_ails_the_database_is_said_with_its_cure(driver: str, said: str) -> None:
    assert said in (schema.explain(OperationalError("SELECT 1", {}, Exception(driver))) or "")


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        ("permission denied for schema public", "createdb --owner"),  # PostgreSQL 15 and later, to who is not its owner
        ("cannot execute DELETE in a read-only transaction", "hanya dapat dibaca"),
        ("database disk image is malformed", "aspal restore"),
        ("file is not a database", "aspal restore"),
        ('syntax error at or near "SELEC"', None),
        ('malformed array literal: "x"', None),
    ],
)
def test_a_database_that_refuses_says_why_and_a_bug_is_none(driver: str, said: str | None) -> None:
    found = schema.explain(ProgrammingError("SELECT 1", {}, Exception(driver)))
    assert (said or "") in (found or "")
    assert (found is None) == (said is None)
