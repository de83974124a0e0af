"""What one row of a LAPOR export says. Pure: a row is understood, or it has a problem with a reason; never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import partial
from operator import itemgetter

from aspal.core.columns import fold
from aspal.core.rows.cells import Unreadable, free_text, text, tracking_id, units
from aspal.core.rows.dates import WIB, read_day
from aspal.core.rows.meaning import DAYS, channel_of, day_of, link_of, questioned, said_by, short_text, status_of
from aspal.core.values import Remembered, value
from aspal.core.words import Kind, Status

NO_WORDS: Mapping[str, Status] = {}
_ON_A_DESK = {Status.OPEN, Status.IN_PROCESS}  # these need a unit that is chased
# The columns in the order in which `RosterReader` takes them.
_COLUMNS = (
    "status", "tracking_id", "judul", "kategori", "kanal", "lokasi", "tautan", "opd", *DAYS,
    "jenis", "berkadar", "rahasia", "anonim",
)  # fmt: skip
_NUMBERLESS = (
    "Tracking ID kosong; hanya laporan belum terverifikasi yang boleh tanpa nomor. Bila baris ini lanjutan "
    "laporan di atasnya (sel gabung), isi Tracking ID yang sama"
)


@value
class Cells:
    """One row as read, by canonical column. Personal columns are not in it.

    The rows of a file share their names, so that cells are found by their place instead of by name, row after row.
    """

    number: int  # as the office sees it in its spreadsheet, from 1
    names: tuple[str, ...]
    cells: tuple[object, ...]  # one for each name
    problem: str | None = None  # the row could not even be cut into cells

    @classmethod
    def of(cls, number: int, values: Mapping[str, object], problem: str | None = None) -> "Cells":
        """A row that stands alone."""
        return cls(number, tuple(values), tuple(values.values()), problem)

    @property
    def values(self) -> dict[str, object]:
        """The cells by their names."""
        return dict(zip(self.names, self.cells, strict=True))


@dataclass(frozen=True)
class RowProblem:
    """A row that is not imported, and what to do about it."""

    number: int
    column: str | None
    reason: str
    held: bool  # waits for an admin; False: the office corrects its file
    cells: Mapping[str, str]  # enough to read the row again once an admin has settled the matter


@value
class RosterRow:
    """One complaint, or one unit's part of it: several rows may carry the same tracking id."""

    number: int
    tracking_id: str | None  # None only while LAPOR has not verified it
    title: str | None
    kind: Kind
    kind_assumed: bool
    supervised: bool | None  # berkadar pengawasan; None: the file does not say
    category: str | None
    units: tuple[str, ...]
    status: Status
    received_on: date
    verified_on: date | None
    disposed_on: date | None
    responded_on: date | None
    finished_on: date | None
    channel: str | None
    location: str | None
    confidential: bool | None  # None: the file does not say
    anonymous: bool | None
    link: str | None
    warnings: tuple[str, ...] = field(default=())


class RosterReader:
    """Reads the rows of one file. `statuses` are the words that an admin has explained for this layout of file."""

    def __init__(self, statuses: Mapping[str, Status] = NO_WORDS, *, today: date, zone: tzinfo = WIB) -> None:
        self._zone = zone
        explained = {fold(known): meaning for known, meaning in statuses.items()}
        self._status = Remembered(partial(status_of, explained))
        self._said = Remembered(said_by)
        self._received, *self._later = (Remembered(partial(day_of, name, today, zone)) for name in DAYS)
        self._units = Remembered(units)
        self._category, self._location = Remembered(short_text), Remembered(short_text)
        self._channel = Remembered(channel_of)
        self._link = Remembered(link_of)
        self._names: tuple[str, ...] | None = None  # of the newest row

    def read(self, cells: Cells) -> RosterRow | RowProblem:
        """What the row says, or what is in the way."""
        try:
            return self._read(cells)
        except Unreadable as problem:
            kept = {name: _kept(name, cell, self._zone) for name, cell in cells.values.items()}
            return RowProblem(cells.number, problem.column, problem.reason, problem.held, kept)

    def _read(self, cells: Cells) -> RosterRow:
        if cells.problem:
            raise Unreadable(None, cells.problem)
        (
            said, its_number, judul, kategori, kanal, lokasi, tautan, opd, masuk, verifikasi, disposisi, tindak_lanjut,
            selesai, jenis, berkadar, rahasia, anonim,
        ) = self._in_order(cells)  # fmt: skip
        status = self._status[said]
        number = tracking_id(its_number)
        if number is None and status is not Status.UNVERIFIED:
            raise Unreadable("tracking_id", _NUMBERLESS)
        kind, unsaid, supervised, secret, odd_secret, anonymous = self._said[jenis, berkadar, rahasia, anonim]
        received = self._received[masuk]
        verified, disposed, responded, finished = self._later
        later = verified[verifikasi], disposed[disposisi], responded[tindak_lanjut], finished[selesai]
        if received is None:
            raise Unreadable("tgl_masuk", "tanggal laporan kosong; isi hari/bulan/tahun, misalnya 22/11/2024")
        named = self._units[opd]
        if not named and status in _ON_A_DESK:
            reason = f'instansi kosong padahal statusnya "{status.replace("_", " ")}"; isi instansi terdisposisi'
            raise Unreadable("opd", reason)
        link, odd_link = self._link[tautan]
        warnings = questioned(received, later, status)
        if unsaid or odd_secret or odd_link:
            warnings = tuple(filter(None, (unsaid, *warnings, odd_secret, odd_link)))
        return RosterRow(
            cells.number,
            number,
            free_text(judul, 200),
            kind,
            unsaid is not None,
            supervised,
            self._category[kategori],
            named,
            status,
            received,
            *later,
            self._channel[kanal],
            self._location[lokasi],
            secret,
            anonymous,
            link,
            warnings,
        )

    def _in_order(self, cells: Cells) -> tuple[object, ...]:
        """The cells as `_read` takes them, None for a column that is not there."""
        if cells.names is not self._names:
            self._names, nowhere = cells.names, len(cells.names)
            places = {name: place for place, name in enumerate(cells.names)}
            self._pick = itemgetter(*(places.get(name, nowhere) for name in _COLUMNS))
        picked: tuple[object, ...] = self._pick((*cells.cells, None))
        return picked


def _kept(name: str, cell: object, zone: tzinfo) -> str:
    """A cell that can be stored and read again. In a shifted row, personal data may stand in any column."""
    try:
        if name == "tracking_id":
            return tracking_id(cell) or ""
        if name in DAYS:
            return text(read_day(cell, zone))
    except (Unreadable, ValueError):
        pass
    return free_text(cell, 1000) or ""
