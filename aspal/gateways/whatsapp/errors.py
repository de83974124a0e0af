"""Every error code that WhatsApp's provider may name: what to do about it, and what an admin reads. One table."""

from dataclasses import dataclass
from typing import Literal

# retry      certainly not processed: the same message may go again
# unknown    nobody knows: ask the provider before anything else
# permanent  never for this message; a human looks at it
# opted_out  the person said stop
# template   this text or template is wrong; every message of its kind would fail
# config     our account or sender is wrong; stop sending altogether
# window     free text outside the 24 hours: plan it again as a template
Kind = Literal["retry", "unknown", "permanent", "opted_out", "template", "config", "window"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a code means."""

    kind: Kind
    text: str
    blames_number: bool = False  # the number itself cannot be reached: flag the contact


_NUMBER = "Periksa nomor WhatsApp pejabat ini di direktori."
_ADMIN = "Hubungi pengelola sistem; pengiriman dihentikan sampai diperbaiki."

FAULTS: dict[int, Fault] = {
    # the address
    21211: Fault("permanent", f"Nomor tujuan tidak sah. {_NUMBER}", True),
    21614: Fault("permanent", f"Nomor tujuan bukan nomor ponsel. {_NUMBER}", True),
    63003: Fault("permanent", f"Alamat WhatsApp tujuan tidak ditemukan. {_NUMBER}", True),
    63024: Fault("permanent", f"Nomor ini tidak terdaftar di WhatsApp atau aplikasinya terlalu lama. {_NUMBER}", True),
    21610: Fault("opted_out", "Penerima telah meminta berhenti menerima pesan (BERHENTI/STOP)."),
    63014: Fault("opted_out", "Penerima memblokir nomor kantor atau telah meminta berhenti."),
    # the text
    21617: Fault("template", "Isi pesan terlalu panjang."),
    21654: Fault("template", "Variabel dikirim tanpa templat, atau templatnya tidak ada."),
    21655: Fault("template", "Templat tidak ditemukan di penyedia. Jalankan `aspal templates push`."),
    21656: Fault("template", "Nilai variabel templat tidak diterima (kosong, baris baru, atau kurang)."),
    63005: Fault("template", "Isi pesan ditolak WhatsApp."),
    63006: Fault("template", "Bentuk pesan tidak dapat diterima WhatsApp."),
    63021: Fault("template", "Isi pesan tidak sah atau terlalu panjang untuk WhatsApp."),
    63027: Fault("template", "Templat tidak ada untuk bahasa ini."),
    63028: Fault("template", "Jumlah variabel tidak sama dengan yang disetujui pada templat."),
    63030: Fault("template", "Parameter pesan tidak didukung untuk jenis pesan ini."),
    63040: Fault("template", "Templat ditolak WhatsApp."),
    63041: Fault("template", "Templat dijeda WhatsApp karena umpan balik yang kurang baik."),
    63042: Fault("template", "Templat dinonaktifkan WhatsApp."),
    63049: Fault("template", "WhatsApp menahan pesan ini sebagai pesan promosi: kategori templat berubah."),
    63016: Fault("window", "Di luar 24 jam sejak balasan terakhir; hanya templat yang boleh dikirim."),
    # the moment
    20429: Fault("retry", "Penyedia sedang sibuk; pesan dicoba lagi."),
    21611: Fault("retry", "Antrean nomor pengirim penuh; pesan dicoba lagi."),
    30001: Fault("retry", "Antrean penyedia penuh; pesan dicoba lagi."),
    63012: Fault("retry", "Gangguan di pihak WhatsApp; pesan dicoba lagi."),
    63017: Fault("retry", "Batas laju akun penyedia tercapai; pesan dicoba lagi."),
    63018: Fault("retry", "Batas laju atau batas penerima harian WhatsApp tercapai; pesan dicoba lagi kemudian."),
    20500: Fault("unknown", "Penyedia mengalami gangguan; belum diketahui apakah pesan terkirim."),
    # this message only
    63013: Fault("permanent", "WhatsApp menolak pesan ini karena kebijakannya."),
    63032: Fault("permanent", "WhatsApp tidak menyampaikan pesan ini kepada penerima tersebut."),
    # our own account
    20003: Fault("config", f"Kredensial Twilio ditolak. {_ADMIN}"),
    20404: Fault("config", f"Alamat atau akun Twilio tidak ditemukan. {_ADMIN}"),
    20005: Fault("config", f"Akun Twilio tidak aktif. {_ADMIN}"),
    21603: Fault("config", f"Nomor pengirim belum diisi. {_ADMIN}"),
    21606: Fault("config", f"Nomor pengirim bukan milik akun ini. {_ADMIN}"),
    21659: Fault("config", f"Nomor pengirim bukan milik akun ini. {_ADMIN}"),
    21703: Fault("config", f"Messaging Service tidak mempunyai nomor pengirim. {_ADMIN}"),
    63007: Fault("config", f"Nomor pengirim WhatsApp tidak ditemukan di akun ini. {_ADMIN}"),
    63008: Fault("config", f"Saluran WhatsApp belum diatur dengan benar. {_ADMIN}"),
    63010: Fault("config", f"Saluran WhatsApp bermasalah di sisi penyedia. {_ADMIN}"),
    63020: Fault("config", f"Akun bisnis WhatsApp belum aktif. {_ADMIN}"),
    63025: Fault("config", f"Saluran WhatsApp bermasalah di sisi penyedia. {_ADMIN}"),
    63033: Fault("config", f"Akun bisnis WhatsApp dibatasi. {_ADMIN}"),
    63051: Fault("config", f"Akun bisnis WhatsApp dikunci. {_ADMIN}"),
    63112: Fault("config", f"Akun bisnis WhatsApp dinonaktifkan. {_ADMIN}"),
}


def classify(code: int | None) -> Kind:
    """What to do about a failure that the provider reported later. A code we do not know waits for a human."""
    fault = FAULTS.get(code or 0)
    return fault.kind if fault else "permanent"


def classify_answer(status: int, code: int | None) -> Kind:
    """The same for the HTTP answer to a send. Only a 429 promises that nothing was processed."""
    if status == 429:
        return "retry"
    if status >= 500 or status == 408:
        return "unknown"
    fault = FAULTS.get(code or 0)
    if fault:
        return fault.kind
    return "config" if status in (401, 403, 404) or status < 400 else "permanent"


def explain(code: int | None) -> str:
    """One Indonesian sentence for an admin. Never names a person or a number."""
    fault = FAULTS.get(code or 0)
    if fault:
        return fault.text
    return f"Pesan gagal dengan kode {code} yang belum dikenal." if code else "Pesan gagal tanpa keterangan penyedia."


def blames_number(code: int | None) -> bool:
    """Whether the number itself is the trouble, so that the contact is marked as unreachable."""
    fault = FAULTS.get(code or 0)
    return fault is not None and fault.blames_number
