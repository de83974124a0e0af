"""Who counts the refused webhooks, and tells of them seldom: a flood of forgeries must not become a flood of writes."""

import logging
from collections import Counter
from threading import Lock
from time import monotonic

from werkzeug.wrappers import Request

from aspal.flow import refused_webhooks
from aspal.gateways.whatsapp.twilio_signature import PROBE, is_probe
from aspal.web.house import House

EVERY = 60.0  # seconds between two tellings of one process

_log = logging.getLogger(__name__)


class Ledger:
    """What one process has refused and not told yet."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock, self._counts, self._told = Lock(), Counter[str](), -EVERY

    def note(self, cause: str, request: Request) -> None:
        """One more, and never an error. Our own doctor's knock is refused too, and no alarm."""
        if is_probe(request.headers.get(PROBE), self._house.settings.secret_key):
            return
        _log.warning("webhook refused", extra={"cause": cause, "webhook": request.path})
        if due := self._add(cause, monotonic()):
            self._tell(due)

    def _add(self, cause: str, now: float) -> Counter[str]:
        """Counts one more; gives back what is to be told now, mostly nothing."""
        with self._lock:
            self._counts[cause] += 1
            if now - self._told < EVERY:
                return Counter()
            self._told, due, self._counts = now, self._counts, Counter()
            return due

    def _tell(self, due: Counter[str]) -> None:
        try:
            refused_webhooks.tell(self._house.db, due, self._house.clock.now())
        except Exception as error:  # a database that is away must not turn a refusal into anything else
            _log.error("a refusal could not be told", extra={"cause": type(error).__name__})
