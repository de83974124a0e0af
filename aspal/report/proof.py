"""The proof file of one complaint: its timeline as a PDF, and the evidence that came with it, in one archive."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from aspal.core.secrecy import redact
from aspal.core.wording import long_moment, short_date
from aspal.gateways import documents_pdf, documents_zip
from aspal.gateways.documents import Column, Section
from aspal.gateways.documents_pdf import Letterhead
from aspal.records import browse, dossier, evidence
from aspal.records.browse import ComplaintRow
from aspal.records.dossier import Told
from aspal.records.evidence import Attachment
from aspal.settings import Settings

Line = tuple[datetime, str]
_ENDED = {"failed": "gagal", "cancelled": "dibatalkan", "unknown": "belum pasti terkirim"}
FOOTER = "Dibuat oleh ASPAL dari jurnal yang tidak dapat diubah diam-diam"


def write(
    conn: Connection, settings: Settings, complaint_id: int, lines: Iterable[Line], target: Path | BinaryIO,
    now: datetime,
) -> str | None:  # fmt: skip
    """The archive's name; None when there is no such complaint. `lines`: what the journal says, as sentences.

    It holds message texts and evidence, so only who may read these may be given it.
    """
    row = browse.complaint(conn, complaint_id)
    if row is None:
        return None
    ids = dossier.family(conn, row.id)
    kept, zone = evidence.attachments(conn, ids), settings.office_time_zone
    moments = sorted([*lines, *_messages(conn, ids, zone), *_notes(conn, ids)], key=lambda moment: moment[0])
    pdf, head = io.BytesIO(), Letterhead(office=settings.office_name)
    documents_pdf.write_report(
        pdf, f"Berkas bukti laporan {row.number}", _facts(row, long_moment(now, zone)),
        [_parts(row), _timeline(moments, zone), _evidence(kept)], footer=FOOTER, head=head,
    )  # fmt: skip
    documents_zip.write(target, _entries(pdf.getvalue(), kept, settings.media_dir))
    return f"bukti-{row.number}.zip"


def _entries(pdf: bytes, kept: Sequence[Attachment], folder: Path) -> Iterable[tuple[str, bytes | Path]]:
    yield "kronologi.pdf", pdf
    for one in kept:
        path = folder / one.path
        if path.is_file():
            yield _name(one), path


def _name(one: Attachment) -> str:
    return f"bukti/{one.id:05d}{Path(one.path).suffix}"


def _facts(row: ComplaintRow, made: str) -> list[str]:
    secret = "Laporan ini rahasia: berkas ini hanya untuk yang berwenang." if row.confidential else ""
    title = "" if row.secret else f"Judul: {row.title or '-'}"
    facts = [
        title, f"Jenis: {row.kind.replace('_', ' ')}. Status: {row.status.replace('_', ' ')}.",
        f"Diterima {short_date(row.received_on)}. Berkas dibuat {made}.", secret,
    ]  # fmt: skip
    return [line for line in facts if line]


def _parts(row: ComplaintRow) -> Section:
    columns = (
        Column("opd", "OPD", 50), Column("disposisi", "Disposisi", 20), Column("status", "Status", 26),
        Column("janji", "Janji", 20),
    )  # fmt: skip
    rows = [
        {"opd": part.unit, "disposisi": short_date(part.disposed_on),
         "status": part.status.replace("_", " ") + (" (berakhir)" if part.ended else ""),
         "janji": short_date(part.promise_until) if part.promise_until else "-"}
        for part in row.parts
    ]  # fmt: skip
    return Section("Disposisi", columns, rows)


def _timeline(moments: Sequence[Line], zone: str) -> Section:
    columns = (Column("waktu", "Waktu", 26), Column("kejadian", "Kejadian", 90))
    return Section("Kronologi", columns, [{"waktu": long_moment(at, zone), "kejadian": text} for at, text in moments])


def _evidence(kept: Sequence[Attachment]) -> Section:
    columns = (Column("berkas", "Berkas", 26), Column("jenis", "Jenis", 30), Column("sha256", "SHA-256", 60))
    rows = [{"berkas": _name(one), "jenis": one.content_type, "sha256": one.sha256} for one in kept]
    return Section("Bukti", columns, rows)


def _messages(conn: Connection, ids: Sequence[int], zone: str) -> list[Line]:
    return [
        (one.at, f"Pesan kepada {one.to or 'penerima'} ({_way(one, zone)}): {one.text}")
        for one in dossier.told(conn, ids)
    ]


def _way(one: Told, zone: str) -> str:
    """How far a message has come, each step with its time."""
    steps = (("terkirim", one.accepted_at), ("sampai", one.delivered_at), ("dibaca", one.read_at))
    passed = [f"{word} {long_moment(at, zone)}" for word, at in steps if at]
    return ", ".join([*passed, *([_ENDED[one.state]] if one.state in _ENDED else [])]) or "belum terkirim"


def _notes(conn: Connection, ids: Sequence[int]) -> list[Line]:
    return [(one.at, f"{one.by} menulis: {redact(one.text)}") for one in dossier.said(conn, ids)]
