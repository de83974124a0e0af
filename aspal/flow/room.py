"""How many people, and how often one person, may still be written to. Not a station: part of the delivery."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from aspal.core import window
from aspal.records import sending
from aspal.records.sending import Due, Written
from aspal.settings import Settings

NO_ROOM = "Batas penerima per 24 jam tercapai; sisanya disimpan untuk eskalasi."
RETRY_ROOM = timedelta(minutes=30)
PAIR_LIMIT, PAIR_SPAN = 6, timedelta(minutes=1)  # WhatsApp allows one message per six seconds to one person
PORTFOLIO_SPAN = timedelta(hours=24)  # in which WhatsApp counts the people written to first
ESCALATION = 7  # priorities up to this one (level 2 and above) may use the portfolio's last fifth


class Room:
    """The room that is left, and what a batch takes of it."""

    def __init__(self, conn: Connection, settings: Settings, batch: Sequence[Due], now: datetime) -> None:
        self._now = now
        since, lately = now - PORTFOLIO_SPAN, now - PAIR_SPAN
        people = sorted({m.contact_id for m in batch if m.contact_id is not None})
        strangers = sorted({m.address for m in batch if m.contact_id is None})
        self._written = sending.written_to(conn, people, since, lately)
        self._lately: dict[int | str, int] = {person: written.lately for person, written in self._written.items()}
        self._lately.update(sending.written_to_strangers(conn, strangers, lately).items())
        self._limit = settings.recipients_per_day
        self._ordinary = self._limit - self._limit // 5  # the last fifth is kept for escalations
        # Messages are never fewer than people, and counting them is cheap.
        self._people = sending.claimed_since(conn, since)
        if self._people + len(batch) > self._ordinary:
            self._people = sending.people_since(conn, since)

    def full(self, message: Due) -> tuple[datetime, str] | None:
        """When to try again if there is no room for this message now."""
        whom = message.contact_id if message.contact_id is not None else message.address
        if self._lately.get(whom, 0) >= PAIR_LIMIT:
            return self._now + PAIR_SPAN, "Terlalu banyak pesan ke orang yang sama dalam semenit."
        if self._opens_conversation(message):
            if self._people >= (self._limit if message.priority <= ESCALATION else self._ordinary):
                return self._now + RETRY_ROOM, NO_ROOM
            assert message.contact_id is not None
            self._people += 1
            self._written[message.contact_id] = Written(0, opened=True)
        self._lately[whom] = self._lately.get(whom, 0) + 1
        return None

    def _opens_conversation(self, message: Due) -> bool:
        """Whether this message counts against the portfolio: a new person, outside the 24-hour window."""
        if message.template is None or message.contact_id is None:
            return False
        written = self._written.get(message.contact_id)
        return not (written and written.opened) and not window.is_open(message.heard_at, self._now)
