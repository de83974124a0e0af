"""The office's own wording: checked, approved, in force for every process, and what waits says the same in it."""

from typing import Any

import pytest

from aspal import tables as t
from aspal.core.refused import Refused
from aspal.core.words import Role
from aspal.db import Database
from aspal.flow import own_words
from aspal.flow import templates as station
from aspal.gateways.whatsapp.port import RemoteTemplate, SendFailed
from aspal.records import health, message_texts
from tests.world import World

KIND = "pengingat_tindak_lanjut"
BY = "admin@kantor.test"


@pytest.fixture
def world(db: Database) -> World:
    world = World(db, "2026-08-03 07:00")
    world.person("Sari", Role.LIAISON, world.unit("Dinas PUPR"))
    world.complaint("1916449", 1, disposed="2026-07-31")
    return world


class Provider:
    """WhatsApp's approval, in the story's hands."""

    needs_approval = True

    def __init__(self) -> None:
        self.known: dict[str, RemoteTemplate] = {}
        self.away = False

    def push_template(self, template: Any) -> RemoteTemplate:
        if self.away:
            raise SendFailed(20500, "retry")
        sid = f"HX{template.fingerprint[:30]}"
        return self.known.setdefault(sid, RemoteTemplate(sid, "received", "UTILITY"))

    def template_status(self, sid: str) -> RemoteTemplate | None:
        return self.known.get(sid)

    def say(self, status: str, category: str = "UTILITY", reason: str | None = None) -> None:
        self.known = {sid: RemoteTemplate(sid, status, category, reason) for sid in self.known}


def propose(world: World, gateway: Any, old: str = "Kami ingatkan", new: str = "Kami ingatkan dengan hormat") -> int:
    template = world.house.texts.kind(KIND)
    samples = {variable.name: variable.sample for variable in template.variables}
    titles = [button.title for button in template.buttons]
    body = template.named_body.replace(old, new)
    version = own_words.propose(
        world.db, world.house.file_texts, gateway, KIND, body, samples, titles, now=world.clock.now(), by=BY, note=None
    )
    return version.version


def look(world: World, provider: Provider) -> station.TemplateRun:
    return station.look_at_proposals(world.db, world.house.file_texts, provider, world.clock.now())  # type: ignore[arg-type]


def speaks(world: World) -> str:
    return world.house.texts.preview(KIND).text


def test_approved_words_take_over_and_what_waits_says_the_same(world: World) -> None:
    with world.db.write() as conn:
        health.set_switch(conn, "sender_stop", {"reason": "uji"}, by="x", now=world.clock.now())
    world.until("2026-08-03 09:00")
    waiting = world.only(t.messages, template=KIND)
    provider = Provider()
    propose(world, provider)
    assert look(world, provider).taken_over == []
    assert "dengan hormat" not in speaks(world)
    provider.say("approved")
    assert look(world, provider).taken_over == [KIND]
    assert "dengan hormat" in speaks(world)
    reworded = world.only(t.messages, id=waiting.id)
    assert reworded.text == waiting.text.replace("Kami ingatkan", "Kami ingatkan dengan hormat")
    assert reworded.variables == waiting.variables


def test_a_refused_proposal_leaves_the_old_text_alone(world: World) -> None:
    provider = Provider()
    propose(world, provider)
    look(world, provider)
    provider.say("rejected", reason="terlalu umum")
    assert look(world, provider).taken_over == []
    assert "dengan hormat" not in speaks(world)
    with world.db.read() as conn:
        keys = {alarm.key for alarm in health.open_alarms(conn)}
    assert own_words.REJECTED + KIND in keys
    assert f"template_status:{KIND}" not in keys, "the text in force is not stopped"
    own_words.withdraw(world.db, KIND, 1, now=world.clock.now(), by=BY)
    with world.db.read() as conn:
        assert own_words.REJECTED + KIND not in {alarm.key for alarm in health.open_alarms(conn)}
    with pytest.raises(Refused):
        own_words.withdraw(world.db, KIND, 1, now=world.clock.now(), by=BY)


def test_marketing_is_no_approval(world: World) -> None:
    provider = Provider()
    propose(world, provider)
    look(world, provider)
    provider.say("approved", category="MARKETING")
    assert look(world, provider).taken_over == []


def test_a_provider_that_is_away_is_asked_again(world: World) -> None:
    provider = Provider()
    propose(world, provider)
    provider.away = True
    assert look(world, provider).failed
    provider.away = False
    look(world, provider)
    provider.say("approved")
    assert look(world, provider).taken_over == [KIND]


def test_nothing_changes_while_a_message_is_on_its_way(world: World) -> None:
    world.until("2026-08-03 09:00")
    with world.db.write() as conn:
        conn.execute(t.messages.update().values(state="unknown"))
    provider = Provider()
    propose(world, provider)
    look(world, provider)
    provider.say("approved")
    assert look(world, provider).taken_over == []
    with world.db.write() as conn:
        conn.execute(t.messages.update().values(state="delivered"))
    assert look(world, provider).taken_over == [KIND]


def test_one_goes_back_only_to_what_whatsapp_still_approves(world: World) -> None:
    provider = Provider()
    propose(world, provider)
    look(world, provider)
    provider.say("approved")
    look(world, provider)
    files, now = world.house.file_texts, world.clock.now()
    with pytest.raises(Refused, match="belum didaftarkan"):
        own_words.use_again(world.db, files, provider, KIND, 0, now=now, by=BY)  # type: ignore[arg-type]
    station.push(world.db, files, provider, now)  # type: ignore[arg-type]
    provider.say("approved")
    station.refresh(world.db, files, provider, now)  # type: ignore[arg-type]
    own_words.use_again(world.db, files, provider, KIND, 0, now=now, by=BY)  # type: ignore[arg-type]
    assert "dengan hormat" not in speaks(world)


def test_a_text_that_no_longer_fits_its_file_is_left_out(world: World) -> None:
    with world.db.write() as conn:
        made = message_texts.put(
            conn, KIND, "Kepada {penerima} saja.", {"penerima": "A"}, [], note=None, by=BY, now=world.clock.now()
        )
        message_texts.put_in_force(conn, KIND, made.version, world.clock.now())
    assert world.house.texts.kind(KIND) == world.house.file_texts.kind(KIND)


def test_newer_words_replace_a_proposal(world: World) -> None:
    provider = Provider()
    propose(world, provider)
    propose(world, provider, new="Kami ingatkan sekali lagi")
    states = [(row.version, row.state) for row in world.rows(t.message_texts)]
    assert states == [(1, "withdrawn"), (2, "proposed")]


def test_where_nobody_approves_the_words_hold_at_once_or_are_refused(world: World) -> None:
    world.until("2026-08-03 09:00")
    with world.db.write() as conn:
        conn.execute(t.messages.update().values(state="unknown"))
    with pytest.raises(Refused, match="belum pasti"):
        propose(world, world.phones)
    assert world.rows(t.message_texts) == [], "nothing half done"
    with world.db.write() as conn:
        conn.execute(t.messages.update().values(state="delivered"))
    propose(world, world.phones)
    assert "dengan hormat" in speaks(world)
