"""What an import can say only after its last row: units no longer named, complaints no longer listed, the journal."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice

from sqlalchemy import Connection

from aspal.core.news import FOLLOW_UP, LIVE, Complaint, Event, Moment, changed, flag, leave
from aspal.core.words import Status
from aspal.flow.intake_report import ImportReport
from aspal.flow.intake_writing import Pair, write
from aspal.records import journal, roster
from aspal.records.journal import Entry

_PAGE = 500
# A file that names at least this share of the open complaints of its own span of days is taken for a full export.
_FULL_EXPORT = 0.5
_OPEN = LIVE | {Status.UNVERIFIED}


class Closing:
    """Remembers, while the rows pass by, what the end of the file will need."""

    def __init__(self, conn: Connection, batch_id: int, report: ImportReport, at: Moment) -> None:
        self._conn, self._batch, self._report, self._at = conn, batch_id, report, at
        self._named: set[int] = set()  # dispositions whose unit some row named
        self._unnamed: dict[int, tuple[int, Status]] = {}  # the others -> their complaint, and what its rows said
        self._uncertain: set[int] = set()  # complaints with a row that could not be placed
        self._open_seen: set[int] = set()
        self._days: list[date] = []  # the first and the last day of receipt in the file
        self._entries: list[tuple[int, str]] = []

    def uncertain(self, complaints: Iterable[Complaint]) -> None:
        """One of their rows waits or was refused, so the file's other rows do not tell the whole story."""
        for complaint in complaints:
            self._uncertain.add(int(complaint.id or 0))
            self._seen(complaint)

    def heard(
        self, before: Complaint | None, after: Complaint, named: set[int], word: Status, events: Sequence[Event]
    ) -> None:
        """One complaint of the file, as it was and as it is written now."""
        if before is not None:
            self._seen(before)
        self._days = [min([*self._days[:1], after.received_on]), max([*self._days[1:], after.received_on])]
        for part in after.dispositions:
            if part.is_open and part.track == FOLLOW_UP and part.id is not None:
                if part.unit_id in named:
                    self._named.add(part.id)
                    self._unnamed.pop(part.id, None)
                elif part.id not in self._named:
                    self._unnamed[part.id] = (int(after.id or 0), word)
        if before is not after and before != after:
            told = ",".join(sorted(set(events)))
            self._entries.append((int(after.id or 0), ("new:" if before is None else "changed:") + told))

    def _seen(self, complaint: Complaint) -> None:
        if complaint.status in _OPEN:
            self._open_seen.add(int(complaint.id or 0))

    def end_unnamed(self) -> None:
        """Ends the open dispositions whose complaints the file names with other units only."""
        left: dict[int, set[int]] = {}
        for part_id, (complaint_id, _) in self._unnamed.items():
            if complaint_id not in self._uncertain:
                left.setdefault(complaint_id, set()).add(part_id)
        words = dict(self._unnamed.values())
        ids = iter(sorted(left))
        while page := list(islice(ids, _PAGE)):
            pairs: list[Pair] = []
            for complaint_id, complaint in roster.by_id(self._conn, page).items():
                heard = leave(complaint, frozenset(left[complaint_id]), words[complaint_id], self._at)
                pairs.append((complaint, heard.complaint))
                self._report.events.update(heard.events)
                self._entries.append((complaint_id, "changed:" + ",".join(sorted(set(heard.events)))))
            write(self._conn, self._batch, pairs, self._at.now)

    def flag_vanished(self) -> None:
        """Marks what a full export no longer lists. Never deletes: an export may be filtered, or late."""
        if not self._days:
            return
        first, last = self._days
        absent = roster.count_missing(self._conn, self._batch, first, last) - len(self._uncertain)
        if len(self._open_seen) < _FULL_EXPORT * (len(self._open_seen) + absent):
            return
        for page in roster.missing(self._conn, self._batch, first, last):
            gone = [c for c in page if c.id not in self._uncertain and not c.flagged("vanished")]
            mark = flag("vanished", self._at)
            write(self._conn, self._batch, [(c, changed(c, {"flags": (*c.flags, mark)})) for c in gone], self._at.now)
            self._report.events[Event.VANISHED] += len(gone)
            self._entries += [(int(c.id or 0), f"changed:{Event.VANISHED}") for c in gone]

    def journal(self, by: str) -> None:
        """One entry a complaint, last of all: whoever writes to the journal holds up the others until the end."""
        entries = iter(self._entries)
        while page := list(islice(entries, 10 * _PAGE)):
            journal.append(self._conn, [self._entry(by, complaint_id, what) for complaint_id, what in page])

    def _entry(self, by: str, complaint_id: int, what: str) -> Entry:
        action, _, events = what.partition(":")
        detail: Mapping[str, object] = {"batch": self._batch, "events": events.split(",") if events else []}
        return Entry(self._at.now, by, f"import.{action}", f"complaint:{complaint_id}", detail, complaint_id)
