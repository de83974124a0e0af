"""What somebody at the office decides about messages that wait, are held, failed or are in doubt. Each is journalled.

A message that has moved on since a page was opened is left alone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from aspal.core.alarm_keys import RESTORED as RESTORED_ALARM
from aspal.core.alarm_keys import VOLUME_BRAKE
from aspal.core.bundling import BRAKE
from aspal.core.delivery import State
from aspal.core.refused import Refused
from aspal.core.switches import BRAKE_RELEASED, RESTORED
from aspal.db import Database
from aspal.records import doubt, health, held_messages, journal, outbox, resending, spoken
from aspal.records.journal import Entry
from aspal.records.outbox import Message

CANCELLED = "Dibatalkan oleh petugas."
RELEASED_FOR = timedelta(hours=12)  # so long the brake stays released, so that the rest of the day is not held anew


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be decided, and in which states."""

    states: frozenset[State]
    action: str  # the journal's word
    do: Callable[[Connection, Message, datetime], object]


def _once_more(conn: Connection, message: Message, now: datetime) -> None:
    if message.state is State.UNKNOWN:
        doubt.again(conn, message.id, now)
    else:
        resending.resend(conn, message.id, now, now, by_hand=True)


RELEASE = Decision(
    frozenset({State.HELD}), "message.released", lambda conn, message, now: outbox.release(conn, [message.id], now)
)
CANCEL = Decision(
    frozenset({State.WAITING, State.HELD, State.UNKNOWN}),
    "message.cancelled",
    lambda conn, message, now: outbox.cancel(conn, {message.id: CANCELLED}),
)
REPEAT = Decision(frozenset({State.UNKNOWN, State.FAILED}), "message.repeated", _once_more)


def decide(
    db: Database, message_ids: Collection[int], decision: Decision, *, now: datetime, by: str, all_or_none: bool = False
) -> int:
    """Carries a decision out for those messages that still are where it makes sense; how many.

    `all_or_none`: one that is not there refuses all of them. Raises Refused, and then nothing was changed.
    """
    with db.act() as conn:
        return _decide(conn, message_ids, decision, now, by, all_or_none=all_or_none)


def _decide(
    conn: Connection, message_ids: Collection[int], decision: Decision, now: datetime, by: str, *,
    all_or_none: bool = False,
) -> int:  # fmt: skip
    entries: list[Entry] = []
    complaint_of = spoken.complaints_of(conn, sorted(message_ids))
    for message_id in sorted(set(message_ids)):
        message = outbox.by_id(conn, message_id, locked=True)  # or it may be on its way while we call it cancelled
        if message is None or message.state not in decision.states:
            if all_or_none:
                stands = message.state if message else "tidak ada"
                raise Refused(f"Pesan {message_id}: {stands}; tidak ada yang diubah.")
            continue
        try:
            decision.do(conn, message, now)
        except resending.WordsGone as gone:
            raise Refused(str(gone)) from gone
        detail: dict[str, Any] = {"before": str(message.state)}
        entries.append(Entry(now, by, decision.action, f"message:{message_id}", detail, complaint_of.get(message_id)))
    journal.append(conn, entries)
    return len(entries)


def release_brake(db: Database, *, now: datetime, by: str, lasts: timedelta = RELEASED_FOR) -> int:
    """Lets everything go that the brake holds, also after a restore, and what is still to be planned today; how many
    were held."""
    with db.act() as conn:
        health.set_switch(conn, BRAKE_RELEASED, True, by=by, now=now, until=now + lasts)
        if health.get_switch(conn, RESTORED):
            health.set_switch(conn, RESTORED, False, by=by, now=now)
        health.clear_alarms(conn, (VOLUME_BRAKE, RESTORED_ALARM), now)
        released = held_messages.release(conn, BRAKE, now)
        detail = {"released": released, "hours": int(lasts / timedelta(hours=1))}
        journal.append(conn, [Entry(now, by, "brake.released", f"switch:{BRAKE_RELEASED}", detail)])
    return released


def decide_part(
    db: Database, decision: Decision, reason: str, *, now: datetime, by: str, unit_id: int | None = None,
    template: str | None = None,
) -> int:  # fmt: skip
    """The same for a part of what is held for one reason: one unit's (0: Kominfo's own), or one kind's.

    Raises Refused.
    """
    with db.act() as conn:
        wanted = held_messages.held_ids(conn, reason, unit_id=unit_id, template=template)
        done = _decide(conn, wanted, decision, now, by)
        if reason == BRAKE and not held_messages.held_ids(conn, BRAKE):
            health.clear_alarm(conn, VOLUME_BRAKE, now)
        return done
