"""Sends one batch over the wire, paced. Not a station: the delivery's hands. It writes nothing down."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from aspal.clock import Clock
from aspal.core.pacing import Bucket
from aspal.gateways.whatsapp.port import Gateway, Outgoing, SendFailed

THREADS = 8  # they hide the provider's latency; more do not help
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sender:
    """Sends one batch, paced, from a few threads; an account error stops the rest of it."""

    gateway: Gateway
    rate: int
    pool: ThreadPoolExecutor
    clock: Clock
    sleep: Callable[[float], None] = time.sleep
    _halt: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _bucket: Bucket | None = None

    def send(self, batch: Sequence[Outgoing], until: datetime) -> list[str | SendFailed | None]:
        """For each message the provider's id, what went wrong, or None when it was certainly not sent."""
        self._halt.clear()
        results: list[str | SendFailed | None] = [None] * len(batch)
        work = iter(enumerate(batch))  # all threads take from it; a task for each message would cost as much as sending

        def take_turns() -> None:
            for place, out in work:
                results[place] = self._one(out, until)

        if len(batch) == 1 or not self.gateway.needs_approval:  # the simulator has no latency to hide
            take_turns()
        else:
            for turns in [self.pool.submit(take_turns) for _ in range(min(THREADS, len(batch)))]:
                turns.result()
        return results

    def _one(self, out: Outgoing, until: datetime) -> str | SendFailed | None:
        self._pace()
        if self._halt.is_set() or self.clock.now() >= until:
            return None
        try:
            return self.gateway.send(out).sid
        except SendFailed as failure:
            if failure.kind == "config":
                self._halt.set()
            return failure
        except Exception as error:  # a bug of ours after the request may have left: nobody knows, so ask
            log.exception("send failed in an unexpected way: %s", type(error).__name__)
            return SendFailed(None, "unknown", f"Kesalahan tak terduga: {type(error).__name__}")

    def _pace(self) -> None:
        with self._lock:
            if self._bucket is None:
                self._bucket = Bucket.full(self.rate)
                self._bucket.at = time.monotonic()
            wait = self._bucket.wait(time.monotonic())
        if wait > 0:
            self.sleep(wait)
