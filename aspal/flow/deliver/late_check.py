"""The last look before a message leaves. Not a station: part of the delivery.

Between deciding and sending the world moves: a complaint is followed up, an officer replaced, the office closes. What
is superseded is cancelled with a reason; what may not leave yet is put off; the rest is ready.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from aspal.core import window
from aspal.core.bundling import UNUSABLE_TEXT, Planned, Waiting
from aspal.core.escalation import Standing, still_due
from aspal.core.rollout import Rollout
from aspal.core.switches import ONLY_URGENT, SENDER_STOP
from aspal.core.words import Role
from aspal.core.workdays import Calendar
from aspal.flow import hours
from aspal.flow.deliver.verdicts import Verdicts
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.messages import is_secret, render
from aspal.flow.room import ESCALATION, RETRY_ROOM, Room
from aspal.gateways.texts import TextProblem, Texts
from aspal.gateways.whatsapp.port import Gateway
from aspal.records import health, notices, outbox, rollout, templates
from aspal.records.calendar import Calendars
from aspal.records.notices import Carried
from aspal.records.sending import Due
from aspal.records.templates import Sendable
from aspal.settings import Settings

ANSWER_AWAKE = timedelta(minutes=15)  # so long after writing, a person still expects an answer, also at night
WINDOW_CLOSED = "Lebih dari 24 jam sejak penerima terakhir menulis; teks bebas tidak diantarkan WhatsApp."
MOVED = "Nomor penerima sudah berganti; pesan ditulis ulang."
NOT_LIVE = "Kantor belum langsung untuk penerima ini (mode tamu atau bayangan)."
RETRY_TEMPLATE, RETRY_STOPPED = timedelta(minutes=10), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Facts:
    """The world as one batch finds it."""

    now: datetime
    carried: Mapping[int, list[Carried]]
    gathered: Mapping[int, Gathered]
    recaps: frozenset[tuple[str, str]]  # code and kind
    hours: Mapping[int, Calendar]  # of addressees to whom no case is told
    reach: Rollout
    switches: Mapping[str, Any]
    kinds: frozenset[str]
    sendable: Mapping[str, Sendable]  # what WhatsApp says of each kind; empty where the provider needs no approval
    room: Room

    def cases_of(self, group: Iterable[Carried]) -> list[Gathered]:
        """The cases that a message speaks of."""
        return [self.gathered[n.disposition_id] for n in group if n.disposition_id in self.gathered]


@dataclass(slots=True)
class LateCheck:
    """Judges messages by the state of the world at one moment."""

    settings: Settings
    gateway: Gateway
    texts: Texts
    calendars: Calendars

    def judge(self, conn: Connection, batch: Sequence[Due], now: datetime) -> Verdicts:
        """Sorts the batch into ready, cancelled, held and deferred."""
        verdicts, facts = Verdicts(), self._facts(conn, batch, now)
        for message in batch:
            group = facts.carried.get(message.id, [])
            if spoken := [one.row.complaint_id for one in facts.cases_of(group)]:
                verdicts.complaints[message.id] = min(spoken)
            self._judge(message, group, facts, verdicts)
        verdicts.content_sids = {kind: one.content_sid for kind, one in facts.sendable.items() if one.content_sid}
        return verdicts

    def _judge(self, message: Due, group: Sequence[Carried], facts: _Facts, verdicts: Verdicts) -> None:
        standings = {n.id: _standing(message, n, facts) for n in group}
        over = self._over(message, group, standings, facts)
        left = _still_approved(group, over[1], facts) if over else group
        if over and not left:
            verdicts.cancel(message, group, *over)
            return
        if message.template and message.template not in facts.kinds:  # must not stop everybody else's messages
            verdicts.held[message.id] = f"Jenis pesan {message.template} tidak ada di templates_msg."
            return
        later = self._later(message, group, facts)
        recounted = {n.id: standings[n.id].age for n in left if standings[n.id].age != n.age}
        if over or (recounted and not later):
            try:
                message = self._reworded(message, left, recounted, facts)
            except TextProblem as problem:  # nor must this
                verdicts.held[message.id] = f"{UNUSABLE_TEXT} {problem}"
                return
            verdicts.reword(message, group, over[1] if over else {}, recounted)
        if later:
            verdicts.deferred[message.id] = later
        else:
            verdicts.ready.append(message)

    def _facts(self, conn: Connection, batch: Sequence[Due], now: datetime) -> _Facts:
        carried = notices.of_messages(conn, [m.id for m in batch])
        caseless = (m.contact_id for m in batch if m.contact_id is not None and m.id not in carried)
        spoken_of = (n.disposition_id for group in carried.values() for n in group)
        gatherer, kinds = Gatherer(conn, self.calendars, now), frozenset(self.texts.kinds())
        asked = {m.template for m in batch if m.template in kinds} if self.gateway.needs_approval else set()
        return _Facts(
            now=now,
            carried=carried,
            gathered=gatherer.ids(spoken_of),
            recaps=gatherer.recaps(),
            hours=hours.calendars_of(conn, self.calendars, caseless, now),
            reach=rollout.read(conn, self.settings.recipients),
            switches=health.switches_set(conn, (SENDER_STOP, ONLY_URGENT), now),
            kinds=kinds,
            sendable={
                kind: templates.sendable(conn, kind, self.texts.kind(kind).fingerprint) for kind in asked if kind
            },
            room=Room(conn, self.settings, batch, now),
        )

    def _later(self, message: Due, group: Sequence[Carried], facts: _Facts) -> tuple[datetime, str] | None:
        """Until when the message must wait, and why."""
        return (
            self._office_closed(message, group, facts)
            or _stopped(message, facts)
            or _template_missing(message, facts)
            or facts.room.full(message)
        )

    def _over(
        self, message: Due, group: Sequence[Carried], standings: Mapping[int, Standing], facts: _Facts
    ) -> tuple[str, dict[int, str]] | None:
        """Why the message must not leave at all, and which of its notices are over."""
        why = None
        if message.expires_at and message.expires_at <= facts.now:
            why = "Kedaluwarsa: tidak sempat dikirim pada jam kerjanya."
        elif message.template is None and not window.is_open(message.heard_at, facts.now):
            why = WINDOW_CLOSED
        elif self.settings.recipients == "guests" and not message.guest:
            why = "Penerima tidak ada di daftar tamu (RECIPIENTS=guests)."
        elif message.template not in outbox.ABOUT_US and _not_live(message, group, facts):
            why = NOT_LIVE
        elif message.template and (message.opted_out or message.unreachable):
            why = "Penerima berhenti berlangganan atau tidak dapat dihubungi."
        if why:
            return why, {n.id: why for n in group}
        over = {n.id: reason for n in group if (reason := standings[n.id].over)}
        if not over and self._tells_too_much(message, group, facts):
            return "Laporan kini rahasia; pesan ditulis ulang tanpa judul.", {}
        if not over and group and message.address_now not in (None, message.address):
            over = {n.id: MOVED for n in group if _is_recap(message, n, facts)}
            return MOVED, over
        if over and _is_recap(message, group[0], facts):  # counted anew as a whole, by the next recap run
            over = {n.id: next(iter(over.values())) for n in group}
        return (next(iter(over.values())), over) if over else None

    def _reworded(self, message: Due, left: Sequence[Carried], recounted: Mapping[int, int], facts: _Facts) -> Due:
        """What may leave, without the cases that have moved on since it was written (only an approver's word is not
        asked for again), and with the working days of today."""
        waiting = tuple(_as_waiting(n, recounted.get(n.id, n.age), facts) for n in left)
        assert message.contact_id is not None  # notices are always somebody's
        digest = self.texts.kind(str(message.template)).is_digest
        plan = Planned(message.contact_id, str(message.template), waiting, digest, approval=False, level=0)
        words = render(plan, facts.gathered, self.texts, self.settings)[1]
        return message._replace(variables=words.variables, text=words.text)

    def _tells_too_much(self, message: Due, group: Sequence[Carried], facts: _Facts) -> bool:
        """Whether the complaint became confidential after its words were written."""
        if not message.template or not any(is_secret(one) for one in facts.cases_of(group)):
            return False
        return self.texts.confidential(message.template) != message.template

    def _office_closed(self, message: Due, group: Sequence[Carried], facts: _Facts) -> tuple[datetime, str] | None:
        if message.template is None and message.heard_at and facts.now - message.heard_at <= ANSWER_AWAKE:
            return None
        first = facts.gathered.get(group[0].disposition_id) if group else None
        if first:
            calendar = first.calendar_for(group[0].audience, self.calendars)
        else:
            calendar = facts.hours.get(message.contact_id or 0) or self.calendars.of(None)
        opening = calendar.next_open(facts.now)
        return (opening, "Menunggu jam kerja penerima.") if opening > facts.now else None


def _stopped(message: Due, facts: _Facts) -> tuple[datetime, str] | None:
    """While our account is refused nothing leaves. While a limit is met or the number is rated badly, answers and
    escalations go and the rest waits."""
    stop, slow = facts.switches.get(SENDER_STOP), facts.switches.get(ONLY_URGENT)
    if stop:
        return facts.now + RETRY_STOPPED, f"Pengiriman dihentikan: {stop['reason']}"
    if slow and message.priority > ESCALATION:
        return facts.now + RETRY_ROOM, f"Hanya yang mendesak dikirim: {slow['reason']}"
    return None


def _template_missing(message: Due, facts: _Facts) -> tuple[datetime, str] | None:
    found = facts.sendable.get(message.template or "")
    if found is None or found.content_sid is not None:
        return None
    return facts.now + RETRY_TEMPLATE, found.reason or "Templat belum disetujui."


def _not_live(message: Due, group: Sequence[Carried], facts: _Facts) -> bool:
    """Whether the office, or a unit that the message speaks of, has not gone live."""
    units = {one.row.unit_id for one in facts.cases_of(group)}
    return facts.reach.bars(guest=message.guest) or facts.reach.shadows(units, guest=message.guest)


def _still_approved(group: Sequence[Carried], over: Mapping[int, str], facts: _Facts) -> list[Carried]:
    """What an approver let go in a digest and may still be told; nothing where nobody was asked."""
    left = [n for n in group if n.id not in over]
    steps = [step for n in left for step in facts.gathered[n.disposition_id].ladder.steps if step.id == n.step]
    return left if over and any(step.digest and step.approval for step in steps) else []


def _as_waiting(notice: Carried, age: int, facts: _Facts) -> Waiting:
    """The notice as the bundling would see it today."""
    one = facts.gathered[notice.disposition_id]
    step = one.ladder.step(notice.step)
    return Waiting(
        notice.id, notice.disposition_id, one.row.complaint_id, notice.contact_id, notice.audience, step.template,
        step.level, age, step.digest, step.approval,
    )  # fmt: skip


def _standing(message: Due, notice: Carried, facts: _Facts) -> Standing:
    one = facts.gathered.get(notice.disposition_id)
    if one is None:
        return Standing("Disposisi tidak ada lagi.", notice.age)
    if _is_recap(message, notice, facts):
        return Standing(_recap_over(notice, one, facts.now), notice.age)
    return still_due(one.case, one.ladder, notice.step, notice.audience, notice.contact_id, one.calendar, facts.now)


def _recap_over(notice: Carried, one: Gathered, now: datetime) -> str | None:
    if notice.contact_id not in one.holders((Role.HEAD,)):
        return "Penerima tidak lagi menjabat."
    if one.case.is_supervised:
        return "Laporan kini berkadar pengawasan."
    if one.case.exempt or one.case.paused(now):
        return "Laporan kini dijeda atau dikecualikan."
    return "Disposisi sudah berakhir." if one.case.ended else None


def _is_recap(message: Due, notice: Carried, facts: _Facts) -> bool:
    """A recap's notices only remember that a person heard of a case today; no step of the ladder stands behind them."""
    return (notice.step, message.template) in facts.recaps
