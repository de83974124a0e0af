"""The roster's side of the intake: rows in chunks, each chunk looked up as a set, heard, and put into the plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection

from aspal.core import names
from aspal.core.hearing import first_events, hear
from aspal.core.news import MAY_BE_SAME, Complaint, Heard, Moment, changed, flag, may_be_the_same
from aspal.core.placing import Answers, Placed, Placing
from aspal.core.recency import Recency
from aspal.core.rows import Cells, RosterReader, RosterRow, RowProblem
from aspal.core.rows.cells import Unreadable, tracking_id
from aspal.core.words import Status
from aspal.flow.intake.closing import Closing
from aspal.flow.intake.outcome import ImportReport
from aspal.flow.intake.plan import Key, Plan, Planned
from aspal.records import directory, imports, roster

_CHUNK = 1000
CONTRADICTION = "Nomor laporan dan OPD ini sudah ada di baris lain dengan isi yang berbeda; pastikan mana yang benar."


class RosterIntake:
    """One roster import; it reads and plans, and writes nothing."""

    def __init__(
        self, conn: Connection, report: ImportReport, answers: Answers, at: Moment, statuses: Mapping[str, Status]
    ) -> None:
        self._conn, self._report, self._at = conn, report, at
        self.plan = Plan(imports.mark(conn), at)
        self.closing = Closing(conn, self.plan, report, at)
        self._recency = Recency()
        self._reader = RosterReader(statuses, today=at.today, zone=at.zone)
        self._units = directory.unit_names(conn)
        self._placing = Placing(self._units, answers, at.today)
        unnumbered = roster.unnumbered(conn)
        self._unverified: dict[Key, Complaint] = {
            (str(c.title), c.received_on): c for c in unnumbered if c.status is Status.UNVERIFIED
        }
        self._twins = {names.key(c.title): c for c in unnumbered if c.title}
        self._held_before = _by_number(imports.held(conn, "roster"))
        self._by_units: dict[tuple[str | None, tuple[int, ...]], Placed] = {}  # where rows differ in their units

    def take(self, cells: Iterable[Cells]) -> Iterator[int]:
        """Takes the rows in; tells after each chunk how many rows were taken so far."""
        rows = iter(cells)
        while chunk := list(islice(rows, _CHUNK)):
            self._report.rows += len(chunk)
            self._take_chunk(chunk)
            yield self._report.rows

    def warn_if_older(self) -> None:
        """An old download denies claims and opens what is finished again: said beforehand, where it is certain."""
        if not self._report.new and (warning := self._recency.warning()):
            self._report.suggestions.append(warning)

    def leaves_others_out(self) -> bool:
        """Whether it is an export of one unit or of some statuses, which says nothing about what it cannot name."""
        unit_id = self.closing.filtered_to()
        unsaid = self.closing.statuses_left_out()
        if unit_id is not None:
            seen, filtered = f"hanya memuat {self._units.names[unit_id]}, padahal laporan OPD lain", "OPD"
            kept = self.closing.keep_open()
        elif unsaid:
            words = " atau ".join(sorted(f"“{status.replace('_', ' ')}”" for status in unsaid))
            seen, filtered = f"tidak memuat satu pun yang {words}, padahal laporan yang tercatat demikian", "status"
            kept = self.closing.keep_open(unsaid)
        else:
            return False
        left = f", dan bagian OPD lain pada {kept} laporan di dalamnya dibiarkan terbuka" if kept else ""
        self._report.suggestions.append(
            f"Berkas ini {seen} dari hari-hari yang sama masih terbuka: tampaknya disaring per {filtered}. Laporan "
            f"yang hilang dari LAPOR tidak ditandai{left}; unggah ekspor tanpa saringan agar semuanya terbaca"
        )
        return True

    def _take_chunk(self, chunk: Sequence[Cells]) -> None:
        unplaced: set[str] = set()
        placed = [row for cells in chunk if (row := self._read(cells, unplaced)) is not None]
        numbers = unplaced.union([row.row.tracking_id for row in placed if row.row.tracking_id])
        planned = self.plan.complaints
        known = roster.by_tracking_id(self._conn, numbers - planned.keys())
        self._overtake(numbers if self._held_before else ())
        for number in unplaced:
            was = planned[number].before if number in planned else known.get(number)
            if was is not None:
                self.closing.uncertain(was)
        self.closing.span(placed)
        for row in placed:
            self._hear(row, known)

    def _overtake(self, numbers: Iterable[str]) -> None:
        """What earlier files said about these complaints, and nobody has settled, counts no more."""
        for number in numbers:
            self.plan.overtaken += self._held_before.pop(number, ())

    # --- one row ------------------------------------------------------------------------------------------------

    def understand(self, cells: Cells) -> Placed | RowProblem:
        """The row with every question answered, or what is in the way."""
        row = self._reader.read(cells)
        if isinstance(row, RowProblem):
            return row
        placed = self._placing.place(row)
        return placed if isinstance(placed, Placed) else RowProblem(row.number, None, placed, True, row_cells(row))

    def _read(self, cells: Cells, unplaced: set[str]) -> Placed | None:
        found = self.understand(cells)
        if isinstance(found, Placed):
            if found.row.warnings:
                self._report.warn(found.row.number, found.row.warnings)
            first = self.plan.rows.setdefault(_key(found.row), found)
            reason = self._contradiction(found, first) if first is not found and found.row.tracking_id else None
            if reason is None:
                return found
            found = RowProblem(found.row.number, None, reason, True, row_cells(found.row))
        if found.held:
            self.plan.held.append(found)
            self._report.held.append((found.number, found.reason))
        else:
            self._report.reject(found.number, found.column, found.reason)
        number = _number_of(found.cells)
        if number:
            unplaced.add(number)
        return None

    def _contradiction(self, placed: Placed, first: Placed) -> str | None:
        """A second row about the same complaint and unit must say the same, or nobody knows which is true."""
        row, about = placed.row, _facts(first.row)
        if placed.units != first.units:
            first = self._by_units.setdefault((row.tracking_id, placed.units), placed)
        if _claims(row) != _claims(first.row):
            return CONTRADICTION
        if _facts(row) != about:
            self._report.warn(
                row.number,
                [f"laporan {row.tracking_id} ada di beberapa baris dengan judul atau isi yang berbeda; "
                 "yang terakhir dipakai, mohon periksa"],
            )  # fmt: skip
        return None

    def _hear(self, placed: Placed, known: Mapping[str, Complaint]) -> None:
        key = _key(placed.row)
        mine = self.plan.complaints.get(key)
        was = mine.before if mine else known.get(key) if isinstance(key, str) else self._unverified.get(key)
        if was is None:
            self._report.count_new(placed.row)
            self._hear_new(key, placed, mine)
        else:
            self._hear_known(key, placed, was, mine)

    def _hear_new(self, key: Key, placed: Placed, mine: Planned | None) -> None:
        """The first row says what is to be told; what it makes of the complaint is worked out when that is needed."""
        first = self.plan.rows[key]
        if placed is first:
            events = first_events(placed)
            if self._twins:
                self._compare(key, hear(None, placed, self._at))
        else:
            heard = hear(None, first, self._at)
            mine = mine or self.plan.complaints.setdefault(key, Planned(None, heard.complaint, heard.events))
            events = mine.add(hear(mine.after, placed, self._at))
        if events:
            self._report.events.update(events)

    def _hear_known(self, key: Key, placed: Placed, was: Complaint, mine: Planned | None) -> None:
        told = mine.after if mine else was
        heard = hear(told, placed, self._at)
        self.plan.known.add(key)
        self._recency.hear(was, placed)
        if mine is not None:
            mine.add(heard)
        elif heard.complaint is not was:
            self.plan.complaints[key] = Planned(was, heard.complaint, heard.events)
        self._report.events.update(heard.events)
        self.closing.heard(key, was, heard.complaint, heard.named, placed.row)
        self._report.count_known(placed.row, told, heard.complaint)

    def _compare(self, key: Key, heard: Heard) -> None:
        """Marks a new complaint that looks like one which was typed in by hand; an admin decides."""
        complaint = heard.complaint
        twin = self._twins.get(names.key(complaint.title or ""))
        if twin is None or complaint.tracking_id is None or not may_be_the_same(twin, complaint):
            return
        self._report.twins.append((complaint.tracking_id, str(twin.provisional_id)))
        mark = flag(MAY_BE_SAME, self._at, str(twin.provisional_id))
        marked = changed(complaint, {"flags": (*complaint.flags, mark)})
        self.plan.complaints[key] = Planned(None, marked, heard.events)


def _key(row: RosterRow) -> Key:
    return row.tracking_id or (str(row.title), row.received_on)


def _claims(row: RosterRow) -> tuple[object, ...]:
    """What a row says about a unit's part."""
    return row.status, row.disposed_on, row.responded_on, row.finished_on


def _facts(row: RosterRow) -> tuple[object, ...]:
    """What a row says about the complaint as such: the same in each of its rows."""
    return row.title, row.kind, row.supervised, row.category, row.received_on, row.confidential


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
