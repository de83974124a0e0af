"""The database is locked, read-only, full or gone for a while: nothing acknowledged is lost, nothing is sent twice."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.engine import make_url

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import UNAVAILABLE, Database
from aspal.desk import outbox_acts, restoring
from aspal.gateways.whatsapp.port import Accepted, Outgoing
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records import backup, health, journal, schema
from aspal.records.simulator import SimulatorMemory
from aspal.web.factory import create_app
from jobs import tick
from tests.web.test_webhooks import INBOUND, form, post
from tests.world import Somebody, World

Trouble = Callable[[Database], AbstractContextManager[None]]


class Provider(SimulatorGateway):
    """Phones that remember elsewhere; `during` happens while a request is on its way."""

    during: Callable[[], None] | None = None

    def send(self, out: Outgoing) -> Accepted:
        accepted = super().send(out)
        if self.during:
            happens, self.during = self.during, None
            happens()
        return accepted


@pytest.fixture
def memory(empty_sqlite: Path, tmp_path: Path) -> Iterator[SimulatorMemory]:
    path = tmp_path / "provider.db"
    shutil.copy(empty_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield SimulatorMemory(database)
    database.close()


def office(db: Database, memory: SimulatorMemory) -> tuple[World, Somebody]:
    world = World(db, "2026-08-04 08:00")
    world.phones = Provider(memory, world.settings, world.clock)
    world.house.__dict__["gateway"] = world.phones
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    return world, sari


def heard(memory: SimulatorMemory, who: Somebody) -> int:
    return sum("1916449" in message.body for message in memory.conversation(who.phone))


def try_tick(world: World) -> bool:
    """One cron run while storage is in trouble: it may fail, but only by saying so."""
    try:
        return tick.run(world.house).ok
    except UNAVAILABLE:
        return False


# --- troubles -------------------------------------------------------------------------------------------------


@contextmanager
def pragma(db: Database, *words: str) -> Iterator[None]:
    """Every connection says these first."""

    def say(raw: Any, _record: Any) -> None:
        for word in words:
            raw.execute(f"PRAGMA {word}")

    db.engine.dispose()
    event.listen(db.engine, "connect", say)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", say)
        db.engine.dispose()


@contextmanager
def locked(db: Database) -> Iterator[None]:
    """Somebody else writes, and does not end; our patience is shortened for the test."""
    other = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    with pragma(db, "busy_timeout=20"):
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()


def read_only(db: Database) -> AbstractContextManager[None]:
    return pragma(db, "query_only=ON")


def full(db: Database) -> AbstractContextManager[None]:
    return pragma(db, "max_page_count=1")  # SQLite takes it as: not one page more than there are


@contextmanager
def gone(db: Database) -> Iterator[None]:
    """PostgreSQL is away: every connection is cut, and no new one is taken."""
    url, nowhere = db.engine.url, make_url("postgresql+psycopg://nobody@127.0.0.1:1/none")

    def lead_astray(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
        parameters.clear()
        parameters.update(nowhere.translate_connect_args(username="user", database="dbname"))

    cut_all(db)
    for engine in (db.engine, db.singles):
        event.listen(engine, "do_connect", lead_astray)
    try:
        yield
    finally:
        for engine in (db.engine, db.singles):
            event.remove(engine, "do_connect", lead_astray)
        assert db.engine.url == url


def cut_all(db: Database) -> None:
    """What a restart of PostgreSQL does to those who are connected."""
    killer = Database(db.engine.url.render_as_string(hide_password=False))
    with killer.write() as conn:
        conn.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                 "AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
        )  # fmt: skip
    killer.close()


@pytest.fixture
def clean_postgres(postgres: Database) -> Database:
    names = ", ".join(f'"{table.name}"' for table in t.metadata.sorted_tables)
    with postgres.write() as conn:
        conn.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    return postgres


TROUBLES = [("sqlite", locked), ("sqlite", read_only), ("sqlite", full), ("clean_postgres", gone)]


@pytest.fixture(params=TROUBLES, ids=[trouble.__name__ for _, trouble in TROUBLES])
def in_trouble(request: pytest.FixtureRequest) -> tuple[Database, Trouble]:
    """A clean database and what befalls it."""
    kind, trouble = request.param
    return request.getfixturevalue(kind), trouble


# --- promises -------------------------------------------------------------------------------------------------


def test_stations_fail_aloud_and_go_on_when_storage_is_back(
    in_trouble: tuple[Database, Trouble], memory: SimulatorMemory
) -> None:
    db, trouble = in_trouble
    world, sari = office(db, memory)
    with trouble(db):
        ended_well = [try_tick(world) for _ in range(2)]
        told = heard(memory, sari)
        assert told == int(all(ended_well))  # a full disk may still have room for so little
        world.clock.moment += timedelta(minutes=5)
    for _ in range(4):
        world.tick()
        world.clock.moment += timedelta(minutes=11)
    assert told <= heard(memory, sari) == 1


def test_trouble_between_the_request_and_its_result_neither_loses_nor_doubles(
    in_trouble: tuple[Database, Trouble], memory: SimulatorMemory
) -> None:
    db, trouble = in_trouble
    world, sari = office(db, memory)
    befalls = trouble(db)
    world.phones.during = befalls.__enter__
    try_tick(world)
    befalls.__exit__(None, None, None)
    assert heard(memory, sari) == 1
    for _ in range(4):
        world.clock.moment += timedelta(minutes=6)
        world.tick()
    assert heard(memory, sari) == 1
    assert world.only(t.messages).provider_sid is not None


def test_a_reply_is_acknowledged_only_when_it_is_stored(
    in_trouble: tuple[Database, Trouble], memory: SimulatorMemory
) -> None:
    db, trouble = in_trouble
    world, sari = office(db, memory)
    client = create_app(world.house).test_client()
    replies = [
        form(MessageSid=f"SM{n:032x}", From=f"whatsapp:{sari.phone}", Body=f"proses {n} " + "x" * 60_000)
        for n in range(3)
    ]
    with trouble(db):
        answers = [post(client, world, reply) for reply in replies]
    assert set(answers) <= {204, 503}
    assert 503 in answers
    acknowledged = {reply["MessageSid"] for reply, code in zip(replies, answers, strict=True) if code == 204}
    assert {row.provider_sid for row in world.rows(t.replies)} == acknowledged
    assert [post(client, world, reply) for reply in replies] == [204, 204, 204]  # Twilio tries again
    assert len(world.rows(t.replies)) == 3


def test_the_web_says_so_while_postgresql_is_away_and_comes_back_by_itself(clean_postgres: Database) -> None:
    client = create_app(World(clean_postgres, "2026-08-04 08:00").house).test_client()
    with gone(clean_postgres):
        assert client.get("/healthz").status_code == 503
        assert client.post(INBOUND, data={}).status_code in (403, 503)
    assert "basis data tidak menjawab" not in client.get("/healthz").text


def test_a_restart_of_postgresql_in_the_middle_of_a_delivery_is_not_even_noticed(
    clean_postgres: Database, memory: SimulatorMemory
) -> None:
    world, sari = office(clean_postgres, memory)
    world.phones.during = lambda: cut_all(clean_postgres)
    assert tick.run(world.house).ok
    assert heard(memory, sari) == 1
    assert world.only(t.messages).accepted_at is not None


# --- a backup while everything runs ---------------------------------------------------------------------------


@pytest.fixture
def stamped(db: Database) -> Database:
    """As an upgrade leaves it: with its revision."""
    with db.write() as conn:
        conn.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        conn.execute(text("DELETE FROM alembic_version"))
        conn.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": schema.wanted()})
    return db


def restored(tmp_path: Path, name: str) -> Database:
    other = Database(f"sqlite:///{tmp_path}/{name}.db")
    schema.upgrade(other)
    backup.restore(other, tmp_path / name, tmp_path / f"{name}-media")
    return other


def held_back(db: Database, *, now: datetime, by: str, zone: str) -> datetime | None:
    with db.write() as conn:
        return restoring.hold(conn, now=now, by=by, zone=zone)


def test_a_backup_taken_while_a_message_is_in_the_air_neither_loses_nor_doubles_it(
    stamped: Database, memory: SimulatorMemory, tmp_path: Path
) -> None:
    world, sari = office(stamped, memory)
    world.phones.during = lambda: backup.write(stamped, tmp_path / "b", tmp_path / "media") and None
    world.tick()
    assert heard(memory, sari) == 1
    other = restored(tmp_path, "b")
    again = World(other, "2026-08-04 08:05")
    again.phones = SimulatorGateway(memory, again.settings, again.clock)  # the provider has forgotten nothing
    again.house.__dict__["gateway"] = again.phones
    for _ in range(4):
        again.tick()
        again.clock.moment += timedelta(minutes=11)
    assert heard(memory, sari) == 1
    assert again.only(t.messages, contact_id=sari.id).provider_sid is not None
    other.close()


def test_a_machine_whose_clock_is_behind_holds_what_comes_back_too(db: Database) -> None:
    now = datetime(2026, 8, 6, 3, tzinfo=UTC)
    with db.write() as conn:
        health.beat(conn, "watch", now, 300)
    how = {"by": "cli", "zone": "Asia/Jakarta"}
    assert held_back(db, now=now - timedelta(days=1), **how) == now
    assert held_back(db, now=now - timedelta(seconds=90), **how) is None


def test_after_last_nights_backup_came_back_nobody_hears_again_what_an_admin_knows_was_told(
    stamped: Database, memory: SimulatorMemory, tmp_path: Path
) -> None:
    """The reminders of the morning left after the backup: the restored database would write them all once more."""
    world, sari = office(stamped, memory)
    kepala = world.person("Kepala", Role.HEAD, 1)
    world.until("2026-08-06 01:15")
    backup.write(stamped, tmp_path / "b", tmp_path / "media")
    world.until("2026-08-06 10:00")
    told = [(heard(memory, sari), heard(memory, kepala))]
    other = restored(tmp_path, "b")
    again = World(other, "2026-08-06 10:30")
    again.phones = SimulatorGateway(memory, again.settings, again.clock)
    again.house.__dict__["gateway"] = again.phones
    how = {"now": again.clock.now(), "by": "cli", "zone": "Asia/Jakarta"}
    assert held_back(other, **how) == again.at("2026-08-06 01:15")
    again.until("2026-08-06 11:30")
    told.append((heard(memory, sari), heard(memory, kepala)))
    assert told == [(3, 1)] * 2
    held = [row.id for row in again.rows(t.messages, state="held")]
    assert len(held) == 2
    assert [row.key for row in again.rows(t.alarms, cleared_at=None) if row.key == "restored"]
    how = {"now": again.clock.now(), "by": "admin"}
    assert outbox_acts.decide(other, held, outbox_acts.CANCEL, **how) == 2
    assert outbox_acts.release_brake(other, **how) == 0
    again.until("2026-08-06 16:00")
    assert (heard(memory, sari), heard(memory, kepala)) == (3, 1)
    assert not [row.key for row in again.rows(t.alarms, cleared_at=None) if row.key == "restored"]
    again.until("2026-08-07 12:00")
    assert (heard(memory, sari), heard(memory, kepala)) == (4, 1), "the next day goes on as if nothing had happened"
    other.close()


def test_what_waited_when_the_backup_was_taken_is_held_too_and_goes_when_it_is_released(
    stamped: Database, memory: SimulatorMemory, tmp_path: Path
) -> None:
    world, _ = office(stamped, memory)
    world.phones.during = lambda: backup.write(stamped, tmp_path / "b", tmp_path / "media") and None
    budi = world.person("Budi", Role.OPERATOR, 1)
    world.tick()
    other = restored(tmp_path, "b")
    with other.write() as conn:  # as if one of the two had not been claimed yet, and cron had been there before
        conn.execute(t.messages.update().where(t.messages.c.contact_id == budi.id).values(state="waiting"))
        health.beat(conn, "scan", world.at("2026-08-04 07:59"), 300)
    again = World(other, "2026-08-04 09:00", volume_brake="off")
    again.phones = SimulatorGateway(memory, again.settings, again.clock)
    again.house.__dict__["gateway"] = again.phones
    before = heard(memory, budi)
    assert held_back(other, now=again.clock.now(), by="cli", zone="Asia/Jakarta")
    again.tick()
    assert heard(memory, budi) == before
    assert outbox_acts.release_brake(other, now=again.clock.now(), by="admin") == 1
    again.tick()
    assert heard(memory, budi) == before + 1
    other.close()


def test_a_house_that_moves_at_once_or_never_worked_is_not_held(stamped: Database) -> None:
    world = World(stamped, "2026-08-04 08:00")
    how = {"by": "cli", "zone": "Asia/Jakarta"}
    assert held_back(stamped, now=world.clock.now(), **how) is None
    world.tick()
    assert held_back(stamped, now=world.clock.now() + timedelta(minutes=1), **how) is None
    assert held_back(stamped, now=world.clock.now() + timedelta(minutes=3), **how) is not None


def test_backups_taken_while_others_write_are_whole(stamped: Database, tmp_path: Path) -> None:
    now, over = datetime(2026, 8, 4, 1, tzinfo=UTC), Event()

    def write_on() -> None:
        for n in range(10_000):
            if over.is_set():
                return
            with stamped.write() as conn:
                conn.execute(insert(t.switches).values(name=f"n{n}", value=n, set_by="x", set_at=now))
                journal.append(conn, [journal.Entry(now, "test", "written", "unit:1", {"n": n})])

    writer = Thread(target=write_on, daemon=True)
    writer.start()
    for name in ("a", "b", "c"):
        backup.write(stamped, tmp_path / name, tmp_path / "media")
    over.set()
    writer.join(10)
    for name in ("a", "b", "c"):
        other = restored(tmp_path, name)
        with other.read() as conn:
            assert journal.verify(conn) is None
            written = conn.scalar(select(func.count()).where(t.switches.c.name.startswith("n")))
            assert written == conn.scalar(select(func.count()).where(t.journal.c.action == "written"))
        other.close()
    assert written  # the last one at least was taken in the middle of it


def test_the_log_is_folded_into_the_file_by_housekeeping(sqlite: Database, tmp_path: Path) -> None:
    """A copy of the file alone then has everything, although others stay connected."""
    with sqlite.write() as conn:
        health.set_switch(conn, "test", 1, by="test", now=datetime(2026, 8, 3, tzinfo=UTC))
    with sqlite.read() as conn:
        conn.execute(select(t.switches)).all()
        sqlite.fold()
    alone = tmp_path / "alone.db"
    shutil.copy(Path(str(sqlite.engine.url.database)), alone)
    copied = Database(f"sqlite:///{alone}")
    with copied.read() as conn:
        assert health.get_switch(conn, "test") == 1
    copied.close()


def test_folding_waits_for_no_writer_and_is_nothing_on_postgresql(db: Database) -> None:
    with db.write() as conn:
        health.set_switch(conn, "test", 1, by="test", now=datetime(2026, 8, 3, tzinfo=UTC))
        db.fold()
    with db.read() as conn:
        assert health.get_switch(conn, "test") == 1
