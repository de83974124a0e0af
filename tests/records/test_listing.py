"""The list of complaints: every filter finds what it says, in pages that meet, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.lateness import Lateness, lateness
from aspal.core.words import Kind, Status
from aspal.db import Database
from aspal.records import ladders, listing
from aspal.records.listing import Filters, Seen, Slice
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    return World(db, "2026-08-12 09:00")  # a Wednesday


def seen(world: World, *, titles: bool = True) -> Seen:
    with world.db.read() as conn:
        calendar = world.house.calendars(conn).of(None)
        return Seen(lateness(ladders.in_force(conn), calendar, world.clock.now()), titles)


def found(world: World, filters: Filters, *, titles: bool = True) -> list[int]:
    with world.db.read() as conn:
        return list(listing.older_than(conn, filters, seen(world, titles=titles), None).ids)


def part(world: World, complaint: int, **columns: Any) -> None:
    with world.db.write() as conn:
        conn.execute(update(t.dispositions).where(t.dispositions.c.complaint_id == complaint).values(**columns))


def test_pages_meet_in_both_directions(world: World) -> None:
    unit = world.unit("Dinas PUPR")
    for number in range(120):
        world.complaint(str(1_000_000 + number), unit, disposed="2026-08-10")
    walked: list[int] = []
    before: int | None = None
    pages: list[Slice] = []
    with world.db.read() as conn:
        as_seen = seen(world)
        while True:
            page = listing.older_than(conn, Filters(unit=unit), as_seen, before)
            pages.append(page)
            walked += page.ids
            if page.older is None:
                break
            before = page.older
        assert walked == list(range(120, 0, -1))
        assert [page.newer for page in pages] == [None, 70, 20]
        back = listing.newer_than(conn, Filters(unit=unit), as_seen, 20)
        assert (list(back.ids), back.older, back.newer) == (list(range(70, 20, -1)), 21, 70)
        top = listing.newer_than(conn, Filters(unit=unit), as_seen, 70)
        assert (list(top.ids), top.newer) == (list(range(120, 70, -1)), None)
        beyond = listing.newer_than(conn, Filters(), as_seen, 500)
        assert (list(beyond.ids), beyond.older) == ([], 501)


def test_each_filter_finds_what_it_says(world: World) -> None:
    pupr, dinkes = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
    world.complaint("1", pupr, disposed="2026-08-11", category="Jalan", channel="SMS")
    world.complaint("2", dinkes, disposed="2026-08-11", status=Status.IN_PROCESS, kind=Kind.ASPIRATION)
    world.complaint("3", pupr, dinkes, disposed="2026-07-01", category="Obat")
    now = world.clock.now()
    part(world, 1, paused_until=now + timedelta(days=1), level=3, claim="extension")
    part(world, 2, exempt_at=now, promise_until=date(2026, 8, 11))
    part(world, 3, promise_until=date(2026, 8, 11))
    asked = {
        Filters(status="proses"): [2], Filters(unit=pupr): [3, 1], Filters(category="Jalan"): [1],
        Filters(kind="aspirasi"): [2], Filters(channel="SMS"): [1], Filters(since=date(2026, 8, 1)): [2, 1],
        Filters(until=date(2026, 7, 31)): [3], Filters(level=2): [1], Filters(level=4): [],
        Filters(claim="extension"): [1], Filters(claim="done"): [], Filters(paused=True): [1],
        Filters(exempt=True): [2], Filters(broken=True): [3], Filters(unit=dinkes, category="Obat"): [3],
        Filters(status="proses", category="Jalan"): [],
    }  # fmt: skip
    assert {filters: found(world, filters) for filters in asked} == asked
    part(world, 1, ended_at=now)
    assert found(world, Filters(level=2)) == found(world, Filters(paused=True)) == []


@pytest.mark.parametrize(
    ("days", "kind", "status", "late"),
    [
        (4, Kind.COMPLAINT, Status.OPEN, False),
        (5, Kind.COMPLAINT, Status.OPEN, True),  # the office hears of it on the fifth working day
        (14, Kind.COMPLAINT, Status.IN_PROCESS, False),
        (15, Kind.COMPLAINT, Status.IN_PROCESS, True),
        (6, Kind.INFORMATION, Status.IN_PROCESS, True),
        (15, Kind.WHISTLE, Status.OPEN, False),
        (61, Kind.WHISTLE, Status.OPEN, True),
        (61, Kind.COMPLAINT, Status.POSTPONED, False),
    ],
)
def test_late_is_what_the_rules_call_so(world: World, days: int, kind: Kind, status: Status, late: bool) -> None:
    with world.db.read() as conn:
        calendar = world.house.calendars(conn).of(None)
    day = world.clock.moment.date()
    while calendar.workdays_between(day, world.clock.moment.date()) < days:
        day -= timedelta(days=1)
    world.complaint("1", world.unit("Dinas PUPR"), disposed=day.isoformat(), status=status, kind=kind)
    assert found(world, Filters(late=True)) == ([1] if late else [])


@pytest.mark.parametrize(
    "excused",
    [
        {"promise_until": date(2026, 8, 12)},
        {"extended_until": date(2026, 8, 12)},
        {"claim": "not_ours"},
        {"exempt_at": True},
        {"paused_until": True},
    ],
)
def test_who_may_still_take_time_is_not_late(world: World, excused: dict[str, Any]) -> None:
    world.complaint("1", world.unit("Dinas PUPR"), disposed="2026-07-01")
    assert found(world, Filters(late=True)) == [1]
    soon = world.clock.now() + timedelta(hours=1)
    part(world, 1, **{name: soon if value is True else value for name, value in excused.items()})
    assert found(world, Filters(late=True)) == []


def test_a_search_by_number_or_code_finds_also_what_is_very_old(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "STRETCH", 2)
    unit = world.unit("Dinas PUPR")
    for number in range(1, 6):
        world.complaint(f"{number}916449", unit, disposed="2026-08-10", title="Jalan rusak")
    code = world.rows(t.dispositions)[0].code
    for search in ("1916449", "#1916449", "19", code, f"#{code.lower()}"):
        assert found(world, Filters(search=search)) == [1], search


def test_titles_are_read_in_stretches_and_the_page_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "STRETCH", 2)
    unit = world.unit("Dinas PUPR")
    for number, title in enumerate(("Lampu", "Jalan", "Jalan", "Jalan", "Lampu"), 1):
        world.complaint(str(number), unit, disposed="2026-08-10", title=title)
    lamps = Filters(search="lampu")
    with world.db.read() as conn:
        first = listing.older_than(conn, lamps, seen(world), None)
        assert (list(first.ids), first.older, first.unread) == ([5], 4, True)
        second = listing.older_than(conn, lamps, seen(world), first.older)
        assert (list(second.ids), second.older, second.newer, second.unread) == ([], 2, 3, True)
        last = listing.older_than(conn, lamps, seen(world), second.older)
        assert (list(last.ids), last.older, last.unread) == ([1], None, False)
        up = listing.newer_than(conn, lamps, seen(world), 1)
        assert (list(up.ids), up.newer, up.unread) == ([], 3, True)


def test_secret_titles_are_not_found_by_who_may_not_see_them(world: World) -> None:
    unit = world.unit("Dinas PUPR")
    world.complaint("1", unit, disposed="2026-08-10", title="Pungutan liar", confidential=True)
    world.complaint("2", unit, disposed="2026-08-10", title="Pungutan parkir")
    assert found(world, Filters(search="pungutan")) == [2, 1]
    assert found(world, Filters(search="pungutan"), titles=False) == [2]
    assert found(world, Filters(search="pupr"), titles=False) == [2, 1]


def test_what_is_counted_is_what_the_list_shows_and_no_more_than_asked(world: World) -> None:
    unit = world.unit("Dinas PUPR")
    for number in range(3):
        world.complaint(str(number), unit, disposed="2026-07-01")
    wanted = {"late": Filters(late=True), "none": Filters(paused=True)}
    with world.db.read() as conn:
        assert listing.counts(conn, wanted, seen(world), 10) == {"late": 3, "none": 0}
        assert listing.counts(conn, wanted, seen(world), 2) == {"late": 2, "none": 0}
        assert listing.late_by_unit(conn, seen(world).lateness) == {unit: 3}


def test_choices_are_the_words_that_there_are(world: World) -> None:
    unit = world.unit("Dinas PUPR")
    for number, category in enumerate(("Jalan", "Air", "Jalan", None)):
        world.complaint(str(number), unit, disposed="2026-08-10", category=category)
    with world.db.read() as conn:
        assert listing.choices(conn, "category") == ["Air", "Jalan"]
        assert listing.choices(conn, "channel") == []
        assert listing.any_at_all(conn)


def test_the_days_of_lateness_come_from_the_calendar(world: World) -> None:
    found: Lateness = seen(world).lateness
    assert (found.today, found.unanswered) == (date(2026, 8, 12), date(2026, 8, 5))
    assert found.unfinished["permintaan_informasi"] == date(2026, 8, 4)
