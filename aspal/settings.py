"""The environment as one typed value. A wrong value is one clear line that names the variable.

Plain dataclass and python-dotenv: pydantic-settings would cost every idle cron run more than its database work
(docs/decisions.md).
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from aspal import dotenv_file
from aspal.clock import clock_from


class SettingsError(Exception):
    """A variable of the environment is missing or wrong."""

    def __init__(self, variable: str, message: str) -> None:
        super().__init__(f"{variable}: {message}")
        self.variable, self.message = variable, message


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"harus salah satu dari {', '.join(allowed)}")
        return value.lower()

    return parse


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"harus bilangan bulat {low} sampai {high}")
        return int(value)

    return parse


def _parts(value: str, *schemes: str) -> SplitResult | None:
    """The address taken apart; None where something in it would break on the day on which it is first called."""
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and parts.hostname and parts.hostname.encode("idna") and parts.port != 0
    except ValueError:  # a port that is none, such as what stands before the # of a password
        return None
    return parts if fits and _is_plain(value) else None


def _is_plain(value: str) -> bool:
    return value.isascii() and value.isprintable() and " " not in value


def _url(value: str) -> str:
    parts = _parts(value, "http", "https")
    if parts is None or parts.query or parts.fragment:
        raise ValueError("harus alamat http(s) tanpa ? dan #, misalnya https://aspal.contoh.go.id")
    return value.rstrip("/")


def _zone(value: str) -> str:
    if value not in ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Ujung_Pandang", "Asia/Jayapura"):
        raise ValueError("pakai Asia/Jakarta (WIB), Asia/Makassar (WITA) atau Asia/Jayapura (WIT)")
    return value


def _starting_with(prefix: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if not value.startswith(prefix):
            raise ValueError(f"harus diawali {prefix}; salin dari konsol Twilio")
        return _copied(value)

    return parse


def _copied(value: str) -> str:
    """What goes into each request to Twilio: with the dots of an example in it no answer could be read."""
    if not _is_plain(value):
        raise ValueError("memuat spasi, kutip miring, titik-titik contoh (…), atau tanda lain; salin ulang dari Twilio")
    return value


def _sender(value: str) -> str:
    if not re.fullmatch(r"(whatsapp:)?(\+[1-9]\d{6,14}|[A-Z]{2}\.[0-9A-Za-z]{1,128})", value):
        raise ValueError("harus nomor pengirim WhatsApp, misalnya whatsapp:+6281200000000")
    return value


def _clock(value: str) -> str:
    try:
        clock_from(value)
    except ValueError as error:
        raise ValueError("harus waktu ISO dengan offset, misalnya 2026-08-03T07:00+07:00 atau …@60") from error
    return value


def _pairs(value: str) -> dict[str, str]:
    pairs = dict(item.strip().partition("=")[::2] for item in value.split(",") if item.strip())
    if not all(pairs) or not all(pairs.values()):
        raise ValueError("harus berbentuk id=rahasia,id2=rahasia2")
    return pairs


def _phone(value: str) -> str:
    if not re.fullmatch(r"\+628\d{7,12}", value):
        raise ValueError("harus nomor ponsel berbentuk +628…")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s,<>]+@[^@\s,<>]+", value):
        raise ValueError("harus alamat surel, misalnya admin@contoh.go.id")
    return value


def _emails(value: str) -> tuple[str, ...]:
    return tuple(_email(one.strip()) for one in value.split(",") if one.strip())


def _smtp(value: str) -> str:
    parts = _parts(value, "smtp", "smtps")
    if parts is None or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "harus smtp://pengguna:sandi@host:587 atau smtps://pengguna:sandi@host:465; tanda khusus di dalam sandi "
            "ditulis sebagai %XX (# menjadi %23, / menjadi %2F, @ menjadi %40)"
        )
    return value


def _ping(value: str) -> str:
    if _parts(value, "http", "https") is None:
        raise ValueError("harus alamat http(s) dari layanan pengawas, misalnya https://hc-ping.com/…")
    return value


def _var(name: str, parse: Callable[[str], Any] = str, default: Any = None, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"variable": name, "parse": parse})


@dataclass(frozen=True)
class Settings:
    """Everything that an installation decides. `.env.example` documents each one; a test keeps the two equal."""

    database_url: str = _var("DATABASE_URL", default="sqlite:///var/aspal.db", secret=True)
    secret_key: str | None = _var("SECRET_KEY", secret=True)
    public_base_url: str = _var("PUBLIC_BASE_URL", _url, "http://127.0.0.1:8000")
    whatsapp_gateway: str = _var("WHATSAPP_GATEWAY", _choice("simulator", "twilio"), "simulator")
    twilio_account_sid: str | None = _var("TWILIO_ACCOUNT_SID", _starting_with("AC"))
    twilio_auth_token: str | None = _var("TWILIO_AUTH_TOKEN", _copied, secret=True)
    twilio_auth_token_secondary: str | None = _var("TWILIO_AUTH_TOKEN_SECONDARY", _copied, secret=True)
    # Key id -> secret of Twilio's SharedKey webhook signatures (public beta); empty: that scheme is refused.
    twilio_shared_keys: Mapping[str, str] | None = _var("TWILIO_SHARED_KEYS", _pairs, secret=True)
    twilio_whatsapp_from: str | None = _var("TWILIO_WHATSAPP_FROM", _sender)
    twilio_messaging_service_sid: str | None = _var("TWILIO_MESSAGING_SERVICE_SID", _starting_with("MG"))
    twilio_base_url: str | None = _var("TWILIO_BASE_URL", _url)
    recipients: str = _var("RECIPIENTS", _choice("guests", "all"), "guests")
    office_name: str = _var("OFFICE_NAME", default="Dinas Komunikasi dan Informatika")
    office_time_zone: str = _var("OFFICE_TIME_ZONE", _zone, "Asia/Jakarta")
    send_rate: int = _var("SEND_RATE", _whole(1, 5000), 20)
    recipients_per_day: int = _var("RECIPIENTS_PER_DAY", _whole(1, 10_000_000), 250)
    volume_brake: str = _var("VOLUME_BRAKE", _choice("on", "off"), "on")
    # When an incoming reply is answered: only where the answer says something, always, or never. Each costs money.
    acknowledge: str = _var("ACKNOWLEDGE", _choice("meaningful", "always", "never"), "meaningful")
    consent_message: str = _var("CONSENT_MESSAGE", _choice("on", "off"), "off")
    # After so many months the words of ended cases are forgotten; see docs/privasi.md.
    retention_months: int = _var("RETENTION_MONTHS", _whole(1, 600), 24)
    lapor_link_base: str = _var("LAPOR_LINK_BASE", _url, "https://www.lapor.go.id/pengaduan")
    lapor_api_config: str | None = _var("LAPOR_API_CONFIG")  # a TOML file; see README
    lapor_api_secret: str | None = _var("LAPOR_API_SECRET", secret=True)
    media_dir: Path = _var("MEDIA_DIR", Path, Path("var/media"))
    # auto: admins and approvers need the second factor as soon as real people can be written to.
    two_factor: str = _var("TWO_FACTOR", _choice("auto", "required", "optional"), "auto")
    metrics_token: str | None = _var("METRICS_TOKEN", secret=True)
    canary_phone: str | None = _var("CANARY_PHONE", _phone, secret=True)
    alert_whatsapp: str = _var("ALERT_WHATSAPP", _choice("on", "off"), "on")
    alert_emails: tuple[str, ...] = _var("ALERT_EMAILS", _emails, ())
    smtp_url: str | None = _var("SMTP_URL", _smtp, secret=True)
    smtp_from: str | None = _var("SMTP_FROM", _email)
    ping_url: str | None = _var("PING_URL", _ping, secret=True)
    host: str = _var("HOST", default="127.0.0.1")
    port: int = _var("PORT", _whole(1, 65535), 8000)
    demo_password: str | None = _var("DEMO_PASSWORD", secret=True)
    aspal_clock: str | None = _var("ASPAL_CLOCK", _clock)
    log_level: str = _var("LOG_LEVEL", _choice("debug", "info", "warning", "error"), "info")

    @property
    def is_live(self) -> bool:
        """Whether what is sent reaches real people: Twilio itself, and not only the guest list."""
        return self.whatsapp_gateway == "twilio" and self.recipients == "all" and not self.twilio_base_url

    @property
    def demands_two_factor(self) -> bool:
        """Whether admins and approvers must set up a second factor before they get in."""
        return self.two_factor == "required" or (self.two_factor == "auto" and self.is_live)


def load(env: Mapping[str, str] | None = None, dotenv: str | None = ".env") -> Settings:
    """Reads the environment (and `.env`, which never overrides it) and checks it as a whole.

    Raises SettingsError.
    """
    values = dict(os.environ if env is None else env)
    if env is None and dotenv:
        values = _written(dotenv) | values
    parsed: dict[str, Any] = {}
    for spec in fields(Settings):
        variable, raw = spec.metadata["variable"], values.get(spec.metadata["variable"], "").strip()
        if not raw:
            continue
        try:
            parsed[spec.name] = spec.metadata["parse"](raw)
        except ValueError as error:
            raise SettingsError(variable, str(error)) from error
    if "DATABASE_URL" in values and "database_url" not in parsed:
        # Such as a variable that docker did not fill in: the office's data would begin anew in some folder.
        raise SettingsError("DATABASE_URL", "kosong; isi alamatnya, atau hapus barisnya untuk sqlite:///var/aspal.db")
    settings = Settings(**parsed)
    _check(settings)
    return settings


def strangers(dotenv: str = ".env") -> list[str]:
    """A sentence about each name in `.env` that no setting has, such as `RECIPIENT`, or that stands there twice: nobody
    would miss it otherwise.

    Raises SettingsError.
    """
    known = [spec.metadata["variable"] for spec in fields(Settings)]
    return [*dotenv_file.strangers(_written(dotenv), known), *dotenv_file.doubled(Path(dotenv))]


def _written(dotenv: str) -> dict[str, str]:
    try:
        return dotenv_file.read(Path(dotenv))
    except dotenv_file.DotenvProblem as problem:
        raise SettingsError(dotenv, str(problem)) from None


def _check(settings: Settings) -> None:
    """What no single variable can know about itself."""
    if settings.alert_emails and not settings.smtp_url:
        raise SettingsError("SMTP_URL", "wajib diisi bila ALERT_EMAILS diisi")
    if settings.whatsapp_gateway != "twilio":
        return
    for variable, value in (
        ("TWILIO_ACCOUNT_SID", settings.twilio_account_sid),
        ("TWILIO_AUTH_TOKEN", settings.twilio_auth_token),
    ):
        if not value:
            raise SettingsError(variable, "wajib diisi bila WHATSAPP_GATEWAY=twilio")
    if not (settings.twilio_whatsapp_from or settings.twilio_messaging_service_sid):
        raise SettingsError("TWILIO_WHATSAPP_FROM", "isi nomor pengirim atau TWILIO_MESSAGING_SERVICE_SID")
    if settings.aspal_clock and settings.is_live:
        raise SettingsError(
            "ASPAL_CLOCK", "jam buatan ditolak: gateway twilio dengan RECIPIENTS=all akan menulis ke orang sungguhan"
        )
