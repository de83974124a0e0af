"""Bukti dukung of the yearly evaluation form: what the office keeps for it, and all of it as one archive."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.core.rapor.period import Period
from aspal.core.refused import Refused
from aspal.core.wording import short_date
from aspal.db import Database
from aspal.gateways import documents, documents_zip, media
from aspal.gateways.documents import Column, Progress, Section, quiet
from aspal.gateways.documents_pdf import Letterhead
from aspal.gateways.documents_zip import safe_name
from aspal.records import evidence, journal
from aspal.records.calendar import Calendars
from aspal.records.evidence import Evidence
from aspal.report import period_report, rapor_documents
from aspal.report.period_report import Asked
from aspal.settings import Settings

ASPECTS = {
    "sk_tim": "SK tim pengelola", "rencana_aksi": "Rencana aksi", "sosialisasi": "Sosialisasi",
    "kanal": "Kanal pengaduan", "rapor": "Rekap dan rapor", "lainnya": "Lainnya",
}  # fmt: skip
KEPT = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody typed for one piece of evidence."""

    year: int
    aspect: str
    title: str
    happened_on: date | None = None
    participants: int | None = None
    place: str | None = None


def add(
    db: Database, settings: Settings, entry: Entry, file: tuple[str, bytes] | None, *, now: datetime, by: str
) -> int:
    """Keeps it, the file under a random name after a look at its bytes. Raises Refused."""
    _check(entry, file, now.astimezone(ZoneInfo(settings.office_time_zone)).date())
    columns: dict[str, Any] = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    if file is not None:
        columns |= _keep(settings.media_dir, *file)
    with db.act() as conn:
        number = evidence.put(conn, **columns, added_by=by, added_at=now)
        detail = {"aspect": entry.aspect, "year": entry.year, "title": entry.title, "sha256": columns.get("sha256")}
        journal.append(conn, [journal.Entry(now, by, "evidence.added", f"evidence:{number}", detail)])
    return number


def remove(db: Database, evidence_id: int, *, now: datetime, by: str) -> None:
    """It belongs to the year no more. Raises Refused."""
    with db.act() as conn:
        found = evidence.get(conn, evidence_id)
        if found is None or not evidence.remove(conn, evidence_id, now):
            raise Refused("Bukti dukung ini sudah tidak ada.")
        detail = {"aspect": found.aspect, "year": found.year, "title": found.title}
        journal.append(conn, [journal.Entry(now, by, "evidence.removed", f"evidence:{evidence_id}", detail)])


def _check(entry: Entry, file: tuple[str, bytes] | None, today: date) -> None:
    if entry.aspect not in ASPECTS:
        raise Refused("Pilih jenis bukti dukungnya.")
    if not entry.title.strip():
        raise Refused("Judul atau topik wajib diisi.")
    if entry.aspect == "sosialisasi" and entry.happened_on is None:
        raise Refused("Tanggal sosialisasi wajib diisi.")
    if entry.aspect == "sosialisasi":
        _check_day(entry, today)
    if entry.aspect != "sosialisasi" and file is None:
        raise Refused("Pilih berkasnya lebih dahulu.")


def _check_day(entry: Entry, today: date) -> None:
    day = entry.happened_on
    if day is not None and day > today:
        raise Refused(f"{short_date(day)} belum tiba. Catat sosialisasi setelah dilaksanakan.")
    if day is not None and day.year != entry.year:
        raise Refused(
            f"{short_date(day)} bukan tanggal pada tahun {entry.year}. Periksa tanggalnya, atau buka tahun {day.year} "
            "lebih dahulu."
        )


def _keep(folder: Path, name: str, data: bytes) -> Mapping[str, Any]:
    if media.sniff(data) not in KEPT:
        raise Refused("Jenis berkas tidak diterima. Unggah PDF, foto, atau dokumen Office tanpa makro.")
    try:
        kept = media.keep(data, folder)
    except media.MediaRefused as refused:
        raise Refused(refused.reason) from None
    return {
        "file_name": safe_name(name.rpartition("/")[2])[:200], "path": kept.path, "content_type": kept.content_type,
        "size": kept.size, "sha256": kept.sha256,
    }  # fmt: skip


