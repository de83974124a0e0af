"""Holes in the directory are found; who cannot be reached does not count."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import housekeeping
from aspal.records import coverage, health
from aspal.settings import Settings
from aspal.tables import appointments, contacts, login_failures, units

TODAY = date(2026, 8, 3)
NOW = datetime(2026, 8, 3, 1, tzinfo=UTC)


def appoint(db: Database, role: str, contact: dict[str, Any] | None = None, **appointment: Any) -> None:
    with db.write() as conn:
        person = {"name": "Contoh", "phone": "+6281200000001", "created_at": NOW, **(contact or {})}
        contact_id = conn.scalar(insert(contacts).values(**person).returning(contacts.c.id))
        conn.execute(insert(appointments).values(contact_id=contact_id, unit_id=1, role=role, **appointment))


def unit(db: Database) -> None:
    with db.write() as conn:
        conn.execute(insert(units).values(id=1, name="Dinas A", name_key="dinas a"))


def test_a_unit_needs_a_liaison_and_a_head(db: Database) -> None:
    unit(db)
    with db.read() as conn:
        assert {gap.role for gap in coverage.gaps(conn, TODAY)} == {Role.LIAISON, Role.HEAD}
    appoint(db, "pejabat_penghubung")
    with db.read() as conn:
        assert coverage.gaps(conn, TODAY) == [coverage.Gap("Dinas A", Role.HEAD)]


@pytest.mark.parametrize(
    ("contact", "appointment"),
    [
        ({"phone": None}, {}),
        ({"opted_out_at": NOW}, {}),
        ({"unreachable_at": NOW}, {}),
        ({}, {"valid_from": date(2026, 8, 4)}),
        ({}, {"valid_until": date(2026, 8, 2)}),
        ({}, {"ended_at": NOW}),
    ],
)
def test_who_cannot_be_reached_today_does_not_count(
    db: Database, contact: dict[str, Any], appointment: dict[str, Any]
) -> None:
    unit(db)
    appoint(db, "admin_instansi", contact, **appointment)
    with db.read() as conn:
        assert not coverage.has_office_admin(conn, TODAY)


def test_the_last_valid_day_still_counts(db: Database) -> None:
    unit(db)
    appoint(db, "admin_instansi", valid_from=TODAY, valid_until=TODAY)
    with db.read() as conn:
        assert coverage.has_office_admin(conn, TODAY)
        assert [one.last_day for one in coverage.ending(conn, TODAY, 14)] == [TODAY]


def test_housekeeping_warns_while_the_cause_lasts_and_forgets_old_tries(db: Database) -> None:
    unit(db)
    with db.write() as conn:
        conn.execute(insert(login_failures).values(email="a@x.id", at=datetime(2026, 8, 1, tzinfo=UTC)))
    first = housekeeping.run(db, Settings(), NOW)
    assert first.calendar_rows > 0
    assert first.forgotten == 1
    with db.read() as conn:
        assert [alarm.key for alarm in health.open_alarms(conn)] == ["coverage"]
    appoint(db, "pejabat_penghubung", {"phone": "+6281200000002"})
    appoint(db, "kepala_opd", {"phone": "+6281200000003"}, valid_until=date(2026, 8, 10))
    second = housekeeping.run(db, Settings(), NOW)
    assert (second.calendar_rows, second.forgotten, second.alarms) == (0, 0, 1)
    with db.read() as conn:
        (alarm,) = health.open_alarms(conn)
        assert alarm.text == "SK penugasan segera berakhir: Dinas A (10-08-2026)."


@pytest.mark.parametrize(
    ("contact", "appointment", "why", "since"),
    [
        ({}, {"ended_at": NOW}, "ended", NOW),
        ({}, {"valid_until": date(2026, 7, 31)}, "over", date(2026, 7, 31)),
        ({}, {"valid_from": date(2026, 9, 1)}, "later", date(2026, 9, 1)),
        ({"phone": None}, {}, "no_number", None),
        ({"opted_out_at": NOW}, {}, "opted_out", NOW),
        ({"unreachable_at": NOW}, {}, "unreachable", NOW),
    ],
)
def test_a_hole_says_why_and_since_when(
    db: Database, contact: dict[str, Any], appointment: dict[str, Any], why: str, since: object
) -> None:
    unit(db)
    appoint(db, "pejabat_penghubung", {"phone": "+6281200000009"}, ended_at=NOW)
    appoint(db, "pejabat_penghubung", contact, **appointment)
    with db.read() as conn:
        found = coverage.holes(conn, TODAY)
    assert (found[0].role, found[0].why, found[0].since) == (Role.LIAISON, why, since)
    assert (found[1].role, found[1].why, found[1].person) == (Role.HEAD, "never", None)
