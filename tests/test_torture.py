"""A short run of what `make torture` does in earnest, and proof that it would notice a double and a loss."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from tests.world import World
from torture import count
from torture.office import Expected

ROOT = Path(__file__).parents[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> list[str]:
    """The database to torture, as arguments; it is made for this run alone."""
    if request.param == "sqlite":
        return ["--db", "sqlite"]
    return ["--db", "postgresql", "--postgresql-url", request.getfixturevalue("postgres_url")]


def torture(*arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "torture", "--json", "--seed", "4", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout).values())


def test_killed_or_asleep_at_any_point_of_bundle_and_deliver_nothing_is_lost_or_doubled(database: list[str]) -> None:
    totals = torture(*database, "--mode", "boundaries", "sleep", "--station", "bundle", "deliver", "--stride", "24")
    for total in totals:
        assert total["once"] == total["expected"] > 0
        assert total["lost"] + total["doubled"] + total["stuck"] + total["uninvited"] + total["broken_chains"] == 0
    assert totals[0]["kills"] >= 3


def message(person: str, number: str, status: str = "delivered") -> dict[str, Any]:
    return {
        "to": f"whatsapp:{person}", "body": f"Laporan {number}.", "status": status, "form": {},
        "date_created": "Mon, 05 Apr 2027 01:00:00 +0000",
    }  # fmt: skip


def test_the_count_knows_a_double_a_loss_and_what_an_admin_sees(db: Database) -> None:
    world = World(db, "2026-08-04 08:00")
    people = []
    for place in range(5):
        unit = world.unit(f"Dinas {place}")
        people.append(world.person(f"Penghubung {place}", Role.LIAISON, unit).phone)
        world.complaint(str(10_000_001 + place), unit, disposed="2026-08-03")
    count_of = dict(zip(people, (str(10_000_001 + place) for place in range(5)), strict=True))
    _send_three(world)
    once, twice, failed_first, *_ = people
    books = [
        message(once, count_of[once]),
        message(twice, count_of[twice]),
        message(twice, count_of[twice]),
        message(failed_first, count_of[failed_first], status="undelivered"),
        message(failed_first, count_of[failed_first]),
        message("+6281299999999", count_of[once]),
    ]
    with db.read() as conn:
        counted = count.day(conn, Expected(frozenset(count_of.items()), 1, 0), books)
    assert (counted.once, counted.doubled, counted.lost, counted.stuck, counted.uninvited) == (3, 1, 1, 1, 1)
    assert not counted.is_good


def _send_three(world: World) -> None:
    """Three are told, the fourth's notice disappears, the fifth's message stays on its way for ever."""
    world.tick()
    lost, stuck = (world.only(t.messages, contact_id=contact) for contact in (4, 5))
    with world.db.write() as conn:
        conn.execute(delete(t.notices).where(t.notices.c.message_id == lost.id))
        conn.execute(update(t.messages).where(t.messages.c.id == stuck.id).values(state="sending"))
