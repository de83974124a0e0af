"""One running case in an admin's hands: taken as it was seen, changed once, written down with what it was before.

Everything that an admin decides about a case goes through here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NotRequired, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.news import Complaint, Disposition, Moment
from aspal.core.refused import Refused, Stale
from aspal.records import dossier, journal, notes, roster
from aspal.records.journal import Entry

LONGEST_REASON = 500
FARTHEST = timedelta(days=366)  # the last day of a pause or an extension


class Asked(TypedDict):
    """Who asks for it, when and why. `seen`: the mark of the case as the page showed it; the command line has none."""

    now: datetime
    zone: str
    by: str
    reason: NotRequired[str]
    seen: NotRequired[str | None]


@dataclass(frozen=True)
class OpenCase:
    """A disposition that has not ended, nobody else's until the transaction does."""

    conn: Connection
    complaint: Complaint
    part: Disposition
    at: Moment
    by: str
    reason: str

    @property
    def id(self) -> int:
        return int(self.part.id or 0)

    def change(self, action: str, values: Mapping[str, Any], **detail: Any) -> None:
        """Sets columns, has the scan look again, and journals what they were and became."""
        before = dossier.columns(self.conn, self.id, list(values))
        roster.change_disposition(self.conn, self.id, {"next_look_at": self.at.now, **values})
        after = dossier.columns(self.conn, self.id, list(values))
        self.tell(action, before=before, after=after, **detail)

    def tell(self, action: str, **detail: Any) -> None:
        """Writes it down; the last thing in a transaction."""
        reason = {"reason": self.reason} if self.reason else {}
        subject = f"disposition:{self.id}"
        journal.append(self.conn, [Entry(self.at.now, self.by, action, subject, detail | reason, self.complaint.id)])

    def resting(self, until: date, why: str) -> list[Mapping[str, Any]]:
        """The rests with a new one; an earlier one of the same sort that still runs is replaced."""
        return [*self.over(why), {"first": self.at.today.isoformat(), "last": until.isoformat(), "why": why}]

    def over(self, why: str) -> list[Mapping[str, Any]]:
        """The rests, those of that sort over since yesterday: from today on the clock runs."""
        yesterday = (self.at.today - timedelta(days=1)).isoformat()
        kept: list[Mapping[str, Any]] = []
        for rest in self.part.rests:
            running = rest["why"] == why and (rest["last"] is None or rest["last"] > yesterday)
            if not running:
                kept.append(rest)
            elif rest["first"] <= yesterday:
                kept.append({**rest, "last": yesterday})
        return kept


def take(conn: Connection, disposition_id: int, asked: Asked, *, needs_reason: bool = True) -> OpenCase:
    """The case, if it is one that anything can be done to, and still what the page showed. Raises Refused."""
    said = reason_of(asked, needs_reason=needs_reason)
    hold(conn, [disposition_id], {disposition_id: asked.get("seen")})
    complaint = roster.of_disposition(conn, disposition_id)
    parts = complaint.dispositions if complaint else ()
    part = next((one for one in parts if one.id == disposition_id and one.is_open), None)
    if complaint is None or part is None:
        raise Refused("Disposisi ini tidak ada atau sudah berakhir.")
    return OpenCase(conn, complaint, part, moment(asked), asked["by"], said)


def hold(conn: Connection, disposition_ids: Sequence[int], seen: Mapping[int, str | None]) -> None:
    """Nobody else changes these dispositions until the transaction ends; who was quicker is found out here.

    Raises Stale.
    """
    notes.lock_dispositions(conn, disposition_ids)
    for disposition_id, mark in seen.items():
        if mark is not None and mark != dossier.mark(conn, disposition_id):
            raise Stale(
                "Keadaan laporan ini sudah berubah sejak halaman Anda dibuka, dan belum ada yang disimpan. "
                "Periksa keadaan terbarunya, lalu simpan lagi bila masih perlu."
            )


def moment(asked: Asked) -> Moment:
    """When it is asked for, at the office."""
    return Moment(asked["now"].astimezone(ZoneInfo(asked["zone"])))


def reason_of(asked: Asked, *, needs_reason: bool = True) -> str:
    """Why it is asked for, in the admin's words. Raises Refused where there are none."""
    said = asked.get("reason", "").strip()[:LONGEST_REASON]
    if needs_reason and not said:
        raise Refused("Alasan wajib diisi.")
    return said


def in_reach(until: date, at: Moment) -> None:
    """Refuses a last day that is over, or so far away that it is a slip of the keyboard: it would silence for ever.

    Raises Refused.
    """
    if until < at.today:
        raise Refused("Tanggal akhirnya sudah lewat.")
    if until > at.today + FARTHEST:
        raise Refused(f"Tanggal akhirnya ({until:%d-%m-%Y}) lebih dari satu tahun lagi. Periksa tahunnya.")
