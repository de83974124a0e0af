"""What the cells of a LAPOR export mean, column by column. Pure; raises Unreadable where one means nothing."""

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import cast
from urllib.parse import urlsplit

from aspal.core.rows import words
from aspal.core.rows.cells import Unreadable, flag, free_text, quoted, text, word
from aspal.core.rows.dates import read_day
from aspal.core.secrecy import redact
from aspal.core.words import Kind, Status

DAYS = {
    "tgl_masuk": "tanggal laporan",
    "tgl_verifikasi": "tanggal verifikasi",
    "tgl_disposisi": "tanggal disposisi",
    "tgl_tindak_lanjut": "tanggal tindak lanjut",
    "tgl_selesai": "tanggal selesai",
}
_LATER_DAYS = tuple(DAYS)[1:]
Said = tuple[Kind, str | None, bool | None, bool | None, str | None, bool | None]


def status_of(explained: Mapping[str, Status], cell: object) -> Status:
    """LAPOR's word, as an admin has explained it, or as it is known. Raises Unreadable."""
    if not text(cell):
        raise Unreadable("status", "status kosong; isi status laporan seperti tertulis di LAPOR")
    status = word(cell, explained) or word(cell, words.STATUSES)
    if status is None:
        raise Unreadable("status", f"status {quoted(cell)} tidak dikenal; admin perlu menetapkan artinya", held=True)
    return status


def said_by(cells: object) -> Said:
    """What a row says in words that hardly differ from row to row, in one look: kind, supervised, secret, anonymous.

    Behind the kind and behind the secrecy stands a warning. Raises Unreadable.
    """
    jenis, berkadar, rahasia, anonim = cast(tuple[object, ...], cells)
    kind, by_kind, unsaid = _kind(jenis)
    secret, odd = (True, None) if kind is Kind.WHISTLE else _confidential(rahasia)
    return kind, unsaid, _certain(kind, by_kind, berkadar), secret, odd, flag(anonim, words.ANONYMOUS, unknown=True)


def _certain(kind: Kind, by_kind: bool | None, cell: object) -> bool | None:
    """Whether it is berkadar pengawasan; None: the file does not say."""
    if kind is Kind.WHISTLE:
        return True
    by_column = _supervised(cell)
    if by_kind is not None and by_column is not None and by_kind != by_column:
        reason = "klasifikasi dan kadar pengawasan saling bertentangan; admin perlu memastikan yang benar"
        raise Unreadable("berkadar", reason, held=True)
    return by_column if by_kind is None else by_kind


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


def day_of(name: str, today: date, zone: tzinfo, cell: object) -> date | None:
    """The day in that column; none of them lies ahead. Raises Unreadable."""
    try:
        day = read_day(cell, zone)
    except ValueError as error:
        raise Unreadable(name, f"{DAYS[name]} {quoted(cell)}: {error}") from error
    if day and day > today:
        raise Unreadable(name, f"{DAYS[name]} {quoted(cell)} belum terjadi; periksa hari, bulan dan tahun")
    return day


def questioned(received: date, later: tuple[date | None, ...], status: Status) -> tuple[str, ...]:
    """Odd dates are taken as they stand, because LAPOR is the record; but somebody should look."""
    verified, disposed, responded, finished = later
    unfinished = (status is Status.FINISHED) != (finished is not None)
    if not (
        unfinished
        or (verified and verified < received)
        or (disposed and disposed < received)
        or (responded and responded < received)
        or (finished and finished < received)
    ):
        return ()  # most rows; spelled out, because it is asked of each
    warnings = [
        f"{DAYS[name]} lebih awal daripada tanggal laporan; mohon periksa"
        for name, day in zip(_LATER_DAYS, later, strict=True)
        if day and day < received
    ]
    if unfinished and finished is None:
        warnings.append("status selesai tanpa tanggal selesai; lama penyelesaian tidak dapat dihitung")
    elif unfinished:
        warnings.append(f'ada tanggal selesai tetapi statusnya "{status.replace("_", " ")}"; status yang dipakai')
    return tuple(warnings)


def short_text(cell: object) -> str | None:
    """A category, a place."""
    return free_text(cell, 200)


def channel_of(cell: object) -> str | None:
    """By which way the complaint came in."""
    return word(cell, words.CHANNELS) or free_text(cell, 40)


def _confidential(cell: object) -> tuple[bool | None, str | None]:
    found = flag(cell, words.CONFIDENTIAL, unknown=None)
    if found is None and text(cell):
        return True, f"kolom rahasia berisi {quoted(cell)} yang tidak dikenal; dianggap rahasia"
    return found, None


def link_of(cell: object) -> tuple[str | None, str | None]:
    """The complaint's address at LAPOR, and a warning."""
    link = text(cell)
    try:
        usable = not link or (urlsplit(link).scheme in ("http", "https") and len(link) <= 300)
    except ValueError:
        usable = False
    if not usable:
        return None, "tautan bukan alamat http(s); tidak dipakai"
    if redact(link) != link:  # LAPOR's addresses spell the title
        return None, "tautan memuat nomor atau surel orang; tidak dipakai"
    return link or None, None
