"""A Twilio that misbehaves in every way at once, in a process that nobody kills: its books are the truth."""

import json
import random
import time
from copy import copy
from email.utils import formatdate
from typing import Any

from tests.fake_twilio import FakeTwilio
from tests.fake_twilio_shelf import Message, Refused, json_answer
from tests.tiny_http import Answer
from torture.clock import SharedClock
from torture.reports import Reports

# Shares of all creates. "late": taken only after the sender has given up waiting.
FAULTS = {
    "429": 0.06, "500": 0.03, "500-after": 0.04, "drop": 0.02, "drop-after": 0.04, "garbage": 0.01, "late": 0.01,
    "hang": 0.003, "hang-after": 0.005,
}  # fmt: skip
PATIENCE = 0.6  # real seconds that our senders wait for an answer; hanging lasts twice as long
TRANSIENT = 63012  # WhatsApp's own trouble, told after the message was taken: it may be repeated
_LAG = 0.8  # real seconds until a new message shows in the list for sure


class Misbehaving(FakeTwilio):
    """The fake Twilio with latency, late acceptance, a lagging list and unreliable reports, on the shared clock."""

    def __init__(self, clock: SharedClock, seed: int) -> None:
        super().__init__(hang_seconds=2 * PATIENCE)
        self.clock = clock
        self.dice = random.Random(seed)
        self.slowness = 0.0  # mean latency in seconds; 0: it behaves
        self.trouble = 0.0  # share of messages that fail once they are taken, and of reads that are refused
        self.reports = self._posting = Reports(seed)  # type: ignore[assignment]
        self._taken: dict[str, list[tuple[float, Message]]] = {}  # by addressee, with the machine's monotonic time

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        answer = super().answer(method, target, headers, body)
        answer.headers["Date"] = formatdate(self.clock.now().timestamp(), usegmt=True)
        return answer

    def reset(self) -> None:
        super().reset()
        self._taken.clear()

    def set_status(self, sid: str, status: str, error_code: int | None = None) -> None:
        message = self.messages.get(sid)
        if message is not None:  # else the books were closed meanwhile
            message.status, message.error_code = status, error_code
            message.sent = message.sent or self.clock.now().timestamp()

    def _create(self, body: bytes) -> Answer:
        if self.slowness:
            time.sleep(min(PATIENCE / 2, self.dice.expovariate(1 / self.slowness)))
        return super()._create(body)

    def _accept(self, form: dict[str, str]) -> Message:
        message = super()._accept(form)
        message.created = self.clock.now().timestamp()
        self._taken.setdefault(message.to, []).append((time.monotonic(), message))
        failing = TRANSIENT if self.dice.random() < self.trouble else None
        self.reports.plan(message, failing, self.set_status, chaotic=bool(self.slowness))
        return message

    def _fault(self) -> str:
        fault = super()._fault()
        if fault != "late":
            return fault
        self._stopping.wait(self.hang_seconds)
        return "drop-after"

    def _other(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Answer:
        if self.dice.random() < self.trouble:
            status, code = self.dice.choice([(429, 20429), (500, 20500), (503, 20500)])
            raise Refused(status, code, "reading fails on purpose")
        return super()._other(method, path, query, body)

    def _list(self, query: dict[str, list[str]]) -> Answer:
        edge = time.monotonic() - (_LAG * self.dice.random() if self.slowness else 0)
        shelf = copy(self)  # with this person's messages only, or a busy day's list would cost more than the day
        shelf.messages = {m.sid: m for taken, m in list(self._taken.get(query["To"][0], ())) if taken <= edge}
        return FakeTwilio._list(shelf, query)

    def _admin(self, path: str, body: bytes) -> Answer:
        if path == "/__mood":
            asked: dict[str, Any] = json.loads(body)
            self.shares, self.slowness, self.trouble = asked["faults"], asked["slowness"], asked["trouble"]
            self.reports.share = asked["told"]
            return json_answer(200, {})
        if path == "/__pending":
            return json_answer(200, {"pending": self.reports.pending})
        return super()._admin(path, body)
