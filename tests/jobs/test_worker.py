"""The elected worker: one works, one stands by, and nothing that a job does can stop it."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from aspal.bootstrap import House
from aspal.clock import SystemClock
from aspal.db import Database
from aspal.records import health
from aspal.settings import Settings
from aspal.tables import leases, metadata
from jobs import once
from jobs.timetable import BY_NAME, Job
from jobs.worker import LEASE, Rhythm, Worker

Houses = Callable[[Database], House]
QUICK = Rhythm(lease=0.6, renew=0.05)


@pytest.fixture
def house_of() -> Iterator[Houses]:
    """Another process's house on the same database."""
    houses: list[House] = []

    def build(db: Database) -> House:
        houses.append(House(Settings(database_url=db.engine.url.render_as_string(hide_password=False))))
        return houses[-1]

    yield build
    for house in houses:
        house.close()


def job(monkeypatch: pytest.MonkeyPatch, name: str, run: Callable[[House, datetime], dict[str, Any]]) -> Job:
    """A job that is always due, doing what the test says."""
    module = ModuleType(f"jobs.{name}")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, f"jobs.{name}", module)
    monkeypatch.setattr("jobs.once.jobs_due", lambda *_: frozenset({"good", "poison"}))
    return Job(name, every=1)


@contextmanager
def running(*workers: Worker) -> Iterator[None]:
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()