def archive(
    conn: Connection, calendars: Calendars, folder: Path, year: int, target: Path, role_words: Mapping[str, str],
    head: Letterhead, now: datetime, progress: Progress = quiet,
) -> None:  # fmt: skip
    """One ZIP: an index, the team by its SK, the rapor, and every upload in the folder of its aspect."""
    kept = evidence.of_year(conn, year)
    asked = Asked(Period.of(year))
    found = period_report.compared(conn, calendars, asked, now)
    effects = period_report.reminders(conn, calendars, asked, now)
    progress(40)
    made = target.with_suffix(".xlsx")
    pdf = io.BytesIO()
    try:
        rapor_documents.rapor_xlsx(found, effects, made)
        rapor_documents.rapor_pdf(found, effects, pdf, head)
        progress(70)
        index = target.with_suffix(".index.xlsx")
        rapor = {f"rapor/rapor-{year}.xlsx": made.read_bytes(), f"rapor/rapor-{year}.pdf": pdf.getvalue()}
        files = _files(kept, folder)
        sections = [_index(kept, files, rapor), _team(conn, year, role_words)]
        documents.write_xlsx(index, f"Bukti dukung {year}", sections)
        documents_zip.write(target, [("00-daftar-isi.xlsx", index), *rapor.items(), *files.items()])
    finally:
        made.unlink(missing_ok=True)
        target.with_suffix(".index.xlsx").unlink(missing_ok=True)


def _files(kept: list[Evidence], folder: Path) -> dict[str, Path]:
    return {inside(one): folder / one.path for one in kept if one.path and (folder / one.path).is_file()}


def inside(one: Evidence) -> str:
    """Where an upload lies in the archive."""
    return f"{one.aspect}/{one.id:04d}-{one.file_name}"


def _index(kept: list[Evidence], files: Mapping[str, Path], rapor: Mapping[str, bytes]) -> Section:
    """Every file of the archive but this one, and the lines of the log that have none."""
    columns = (
        Column("jenis", "Jenis", 22), Column("judul", "Judul atau topik", 50), Column("tanggal", "Tanggal", 20),
        Column("peserta", "Peserta"), Column("tempat", "Tempat", 24), Column("berkas", "Berkas", 44),
        Column("sha256", "SHA-256", 66),
    )  # fmt: skip
    rows = [
        {"jenis": ASPECTS[one.aspect], "judul": one.title, "peserta": one.participants, "tempat": one.place or "",
         "tanggal": _day(one.happened_on), "sha256": one.sha256 or "",
         "berkas": inside(one) if inside(one) in files else "(berkas tidak ditemukan)" if one.path else ""}
        for one in kept
    ]  # fmt: skip
    made = [
        {"jenis": ASPECTS["rapor"], "judul": "Rapor setahun, dibuat bersama arsip ini", "peserta": None, "tempat": "",
         "tanggal": "", "sha256": sha256(data).hexdigest(), "berkas": name}
        for name, data in rapor.items()
    ]  # fmt: skip
    return Section("Daftar isi", columns, [*rows, *made])


def _team(conn: Connection, year: int, role_words: Mapping[str, str]) -> Section:
    columns = (
        Column("nama", "Nama", 32), Column("jabatan", "Jabatan", 30), Column("peran", "Peran", 24),
        Column("opd", "OPD", 36), Column("sk", "Nomor SK", 26), Column("tanggal", "Tanggal SK", 20),
        Column("mulai", "Berlaku mulai", 20), Column("sampai", "Berlaku sampai", 20),
    )  # fmt: skip
    rows = [
        {"nama": one.name, "jabatan": one.position or "", "peran": role_words.get(one.role, one.role), "opd": one.unit,
         "sk": one.sk_number or "", "tanggal": _day(one.sk_date), "mulai": _day(one.valid_from),
         "sampai": _day(one.valid_until)}
        for one in evidence.team(conn, date(year, 1, 1), date(year, 12, 31))
    ]  # fmt: skip
    return Section("Tim menurut SK", columns, rows, "Dari direktori: penugasan yang berlaku pada tahun ini.")


def _day(day: date | None) -> str:
    return short_date(day) if day else ""
