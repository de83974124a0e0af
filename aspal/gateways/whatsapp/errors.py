"""Every error code that WhatsApp's provider may name: what to do about it, and what an admin reads. One table.

Source: Twilio's dictionary, twilio.com/docs/api/errors, and its notes on WhatsApp senders, as of 2026.
"""

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
# What an admin does about our own account or sender. Sending is tried again every few minutes.
_AGAIN = "Pengiriman berlanjut sendiri setelah itu."
_KEYS = f"Periksa TWILIO_ACCOUNT_SID dan TWILIO_AUTH_TOKEN di .env, dan apakah akunnya ditangguhkan. {_AGAIN}"
_MONEY = f"Buka konsol Twilio: periksa saldo dan surel dari Twilio, isi saldo atau hubungi dukungannya. {_AGAIN}"
_SENDER = f"Periksa TWILIO_WHATSAPP_FROM atau TWILIO_MESSAGING_SERVICE_SID di .env. {_AGAIN}"
_CHANNEL = f"Buka konsol Twilio, bagian WhatsApp Senders, lalu hubungi dukungan Twilio bila perlu. {_AGAIN}"
_META = f"Buka Meta Business Manager, bagian mutu akun, dan ikuti petunjuk atau ajukan banding. {_AGAIN}"
_LOCKED = f"Buka konsol Twilio, bagian WhatsApp Senders, dan daftarkan ulang nomornya. {_AGAIN}"
_INVITED = f"Buka Meta Business Manager: terima undangan Twilio, dan periksa tagihan WhatsApp. {_AGAIN}"
_PAUSED = "Pesan jenis ini menunggu; pengiriman berlanjut sendiri setelah templat disetujui lagi."
_REFUSES_PROMOTION = (
    "Penerima menolak pesan promosi, dan WhatsApp menganggap pesan ini promosi. "
    "Periksa kategori templatnya: `aspal templates status`."
)

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
    92002: Fault("template", "Variabel templat terlalu banyak."),
    92007: Fault("template", "Nilai variabel templat tidak diterima (kosong, baris baru, atau kurang)."),
    63005: Fault("template", "Isi pesan ditolak WhatsApp."),
    63006: Fault("template", "Bentuk pesan tidak dapat diterima WhatsApp."),
    63021: Fault("template", "Isi pesan tidak sah atau terlalu panjang untuk WhatsApp."),
    63027: Fault("template", "Templat tidak ada untuk bahasa ini."),
    63028: Fault("template", "Jumlah variabel tidak sama dengan yang disetujui pada templat."),
    63030: Fault("template", "Parameter pesan tidak didukung untuk jenis pesan ini."),
    63040: Fault("template", f"Templat ditolak WhatsApp. Perbaiki teksnya. {_PAUSED}"),
    63041: Fault("template", f"Templat dijeda WhatsApp karena umpan balik yang kurang baik. {_PAUSED}"),
    63042: Fault("template", f"Templat dinonaktifkan WhatsApp. Perbaiki teksnya. {_PAUSED}"),
    63049: Fault("template", "WhatsApp menahan pesan ini sebagai pesan promosi: kategori templat berubah."),
    63016: Fault("window", "Di luar 24 jam sejak balasan terakhir; hanya templat yang boleh dikirim."),
    # the moment
    20429: Fault("retry", "Penyedia sedang sibuk; pesan dicoba lagi."),
    21611: Fault("retry", "Antrean nomor pengirim penuh; pesan dicoba lagi."),
    30001: Fault("retry", "Antrean penyedia penuh; pesan dicoba lagi."),
    30500: Fault("retry", "Gangguan di pihak Twilio; pesan dicoba lagi."),
    63009: Fault("retry", "Gangguan di pihak WhatsApp; pesan dicoba lagi."),
    63010: Fault("retry", "Gangguan di pihak Twilio; pesan dicoba lagi."),
    63012: Fault("retry", "Gangguan di pihak WhatsApp; pesan dicoba lagi."),
    63017: Fault("retry", "Batas laju akun penyedia tercapai; pesan dicoba lagi."),
    63018: Fault("retry", "Batas laju atau batas penerima harian WhatsApp tercapai; pesan dicoba lagi kemudian."),
    63038: Fault("retry", "Batas pesan harian akun Twilio tercapai; pesan dicoba lagi kemudian."),
    20500: Fault("unknown", "Penyedia mengalami gangguan; belum diketahui apakah pesan terkirim."),
    # this message only
    63013: Fault("permanent", "WhatsApp menolak pesan ini karena kebijakannya."),
    63015: Fault("permanent", "Nomor Sandbox Twilio hanya dapat menulis kepada nomor yang sudah bergabung."),
    30036: Fault("permanent", "Penyedia tidak sempat mengirim pesan ini selama masih berlaku."),
    63019: Fault("permanent", "WhatsApp tidak dapat mengunduh lampiran pesan ini."),
    63025: Fault("permanent", "WhatsApp sudah menyimpan lampiran ini dan menolak yang sama."),
    63032: Fault("permanent", "WhatsApp tidak menyampaikan pesan ini kepada penerima tersebut."),
    # It says nothing of the office's other messages: WhatsApp took this one for a promotion, which the person refuses.
    63033: Fault("permanent", _REFUSES_PROMOTION),
    63050: Fault("permanent", _REFUSES_PROMOTION),
    # our own account
    20003: Fault("config", f"Kredensial Twilio ditolak. {_KEYS}"),
    20404: Fault("config", f"Alamat atau akun Twilio tidak ditemukan. {_KEYS}"),
    20005: Fault("config", f"Akun Twilio tidak aktif. {_MONEY}"),
    10001: Fault("config", f"Akun Twilio tidak aktif. {_MONEY}"),
    90010: Fault("config", f"Akun Twilio tidak aktif. {_MONEY}"),
    30002: Fault("config", f"Akun Twilio ditangguhkan. {_MONEY}"),
    21603: Fault("config", f"Nomor pengirim belum diisi. {_SENDER}"),
    21606: Fault("config", f"Nomor pengirim bukan milik akun ini. {_SENDER}"),
    21659: Fault("config", f"Nomor pengirim bukan milik akun ini. {_SENDER}"),
    21703: Fault("config", f"Messaging Service tidak mempunyai nomor pengirim. {_SENDER}"),
    63002: Fault("config", f"Nomor pengirim WhatsApp tidak ditemukan. {_SENDER}"),
    63007: Fault("config", f"Nomor pengirim WhatsApp tidak ditemukan di akun ini. {_SENDER}"),
    63001: Fault("config", f"WhatsApp menolak sambungan Twilio. {_CHANNEL}"),
    63008: Fault("config", f"Saluran WhatsApp belum diatur dengan benar. {_CHANNEL}"),
    63020: Fault("config", f"Akun bisnis WhatsApp belum aktif. {_INVITED}"),
    63022: Fault("config", f"Sertifikat nama pengirim WhatsApp tidak sah. {_CHANNEL}"),
    # Meta locks a sender that wrote nothing for about 30 days; the morning's test message keeps it awake.
    63051: Fault("config", f"Nomor pengirim dikunci Meta, biasanya karena lama tidak dipakai. {_LOCKED}"),
    63112: Fault("config", f"Akun bisnis WhatsApp dinonaktifkan, atau verifikasinya belum selesai. {_META}"),
}

# The whole kind is stopped at WhatsApp, not just this message: it waits until the template is approved again.
STOPPED_TEMPLATE = frozenset({63040, 63041, 63042, 63049})
# Nothing to mend at once, and a sign that the number's standing at Meta suffers: somebody should look.
AGAINST_POLICY = frozenset({63013})
# Enough for now: what is not urgent waits, so that escalations still get through.
LIMIT_REACHED = frozenset({63018, 63038})
# Ours is not an account that may send: what the provider says of it, whatever was asked.
ACCOUNT_REFUSED = frozenset({20003, 20005, 10001, 90010, 30002})


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
