"""Heartbeats, the lease, alarms and switches."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from aspal.db import Database
from aspal.records import health

NOW = datetime(2026, 8, 3, 0, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def test_a_beat_is_kept_and_a_good_run_ends_a_failure(db: Database) -> None:
    with db.write() as conn:
        health.beat(conn, "scan", NOW, 15, "12 diperiksa")
        health.fail(conn, "scan", LATER, 15, "OperationalError")
        health.fail(conn, "scan", LATER + timedelta(minutes=1), 15, "OperationalError")
        (found,) = health.heartbeats(conn)
        assert (found.at, found.failing_since, found.failure) == (NOW, LATER, "OperationalError")
        health.beat(conn, "scan", LATER, 15)
        (found,) = health.heartbeats(conn)
        assert (found.at, found.failing_since, found.failure) == (LATER, None, None)


def test_a_heartbeat_is_late_after_three_intervals() -> None:
    beat = health.Heartbeat("scan", NOW, 20, None, None, None)
    assert not beat.is_late(NOW + timedelta(seconds=60))
    assert beat.is_late(NOW + timedelta(seconds=61))


def test_only_one_holds_the_lease_until_it_expires(db: Database) -> None:
    with db.write() as conn:
        assert health.take_lease(conn, "worker", "a", NOW, 20)
        assert not health.take_lease(conn, "worker", "b", NOW + timedelta(seconds=19), 20)
        assert health.take_lease(conn, "worker", "a", NOW + timedelta(seconds=19), 20)
        assert not health.take_lease(conn, "worker", "b", NOW + timedelta(seconds=38), 20)
        assert health.take_lease(conn, "worker", "b", NOW + timedelta(seconds=39), 20)
        assert not health.take_lease(conn, "worker", "a", NOW + timedelta(seconds=40), 20)


def test_a_lease_of_a_clock_that_was_ahead_keeps_nobody_out(db: Database) -> None:
    with db.write() as conn:
        ahead = NOW + timedelta(hours=7)  # the machine's clock stood in local time, and its worker was killed
        assert health.take_lease(conn, "worker", "killed", ahead, 20)
        assert not health.is_held(conn, "worker", NOW)
        assert health.take_lease(conn, "worker", "next", NOW, 20)
        assert health.is_held(conn, "worker", NOW)
        assert not health.take_lease(conn, "worker", "third", NOW + timedelta(seconds=10), 20)
        assert not health.is_held(conn, "worker", NOW + timedelta(seconds=20))


def test_a_lease_given_up_is_free_at_once_and_only_its_owner_can_give_it_up(db: Database) -> None:
    with db.write() as conn:
        health.take_lease(conn, "worker", "a", NOW, 20)
        health.release_lease(conn, "worker", "b")
        assert not health.take_lease(conn, "worker", "b", NOW, 20)
        health.release_lease(conn, "worker", "a")
        assert health.take_lease(conn, "worker", "b", NOW, 20)


def test_of_many_who_want_the_lease_at_once_one_gets_it(db: Database) -> None:
    start, winners = Barrier(6), []

    def want(owner: str) -> None:
        start.wait()
        with db.write() as conn:
            if health.take_lease(conn, "worker", owner, NOW, 20):
                winners.append(owner)

    threads = [Thread(target=want, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1


def test_an_alarm_is_open_once_and_can_come_back(db: Database) -> None:
    with db.write() as conn:
        assert health.raise_alarm(conn, "decree:2027", "SKB 2027 belum ada", NOW)
        assert not health.raise_alarm(conn, "decree:2027", "SKB 2027 masih belum ada", LATER)
        assert health.open_alarms(conn) == [health.Alarm("decree:2027", "SKB 2027 masih belum ada", NOW)]
        assert health.clear_alarm(conn, "decree:2027", LATER)
        assert not health.clear_alarm(conn, "decree:2027", LATER)
        assert health.open_alarms(conn) == []
        assert health.raise_alarm(conn, "decree:2027", "lagi", LATER)


def test_a_switch_holds_until_its_time_is_over(db: Database) -> None:
    with db.write() as conn:
        assert health.get_switch(conn, "office_pause") is None
        health.set_switch(conn, "office_pause", {"on": True}, by="admin", now=NOW, until=LATER, reason="LAPOR mati")
        assert health.get_switch(conn, "office_pause", NOW) == {"on": True}
        assert health.get_switch(conn, "office_pause", LATER) is None
        health.set_switch(conn, "office_pause", {"on": False}, by="admin", now=NOW)
        assert health.get_switch(conn, "office_pause", LATER) == {"on": False}
        assert health.clear_switch(conn, "office_pause")
        assert not health.clear_switch(conn, "office_pause")
