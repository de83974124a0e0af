"""What an import can say only after its last row: units no longer named, complaints no longer listed."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from sqlalchemy import Connection

from aspal.core.news import FOLLOW_UP, LIVE, Complaint, Event, Moment, changed, flag, leave
from aspal.core.placing import Placed
from aspal.core.rows import RosterRow
from aspal.core.words import Status
from aspal.flow.intake.outcome import ImportReport
from aspal.flow.intake.plan import Key, Plan, Planned
from aspal.records import roster

_PAGE = 500
# A file that names at least this share of the open complaints of its own span of days is taken for a full export.
_FULL_EXPORT = 0.5
# So many complaints of one unit alone, while so many of other units' are left out, are no chance: it was filtered.
_NO_CHANCE = 3
_OPEN = LIVE | {Status.UNVERIFIED}


class Closing:
    """Remembers, while the rows pass by, what the end of the file will need of the complaints known before."""

    def __init__(self, conn: Connection, plan: Plan, report: ImportReport, at: Moment) -> None:
        self._conn, self._plan, self._report, self._at = conn, plan, report, at
        self._named: set[int] = set()  # dispositions whose unit some row named
        # the others -> their complaint, what its rows said, and how they stand themselves
        self._unnamed: dict[int, tuple[int, Key, Status, Status]] = {}
        self._finished: dict[int, date] = {}  # complaints -> the last day on which a row says that it was finished
        self._uncertain: set[int] = set()  # complaints with a row that could not be placed
        self._open_seen: set[int] = set()
        self._days: list[date] = []  # the first and the last day of receipt in the file
        self._units: set[tuple[int, ...]] = set()  # as its rows name them
        self._statuses: set[Status] = set()

    def uncertain(self, complaint: Complaint) -> None:
        """One of its rows waits or was refused, so the file's other rows do not tell the whole story."""
        self._uncertain.add(int(complaint.id or 0))
        self._note_open(complaint)

    def span(self, rows: Sequence[Placed]) -> None:
        """The days of receipt, the units and the statuses that the file is about."""
        self._units.update({row.units for row in rows})
        self._statuses.update({row.row.status for row in rows})
        days = {row.row.received_on for row in rows}
        self._days = [min([*self._days[:1], *days]), max([*self._days[1:], *days])] if rows else self._days

    def heard(self, key: Key, was: Complaint, now: Complaint, named: frozenset[int], row: RosterRow) -> None:
        """One row about a complaint that was known before the file."""
        complaint_id = int(was.id or 0)
        self._plan.seen.add(complaint_id)
        self._note_open(was)
        if row.finished_on:
            self._finished[complaint_id] = max(row.finished_on, self._finished.get(complaint_id, date.min))
        for part in now.dispositions:
            if part.id is None or part.track != FOLLOW_UP:
                continue
            if part.unit_id in named:
                self._named.add(part.id)
            if part.id in self._named or not part.is_open:
                self._unnamed.pop(part.id, None)
            else:
                self._unnamed[part.id] = (complaint_id, key, row.status, part.status)

    def _note_open(self, complaint: Complaint) -> None:
        if complaint.status in _OPEN:
            self._open_seen.add(int(complaint.id or 0))

    def filtered_to(self) -> int | None:
        """The unit to which the export was evidently filtered; None for one that may show every unit."""
        if len(self._units) != 1 or len(self._plan.rows) < _NO_CHANCE:
            return None
        (together,) = self._units
        if len(together) != 1:  # none: rows that wait for verification; several: of one row
            return None
        elsewhere = roster.live_elsewhere(self._conn, together[0], *self._days)
        return together[0] if self._are_left_out(elsewhere) else None

    def statuses_left_out(self) -> frozenset[Status]:
        """The words of work without which the export was evidently filtered; none for one that may show them all."""
        unsaid = LIVE - self._statuses
        if not unsaid or len(self._plan.rows) < _NO_CHANCE:
            return frozenset()
        return unsaid if self._are_left_out(roster.live_as(self._conn, unsaid, *self._days)) else frozenset()

    def _are_left_out(self, complaint_ids: Sequence[int]) -> bool:
        return len(set(complaint_ids) - self._plan.seen - self._uncertain) >= _NO_CHANCE

    def keep_open(self, statuses: frozenset[Status] = LIVE) -> int:
        """Spares the unnamed parts that stand so: the file could not name them. Tells of how many complaints."""
        kept = {part_id: one for part_id, one in self._unnamed.items() if one[3] in statuses}
        for part_id in kept:
            del self._unnamed[part_id]
        return len({complaint_id for complaint_id, *_ in kept.values()} - self._uncertain)

    def end_unnamed(self) -> None:
        """Ends the open dispositions whose complaints the file names with other units only."""
        left: dict[int, tuple[Key, Status, set[int]]] = {}
        for part_id, (complaint_id, key, word, _) in self._unnamed.items():
            if complaint_id not in self._uncertain:
                left.setdefault(complaint_id, (key, word, set()))[2].add(part_id)
        planned, doubtful = self._plan.complaints, 0
        unchanged = roster.by_id(self._conn, [row_id for row_id, (key, _, _) in left.items() if key not in planned])
        for complaint_id, (key, word, parts) in left.items():
            one = planned.get(key) or Planned(unchanged[complaint_id], unchanged[complaint_id], ())
            assert one.before is not None  # only what was known before the file has parts here
            finished_on = self._finished.get(complaint_id)
            heard = leave(one.before, one.after, frozenset(parts), word, finished_on, self._at)
            planned[key] = Planned(one.before, heard.complaint, one.events + heard.events)
            self._report.events.update(heard.events)
            doubtful += Event.MOVED in heard.events and all(part.id is not None for part in one.after.dispositions)
        if doubtful and Status.FINISHED not in self._statuses:  # nothing in it could have shown such a part
            self._report.suggestions.append(
                f"{doubtful} laporan yang disebut berpindah unit mungkin sudah selesai di unit itu: berkas ini tidak "
                "memuat satu pun laporan selesai. Unggah ekspor tanpa saringan untuk memastikannya"
            )

    def count_messages(self) -> None:
        """Messages that have not left yet and speak of what ends now: they are cancelled or written anew."""
        ended = [
            old.id
            for before, after, _ in self._plan.changed
            for old, new in zip(before.dispositions, after.dispositions, strict=False)  # new ones stand behind
            if old.id is not None and old.is_open and not new.is_open
        ]
        self._report.events["messages"] = roster.messages_waiting(self._conn, ended)

    def flag_vanished(self) -> None:
        """Marks what a full export no longer lists. Never deletes: an export may be filtered, or late."""
        if not self._days:
            return
        listed = self._plan.seen | self._uncertain
        absent = [row_id for row_id in roster.live_between(self._conn, *self._days) if row_id not in listed]
        if len(self._open_seen) < _FULL_EXPORT * (len(self._open_seen) + len(absent)):
            return
        ids = iter(absent)
        while page := list(islice(ids, _PAGE)):
            for complaint in roster.by_id(self._conn, page).values():
                if not complaint.flagged("vanished"):
                    marked = changed(complaint, {"flags": (*complaint.flags, flag("vanished", self._at))})
                    self._plan.complaints[str(complaint.tracking_id)] = Planned(complaint, marked, (Event.VANISHED,))
                    self._report.name_one(Event.VANISHED, str(complaint.tracking_id))
