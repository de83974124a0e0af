"""Which column of an office's file is which: header words, personal columns, the layout of a file. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache


def fold(text: object) -> str:
    """Letters and digits only, lower case: "Tgl. Lapor", "tgl_lapor" and "TGL LAPOR" are one word."""
    return _fold(str(text))


@lru_cache(maxsize=4096)  # the columns of a file repeat the same few words
def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _words(**lines: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(word.strip() for word in line.split("|")) for name, line in lines.items()}


@dataclass(frozen=True)
class Columns:
    """What one kind of file may contain. When one file has two words for a column, the one named first here wins."""

    required: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]
    personal: re.Pattern[str]  # folded headers whose values are never read


# The report's own text counts as personal: nothing needs it, and reporters write their names and numbers into it.
ROSTER = Columns(
    required=("tracking_id", "status", "tgl_masuk"),
    aliases=_words(
        tracking_id="Tracking ID|ID Laporan|No Laporan|Nomor Laporan|No Tiket|Nomor Tiket|Kode Laporan|No Tracking"
        "|Nomor Tracking|ID Aduan|No Aduan|Nomor Aduan|No Pengaduan|Nomor Pengaduan|Kode Aduan|ID Tiket|Kode Tiket|ID",
        judul="Judul Laporan|Judul|Judul Aduan|Judul Pengaduan|title|Perihal|Subjek",
        jenis="Klasifikasi Laporan|Klasifikasi|Jenis Laporan|Tipe Laporan|Jenis Aduan|classification|Jenis",
        berkadar="Kadar Pengawasan|Berkadar Pengawasan|Berkadar|Situasi|Sifat Pengaduan",
        kategori="Kategori|Kategori Laporan|Kategori Aduan|Kategori Pengaduan|Topik|topic_name|category",
        opd="Instansi Terdisposisi|Terdisposisi ke|Tujuan Disposisi|dinas_tujuan|Instansi Tujuan|Instansi|Nama Instansi"
        "|Perangkat Daerah|OPD|Nama OPD|OPD Tujuan|OPD Terdisposisi|OPD Terkait|Perangkat Daerah Tujuan|SKPD|Unit Kerja"
        "|Dinas|PD|Disposisi",
        status="Status Laporan|Status|Status Aduan|Status Pengaduan|Status Terakhir|Status Tindak Lanjut|Keterangan",
        tgl_masuk="Tanggal Laporan|Tanggal Masuk|Tgl Masuk|Tgl Laporan|Tgl Lapor|Tanggal Aduan|Waktu Laporan"
        "|Tanggal Lapor|Tgl Aduan|Tanggal Pengaduan|Tgl Pengaduan|Waktu Lapor|created_at",
        tgl_verifikasi="Tanggal Verifikasi|Tgl Verifikasi|Waktu Verifikasi",
        tgl_disposisi="Tanggal Disposisi|Tgl Disposisi|Waktu Disposisi|Tanggal Terdisposisi|Tgl Terdisposisi",
        tgl_tindak_lanjut="Tanggal Tindak Lanjut|Tgl Tindak Lanjut|Tanggal TL|Tgl TL|TL Pertama|Tanggal TL Pertama"
        "|Tanggal Tindak Lanjut Pertama|Waktu Tindak Lanjut|Tanggal Respon|Tanggal Respons|Tgl Respon|Tgl Respons"
        "|Waktu Respon|Waktu Respons|Respon Pertama|Tanggal Jawaban",
        tgl_selesai="Tanggal Selesai|Tgl Selesai|Tanggal Penyelesaian|Tgl Penyelesaian|Waktu Selesai|Tanggal Tutup"
        "|Tgl Tutup",
        kanal="Kanal|Kanal Aduan|Kanal Laporan|Saluran|Sumber Aduan|Asal Laporan|Sumber|Media",
        lokasi="Lokasi Kejadian|Lokasi|kecamatan_final|Kecamatan|Kelurahan/Desa",
        rahasia="Rahasia|Laporan Rahasia",
        anonim="Anonim|Laporan Anonim",
        tautan="Tautan|Link|URL|Tautan Laporan|Link Laporan",
    ),
    personal=re.compile(
        r"pelapor(?!an)|reporter|^nik$|ktp|^nama(lengkap)?$|pengadu$|^user|alamat(?!kejadian|lokasi)|e?mail|jeniskelamin"
        r"|^(no|nomor)?(hp|handphone|ponsel|wa|whatsapp|telp|telepon|tlp)(wa|hp)?$|lahir$"
        r"|^(isi|isi(laporan|aduan)(awal)?|uraian|deskripsi|description)$"
    ),
)

DIRECTORY = Columns(
    required=("opd", "nama", "peran", "no_wa"),
    aliases=_words(
        opd="OPD|Perangkat Daerah|Nama OPD|Unit Kerja|Instansi|SKPD|Unit|PD",
        singkatan="Singkatan|Nama Singkat|Akronim",
        jenis_unit="Jenis|Jenis Unit|Jenis OPD",
        induk="Induk|Unit Induk|OPD Induk",
        zona_waktu="Zona Waktu|Zona",
        nama="Nama|Nama Pejabat|Nama Petugas|Nama Lengkap",
        jabatan="Jabatan",
        peran="Peran|Peran SP4N|Peran LAPOR",
        no_wa="No WA|Nomor WA|No WhatsApp|Nomor WhatsApp|WhatsApp|WA|No HP|Nomor HP|HP|No HP/WA|No WA/HP"
        "|No Telp|No Telepon|Nomor Telepon|Telp|Telepon",
        nomor_sk="Nomor SK|No SK|SK",
        tgl_sk="Tanggal SK|Tgl SK",
        berlaku_mulai="Berlaku Mulai|Mulai Berlaku|TMT",
        berlaku_sampai="Berlaku Sampai|Berlaku s.d.|Masa Berlaku",
        pengganti="Pengganti|No WA Pengganti",
        persetujuan_wa="Persetujuan WA|Tanggal Persetujuan WA|Tgl Persetujuan WA",
    ),
    personal=re.compile(r"^(nip|nik|nrp)|ktp$|alamat|e?mail|jeniskelamin|agama|lahir$"),
)

FILES: Mapping[str, Columns] = {"roster": ROSTER, "directory": DIRECTORY}
_ORDINAL = {"", "no", "nomor", "nourut", "nomorurut"}  # the running number of a table: neither read nor reported
IGNORE = ("", "-", "abaikan")  # in a saved mapping: leave this column out


@dataclass(frozen=True)
class Reading:
    """How one header row is understood. Positions count from 0."""

    positions: Mapping[str, int]  # canonical -> column
    columns: Mapping[str, str]  # header as written -> canonical
    unknown: tuple[str, ...]
    dropped: tuple[str, ...]
    repeated: tuple[str, ...]  # headers that stand there twice: which of the two is right is not ours to say

    def missing(self, columns: Columns) -> tuple[str, ...]:
        return tuple(name for name in columns.required if name not in self.positions)


def read_headers(headers: Iterable[object], columns: Columns, mapping: Mapping[str, str] | None = None) -> Reading:
    """Says which canonical column each header is. A saved mapping wins over our own words, never over privacy."""
    words = {fold(name): (name, 0) for name in columns.aliases}
    words |= {fold(word): (name, rank) for name, known in columns.aliases.items() for rank, word in enumerate(known)}
    chosen = {fold(header): name.strip() for header, name in (mapping or {}).items()}
    claims: dict[str, list[tuple[int, int, str]]] = {}
    unknown, dropped = [], []
    for position, header in enumerate(headers):
        word, text = fold(header), " ".join(str(header).split())
        if columns.personal.search(word):
            dropped.append(text)
        elif chosen.get(word, "") not in IGNORE:
            claims.setdefault(chosen[word], []).append((-1, position, text))
        elif word in words and word not in chosen:
            name, rank = words[word]
            claims.setdefault(name, []).append((rank, position, text))
        elif word not in _ORDINAL:
            unknown.append(text)
    ranked = {name: sorted(found) for name, found in claims.items()}
    return Reading(
        positions={name: found[0][1] for name, found in ranked.items()},
        columns={found[0][2]: name for name, found in ranked.items()},
        unknown=(*unknown, *(text for found in ranked.values() for *_, text in found[1:])),
        dropped=tuple(dropped),
        repeated=tuple(found[0][2] for found in ranked.values() if len(found) > 1 and found[0][0] == found[1][0]),
    )


def layout(headers: Iterable[object]) -> str:
    """The fingerprint under which an admin's answers about this kind of file are kept; order does not matter."""
    return hashlib.sha256("\n".join(sorted({fold(header) for header in headers} - {""})).encode()).hexdigest()
