"""One database, two engines of it: SQLite for one office, PostgreSQL for more. Same code on both.

SQLite takes `BEGIN IMMEDIATE` for writers: a deferred transaction that upgrades from read to write fails at once
with "database is locked", whatever busy_timeout says.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


class Crowded(Exception):
    """Too many wait to write, or one waited too long."""


# The database cannot answer now (gone, locked, full, too busy): the web says 503 and Twilio tries again.
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout, Crowded)
# Somebody else has added the same row first.
COLLIDED = IntegrityError
# A value that no column can hold, such as an id of 500 characters: the sender's oddity, not a failure of ours.
UNSTORABLE = (DataError, OverflowError)


# Each commit waits for the disk once. Folding the log back into the file waits longer, for pages all over the file: at
# its usual 1,000 pages (4 MB) it happened twenty times in a morning's plan and took as long as the rest. So the log may
# grow to 128 MB; housekeeping folds it while nobody waits, and afterwards the file of the log shrinks again.
_SQLITE = (
    "journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=32000", "journal_size_limit=32000000",
    "foreign_keys=ON", "busy_timeout=10000",
)  # fmt: skip
# A process that is stopped in the middle of a transaction must not make every other writer wait for ever, nor a wire
# that went dead in silence its reader: that is noticed within 15 seconds, not a quarter of an hour. And days that are
# read as text are ISO, whatever the server's own custom.
_POSTGRES = {
    "connect_timeout": 10,
    "tcp_user_timeout": 15_000,  # milliseconds
    "options": "-c datestyle=ISO -c idle_in_transaction_session_timeout=120s -c lock_timeout=60s",
}

_TAKE_TURN = text(f"SELECT pg_advisory_xact_lock({0x414354})")  # any constant that no other advisory lock uses


def is_dead(error: Exception) -> bool:
    """Whether the connection had been cut, by a restart of the server for one; the next one will be new."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def upsert(conn: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows ON CONFLICT: spelled alike by both databases, but made by two constructs."""
    if conn.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


class Database:
    """Opens transactions. Every caller says whether it reads or writes."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """`durable=False`: SQLite does not wait for the disk, for data that a power cut may take (the demo)."""
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                _make_private(Path(parsed.database))
            self.engine = create_engine(parsed, connect_args={"timeout": 10}, pool_size=20, hide_parameters=True)
            event.listen(self.engine, "connect", _prepare_sqlite)
            if not durable:
                event.listen(self.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
            event.listen(self.engine, "begin", _begin_sqlite)
            self.singles = self.engine
        else:
            if parsed.drivername in ("postgresql", "postgres"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            given: dict[str, Any] = {"connect_args": _POSTGRES, "hide_parameters": True}
            self.engine = create_engine(parsed, pool_pre_ping=True, pool_size=10, **given)
            self.singles = create_engine(parsed, isolation_level="AUTOCOMMIT", pool_size=1, **given)
        self.readers: Engine = self.engine.execution_options(aspal_reads=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; commits at the end, rolls back on any error."""
        with self.engine.begin() as conn:
            yield conn

    @contextmanager
    def act(self) -> Iterator[Connection]:
        """A transaction of what somebody does by hand: each looks at how things stand, and then decides.

        PostgreSQL would let two do that at once, each without seeing the other: a button pressed twice, or two admins.
        So people take turns there, as all writers do on SQLite; the stations wait for none of them.
        """
        with self.write() as conn:
            if not self.is_sqlite:
                conn.execute(_TAKE_TURN)
            yield conn

    @contextmanager
    def single(self) -> Iterator[Connection]:
        """A transaction of one statement, for who can say it again: the connection may turn out to be dead (`is_dead`).

        PostgreSQL begins and commits it by itself, and nobody asks beforehand whether it is there: one round trip, not
        four.
        """
        if self.is_sqlite:
            with self.write() as conn:
                yield conn
        else:
            with self.singles.connect() as conn:
                yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look. Writing in it is a mistake that SQLite refuses when someone else writes."""
        with self.readers.begin() as conn:
            yield conn

    def fold(self) -> None:
        """Brings SQLite's write-ahead log back into its file, beside whoever reads and writes. PostgreSQL sees to it
        itself."""
        if self.is_sqlite:
            with self.engine.connect() as conn:
                driver: Any = conn.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").close()

    def close(self) -> None:
        """Gives every connection back."""
        self.engine.dispose()
        self.singles.dispose()


def _make_private(file: Path) -> None:
    """A new database is its owner's alone: it will hold names and numbers. SQLite gives its log the same mode."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # where it cannot be made SQLite says so in its own words
        file.touch(mode=0o600, exist_ok=False)


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # pysqlite must not begin transactions behind our back
    cursor = dbapi_connection.cursor()
    for pragma in _SQLITE:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    reads = conn.get_execution_options().get("aspal_reads")
    conn.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
