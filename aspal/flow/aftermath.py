"""What the provider's word about a message means for everything else. Not a station: delivery, callback and reconcile
all hear such words, from a response, a report or a list, and must draw the same conclusions."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from aspal.core import alarm_keys
from aspal.core.delivery import State
from aspal.core.switches import ONLY_URGENT, SENDER_STOP
from aspal.gateways.whatsapp.errors import AGAINST_POLICY, LIMIT_REACHED, STOPPED_TEMPLATE
from aspal.gateways.whatsapp.port import blames_number, classify, explain
from aspal.records import cases, directory, health, journal, notices, outbox, reports, resending, spoken, templates

MOST_RESENDS = 2
RESEND_AFTER = {63018: timedelta(minutes=30)}  # the channel's own limit: minutes, not seconds
STOP_FOR = timedelta(minutes=30)  # the account was refused after the provider had accepted: each probe costs a message
SLOW_FOR = timedelta(hours=2)  # only what is urgent leaves while a limit is met


def heard(
    conn: Connection, message_id: int, status: str, code: int | None, provider_sid: str | None, now: datetime,
    token: str | None = None,
) -> bool:  # fmt: skip
    """Applies a status in our words to a message, or to the attempt of that token; tells whether it said anything
    new."""
    try:
        state = State(status)
    except ValueError:
        return False  # a word we do not know yet: kept as a report, changes nothing
    reason = explain(code) if state is State.FAILED else None
    changed = reports.advance(
        conn, message_id, state, provider_sid=provider_sid, error_code=code, reason=reason, now=now,
        token=token,
    )  # fmt: skip
    if changed and state is State.FAILED:
        message = outbox.by_id(conn, message_id)
        assert message is not None
        _failed(conn, message, code, now)
    elif changed:
        resending.told_after_all(conn, message_id)
        health.clear_alarm(conn, f"{alarm_keys.UNKNOWN}{message_id}", now)
    if changed:
        complaint = spoken.complaints_of(conn, [message_id]).get(message_id)
        detail = {"code": code, "reason": reason} if state is State.FAILED else {}
        journal.append(
            conn, [journal.Entry(now, "provider", f"message.{state}", f"message:{message_id}", detail, complaint)]
        )
    return changed


def heard_early(conn: Connection, message_of: Mapping[str, int], now: datetime) -> None:
    """Reports that came before we had stored the id they speak of."""
    for provider_sid, status, code in reports.early(conn, list(message_of)):
        reports.claim_early(conn, provider_sid, message_of[provider_sid])
        heard(conn, message_of[provider_sid], status, code, provider_sid, now)


class RefusedMessage(Protocol):
    """A message that the provider did not want."""

    @property
    def id(self) -> int: ...
    @property
    def contact_id(self) -> int | None: ...
    @property
    def template(self) -> str | None: ...


def refused(conn: Connection, message: RefusedMessage, code: int | None, kind: str, text: str, now: datetime) -> None:
    """What a definite refusal says about more than this one message."""
    if code in STOPPED_TEMPLATE and message.template:
        templates.stop(conn, message.template, text, now)
        key = alarm_keys.TEMPLATE_STATUS + message.template
        health.raise_alarm(conn, key, f"Pesan jenis {message.template}: {text}", now)
    elif kind == "template" and message.template:
        key = alarm_keys.TEMPLATE + message.template
        health.raise_alarm(conn, key, f"Pesan jenis {message.template} ditahan: {text}", now)
    if code in AGAINST_POLICY:
        which = message.template or "jawaban"
        look = "Lihat pesannya di halaman Pesan, dan mutu nomor di Meta Business Manager."
        health.raise_alarm(conn, f"{alarm_keys.POLICY}{which}", f"Pesan jenis {which}: {text} {look}", now)
    if kind != "template":
        _not_told(conn, message.id, text, now)
    if message.contact_id is None or not directory.is_at(conn, message.contact_id, message.id):
        return
    if kind == "opted_out" or (kind == "permanent" and blames_number(code)):
        directory.flag_contact(conn, message.contact_id, now, opted_out=kind == "opted_out", reason=text)
        cases.wake(conn, spoken.dispositions_of(conn, [message.id]).get(message.id, []), now)


def _failed(conn: Connection, message: outbox.Message, code: int | None, now: datetime) -> None:
    """A message that was accepted and failed later: repeat it where that is safe, tell an admin otherwise."""
    kind = classify(code)
    if kind == "config":
        _stop(conn, code, now)
    limit_met(conn, code, now)
    if code in STOPPED_TEMPLATE:
        refused(conn, message, code, kind, explain(code), now)
    again = kind in ("retry", "config") or code in STOPPED_TEMPLATE
    if again and resending.resends_before(conn, message.id) < MOST_RESENDS:
        later = STOP_FOR if kind == "config" else RESEND_AFTER.get(code or 0, timedelta(minutes=5))
        with suppress(resending.WordsGone):  # told years late: nobody waits for it any more
            resending.resend(conn, message.id, now + later, now)
    else:
        refused(conn, message, code, kind, explain(code), now)
        if kind == "template":  # not held, as when it is refused at once: this one has left and failed
            _not_told(conn, message.id, explain(code), now)


def _not_told(conn: Connection, message_id: int, text: str, now: datetime) -> None:
    """What the message spoke of does not count as told. It is decided anew on the next working day, and until then
    nothing else is said about it: on this day a lower step would tell less than what failed."""
    carried = notices.of_messages(conn, [message_id]).get(message_id, [])
    notices.fail(conn, {one.id: f"Tidak sampai: {text}" for one in carried})
    cases.wake(conn, [one.disposition_id for one in carried], now)


def limit_met(conn: Connection, code: int | None, now: datetime) -> None:
    """A limit of the channel or the account: for a while only what is urgent may leave, and an admin hears why."""
    if code in LIMIT_REACHED:
        health.set_switch(
            conn, ONLY_URGENT, {"reason": explain(code)}, by="provider", now=now, until=now + SLOW_FOR
        )  # fmt: skip
        text = f"{explain(code)} Pesan yang tidak mendesak ditunda; mintalah Meta atau Twilio menaikkan batasnya."
        health.raise_alarm(conn, alarm_keys.CHANNEL_LIMIT, text, now)


def _stop(conn: Connection, code: int | None, now: datetime) -> None:
    """Our account or sender was refused after the provider had taken the message: everybody's would fail."""
    value = {"code": code, "reason": explain(code)}
    health.set_switch(conn, SENDER_STOP, value, by="provider", now=now, until=now + STOP_FOR)
    health.raise_alarm(conn, alarm_keys.SENDER_FAILING, f"Pengiriman dihentikan: {explain(code)}", now)
