"""What one row of a LAPOR export says. Pure: a row is understood, or it has a problem with a reason; never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from urllib.parse import urlsplit

from aspal.core import rows_words as words
from aspal.core.columns import fold
from aspal.core.rows_cells import Unreadable, flag, free_text, quoted, text, tracking_id, units, word
from aspal.core.rows_dates import WIB, read_day
from aspal.core.words import Kind, Status

NO_WORDS: Mapping[str, Status] = {}
_ON_A_DESK = {Status.OPEN, Status.IN_PROCESS}  # these need a unit that is chased


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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


def roster_row(
    cells: Cells, statuses: Mapping[str, Status] = NO_WORDS, *, today: date, zone: tzinfo = WIB
) -> RosterRow | RowProblem:
    """Reads one row. `statuses` are the words that an admin has explained for this layout of file."""
    try:
        return _read(cells, statuses, today, zone)
    except Unreadable as problem:
        kept = {name: _kept(name, value, zone) for name, value in cells.values.items()}
        return RowProblem(cells.number, problem.column, problem.reason, problem.held, kept)


def _kept(name: str, value: object, zone: tzinfo) -> str:
    """A cell that can be stored and read again. In a shifted row, personal data may stand in any column."""
    try:
        if name == "tracking_id":
            return tracking_id(value) or ""
        if name in _DAYS:
            return text(read_day(value, zone))
    except (Unreadable, ValueError):
        pass
    return free_text(value, 1000) or ""


def _read(cells: Cells, statuses: Mapping[str, Status], today: date, zone: tzinfo) -> RosterRow:
    if cells.problem:
        raise Unreadable(None, cells.problem)
    values = cells.values
    warnings: list[str] = []
    status = _status(values.get("status"), statuses)
    number = tracking_id(values.get("tracking_id"))
    if number is None and status is not Status.UNVERIFIED:
        raise Unreadable(
            "tracking_id",
            "Tracking ID kosong; hanya laporan belum terverifikasi yang boleh tanpa nomor. Bila baris ini lanjutan "
            "laporan di atasnya (sel gabung), isi Tracking ID yang sama",
        )
    kind, supervised = _kind(values, warnings)
    days = {name: _day(values, name, today, zone) for name in _DAYS}
    received = days.pop("tgl_masuk")
    if received is None:
        raise Unreadable("tgl_masuk", "tanggal laporan kosong; isi hari/bulan/tahun, misalnya 22/11/2024")
    names = units(values.get("opd"))
    if not names and status in _ON_A_DESK:
        raise Unreadable("opd", f'instansi kosong padahal statusnya "{status}"; isi instansi terdisposisi')
    _question_days(received, days, status, warnings)
    return RosterRow(
        number=cells.number,
        tracking_id=number,
        title=free_text(values.get("judul"), 200),
        kind=kind,
        kind_assumed=not text(values.get("jenis")),
        supervised=supervised,
        category=free_text(values.get("kategori"), 200),
        units=names,
        status=status,
        received_on=received,
        verified_on=days["tgl_verifikasi"],
        disposed_on=days["tgl_disposisi"],
        responded_on=days["tgl_tindak_lanjut"],
        finished_on=days["tgl_selesai"],
        channel=word(values.get("kanal"), words.CHANNELS) or free_text(values.get("kanal"), 40),
        location=free_text(values.get("lokasi"), 200),
        confidential=True if kind is Kind.WHISTLE else _confidential(values.get("rahasia"), warnings),
        anonymous=flag(values.get("anonim"), words.ANONYMOUS, unknown=True),
        link=_link(values.get("tautan"), warnings),
        warnings=tuple(warnings),
    )


def _status(value: object, explained: Mapping[str, Status]) -> Status:
    if not text(value):
        raise Unreadable("status", "status kosong; isi status laporan seperti tertulis di LAPOR")
    explained = {fold(known): meaning for known, meaning in explained.items()} if explained else explained
    status = word(value, explained) or word(value, words.STATUSES)
    if status is None:
        raise Unreadable("status", f"status {quoted(value)} tidak dikenal; admin perlu menetapkan artinya", held=True)
    return status


def _kind(values: Mapping[str, object], warnings: list[str]) -> tuple[Kind, bool | None]:
    kind, by_kind = Kind.COMPLAINT, None
    if not text(values.get("jenis")):
        warnings.append("klasifikasi kosong; dianggap pengaduan")
    elif found := word(values.get("jenis"), words.KINDS):
        kind, by_kind = found
    else:
        reason = f"klasifikasi {quoted(values.get('jenis'))} tidak dikenal; admin perlu menetapkan artinya"
        raise Unreadable("jenis", reason, held=True)
    if kind is Kind.WHISTLE:
        return kind, True
    by_column = flag(values.get("berkadar"), words.SUPERVISED, unknown=None)
    if by_column is None and text(values.get("berkadar")):
        # Taken for "no", it could warn the very official who is complained about.
        reason = f"kadar pengawasan {quoted(values.get('berkadar'))} tidak dikenal; tulis Ya atau Tidak"
        raise Unreadable("berkadar", reason, held=True)
    if by_kind is not None and by_column is not None and by_kind != by_column:
        reason = "klasifikasi dan kadar pengawasan saling bertentangan; admin perlu memastikan yang benar"
        raise Unreadable("berkadar", reason, held=True)
    return kind, by_column if by_kind is None else by_kind


_DAYS = {
    "tgl_masuk": "tanggal laporan",
    "tgl_verifikasi": "tanggal verifikasi",
    "tgl_disposisi": "tanggal disposisi",
    "tgl_tindak_lanjut": "tanggal tindak lanjut",
    "tgl_selesai": "tanggal selesai",
}


def _day(values: Mapping[str, object], name: str, today: date, zone: tzinfo) -> date | None:
    try:
        day = read_day(values.get(name), zone)
    except ValueError as error:
        raise Unreadable(name, f"{_DAYS[name]} {quoted(values.get(name))}: {error}") from error
    if day and day > today:
        raise Unreadable(name, f"{_DAYS[name]} {quoted(values.get(name))} belum terjadi; periksa hari, bulan dan tahun")
    return day


def _question_days(received: date, days: Mapping[str, date | None], status: Status, warnings: list[str]) -> None:
    """Odd dates are taken as they stand, because LAPOR is the record; but somebody should look."""
    for name, day in days.items():
        if day and day < received:
            warnings.append(f"{_DAYS[name]} lebih awal daripada tanggal laporan; mohon periksa")
    if status is Status.FINISHED and days["tgl_selesai"] is None:
        warnings.append("status selesai tanpa tanggal selesai; lama penyelesaian tidak dapat dihitung")
    if status is not Status.FINISHED and days["tgl_selesai"] is not None:
        warnings.append(f'ada tanggal selesai tetapi statusnya "{status}"; status yang dipakai')


def _confidential(value: object, warnings: list[str]) -> bool | None:
    found = flag(value, words.CONFIDENTIAL, unknown=None)
    if found is None and text(value):
        warnings.append(f"kolom rahasia berisi {quoted(value)} yang tidak dikenal; dianggap rahasia")
        return True
    return found


def _link(value: object, warnings: list[str]) -> str | None:
    link = text(value)
    try:
        usable = not link or (urlsplit(link).scheme in ("http", "https") and len(link) <= 300)
    except ValueError:
        usable = False
    if not usable:
        warnings.append("tautan bukan alamat http(s); tidak dipakai")
    return link if link and usable else None
