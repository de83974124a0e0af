"""How Twilio says that our account and sender stand; what it does not say stays unknown."""

import json
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from aspal.clock import SystemClock
from aspal.gateways.whatsapp.port import SendFailed, Standing
from aspal.gateways.whatsapp.twilio import TwilioGateway
from aspal.gateways.whatsapp.wire import Reply
from tests.fake_twilio_shelf import ACCOUNT_SID
from tests.gateways.twilio_gateways import SETTINGS

ACCOUNT = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}"
SENDERS = "https://messaging.twilio.com/v2/Channels/Senders?Channel=whatsapp&PageSize=100"
OURS: dict[str, Any] = {
    "sender_id": "whatsapp:+14155238886",
    "status": "ONLINE",
    "properties": {"quality_rating": "Low", "messaging_limit": "10K Customers/24hr"},
}


class Answers:
    """The wire: one answer for each address, 404 for all others."""

    def __init__(self, **known: tuple[int, object]) -> None:
        self.known = {f"{ACCOUNT}.json": known.get("account"), f"{ACCOUNT}/Balance.json": known.get("balance")}
        self.known |= {SENDERS: known.get("senders")}

    def exchange(self, method: str, url: str, headers: Any, body: bytes | None = None) -> Reply:
        status, answer = self.known.get(url) or (404, {"code": 20404})
        return Reply(status, {}, json.dumps(answer).encode())

    def close(self) -> None: ...


def standing(**known: tuple[int, object]) -> Standing:
    gateway = TwilioGateway(SETTINGS)
    gateway._wire.close()
    gateway._wire = gateway._http.wire = Answers(**known)  # type: ignore[assignment]
    return gateway.standing()


def test_everything_that_twilio_says_is_understood() -> None:
    other = OURS | {"sender_id": "whatsapp:+14155550000", "properties": {"quality_rating": "High"}}
    found = standing(
        account=(200, {"status": "active"}),
        balance=(200, {"balance": "12.50", "currency": "USD"}),
        senders=(200, {"senders": [other, OURS]}),
    )
    assert found == Standing("active", 12.5, "USD", "ONLINE", "LOW", 10_000)


@pytest.mark.parametrize("senders", [(404, {}), (200, {"senders": None}), (200, {"senders": [{"properties": "?"}]})])
def test_what_it_does_not_say_stays_unknown(senders: tuple[int, object]) -> None:
    assert standing(account=(200, {"status": "suspended"}), senders=senders) == Standing("suspended")


@pytest.mark.parametrize("hours", [-2, 0, 7])
def test_how_far_our_clock_is_from_the_providers_is_told(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    theirs = SystemClock().now() - timedelta(hours=hours)
    dated = {"date": format_datetime(theirs, usegmt=True)}
    monkeypatch.setattr(Answers, "exchange", lambda *_: Reply(200, dated, b'{"status": "active"}'))
    found = standing().seconds_ahead
    assert found is not None
    assert abs(found - hours * 3600) < 60


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (403, 20005), (404, 20404)])
def test_a_refused_account_is_named_by_its_code(status: int, code: int) -> None:
    with pytest.raises(SendFailed) as refused:
        standing(account=(status, {"code": code}))
    assert (refused.value.kind, refused.value.code) == ("config", code)


def test_webhooks_that_twilio_could_not_reach_are_counted_and_other_programs_ones_are_not() -> None:
    gateway = TwilioGateway(SETTINGS)
    gateway._wire.close()
    asked: list[str] = []
    ours = "https://salah.example.go.id/webhooks/twilio/inbound"
    alerts = [
        {"error_code": "11200", "request_url": ours},
        {"error_code": "11205", "request_url": f"{ours.replace('inbound', 'status')}?a=1"},
        {"error_code": "57012", "request_url": ours},
        {"error_code": "11200", "request_url": "https://lain.example.go.id/hook"},
        {"error_code": "63016", "request_url": ours},
    ]

    class Says(Answers):
        def exchange(self, method: str, url: str, headers: Any, body: bytes | None = None) -> Reply:
            asked.append(url)
            told = {"alerts": alerts} if "/v1/Alerts" in url else {"status": "active"}
            return Reply(200, {"date": "Mon, 03 Aug 2026 01:00:00 GMT"}, json.dumps(told).encode())

    gateway._wire = gateway._http.wire = Says()  # type: ignore[assignment]
    assert gateway.standing().unheard == 3
    assert "StartDate=2026-08-02T23:00:00Z" in asked[-1]
