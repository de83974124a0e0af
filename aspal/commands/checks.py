"""What `aspal doctor` looks at: each check is a sentence that says what is wrong and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from aspal.bootstrap import House
from aspal.records import calendar, coverage, health, schema
from aspal.settings import SettingsError


@dataclass(frozen=True)
class Check:
    """One finding."""

    name: str
    level: str  # ok | warning | red
    text: str


@dataclass(frozen=True)
class _Visit:
    """The moment and the look that the checks share."""

    house: House
    conn: Connection
    now: datetime
    today: date


def examine(house: House) -> list[Check]:
    """Every check; what needs the schema is left out while there is none."""
    now = house.clock.now()
    checks = list(_configuration(house))
    with house.db.read() as conn:
        found = schema.current(conn)
        if found != schema.wanted():
            return [*checks, Check("database", "red", f"skema {found or 'kosong'}; jalankan: aspal db upgrade")]
        visit = _Visit(house, conn, now, now.astimezone(ZoneInfo(house.settings.office_time_zone)).date())
        checks += [Check("database", "ok", f"skema {found}"), *(c for look in _LOOKS for c in look(visit))]
    return [*checks, *_public_address(house)]


def _configuration(house: House) -> Iterator[Check]:
    settings = house.settings
    if not settings.secret_key:
        yield Check("SECRET_KEY", "red", "belum diisi; web tidak dapat dijalankan")
    elif len(settings.secret_key) < 32:
        yield Check("SECRET_KEY", "warning", "kurang dari 32 karakter")
    if settings.whatsapp_gateway == "twilio" and not settings.public_base_url.startswith("https:"):
        yield Check("PUBLIC_BASE_URL", "red", "Twilio membutuhkan alamat https")
    reach = "semua kontak" if settings.recipients == "all" else "hanya daftar tamu"
    yield Check("gateway", "ok", f"{settings.whatsapp_gateway}, penerima: {reach}")
    if settings.aspal_clock:
        yield Check("ASPAL_CLOCK", "warning", "jam buatan sedang dipakai")
    try:
        house.claim_media_dir()
    except SettingsError as wrong:
        yield Check(wrong.variable, "red", wrong.message)
    else:
        yield Check("MEDIA_DIR", "ok", f"{settings.media_dir} dapat ditulis")


def _holidays(visit: _Visit) -> Iterator[Check]:
    if not calendar.days(visit.conn, visit.today.year):
        yield Check("holidays", "red", f"hari libur {visit.today.year} kosong; jalankan: aspal db upgrade")
    elif years := calendar.missing_decrees(visit.conn, visit.today):
        yield Check("holidays", "warning", f"cuti bersama {', '.join(map(str, years))} belum ada")
    else:
        yield Check("holidays", "ok", "hari libur dan cuti bersama lengkap")


def _directory(visit: _Visit) -> Iterator[Check]:
    if not coverage.has_office_admin(visit.conn, visit.today):
        yield Check("directory", "red", "tidak ada admin_instansi yang dapat dihubungi")
    gaps = coverage.gaps(visit.conn, visit.today)
    for role in coverage.NEEDED:
        if bare := [gap.unit for gap in gaps if gap.role is role]:
            yield Check("directory", "warning", f"tanpa {role} yang dapat dihubungi: {', '.join(bare)}")
    for one in coverage.ending(visit.conn, visit.today, 14):
        yield Check("directory", "warning", f"SK {one.role} di {one.unit} berakhir {one.last_day:%d-%m-%Y}")
    if not gaps:
        yield Check("directory", "ok", "setiap OPD punya penghubung dan kepala yang dapat dihubungi")


def _templates(visit: _Visit) -> Iterator[Check]:
    if visit.house.settings.whatsapp_gateway != "twilio":
        yield Check("templates", "ok", "simulator: teks tidak perlu persetujuan WhatsApp")
        return
    from aspal.records import templates

    known, texts = templates.known(visit.conn), visit.house.texts
    wanted = [texts.kind(kind) for kind in texts.kinds() if not texts.kind(kind).is_session]
    bad = [t.kind for t in wanted if not _is_sendable(known.get((t.kind, t.fingerprint)))]
    if bad:
        yield Check("templates", "red", f"belum disetujui atau dihentikan: {', '.join(bad)}")
    else:
        yield Check("templates", "ok", f"{len(wanted)} jenis pesan disetujui")


def _is_sendable(stored: object) -> bool:
    return getattr(stored, "status", None) == "approved" and getattr(stored, "stopped_at", None) is None


def _heartbeats(visit: _Visit) -> Iterator[Check]:
    beats = health.heartbeats(visit.conn)
    if not beats:
        yield Check("worker", "warning", "belum pernah berjalan; jalankan `aspal worker` atau cron `aspal run tick`")
    late = [beat for beat in beats if beat.is_late(visit.now)]
    failing = [beat for beat in beats if beat.failing_since and beat not in late]
    for beat in late:
        yield Check(f"job {beat.name}", "red", f"tidak berhasil sejak {beat.at:%d-%m-%Y %H:%M} UTC")
    for beat in failing:
        yield Check(f"job {beat.name}", "red", f"gagal: {beat.failure}")
    if beats and not late and not failing:
        yield Check("heartbeats", "ok", f"{len(beats)} tugas berjalan sebagaimana mestinya")
    for alarm in health.open_alarms(visit.conn):
        yield Check("alarm", "warning", alarm.text)


_LOOKS: tuple[Callable[[_Visit], Iterator[Check]], ...] = (_holidays, _directory, _templates, _heartbeats)


def _public_address(house: House) -> Iterator[Check]:
    """A signed request to ourselves, by the address that Twilio is told; and an unsigned one that must be refused."""
    import requests

    address, form = f"{house.settings.public_base_url}/webhooks/twilio/status", _form(house)
    try:
        headers = {"X-Twilio-Signature": _signature(house, form, address)}
        signed = requests.post(address, data=form, headers=headers, timeout=10, allow_redirects=False)
        unsigned = requests.post(address, data=form, headers=_knock(house), timeout=10, allow_redirects=False)
    except requests.RequestException as error:
        yield Check("public address", "red", f"{address} tidak terjangkau ({type(error).__name__})")
        return
    if unsigned.status_code != 403:
        yield Check("public address", "red", f"permintaan tanpa tanda tangan dijawab {unsigned.status_code}, bukan 403")
    elif signed.status_code != 400:  # genuine, and about no message: there is nothing to store
        text = f"permintaan bertanda tangan dijawab {signed.status_code}; periksa PUBLIC_BASE_URL dan token"
        yield Check("public address", "red", text)
    else:
        yield Check("public address", "ok", f"{house.settings.public_base_url} menjawab permintaan bertanda tangan")


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
