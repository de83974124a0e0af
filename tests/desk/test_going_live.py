"""Guests, shadow, unit by unit, live: nothing leaks on the way, and nobody misses what stood in the shadow."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from aspal import tables as t
from aspal.core.refused import Refused
from aspal.core.rollout import Mode
from aspal.core.words import Role
from aspal.db import Database
from aspal.desk import going_live
from aspal.records import health, journal, rollout
from tests.world import Somebody, World

BY = "admin@kantor.test"


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 07:00")
    for name in ("Dinas PUPR", "Dinas Kesehatan"):
        unit = world.unit(name)
        world.person(f"Penghubung {name}", Role.LIAISON, unit)
        world.person(f"Kepala {name}", Role.HEAD, unit)
    world.complaint("1916449", 1, disposed="2026-07-31")
    world.complaint("1916502", 2, disposed="2026-07-31")
    return world


def people(world: World) -> list[Somebody]:
    return [Somebody(row.id, row.name, row.phone) for row in world.rows(t.contacts)]


def choose(world: World, mode: Mode) -> None:
    going_live.choose_mode(world.db, mode, now=world.clock.now(), by=BY, reason="uji coba")


def heard_by(world: World) -> dict[str, list[tuple[str, str]]]:
    return {one.name: told for one in people(world) if (told := world.heard(one))}


def shadows(world: World) -> list[Any]:
    return [row for row in world.rows(t.messages) if row.shadow]


def test_in_the_shadow_everything_is_written_and_nothing_leaves(world: World) -> None:
    choose(world, Mode.SHADOW)
    world.until("2026-08-05 17:00", every_minutes=120)
    assert heard_by(world) == {}
    assert {row.state for row in world.rows(t.messages)} == {"cancelled"}
    assert len(shadows(world)) == len(world.rows(t.messages)) > 6
    # The chain goes on as it would: the daily reminder, then the head on day 3.
    kinds = [(str(row.workday), row.template) for row in shadows(world) if row.contact_id == 1]
    assert kinds[0] == ("2026-08-03", "pengingat_tindak_lanjut")
    assert ("2026-08-04", "pengingat_tindak_lanjut") in kinds
    head = [row.template for row in shadows(world) if row.contact_id == 2]
    assert head == ["rekap_mingguan_opd", "eskalasi_kepala_opd"]


def test_who_leaves_the_shadow_hears_what_was_never_said(world: World) -> None:
    choose(world, Mode.SHADOW)
    world.until("2026-08-05 17:00", every_minutes=120)
    choose(world, Mode.LIVE)
    world.until("2026-08-06 12:00", every_minutes=120)
    heard = heard_by(world)
    assert {day for told in heard.values() for day, _ in told} == {"2026-08-06"}
    assert len(heard) == 4
    assert {kind for _, kind in heard["Kepala Dinas PUPR"]} == {"eskalasi_kepala_opd"}
    levels = [row.level for row in world.rows(t.dispositions)]
    assert levels == [2, 2]


def test_units_go_live_one_by_one(world: World) -> None:
    choose(world, Mode.STEPWISE)
    assert going_live.set_units(world.db, [1], live=True, now=world.clock.now(), by=BY) == ["Dinas PUPR"]
    assert going_live.set_units(world.db, [1], live=True, now=world.clock.now(), by=BY) == []
    world.until("2026-08-04 12:00", every_minutes=60)
    assert set(heard_by(world)) == {"Penghubung Dinas PUPR", "Kepala Dinas PUPR"}
    assert {row.contact_id for row in shadows(world)} == {3, 4}
    going_live.set_units(world.db, [1], live=False, now=world.clock.now(), by=BY)
    going_live.set_units(world.db, [2], live=True, now=world.clock.now(), by=BY)
    world.until("2026-08-05 12:00", every_minutes=60)
    heard = heard_by(world)
    assert {day for day, _ in heard["Penghubung Dinas PUPR"]} == {"2026-08-03", "2026-08-04"}
    assert {day for day, _ in heard["Penghubung Dinas Kesehatan"]} == {"2026-08-04", "2026-08-05"}
    with world.db.read() as conn:
        assert journal.verify(conn) is None


def test_what_was_planned_before_the_shadow_fell_does_not_leave(world: World) -> None:
    with world.db.write() as conn:
        health.set_switch(conn, "sender_stop", {"reason": "uji"}, by="x", now=world.clock.now())
    world.until("2026-08-03 09:00")
    assert {row.state for row in world.rows(t.messages)} == {"waiting"}
    choose(world, Mode.SHADOW)
    with world.db.write() as conn:
        health.clear_switch(conn, "sender_stop")
    world.until("2026-08-03 11:00")
    assert heard_by(world) == {}
    assert {row.state for row in world.rows(t.messages)} == {"cancelled"}


def test_an_answer_stays_in_the_shadow_too_but_guests_hear(world: World) -> None:
    choose(world, Mode.SHADOW)
    with world.db.write() as conn:
        conn.execute(t.contacts.update().where(t.contacts.c.id == 3).values(guest=True))
    for who in (people(world)[0], people(world)[2]):
        form = world.phones.inbound_form(who.phone, "bantuan")
        row = {"provider_sid": form["MessageSid"], "address": who.phone, "raw": form, "state": "stored"}
        with world.db.write() as conn:
            conn.execute(insert(t.replies).values(received_at=world.clock.now(), **row))
    world.until("2026-08-03 09:00")
    assert set(heard_by(world)) == {"Penghubung Dinas Kesehatan"}


def test_guests_only_holds_the_notices_back(world: World) -> None:
    choose(world, Mode.GUESTS)
    world.until("2026-08-03 12:00")
    assert world.rows(t.messages) == []
    assert {row.state for row in world.rows(t.notices)} == {"waiting"}


def test_the_setting_guests_wins_over_whatever_the_office_chose(world: World) -> None:
    world.with_settings(recipients="guests")
    choose(world, Mode.STEPWISE)
    going_live.set_units(world.db, [1, 2], live=True, now=world.clock.now(), by=BY)
    choose(world, Mode.LIVE)
    world.until("2026-08-03 12:00")
    assert heard_by(world) == {}
    with world.db.read() as conn:
        assert rollout.read(conn, "guests").mode is Mode.GUESTS


def test_recaps_stay_in_the_shadow_once(world: World) -> None:
    choose(world, Mode.SHADOW)
    world.until("2026-08-03 15:00", every_minutes=60)
    recaps = [row for row in world.rows(t.messages) if (row.dedupe_key or "").startswith("recap:")]
    assert len(recaps) == 2
    assert all(row.shadow and row.state == "cancelled" for row in recaps)
    assert heard_by(world) == {}


def test_a_mode_needs_a_reason_and_a_change(world: World) -> None:
    with pytest.raises(Refused, match="Alasan"):
        going_live.choose_mode(world.db, Mode.SHADOW, now=world.clock.now(), by=BY, reason=" ")
    choose(world, Mode.SHADOW)
    with pytest.raises(Refused, match="sudah berlaku"):
        choose(world, Mode.SHADOW)
    with world.db.read() as conn:
        entry = conn.execute(select(t.journal.c.detail).where(t.journal.c.action == "office.mode")).scalar_one()
    assert (entry["before"], entry["after"], entry["reason"]) == ("langsung", "bayangan", "uji coba")
