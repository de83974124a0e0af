"""Station 4b: messages whose fate is unknown -> asked, never guessed.

A request that timed out may have arrived. The provider's own list of messages to that person tells; only when two
looks, ten minutes apart, find nothing is the message sent once more, and after that it is an admin's to decide.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from aspal.core.alarm_keys import UNKNOWN
from aspal.core.delivery import State
from aspal.db import Database
from aspal.flow import aftermath
from aspal.gateways.whatsapp.port import Gateway, Remote, SendFailed
from aspal.records import cases, doubt, health, journal, notices, outbox
from aspal.records.doubt import Doubtful

LOOKS = 2
BETWEEN_LOOKS = timedelta(minutes=10)
ASK_LATER = timedelta(minutes=5)  # the provider cannot answer now
CLOCK_SKEW = timedelta(minutes=2)  # between the provider's clock and ours
SILENT_AFTER = timedelta(hours=12)  # Twilio's own advice for messages without a final report
BATCH = 100
_NUMBER = re.compile(r"\d{6,}")  # a tracking id, or a part of a provisional one
log = logging.getLogger(__name__)


@dataclass(slots=True)
class ReconcileCount:
    """What one run found out; scripts rely on the names."""

    resolved: int = 0
    resent: int = 0
    still_unknown: int = 0


def run(db: Database, gateway: Gateway, now: datetime) -> ReconcileCount:
    """Asks the provider about every message in doubt whose time to be asked about has come."""
    count = ReconcileCount()
    with db.write() as conn:
        orphaned = doubt.leases_over(conn, now)
        doubtful = doubt.unknown(conn, now, BATCH)
        journal.append(conn, [journal.Entry(now, "reconcile", "message.unknown", f"message:{i}", {}) for i in orphaned])
    for message in doubtful:
        try:
            _ask(db, gateway, message, now, count)
        except Exception as error:  # one odd message must not keep the others in doubt
            _park(db, message, error, now, count)
    with db.read() as conn:
        silent = doubt.silent(conn, now - SILENT_AFTER, now, BATCH)
    for message in silent:
        try:
            _poll(db, gateway, message, now, count)
        except Exception:  # the same; no alarm, because this one has left
            log.exception("cannot poll message %s", message.id)
            with db.write() as conn:
                doubt.look_again(conn, message.id, now + SILENT_AFTER, looked=False)
    return count


def _ask(db: Database, gateway: Gateway, message: Doubtful, now: datetime, count: ReconcileCount) -> None:
    since = (message.claimed_at or now) - CLOCK_SKEW
    try:
        remotes = gateway.sent_to(message.address, since, now)
    except SendFailed as failure:
        log.warning("cannot ask about message %s: %s", message.id, failure.kind)
        with db.write() as conn:
            if doubt.is_doubtful(conn, message):
                doubt.look_again(conn, message.id, now + ASK_LATER, looked=False)
        count.still_unknown += 1
        return
    with db.write() as conn:
        _conclude(conn, message, remotes, now, count)


def _conclude(
    conn: Connection, message: Doubtful, remotes: Sequence[Remote], now: datetime, count: ReconcileCount
) -> None:
    """What the provider's list means for the message."""
    # While we asked, a report, an admin or another reconciler may have been quicker: then only a find is news.
    in_doubt = doubt.is_doubtful(conn, message)
    if not in_doubt and not doubt.is_given_up(conn, message):
        return
    unclaimed = doubt.unattached(conn, [remote.sid for remote in remotes])
    strangers = [remote for remote in remotes if remote.sid in unclaimed]
    rivals = doubt.doubtful_to(conn, message.address)
    found = recognise(message.text, strangers, alone=in_doubt and len(rivals) == 1)
    if found:
        aftermath.heard(conn, message.id, State.ACCEPTED, None, found.sid, now)
        aftermath.heard(conn, message.id, found.status, found.error_code, found.sid, now)
        count.resolved += 1
        _tell(conn, message, now, "message.found", sid=found.sid)
    elif in_doubt:
        _not_there(conn, message, now, count)


