"""What the provider carried while our web was down is found the next day, taken in once and in order, and told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aspal import tables as t
from aspal.core.switches import RESTORED
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow.watch import missed
from aspal.gateways.whatsapp.port import Outgoing, SendFailed
from aspal.gateways.whatsapp.twilio import TwilioGateway
from aspal.records import health
from tests.fake_twilio import FakeTwilio
from tests.flow.phone import understand
from tests.flow.test_watch import alarms
from tests.gateways.twilio_gateways import SETTINGS
from tests.world import Somebody, World


@pytest.fixture
def story(db: Database) -> tuple[World, Somebody]:
    world = World(db, "2026-08-03 08:00")
    unit = world.unit("Dinas Sosial")
    sari = world.person("Sari", Role.LIAISON, unit)
    world.complaint("1916449", unit, disposed="2026-08-03")
    look(world)
    return world, sari


def look(world: World, **later: float) -> None:
    world.clock.moment += timedelta(**later)
    missed.look(world.db, world.phones, world.clock.now())


def types(world: World, who: Somebody, text: str) -> None:
    """On the phone; the webhook is told nothing."""
    world.phones.inbound_form(who.phone, text)


def test_replies_that_never_reached_us_are_taken_in_once_and_in_order(story: tuple[World, Somebody]) -> None:
    world, sari = story
    for minutes, text in enumerate(("1916449 sedang diproses", "1916449 besok selesai"), 60):
        world.clock.moment = world.at("2026-08-03 09:00") + timedelta(minutes=minutes)
        types(world, sari, text)
    look(world, days=1)
    taken = world.rows(t.replies)
    assert [row.raw["Body"] for row in taken] == ["1916449 sedang diproses", "1916449 besok selesai"]
    assert taken[0].received_at == world.at("2026-08-03 10:00")  # when it was written: "besok" counts from there
    assert any(text.startswith("2 balasan tidak sampai") for text in alarms(world).values())
    assert understand(world).matched == 2
    look(world, days=1)
    assert len(world.rows(t.replies)) == 2


def test_the_watch_looks_by_itself_and_the_lost_reply_becomes_a_note(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.until("2026-08-03 10:00")
    types(world, sari, "sudah ditindaklanjuti")
    world.until("2026-08-04 11:00", every_minutes=60)
    assert world.only(t.notes).text == "sudah ditindaklanjuti"
    assert world.only(t.dispositions).claim == "done"


def test_what_the_webhook_brought_is_not_taken_twice_and_nothing_is_said(story: tuple[World, Somebody]) -> None:
    world, sari = story
    from aspal.flow import inbound
    from aspal.flow.mailroom import Mailroom

    inbound.receive(Mailroom(world.db), world.phones.inbound_form(sari.phone, "proses"), world.clock.now())
    world.until("2026-08-04 09:00", every_minutes=60)
    assert world.heard(sari)
    look(world, days=1)
    assert len(world.rows(t.replies)) == 1
    assert not [key for key in alarms(world) if key.startswith(("replies_found", "strange_sends"))]


def test_what_was_before_us_stays_there(story: tuple[World, Somebody]) -> None:
    world, sari = story
    world.clock.moment -= timedelta(hours=3)
    types(world, sari, "lama")
    look(world, hours=3)
    look(world, days=1)
    assert world.rows(t.replies) == []


def test_it_looks_once_a_day_and_again_soon_after_a_failure(
    story: tuple[World, Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = story
    asked: list[Any] = []

    def fails(since: object, until: object) -> list[Any]:
        asked.append(until)
        raise SendFailed(None, "retry")

    monkeypatch.setattr(world.phones, "carried", fails)
    look(world, hours=12)
    assert asked == []
    look(world, hours=12)
    look(world, minutes=5)
    assert len(asked) == 1
    look(world, hours=1)
    assert len(asked) == 2
    assert alarms(world) == {}


def test_many_lost_replies_are_taken_in_by_several_looks(
    story: tuple[World, Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, sari = story
    monkeypatch.setattr(missed, "AT_ONCE", 2)
    for n in range(5):
        world.clock.moment += timedelta(minutes=1)
        types(world, sari, f"balasan {n}")
    look(world, days=1)
    for _ in range(3):
        look(world, minutes=5)
    assert [row.raw["Body"] for row in world.rows(t.replies)] == [f"balasan {n}" for n in range(5)]


def test_a_message_that_left_without_us_is_told(story: tuple[World, Somebody]) -> None:
    world, sari = story
    accepted = world.phones.send(Outgoing(sari.phone, "foreign", "Halo"))
    look(world, days=1)
    found = next(text for key, text in alarms(world).items() if key.startswith("strange_sends"))
    assert accepted.sid in found
    assert "ganti Auth Token" in found
    look(world, days=1)
    assert len(world.rows(t.alarms)) == 1  # said once


def test_our_own_messages_that_a_restore_forgot_are_not_blamed_on_a_thief_alone(
    story: tuple[World, Somebody],
) -> None:
    world, sari = story
    world.phones.send(Outgoing(sari.phone, "ours, before the restore", "Halo"))
    world.clock.moment += timedelta(hours=2)
    with world.db.write() as conn:
        health.set_switch(conn, RESTORED, True, by="cli", now=world.clock.now())
    look(world, days=1)
    found = next(text for key, text in alarms(world).items() if key.startswith("strange_sends"))
    assert "dipulihkan dari cadangan pada 03-08-2026" in found
    assert "ganti Auth Token" in found


def test_twilio_lists_both_ways_by_pages_and_gives_replies_back_with_their_photos(sqlite: Database) -> None:
    with FakeTwilio(any_content=True) as twilio:
        gateway = TwilioGateway(replace(SETTINGS, twilio_base_url=twilio.url))
        world = World(sqlite, "2026-08-03 08:00")
        now = world.clock.now()
        early = (now - timedelta(hours=30)).timestamp()
        written = [twilio.hears("+6281200000001", f"n{n}", early + n // 2, photos=n % 2) for n in range(230)]
        sent = gateway.send(Outgoing("+6281200000001", "token-1", "Halo"))
        twilio.set_status(sent.sid, "delivered")
        twilio.messages[sent.sid].sent = twilio.messages[sent.sid].created = early
        carried = gateway.carried(now - timedelta(days=2), now)
        assert {one.sid for one in carried if not one.inbound} == {sent.sid}
        assert [one.sid for one in carried if one.inbound] == written
        form = gateway.received(written[1]) or {}
        assert (form["Body"], form["From"], form["NumMedia"]) == ("n1", "whatsapp:+6281200000001", "1")
        assert gateway.fetch_media(written[1], form["MediaUrl0"].rpartition("/")[2])
        assert gateway.received("SM" + "0" * 32) is None
        gateway.close()
