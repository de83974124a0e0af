"""The schema's version: which the database has, which the code wants, and the way from one to the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from aspal.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parents[2] / "migrations"
VERSION_TABLE = "alembic_version"


class WrongSchema(Exception):
    """The schema is not the one that this code needs; the text says which it is, and the cure."""


def upgrade(db: Database) -> tuple[str | None, str]:
    """Brings the database to the newest schema. Returns the revision before and after. Raises WrongSchema when it is
    of a newer version."""
    from alembic import command

    with _rebuilding(db) as conn:
        before = current(conn)
        if before and not is_known(before):
            raise WrongSchema(trouble(before))
        if before != wanted():
            command.upgrade(_config(conn), "head")
        return before, wanted()


def current(conn: Connection) -> str | None:
    """The revision that the database is at; None when it was never upgraded."""
    if not inspect(conn).has_table(VERSION_TABLE):
        return None
    found: str | None = conn.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # our own constant  # nosec B608
    return found


@cache
def revisions() -> tuple[str, ...]:
    """Every revision that this code brings along, oldest first. Each file's name begins with its own; Alembic, which
    knows them too, takes longer to load than an idle cron run may last."""
    return tuple(sorted(file.name.partition("_")[0] for file in (SCRIPTS / "versions").glob("[0-9]*_*.py")))


def wanted() -> str:
    """The newest revision that this code brings along."""
    return revisions()[-1]


def is_known(revision: str) -> bool:
    """Whether this code has that revision; a database of a newer version has one that it has not."""
    return revision in revisions()


def trouble(found: str | None) -> str | None:
    """What is to be done about a schema of this revision; None when it is the one that this code needs.

    Without a revision it was made without Alembic.
    """
    if found is None or found == wanted():
        return None
    if is_known(found):
        return f"Skema basis data versi {found}, aplikasi membutuhkan {wanted()}. Jalankan: aspal db upgrade"
    newer = f"Skema basis data versi {found} lebih baru dari aplikasi ({wanted()})."
    return f"{newer} Perbarui aplikasinya: git pull && make setup"


def demand(conn: Connection) -> None:
    """Raises WrongSchema unless the schema is the one that this code needs."""
    if wrong := trouble(current(conn)):
        raise WrongSchema(wrong)


_BROKEN = (
    "berkas basis data rusak; hentikan web dan worker, pindahkan berkas itu (juga -wal dan -shm) ke folder lain, lalu "
    "aspal restore CADANGAN"
)
# What the drivers say -> what the office can do about it; the first of these with any kind of error, the others when
# the database does not work at all.
_REFUSED = {
    "read-only transaction": "server basis data hanya dapat dibaca (cadangan siaga, atau penuh); periksa servernya",
    "image is malformed": _BROKEN,
    "file is not a database": _BROKEN,
    "permission denied": "pengguna basis data tidak berhak; jadikan ia pemilik basis datanya (createdb --owner)",
}
_CAUSES = {
    "readonly": "basis data tidak dapat ditulis; berkas (juga -wal dan -shm) dan foldernya harus milik pengguna yang "
    "menjalankan ASPAL, dan penyimpanannya tidak hanya-baca (mount)",
    "disk i/o error": "penyimpanan basis data penuh, bermasalah, atau menjadi hanya-baca; periksa df, dmesg, dan mount",
    "full": "tidak ada ruang lagi di penyimpanan basis data; kosongkan ruang, ASPAL melanjutkan sendiri",
    "no space left": "tidak ada ruang lagi di server basis data; kosongkan ruang, ASPAL melanjutkan sendiri",
    "locked": "basis data terlalu lama dipakai proses lain; ulangi, dan periksa apa yang sedang berjalan",
    "resolve host": "nama server basis data tidak ditemukan; periksa alamatnya; tanda khusus di dalam sandi ditulis "
    "sebagai %XX (@ menjadi %40)",
    "password": "sandi basis data ditolak server; tanda khusus di dalam sandi ditulis sebagai %XX (@ menjadi %40)",
    "does not exist": "basis data atau pengguna itu tidak ada di server; buat dahulu (createdb) atau periksa namanya",
    "unable to open": "basis data tidak dapat dibuka; periksa alamat dan izin berkas serta foldernya",
    "connection": "server basis data tidak menjawab; periksa alamatnya dan apakah ia hidup",  # also within those above
}


def explain(error: BaseException) -> str | None:
    """What a database error means for the office, if it is one that the office can mend."""
    if isinstance(error, WrongSchema):
        return str(error)
    if is_missing(error):
        return "Skema basis data belum ada atau sudah lama. Jalankan: aspal db upgrade"
    found = cause(error)
    if found is None and isinstance(error, OperationalError):
        found = "basis data tidak dapat dibuka; periksa alamat, izin berkas, dan apakah servernya hidup"
    return f"DATABASE_URL: {found}" if found else None


def cause(error: BaseException) -> str | None:
    """What keeps the database from answering, where its driver says it plainly; None for anything else, also a bug."""
    if not isinstance(error, DBAPIError):
        return None
    said, known = str(error.orig).lower(), _REFUSED | (_CAUSES if isinstance(error, OperationalError) else {})
    return next((cure for sign, cure in known.items() if sign in said), None)


def is_missing(error: BaseException) -> bool:
    """Whether a table or a column is not there: a schema that was never made, or an old one."""
    if isinstance(error, OperationalError):  # PostgreSQL: a whole database that is not there; no upgrade makes it
        said = str(error.orig).lower()
        return "no such table" in said or "no such column" in said
    return isinstance(error, ProgrammingError) and "does not exist" in str(error.orig).lower()


@contextmanager
def _rebuilding(db: Database) -> Iterator[Connection]:
    """One transaction; SQLite changes a table by building it anew, and its foreign keys must not fire meanwhile."""
    with db.engine.connect() as conn:
        driver: Any = conn.connection.dbapi_connection
        if db.is_sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with conn.begin():
                yield conn
        finally:
            if db.is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def _config(conn: Connection | None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config
