"""What the officers of the demo do with their phones: reports come back, messages are read, somebody answers."""

from collections.abc import Mapping
from typing import cast

from flask import Flask

from aspal.bootstrap import House
from aspal.core.phone import normalise
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records.simulator import SimulatorMemory, SimulatorMessage
from aspal.web.simulation import postman

SELDOM = 5  # every fifth phone is hardly ever looked at


class People:
    """Everybody's hands. What they do reaches us as Twilio would tell it, through our own signed webhooks."""

    def __init__(self, house: House, app: Flask) -> None:
        self._app, self._clock = app, house.clock
        self._phones = cast(SimulatorGateway, house.gateway)  # the demo has no other
        self._memory = SimulatorMemory(house.db)

    def receive(self) -> None:
        """What has reached the phones by now is reported."""
        with self._app.app_context():
            postman.carry(self._phones.advance(self._clock.now()))

    def read(self) -> None:
        """Most people look at what has come."""
        for address, _ in self._memory.phones():
            if int(address[-2:]) % SELDOM:
                self._open(address)

    def reply(self, row: Mapping[str, str]) -> None:
        """One line of the sample replies: quoting the message about that complaint, by its button, or plainly."""
        address, how, text = normalise(row["No WA"]), row["Cara"], row["Teks"]
        self._open(address)
        about = self._last_about(address, row["Laporan"])
        button = next(((key, title) for key, title in about.buttons if key == text), None) if about else None
        quoted = about.sid if about and how != "teks" else None
        form = self._phones.inbound_form(address, text, button=button, quoted_sid=quoted)
        with self._app.app_context():
            postman.carry([self._phones.inbound_post(form)])

    def _open(self, address: str) -> None:
        with self._app.app_context():
            postman.carry(self._phones.open_phone(address, self._clock.now()))

    def _last_about(self, address: str, number: str) -> SimulatorMessage | None:
        told = [m for m in self._memory.conversation(address) if m.direction == "outbound" and number in m.body]
        return told[-1] if told else None
