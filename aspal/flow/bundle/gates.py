"""What holds a waiting notice back: the case has moved on, office hours, the guest list, consent, the volume brake."""

from collections.abc import Sequence

from sqlalchemy import Connection

from aspal.core import alarm_keys
from aspal.core.bundling import brake_limit
from aspal.core.delivery import State
from aspal.core.escalation import still_due
from aspal.core.switches import BRAKE_RELEASED, RESTORED
from aspal.flow.bundle.round import Round
from aspal.flow.messages import CONSENT
from aspal.records import coverage, directory, health, outbox
from aspal.records.notices import WaitingNotice
from aspal.settings import Settings

NO_CONSENT = "Menunggu: penerima belum menyetujui dihubungi lewat WhatsApp (CONSENT_MESSAGE=on)."
NOT_A_GUEST = "Menunggu: penerima belum ada di daftar tamu (RECIPIENTS=guests)."
GUESTS_ONLY = "Menunggu: kantor masih dalam mode tamu, dan penerima belum ada di daftar tamu."


def is_ready(this: Round, notice: WaitingNotice) -> bool:
    """Whether the notice may become a message now; otherwise why it waits or is over is noted."""
    one = this.cases.get(notice.disposition_id)
    if one is None:
        this.cancelled[notice.id] = "Disposisi tidak ada lagi."
        return False
    calendar = one.calendar_for(notice.audience, this.calendars)
    opening = calendar.next_open(this.now)
    over, _ = still_due(one.case, one.ladder, notice.step, notice.audience, notice.contact_id, one.calendar, this.now)
    if over is None and calendar.local_day(opening) > notice.workday:
        over = "Hari kerjanya sudah lewat sebelum sempat dikirim; dinilai ulang."
    if over:
        this.cancelled[notice.id] = over
    elif this.settings.recipients == "guests" and not one.people[notice.contact_id].guest:
        this.waiting[notice.id] = NOT_A_GUEST
    elif this.rollout.bars(guest=one.people[notice.contact_id].guest):
        this.waiting[notice.id] = GUESTS_ONLY
    elif notice.contact_id in this.unasked and not this.in_shadow(notice):
        this.waiting[notice.id] = NO_CONSENT
    elif opening > this.now:
        this.waiting[notice.id] = "Menunggu jam kerja penerima."
    else:
        return True
    return False


def without_consent(conn: Connection, settings: Settings, batch: Sequence[WaitingNotice]) -> frozenset[int]:
    """An appointment by SK is the basis for writing to a person; an office that wants more asks first."""
    if settings.consent_message == "off":
        return frozenset()
    return directory.without_consent(conn, {n.contact_id for n in batch})


def ask_consent(this: Round, batch: Sequence[WaitingNotice]) -> None:
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
        health.raise_alarm(this.conn, f"{alarm_keys.CONSENT}{contact_id}", text, this.now)


def brake(this: Round, coming: int) -> bool:
    """Whether an unusual number of messages is coming, or a backup came back and they may have been sent before; an
    admin then looks before anybody is written to."""
    if not coming:
        return False
    if health.get_switch(this.conn, RESTORED):
        return True
    if this.settings.volume_brake == "off":
        return False
    if health.get_switch(this.conn, BRAKE_RELEASED, this.now):
        return False
    today = this.calendars.of(None).local_day(this.now)
    busiest = outbox.busiest_day(this.conn, today)
    limit = brake_limit(coverage.appointed(this.conn, today), busiest)
    total = outbox.planned_on(this.conn, today) + coming
    if total <= limit:
        return False
    health.raise_alarm(
        this.conn, alarm_keys.VOLUME_BRAKE,
        f"Rem volume: {total} pesan direncanakan hari ini, batas wajarnya {limit}. Pesan ditahan sampai dilepaskan.",
        this.now,
    )  # fmt: skip
    return True
