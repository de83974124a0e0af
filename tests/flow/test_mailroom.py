"""Writes that come together are committed together; each sender learns what became of its own, and not before."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import OperationalError

from aspal import tables as t
from aspal.db import UNAVAILABLE, Crowded, Database
from aspal.flow import mailroom
from aspal.flow.mailroom import Mailroom
from aspal.records import replies

NOW = datetime(2026, 8, 3, 1, tzinfo=UTC)


class Desk:
    """A mailroom whose first letter stays at the desk until it is let go."""

    def __init__(self, db: Database) -> None:
        self.db, self.room, self.begun, self.go = db, Mailroom(db), Event(), Event()
        self.turns: list[list[str]] = []
        db.singles.dispose()  # another test may have cut its connection, and a second try is a turn more

    def put(self, conn: Connection, names: Sequence[str]) -> None:
        self.turns.append([*names])
        for name in names:
            if name == "first":
                self.begun.set()
                assert self.go.wait(10)
            if name == "bad":
                raise ValueError(name)
        rows = [{"name": name, "value": {}, "set_by": "test", "set_at": NOW} for name in names]
        conn.execute(insert(t.switches).values(rows))

    def post(self, name: str) -> bool:
        """Whether the letter is stored when its sender gets it back."""
        self.room.post(self.put, name)
        return name in self.stored()

    def stored(self) -> set[str]:
        with self.db.read() as conn:
            return set(conn.scalars(select(t.switches.c.name)))

    def all_at_once(self, *names: str) -> list[Any]:
        """Posts "first", and the others while it is at the desk; what each of the others got."""
        with ThreadPoolExecutor(len(names) + 1) as pool:
            first = pool.submit(self.post, "first")
            assert self.begun.wait(10)
            others = [pool.submit(self.post, name) for name in names]
            until(lambda: len(self.room._waiting) == len(names))
            assert not any(one.done() for one in others)
            self.go.set()
            assert first.result(10)
            return [outcome(one) for one in others]


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not holds():
        assert monotonic() < deadline
        sleep(0.002)


def outcome(one: Future[bool]) -> Any:
    try:
        return one.result(10)
    except Exception as error:
        return type(error)


def test_what_waits_is_committed_together_and_nobody_leaves_earlier(db: Database) -> None:
    desk = Desk(db)
    assert desk.all_at_once("a", "b", "c", "d") == [True] * 4
    assert desk.stored() >= {"first", "a", "b", "c", "d"}
    assert [len(turn) for turn in desk.turns] == [1, 4]


def test_one_that_cannot_be_stored_keeps_nobody_else_out(db: Database) -> None:
    desk = Desk(db)
    assert desk.all_at_once("a", "bad", "b") == [True, ValueError, True]
    assert desk.post("later")


def test_a_database_that_cannot_answer_is_everybodys_trouble_and_passes(sqlite: Database) -> None:
    desk, trouble = Desk(sqlite), [True]

    def put(conn: Connection, names: Sequence[str]) -> None:
        if trouble:
            raise OperationalError("", {}, Exception("database is locked"))
        desk.put(conn, names)

    for name in ("a", "b"):
        with pytest.raises(UNAVAILABLE):
            desk.room.post(put, name)
    trouble.clear()
    desk.room.post(put, "a")
    assert "a" in desk.stored()


def test_who_waits_too_long_is_sent_away_and_leaves_nothing(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailroom, "PATIENCE", 0.05)
    desk = Desk(db)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(desk.post, "first")
        assert desk.begun.wait(10)
        with pytest.raises(Crowded):
            desk.post("a")
        desk.go.set()
        assert first.result(10)
    assert "a" not in desk.stored()
    assert desk.post("b")


def test_more_than_can_wait_are_sent_away_at_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailroom, "MOST", 0)
    with pytest.raises(Crowded):
        Desk(db).post("a")


def test_a_long_queue_is_carried_in_several_turns(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailroom, "BATCH", 2)
    desk = Desk(db)
    assert desk.all_at_once("a", "b", "c", "d", "e") == [True] * 5
    assert [len(turn) for turn in desk.turns] == [1, 2, 2, 1]


def test_a_carrier_that_is_torn_away_tells_nobody_that_it_was_stored(db: Database) -> None:
    desk = Desk(db)

    def torn(_conn: Connection, _names: Sequence[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.room.post(torn, "a")
    assert desk.post("b")


def test_what_takes_locks_goes_alone_where_there_are_several_writers(db: Database) -> None:
    desk = Desk(db)
    desk.room.post_alone(desk.put, "a")
    assert "a" in desk.stored()
    with pytest.raises(ValueError, match="bad"):
        desk.room.post_alone(desk.put, "bad")


def _arrival(sid: str) -> replies.Arrival:
    return replies.Arrival(sid, "+6281200000001", {"Body": "selesai"}, NOW)


def test_a_connection_that_was_cut_meanwhile_costs_nobody_a_reply(postgres: Database) -> None:
    room, others = (
        Mailroom(postgres),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    )
    room.post(replies.store, _arrival("SM1"))
    with postgres.write() as conn:
        conn.execute(text(f"{others} AND datname = current_database()"))
    room.post(replies.store, _arrival("SM2"))
    with postgres.read() as conn:
        assert not replies.unseen(conn, ["SM1", "SM2"])


def test_what_is_stored_when_the_connection_is_cut_before_the_answer_stands_once(postgres: Database) -> None:
    cut = [True]

    def put(conn: Connection, arrivals: Sequence[replies.Arrival]) -> None:
        replies.store(conn, arrivals)
        if cut:
            cut.clear()
            conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    Mailroom(postgres).post(put, _arrival("SM3"))
    with postgres.read() as conn:
        assert conn.scalar(select(func.count()).select_from(t.replies).where(t.replies.c.provider_sid == "SM3")) == 1


def test_a_server_that_stays_away_is_told_after_the_second_try(postgres: Database) -> None:
    tries = []

    def put(conn: Connection, names: Sequence[str]) -> None:
        tries.append(names)
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(UNAVAILABLE):
        Mailroom(postgres).post(put, "a")
    assert len(tries) == 2
