"""Station 4: messages -> WhatsApp.

Row first, HTTP second. A batch is checked once more, claimed and committed; then it is sent with no transaction open;
then what came of it is written down, fenced by each attempt's token. A crash in between leaves `sending`, which
reconcile asks the provider about; nothing is ever repeated blindly.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from aspal.clock import Clock
from aspal.core.delivery import State, backoff_seconds
from aspal.core.pacing import Bucket
from aspal.db import Database
from aspal.flow import aftermath
from aspal.flow.late_check import NO_ROOM, LateCheck, Verdicts
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import Gateway, Outgoing, SendFailed
from aspal.records import cases, health, journal, notices, outbox
from aspal.records.calendar import Calendars
from aspal.records.outbox import Message, Outcome
from aspal.settings import Settings

LEASE = timedelta(minutes=3)  # longer than a batch can take, request timeouts included
BEGIN_WITHIN = timedelta(minutes=2)  # of the claim: who oversleeps, suspended or starved, sends nothing of it any more
ASK_AFTER = timedelta(minutes=2)  # a provider's list may lag behind
STOP_FOR = timedelta(minutes=5)  # after an account error: one probe every five minutes until it is cured
THREADS = 8  # they hide the provider's latency; more do not help
log = logging.getLogger(__name__)


@dataclass(slots=True)
class DeliverCount:
    """What one run of the delivery did."""

    accepted: int = 0
    retry: int = 0
    failed: int = 0
    unknown: int = 0
    held: int = 0
    cancelled: int = 0
    deferred: int = 0

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on."""
        return asdict(self)


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


def run(
    db: Database, gateway: Gateway, settings: Settings, calendars: Calendars, texts: Texts, clock: Clock,
    stop: Callable[[], bool] = lambda: False,
) -> DeliverCount:  # fmt: skip
    """Sends every message whose time has come, until none is left or `stop` says so."""
    count, size = DeliverCount(), max(THREADS, min(100, settings.send_rate))
    with ThreadPoolExecutor(THREADS) as pool:
        sender = Sender(gateway, settings.send_rate, pool, clock)
        while not stop():
            now = clock.now()
            with db.read() as conn:
                if not outbox.any_due(conn, now):
                    break
            with db.write() as conn:
                batch = _claim(conn, LateCheck(settings, gateway, texts, calendars), now, size, count)
            if batch is None:
                break  # what is due is in somebody else's hands
            if not batch:
                continue
            results = sender.send([out for _, out in batch], now + BEGIN_WITHIN)
            with db.write() as conn:
                _write_down(conn, batch, results, clock.now(), count)
    return count


def _claim(
    conn: Connection, check: LateCheck, now: datetime, size: int, count: DeliverCount
) -> list[tuple[Message, Outgoing]] | None:
    """The messages taken for sending, which may be none of those looked at; None when there was nothing to look at."""
    due = outbox.due(conn, now, size)
    if not due:
        return None
    verdicts = check.judge(conn, due, now)
    _apply(conn, verdicts, now, count)
    tokens = {message.id: secrets.token_urlsafe(15) for message in verdicts.ready}
    if tokens:
        outbox.claim(conn, tokens, now, LEASE)
    return [(m, _outgoing(m, tokens[m.id], check, verdicts, now)) for m in verdicts.ready]


def _apply(conn: Connection, verdicts: Verdicts, now: datetime, count: DeliverCount) -> None:
    outbox.cancel(conn, verdicts.cancelled)
    outbox.hold(conn, verdicts.held)
    outbox.defer(conn, verdicts.deferred)
    notices.cancel(conn, verdicts.notices_over)
    notices.release(conn, verdicts.notices_released)
    cases.wake(conn, verdicts.woken, now)
    full = sum(why == NO_ROOM for _, why in verdicts.deferred.values())
    if full:
        text = f"{full} pesan atau lebih menunggu: {NO_ROOM} Mintalah Meta menaikkan batasnya (RECIPIENTS_PER_DAY)."
        health.raise_alarm(conn, "recipients_per_day", text, now)
    elif verdicts.ready:
        health.clear_alarm(conn, "recipients_per_day", now)
    for message_id, why in verdicts.held.items():
        health.raise_alarm(conn, f"held:{message_id}", f"Pesan {message_id} ditahan: {why}", now)
    count.held += len(verdicts.held)
    count.cancelled += len(verdicts.cancelled)
    count.deferred += len(verdicts.deferred)
    journal.append(
        conn,
        [
            journal.Entry(now, "deliver", "message.cancelled", f"message:{i}", {"reason": why}, verdicts.complaint(i))
            for i, why in verdicts.cancelled.items()
        ],
    )


