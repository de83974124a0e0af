"""The fake Twilio is as unpleasant as the real one can be, and its reports pass our signature check."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import Headers, MultiDict

from aspal.gateways.whatsapp.port import Outgoing, SendFailed
from aspal.gateways.whatsapp.twilio import TwilioGateway
from aspal.gateways.whatsapp.twilio_signature import Verifier
from aspal.settings import Settings
from tests.fake_twilio import FakeTwilio
from tests.fake_twilio_callbacks import CallbackPlan
from tests.fake_twilio_shelf import ACCOUNT_SID, AUTH_TOKEN
from tests.tiny_http import Answer, TinyServer

LIAISON, NOBODY = "+6281200000001", "+6281200009999"


class Office:
    """Our webhooks, as far as the fake needs them: checks each signature, remembers each report."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, str]] = []  # token, status, error code
        self.server = TinyServer(self.receive)
        self.settings = Settings(
            whatsapp_gateway="twilio",
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token=AUTH_TOKEN,
            twilio_whatsapp_from="+14155238886",
            public_base_url=self.server.url,
        )
        self.verifier = Verifier(self.settings)
        self.server.start()

    def receive(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        form = MultiDict(parse_qsl(body.decode(), keep_blank_values=True))
        if not self.verifier.check(target, form, Headers(headers.items())):
            return Answer(403)
        token = dict(parse_qsl(urlsplit(target).query)).get("a", "")
        self.heard.append((token, form.get("MessageStatus", ""), form.get("ErrorCode", "")))
        return Answer(204)

    def wait_for(self, count: int) -> list[tuple[str, str, str]]:
        deadline = time.monotonic() + 5
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.heard


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.server.stop()


def send(office: Office, twilio: FakeTwilio, *addresses: str) -> list[str]:
    with closing(TwilioGateway(replace(office.settings, twilio_base_url=twilio.url))) as gateway:
        return [gateway.send(Outgoing(a, f"t{n}", "Baik.")).sid for n, a in enumerate(addresses)]


def test_reports_come_signed_in_order(office: Office) -> None:
    with FakeTwilio(callbacks=CallbackPlan()) as twilio:
        (sid,) = send(office, twilio, LIAISON)
        assert office.wait_for(3) == [("t0", "sent", ""), ("t0", "delivered", ""), ("t0", "read", "")]
        assert twilio.messages[sid].status == "read"


def test_a_number_without_whatsapp_fails_with_its_code(office: Office) -> None:
    with FakeTwilio(callbacks=CallbackPlan()) as twilio:
        send(office, twilio, NOBODY)
        assert office.wait_for(2) == [("t0", "sent", ""), ("t0", "undelivered", "63024")]


def test_a_report_can_come_before_the_answer(office: Office) -> None:
    with FakeTwilio(callbacks=CallbackPlan(("delivered",), before_answer=True)) as twilio:
        send(office, twilio, LIAISON)
        assert office.heard == [("t0", "delivered", "")]


def test_reports_can_come_twice_and_out_of_order(office: Office) -> None:
    with FakeTwilio(callbacks=CallbackPlan(twice=True, shuffled=True)) as twilio:
        send(office, twilio, LIAISON)
        heard = [status for _, status, _ in office.wait_for(6)]
        assert sorted(heard) == sorted(["sent", "delivered", "read"] * 2)
        assert heard != ["sent", "sent", "delivered", "delivered", "read", "read"]


def test_reports_can_come_late(office: Office) -> None:
    with FakeTwilio(callbacks=CallbackPlan(("sent",), delay=0.2)) as twilio:
        send(office, twilio, LIAISON)
        assert office.heard == []
        assert len(office.wait_for(1)) == 1


def test_a_person_writes_to_the_office(office: Office) -> None:
    with FakeTwilio() as twilio:
        assert twilio.write(f"{office.server.url}/webhooks/twilio/inbound", LIAISON, "sudah ✅") == 204
        assert twilio.write("http://127.0.0.1:1/", LIAISON) == 0


def test_faults_can_be_set_over_http_and_the_statistics_read() -> None:
    with FakeTwilio() as twilio:
        connection = HTTPConnection(urlsplit(twilio.url).netloc, timeout=5)

        def ask(method: str, path: str, told: object = None) -> object:
            connection.request(method, path, json.dumps(told) if told else None)
            return json.loads(connection.getresponse().read())

        ask("POST", "/__faults", {"shares": {"429": 0.5}, "script": ["drop"]})
        assert (list(twilio.script), twilio.shares) == (["drop"], {"429": 0.5})
        assert ask("GET", "/__stats") == {"accepted": 0, "distinct_tokens": 0, "duplicates": 0}
        assert ask("GET", "/__messages") == {"messages": []}
        ask("POST", "/__reset")
        assert not twilio.script
        connection.close()


def test_a_share_of_requests_fails(office: Office) -> None:
    with FakeTwilio(shares={"429": 0.3}) as twilio:
        failed = 0
        for n in range(100):
            try:
                send(office, twilio, f"+62812000{n:05d}")
            except SendFailed:
                failed += 1
        assert 15 < failed < 45
        assert twilio.stats()["accepted"] == 100 - failed


def test_stopping_leaves_no_thread_that_serves() -> None:
    before = threading.active_count()
    with FakeTwilio(callbacks=CallbackPlan()):
        pass
    deadline = time.monotonic() + 2
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
