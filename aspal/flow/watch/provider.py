"""What the provider thinks of us: account, balance, quality, limits. Part of the watch.

Asked once an hour, so that an admin hears of a low balance or a bad rating before messages fail.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from aspal.core import alarm_keys
from aspal.core.switches import ONLY_URGENT
from aspal.db import Database
from aspal.flow.room import PORTFOLIO_SPAN
from aspal.gateways.whatsapp.errors import ACCOUNT_REFUSED
from aspal.gateways.whatsapp.port import Gateway, SendFailed, Standing
from aspal.records import health, sending
from aspal.settings import Settings

ASK_EVERY = timedelta(minutes=55)
LOW_BALANCE = 5.0  # of the account's currency: some days of an office's messages
CLOCK_OFF = 300.0  # seconds from the provider's: reminders then leave outside of office hours
NEAR = 0.8  # of the people a day: from here on only escalations may open new conversations
SLOW_FOR = timedelta(hours=2)
# Meta locks a number that wrote nothing for about 30 days, by Twilio's notes on error 63051; unlocking takes days.
IDLE = timedelta(days=21)
_ASKED = "provider_asked"
_UNUSED = "sender_unused_since"
_ACCOUNT = {"suspended": "ditangguhkan", "closed": "ditutup"}
_MEND = "Buka konsol Twilio, periksa saldo dan surel dari Twilio; pengiriman berlanjut sendiri setelah pulih."


def ask(db: Database, gateway: Gateway, settings: Settings, now: datetime) -> None:
    """Raises and clears the alarms about account, balance, quality and limits."""
    with db.read() as conn:
        asked = health.get_switch(conn, _ASKED, now)
    if asked or not gateway.needs_approval:
        return
    standing = _standing(gateway)
    with db.write() as conn:
        health.set_switch(conn, _ASKED, True, by="watch", now=now, until=now + ASK_EVERY)
        if standing is None:
            return
        still_open = [alarm.key for alarm in health.open_alarms(conn)]
        health.settle_alarms(conn, _judge(standing, settings), still_open, now)
        if standing.quality in ("LOW", "RED"):
            reason = "Mutu nomor pengirim rendah."
            health.set_switch(conn, ONLY_URGENT, {"reason": reason}, by="watch", now=now, until=now + SLOW_FOR)


def _standing(gateway: Gateway) -> Standing | None:
    """None: it cannot say now, or a proxy does not offer it; then nothing is raised and nothing cleared."""
    try:
        return gateway.standing()
    except SendFailed as failure:
        return Standing(account=failure.message) if failure.code in ACCOUNT_REFUSED else None


def look_at_idleness(conn: Connection, settings: Settings, now: datetime) -> dict[str, str | None]:
    """Whether our number is about to be locked because it is not used, counted from the first look where nothing ever
    left: an office that prepares for weeks. A simulator's number is locked by nobody."""
    if settings.whatsapp_gateway == "simulator":
        return {alarm_keys.SENDER_IDLE: None}
    since = sending.newest(conn) or health.set_at(conn, _UNUSED)
    if since is None:
        health.set_switch(conn, _UNUSED, True, by="watch", now=now)
    text = (
        f"Sejak {since:%d-%m-%Y} tidak ada pesan WhatsApp yang keluar. Meta mengunci nomor yang kira-kira 30 hari "
        "tidak dipakai. Minta pengelola server mengisi CANARY_PHONE, agar tiap hari kerja ada satu pesan uji."
        if since and now - since >= IDLE
        else None
    )
    return {alarm_keys.SENDER_IDLE: text}


def look_at_limits(conn: Connection, settings: Settings, now: datetime) -> dict[str, str | None]:
    """How near we are to the people that may be written to in 24 hours; and whether a limit we met is over."""
    used, most = sending.people_since(conn, now - PORTFOLIO_SPAN), settings.recipients_per_day
    near = (
        f"{used} dari {most} penerima per 24 jam sudah terpakai; sisanya disimpan untuk eskalasi. "
        "Mintalah Meta menaikkan batasnya, lalu ubah RECIPIENTS_PER_DAY."
    )
    found = {"recipients_near": near if used >= NEAR * most else None}
    return found if health.get_switch(conn, ONLY_URGENT, now) else found | {alarm_keys.CHANNEL_LIMIT: None}


def _judge(standing: Standing, settings: Settings) -> dict[str, str | None]:
    """Each alarm's text; None where all is well or the provider does not say."""
    found: dict[str, str | None] = dict.fromkeys(
        (alarm_keys.PROVIDER_ACCOUNT, "balance", "quality", "messaging_limit", "webhook")
    )
    found["server_clock"] = _clock(standing.seconds_ahead or 0.0)
    if standing.account not in (None, "active"):
        word = _ACCOUNT.get(standing.account)
        found[alarm_keys.PROVIDER_ACCOUNT] = f"Akun Twilio {word}. {_MEND}" if word else standing.account
    elif standing.sender in ("OFFLINE", "SUSPENDED"):
        found[alarm_keys.PROVIDER_ACCOUNT] = f"Nomor pengirim WhatsApp tidak aktif ({standing.sender}). {_MEND}"
    if standing.balance is not None and standing.balance < LOW_BALANCE:
        amount = f"{standing.balance:.2f}".replace(".", ",")
        found["balance"] = f"Saldo Twilio tinggal {amount} {standing.currency}. Isi saldo di konsol Twilio (Billing)."
    if standing.quality in ("LOW", "RED"):
        found["quality"] = (
            "Mutu nomor pengirim dinilai rendah oleh WhatsApp: terlalu banyak penerima memblokir atau melapor. "
            "Pesan yang tidak mendesak ditunda; periksa siapa yang menerima dan kurangi rekap."
        )
    if standing.unheard:
        found["webhook"] = (
            f"Twilio {standing.unheard} kali gagal menyampaikan balasan atau laporan status ke ASPAL dalam dua jam "
            "terakhir (galat 11200 dan sejenisnya). Pastikan web berjalan dan PUBLIC_BASE_URL dapat dibuka dari luar "
            "(`aspal doctor`), dan alamat webhook di konsol Twilio benar; lihat Monitor, Logs, Errors."
        )
    limit = standing.people_per_day
    if limit is not None and limit < settings.recipients_per_day:
        found["messaging_limit"] = (
            f"Batas penerima WhatsApp {limit} orang per 24 jam, lebih rendah dari RECIPIENTS_PER_DAY "
            f"({settings.recipients_per_day}). Turunkan nilainya di .env."
        )
    return found


def _clock(ahead: float) -> str | None:
    if abs(ahead) <= CLOCK_OFF:
        return None
    return (
        f"Jam server {abs(ahead) / 60:.0f} menit lebih {'cepat' if ahead > 0 else 'lambat'} daripada jam Twilio: "
        "pengingat keluar pada jam yang salah. Setel jamnya dan nyalakan NTP (timedatectl set-ntp true)."
    )
