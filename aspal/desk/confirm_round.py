"""Asks liaisons whether they still are it, and any contact whether the number works: templates through the outbox.

Every guard of the delivery holds for them: guest list, opt-out, office hours, approval, the day's limit.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from aspal.core.delivery import State
from aspal.core.refused import Refused
from aspal.core.rollout import Rollout
from aspal.core.workdays import Calendar
from aspal.db import Database
from aspal.flow.hours import calendar_of, calendars_of
from aspal.flow.messages import CONSENT
from aspal.gateways.texts import Texts
from aspal.records import confirmations, journal, org_chart, outbox, people, rollout
from aspal.records.calendar import Calendars
from aspal.records.journal import Entry
from aspal.records.org_chart import Duty
from aspal.settings import Settings

KIND = "konfirmasi_penghubung"
PRIORITY = 9  # everything that is due goes first
ASKED_AGAIN_AFTER = timedelta(days=1)
WORKDAYS_TO_LEAVE = 2  # a big round may not fit into what is left of today


@dataclass(frozen=True)
class Asker:
    """What asking needs of the house."""

    db: Database
    calendars: Calendars
    texts: Texts
    settings: Settings


def start(asker: Asker, appointment_ids: Collection[int] | None, *, now: datetime, by: str) -> tuple[int, int]:
    """A round to these appointments, or to every liaison in office: its id, and how many are asked. Raises Refused.

    Who was asked within a day is left out, so that a button pressed twice asks once.
    """
    with asker.db.act() as conn:
        today = asker.calendars.of(None).local_day(now)
        lately = confirmations.asked_since(conn, now - ASKED_AGAIN_AFTER)
        reach = rollout.read(conn, asker.settings.recipients)
        liaisons = [one for one in org_chart.liaisons(conn, today) if may_be_asked(one, reach) and one.id not in lately]
        wanted = [duty for duty in liaisons if appointment_ids is None or duty.id in appointment_ids]
        if not wanted:
            raise Refused(
                "Tidak ada yang dapat ditanya: pilih penghubung yang dapat dihubungi dan belum ditanya hari ini."
            )
        round_id = confirmations.begin(conn, now, by)
        theirs = calendars_of(conn, asker.calendars, [duty.contact_id for duty in wanted], now)
        questions = [_question(asker, duty, theirs[duty.contact_id], round_id, now) for duty in wanted]
        messages = outbox.put(conn, questions, now)
        asked = [
            {"round_id": round_id, "appointment_id": duty.id, "message_id": message_id}
            for duty, message_id in zip(wanted, messages, strict=True)
        ]
        confirmations.add(conn, asked)
        detail = {"appointments": [duty.id for duty in wanted]}
        journal.append(conn, [Entry(now, by, "confirmation.started", f"round:{round_id}", detail)])
    return round_id, len(wanted)


def may_be_asked(duty: Duty, reach: Rollout) -> bool:
    """Whether a message has a chance to arrive, and the person's unit is live or the person a guest."""
    if reach.bars(guest=duty.guest) or reach.shadows([duty.unit_id], guest=duty.guest):
        return False
    return bool(duty.phone or duty.whatsapp_id) and not duty.opted_out_at and not duty.unreachable_at


def check_number(asker: Asker, contact_id: int, *, now: datetime, by: str) -> datetime:
    """A test message to one contact; when it leaves. Once a day. Raises Refused."""
    with asker.db.act() as conn:
        calendar = calendar_of(conn, asker.calendars, contact_id, now)
        person = people.find(conn, contact_id)
        if person is None or not person.phone:
            raise Refused("Kontak ini tidak punya nomor WhatsApp.")
        if person.opted_out_at:
            raise Refused("Orang ini membalas BERHENTI. Hanya ia sendiri yang dapat mulai lagi, dengan membalas MULAI.")
        if person.unreachable_at:
            raise Refused("Nomornya ditandai tidak dapat dihubungi. Betulkan nomornya atau hapus tandanya dahulu.")
        duties = [duty for duty in org_chart.duties_of(conn, [contact_id]) if not duty.ended_at]
        reach = rollout.read(conn, asker.settings.recipients)
        if reach.bars(guest=person.guest) or reach.shadows([duty.unit_id for duty in duties], guest=person.guest):
            raise Refused("Orang ini belum boleh menerima pesan: kantor atau unitnya belum langsung. "
                          "Masukkan ia ke daftar tamu dahulu.")  # fmt: skip
        unit = duties[0].unit if duties else asker.settings.office_name
        values = {"penerima": person.name, "opd": unit, "kantor": asker.settings.office_name}
        opening = calendar.next_open(now)
        day = calendar.local_day(opening)
        words = asker.texts.render(CONSENT, values)
        message = outbox.NewMessage(
            contact_id, person.phone, CONSENT, words.variables, words.text, day, State.WAITING, PRIORITY, opening,
            calendar.closing(day), dedupe_key=f"number_check:{contact_id}:{day}",
        )  # fmt: skip
        message_id = outbox.put(conn, [message], now)[0]
        if message_id is None:
            raise Refused("Pesan uji untuk orang ini hari ini sudah dibuat. Lihat hasilnya di bawah.")
        journal.append(conn, [Entry(now, by, "contact.number_check", f"contact:{contact_id}", {"message": message_id})])
    return opening


def _question(asker: Asker, duty: Duty, calendar: Calendar, round_id: int, now: datetime) -> outbox.NewMessage:
    opening = calendar.next_open(now)
    day = calendar.local_day(opening)
    values = {"penerima": duty.name, "opd": duty.unit, "kantor": asker.settings.office_name}
    words = asker.texts.render(KIND, values)
    return outbox.NewMessage(
        duty.contact_id, duty.phone or duty.whatsapp_id or "", KIND, words.variables, words.text, day, State.WAITING,
        PRIORITY, opening, calendar.closing(calendar.add_workdays(day, WORKDAYS_TO_LEAVE)),
        dedupe_key=f"confirmation:{round_id}:{duty.id}",
    )  # fmt: skip
