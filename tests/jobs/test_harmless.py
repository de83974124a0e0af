"""A missed, doubled or late tick changes nothing: shown with the real stations, on both databases."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from aspal.bootstrap import House
from aspal.clock import FrozenClock
from aspal.db import Database
from aspal.flow import intake
from aspal.records import calendar, journal
from aspal.settings import Settings
from aspal.tables import messages
from jobs import tick
from tests.test_cli import DIRECTORY, ROSTER

MONDAY = datetime.fromisoformat("2026-08-03T09:00+07:00")  # one working day after the disposition of Friday 31 July


@pytest.fixture
def house_at(db: Database, tmp_path: Path) -> Iterator[Callable[[datetime], House]]:
    """The same office as another process would see it, at a moment."""
    (tmp_path / "d.csv").write_text(DIRECTORY, "utf-8")
    (tmp_path / "r.csv").write_text(ROSTER, "utf-8")
    url = db.engine.url.render_as_string(hide_password=False)
    houses: list[House] = []

    def at(moment: datetime) -> House:
        settings = Settings(database_url=url, secret_key="s" * 32, recipients="all", media_dir=tmp_path)
        houses.append(House(settings, FrozenClock(moment)))
        return houses[-1]

    friday = at(MONDAY - timedelta(days=3))
    with db.write() as conn:
        calendar.seed(conn, 2026, 2026, MONDAY)
    with db.read() as conn:
        known = friday.calendars(conn)
    for take, name in ((intake.apply_directory, "d.csv"), (intake.apply_roster, "r.csv")):
        take(db, tmp_path / name, now=friday.clock.now(), calendars=known, by="test")
    yield at
    for house in houses:
        house.close()


def case_messages(db: Database) -> list[tuple[str, str]]:
    """Template and address of each message about the case; the recaps of a Monday are another matter."""
    with db.read() as conn:
        found = conn.execute(select(messages.c.template, messages.c.address, messages.c.state).order_by(messages.c.id))
        return [(row.template, row.address) for row in found if not row.template.startswith("rekap")]


def test_a_tick_done_again_sends_nothing_again(db: Database, house_at: Callable[[datetime], House]) -> None:
    for minutes in (0, 0, 1, 5):
        assert tick.run(house_at(MONDAY + timedelta(minutes=minutes))).ok
    assert len(case_messages(db)) == 1


def test_ticks_at_the_same_time_send_once(db: Database, house_at: Callable[[datetime], House]) -> None:
    start, outcomes = Barrier(4), []

    def run(house: House) -> None:
        start.wait()
        outcomes.append(tick.run(house))

    threads = [Thread(target=run, args=(house_at(MONDAY),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(outcome.ok for outcome in outcomes)
    assert sum(outcome.counts["bundle"]["messages"] for outcome in outcomes) == 1
    assert len(case_messages(db)) == 1
    with db.read() as conn:
        assert journal.verify(conn) is None


def test_after_days_of_silence_each_person_gets_one_message(
    db: Database, house_at: Callable[[datetime], House]
) -> None:
    thursday = house_at(MONDAY + timedelta(days=3))
    assert tick.run(thursday).ok
    sent = case_messages(db)
    assert sent
    assert len({address for _, address in sent}) == len(sent)


def test_at_night_nothing_leaves_and_in_the_morning_it_does(
    db: Database, house_at: Callable[[datetime], House]
) -> None:
    night = tick.run(house_at(MONDAY - timedelta(hours=5)))
    assert night.counts["deliver"]["accepted"] == 0
    assert tick.run(house_at(MONDAY)).counts["deliver"]["accepted"] >= 1
    assert len(case_messages(db)) == 1
