"""The complaints of a period as data files for Satu Data, row by row, with their dictionary. Nothing personal: a
confidential complaint, and one about officials, is a number, a status and days."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from aspal.db import Database
from aspal.flow.report import Asked
from aspal.gateways.spreadsheets import Cell, harmless
from aspal.records.figures import open_data

# Column -> (what the records call it, what it means). The data dictionary is made of this, so that it cannot be wrong.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "nomor_laporan": ("number", "Nomor laporan di SP4N-LAPOR! (Tracking ID), atau nomor sementara MAN-tahun-urut."),
    "judul": ("title", "Judul laporan; kosong bila rahasia atau menyangkut pengawasan."),
    "jenis": ("kind", "pengaduan, aspirasi, permintaan_informasi; kosong bila rahasia."),
    "kategori": ("category", "Kategori menurut LAPOR; kosong bila rahasia atau tidak disebut."),
    "kanal": ("channel", "Kanal masuk: website, sms, android, ios, twitter, whatsapp, manual; kosong bila rahasia."),
    "anonim": ("anonymous", "ya bila pelapor menyembunyikan identitasnya; kosong bila rahasia."),
    "opd": ("unit", "Perangkat daerah yang menangani, dipisah titik koma; kosong bila rahasia atau belum disposisi."),
    "status": (
        "status",
        "belum_terverifikasi, belum_ditindaklanjuti, proses, selesai, ditunda, diarsipkan, bukan_kewenangan.",
    ),
    "tanggal_masuk": ("received_on", "Hari laporan masuk (TTTT-BB-HH)."),
    "tanggal_verifikasi": ("verified_on", "Hari laporan diverifikasi, bila tercatat."),
    "tanggal_tindak_lanjut": ("responded_on", "Hari tindak lanjut pertama, bila tercatat."),
    "tanggal_selesai": ("finished_on", "Hari laporan selesai, bila tercatat."),
    "rahasia": ("secret", "ya bila rincian laporan tidak boleh dibuka."),
}


def as_csv(db: Database, asked: Asked) -> Iterator[str]:
    """Semicolons and a byte order mark, as Indonesian Excel opens it; streamed."""
    yield "\ufeff" + _line([*COLUMNS])
    with db.read() as conn:
        for row in open_data.rows(conn, asked.scope):
            yield _line([harmless(_word(row[source])) for source, _ in COLUMNS.values()])


def as_json(db: Database, asked: Asked) -> Iterator[str]:
    """One object: what it is, the dictionary, the rows; streamed."""
    head = {"nama": "Laporan SP4N-LAPOR!", "periode": asked.period.label, "kamus": dictionary()}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "data": ['
    joint = ""
    with db.read() as conn:
        for row in open_data.rows(conn, asked.scope):
            told = {name: _value(row[source]) for name, (source, _) in COLUMNS.items()}
            yield joint + json.dumps(told, ensure_ascii=False)
            joint = ",\n"
    yield "]}\n"


def dictionary() -> list[dict[str, str]]:
    """The data dictionary."""
    return [{"kolom": name, "arti": meaning} for name, (_, meaning) in COLUMNS.items()]


def dictionary_csv() -> str:
    """The data dictionary as a file of its own."""
    return "\ufeff" + _line(("kolom", "arti")) + "".join(_line((name, told)) for name, (_, told) in COLUMNS.items())


def _line(cells: Sequence[Cell]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
