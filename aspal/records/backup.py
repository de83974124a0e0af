"""Everything that is remembered in one SQLite file, taken while the house runs, whichever database it runs on.

The file holds every table as it was at one moment, the schema's revision, the attachments and the evidence. It restores
onto either database, so it is also the way to move from SQLite to PostgreSQL.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Connection, Table, bindparam, create_engine, func, insert, select, text, union, update
from sqlalchemy.exc import DBAPIError

from aspal.db import Database
from aspal.tables import complaints, contacts, evidence_documents, journal, media, messages, metadata, units, users

_FILES = "backup_files"
_VERSION = "alembic_version"
_PAGE = 1000
_PRECIOUS = (units, contacts, complaints, messages, users, journal)
_WITH_FILES = (media, evidence_documents)  # both name files below MEDIA_DIR


class BackupProblem(Exception):
    """Why a backup cannot be written or read, in words for an admin."""


@dataclass(frozen=True)
class Contents:
    """How much a backup holds."""

    rows: int
    files: int
    missing_files: int = 0  # files that the database knows and the folder does not have


def write(db: Database, target: Path, media_dir: Path) -> Contents:
    """Writes the backup beside the target and moves it into place when it is whole. Raises BackupProblem."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # it holds names and numbers
    try:
        if db.is_sqlite:
            _copy_pages(db, partial)
        else:
            _copy_snapshot(db, partial)
        contents = _add_files(partial, media_dir)
        os.replace(partial, target)
    except (sqlite3.Error, DBAPIError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, sqlite3.Error | OSError) or "no such table" in str(cause):
            raise  # PostgreSQL's trouble or an old schema's, not the file's
        if type(cause) is sqlite3.DatabaseError:  # neither locked nor full
            said = f"basis data rusak ({cause}), {target} tidak diganti; periksa disk, lalu pulihkan cadangan terakhir"
            raise BackupProblem(said) from error
        raise BackupProblem(f"{target} tidak dapat ditulis ({cause}); periksa ruang penyimpanan") from error
    finally:
        partial.unlink(missing_ok=True)
    return contents


def revision(source: Path) -> str:
    """The schema's revision of a backup. Raises BackupProblem when the file is none."""
    if not source.is_file():
        raise BackupProblem(f"berkas {source} tidak ada")
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as file:
            file.execute(f"SELECT path FROM {_FILES} LIMIT 1")  # our own constant  # nosec B608
            row = file.execute(f"SELECT version_num FROM {_VERSION}").fetchone()  # our own constant  # nosec B608
    except sqlite3.DatabaseError as error:
        raise BackupProblem(f"{source} bukan cadangan ASPAL") from error
    return str(row[0])


def restore(
    db: Database,
    source: Path,
    media_dir: Path,
    *,
    force: bool = False,
    then: Callable[[Connection], None] | None = None,
) -> Contents:
    """Puts a backup of the same schema revision into the database; all of it or, on any error, nothing.

    `then`: what must hold from the first moment on, done in the same transaction. Raises BackupProblem.
    """
    with _opened(source) as old, db.write() as conn:
        if not force and any(conn.execute(select(table).limit(1)).first() for table in _PRECIOUS):
            raise BackupProblem("basis data sudah berisi; pakai --force untuk mengganti seluruh isinya")
        for table in reversed(metadata.sorted_tables):
            conn.execute(table.delete())
        rows = _copy_rows(old, conn)
        if not db.is_sqlite:
            _advance_sequences(conn)
        try:
            files = _restore_files(source, media_dir)
        except OSError as error:
            said = f"lampiran tidak dapat ditulis di {media_dir} ({error.strerror}); periksa ruang dan izinnya. "
            raise BackupProblem(said + "Basis data tidak diubah.") from error
        if then is not None:
            then(conn)
    return Contents(rows, files)


def _copy_pages(db: Database, target: Path) -> None:
    """SQLite's own online backup: one moment, while others read and write."""
    with db.engine.connect() as conn, closing(sqlite3.connect(target)) as out:
        driver = conn.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(out)
        ((found, *_),) = out.execute("PRAGMA quick_check(1)")
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        out.execute("PRAGMA journal_mode=DELETE")  # one file, without a write-ahead log beside it


def _copy_snapshot(db: Database, target: Path) -> None:
    with _opened(target) as new, db.engine.connect() as conn:
        metadata.create_all(new)
        with conn.execution_options(isolation_level="REPEATABLE READ").begin():
            _copy_rows(conn, new)
            version = conn.scalar(text(f"SELECT version_num FROM {_VERSION}"))  # our own constant  # nosec B608
        new.execute(text(f"CREATE TABLE {_VERSION} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        new.execute(text(f"INSERT INTO {_VERSION} VALUES (:version)"), {"version": version})  # our own constant  # nosec B608


@contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    """A backup as a database. Without the house's set-up: it must stay one file, and rows arrive in any order."""
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.begin() as conn:
            yield conn
    finally:
        engine.dispose()


def _copy_rows(old: Connection, new: Connection) -> int:
    count = 0
    for table in metadata.sorted_tables:
        loops = [column for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
        found = old.execution_options(yield_per=_PAGE).execute(select(table))
        for page in found.mappings().partitions():
            rows = [dict(row) for row in page]
            new.execute(insert(table), [row | {column.name: None for column in loops} for row in rows])
            count += len(rows)
        for column in loops:  # a row may point at a later one of its own table
            _copy_loop(old, new, table, column)
    return count


def _copy_loop(old: Connection, new: Connection, table: Table, column: "Column[int]") -> None:
    pairs = old.execute(select(table.c.id, column).where(column.is_not(None))).all()
    if pairs:
        point = update(table).where(table.c.id == bindparam("row_id")).values({column.name: bindparam("target")})
        new.execute(point, [{"row_id": row_id, "target": target} for row_id, target in pairs])


def _advance_sequences(conn: Connection) -> None:
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None:
            newest = conn.scalar(select(func.max(table.c.id)))
            sequence = func.pg_get_serial_sequence(table.name, "id")
            conn.execute(select(func.setval(sequence, newest or 1, newest is not None)))


def _add_files(target: Path, media_dir: Path) -> Contents:
    kept = missing = 0
    with _opened(target) as conn:
        conn.execute(text(f"CREATE TABLE {_FILES} (path VARCHAR(200) NOT NULL PRIMARY KEY, content BLOB NOT NULL)"))
        named = union(*(select(table.c.path).where(table.c.path.is_not(None)) for table in _WITH_FILES))
        for path in conn.scalars(named).all():
            file = media_dir / path
            if not file.is_file():
                missing += 1
                continue
            into = text(f"INSERT INTO {_FILES} VALUES (:path, :content)")  # our own constant  # nosec B608
            conn.execute(into, {"path": path, "content": file.read_bytes()})
            kept += 1
        rows = sum(conn.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables)
    return Contents(rows, kept, missing)


def _restore_files(source: Path, media_dir: Path) -> int:
    count = 0
    with closing(sqlite3.connect(source)) as file:
        for path, content in file.execute(f"SELECT path, content FROM {_FILES}"):  # our own constant  # nosec B608
            target = (media_dir / path).resolve()
            if not target.is_relative_to(media_dir.resolve()):
                raise BackupProblem("cadangan memuat jalur lampiran yang tidak sah")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            count += 1
    return count