def _outgoing(message: Message, token: str, check: LateCheck, verdicts: Verdicts, now: datetime) -> Outgoing:
    template = check.texts.kind(message.template) if message.template else None
    left = (message.expires_at - now).total_seconds() if message.expires_at else 4 * 3600
    return Outgoing(
        address=message.address,
        token=token,
        text=message.text,
        template=message.template,
        content_sid=verdicts.content_sids.get(message.template or ""),
        variables=message.variables,
        variable_count=len(template.variables) if template else None,
        buttons=template.buttons if template else (),
        valid_for_seconds=int(max(60, min(4 * 3600, left))),
    )


def _write_down(
    conn: Connection, batch: Sequence[tuple[Message, Outgoing]], results: Sequence[str | SendFailed | None],
    now: datetime, count: DeliverCount,
) -> None:  # fmt: skip
    outcomes = [
        _outcome(message, out.token, result, now) for (message, out), result in zip(batch, results, strict=True)
    ]
    outbox.complete(conn, outcomes, now)
    for (message, _), result in zip(batch, results, strict=True):
        if isinstance(result, SendFailed):
            _after_failure(conn, message, result, now)
    aftermath.heard_early(conn, {o.provider_sid: o.message_id for o in outcomes if o.provider_sid}, now)
    if any(o.state is State.ACCEPTED for o in outcomes):
        health.clear_alarm(conn, "sender_stop", now)
    count.accepted += sum(o.state is State.ACCEPTED for o in outcomes)
    count.retry += sum(o.state is State.WAITING for o in outcomes)
    count.unknown += sum(o.state is State.UNKNOWN for o in outcomes)
    count.failed += sum(o.state is State.FAILED for o in outcomes)
    count.held += sum(o.state is State.HELD for o in outcomes)
    complaint_of = outbox.complaints_of(conn, [o.message_id for o in outcomes])
    journal.append(conn, [_entry(o, complaint_of, now) for o in outcomes])


def _outcome(message: Message, token: str, result: str | SendFailed | None, now: datetime) -> Outcome:
    if result is None:
        return Outcome(
            message.id, token, State.WAITING, reason="Pengiriman dihentikan sebelum giliran.", not_before=now
        )
    if isinstance(result, str):
        return Outcome(message.id, token, State.ACCEPTED, provider_sid=result)
    state, until = State.FAILED, None
    if result.kind == "retry":
        state = State.WAITING
        until = now + timedelta(seconds=backoff_seconds(message.attempts + 1, result.retry_after))
    elif result.kind == "config":
        state, until = State.WAITING, now + STOP_FOR
    elif result.kind == "unknown":
        state, until = State.UNKNOWN, now + ASK_AFTER
    elif result.kind == "template":
        state = State.HELD
    return Outcome(message.id, token, state, None, result.code, result.message, until)


def _after_failure(conn: Connection, message: Message, failure: SendFailed, now: datetime) -> None:
    aftermath.limit_met(conn, failure.code, now)
    if failure.kind == "config":  # our account or sender is wrong: everybody's message would fail
        value = {"code": failure.code, "reason": failure.message}
        health.set_switch(conn, "sender_stop", value, by="deliver", now=now, until=now + STOP_FOR)
        health.raise_alarm(conn, "sender_stop", f"Pengiriman dihentikan: {failure.message}", now)
    elif failure.kind not in ("retry", "unknown"):
        aftermath.refused(conn, message, failure.code, failure.kind, failure.message, now)


def _entry(o: Outcome, complaint_of: Mapping[int, int], now: datetime) -> journal.Entry:
    detail = {"sid": o.provider_sid, "code": o.error_code, "reason": o.reason}
    kept = {key: value for key, value in detail.items() if value is not None}
    return journal.Entry(
        now, "deliver", f"message.{o.state}", f"message:{o.message_id}", kept, complaint_of.get(o.message_id)
    )