def until(condition: Callable[[], Any], seconds: float = 10) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def test_of_two_workers_one_leads_and_the_other_takes_over_when_it_ends(
    db: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = job(monkeypatch, "good", lambda *_: {"done": 1})
    first, second = (Worker(house_of(db), QUICK, (good,)) for _ in range(2))
    with running(first, second):
        until(lambda: first.leading.is_set() or second.leading.is_set())
        time.sleep(0.3)
        assert first.leading.is_set() != second.leading.is_set()
        leader, standby = (first, second) if first.leading.is_set() else (second, first)
        leader.stop()
        until(standby.leading.is_set)


def test_a_killed_worker_is_replaced_when_its_lease_runs_out(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    good = job(monkeypatch, "good", lambda *_: {})
    with sqlite.write() as conn:
        health.take_lease(conn, LEASE, "killed", SystemClock().now(), 0.5)
    worker = Worker(house_of(sqlite), QUICK, (good,))
    with running(worker):
        time.sleep(0.2)
        assert not worker.leading.is_set()
        assert caplog.messages.count("another worker leads, standing by") == 1
        until(worker.leading.is_set)


def test_a_standby_of_yesterdays_code_ends_instead_of_taking_over_an_upgraded_database(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """systemd starts it anew, with the code that is installed by now."""
    ran: list[int] = []
    good = job(monkeypatch, "good", lambda *_: {"done": ran.append(1) or 1})
    with sqlite.write() as conn:
        health.take_lease(conn, LEASE, "upgraded", SystemClock().now(), 30)
    worker = Worker(house_of(sqlite), QUICK, (good,))
    thread = threading.Thread(target=worker.run)
    thread.start()
    with sqlite.write() as conn:
        conn.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        conn.exec_driver_sql("INSERT INTO alembic_version VALUES ('9999')")
        health.release_lease(conn, LEASE, "upgraded")
    thread.join(10)
    assert (thread.is_alive(), ran) == (False, [])
    assert "versi 9999 lebih baru" in caplog.text
    assert _holder(sqlite) is None


def test_takeover_takes_less_than_half_a_minute() -> None:
    usual = Rhythm()
    assert usual.lease + usual.renew < 30


def test_a_worker_that_lost_its_lease_stops_working_at_once(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = job(monkeypatch, "good", lambda *_: {})
    house = house_of(sqlite)
    worker = Worker(house, QUICK, (good,))
    with running(worker):
        until(worker.leading.is_set)
        with sqlite.write() as conn:
            conn.execute(leases.update().values(owner="another", until=SystemClock().now() + timedelta(minutes=9)))
        until(lambda: not worker.leading.is_set())
        assert house.stopping.is_set()
        with sqlite.read() as conn:
            assert conn.scalar(select(leases.c.owner)) == "another"


def test_a_job_that_raises_is_told_and_the_others_go_on(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poison(*_: Any) -> dict[str, Any]:
        raise LookupError("+6281200000001")

    jobs = job(monkeypatch, "poison", poison), job(monkeypatch, "good", lambda *_: {"done": 1})
    worker = Worker(house_of(sqlite), QUICK, jobs)

    def beats() -> dict[str, health.Heartbeat]:
        with sqlite.read() as conn:
            return {beat.name: beat for beat in health.heartbeats(conn)}

    with running(worker):
        until(lambda: beats().keys() == {"good", "poison"})
        first = beats()["good"].at
        until(lambda: beats()["good"].at > first)
        assert (beats()["poison"].failure, beats()["good"].failure) == ("LookupError", None)


def test_after_a_leap_of_the_clock_whoever_is_alive_says_so_at_once(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo's night was over in a moment, and for a quarter of a minute every page called the worker dead."""
    house = house_of(sqlite)
    clock = SimpleNamespace(moment=datetime(2026, 8, 3, 8, tzinfo=UTC))
    clock.now = lambda: clock.moment
    house.clock = clock  # type: ignore[assignment]
    idle = job(monkeypatch, "idle", lambda *_: {})

    def beaten() -> datetime | None:
        with sqlite.read() as conn:
            return next((beat.at for beat in health.heartbeats(conn) if beat.name == "idle"), None)

    with running(Worker(house, timetable=(idle,))):
        until(lambda: beaten() == clock.moment)
        for leap in (timedelta(hours=23), timedelta(hours=-9)):
            clock.moment += leap
            until(lambda: beaten() == clock.moment, seconds=5)


def test_every_job_is_loaded_before_the_first_thread_begins(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.once.jobs_due", lambda *_: frozenset())
    monkeypatch.delitem(sys.modules, "jobs.ping", raising=False)
    worker = Worker(house_of(sqlite), QUICK, (BY_NAME["ping"],))
    with running(worker):
        until(worker.leading.is_set)
        assert "jobs.ping" in sys.modules


def test_a_dead_scheduler_thread_is_noticed_and_replaced(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    good = job(monkeypatch, "good", lambda *_: {"done": runs.append(1) or 1})
    worker = Worker(house_of(sqlite), QUICK, (good,))
    with running(worker):
        until(lambda: runs)
        dead = worker._thread
        with suppress(Exception):
            worker._scheduler.shutdown(wait=False)  # as an exception in its main loop would
        until(lambda: worker._thread is not None and worker._thread is not dead)
        before = len(runs)
        until(lambda: len(runs) > before)


def test_the_item_in_hand_is_finished_before_the_worker_ends(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, finished = threading.Event(), threading.Event()

    def slow(house: House, _now: datetime) -> dict[str, Any]:
        began.set()
        assert house.stopping.wait(10)
        time.sleep(0.2)
        finished.set()
        return {}

    worker = Worker(house_of(sqlite), QUICK, (job(monkeypatch, "good", slow),))
    with running(worker):
        began.wait(10)
    assert finished.is_set()


def test_an_unreachable_database_does_not_end_the_worker(
    sqlite: Database, house_of: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = job(monkeypatch, "good", lambda *_: {})
    house = house_of(sqlite)
    worker = Worker(house, QUICK, (good,))
    real = house.db
    with running(worker):
        until(worker.leading.is_set)
        house.db = SimpleNamespace(write=None, read=None)  # type: ignore[assignment]
        until(lambda: not worker.leading.is_set())  # its lease has run out unrenewed
        house.db = real
        until(worker.leading.is_set)


@pytest.mark.parametrize(
    ("driver", "is_bug"),
    [
        ("database or disk is full", False),
        ("attempt to write a readonly database", False),
        ('near "SELEC": syntax error', True),
    ],
)
def test_a_database_that_is_away_takes_one_line_of_the_log_and_a_bug_its_traceback(
    driver: str, is_bug: bool, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise OperationalError("SELEC 1", {}, Exception(driver))
    except OperationalError as error:
        once.told(logging.getLogger("jobs"), "job failed", error, job="scan")
    (record,) = caplog.records
    assert (record.job, bool(record.exc_info)) == ("scan", is_bug)  # type: ignore[attr-defined]


def test_sigterm_ends_the_process_cleanly_and_gives_the_lease_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/aspal.db"
    db = Database(url)
    metadata.create_all(db.engine)
    frozen = datetime(2026, 8, 3, 0, 30, tzinfo=UTC).isoformat()
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs"],
        env={**os.environ, "DATABASE_URL": url, "ASPAL_CLOCK": frozen},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: _holder(db), 20)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, log
    assert "worker stopped" in log
    assert _holder(db) is None
    db.close()


def _holder(db: Database) -> str | None:
    with db.read() as conn:
        return conn.scalar(select(leases.c.owner).where(leases.c.name == LEASE))
