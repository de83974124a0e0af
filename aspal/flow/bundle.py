"""Station 3: notices -> messages.

Asks once more whether each notice still holds, gathers what one person should hear today into as few messages as
possible, and writes them down. Nothing leaves here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from aspal.core.bundling import Planned, ToldToday, brake_limit, bundle
from aspal.core.delivery import State
from aspal.core.escalation import still_due
from aspal.core.rollout import Rollout
from aspal.core.values import many_values
from aspal.db import Database
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.messages import render
from aspal.gateways.texts import TextProblem, Texts
from aspal.records import cases, coverage, directory, health, journal, notices, outbox, rollout, sending
from aspal.records.calendar import Calendars
from aspal.records.notices import WaitingNotice
from aspal.settings import Settings

CONSENT = "persetujuan_kontak"
_NEVER = datetime.min.replace(tzinfo=UTC)
PEOPLE = 500  # contacts a transaction; nobody's notices are split
HEARD_TODAY = "Penerima sudah menerima pesan tentang laporan ini hari ini."
NO_CONSENT = "Menunggu: penerima belum menyetujui dihubungi lewat WhatsApp (CONSENT_MESSAGE=on)."
NOT_A_GUEST = "Menunggu: penerima belum ada di daftar tamu (RECIPIENTS=guests)."
GUESTS_ONLY = "Menunggu: kantor masih dalam mode tamu, dan penerima belum ada di daftar tamu."
APPROVAL = "Menunggu persetujuan Kominfo."
SUPERSEDED = "Digantikan ringkasan yang lebih baru."
BRAKE = "Ditahan rem volume: jumlah pesan hari ini tidak biasa. Periksa, lalu lepaskan."


@dataclass(slots=True)
class BundleCount:
    """What one run of the bundling did. `held`: messages for an admin, and notices that must wait."""

    messages: int = 0
    held: int = 0
    cancelled: int = 0

    def as_json(self) -> dict[str, Any]:
        """The keys that scripts rely on."""
        return asdict(self)


@dataclass(slots=True)
class _Round:
    """What is known while one group of people is bundled."""

    conn: Connection
    calendars: Calendars
    texts: Texts
    settings: Settings
    now: datetime
    cases: Mapping[int, Gathered]
    rollout: Rollout
    unasked: frozenset[int]  # people who have not agreed to be written to, where the office asks for that
    cancelled: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)


def run(db: Database, calendars: Calendars, texts: Texts, settings: Settings, now: datetime) -> BundleCount:
    """Bundles every notice that waits."""
    count, last_contact = BundleCount(), 0
    while True:
        with db.read() as conn:
            if not notices.any_waiting(conn, last_contact):
                return count
        with many_values(), db.write() as conn:
            outbox.lock_station(conn, "bundle")
            batch = notices.waiting(conn, last_contact, PEOPLE)
            if not batch:
                return count
            last_contact = batch[-1].contact_id
            gathered = Gatherer(conn, calendars, now).ids(n.disposition_id for n in batch)
            unasked = _without_consent(conn, settings, batch)
            reach = rollout.read(conn, settings.recipients)
            _bundle(_Round(conn, calendars, texts, settings, now, gathered, reach, unasked), batch, count)


def _bundle(this: _Round, batch: Sequence[WaitingNotice], count: BundleCount) -> None:
    ready = [notice for notice in batch if _is_ready(this, notice)]
    planned = _plan(this, [notice for notice in ready if not _in_shadow(this, notice)])
    held = _brake(this, len(planned))
    message_of = _write(this, planned, held)
    count.held += _write_shadows(this, [notice for notice in ready if _in_shadow(this, notice)])
    _ask_consent(this, batch)
    _apply(this, batch)
    planned = [plan for plan in planned if plan.notices[0].notice_id in message_of]
    count.messages += len(planned)
    count.held += len(this.waiting) + sum(1 for plan in planned if held or plan.approval)
    count.cancelled += len(this.cancelled)
    journal.append(this.conn, [*_planned_entries(this, planned, message_of), *_cancelled_entries(this, batch)])


def _is_ready(this: _Round, notice: WaitingNotice) -> bool:
    """Whether the notice may become a message now; otherwise why it waits or is over is noted."""
    one = this.cases.get(notice.disposition_id)
    if one is None:
        this.cancelled[notice.id] = "Disposisi tidak ada lagi."
        return False
    calendar = one.calendar_for(notice.audience, this.calendars)
    opening = calendar.next_open(this.now)
    over = still_due(one.case, one.ladder, notice.step, notice.audience, notice.contact_id, one.calendar, this.now)
    if over is None and calendar.local_day(opening) > notice.workday:
        over = "Hari kerjanya sudah lewat sebelum sempat dikirim; dinilai ulang."
    if over:
        this.cancelled[notice.id] = over
    elif this.settings.recipients == "guests" and not one.people[notice.contact_id].guest:
        this.waiting[notice.id] = NOT_A_GUEST
    elif this.rollout.bars(guest=one.people[notice.contact_id].guest):
        this.waiting[notice.id] = GUESTS_ONLY
    elif notice.contact_id in this.unasked and not _in_shadow(this, notice):
        this.waiting[notice.id] = NO_CONSENT
    elif opening > this.now:
        this.waiting[notice.id] = "Menunggu jam kerja penerima."
    else:
        return True
    return False


def _in_shadow(this: _Round, notice: WaitingNotice) -> bool:
    """Whether the person is to hear of this case only once the office, or the case's unit, has gone live."""
    one = this.cases[notice.disposition_id]
    return this.rollout.shadows([one.row.unit_id], guest=one.people[notice.contact_id].guest)


