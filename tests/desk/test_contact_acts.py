"""What an admin changes about a person is felt by every case in which that person is told."""

import pytest
from sqlalchemy import update

from aspal import tables as t
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import contact_acts
from tests.world import World


@pytest.mark.parametrize(("role", "cases"), [(Role.INSPECTORATE, {"1916449", "1916450"}), (Role.HEAD, {"1916449"})])
def test_a_number_that_works_again_wakes_the_cases_its_owner_hears_of(
    db: Database, role: Role, cases: set[str]
) -> None:
    world = World(db, "2026-08-03 06:00")
    own, other = world.unit("Inspektorat"), world.unit("Dinas PUPR")
    owner = world.person("Pemilik", role, own, unreachable_at=world.clock.now())
    world.complaint("1916449", own, disposed="2026-08-03")
    world.complaint("1916450", other, disposed="2026-08-03")
    with db.write() as conn:
        conn.execute(update(t.dispositions).values(next_look_at=None))
    contact_acts.reset_unreachable(db, owner.id, now=world.clock.now(), by="admin@contoh.test")
    woken = {row.complaint_id for row in world.rows(t.dispositions) if row.next_look_at == world.clock.now()}
    assert {row.tracking_id for row in world.rows(t.complaints) if row.id in woken} == cases
