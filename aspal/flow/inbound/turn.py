"""One reply being understood: who wrote it, when, and how that person is answered. Part of station 6."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from aspal.core import replies as grammar
from aspal.core import secrecy, window
from aspal.core.replies import choice
from aspal.core.words import OFFICE_ROLES, UNIT_ROLES, Role
from aspal.core.workdays import Calendar
from aspal.flow.gather import Gathered
from aspal.gateways import echo
from aspal.gateways.texts import Texts
from aspal.gateways.whatsapp.port import Inbound
from aspal.records import health, journal, outbox, replies
from aspal.records.calendar import Calendars
from aspal.records.directory import Contact
from aspal.records.replies import Scope, Stored
from aspal.settings import Settings

GUARD_SPAN, GUARD_ANSWERS, GUARD_REPEATS = timedelta(minutes=10), 6, 4
READ = 4096  # letters of a text that are interpreted: WhatsApp's own limit; a note keeps all of them


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything that answering one reply needs."""

    conn: Connection
    now: datetime
    calendars: Calendars
    texts: Texts
    settings: Settings
    reply: Stored
    form: Inbound
    contact: Contact
    roles: Mapping[int, set[Role]]  # by unit
    lettered: Mapping[str, str] = field(default_factory=dict)  # the numbers that letters stood for in our question

    @property
    def calendar(self) -> Calendar:
        """The office's own; a case brings its unit's."""
        return self.calendars.of(None)

    @property
    def scope(self) -> Scope:
        """What this person may write about."""
        held = {role for roles in self.roles.values() for role in roles}
        return Scope(
            self.contact.id,
            [unit_id for unit_id, roles in self.roles.items() if roles & UNIT_ROLES],
            supervised=Role.INSPECTORATE in held,
            office=bool(held & OFFICE_ROLES),
        )

    @property
    def asks_back(self) -> bool:
        """Whether this office wants its officers asked; otherwise what is unclear waits in the tray."""
        return self.settings.acknowledge != "never"

    def text_of(self, form: Inbound) -> str:
        """What the person said, in words."""
        return form.body.strip() or (form.button_text or "").strip()

    def is_wordless(self, form: Inbound) -> bool:
        """Nothing but a photo, a voice or a place."""
        return not self.text_of(form) and bool(form.media or form.location)

    def is_gesture(self, form: Inbound) -> bool:
        """Nothing but stickers, which WhatsApp alone sends as WebP, or nothing at all, as a reaction: manners."""
        if self.text_of(form) or form.location or form.button_payload:
            return False
        return all(m.content_type == "image/webp" for m in form.media)

    def read_of(self, form: Inbound) -> str:
        """As much of it as is interpreted, and what is the person's own: a made-up form of 70 kB must not hold the
        worker for seconds."""
        return choice.spelled_out(echo.without_ours(self.texts, self.text_of(form)[:READ]), self.lettered)

    def understood(self, form: Inbound) -> grammar.Reading:
        """What it says with the office's calendar; once the case is known it is read again with its unit's."""
        return self.read(self.read_of(form), form.button_payload)

    def read(self, words: str, button: str | None = None) -> grammar.Reading:
        """What these words say, as if they had been written in this reply."""
        today = self.calendar.local_day(self.reply.received_at)
        return grammar.understand(words, today=today, calendar=self.calendar, button=button)

    def settle(self, state: str, **values: Any) -> None:
        """What became of the reply in hand."""
        replies.settle(self.conn, [self.reply.id], state, self.now, contact_id=self.contact.id, **values)

    def say(self, kind: str, **values: str) -> int | None:
        """Answers the person; None when nothing is sent because that would only feed a loop."""
        if self._is_looping():
            health.raise_alarm(
                self.conn, f"loop:{self.contact.id}",
                "Jawaban otomatis kepada satu kontak dihentikan sementara: terlalu banyak pesan dalam 10 menit.",
                self.now,
            )  # fmt: skip
            return None
        return self._answer(kind, values)

    def say_though_busy(self, kind: str, **values: str) -> int | None:
        """The same for what a person must hear however much was said before; the same words again still end it."""
        return None if self._repeats_itself() else self._answer(kind, values)

    def _answer(self, kind: str, values: Mapping[str, str]) -> int | None:
        about = f":{values['nomor']}" if "nomor" in values else ""  # one reply may promise for several
        return outbox.put_answer(
            self.conn, contact_id=self.contact.id, address=self.form.address,
            text=self.texts.render(kind, values).text, now=self.now, dedupe_key=f"reply:{self.reply.id}:{kind}{about}",
            reply_id=self.reply.id,
        )  # fmt: skip

    def tell(self, contact_id: int, address: str, heard_at: datetime | None, kind: str, **values: str) -> bool:
        """Free text to someone else; False when their 24-hour window is closed, or nearly so."""
        if window.left(heard_at, self.now) < window.TIME_TO_LEAVE:
            return False
        outbox.put_answer(
            self.conn, contact_id=contact_id, address=address, text=self.texts.render(kind, values).text,
            now=self.now, dedupe_key=f"reply:{self.reply.id}:{kind}:{contact_id}",
        )  # fmt: skip
        return True

    def alarm(self, key: str, text: str) -> bool:
        """Something an admin must look at. True when it is new."""
        return health.raise_alarm(self.conn, key, text, self.now)

    def settled_alarm(self, key: str) -> None:
        """What an admin was told of is over."""
        health.clear_alarm(self.conn, key, self.now)

    def journal(self, action: str, subject: str, complaint_id: int | None = None, **detail: Any) -> None:
        """Who did what: this contact, with this reply."""
        entry = journal.Entry(
            self.now, f"contact:{self.contact.id}", action, subject, {"reply": self.reply.id, **detail}, complaint_id
        )
        journal.append(self.conn, [entry])

    def _is_looping(self) -> bool:
        """Two machines answering each other: many answers, or the same words again and again."""
        since = self.now - GUARD_SPAN
        if replies.answers_since(self.conn, self.contact.id, since) >= GUARD_ANSWERS:
            return True
        return self._repeats_itself()

    def _repeats_itself(self) -> bool:
        said = replies.texts_since(self.conn, self.contact.id, self.now - GUARD_SPAN)
        return bool(self.form.body.strip()) and said.count(self.form.body) >= GUARD_REPEATS


def title_of(one: Gathered) -> str:
    """The case's title, empty where it must not be shown."""
    return secrecy.visible_title(one.row.title, one.row.confidential, one.case.is_supervised) or ""


def lines(cases: Sequence[Gathered], labels: Sequence[str], most: int = 80) -> list[str]:
    """ "A. 1916449 – Jalan rusak", without the title where it must not be shown."""
    numbers = [one.row.number for one in cases]
    listed = []
    for one, label in zip(cases, labels, strict=True):
        title = title_of(one)
        unit = one.row.unit_name if numbers.count(one.row.number) > 1 else ""
        words = " – ".join(part for part in (one.row.number, unit, title) if part)
        listed.append(f"{label}{words if len(words) <= most else words[: most - 1].rstrip() + '…'}")
    return listed
