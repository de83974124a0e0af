"""How the fake Twilio tells what became of a message: late, twice, in the wrong order, before its own answer."""

import heapq
import http.client
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from aspal.gateways.whatsapp.twilio_signature import sign
from tests.fake_twilio_shelf import ACCOUNT_SID


@dataclass(frozen=True, slots=True)
class CallbackPlan:
    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    delay: float = 0.0  # seconds before each
    before_answer: bool = False  # the first one, before the create is answered
    twice: bool = False
    shuffled: bool = False


class Callbacks:
    """Posts from a thread of its own; `answers` are the HTTP statuses that came back (0: none)."""

    def __init__(self, plan: CallbackPlan, token: str) -> None:
        self.plan = plan
        self.answers: list[int] = []
        self._token = token
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._wake = threading.Condition()
        self._stopped = False
        self._random = random.Random(3)
        threading.Thread(target=self._run, daemon=True).start()

    def follow(self, message: Any, failing: int | None, set_status: Callable[..., None]) -> None:
        """Plans the reports of a message that was just taken."""
        statuses = ["sent", "undelivered"] if failing else list(self.plan.statuses)
        if self.plan.before_answer:
            self._tell(message, statuses.pop(0), None, set_status)
        if self.plan.twice:
            statuses = [status for status in statuses for _ in range(2)]
        if self.plan.shuffled:
            self._random.shuffle(statuses)
        for n, status in enumerate(statuses, 1):
            code = failing if status == "undelivered" else None
            self._plan(n * self.plan.delay, lambda s=status, c=code: self._tell(message, s, c, set_status))

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify()

    def _plan(self, delay: float, act: Callable[[], None]) -> None:
        with self._wake:
            heapq.heappush(self._queue, (time.monotonic() + delay, next(self._order), act))
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._stopped and (not self._queue or self._queue[0][0] > time.monotonic()):
                    self._wake.wait(self._queue[0][0] - time.monotonic() if self._queue else None)
                if self._stopped:
                    return
                act = heapq.heappop(self._queue)[2]
            act()

    def _tell(self, message: Any, status: str, code: int | None, set_status: Callable[..., None]) -> None:
        set_status(message.sid, status, code)
        form = {"MessageSid": message.sid, "SmsSid": message.sid, "MessageStatus": status, "SmsStatus": status}
        form |= {"AccountSid": ACCOUNT_SID, "To": message.to, "From": message.form.get("From", "")}
        if code:
            form |= {"ErrorCode": str(code)}
        self.answers.append(post(message.callback, form, self._token))


def post(url: str, form: dict[str, str], token: str) -> int:
    """A signed form; the HTTP status that came back, 0 when nothing did."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=15)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": sign(form, url, token)}
    try:
        connection.request("POST", parts.path + (f"?{parts.query}" if parts.query else ""), urlencode(form), headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
