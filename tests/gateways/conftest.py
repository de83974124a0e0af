"""A fake Twilio behind a port, and gateways that speak to it either way."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aspal.gateways.whatsapp.twilio import TwilioGateway
from tests.fake_twilio import FakeTwilio
from tests.gateways.twilio_gateways import SETTINGS, Http, Make


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio(hang_seconds=5) as fake:
        yield fake


@pytest.fixture(params=["http.client", "requests"])
def http(request: pytest.FixtureRequest) -> Http:
    kind: Http = request.param
    return kind


@pytest.fixture
def gateway_to() -> Iterator[Make]:
    """Makes gateways to an address, impatient ones; closes them all."""
    made = []

    def make(url: str, http: Http = "http.client", seconds: float = 0.3, **changes: object) -> TwilioGateway:
        made.append(TwilioGateway(replace(SETTINGS, twilio_base_url=url, **changes), http=http))
        made[-1]._wire._seconds = (seconds, seconds)
        return made[-1]

    yield make
    for gateway in made:
        gateway.close()
