"""How the pages say things, in Indonesian: states, dates, numbers. Words only, no looking things up."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Flask

from aspal.core.phone import mask
from aspal.core.wording import MONTHS, ago, long_date, long_moment, short_date

_TITLES = frozenset({"bapak", "ibu", "bpk", "sdr", "sdri", "dr", "drs", "dra", "ir", "h", "hj", "prof"})


# The first that fits: Edge calls itself Chrome too, and Chrome calls itself Safari.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


class Word(NamedTuple):
    """A label, and the colour of its badge."""

    label: str
    colour: str


STATUS = {
    "belum_terverifikasi": Word("Belum terverifikasi", "purple"),
    "belum_ditindaklanjuti": Word("Belum ditindaklanjuti", "red"),
    "proses": Word("Proses", "azure"),
    "selesai": Word("Selesai", "green"),
    "ditunda": Word("Ditunda", "yellow"),
    "diarsipkan": Word("Diarsipkan", "secondary"),
    "bukan_kewenangan": Word("Bukan kewenangan", "orange"),
}
KIND = {
    "pengaduan": "Pengaduan",
    "aspirasi": "Aspirasi",
    "permintaan_informasi": "Permintaan informasi",
    "wbs": "Whistle Blowing System (WBS)",
}
ROLE = {
    "pejabat_penghubung": "Pejabat penghubung",
    "admin_penghubung": "Admin penghubung",
    "pejabat_teknis": "Pejabat teknis",
    "kepala_opd": "Kepala OPD",
    "sekretaris": "Sekretaris",
    "inspektorat": "Inspektorat",
    "sekda": "Sekretaris Daerah",
    "admin_instansi": "Admin instansi",
}
ACCOUNT_ROLE = {"admin": "Admin", "approver": "Penyetuju", "viewer": "Pelihat"}
MESSAGE = {
    "waiting": Word("Menunggu", "secondary"),
    "held": Word("Ditahan", "orange"),
    "sending": Word("Sedang dikirim", "azure"),
    "unknown": Word("Belum pasti", "orange"),
    "accepted": Word("Diterima WhatsApp", "azure"),
    "sent": Word("Terkirim", "azure"),
    "delivered": Word("Sampai", "green"),
    "read": Word("Dibaca", "green"),
    "failed": Word("Gagal", "red"),
    "cancelled": Word("Dibatalkan", "secondary"),
}
REPLY = {
    "stored": Word("Baru masuk", "azure"),
    "matched": Word("Menjadi catatan", "green"),
    "asked": Word("Sedang ditanyakan", "yellow"),
    "tray": Word("Perlu dipilah", "orange"),
    "unknown_sender": Word("Nomor tak terdaftar", "red"),
    "command": Word("Perintah", "secondary"),
    "parked": Word("Gagal dipahami", "red"),
    "dismissed": Word("Disisihkan", "secondary"),
}
INTENT = {
    "done": "Sudah ditindaklanjuti",
    "in_process": "Sedang diproses",
    "promise": "Janji",
    "not_ours": "Bukan kewenangan",
    "extension": "Minta perpanjangan",
    "note": "Catatan",
}
MATCHED_BY = {
    "quote": "mengutip pesan",
    "button": "tombol",
    "id": "nomor laporan",
    "code": "kode pendek",
    "only_case": "satu-satunya laporan",
    "asked": "jawaban pertanyaan",
    "admin": "dipilah admin",
}
EVENT = {
    "chain_started": "penghitungan dimulai",
    "reminders_stopped": "pengingat berhenti",
    "moved_to_other_unit": "dipindah ke unit lain",
    "went_back": "statusnya mundur",
    "reopened": "dibuka kembali",
    "claim_denied": "belum bergerak di LAPOR meski penghubung bilang sudah",
    "disposition_redated": "tanggal disposisi berubah",
    "waits_for_verification": "menunggu verifikasi",
    "verified": "terverifikasi",
    "assumed_confidential": "dianggap rahasia",
    "vanished": "tidak ada lagi di ekspor",
}
LEVEL = {
    0: "Disposisi baru",
    1: "Penghubung",
    2: "Kepala OPD",
    3: "Kepala OPD dan Kominfo",
    4: "Sekretaris Daerah",
}


def end_of_day(day: str, zone: str) -> datetime:
    """The last moment of an ISO day at the office. Raises ValueError."""
    return datetime.combine(date.fromisoformat(day), time.max, ZoneInfo(zone))


def local_day(instant: datetime, zone: str) -> date:
    """The office's day at that moment."""
    return instant.astimezone(ZoneInfo(zone)).date()


def last_day(until: datetime, zone: str) -> date:
    """Of a pause: it ends as the next day begins, and people speak of its last day."""
    return local_day(until - timedelta(seconds=1), zone)


def short_moment(instant: datetime, zone: str) -> str:
    """3 Agu 07.30."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {MONTHS[local.month - 1][:3]} {local:%H.%M}"


def clock_time(instant: datetime, zone: str) -> str:
    """07.30."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H.%M}"


def number(value: int) -> str:
    """12.345, as Indonesia groups thousands."""
    return f"{value:,}".replace(",", ".")


def browser(agent: str | None) -> str:
    """What somebody would call the browser: "Chrome di Windows"."""
    said = agent or ""
    name = next((word for mark, word in _BROWSERS if mark in said), "Peramban lain")
    system = next((word for mark, word in _SYSTEMS if mark in said), "")
    return f"{name} di {system}" if system else name


def initial(name: str) -> str:
    """The letter for a person's picture: of the name, not of "Bapak" or "dr."."""
    words = [word for word in name.split() if word.rstrip(".").casefold() not in _TITLES]
    return (words or [name or "?"])[0][:1].upper()


_CHANNEL = {
    "website": "Situs web", "sms": "SMS", "android": "Android", "ios": "iOS", "twitter": "X (Twitter)",
    "whatsapp": "WhatsApp", "manual": "Manual",
}  # fmt: skip


def channel(name: str) -> str:
    """By which way a complaint came in; a way that no file has named before as it was written."""
    return _CHANNEL.get(name, name)


def masked(address: str | None) -> str:
    """A phone for a list: never whole."""
    return mask(address) if address and address.startswith("+") else "ID WhatsApp" if address else "–"


def set_up(app: Flask, zone: str) -> None:
    """Makes the words known to the templates."""
    app.jinja_env.filters.update(
        hari=long_date,
        tanggal=short_date,
        waktu=lambda instant: long_moment(instant, zone),
        singkat=lambda instant: short_moment(instant, zone),
        harinya=lambda instant: long_date(local_day(instant, zone)),
        hari_terakhir=lambda until: last_day(until, zone),
        jam=lambda instant: clock_time(instant, zone),
        angka=number,
        kanal=channel,
        inisial=initial,
        peramban=browser,
        samar=masked,
        sejak=ago,
    )
    app.jinja_env.globals.update(
        STATUS=STATUS,
        KIND=KIND,
        ROLE=ROLE,
        ACCOUNT_ROLE=ACCOUNT_ROLE,
        MESSAGE=MESSAGE,
        REPLY=REPLY,
        INTENT=INTENT,
        MATCHED_BY=MATCHED_BY,
        LEVEL=LEVEL,
    )
