"""One promise, kept by the simulator, by Twilio through `responses`, and by Twilio over HTTP to our fake server."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import responses

from aspal.clock import SystemClock
from aspal.db import Database
from aspal.gateways.media import MediaNotYet, MediaRefused
from aspal.gateways.texts import Button
from aspal.gateways.whatsapp.port import Gateway, Outgoing, SendFailed
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.gateways.whatsapp.twilio import TwilioGateway
from aspal.records.simulator import SimulatorMemory
from tests.fake_twilio import FakeTwilio
from tests.fake_twilio_responses import intercept
from tests.gateways.twilio_gateways import HEAD, HIDDEN, JPEG, LIAISON, REMINDER, SETTINGS


@dataclass
class Side:
    """A gateway, and what the test may do on the provider's side of it."""

    gateway: Gateway
    twilio: FakeTwilio | None = None

    def reminder(self, address: str = LIAISON, nomor: str = "1916449", **changes: Any) -> Outgoing:
        content_sid = self.gateway.push_template(REMINDER).content_sid
        rendered = REMINDER.render({"nomor": nomor, "opd": "Dinas PU"})
        out = Outgoing(
            address, "token-1", rendered.text, REMINDER.kind, content_sid, rendered.variables, 2, REMINDER.buttons
        )
        return replace(out, **changes)

    def photo(self) -> tuple[str, str]:
        """A reply with a photo: its message sid and the photo's."""
        if self.twilio:
            sid = "SM" + "a" * 32
            return sid, self.twilio.media.put(sid, "image/jpeg", JPEG)
        assert isinstance(self.gateway, SimulatorGateway)
        form = self.gateway.inbound_form(LIAISON, media=[("image/jpeg", JPEG)])
        return form["MessageSid"], form["MediaUrl0"].rpartition("/")[2]

    def opt_out(self, address: str) -> None:
        if self.twilio:
            self.twilio.opted_out.add(address)
        else:
            assert isinstance(self.gateway, SimulatorGateway)
            self.gateway.faults[address] = 21610


@pytest.fixture(params=["simulator", "twilio on responses", "twilio on http.client", "twilio on requests"])
def side(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Side]:
    if request.param == "simulator":
        db: Database = request.getfixturevalue("sqlite")
        settings = replace(SETTINGS, media_dir=tmp_path)
        yield Side(SimulatorGateway(SimulatorMemory(db), settings, SystemClock()))
    elif request.param == "twilio on responses":
        twilio = FakeTwilio()
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            intercept(mock, twilio)
            yield Side(TwilioGateway(SETTINGS, http="requests"), twilio)
    else:
        kind = request.param.rpartition(" ")[2]
        with FakeTwilio() as twilio:
            gateway = TwilioGateway(replace(SETTINGS, twilio_base_url=twilio.url), http=kind)
            yield Side(gateway, twilio)
            gateway.close()


def test_a_template_is_accepted_and_can_be_asked_about(side: Side) -> None:
    out = side.reminder()
    accepted = side.gateway.send(out)
    assert accepted.status == "accepted"
    remote = side.gateway.fetch(accepted.sid)
    assert remote is not None
    assert (remote.sid, remote.body, remote.address) == (accepted.sid, out.text, LIAISON)
    assert remote.status == "accepted"
    assert remote.error_code is None


def test_a_message_that_nobody_sent_is_not_known(side: Side) -> None:
    assert side.gateway.fetch("SM" + "0" * 32) is None
    assert side.gateway.fetch("../../Accounts") is None


def test_what_was_sent_to_a_person_is_listed_oldest_first_and_nobody_elses(side: Side) -> None:
    since = datetime.now(UTC)  # noqa: TID251
    first = side.gateway.send(side.reminder(nomor="1"))
    side.gateway.send(side.reminder(HEAD, nomor="2"))
    second = side.gateway.send(side.reminder(nomor="3"))
    listed = side.gateway.sent_to(LIAISON, since)
    assert sorted(remote.sid for remote in listed) == sorted([first.sid, second.sid])
    assert {"Laporan 1" in remote.body for remote in listed} == {True, False}
    assert all(remote.created_at and remote.created_at >= since.replace(microsecond=0) for remote in listed)


