"""What can go wrong between us and Twilio, and that each way is told apart: not sent, refused, or unknown."""

import json
import logging
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aspal.gateways.whatsapp.port import Outgoing, SendFailed
from aspal.gateways.whatsapp.twilio import TwilioGateway
from tests.fake_twilio import FakeTwilio
from tests.fake_twilio_shelf import AUTH_TOKEN
from tests.gateways.twilio_gateways import HIDDEN, LIAISON, REMINDER, Http, Make

ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)


def note(gateway: TwilioGateway, token: str = "t1", **changes: object) -> Outgoing:
    sid = gateway.push_template(REMINDER).content_sid
    text = REMINDER.render({"nomor": "1", "opd": "PU"})
    return replace(Outgoing(LIAISON, token, text.text, REMINDER.kind, sid, text.variables), **changes)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_request_says_all_that_twilio_needs_and_no_more(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    form = twilio.messages[gateway.send(note(gateway, "tok_en-1", valid_for_seconds=90000)).sid].form
    assert form.pop("ContentSid").startswith("HX")
    assert json.loads(form.pop("ContentVariables")) == {"1": "1", "2": "PU"}
    assert form == {
        "To": f"whatsapp:{LIAISON}",
        "From": "whatsapp:+14155238886",
        "StatusCallback": "https://aspal.example.go.id/webhooks/twilio/status?a=tok_en-1",
        "ValidityPeriod": "36000",
    }


def test_a_messaging_service_takes_the_place_of_the_sender(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url, twilio_whatsapp_from=None, twilio_messaging_service_sid="MG" + "2" * 32)
    accepted = gateway.send(note(gateway, valid_for_seconds=0))
    form = twilio.messages[accepted.sid].form
    assert "From" not in form
    assert (form["MessagingServiceSid"], form["ValidityPeriod"]) == ("MG" + "2" * 32, "1")
    assert accepted.status == "accepted"


def test_a_document_goes_with_free_text_as_an_address(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    url = "https://aspal.example.go.id/dokumen/token/rekap.pdf"
    form = twilio.messages[gateway.send(Outgoing(LIAISON, "t1", "Terlampir", document_url=url)).sid].form
    assert (form["Body"], form["MediaUrl"]) == ("Terlampir", url)
    assert "MediaUrl" not in twilio.messages[gateway.send(note(gateway, "t2", document_url=url)).sid].form


def test_a_sender_may_be_an_id_and_keeps_its_prefix(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url, twilio_whatsapp_from="whatsapp:ID.998877")
    form = twilio.messages[gateway.send(note(gateway, address=HIDDEN)).sid].form
    assert (form["From"], form["To"]) == ("whatsapp:ID.998877", f"whatsapp:{HIDDEN}")


def test_a_template_without_approval_is_not_sent_as_text(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    with pytest.raises(SendFailed) as failed:
        gateway.send(note(gateway, content_sid=None))
    assert failed.value.kind == "template"
    assert not twilio.messages


@pytest.mark.parametrize(
    ("fault", "kind", "code", "accepted"),
    [
        ("429", "retry", 20429, 0),
        ("401", "config", 20003, 0),
        ("500", "unknown", 20500, 0),
        ("500-after", "unknown", 20500, 1),
        ("drop", "unknown", None, 0),
        ("drop-after", "unknown", None, 1),
        ("hang-after", "unknown", None, 1),
        ("garbage", "unknown", None, 1),
    ],
)
def test_every_fault_has_its_kind_and_nothing_is_repeated(
    gateway_to: Make, twilio: FakeTwilio, http: Http, fault: str, kind: str, code: int | None, accepted: int
) -> None:
    gateway = gateway_to(twilio.url, http)
    out = note(gateway)
    twilio.script.append(fault)
    with pytest.raises(SendFailed) as failed:
        gateway.send(out)
    assert (failed.value.kind, failed.value.code) == (kind, code)
    assert failed.value.retry_after == (1.0 if fault == "429" else None)
    assert twilio.stats()["accepted"] == accepted
    assert twilio.requests["POST Messages.jso"] == 1
    assert [r.body for r in gateway.sent_to(LIAISON, ALWAYS)] == [out.text] * accepted


def test_a_connection_that_never_was_is_safe_to_try_again(gateway_to: Make, http: Http) -> None:
    gateway = gateway_to(f"http://127.0.0.1:{free_port()}", http)
    with pytest.raises(SendFailed) as failed:
        gateway.send(Outgoing(LIAISON, "t", "Baik."))
    assert failed.value.kind == "retry"


def test_a_name_that_does_not_exist_is_safe_to_try_again(gateway_to: Make, http: Http) -> None:
    with pytest.raises(SendFailed) as failed:
        gateway_to("http://nowhere.invalid", http).send(Outgoing(LIAISON, "t", "Baik."))
    assert failed.value.kind == "retry"


def test_a_failed_tls_handshake_is_safe_to_try_again(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url.replace("http:", "https:"))
    with pytest.raises(SendFailed) as failed:
        gateway.send(Outgoing(LIAISON, "t", "Baik."))
    assert failed.value.kind == "retry"


def test_a_kept_connection_that_the_server_closed_is_not_used(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    out = note(gateway)
    for n in range(5):
        gateway.send(replace(out, token=f"t{n}"))
        twilio.hang_up()
        time.sleep(0.02)
    assert twilio.stats() == {"accepted": 5, "distinct_tokens": 5, "duplicates": 4}


def test_threads_share_the_connections_and_get_their_own_answers(
    gateway_to: Make, twilio: FakeTwilio, http: Http
) -> None:
    gateway = gateway_to(twilio.url, http, seconds=5)
    out, sids = note(gateway), []

    def send(n: int) -> None:
        sids.extend(gateway.send(replace(out, token=f"t{n}-{i}")).sid for i in range(20))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(sids)) == 160
    assert twilio.stats()["distinct_tokens"] == 160
    gateway.close()


@pytest.mark.parametrize("fault", ["500", "drop", "hang", "429"])
def test_asking_can_always_be_done_again(gateway_to: Make, twilio: FakeTwilio, http: Http, fault: str) -> None:
    gateway = gateway_to(twilio.url, http)
    twilio.script.append(fault)
    with pytest.raises(SendFailed) as failed:
        gateway.fetch("SM" + "0" * 32)
    assert failed.value.kind == "retry"
    twilio.script.append(fault)
    with pytest.raises(SendFailed) as failed:
        gateway.sent_to(LIAISON, ALWAYS)
    assert failed.value.kind == "retry"


def test_wrong_credentials_stop_the_sender(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url, twilio_auth_token="wrong")
    for ask in (lambda: gateway.sent_to(LIAISON, ALWAYS), lambda: gateway.push_template(REMINDER)):
        with pytest.raises(SendFailed) as failed:
            ask()
        assert failed.value.kind == "config"


def test_a_long_list_is_read_to_its_end(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    out = note(gateway)
    sids = {gateway.send(replace(out, token=f"t{n}")).sid for n in range(230)}
    for sid in sids:
        twilio.set_status(sid, "sent")
    assert {remote.sid for remote in gateway.sent_to(LIAISON, ALWAYS)} == sids


def test_a_message_still_in_twilios_queue_is_found_though_it_has_no_day_of_sending(
    gateway_to: Make, twilio: FakeTwilio
) -> None:
    gateway = gateway_to(twilio.url)
    sent, queued = gateway.send(note(gateway)).sid, gateway.send(note(gateway, "t2")).sid
    twilio.set_status(sent, "undelivered", 63024)
    found = {remote.sid: remote for remote in gateway.sent_to(LIAISON, ALWAYS)}
    assert set(found) == {sent, queued}
    assert (found[sent].status, found[sent].error_code) == ("failed", 63024)


def test_a_rehearsal_in_the_future_still_finds_what_was_sent(gateway_to: Make, twilio: FakeTwilio) -> None:
    gateway = gateway_to(twilio.url)
    sid = gateway.send(note(gateway)).sid
    our_now = datetime.now(UTC) + timedelta(days=90)  # noqa: TID251
    assert gateway.sent_to(LIAISON, our_now - timedelta(minutes=5)) == []
    found = gateway.sent_to(LIAISON, our_now - timedelta(minutes=5), our_now)
    assert [(remote.sid, remote.created_at) for remote in found] == [(sid, None)]


def test_nothing_secret_or_personal_is_in_errors_or_logs(
    gateway_to: Make, twilio: FakeTwilio, http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    gateway = gateway_to(twilio.url, http)
    out = note(gateway, text="Rahasia Siti")
    told = []
    for fault in ("429", "500", "401", "drop-after", "garbage"):
        twilio.script.append(fault)
        with pytest.raises(SendFailed) as failed:
            gateway.send(out)
        assert failed.value.__cause__ is None
        assert failed.value.__suppress_context__
        told.append(str(failed.value) + repr(failed.value))
    gateway.sent_to(LIAISON, ALWAYS)
    everything = "".join(told) + caplog.text
    for secret in ("81200000001", AUTH_TOKEN, "Siti", "Basic "):
        assert secret not in everything
