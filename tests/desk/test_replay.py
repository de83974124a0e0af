"""The replay over what is stored: bounded and honest about it, and the same whether it was known or not."""

from dataclasses import replace

import pytest

from aspal.core.ladder import Ladder
from aspal.core.ladder.data import LadderProblem, ladder_data
from aspal.core.ladder.edit import with_step
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import replay
from aspal.desk.replay import Bounds
from aspal.records import ladders
from tests.world import World


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 06:00")
    unit, other = world.unit("Dinas PUPR"), world.unit("Dinas Kesehatan")
    for name, place in (("PUPR", unit), ("Kesehatan", other)):
        world.person(f"Penghubung {name}", Role.LIAISON, place)
        world.person(f"Kepala {name}", Role.HEAD, place)
    for number in range(3):
        world.complaint(f"191644{number}", unit if number else other, disposed="2026-08-03")
    world.until("2026-08-05 17:00", every_minutes=240)
    return world


def draft(world: World, **scope: object) -> dict[str, object]:
    with world.db.read() as conn:
        ladder: Ladder = ladders.in_force(conn)
    step = next(step for step in ladder.steps if step.id == "R2")
    return ladder_data(with_step(ladder, replace(step, days=2, **scope)))  # type: ignore[arg-type]


def run(world: World, data: dict[str, object], bounds: Bounds = replay.PAGE) -> replay.Replayed:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    return replay.run(world.db, calendars, data, days=90, now=world.clock.now(), bounds=bounds)


def test_a_step_that_comes_sooner_is_seen_in_numbers(world: World) -> None:
    found = run(world, draft(world)).as_json()
    assert found["difference"] == {"R2 kepala_opd": 3}
    assert (found["cases"], found["messages_draft"] - found["messages_now"]) == (3, 3)
    assert run(world, draft(world)).as_json() == found


def test_a_scope_by_unit_is_not_mistaken_for_a_case_that_went_alike(world: World) -> None:
    assert run(world, draft(world)).as_json()["difference"] == {"R2 kepala_opd": 3}
    assert run(world, draft(world, unit_ids=(2,))).as_json()["difference"] == {"R2 kepala_opd": 1}


def test_a_bounded_replay_says_of_how_many(world: World) -> None:
    assert [
        (r.cases, r.of) for r in (run(world, draft(world), Bounds(cases=2)), run(world, draft(world), Bounds(9, 1)))
    ] == [
        (2, 3),
        (1, 3),
    ]


def test_what_is_ahead_begins_where_the_running_chains_stand(world: World) -> None:
    with world.db.read() as conn:
        calendars = world.house.calendars(conn)
    found = replay.ahead(world.db, calendars, draft(world), now=world.clock.now())
    heads = [(one.workday.isoformat(), one.step) for one in found.now if one.audience is Role.HEAD]
    assert set(heads[:1]) == {("2026-08-06", "R2")}
    assert {one.workday.isoformat() for one in found.draft if one.step == "R2"} == {"2026-08-06"}
    assert found.cases == found.of == 3


def test_an_unusable_draft_is_refused(world: World) -> None:
    with pytest.raises(LadderProblem):
        run(world, {})
