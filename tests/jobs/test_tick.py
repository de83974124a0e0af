"""The tick: what is due, in order, once; a station that fails does not stop the others."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import insert

from aspal.bootstrap import House
from aspal.clock import FrozenClock
from aspal.db import Database
from aspal.records import due, health
from aspal.settings import Settings
from aspal.tables import complaints, dispositions, messages, replies
from jobs import once, tick
from jobs.timetable import BY_NAME, TIMETABLE

NOW = datetime(2026, 8, 3, 2, 0, 30, tzinfo=UTC)
IDLE = {job.name: dict(job.idle) for job in TIMETABLE}


@pytest.fixture
def house(db: Database) -> Iterator[House]:
    built = House(Settings(database_url="sqlite://"), FrozenClock(NOW))
    own, built.db = built.db, db
    yield built
    own.close()


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that ran, in order; each does nothing but say so."""
    seen: list[str] = []
    for job in TIMETABLE:
        stub(monkeypatch, job.name, lambda *_, name=job.name: seen.append(name) or {"done": 1})
    return seen


def stub(monkeypatch: pytest.MonkeyPatch, name: str, run: Callable[..., Any]) -> None:
    module = ModuleType(f"jobs.{name}")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, f"jobs.{name}", module)


def at(house: House, moment: datetime) -> House:
    house.clock = FrozenClock(moment)
    return house


def clock_jobs_have_run(house: House) -> None:
    with house.db.write() as conn:
        for job in TIMETABLE:
            if job.slot:
                health.beat(conn, job.name, house.clock.now(), job.slot)


def put_open_disposition(db: Database, next_look_at: datetime | None) -> None:
    with db.write() as conn:
        common = {"status": "belum_ditindaklanjuti", "created_at": NOW}
        conn.execute(insert(complaints).values(id=1, kind="pengaduan", received_on=date(2026, 8, 1), **common))
        part = {"complaint_id": 1, "disposed_on": date(2026, 8, 1), "next_look_at": next_look_at}
        conn.execute(insert(dispositions).values(**part, **common))


def test_nothing_due_runs_nothing_and_still_beats(house: House, ran: list[str]) -> None:
    clock_jobs_have_run(house)
    outcome = tick.run(house)
    assert ran == []
    assert outcome.ok
    assert outcome.counts == IDLE
    with house.db.read() as conn:
        assert {beat.name for beat in health.heartbeats(conn)} == {job.name for job in TIMETABLE}


def test_work_for_one_station_runs_it_and_those_after_it_in_order(house: House, ran: list[str]) -> None:
    clock_jobs_have_run(house)
    put_open_disposition(house.db, NOW)
    tick.run(house)
    assert ran == ["scan", "bundle", "deliver"]


def test_a_look_that_is_not_due_yet_runs_nothing(house: House, ran: list[str]) -> None:
    clock_jobs_have_run(house)
    put_open_disposition(house.db, NOW + timedelta(seconds=1))
    tick.run(house)
    assert ran == []


def test_jobs_by_the_clock_run_once_in_each_slot(house: House, ran: list[str]) -> None:
    tick.run(house)
    assert "housekeeping" in ran
    ran.clear()
    tick.run(at(house, NOW + timedelta(minutes=2)))
    assert ran == []
    tick.run(at(house, NOW + timedelta(minutes=5)))
    assert "recap" in ran
    assert "housekeeping" not in ran
    ran.clear()
    tick.run(at(house, NOW - timedelta(days=3)))  # a clock that was set back must not silence them
    assert "housekeeping" in ran


def test_a_station_that_raises_is_named_and_the_others_go_on(
    house: House, ran: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock_jobs_have_run(house)
    put_open_disposition(house.db, NOW)

    def poison(*_: Any) -> dict[str, Any]:
        raise LookupError

    stub(monkeypatch, "scan", poison)
    outcome = tick.run(house)
    assert not outcome.ok
    assert outcome.counts["scan"] == {"error": "LookupError"}
    assert ran == ["bundle", "deliver"]
    assert "scan" in [getattr(record, "job", None) for record in caplog.records]
    with house.db.read() as conn:
        (failed,) = [beat for beat in health.heartbeats(conn) if beat.name == "scan"]
        assert failed.failure == "LookupError"


def test_named_errors_make_the_run_partly_done(house: House, ran: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stub(monkeypatch, "templates", lambda *_: {"templates": 1, "errors": ["rekap_sekda"]})
    assert not once.run(house, BY_NAME["templates"], 60).ok
    assert once.run(house, BY_NAME["scan"], 60).ok


@pytest.mark.parametrize(
    ("state", "moment", "expected"),
    [
        ("waiting", NOW, {"deliver"}),
        ("waiting", NOW + timedelta(seconds=1), set()),
        ("sending", NOW, {"reconcile"}),
        ("unknown", NOW + timedelta(seconds=1), set()),
        ("held", NOW, set()),
        ("delivered", NOW, set()),
    ],
)
def test_messages_call_the_station_that_can_move_them(
    db: Database, state: str, moment: datetime, expected: set[str]
) -> None:
    row = {"address": "x", "text": "t", "workday": date(2026, 8, 3), "created_at": NOW}
    with db.write() as conn:
        conn.execute(insert(messages).values(**row, state=state, not_before=moment, lease_until=moment))
        assert due.stations(conn, NOW) == expected


def test_a_stored_reply_calls_for_understanding_and_an_understood_one_does_not(db: Database) -> None:
    row = {"address": "x", "raw": {}, "received_at": NOW}
    with db.write() as conn:
        conn.execute(insert(replies).values(provider_sid="SM1", state="tray", **row))
        assert due.stations(conn, NOW) == set()
        conn.execute(insert(replies).values(provider_sid="SM2", state="stored", **row))
        assert due.stations(conn, NOW) == {"inbound"}


def test_every_job_has_its_file_and_its_contract_keys() -> None:
    assert IDLE["scan"].keys() == {"looked_at", "notices"}
    assert IDLE["bundle"].keys() == {"messages", "held", "cancelled"}
    assert IDLE["deliver"].keys() == {"accepted", "retry", "failed", "unknown"}
    assert IDLE["reconcile"].keys() == {"resolved", "resent", "still_unknown"}
