"""A worker that is dead tells nothing: the web process does, at once and on each working day."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from aspal.db import Database
from aspal.flow.watch import of_worker
from aspal.gateways import mail
from aspal.records import health
from aspal.web.watchman import Outage, on_watch
from tests.flow.test_watch import MAIL, Letters, alarms, at, beat, news
from tests.flow.test_watch import look as watch_looks
from tests.world import World

EVERY = {"watch": 300, "scan": 30, "deliver": 30, "templates": 3600}


def web_looks(world: World) -> bool:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    return of_worker.look(world.db, world.settings, calendars, world.clock.now())


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters(monkeypatch)


def alive(world: World, *names: str) -> None:
    for name in names or EVERY:
        beat(world, name, 0, EVERY[name])


def test_for_three_weeks_of_a_dead_worker_somebody_hears_of_it_each_working_day(db: Database, letters: Letters) -> None:
    world, admin = at(db, "2026-08-03 14:00", **MAIL)
    alive(world)
    died, told = world.clock.moment, []
    while world.clock.moment < died + timedelta(days=21):
        world.clock.moment += timedelta(minutes=30)
        web_looks(world)
        told += [world.clock.moment.date()] * (len(letters.sent) - len(told))
    off = {"2026-08-08", "2026-08-09", "2026-08-15", "2026-08-16", "2026-08-17", "2026-08-22", "2026-08-23"}
    days = [(died + timedelta(days=n)).date() for n in range(22)]
    assert told == [day for day in days if day.isoformat() not in off]
    assert all("tidak ada tugas yang berjalan" in text for _, text in letters.sent)
    assert "tidak ada tugas yang berjalan sejak Senin, 3 Agustus 2026 pukul 14.00 WIB" in letters.sent[-1][1]
    assert len(alarms(world)) == 1

    watch_looks(world)  # the worker is back: no "sudah pulih" of each day, it says itself how long it was away
    assert alarms(world) == {}
    assert letters.sent[-1][0] == "ASPAL: 1 gangguan"
    assert news(world, admin) == []


def test_who_dies_at_night_is_told_of_at_once_and_again_when_the_office_opens(db: Database, letters: Letters) -> None:
    world, _ = at(db, "2026-08-03 21:00", **MAIL)
    alive(world)
    for minutes in (10, 10, 60, 8 * 60, 60, 60):
        world.clock.moment += timedelta(minutes=minutes)
        web_looks(world)
    assert len(letters.sent) == 2
    assert len(alarms(world)) == 1


def test_a_mail_server_that_was_away_is_tried_again(db: Database, letters: Letters) -> None:
    world, _ = at(db, "2026-08-03 21:00", **MAIL)
    alive(world)
    letters.broken = True
    world.clock.moment += timedelta(hours=1)
    web_looks(world)
    letters.broken = False
    world.clock.moment += timedelta(minutes=5)
    web_looks(world)
    assert len(letters.sent) == 1


def test_of_two_webs_that_look_at_the_same_time_one_writes(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = at(db, "2026-08-03 21:00", **MAIL)
    alive(world)
    world.clock.moment += timedelta(hours=1)
    sent: list[str] = []

    def slow(_url: str, _from: str, _to: Sequence[str], subject: str, _text: str) -> None:
        sent.append(subject)
        if len(sent) == 1:
            web_looks(world)  # the other one, while the mail server thinks

    monkeypatch.setattr(mail, "send", slow)
    web_looks(world)
    world.clock.moment += timedelta(minutes=5)
    web_looks(world)
    assert sent == ["ASPAL: 1 gangguan"]


def test_a_watch_that_fails_while_the_others_work_is_told_apart(db: Database, letters: Letters) -> None:
    world, _ = at(db, **MAIL)
    alive(world)
    world.clock.moment += timedelta(minutes=20)
    alive(world, "scan", "deliver")
    assert web_looks(world)
    assert "“Menjaga sistem” tidak berhasil sejak" in letters.sent[0][1]


@pytest.mark.parametrize("minutes", [1, 14])
def test_of_a_living_worker_nothing_is_said(db: Database, letters: Letters, minutes: int) -> None:
    world, _ = at(db, **MAIL)
    assert not web_looks(world), "an office that has not begun"
    alive(world)
    world.clock.moment += timedelta(minutes=minutes)
    assert not web_looks(world)
    assert (letters.sent, alarms(world)) == ([], {})


def test_a_database_that_does_not_answer_is_mailed_once_a_day_and_so_is_its_end(
    sqlite: Database, letters: Letters
) -> None:
    world, _ = at(sqlite, **MAIL)
    full = OperationalError("INSERT", {}, Exception("database or disk is full"))
    outage, now = Outage(world.settings), world.clock.now()
    outage.goes_on(full, now)
    outage.is_over()
    assert letters.sent == [], "a restart is no news"
    letters.broken = True
    outage.goes_on(full, now)
    outage.goes_on(full, now + timedelta(minutes=5))
    letters.broken = False
    for minutes in range(10, 25 * 60, 5):
        outage.goes_on(full, now + timedelta(minutes=minutes))
    outage.is_over()
    outage.is_over()
    subjects = [subject for subject, _ in letters.sent]
    assert subjects == [*["ASPAL: basis data tidak dapat dipakai"] * 2, "ASPAL: sudah pulih"]
    assert "tidak ada ruang lagi" in letters.sent[0][1]


def test_the_web_process_looks_by_itself_and_outlives_a_look_that_fails(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = at(db, **MAIL)
    alive(world)
    world.clock.moment += timedelta(hours=1)
    sent, tries = Event(), []

    def heartbeats(conn: Any) -> list[health.Heartbeat]:
        tries.append(conn)
        if len(tries) == 1:
            raise ConnectionError
        return ours(conn)

    ours = health.heartbeats
    monkeypatch.setattr(health, "heartbeats", heartbeats)
    monkeypatch.setattr(mail, "send", lambda *_: sent.set())
    with on_watch(world.house, every=0.01):
        assert sent.wait(20)
