"""Status reports as the worst provider sends them: before its own answer, late, twice, shuffled, or not at all."""

import heapq
import random
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from tests.fake_twilio_callbacks import post
from tests.fake_twilio_shelf import ACCOUNT_SID, AUTH_TOKEN, Message

_POSTERS = 3
_LATEST = 2.0  # real seconds


class Reports:
    """Plans and posts the reports of each message that was taken."""

    def __init__(self, seed: int) -> None:
        self.share = 1.0  # of the messages about which anything is told at all
        self._dice = random.Random(seed)
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._due = threading.Condition()
        self._in_hand = 0
        self._early: dict[str, Callable[[], None]] = {}
        for _ in range(_POSTERS):
            threading.Thread(target=self._run, daemon=True).start()

    @property
    def pending(self) -> int:
        """Reports that are still to be posted."""
        with self._due:
            return len(self._queue) + self._in_hand

    def plan(self, message: Message, failing: int | None, set_status: Callable[..., None], *, chaotic: bool) -> None:
        """Decides what will be told about this message, and when."""
        final = "undelivered" if failing else "delivered"
        set_status(message.sid, final, failing)
        words = ["sent", final] if failing or not chaotic else ["sent", final, "read"]
        if chaotic:
            words *= self._dice.choice((1, 1, 2))
            self._dice.shuffle(words)
            words = words if failing else words[: self._dice.choice((1, 2, 6))]  # nobody repeats a lost one
        if not failing and self._dice.random() >= self.share:
            return
        for word in words:
            told = _form(message, word, failing if word == "undelivered" else None)
            tell = self._telling(message.callback, told, tries=20 if failing else 1)
            if chaotic and message.sid not in self._early and self._dice.random() < 0.1:
                self._early[message.sid] = tell
            else:
                self._at(self._dice.uniform(0, _LATEST) if chaotic else 0.0, tell)

    def follow(self, message: Message, _failing: int | None, _set_status: Callable[..., None]) -> None:
        """Called by the fake Twilio before it answers: the early ones."""
        early = self._early.pop(message.sid, None)
        if early:
            early()

    def stop(self) -> None:
        """Its threads are daemons."""

    def _telling(self, url: str, form: dict[str, str], tries: int) -> Callable[[], None]:
        def tell() -> None:
            if post(url, form, AUTH_TOKEN) != 204 and tries > 1:
                self._at(0.2, self._telling(url, form, tries - 1))

        return tell

    def _at(self, delay: float, act: Callable[[], None]) -> None:
        with self._due:
            heapq.heappush(self._queue, (time.monotonic() + delay, next(self._order), act))
            self._due.notify()

    def _run(self) -> None:
        while True:
            with self._due:
                while not self._queue or self._queue[0][0] > time.monotonic():
                    self._due.wait(self._queue[0][0] - time.monotonic() if self._queue else None)
                act = heapq.heappop(self._queue)[2]
                self._in_hand += 1
            try:
                act()
            finally:
                with self._due:
                    self._in_hand -= 1


def _form(message: Message, status: str, code: int | None) -> dict[str, Any]:
    form = {"MessageSid": message.sid, "SmsSid": message.sid, "MessageStatus": status, "SmsStatus": status}
    form |= {"AccountSid": ACCOUNT_SID, "To": message.to, "From": message.form.get("From", "")}
    return form | ({"ErrorCode": str(code)} if code else {})