def _write_shadows(this: _Round, shadows: Sequence[WaitingNotice]) -> int:
    """What would have been sent: worded like the rest, and cancelled in the same transaction."""
    if not shadows:
        return 0
    message_of = _write(this, _plan(this, shadows), held=True)
    complaint_of = {
        message_of[n.id]: this.cases[n.disposition_id].row.complaint_id for n in shadows if n.id in message_of
    }
    rollout.shadow(this.conn, complaint_of)
    journal.append(
        this.conn,
        [
            journal.Entry(this.now, "bundle", "message.shadowed", f"message:{message_id}", {}, complaint_id)
            for message_id, complaint_id in complaint_of.items()
        ],
    )
    return len(complaint_of)


def _without_consent(conn: Connection, settings: Settings, batch: Sequence[WaitingNotice]) -> frozenset[int]:
    """An appointment by SK is the basis for writing to a person; an office that wants more asks first."""
    if settings.consent_message == "off":
        return frozenset()
    return directory.without_consent(conn, {n.contact_id for n in batch})


def _ask_consent(this: _Round, batch: Sequence[WaitingNotice]) -> None:
    """Asks each of them once; until they agree their notices wait, and an admin sees that they do."""
    waiting = {n.contact_id: n for n in batch if this.waiting.get(n.id) == NO_CONSENT}
    for contact_id, notice in waiting.items():
        one = this.cases[notice.disposition_id]
        calendar = one.calendar_for(notice.audience, this.calendars)
        if not calendar.is_open(this.now):
            continue
        person, workday = one.people[contact_id], calendar.local_day(this.now)
        unit = one.row.unit_name or this.settings.office_name
        values = {"penerima": person.name, "opd": unit, "kantor": this.settings.office_name}
        words = this.texts.render(CONSENT, values)
        message = outbox.NewMessage(
            contact_id, person.address, CONSENT, words.variables, words.text, workday, State.WAITING, 9, this.now,
            calendar.closing(workday), None, f"consent:{contact_id}:{workday:%G-%V}",
        )  # fmt: skip
        outbox.put(this.conn, [message], this.now)
        text = f"{person.name} ({unit}) belum menyetujui dihubungi lewat WhatsApp; pesannya menunggu."
        health.raise_alarm(this.conn, f"consent:{contact_id}", text, this.now)


def _plan(this: _Round, ready: Sequence[WaitingNotice]) -> list[Planned]:
    if not ready:
        return []
    people = sorted({n.contact_id for n in ready})
    told: dict[int, ToldToday] = {}
    heard: set[tuple[int, int]] = set()
    for workday in {n.workday for n in ready}:
        told |= outbox.told_today(this.conn, people, workday)
        heard |= notices.complaints_told(this.conn, people, workday)
    complaint_of = {n.id: this.cases[n.disposition_id].row.complaint_id for n in ready}
    this.waiting |= {n.id: HEARD_TODAY for n in ready if (n.contact_id, complaint_of[n.id]) in heard}
    ready = [n for n in ready if n.id not in this.waiting]
    if not ready:
        return []
    steps = [this.cases[n.disposition_id].ladder.step(n.step) for n in ready]
    waiting = [
        n.to_bundle(complaint_of[n.id], digest=step.digest, approval=step.approval)
        for n, step in zip(ready, steps, strict=True)
    ]
    caps = this.cases[ready[0].disposition_id].ladder.caps
    planned, left = bundle(waiting, told, caps)
    this.waiting |= left
    # Who waited longest comes first, so that a daily limit never starves the same people.
    last = sending.last_written(this.conn, people)
    return sorted(planned, key=lambda plan: last.get(plan.contact_id, _NEVER))


