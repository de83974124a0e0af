"""The simulator is a provider like the real one: reports in steps, forms exactly as Twilio's, and its own faults."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.datastructures import Headers, MultiDict

from aspal.clock import RunningClock
from aspal.db import Database
from aspal.gateways.texts import Button
from aspal.gateways.whatsapp.forms import parse_inbound, parse_report
from aspal.gateways.whatsapp.port import Outgoing, SendFailed
from aspal.gateways.whatsapp.simulated_phones import Post
from aspal.gateways.whatsapp.simulator import ACCOUNT_SID, SimulatorGateway
from aspal.gateways.whatsapp.twilio_signature import Verifier
from aspal.records.simulator import SimulatorMemory
from aspal.settings import Settings

START = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
PHONE, HIDDEN = "+6281200000001", "ID.4566546130240823"
TEXT = Outgoing(PHONE, "token-1", "Laporan 1 belum ditindaklanjuti.", template="pengingat", variables={})
SETTINGS = Settings(secret_key="house", public_base_url="https://aspal.example.go.id")


class Stage:
    def __init__(self, db: Database, folder: Path) -> None:
        self.clock = RunningClock(START, 0)
        self.memory = SimulatorMemory(db)
        self.settings = replace(SETTINGS, media_dir=folder)
        self.gateway = SimulatorGateway(self.memory, self.settings, self.clock)

    def later(self, **span: float) -> datetime:
        self.clock.set(moment=self.clock.now() + timedelta(**span))
        return self.clock.now()


@pytest.fixture
def stage(db: Database, tmp_path: Path) -> Stage:
    return Stage(db, tmp_path)


def words(posts: list[Post]) -> list[str]:
    return [post.form["MessageStatus"] for post in posts]


def test_a_message_is_sent_then_delivered_then_read_when_the_phone_is_opened(stage: Stage) -> None:
    sid = stage.gateway.send(TEXT).sid
    assert stage.gateway.advance(stage.later(seconds=1)) == []
    assert words(stage.gateway.advance(stage.later(seconds=2))) == ["sent"]
    assert words(stage.gateway.advance(stage.later(seconds=2))) == ["delivered"]
    assert words(stage.gateway.open_phone(PHONE, stage.later(minutes=1))) == ["read"]
    remote = stage.gateway.fetch(sid)
    assert remote is not None
    assert remote.status == "read"


def test_each_report_is_told_once_and_none_is_left_out(stage: Stage) -> None:
    stage.gateway.send(TEXT)
    now = stage.later(minutes=1)
    assert words(stage.gateway.open_phone(PHONE, now)) == ["sent", "delivered", "read"]
    assert stage.gateway.advance(now) == []
    assert stage.gateway.open_phone(PHONE, now) == []


def test_opening_another_phone_reads_nothing(stage: Stage) -> None:
    stage.gateway.send(TEXT)
    assert stage.gateway.open_phone("+6281200000002", stage.later(minutes=1)) == []


def test_reports_carry_our_token_and_pass_the_signature_check(stage: Stage) -> None:
    sid = stage.gateway.send(TEXT).sid
    (post, *_) = stage.gateway.advance(stage.later(minutes=1))
    assert post.url == "https://aspal.example.go.id/webhooks/twilio/status?a=token-1"
    report = parse_report(post.form, "token-1")
    assert (report.provider_sid, report.account_sid, report.error_code) == (sid, ACCOUNT_SID, None)
    headers = Headers({"X-Twilio-Signature": post.signature})
    verifier = Verifier(stage.settings)
    assert verifier.check("/webhooks/twilio/status?a=token-1", MultiDict(post.form), headers)
    assert not verifier.check("/webhooks/twilio/status?a=token-2", MultiDict(post.form), headers)


def test_a_number_that_has_no_whatsapp_fails_later_and_says_why(stage: Stage) -> None:
    sid = stage.gateway.send(replace(TEXT, address="+6281200009999")).sid
    (post,) = stage.gateway.advance(stage.later(minutes=1))
    assert (post.form["MessageStatus"], post.form["ErrorCode"]) == ("failed", "63024")
    assert stage.gateway.advance(stage.later(minutes=1)) == []
    remote = stage.gateway.fetch(sid)
    assert remote is not None
    assert (remote.status, remote.error_code) == ("failed", 63024)


def test_a_person_who_opted_out_is_refused_at_once(stage: Stage) -> None:
    with pytest.raises(SendFailed) as failed:
        stage.gateway.send(replace(TEXT, address="+6281200009998"))
    assert failed.value.kind == "opted_out"


@pytest.mark.parametrize(("hours", "word"), [(23, "delivered"), (25, "failed")])
def test_free_text_arrives_only_within_a_day_of_the_last_reply(stage: Stage, hours: int, word: str) -> None:
    stage.gateway.inbound_form(PHONE, "sudah")
    stage.later(hours=hours)
    stage.gateway.send(replace(TEXT, template=None))
    assert words(stage.gateway.advance(stage.later(minutes=1)))[-1] == word


def inbound_forms() -> dict[str, Callable[[SimulatorGateway], dict[str, str]]]:
    return {
        "text": lambda g: g.inbound_form(PHONE, "sudah ✅ ", profile_name="Siti"),
        "button": lambda g: g.inbound_form(PHONE, button=("selesai", "Sudah"), quoted_sid="SM1"),
        "photo": lambda g: g.inbound_form(PHONE, "ini fotonya", media=[("image/jpeg", b"\xff\xd8\xff!")]),
        "location": lambda g: g.inbound_form(PHONE, location=("-6.9", "109.1")),
        "hidden number": lambda g: g.inbound_form(HIDDEN, "siap"),
    }


@pytest.mark.parametrize("kind", inbound_forms())
def test_what_is_typed_on_a_phone_passes_as_twilios_form(stage: Stage, kind: str) -> None:
    post = stage.gateway.inbound_post(inbound_forms()[kind](stage.gateway))
    assert post.url == "https://aspal.example.go.id/webhooks/twilio/inbound"
    headers = Headers({"X-Twilio-Signature": post.signature})
    assert Verifier(stage.settings).check("/webhooks/twilio/inbound", MultiDict(post.form), headers)
    reply = parse_inbound(post.form)
    assert reply.address == (HIDDEN if kind == "hidden number" else PHONE)
    assert reply.provider_sid == post.form["SmsMessageSid"]
    assert (reply.button_payload, reply.quoted_sid) == (("selesai", "SM1") if kind == "button" else (None, None))
    assert len(reply.media) == (kind == "photo")
    assert (reply.location is not None) == (kind == "location")
    if reply.media:
        assert stage.gateway.fetch_media(reply.provider_sid, reply.media[0].ref or "") == b"\xff\xd8\xff!"


def test_a_phone_shows_both_sides_in_order(stage: Stage) -> None:
    stage.gateway.send(replace(TEXT, buttons=(Button("selesai", "Sudah"),)))
    stage.later(minutes=1)
    form = stage.gateway.inbound_form(PHONE, button=("selesai", "Sudah"))
    shown = stage.memory.conversation(PHONE)
    assert [(m.direction, m.body) for m in shown] == [("outbound", TEXT.text), ("inbound", "Sudah")]
    assert shown[0].buttons == (("selesai", "Sudah"),)
    assert shown[1].sid == form["MessageSid"]
    assert stage.memory.phones() == [(PHONE, stage.clock.now())]
    assert [m.sid for m in stage.memory.conversation(PHONE, limit=1)] == [form["MessageSid"]]