def test_what_was_sent_before_the_asked_time_is_not_listed(side: Side) -> None:
    side.gateway.send(side.reminder())
    later = datetime.now(UTC) + timedelta(minutes=5)  # noqa: TID251
    assert side.gateway.sent_to(LIAISON, later) == []


def test_a_person_without_a_visible_number_is_written_to_by_id(side: Side) -> None:
    accepted = side.gateway.send(side.reminder(HIDDEN))
    remote = side.gateway.fetch(accepted.sid)
    assert remote is not None
    assert remote.address == HIDDEN
    assert [found.sid for found in side.gateway.sent_to(HIDDEN, datetime(2026, 1, 1, tzinfo=UTC))] == [accepted.sid]


@pytest.mark.parametrize("address", ["", "081200000001", "+62 812", "whatsapp:+6281200000001", "4566546130240823"])
def test_an_address_that_is_none_is_refused_for_good(side: Side, address: str) -> None:
    with pytest.raises(SendFailed) as failed:
        side.gateway.send(side.reminder(address))
    assert (failed.value.kind, failed.value.code) == ("permanent", 21211)


@pytest.mark.parametrize(
    "variables",
    [
        {"1": "1916449"},
        {},
        {"1": "1916449", "2": ""},
        {"1": "1916449", "2": "  "},
        {"1": "1916449", "2": "Dinas\nPU"},
        {"1": "1916449", "2": "Dinas\tPU"},
        {"1": "1916449", "2": "Dinas      PU"},
        {"1": "1916449", "3": "Dinas PU"},
        {"1": "1916449", "2": "Dinas PU", "3": "lebih"},
    ],
)
def test_a_template_whose_variables_do_not_fit_never_leaves(side: Side, variables: dict[str, str]) -> None:
    with pytest.raises(SendFailed) as failed:
        side.gateway.send(side.reminder(variables=variables))
    assert failed.value.kind == "template"
    assert side.gateway.sent_to(LIAISON, datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_a_person_who_opted_out_is_told_apart(side: Side) -> None:
    side.opt_out(HEAD)
    with pytest.raises(SendFailed) as failed:
        side.gateway.send(side.reminder(HEAD))
    assert (failed.value.kind, failed.value.code) == ("opted_out", 21610)


def test_free_text_carries_its_buttons_as_words(side: Side) -> None:
    out = Outgoing(LIAISON, "token-2", "Untuk laporan yang mana?", buttons=(Button("a", "A"), Button("b", "B")))
    remote = side.gateway.fetch(side.gateway.send(out).sid)
    assert remote is not None
    assert remote.body == "Untuk laporan yang mana?\n\nBalas dengan: A / B"


@pytest.mark.parametrize("text", ["", "   ", "x" * 1601])
def test_free_text_that_is_empty_or_too_long_never_leaves(side: Side, text: str) -> None:
    with pytest.raises(SendFailed) as failed:
        side.gateway.send(Outgoing(LIAISON, "token-2", text))
    assert failed.value.kind == "template"


def test_pushing_a_template_again_gives_the_same_one(side: Side) -> None:
    first = side.gateway.push_template(REMINDER)
    assert side.gateway.push_template(REMINDER).content_sid == first.content_sid
    status = side.gateway.template_status(first.content_sid)
    assert status is not None
    assert (status.status, status.category) == ("approved", "UTILITY")


def test_a_changed_text_becomes_another_template(side: Side) -> None:
    first = side.gateway.push_template(REMINDER)
    assert side.gateway.push_template(replace(REMINDER, fingerprint="e" * 64)).content_sid != first.content_sid


def test_a_photo_comes_back_byte_by_byte(side: Side) -> None:
    assert side.gateway.fetch_media(*side.photo()) == JPEG


def test_a_photo_that_is_not_there_yet_can_be_asked_for_again(side: Side) -> None:
    message_sid, _ = side.photo()
    with pytest.raises(MediaNotYet):
        side.gateway.fetch_media(message_sid, "ME" + "0" * 32)


@pytest.mark.parametrize("ref", ["../../../etc/passwd", "", "ME" + "A" * 32, "http://evil.example/x"])
def test_a_forged_reference_to_a_photo_is_refused(side: Side, ref: str) -> None:
    with pytest.raises(MediaRefused):
        side.gateway.fetch_media("SM" + "a" * 32, ref)
