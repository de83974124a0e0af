"""Kesehatan: each part of the machine in plain words with what to do, and the alarms that somebody can close."""

import platform
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.desk import office_acts
from aspal.flow import vitals
from aspal.flow.housekeeping import BACKUP_STALE
from aspal.flow.vitals import Part
from aspal.gateways.whatsapp.errors import explain
from aspal.records import health, schema
from aspal.records import vitals as records
from aspal.web.house import house
from aspal.web.refusal import refusal_told

blueprint = Blueprint("vitals", __name__, url_prefix="/kesehatan")
ERRORS_OF = timedelta(days=7)
PARTS = {
    "worker": ("Pekerja latar", "Jalankan `aspal worker` sebagai layanan, atau `aspal run tick` dari cron tiap menit."),
    "gateway": ("Pengiriman ke WhatsApp", "Ikuti petunjuk pada pesannya; pengiriman berlanjut sendiri setelah pulih."),
    "templates": ("Templat pesan", "Buka Templat pesan: perbaiki teksnya, atau kembali ke teks yang disetujui."),
    "canary": (
        "Pesan uji pagi",
        "Tanyakan kepada pemegang nomor uji (CANARY_PHONE) apakah pesannya sampai; pesan uji dikirim tiap hari kerja.",
    ),
    "watchdog": (
        "Pengawas dari luar",
        "Minta pengelola server mengisi alamat pengawas (PING_URL, misalnya dari Healthchecks), atau nomor admin yang "
        "menerima pesan uji tiap pagi (CANARY_PHONE).",
    ),
    "import": ("Data dari LAPOR", "Ekspor laporan dari LAPOR dan unggah di halaman Impor."),
    "reach": ("Siapa yang menerima", "Buka Kantor: pilih mode langsung setelah semuanya diperiksa."),
    "queue": ("Antrean pesan", "Periksa tugas “Mengirim pesan” di bawah dan catatan (log) worker."),
    "holidays": ("Kalender", "Buka Kalender dan tambahkan cuti bersama setelah SKB terbit."),
    "disk": ("Ruang penyimpanan", "Kosongkan ruang: lampiran lama (`aspal privacy purge`), cadangan lama, log."),
    "schema": ("Skema basis data", "Jalankan `aspal db upgrade`, lalu mulai ulang web dan worker."),
    "database": ("Basis data", "Pastikan basis data berjalan dan DATABASE_URL benar."),
    "recipients_per_day": ("Batas penerima", "Mintalah Meta menaikkan batas, lalu ubah RECIPIENTS_PER_DAY."),
    "recipients_near": ("Batas penerima", "Mintalah Meta menaikkan batas, lalu ubah RECIPIENTS_PER_DAY."),
    "quality": ("Mutu nomor", "Kurangi rekap dan periksa siapa yang menerima."),
    "balance": ("Saldo Twilio", "Isi saldo di konsol Twilio, bagian Billing."),
    "messaging_limit": ("Batas WhatsApp", "Turunkan RECIPIENTS_PER_DAY sesuai batas dari WhatsApp."),
    "sender_idle": (
        "Nomor jarang dipakai",
        "Isi CANARY_PHONE: satu pesan uji tiap hari kerja menjaga nomor tetap aktif.",
    ),
    "channel_limit": ("Batas saluran", "Tidak perlu apa-apa: yang mendesak tetap dikirim, sisanya menyusul."),
}
# What the machine itself closes as soon as the cause is gone: closing it by hand would only hide it for minutes.
_BY_ITSELF = (
    "job:", "queue", "import", "coverage", "appointments_ending", "decree", "skb_due:", "backup", "clock", "disk",
    "media_dir", "server_clock", "sender_", "provider_account", "balance", "quality", "messaging_limit",
    "channel_limit", "recipients", "template_status:", "template_missing:", "text_proposed:", "pause:",
    "volume_brake", "restored", "canary", "none_arrives", "held:", "unknown:", "text:", "parked:", "reply:",
)  # fmt: skip


class Shown(NamedTuple):
    """A part as the page shows it."""

    title: str
    level: str
    text: str
    cure: str | None


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Everything about the machine on one page."""
    now, the_house = house().clock.now(), house()
    with the_house.db.read() as conn:
        signs = vitals.read(conn, the_house.db, the_house.settings, now)
        alarms = [(alarm, _closable(alarm.key)) for alarm in health.open_alarms(conn)]
        queues, refusals = records.queues(conn), records.refusals(conn, now - ERRORS_OF)
        backup = health.set_at(conn, health.LAST_BACKUP)
        versions = _versions(records.database(conn), schema.current(conn))
    judged = vitals.judge(signs, the_house.settings, now)
    parts = [_shown(part) for part in judged if not part.name.startswith("job ")]
    parts.sort(key=lambda part: ("red", "warning", "ok").index(part.level))
    return render_template(
        "vitals/index.html", parts=parts, beats=signs.beats, alarms=alarms, queues=queues, now=now, jobs=vitals.JOBS,
        refusals=[(one, explain(one.code)) for one in refusals], versions=versions, backup=backup,
        stale=backup is None or now - backup > BACKUP_STALE,
    )  # fmt: skip


@blueprint.post("/alarm")
def close() -> ResponseReturnValue:
    """An admin has seen to the cause."""
    key = request.form.get("kunci", "")[:160]
    if not _closable(key):
        abort(400)
    with refusal_told("warning"):
        office_acts.clear_alarm(house().db, key, now=house().clock.now(), by=current_user.email)
        flash("Alarm ditutup.", "success")
    return redirect(url_for("vitals.index"), 303)


def _shown(part: Part) -> Shown:
    title, cure = PARTS.get(part.name, (part.name.replace("_", " ").capitalize(), None))
    return Shown(title, part.level, part.text, cure if part.level != "ok" else None)


def _closable(key: str) -> bool:
    return bool(key) and not key.startswith(_BY_ITSELF)


def _versions(database: tuple[str, str], revision: str | None) -> list[tuple[str, str]]:
    try:
        ours = version("aspal")
    except PackageNotFoundError:
        ours = "dari sumber"
    return [
        ("ASPAL", ours),
        ("Python", platform.python_version()),
        (database[0], database[1]),
        ("Skema basis data", revision or "belum ada"),
        ("Gerbang WhatsApp", house().settings.whatsapp_gateway),
    ]
