"""Station 4: messages -> WhatsApp.

Row first, HTTP second. A batch is checked once more, claimed and committed; then it is sent with no transaction open;
then what came of it is written down, fenced by each attempt's token. A crash in between leaves `sending`, which
reconcile asks the provider about; nothing is ever repeated blindly.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from aspal.clock import Clock
from aspal.core import alarm_keys
from aspal.core.delivery import State, backoff_seconds
from aspal.core.switches import SENDER_STOP
from aspal.db import Database
from aspal.flow import aftermath
from aspal.flow.deliver import sender
from aspal.flow.deliver.late_check import LateCheck
from aspal.flow.deliver.sender import Sender
from aspal.flow.deliver.verdicts import Verdicts
from aspal.flow.room import NO_ROOM
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import Gateway, Outgoing, SendFailed
from aspal.records import cases, health, journal, notices, outbox, sending, templates
from aspal.records.calendar import Calendars
from aspal.records.sending import Due, Outcome
from aspal.settings import Settings

LEASE = timedelta(minutes=3)  # longer than a batch can take, request timeouts included
BEGIN_WITHIN = timedelta(minutes=2)  # of the claim: who oversleeps, suspended or starved, sends nothing of it any more
ASK_AFTER = timedelta(minutes=2)  # a provider's list may lag behind
STOP_FOR = timedelta(minutes=5)  # after an account error: one probe every five minutes until it is cured
MOST_AT_ONCE = 200  # claimed together, and no more than leave within a second: so many are in doubt after a crash


@dataclass(slots=True)
class DeliverCount:
    """What one run of the delivery did; scripts rely on the names."""

    accepted: int = 0
    retry: int = 0
    failed: int = 0
    unknown: int = 0
    held: int = 0
    cancelled: int = 0
    deferred: int = 0


def run(
    db: Database, gateway: Gateway, settings: Settings, calendars: Calendars, texts: Texts, clock: Clock,
    stop: Callable[[], bool] = lambda: False,
) -> DeliverCount:  # fmt: skip
    """Sends every message whose time has come, until none is left or `stop` says so."""
    size = max(sender.THREADS, min(MOST_AT_ONCE, settings.send_rate))
    work = _Work(LateCheck(settings, gateway, texts, calendars), DeliverCount())
    with ThreadPoolExecutor(sender.THREADS) as pool:
        hands = Sender(gateway, settings.send_rate, pool, clock)
        while not stop():
            now = clock.now()
            with db.read() as conn:
                if not sending.any_due(conn, now):
                    break
            with db.write() as conn:
                batch = work.claim(conn, now, size)
            if batch is None:
                break  # what is due is in somebody else's hands
            if not batch:
                continue
            results = hands.send([claimed.out for claimed in batch], now + BEGIN_WITHIN)
            with db.write() as conn:
                work.write_down(conn, batch, results, clock.now())
    return work.count


class Claimed(NamedTuple):
    """A message taken for sending."""

    message: Due
    out: Outgoing
    complaint_id: int | None  # of which it speaks first


@dataclass(slots=True)
class _Work:
    """One run's way of taking messages and writing down what became of them."""

    check: LateCheck
    count: DeliverCount
    closed: set[str] = field(default_factory=set)  # alarms that this run has closed and not raised since

    def claim(self, conn: Connection, now: datetime, size: int) -> list[Claimed] | None:
        """The messages taken, which may be none of those looked at; None when there was nothing to look at."""
        due = sending.due(conn, now, size)
        if not due:
            return None
        verdicts = self.check.judge(conn, due, now)
        self._apply(conn, verdicts, now)
        self._tell_of_missing_texts(conn, due, verdicts, now)
        tokens = {message.id: secrets.token_urlsafe(15) for message in verdicts.ready}
        sending.claim(conn, tokens, now, LEASE)
        return [
            Claimed(m, _outgoing(m, tokens[m.id], self.check, verdicts, now), verdicts.complaint(m.id))
            for m in verdicts.ready
        ]

    def _apply(self, conn: Connection, verdicts: Verdicts, now: datetime) -> None:
        outbox.cancel(conn, verdicts.cancelled)
        outbox.hold(conn, verdicts.held)
        outbox.reword(conn, {m.id: (m.variables, m.text) for m, _ in verdicts.reworded.values()})
        notices.detach(conn, [n.id for _, lost in verdicts.reworded.values() for n in lost])
        sending.defer(conn, verdicts.deferred)
        notices.cancel(conn, verdicts.notices_over)
        notices.recount(conn, verdicts.recounted)
        notices.release(conn, verdicts.notices_released)
        cases.wake(conn, verdicts.woken, now)
        full = sum(why == NO_ROOM for _, why in verdicts.deferred.values())
        if full:
            text = f"{full} pesan atau lebih menunggu: {NO_ROOM} Mintalah Meta menaikkan batasnya (RECIPIENTS_PER_DAY)."
            self._raise(conn, "recipients_per_day", text, now)
        elif verdicts.ready:
            self._close(conn, "recipients_per_day", now)
        for message_id, why in verdicts.held.items():
            self._raise(conn, f"held:{message_id}", f"Pesan {message_id} ditahan: {why}", now)
        self.count.held += len(verdicts.held)
        self.count.cancelled += len(verdicts.cancelled)
        self.count.deferred += len(verdicts.deferred)
        told: list[tuple[int, str, dict[str, Any]]] = [
            *((i, "message.cancelled", {"reason": why}) for i, why in verdicts.cancelled.items()),
            *(
                (i, "message.reworded", {"without": [n.disposition_id for n in lost]})
                for i, (_, lost) in verdicts.reworded.items()
            ),
        ]
        journal.append(
            conn,
            [
                journal.Entry(now, "deliver", action, f"message:{i}", detail, verdicts.complaint(i))
                for i, action, detail in told
            ],
        )

    def _tell_of_missing_texts(self, conn: Connection, due: Sequence[Due], verdicts: Verdicts, now: datetime) -> None:
        """Put off again and again such messages expire in silence. The watch clears it once the text may be sent."""
        waiting = ((m.template, verdicts.deferred[m.id][1]) for m in due if m.template and m.id in verdicts.deferred)
        missing = {kind: why for kind, why in waiting if templates.awaits_approval(kind, why)}
        for kind, why in missing.items():
            self._raise(conn, alarm_keys.TEMPLATE_MISSING + kind, f"Pesan jenis {kind} menunggu: {why}", now)

    def write_down(
        self, conn: Connection, batch: Sequence[Claimed], results: Sequence[str | SendFailed | None], now: datetime
    ) -> None:
        """What came of each, fenced by its token; then what follows from that for others."""
        outcomes = [_outcome(one.message, one.out.token, what, now) for one, what in zip(batch, results, strict=True)]
        sending.complete(conn, outcomes, now)
        for one, result in zip(batch, results, strict=True):
            if isinstance(result, SendFailed):
                self._after_failure(conn, one.message, result, now)
        aftermath.heard_early(conn, {o.provider_sid: o.message_id for o in outcomes if o.provider_sid}, now)
        states = Counter(o.state for o in outcomes)
        if states[State.ACCEPTED]:
            self._close(conn, alarm_keys.SENDER_STOP, now)
        self.count.accepted += states[State.ACCEPTED]
        self.count.retry += states[State.WAITING]
        self.count.unknown += states[State.UNKNOWN]
        self.count.failed += states[State.FAILED]
        self.count.held += states[State.HELD]
        journal.append(conn, [_entry(o, one.complaint_id, now) for o, one in zip(outcomes, batch, strict=True)])

    def _after_failure(self, conn: Connection, message: Due, failure: SendFailed, now: datetime) -> None:
        aftermath.limit_met(conn, failure.code, now)
        if failure.kind == "config":  # our account or sender is wrong: everybody's message would fail
            value = {"code": failure.code, "reason": failure.message}
            health.set_switch(conn, SENDER_STOP, value, by="deliver", now=now, until=now + STOP_FOR)
            self._raise(conn, alarm_keys.SENDER_STOP, f"Pengiriman dihentikan: {failure.message}", now)
        elif failure.kind not in ("retry", "unknown"):
            aftermath.refused(conn, message, failure.code, failure.kind, failure.message, now)

    def _raise(self, conn: Connection, key: str, text: str, now: datetime) -> None:
        self.closed.discard(key)
        health.raise_alarm(conn, key, text, now)

    def _close(self, conn: Connection, key: str, now: datetime) -> None:
        """Once a run is enough, unless it has been raised since: nearly always it was closed all the time."""
        if key not in self.closed:
            health.clear_alarm(conn, key, now)
            self.closed.add(key)


def _outgoing(message: Due, token: str, check: LateCheck, verdicts: Verdicts, now: datetime) -> Outgoing:
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
        document_url=message.document_url,
    )


def _outcome(message: Due, token: str, result: str | SendFailed | None, now: datetime) -> Outcome:
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


def _entry(o: Outcome, complaint_id: int | None, now: datetime) -> journal.Entry:
    detail = {"sid": o.provider_sid, "code": o.error_code, "reason": o.reason}
    kept = {key: value for key, value in detail.items() if value is not None}
    return journal.Entry(now, "deliver", f"message.{o.state.value}", f"message:{o.message_id}", kept, complaint_id)
