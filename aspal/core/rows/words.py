"""What the words in an office's columns mean. A word that is not here is asked about, never guessed. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from aspal.core.columns import fold
from aspal.core.words import Kind, Role, Status

T = TypeVar("T")


def _table(meanings: Mapping[T, str]) -> dict[str, T]:
    return {fold(word): meaning for meaning, words in meanings.items() for word in words.split("|")}


STATUSES: Mapping[str, Status] = _table(
    {
        Status.UNVERIFIED: "belum_terverifikasi|belum diverifikasi|menunggu verifikasi|perlu verifikasi|baru",
        Status.OPEN: "belum_ditindaklanjuti|belum tindak lanjut|terdisposisi|disposisi|menunggu|belum dijawab"
        "|belum direspon",
        Status.IN_PROCESS: "proses|diproses|dalam proses|sedang diproses|masih proses|masih dalam proses"
        "|proses tindak lanjut|progres|koordinasi",
        Status.FINISHED: "selesai|telah selesai|selesai direspon|telah selesai direspon|selesai penanganan"
        "|tutup|ditutup|closed",
        Status.POSTPONED: "tunda|ditunda|tertunda",
        Status.ARCHIVED: "arsip|diarsipkan|arsipkan",
        Status.NOT_OURS: "bukan_kewenangan|bukan wewenang|dikembalikan|dilimpahkan",
    }
)

# A classification may also say whether the complaint is about abuse of power (berkadar pengawasan).
KINDS: Mapping[str, tuple[Kind, bool | None]] = _table(
    {
        (Kind.COMPLAINT, None): "pengaduan|aduan|keluhan",
        (Kind.COMPLAINT, True): "pengaduan berkadar pengawasan|pengaduan berpengawasan",
        (Kind.COMPLAINT, False): "pengaduan tidak berkadar pengawasan|pengaduan tidak berpengawasan"
        "|pengaduan tidak berkadar",
        (Kind.ASPIRATION, None): "aspirasi",
        (Kind.INFORMATION, None): "permintaan_informasi|permohonan informasi|informasi",
        (Kind.WHISTLE, None): "wbs|whistle blowing system|whistle blowing|whistleblower",
    }
)

TICKS = "✓✔☑√"
_YES = "ya|iya|y|yes|1|true|benar|v"  # no "x": a cross may mean either
_NO = "tidak|tdk|no|n|0|false|bukan"

SUPERVISED: Mapping[str, bool] = _table(
    {
        True: f"{_YES}|berkadar pengawasan|berkadar|berpengawasan|pengawasan",
        False: f"{_NO}|tidak berkadar pengawasan|tidak berkadar|tidak berpengawasan|non pengawasan"
        "|bukan pengawasan|permintaan informasi|aspirasi",
    }
)
CONFIDENTIAL: Mapping[str, bool] = _table(
    {True: f"{_YES}|rahasia|laporan rahasia", False: f"{_NO}|tidak rahasia|bukan rahasia|terbuka|publik|umum"}
)
ANONYMOUS: Mapping[str, bool] = _table({True: f"{_YES}|anonim", False: f"{_NO}|tidak anonim|bukan anonim"})

CHANNELS: Mapping[str, str] = _table(
    {
        "website": "website|web|situs|lapor.go.id",
        "sms": "sms|sms 1708|1708",
        "android": "android|aplikasi android|mobile android",
        "ios": "ios|aplikasi ios|iphone",
        "twitter": "twitter|x|twitter @lapor1708|x @lapor1708|@lapor1708",
        "whatsapp": "whatsapp|wa",
        "manual": "manual|input manual|tatap muka|surat",
    }
)

ROLES: Mapping[str, Role] = _table(
    {
        Role.LIAISON: "pejabat_penghubung|penghubung|pejabat penghubung lapor|pejabat penghubung sp4n lapor",
        Role.OPERATOR: "admin_penghubung|admin operator|operator|admin pelaksana|narahubung|admin opd",
        Role.TECHNICAL: "pejabat_teknis|teknis",
        Role.HEAD: "kepala_opd|kepala perangkat daerah|kepala skpd|pimpinan opd|kepala dinas|kepala badan|camat|lurah"
        "|kepala desa|direktur|direktur utama|kepala kantor|kepala satuan",
        Role.SECRETARY: "sekretaris|sekretaris dinas|sekretaris badan|sekretaris opd",
        Role.INSPECTORATE: "inspektorat|inspektur|apip",
        Role.SEKDA: "sekda|sekretaris daerah",
        Role.ADMIN: "admin_instansi|admin koordinator|admin kominfo",
    }
)
# A "Plt. Kepala Dinas" who is listed as liaison is no acting liaison: the position must speak of the same role.
POSITIONS: Mapping[Role, tuple[str, ...]] = {
    Role.HEAD: ("kepala", "camat", "lurah", "direktur", "inspektur", "kasat", "pimpinan"),
    Role.SECRETARY: ("sekretaris", "sekdin", "sekcam"),
    Role.INSPECTORATE: ("inspektur",),
    Role.SEKDA: ("sekretarisdaerah", "sekda"),
}

UNIT_KINDS: Mapping[str, str] = _table(
    {
        "opd": "opd|dinas|badan|kantor|bagian|perangkat daerah|skpd|sekretariat|inspektorat|satuan",
        "bumd": "bumd|perumda|perusda|pdam",
        "kecamatan": "kecamatan",
        "kelurahan": "kelurahan",
        "desa": "desa",
        "rsud": "rsud|rumah sakit",
        "kabupaten": "kabupaten|kota|provinsi|pemda|pemerintah daerah",
    }
)
ZONES: Mapping[str, str] = _table(
    {
        "Asia/Jakarta": "wib|asia/jakarta|asia/pontianak",
        "Asia/Makassar": "wita|asia/makassar",
        "Asia/Jayapura": "wit|asia/jayapura",
    }
)
