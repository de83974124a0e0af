"""The roster's side of the intake: rows in chunks, each chunk looked up, heard and written as a set.

Only one chunk of complaints is in memory at a time. What must be known about the whole file (which dispositions it
named, which rows it has shown already) is kept as bare numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from aspal.core import names
from aspal.core.hearing import hear
from aspal.core.news import Complaint, Event, Moment, changed, flag, may_be_the_same
from aspal.core.placing import Answers, Placed, Placing
from aspal.core.rows import Cells, RosterRow, RowProblem, roster_row
from aspal.core.rows_cells import Unreadable, tracking_id
from aspal.core.words import Status
from aspal.flow.intake_closing import Closing
from aspal.flow.intake_report import ImportReport
from aspal.flow.intake_writing import write
from aspal.records import directory, imports, roster

_CHUNK = 1000
Key = str | tuple[str, Any]  # the tracking id; title and day while LAPOR has not given one


class RosterIntake:
    """One roster import within one transaction."""

    def __init__(
        self,
        conn: Connection,
        batch_id: int,
        report: ImportReport,
        answers: Answers,
        at: Moment,
        statuses: Mapping[str, Status],
    ) -> None:
        self._conn, self._batch, self._report, self._at = conn, batch_id, report, at
        self._statuses = statuses
        self._placing = Placing(directory.unit_names(conn), answers, at.today)
        unnumbered = roster.unnumbered(conn)
        self._unverified: dict[Key, Complaint] = {
            (str(c.title), c.received_on): c for c in unnumbered if c.status is Status.UNVERIFIED
        }
        self._twins = {names.key(c.title): c for c in unnumbered if c.title}
        self._held_before = _by_number(imports.held(conn, "roster"))
        self._shown: dict[int, int] = {}  # hash of (complaint, units) -> hash of what its row said
        self._new: set[int] = set()
        self.closing = Closing(conn, batch_id, report, at)

    def take(self, cells: Iterable[Cells]) -> Iterator[int]:
        """Takes the rows in; tells after each chunk how many rows were taken so far."""
        rows = iter(cells)
        while chunk := list(islice(rows, _CHUNK)):
            self._report.rows += len(chunk)
            self._take_chunk(chunk)
            yield self._report.rows

    def _take_chunk(self, chunk: Sequence[Cells]) -> None:
        held: list[RowProblem] = []
        unplaced: set[str] = set()
        found = [self._read(cells, held, unplaced) for cells in chunk]
        placed = [row for row in found if row is not None]
        imports.hold(self._conn, self._batch, [(row.number, row.reason, row.cells) for row in held])
        self._report.held += [(row.number, row.reason) for row in held]
        numbers = unplaced | {row.row.tracking_id for row in placed if row.row.tracking_id}
        overtaken = [held_id for number in numbers for held_id in self._held_before.pop(number, ())]
        imports.settle(self._conn, overtaken, self._at.now)
        known = roster.by_tracking_id(self._conn, numbers)
        self.closing.uncertain(known[number] for number in unplaced if number in known)
        self._hear(placed, known)

    # --- one row ------------------------------------------------------------------------------------------------

    def understand(self, cells: Cells) -> Placed | RowProblem:
        """The row with every question answered, or what is in the way."""
        row = roster_row(cells, self._statuses, today=self._at.today, zone=self._at.zone)
        if isinstance(row, RowProblem):
            return row
        placed = self._placing.place(row)
        return placed if isinstance(placed, Placed) else RowProblem(row.number, None, placed, True, row_cells(row))

    def _read(self, cells: Cells, held: list[RowProblem], unplaced: set[str]) -> Placed | None:
        found = self.understand(cells)
        if isinstance(found, Placed):
            self._report.warn(found.row.number, found.row.warnings)
            reason = self._contradiction(found)
            if reason is None:
                return found
            found = RowProblem(found.row.number, None, reason, True, row_cells(found.row))
        if found.held:
            held.append(found)
        else:
            self._report.rejected.append((found.number, found.column, found.reason))
        number = _number_of(found.cells)
        if number:
            unplaced.add(number)
        return None

    def _contradiction(self, placed: Placed) -> str | None:
        """A second row about the same complaint and unit must say the same, or nobody knows which is true."""
        row = placed.row
        says = hash((row.status, row.disposed_on, row.responded_on, row.finished_on))
        if row.tracking_id is None or self._shown.setdefault(hash((row.tracking_id, placed.units)), says) == says:
            return None
        return "Nomor laporan dan OPD ini sudah ada di baris lain dengan isi yang berbeda; pastikan mana yang benar."

    # --- one chunk ----------------------------------------------------------------------------------------------

    def _hear(self, rows: Sequence[Placed], known: Mapping[str, Complaint]) -> None:
        before: dict[Key, Complaint | None] = {}
        after: dict[Key, Complaint] = {}
        events: dict[Key, list[Event]] = {}
        named: dict[Key, set[int]] = {}
        words: dict[Key, Status] = {}
        for placed in rows:
            row = placed.row
            key: Key = row.tracking_id or (str(row.title), row.received_on)
            was = before.setdefault(key, known.get(key) if isinstance(key, str) else self._unverified.get(key))
            told = after.get(key, was)
            heard = hear(told, placed, self._at)
            self._count(was, told, heard.complaint)
            after[key] = heard.complaint
            events.setdefault(key, []).extend(heard.events)
            named.setdefault(key, set()).update(heard.named)
            words[key] = row.status
        self._name_new(before, after)
        saved = write(self._conn, self._batch, [(before[key], after[key]) for key in after], self._at.now)
        for key, complaint in zip(after, saved, strict=True):
            self._after_writing(key, before[key], complaint, events[key])
            self.closing.heard(before[key], complaint, named[key], words[key], events[key])
        roster.seen(self._conn, [int(c.id or 0) for c in saved], self._batch, self._at.now)

    def _count(self, was: Complaint | None, told: Complaint | None, now: Complaint) -> None:
        if was is None or was.id in self._new:
            self._report.new += 1
        elif now is told or now == told:
            self._report.unchanged += 1
        else:
            self._report.changed += 1

    def _name_new(self, before: Mapping[Key, Complaint | None], after: dict[Key, Complaint]) -> None:
        """New complaints: a number of our own where LAPOR gave none, and a mark where one was typed in already."""
        new = [key for key, was in before.items() if was is None]
        unnumbered = [key for key in new if after[key].tracking_id is None]
        if unnumbered:
            ids = roster.next_provisional_ids(self._conn, self._at.today.year, len(unnumbered))
            for key, provisional_id in zip(unnumbered, ids, strict=True):
                after[key] = replace(after[key], provisional_id=provisional_id)
        for key in new if self._twins else ():
            after[key] = self._compared(after[key])

    def _compared(self, complaint: Complaint) -> Complaint:
        """Marks a new complaint that looks like one which was typed in by hand; an admin decides."""
        twin = self._twins.get(names.key(complaint.title or ""))
        if twin is None or complaint.tracking_id is None or not may_be_the_same(twin, complaint):
            return complaint
        self._report.suggestions.append(
            f"Laporan {complaint.tracking_id} mungkin sama dengan {twin.provisional_id} yang belum ber-ID LAPOR; "
            "gabungkan bila benar"
        )
        return changed(
            complaint, {"flags": (*complaint.flags, flag("may_be_same", self._at, str(twin.provisional_id)))}
        )

    def _after_writing(self, key: Key, was: Complaint | None, now: Complaint, events: Sequence[Event]) -> None:
        self._report.events.update(events)
        if was is None:
            self._new.add(int(now.id or 0))
        if isinstance(key, tuple):
            self._unverified[key] = now


def _by_number(waiting: Iterable[imports.Held]) -> dict[str, list[int]]:
    """Rows that earlier imports held, by the complaint they speak of."""
    found: dict[str, list[int]] = {}
    for row in waiting:
        found.setdefault(_number_of(row.cells) or "", []).append(row.id)
    found.pop("", None)
    return found


def _number_of(cells: Mapping[str, str]) -> str | None:
    try:
        return tracking_id(cells.get("tracking_id"))
    except Unreadable:
        return None


def row_cells(row: RosterRow) -> dict[str, str]:
    """A row that was understood, as cells that can be stored and read again. Nothing personal is left in it."""
    said: dict[str, object] = {
        "tracking_id": row.tracking_id,
        "judul": row.title,
        "jenis": None if row.kind_assumed else row.kind.value,
        "berkadar": _yes_no(row.supervised),
        "kategori": row.category,
        "opd": "; ".join(row.units),
        "status": row.status.value,
        "tgl_masuk": row.received_on,
        "tgl_verifikasi": row.verified_on,
        "tgl_disposisi": row.disposed_on,
        "tgl_tindak_lanjut": row.responded_on,
        "tgl_selesai": row.finished_on,
        "kanal": row.channel,
        "lokasi": row.location,
        "rahasia": _yes_no(row.confidential),
        "anonim": _yes_no(row.anonymous),
        "tautan": row.link,
    }
    return {name: str(value) for name, value in said.items() if value is not None and value != ""}


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "ya" if value else "tidak"
