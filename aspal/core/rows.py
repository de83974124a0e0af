"""What one row of a LAPOR export says. Pure: a row is understood, or it has a problem with a reason; never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import partial
from urllib.parse import urlsplit

from aspal.core import rows_words as words
from aspal.core.columns import fold
from aspal.core.rows_cells import Unreadable, flag, free_text, quoted, text, tracking_id, units, word
from aspal.core.rows_dates import WIB, read_day
from aspal.core.values import Remembered, value
from aspal.core.words import Kind, Status

NO_WORDS: Mapping[str, Status] = {}
_ON_A_DESK = {Status.OPEN, Status.IN_PROCESS}  # these need a unit that is chased
_DAYS = {
    "tgl_masuk": "tanggal laporan",
    "tgl_verifikasi": "tanggal verifikasi",
    "tgl_disposisi": "tanggal disposisi",
    "tgl_tindak_lanjut": "tanggal tindak lanjut",
    "tgl_selesai": "tanggal selesai",
}
_LATER_DAYS = tuple(_DAYS)[1:]
_NUMBERLESS = (
    "Tracking ID kosong; hanya laporan belum terverifikasi yang boleh tanpa nomor. Bila baris ini lanjutan "
    "laporan di atasnya (sel gabung), isi Tracking ID yang sama"
)


@value
class Cells:
    """One row as read, by canonical column. Personal columns are not in it."""

    number: int  # as the office sees it in its spreadsheet, from 1
    values: Mapping[str, object]
    problem: str | None = None  # the row could not even be cut into cells


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
        self._status = Remembered(partial(_status, explained))
        self._kind = Remembered(_kind)
        self._supervised = Remembered(_supervised)
        self._received, *self._later = (Remembered(partial(_day, name, today, zone)) for name in _DAYS)
        self._units = Remembered(units)
        self._category, self._location = Remembered(_short_text), Remembered(_short_text)
        self._channel = Remembered(_channel)
        self._confidential, self._anonymous = Remembered(_confidential), Remembered(_anonymous)
        self._link = Remembered(_link)

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
        cell = cells.values.get
        status = self._status[cell("status")]
        number = tracking_id(cell("tracking_id"))
        if number is None and status is not Status.UNVERIFIED:
            raise Unreadable("tracking_id", _NUMBERLESS)
        kind, by_kind, unsaid = self._kind[cell("jenis")]
        supervised = self._certain(kind, by_kind, cell("berkadar"))
        received = self._received[cell("tgl_masuk")]
        verified, disposed, responded, finished = self._later
        later = (
            verified[cell("tgl_verifikasi")],
            disposed[cell("tgl_disposisi")],
            responded[cell("tgl_tindak_lanjut")],
            finished[cell("tgl_selesai")],
        )
        if received is None:
            raise Unreadable("tgl_masuk", "tanggal laporan kosong; isi hari/bulan/tahun, misalnya 22/11/2024")
        named = self._units[cell("opd")]
        if not named and status in _ON_A_DESK:
            raise Unreadable("opd", f'instansi kosong padahal statusnya "{status}"; isi instansi terdisposisi')
        link, odd_link = self._link[cell("tautan")]
        secret, odd_secret = (True, None) if kind is Kind.WHISTLE else self._confidential[cell("rahasia")]
        warnings = _questioned(received, later, status)
        if unsaid or odd_secret or odd_link:
            warnings = tuple(filter(None, (unsaid, *warnings, odd_secret, odd_link)))
        return RosterRow(
            number=cells.number,
            tracking_id=number,
            title=free_text(cell("judul"), 200),
            kind=kind,
            kind_assumed=unsaid is not None,
            supervised=supervised,
            category=self._category[cell("kategori")],
            units=named,
            status=status,
            received_on=received,
            verified_on=later[0],
            disposed_on=later[1],
            responded_on=later[2],
            finished_on=later[3],
            channel=self._channel[cell("kanal")],
            location=self._location[cell("lokasi")],
            confidential=secret,
            anonymous=self._anonymous[cell("anonim")],
            link=link,
            warnings=warnings,
        )

    def _certain(self, kind: Kind, by_kind: bool | None, cell: object) -> bool | None:
        """Whether it is berkadar pengawasan; None: the file does not say."""
        if kind is Kind.WHISTLE:
            return True
        by_column = self._supervised[cell]
        if by_kind is not None and by_column is not None and by_kind != by_column:
            reason = "klasifikasi dan kadar pengawasan saling bertentangan; admin perlu memastikan yang benar"
            raise Unreadable("berkadar", reason, held=True)
        return by_column if by_kind is None else by_kind


def _kept(name: str, cell: object, zone: tzinfo) -> str:
    """A cell that can be stored and read again. In a shifted row, personal data may stand in any column."""
    try:
        if name == "tracking_id":
            return tracking_id(cell) or ""
        if name in _DAYS:
            return text(read_day(cell, zone))
    except (Unreadable, ValueError):
        pass
    return free_text(cell, 1000) or ""


def _status(explained: Mapping[str, Status], cell: object) -> Status:
    if not text(cell):
        raise Unreadable("status", "status kosong; isi status laporan seperti tertulis di LAPOR")
    status = word(cell, explained) or word(cell, words.STATUSES)
    if status is None:
        raise Unreadable("status", f"status {quoted(cell)} tidak dikenal; admin perlu menetapkan artinya", held=True)
    return status


def _kind(cell: object) -> tuple[Kind, bool | None, str | None]:
    """The kind, whether it says berkadar pengawasan, and a warning."""
    if not text(cell):
        return Kind.COMPLAINT, None, "klasifikasi kosong; dianggap pengaduan"
    if found := word(cell, words.KINDS):
        return *found, None
    reason = f"klasifikasi {quoted(cell)} tidak dikenal; admin perlu menetapkan artinya"
    raise Unreadable("jenis", reason, held=True)


def _supervised(cell: object) -> bool | None:
    found = flag(cell, words.SUPERVISED, unknown=None)
    if found is None and text(cell):
        # Taken for "no", it could warn the very official who is complained about.
        reason = f"kadar pengawasan {quoted(cell)} tidak dikenal; tulis Ya atau Tidak"
        raise Unreadable("berkadar", reason, held=True)
    return found


def _day(name: str, today: date, zone: tzinfo, cell: object) -> date | None:
    try:
        day = read_day(cell, zone)
    except ValueError as error:
        raise Unreadable(name, f"{_DAYS[name]} {quoted(cell)}: {error}") from error
    if day and day > today:
        raise Unreadable(name, f"{_DAYS[name]} {quoted(cell)} belum terjadi; periksa hari, bulan dan tahun")
    return day


def _questioned(received: date, later: tuple[date | None, ...], status: Status) -> tuple[str, ...]:
    """Odd dates are taken as they stand, because LAPOR is the record; but somebody should look."""
    finished = later[-1]
    unfinished = (status is Status.FINISHED) != (finished is not None)
    if not unfinished and not [day for day in later if day and day < received]:
        return ()
    warnings = [
        f"{_DAYS[name]} lebih awal daripada tanggal laporan; mohon periksa"
        for name, day in zip(_LATER_DAYS, later, strict=True)
        if day and day < received
    ]
    if unfinished and finished is None:
        warnings.append("status selesai tanpa tanggal selesai; lama penyelesaian tidak dapat dihitung")
    elif unfinished:
        warnings.append(f'ada tanggal selesai tetapi statusnya "{status}"; status yang dipakai')
    return tuple(warnings)


def _short_text(cell: object) -> str | None:
    return free_text(cell, 200)


def _channel(cell: object) -> str | None:
    return word(cell, words.CHANNELS) or free_text(cell, 40)


def _confidential(cell: object) -> tuple[bool | None, str | None]:
    found = flag(cell, words.CONFIDENTIAL, unknown=None)
    if found is None and text(cell):
        return True, f"kolom rahasia berisi {quoted(cell)} yang tidak dikenal; dianggap rahasia"
    return found, None


def _anonymous(cell: object) -> bool | None:
    return flag(cell, words.ANONYMOUS, unknown=True)


def _link(cell: object) -> tuple[str | None, str | None]:
    link = text(cell)
    try:
        usable = not link or (urlsplit(link).scheme in ("http", "https") and len(link) <= 300)
    except ValueError:
        usable = False
    return link if link and usable else None, None if usable else "tautan bukan alamat http(s); tidak dipakai"
