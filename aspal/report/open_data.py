"""The complaints of a period as data files for Satu Data, row by row, with their dictionary. Nothing personal: a
confidential complaint, and one about officials, is a number, a status and days."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from aspal.db import Database
from aspal.gateways.spreadsheets import harmless
from aspal.records.figures import open_data
from aspal.report.period_report import Asked

# Column -> what it means, in the order of the rows. The data dictionary is made of this, so that it cannot be wrong.
COLUMNS: Mapping[str, str] = {
    "nomor_laporan": "Nomor laporan di SP4N-LAPOR! (Tracking ID), atau nomor sementara MAN-tahun-urut.",
    "judul": "Judul laporan; kosong bila rahasia atau menyangkut pengawasan.",
    "jenis": "pengaduan, aspirasi, permintaan_informasi; kosong bila rahasia.",
    "kategori": "Kategori menurut LAPOR; kosong bila rahasia atau tidak disebut.",
    "kanal": "Kanal masuk: website, sms, android, ios, twitter, whatsapp, manual; kosong bila rahasia.",
    "anonim": "ya bila pelapor menyembunyikan identitasnya; kosong bila rahasia.",
    "opd": "Perangkat daerah yang menangani, dipisah titik koma; kosong bila rahasia atau belum disposisi.",
    "status": "belum_terverifikasi, belum_ditindaklanjuti, proses, selesai, ditunda, diarsipkan, "
    "bukan_kewenangan; unduhan satu OPD: status bagian OPD itu.",
    "tanggal_masuk": "Hari laporan masuk (TTTT-BB-HH).",
    "tanggal_verifikasi": "Hari laporan diverifikasi, bila tercatat.",
    "tanggal_tindak_lanjut": "Hari tindak lanjut pertama, bila tercatat; unduhan satu OPD: oleh OPD itu.",
    "tanggal_selesai": "Hari laporan selesai, bila tercatat.",
    "rahasia": "ya bila rincian laporan tidak boleh dibuka.",
}
_FLAGS = ("anonim", "rahasia")
_YES_NO = {True: "ya", False: "tidak"}


def as_csv(db: Database, asked: Asked) -> Iterator[str]:
    """Semicolons and a byte order mark, as Indonesian Excel opens it; streamed."""
    yield "\ufeff" + _lines([[*COLUMNS]])
    with db.read() as conn:
        for page in open_data.rows(conn, asked.scope):
            columns = zip(COLUMNS, zip(*page, strict=True), strict=True)
            yield _lines(zip(*(_words(name, cells) for name, cells in columns), strict=True))


def as_json(db: Database, asked: Asked) -> Iterator[str]:
    """One object: what it is, the dictionary, the rows; streamed."""
    head = {"nama": "Laporan SP4N-LAPOR!", "periode": asked.period.label, "kamus": dictionary()}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "data": ['
    joint, encode = "", json.JSONEncoder(ensure_ascii=False, default=date.isoformat).encode
    with db.read() as conn:
        for page in open_data.rows(conn, asked.scope):
            yield joint + ",\n".join(encode(dict(zip(COLUMNS, row, strict=True))) for row in page)
            joint = ",\n"
    yield "]}\n"


def dictionary() -> list[dict[str, str]]:
    """The data dictionary."""
    return [{"kolom": name, "arti": meaning} for name, meaning in COLUMNS.items()]


def dictionary_csv() -> str:
    """The data dictionary as a file of its own."""
    return "\ufeff" + _lines([("kolom", "arti"), *COLUMNS.items()])


def _lines(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _words(name: str, cells: Iterable[Any]) -> Iterable[Any]:
    """A column's cells where csv itself would not write them so: days it does, and nothing for None."""
    if name.startswith("tanggal_"):
        return cells
    return map(_YES_NO.get, cells) if name in _FLAGS else map(harmless, cells)
