"""Station 3: notices -> messages.

Asks once more whether each notice still holds, gathers what one person should hear today into as few messages as
possible, and writes them down. Nothing leaves here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from aspal.core.bundling import Planned, ToldToday, bundle
from aspal.core.values import many_values
from aspal.db import Database
from aspal.flow.bundle.gates import ask_consent, brake, is_ready, without_consent
from aspal.flow.bundle.round import Round
from aspal.flow.bundle.writing import planned_entries, write, write_shadows
from aspal.flow.gather import Gatherer
from aspal.gateways.texts import Texts
from aspal.records import cases, journal, notices, outbox, rollout, sending, told_on_day
from aspal.records.calendar import Calendars
from aspal.records.notices import WaitingNotice
from aspal.settings import Settings

_NEVER = datetime.min.replace(tzinfo=UTC)
PEOPLE = 500  # contacts a transaction; nobody's notices are split
HEARD_TODAY = "Penerima sudah menerima pesan tentang laporan ini hari ini."


@dataclass(slots=True)
class BundleCount:
    """What one run of the bundling did. `held`: messages for an admin, and notices that must wait."""

    messages: int = 0
    held: int = 0
    cancelled: int = 0


def run(db: Database, calendars: Calendars, texts: Texts, settings: Settings, now: datetime) -> BundleCount:
    """Bundles every notice that waits."""
    count, last_contact = BundleCount(), 0
    with many_values():
        while _any_waiting(db, last_contact):
            with db.write() as conn:
                outbox.lock_station(conn, "bundle")
                batch = notices.waiting(conn, last_contact, PEOPLE)
                if not batch:
                    break
                last_contact = batch[-1].contact_id
                gathered = Gatherer(conn, calendars, now).ids(n.disposition_id for n in batch)
                unasked = without_consent(conn, settings, batch)
                reach = rollout.read(conn, settings.recipients)
                _bundle(Round(conn, calendars, texts, settings, now, gathered, reach, unasked), batch, count)
    return count


def _any_waiting(db: Database, last_contact: int) -> bool:
    with db.read() as conn:
        return notices.any_waiting(conn, last_contact)


def _bundle(this: Round, batch: Sequence[WaitingNotice], count: BundleCount) -> None:
    ready = [notice for notice in batch if is_ready(this, notice)]
    shadows = [notice for notice in ready if this.in_shadow(notice)]
    planned = _plan(this, [notice for notice in ready if not this.in_shadow(notice)])
    held = brake(this, len(planned))
    message_of = write(this, planned, held)
    count.held += write_shadows(this, _plan(this, shadows), shadows)
    ask_consent(this, batch)
    _apply(this, batch)
    planned = [plan for plan in planned if plan.notices[0].notice_id in message_of]
    count.messages += len(planned)
    count.held += len(this.waiting) + sum(1 for plan in planned if held or plan.approval)
    count.cancelled += len(this.cancelled)
    journal.append(this.conn, [*planned_entries(this, planned, message_of), *_cancelled_entries(this, batch)])


def _plan(this: Round, ready: Sequence[WaitingNotice]) -> list[Planned]:
    if not ready:
        return []
    people = sorted({n.contact_id for n in ready})
    told: dict[int, ToldToday] = {}
    heard: set[tuple[int, int]] = set()
    for workday in {n.workday for n in ready}:
        told |= _told_on(this, people, workday)
        heard |= told_on_day.complaints(this.conn, people, workday)
    complaint_of = {n.id: this.cases[n.disposition_id].row.complaint_id for n in ready}
    this.waiting |= {n.id: HEARD_TODAY for n in ready if (n.contact_id, complaint_of[n.id]) in heard}
    ready = [n for n in ready if n.id not in this.waiting]
    if not ready:
        return []
    steps = [this.cases[n.disposition_id].ladder.step(n.step) for n in ready]
    zones = [this.cases[n.disposition_id].calendar.zone for n in ready]
    waiting = [
        n.to_bundle(complaint_of[n.id], digest=step.digest, approval=step.approval, zone=zone)
        for n, step, zone in zip(ready, steps, zones, strict=True)
    ]
    caps = this.cases[ready[0].disposition_id].ladder.caps
    planned, left = bundle(waiting, told, caps)
    this.waiting |= left
    # Who waited longest comes first, so that a daily limit never starves the same people.
    last = sending.last_written(this.conn, people)
    return sorted(planned, key=lambda plan: last.get(plan.contact_id, _NEVER))


def _told_on(this: Round, people: Sequence[int], workday: date) -> dict[int, ToldToday]:
    """What each was told on that day; of those who had a digest, also of which time zones it spoke."""
    told = outbox.told_today(this.conn, people, workday)
    if with_digest := [contact for contact, before in told.items() if before.digests]:
        office = this.calendars.default_zone
        for contact, template, zone in told_on_day.zones(this.conn, with_digest, workday):
            before = told[contact]
            told[contact] = replace(before, zones=before.zones | {(template, zone or office)})
    return told


def _apply(this: Round, batch: Sequence[WaitingNotice]) -> None:
    notices.cancel(this.conn, this.cancelled)
    changed = {n.id: this.waiting[n.id] for n in batch if n.id in this.waiting and this.waiting[n.id] != n.reason}
    notices.explain_wait(this.conn, changed)
    cases.wake(this.conn, [n.disposition_id for n in batch if n.id in this.cancelled], this.now)


def _cancelled_entries(this: Round, batch: Iterable[WaitingNotice]) -> list[journal.Entry]:
    return [
        journal.Entry(
            this.now, "bundle", "notice.cancelled", f"disposition:{n.disposition_id}",
            {"step": n.step, "contact": n.contact_id, "reason": this.cancelled[n.id]},
            this.cases[n.disposition_id].row.complaint_id if n.disposition_id in this.cases else None,
        )
        for n in batch
        if n.id in this.cancelled
    ]  # fmt: skip
