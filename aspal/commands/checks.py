"""What `aspal doctor` looks at: each check is a sentence that says what is wrong and how to mend it."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.bootstrap import House
from aspal.core.ladder.words import WHOM
from aspal.core.wording import ago
from aspal.db import UNAVAILABLE
from aspal.flow import vitals
from aspal.flow.vitals import Part
from aspal.records import coverage, health, schema, templates
from aspal.records.health import Heartbeat
from aspal.records.templates import StoredTemplate
from aspal.settings import SettingsError, strangers

_REVIVE = (
    "lihat lognya (journalctl -u aspal-worker), lalu systemctl restart aspal-worker; dengan cron: periksa barisnya"
)


def examine(house: House) -> list[Part]:
    """Every check; what needs the schema is left out while there is none."""
    parts = [*_configuration(house), *_database(house), *public_address(house)]
    return [*parts, *ways_out(house, well=all(part.level != "red" for part in parts))]


def _configuration(house: House) -> Iterator[Part]:
    settings = house.settings
    for stranger in strangers():
        yield Part(".env", "warning", stranger)
    if not settings.secret_key:
        yield Part("SECRET_KEY", "red", "belum diisi; web tidak dapat dijalankan")
    elif len(settings.secret_key) < 32:
        yield Part("SECRET_KEY", "warning", "kurang dari 32 karakter")
    if settings.whatsapp_gateway == "twilio" and not settings.public_base_url.startswith("https:"):
        yield Part("PUBLIC_BASE_URL", "red", "Twilio membutuhkan alamat https")
    if settings.aspal_clock:
        yield Part("ASPAL_CLOCK", "warning", "jam buatan sedang dipakai")
    try:
        house.claim_media_dir(uploads=True)
    except SettingsError as wrong:
        yield Part(wrong.variable, "red", wrong.message)
    else:
        yield Part("MEDIA_DIR", "ok", f"{settings.media_dir} dapat ditulis")
    yield from _open_to_all(house)


def _open_to_all(house: House) -> Iterator[Part]:
    """Whoever has an account on the machine would read every secret, name and number."""
    database = house.db.engine.url.database if house.db.is_sqlite else None
    for file in (Path(".env"), Path(database or "")):
        if file.is_file() and file.stat().st_mode & stat.S_IROTH:
            yield Part("permissions", "warning", f"{file} dapat dibaca semua pengguna mesin ini: chmod 600 {file}")


def _database(house: House) -> list[Part]:
    """What /healthz judges too, and what is worth a question only now and then."""
    now, settings = house.clock.now(), house.settings
    try:
        with house.db.read() as conn:
            version = vitals.version(conn)
            if version.level != "ok":
                return [version]
            signs = vitals.read(conn, house.db, settings, now)
            judged = _folded(vitals.judge(signs, settings, now), signs.beats, now)
            today = now.astimezone(ZoneInfo(settings.office_time_zone)).date()
            asked = [*_directory(conn, today), *_approval(conn, house), *_backup(conn), *_alarms(conn, judged)]
    except Exception as error:
        if not schema.is_missing(error):
            raise
        return [vitals.NO_SCHEMA]
    return [_writing(house), version, *judged, *asked]


def _folded(judged: list[Part], beats: list[Heartbeat], now: datetime) -> list[Part]:
    """A worker that is dead is one finding, not one for each of its jobs. A job that fails is another matter."""
    beating = [beat for beat in beats if beat.failing_since is None]
    if not beating:
        return judged
    newest = max(beating, key=lambda beat: beat.at)
    if not replace(newest, every_seconds=min(beat.every_seconds for beat in beating)).is_late(now):
        return judged
    silent = {f"job {beat.name}" for beat in beating}
    dead = f"tidak ada tugas yang berjalan (terakhir {ago(newest.at, now)}); {_REVIVE}"
    text = dead if newest.at <= now else vitals.CLOCK_BACK
    return [Part("worker", "red", text), *(part for part in judged if part.name not in silent)]


def _writing(house: House) -> Part:
    """Reading goes on where nothing can be written any more: a file of another user, a disk that is full."""
    try:
        with house.db.write() as conn:
            health.release_lease(conn, "doctor", "doctor")  # there is none; it asks to write all the same
    except Exception as error:
        said = schema.explain(error)
        if not said and not isinstance(error, UNAVAILABLE):
            raise
        return Part("database", "red", said or "tidak dapat ditulis")
    return vitals.ANSWERS


def _directory(conn: Connection, today: date) -> Iterator[Part]:
    if not coverage.has_office_admin(conn, today):
        yield Part("directory", "red", "tidak ada admin instansi yang dapat dihubungi")
    gaps = coverage.gaps(conn, today)
    for role in coverage.NEEDED:
        if bare := [gap.unit for gap in gaps if gap.role is role]:
            yield Part("directory", "warning", f"tanpa {WHOM[role]} yang dapat dihubungi: {', '.join(bare)}")
    for one in coverage.ending(conn, today, 14):
        yield Part("directory", "warning", f"SK {WHOM[one.role]} di {one.unit} berakhir {one.last_day:%d-%m-%Y}")
    if not coverage.has_units(conn):
        yield Part("directory", "warning", "belum ada OPD; masukkan dengan `aspal import directory BERKAS --apply`")
    elif not gaps:
        yield Part("directory", "ok", "setiap OPD punya penghubung dan kepala yang dapat dihubungi")


def _approval(conn: Connection, house: House) -> Iterator[Part]:
    if house.settings.whatsapp_gateway != "twilio":
        yield Part("approval", "ok", "simulator: teks tidak perlu persetujuan WhatsApp")
        return
    known, texts = templates.known(conn), house.texts
    wanted = [texts.kind(kind) for kind in texts.kinds() if not texts.kind(kind).is_session]
    bad = [t.kind for t in wanted if not _is_sendable(known.get((t.kind, t.fingerprint)))]
    if bad:
        yield Part("approval", "red", f"belum disetujui atau dihentikan: {', '.join(bad)}")
    else:
        yield Part("approval", "ok", f"{len(wanted)} jenis pesan disetujui")


def _backup(conn: Connection) -> Iterator[Part]:
    if health.set_at(conn, health.LAST_BACKUP) is None:
        yield Part("backup", "warning", "belum pernah dibuat; jadwalkan tiap malam: aspal backup FILE")


def _is_sendable(stored: StoredTemplate | None) -> bool:
    return stored is not None and stored.status == "approved" and stored.stopped_at is None


def _alarms(conn: Connection, judged: list[Part]) -> Iterator[Part]:
    """The open alarms that no part has told of."""
    for alarm in health.open_alarms(conn):
        if not any(alarm.text in part.text for part in judged):
            yield Part("alarm", "warning", alarm.text)


def public_address(house: House) -> Iterator[Part]:
    """A signed request to ourselves, by the address that Twilio is told; and an unsigned one that must be refused."""
    import requests

    address, form = f"{house.settings.public_base_url}/webhooks/twilio/status", _form(house)
    try:
        headers = {"X-Twilio-Signature": _signature(house, form, address)}
        signed = requests.post(address, data=form, headers=headers, timeout=10, allow_redirects=False)
        unsigned = requests.post(address, data=form, headers=_knock(house), timeout=10, allow_redirects=False)
    except requests.RequestException as error:
        cure = next(cure for kind, cure in _unreachable() if isinstance(error, kind))
        yield Part("public address", "red", f"{address} tidak terjangkau: {cure}")
        return
    if why := _not_us(signed.status_code):
        yield Part("public address", "red", f"{address} dijawab {signed.status_code}: {why}")
    elif unsigned.status_code != 403:
        yield Part("public address", "red", f"permintaan tanpa tanda tangan dijawab {unsigned.status_code}, bukan 403")
    elif signed.status_code != 400:  # genuine, and about no message: there is nothing to store
        text = f"permintaan bertanda tangan dijawab {signed.status_code}; periksa PUBLIC_BASE_URL dan token"
        yield Part("public address", "red", text)
    else:
        yield Part("public address", "ok", f"{house.settings.public_base_url} menjawab permintaan bertanda tangan")


def ways_out(house: House, *, well: bool) -> Iterator[Part]:
    """The ways on which somebody would hear of trouble: on the day of the first trouble it is too late to try them.

    Unless all is `well` the watchdog outside is left alone: to it any call means that we live.
    """
    from aspal.gateways import mail, ping

    settings = house.settings
    if settings.smtp_url and settings.alert_emails:
        try:
            mail.knock(settings.smtp_url)
        except mail.MailFailed as failure:
            yield Part("mail", "red", f"alarm lewat surel tidak akan sampai: {failure}; periksa SMTP_URL")
        else:
            yield Part("mail", "ok", "server surel menerima kita")
    if well and settings.ping_url and not ping.say_alive(settings.ping_url):
        yield Part("ping", "red", "layanan di PING_URL tidak menjawab dengan baik; periksa alamatnya dan akunnya")


def _unreachable() -> list[tuple[type[Exception], str]]:
    """What went wrong on the way -> what can be done; the first that fits."""
    from requests import RequestException, Timeout
    from requests.exceptions import SSLError

    return [
        (SSLError, "sertifikatnya ditolak (lewat masa berlaku, bukan yang publik, atau untuk nama lain); "
                   "certbot renew, lalu systemctl reload nginx"),
        (Timeout, "tidak ada jawaban; periksa firewall, nginx, dan aspal-web"),
        (RequestException, "periksa DNS, firewall, dan apakah nginx hidup (systemctl status nginx)"),
    ]  # fmt: skip


def _not_us(status: int) -> str | None:
    """What stands in front of the web and answers in its place."""
    if status >= 500:
        return "web tidak menjawab; systemctl restart aspal-web, dan lihat journalctl -u aspal-web"
    if 300 <= status < 400:
        return "alamat itu harus menjawab langsung, tanpa dialihkan; periksa PUBLIC_BASE_URL dan nginx"
    return "bukan ASPAL yang menjawab; periksa PUBLIC_BASE_URL dan server_name di nginx" if status == 404 else None


def _form(house: House) -> dict[str, str]:
    """A report to us about no message at all: certain to be ours, and leaving no trace."""
    from aspal.gateways.whatsapp.simulator import ACCOUNT_SID

    settings = house.settings
    account = settings.twilio_account_sid if settings.whatsapp_gateway == "twilio" else ACCOUNT_SID
    return {"AccountSid": account or "", "From": settings.twilio_whatsapp_from or "", "MessageStatus": "sent"}


def _knock(house: House) -> dict[str, str]:
    from aspal.gateways.whatsapp.twilio_signature import PROBE, probe_token

    return {PROBE: probe_token(house.settings.secret_key)}


def _signature(house: House, form: dict[str, str], address: str) -> str:
    from aspal.gateways.whatsapp.twilio_signature import sign, simulator_token

    settings = house.settings
    token = (
        settings.twilio_auth_token if settings.whatsapp_gateway == "twilio" else simulator_token(settings.secret_key)
    )
    return sign(form, address, token or "")