def _not_there(conn: Connection, message: Doubtful, now: datetime, count: ReconcileCount) -> None:
    """The provider has no such message: look once more, then say it once more, then leave it to an admin."""
    if message.looks + 1 < LOOKS:
        doubt.look_again(conn, message.id, now + BETWEEN_LOOKS)
        count.still_unknown += 1
    elif message.expires_at and message.expires_at <= now:
        _tell(conn, message, now, "message.cancelled", reason=_give_up(conn, message, now))
        count.resolved += 1
    elif message.attempts >= LOOKS:
        reason = "Dua kali tidak diketahui terkirim atau tidak; periksa lalu lepaskan atau batalkan."
        outbox.hold(conn, {message.id: reason})
        health.raise_alarm(conn, f"{UNKNOWN}{message.id}", f"Pesan {message.id}: {reason}", now)
        _tell(conn, message, now, "message.held", reason=reason)
        count.still_unknown += 1
    else:
        doubt.again(conn, message.id, now)
        _tell(conn, message, now, "message.resent", looks=message.looks + 1)
        count.resent += 1


def _tell(conn: Connection, message: Doubtful, now: datetime, action: str, **detail: Any) -> None:
    journal.append(conn, [journal.Entry(now, "reconcile", action, f"message:{message.id}", detail)])


def recognise(text: str, strangers: Sequence[Remote], *, alone: bool) -> Remote | None:
    """Which of the provider's messages, unknown to us so far, is the one with this text; None when that is not certain.

    `alone`: no other message of ours to that person is in doubt, so a single stranger whose text the provider does not
    give back as we wrote it can be no other; unless it speaks of something else, written by hand or another program.
    """
    wanted = " ".join(text.split())
    same = [remote for remote in strangers if " ".join(remote.body.split()) == wanted]
    if same:
        return same[0]
    numbers = set(_NUMBER.findall(text))
    near = [remote for remote in strangers if _may_be_ours(remote.body, numbers)]
    return near[0] if alone and len(near) == 1 else None


def _may_be_ours(body: str, numbers: set[str]) -> bool:
    """A body that the provider gives back empty or unfilled, or that names the same complaint."""
    return not body.strip() or "{{" in body or bool(numbers & set(_NUMBER.findall(body)))


def _park(db: Database, message: Doubtful, error: Exception, now: datetime, count: ReconcileCount) -> None:
    log.exception("cannot ask about message %s", message.id)
    text = f"Pesan {message.id}: penyedia tidak dapat ditanyai ({type(error).__name__}); hubungi pengelola sistem."
    with db.write() as conn:
        if not doubt.is_doubtful(conn, message):
            return
        doubt.look_again(conn, message.id, now + BETWEEN_LOOKS, looked=False)
        health.raise_alarm(conn, f"{UNKNOWN}{message.id}", text, now)
    count.still_unknown += 1


def _give_up(conn: Connection, message: Doubtful, now: datetime) -> str:
    """Too late to repeat it: its notices are decided anew on their next working day."""
    reason = "Tidak ditemukan di penyedia, dan waktunya sudah lewat."
    outbox.cancel(conn, {message.id: reason})
    carried = notices.of_messages(conn, [message.id]).get(message.id, [])
    notices.cancel(conn, {n.id: reason for n in carried})
    cases.wake(conn, [n.disposition_id for n in carried], now)
    return reason


def _poll(db: Database, gateway: Gateway, message: Doubtful, now: datetime, count: ReconcileCount) -> None:
    assert message.provider_sid is not None
    try:
        remote = gateway.fetch(message.provider_sid)
    except SendFailed:
        with db.write() as conn:
            doubt.look_again(conn, message.id, now + ASK_LATER, looked=False)
        return
    with db.write() as conn:
        if remote and aftermath.heard(conn, message.id, remote.status, remote.error_code, remote.sid, now):
            count.resolved += 1
        else:
            doubt.look_again(conn, message.id, now + SILENT_AFTER, looked=False)
