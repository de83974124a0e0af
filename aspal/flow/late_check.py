"""The last look before a message leaves. Not a station: part of the delivery.

Between deciding and sending the world moves: a complaint is followed up, an officer replaced, the office closes. What
is superseded is cancelled with a reason; what may not leave yet is put off; the rest is ready.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from aspal.core.escalation import still_due
from aspal.core.workdays import Calendar
from aspal.flow.aftermath import ONLY_URGENT
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.messages import is_secret
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import Gateway
from aspal.records import health, notices, outbox, templates
from aspal.records.calendar import Calendars
from aspal.records.notices import WaitingNotice
from aspal.records.outbox import Message, Standing
from aspal.settings import Settings

ANSWER_AWAKE = timedelta(minutes=15)  # so long after writing, a person still expects an answer, also at night
NO_ROOM = "Batas penerima per 24 jam tercapai; sisanya disimpan untuk eskalasi."
RETRY_TEMPLATE = timedelta(minutes=10)
RETRY_ROOM = timedelta(minutes=30)
PAIR_LIMIT, PAIR_SPAN = 6, timedelta(minutes=1)  # WhatsApp allows one message per six seconds to one person
ESCALATION = 7  # priorities up to this one (level 2 and above) may use the portfolio's last fifth


@dataclass(slots=True)
class Verdicts:
    """What is to happen to a batch."""

    ready: list[Message] = field(default_factory=list)
    cancelled: dict[int, str] = field(default_factory=dict)
    deferred: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    notices_over: dict[int, str] = field(default_factory=dict)
    notices_released: list[int] = field(default_factory=list)
    woken: set[int] = field(default_factory=set)
    content_sids: dict[str, str] = field(default_factory=dict)
    complaints: dict[int, int] = field(default_factory=dict)

    def cancel(self, message: Message, group: Sequence[WaitingNotice], why: str, over: Mapping[int, str]) -> None:
        """A digest that lost a case is written anew without it: its other notices go back to the bundling."""
        self.cancelled[message.id] = why
        self.notices_over |= over
        self.notices_released += [n.id for n in group if n.id not in over]
        self.woken |= {n.disposition_id for n in group}

    def complaint(self, message_id: int) -> int | None:
        """The complaint that the message speaks of first."""
        return self.complaints.get(message_id)


@dataclass(slots=True)
class LateCheck:
    """Judges messages by the state of the world at one moment."""

    settings: Settings
    gateway: Gateway
    texts: Texts
    calendars: Calendars

    def judge(self, conn: Connection, batch: Sequence[Message], now: datetime) -> Verdicts:
        """Sorts the batch into ready, cancelled and deferred."""
        verdicts = Verdicts()
        carried = notices.of_messages(conn, [m.id for m in batch])
        gatherer = Gatherer(conn, self.calendars, now)
        gathered = gatherer.ids(n.disposition_id for group in carried.values() for n in group)
        standing = outbox.standings(conn, sorted({m.contact_id for m in batch if m.contact_id is not None}))
        room = _Room(conn, self.settings, batch, now)
        stopped_until, known = self._sender_stop(conn, now), set(self.texts.kinds())
        slow = health.get_switch(conn, ONLY_URGENT, now)
        for message in batch:
            group = carried.get(message.id, [])
            if group and group[0].disposition_id in gathered:
                verdicts.complaints[message.id] = gathered[group[0].disposition_id].row.complaint_id
            over = self._over(message, group, gathered, standing, now)
            if over:
                verdicts.cancel(message, group, *over)
                continue
            if message.template and message.template not in known:  # one such row must not stop everybody's messages
                verdicts.held[message.id] = f"Jenis pesan {message.template} tidak ada di templates_msg."
                continue
            later = (
                self._office_closed(message, group, gathered, now)
                or stopped_until
                or self._template_missing(conn, message, verdicts, now)
                or (_not_urgent(message, slow["reason"], now) if slow else None)
                or room.full(message, standing.get(message.contact_id or 0))
            )
            if later:
                verdicts.deferred[message.id] = later
            else:
                verdicts.ready.append(message)
        return verdicts

    def _over(
        self, message: Message, group: Sequence[WaitingNotice], gathered: Mapping[int, Gathered],
        standing: Mapping[int, Standing], now: datetime,
    ) -> tuple[str, dict[int, str]] | None:  # fmt: skip
        """Why the message must not leave at all, and which of its notices are over."""
        person = standing.get(message.contact_id or 0)
        why = None
        if message.expires_at and message.expires_at <= now:
            why = "Kedaluwarsa: tidak sempat dikirim pada jam kerjanya."
        elif self.settings.recipients == "guests" and not (person and person.guest):
            why = "Penerima tidak ada di daftar tamu (RECIPIENTS=guests)."
        elif person and message.template and (person.opted_out or person.unreachable):
            why = "Penerima berhenti berlangganan atau tidak dapat dihubungi."
        if why:
            return why, {n.id: why for n in group}
        over = {n.id: reason for n in group if (reason := _notice_over(n, gathered, now))}
        if not over and self._tells_too_much(message, group, gathered):
            return "Laporan kini rahasia; pesan ditulis ulang tanpa judul.", {}
        if over and _is_recap(group[0], gathered):  # counted anew as a whole, by the next recap run
            over = {n.id: next(iter(over.values())) for n in group}
        return (next(iter(over.values())), over) if over else None

    def _tells_too_much(
        self, message: Message, group: Sequence[WaitingNotice], gathered: Mapping[int, Gathered]
    ) -> bool:
        """Whether the complaint became confidential after its words were written."""
        cases = [gathered[n.disposition_id] for n in group if n.disposition_id in gathered]
        if not message.template or not any(is_secret(one) for one in cases):
            return False
        return self.texts.confidential(message.template) != message.template

    def _office_closed(
        self, message: Message, group: Sequence[WaitingNotice], gathered: Mapping[int, Gathered], now: datetime
    ) -> tuple[datetime, str] | None:
        if message.template is None and now - message.created_at <= ANSWER_AWAKE:
            return None
        calendar: Calendar = self.calendars.of(None)
        if group and group[0].disposition_id in gathered:
            calendar = gathered[group[0].disposition_id].calendar_for(group[0].audience, self.calendars)
        opening = calendar.next_open(now)
        return (opening, "Menunggu jam kerja penerima.") if opening > now else None

    def _sender_stop(self, conn: Connection, now: datetime) -> tuple[datetime, str] | None:
        stop = health.get_switch(conn, "sender_stop", now)
        return (now + timedelta(minutes=1), f"Pengiriman dihentikan: {stop['reason']}") if stop else None

    def _template_missing(
        self, conn: Connection, message: Message, verdicts: Verdicts, now: datetime
    ) -> tuple[datetime, str] | None:
        kind = message.template
        if kind is None or not self.gateway.needs_approval or kind in verdicts.content_sids:
            return None
        found = templates.sendable(conn, kind, self.texts.kind(kind).fingerprint)
        if found.content_sid is None:
            return now + RETRY_TEMPLATE, found.reason or "Templat belum disetujui."
        verdicts.content_sids[kind] = found.content_sid
        return None


def _not_urgent(message: Message, reason: str, now: datetime) -> tuple[datetime, str] | None:
    """While a limit is met or the number is rated badly, answers and escalations go and the rest waits."""
    return None if message.priority <= ESCALATION else (now + RETRY_ROOM, f"Hanya yang mendesak dikirim: {reason}")


class _Room:
    """How many people, and how often one person, may still be written to."""

    def __init__(self, conn: Connection, settings: Settings, batch: Sequence[Message], now: datetime) -> None:
        self._now = now
        self._limit = settings.recipients_per_day
        self._written = outbox.recipients_since(conn, now - timedelta(hours=24))
        self._lately = outbox.sent_lately(conn, sorted({m.address for m in batch}), now - PAIR_SPAN)

    def full(self, message: Message, person: Standing | None) -> tuple[datetime, str] | None:
        """When to try again if there is no room for this message now."""
        if self._lately.get(message.address, 0) >= PAIR_LIMIT:
            return self._now + PAIR_SPAN, "Terlalu banyak pesan ke orang yang sama dalam semenit."
        if self._opens_conversation(message, person):
            limit = self._limit if message.priority <= ESCALATION else self._limit - self._limit // 5
            if len(self._written) >= limit:
                return self._now + RETRY_ROOM, NO_ROOM
            assert message.contact_id is not None
            self._written.add(message.contact_id)
        self._lately[message.address] = self._lately.get(message.address, 0) + 1
        return None

    def _opens_conversation(self, message: Message, person: Standing | None) -> bool:
        """Whether this message counts against the portfolio: a new person, outside the 24-hour window."""
        if message.template is None or message.contact_id is None or message.contact_id in self._written:
            return False
        last = person.last_inbound_at if person else None
        return last is None or self._now - last > timedelta(hours=23, minutes=50)


def _notice_over(notice: WaitingNotice, gathered: Mapping[int, Gathered], now: datetime) -> str | None:
    one = gathered.get(notice.disposition_id)
    if one is None:
        return "Disposisi tidak ada lagi."
    if _is_recap(notice, gathered):
        return "Disposisi sudah berakhir." if one.case.ended else None
    return still_due(one.case, one.ladder, notice.step, notice.audience, notice.contact_id, one.calendar, now)


def _is_recap(notice: WaitingNotice, gathered: Mapping[int, Gathered]) -> bool:
    """A recap's notices only remember that a person heard of a case today; no step of the ladder stands behind them."""
    one = gathered.get(notice.disposition_id)
    return one is not None and not any(step.id == notice.step for step in one.ladder.steps)
