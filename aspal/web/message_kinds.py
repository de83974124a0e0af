"""What each kind of message is called on the pages, and for whom it is. Words only."""

from typing import NamedTuple


class Named(NamedTuple):
    """A kind's name, and its readers."""

    label: str
    readers: str


_LIAISON, _HEAD, _OFFICE = "Penghubung OPD", "Kepala OPD", "Kominfo"
KINDS = {
    "disposisi_baru": Named("Disposisi baru", _LIAISON),
    "pengingat_tindak_lanjut": Named("Pengingat tindak lanjut", _LIAISON),
    "mendekati_batas": Named("Mendekati batas waktu", _LIAISON),
    "klaim_belum_tercatat": Named("Klaim belum tercatat di LAPOR", _LIAISON),
    "janji_habis": Named("Janji sudah lewat", _LIAISON),
    "minta_perpanjangan": Named("Permintaan perpanjangan", _OFFICE),
    "bukan_kewenangan": Named("Bukan kewenangan", _OFFICE),
    "kontak_bermasalah": Named("Kontak bermasalah", _OFFICE),
    "verifikasi_tertunda": Named("Verifikasi tertunda", _OFFICE),
    "eskalasi_kepala_opd": Named("Eskalasi ke kepala OPD", _HEAD),
    "eskalasi_lewat_batas": Named("Eskalasi lewat batas", "Kepala OPD dan Kominfo"),
    "lewat_batas_waktu": Named("Lewat batas waktu", "Pimpinan"),
    "pengawasan": Named("Berkadar pengawasan", "Inspektorat"),
    "ringkasan_penghubung": Named("Ringkasan penghubung", _LIAISON),
    "ringkasan_pimpinan": Named("Ringkasan pimpinan", _HEAD),
    "ringkasan_admin": Named("Ringkasan Kominfo", _OFFICE),
    "rekap_mingguan_opd": Named("Rekap mingguan OPD", _HEAD),
    "rekap_bulanan": Named("Rekap bulanan", _HEAD),
    "rekap_sekda": Named("Rekap Sekda", "Sekretaris Daerah"),
    "tunggakan_tahunan": Named("Tunggakan tahunan", "Pimpinan"),
    "persetujuan_kontak": Named("Persetujuan dihubungi", "Kontak baru"),
    "minta_pengganti": Named("Permintaan menjadi pengganti", "Pengganti"),
    "konfirmasi_penghubung": Named("Masih pejabat penghubung?", _LIAISON),
    "mohon_balas": Named("Permohonan membalas", "Siapa pun di direktori"),
    "kabar_sistem": Named("Kabar sistem", "Admin Kominfo"),
    "uji_pagi": Named("Pesan uji pagi", "Admin Kominfo"),
}
SECRET = "_rahasia"
_NEVER = ("pengawasan", "tanya_laporan")  # the second offers titles to choose from; nothing says later whose they were
TITLED = frozenset(  # about one case, and its title stands in it
    {
        "disposisi_baru", "pengingat_tindak_lanjut", "mendekati_batas", "klaim_belum_tercatat", "minta_perpanjangan",
        "bukan_kewenangan", "verifikasi_tertunda", "eskalasi_kepala_opd", "eskalasi_lewat_batas", "lewat_batas_waktu",
    }
)  # fmt: skip


def name_of(kind: str | None) -> str:
    """A kind as a person would call it."""
    if kind is None:
        return "Jawaban bebas"
    plain = kind.removesuffix(SECRET)
    label = KINDS[plain].label if plain in KINDS else plain.replace("_", " ").capitalize()
    return f"{label} (rahasia)" if kind.endswith(SECRET) else label


def readers_of(kind: str) -> str:
    """Who reads it."""
    plain = kind.removesuffix(SECRET)
    return KINDS[plain].readers if plain in KINDS else "Yang baru saja menulis"


def may_be_read_by_all(kind: str | None, *, secret: bool) -> bool:
    """Whether a viewer may see the words: free text and confidential kinds may speak of what is no viewer's, and so may
    a title where the case is `secret` by now."""
    if kind is None or kind.endswith(SECRET) or kind in _NEVER:
        return False
    return not (secret and kind in TITLED)