def _brake(this: _Round, coming: int) -> bool:
    """Whether an unusual number of messages is coming; an admin then looks before anybody is written to."""
    if this.settings.volume_brake == "off" or not coming:
        return False
    if health.get_switch(this.conn, "volume_brake_released", this.now):
        return False
    today = this.calendars.of(None).local_day(this.now)
    busiest = outbox.busiest_day(this.conn, today - timedelta(days=28), today)
    limit = brake_limit(coverage.appointed(this.conn, today), busiest)
    total = outbox.planned_on(this.conn, today) + coming
    if total <= limit:
        return False
    health.raise_alarm(
        this.conn, "volume_brake",
        f"Rem volume: {total} pesan direncanakan hari ini, batas wajarnya {limit}. Pesan ditahan sampai dilepaskan.",
        this.now,
    )  # fmt: skip
    return True


def _write(this: _Round, planned: Sequence[Planned], held: bool) -> dict[int, int]:
    """Writes the messages; returns which message carries which notice."""
    for plan in planned:
        if plan.approval:
            _supersede(this, plan)
    worded = [(plan, message) for plan in planned if (message := _worded(this, plan, held))]
    message_of: dict[int, int] = {}
    ids = outbox.put(this.conn, [message for _, message in worded], this.now)
    for (plan, _), message_id in zip(worded, ids, strict=True):
        assert message_id is not None  # these have no dedupe key: the notices' own key stands behind them
        message_of |= {n.notice_id: message_id for n in plan.notices}
    notices.bundled(this.conn, message_of)
    return message_of


def _supersede(this: _Round, plan: Planned) -> None:
    """A newer digest says what an older one, never approved, would have said; releasing both would say it twice."""
    old = outbox.held_before(this.conn, plan.contact_id, plan.template, this.calendars.of(None).local_day(this.now))
    outbox.cancel(this.conn, dict.fromkeys(old, SUPERSEDED))
    carried = notices.of_messages(this.conn, old)
    notices.cancel(this.conn, {n.id: SUPERSEDED for group in carried.values() for n in group})


def _worded(this: _Round, plan: Planned, held: bool) -> outbox.NewMessage | None:
    """The message in words; None when its text cannot be used, which must not keep the others from leaving."""
    try:
        return _message(this, plan, held)
    except TextProblem as problem:
        this.waiting |= {n.notice_id: f"Teks pesan tidak dapat dipakai: {problem}" for n in plan.notices}
        text = f"Pesan jenis {plan.template} tidak dapat dibuat: {problem}"
        health.raise_alarm(this.conn, f"text:{plan.template}", text, this.now)
        return None


def _message(this: _Round, plan: Planned, held: bool) -> outbox.NewMessage:
    first = plan.notices[0]
    one = this.cases[first.disposition_id]
    calendar = one.calendar_for(first.audience, this.calendars)
    workday = calendar.local_day(this.now)
    kind, words = render(plan, this.cases, this.texts, this.settings)
    state = State.HELD if held or plan.approval else State.WAITING
    reason = APPROVAL if plan.approval else BRAKE if held else None
    return outbox.NewMessage(
        contact_id=plan.contact_id,
        address=one.people[plan.contact_id].address,
        template=kind,
        variables=words.variables,
        text=words.text,
        workday=workday,
        state=state,
        priority=9 - plan.level,
        not_before=this.now,
        # What waits for an approver may wait for days; everything else is stale when its day ends.
        expires_at=None if plan.approval else calendar.closing(workday),
        reason=reason,
    )


def _apply(this: _Round, batch: Sequence[WaitingNotice]) -> None:
    notices.cancel(this.conn, this.cancelled)
    changed = {n.id: this.waiting[n.id] for n in batch if n.id in this.waiting and this.waiting[n.id] != n.reason}
    notices.explain_wait(this.conn, changed)
    cases.wake(this.conn, [n.disposition_id for n in batch if n.id in this.cancelled], this.now)


def _planned_entries(this: _Round, planned: Iterable[Planned], message_of: Mapping[int, int]) -> list[journal.Entry]:
    return [
        journal.Entry(
            this.now, "bundle", "message.planned", f"message:{message_of[n.notice_id]}",
            {"contact": plan.contact_id, "template": plan.template, "notice": n.notice_id, "digest": plan.digest},
            this.cases[n.disposition_id].row.complaint_id,
        )
        for plan in planned
        for n in plan.notices
    ]  # fmt: skip


def _cancelled_entries(this: _Round, batch: Iterable[WaitingNotice]) -> list[journal.Entry]:
    return [
        journal.Entry(
            this.now, "bundle", "notice.cancelled", f"disposition:{n.disposition_id}",
            {"step": n.step, "contact": n.contact_id, "reason": this.cancelled[n.id]},
            this.cases[n.disposition_id].row.complaint_id if n.disposition_id in this.cases else None,
        )
        for n in batch
        if n.id in this.cancelled
    ]  # fmt: skip
