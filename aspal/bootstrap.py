"""Builds the house from Settings: database, clock, texts, gateway, calendars. What is not used is not imported."""

import logging
import re
import sys
from collections.abc import Mapping
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, Any

from aspal.clock import Clock, RunningClock, clock_from
from aspal.db import Database
from aspal.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from aspal.gateways.texts import Texts
    from aspal.gateways.whatsapp.port import Gateway
    from aspal.records.calendar import Calendars


_LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")  # nobody else can reach such a web


class House:
    """Everything that a station is handed. One a process; threads share it."""

    def __init__(self, settings: Settings, clock: Clock | None = None, *, durable: bool = True) -> None:
        """`durable=False`: a power cut may take what the database holds. Raises SettingsError."""
        self.settings = settings
        self.clock: Clock = clock or clock_from(settings.aspal_clock)
        self.db = _database(settings.database_url, durable)
        self.stopping = Event()  # set on SIGTERM: finish the item in hand, take no other

    @cached_property
    def file_texts(self) -> "Texts":
        """The message texts of `templates_msg/`."""
        from aspal.gateways import texts

        return texts.load()

    @property
    def texts(self) -> "Texts":
        """The texts in force, the office's own over the files'; asked anew, so that every process says the same."""
        from aspal.flow import own_words

        with self.db.read() as conn:
            return own_words.in_force(conn, self.file_texts)

    @cached_property
    def gateway(self) -> "Gateway":
        """The way out to WhatsApp: Twilio, or the simulator."""
        if self.settings.whatsapp_gateway == "twilio":
            from aspal.gateways.whatsapp.twilio import TwilioGateway

            return TwilioGateway(self.settings)
        from aspal.gateways.whatsapp.simulator import SimulatorGateway
        from aspal.records.simulator import SimulatorMemory

        return SimulatorGateway(SimulatorMemory(self.db), self.settings, self.clock)

    def calendars(self, conn: "Connection") -> "Calendars":
        """Every office's working days, read anew each time: a day off that was just declared must hold at once.

        Raises CalendarMissing.
        """
        from aspal.records import calendar

        return calendar.load(conn, self.settings.office_time_zone)

    def secret_key(self) -> str:
        """What sessions and tokens are signed with. Raises SettingsError."""
        key, local = self.settings.secret_key or "", self.settings.public_base_url.startswith(_LOOPBACK)
        if not key or (len(key) < 32 and not local):
            raise SettingsError(
                "SECRET_KEY", "wajib diisi untuk menjalankan web: teks acak, paling sedikit 32 karakter"
            )
        return key

    def claim_media_dir(self, *, uploads: bool = False) -> None:
        """Makes the folder of the attachments and writes into it, before a reply's photo must; with `uploads` also the
        one beside it, for files from the browser. Raises SettingsError."""
        from tempfile import TemporaryFile

        from aspal.flow import upload_shelf

        folder = self.settings.media_dir
        for place in (folder, upload_shelf.folder(folder)) if uploads else (folder,):
            try:
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
                TemporaryFile(dir=place).close()
            except OSError as error:
                raise SettingsError("MEDIA_DIR", f"{place} tidak dapat ditulis ({error.strerror})") from None

    @property
    def pace(self) -> float:
        """Seconds of the house's clock in one real second: heartbeats are told in the clock's time."""
        return self.clock.factor if isinstance(self.clock, RunningClock) else 1.0

    def close(self) -> None:
        """Gives every connection back."""
        if "gateway" in self.__dict__:
            self.gateway.close()
        self.db.close()


def from_environment() -> House:
    """The house that the environment and `.env` describe, with its log on stderr. Raises SettingsError."""
    settings = load()
    log_to_stderr(settings.log_level)
    return House(settings)


def _database(url: str, durable: bool) -> Database:
    if not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:", "postgres:")):
        raise SettingsError("DATABASE_URL", "harus sqlite:///berkas.db atau postgresql://pengguna:sandi@host/nama")
    try:
        return Database(url, durable=durable)
    except Exception as error:  # the driver's own message may quote the password
        said = f"tidak dapat dipakai ({type(error).__name__}); tanda khusus di dalam sandi ditulis %XX (@ menjadi %40)"
        raise SettingsError("DATABASE_URL", said) from None


# --- logs: one line an event on stderr, ids as key=value, never a phone number ---------------------------------

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_PERSONAL = re.compile(  # never a part of a longer run, such as a SID
    r"(?<![0-9A-Za-z])(?:"
    r"\+\d[\d .-]{6,16}\d"  # international
    r"|(?:62|0)[ .-]?8\d{1,2}(?:[ .-]?\d){6,10}"  # mobile
    r"|(?:\d[ .-]?){15}\d+"  # NIK, NIP
    r"|[A-Z]{2}\.(?=[0-9A-Za-z]*\d)[0-9A-Za-z]{6,128}"  # WhatsApp's own id
    r")(?![0-9A-Za-z])"
    r"|[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class _OneLine(logging.Formatter):
    """An event is one line; a traceback hangs below it, indented, so that no text can pass for an event."""

    def format(self, record: logging.LogRecord) -> str:
        ids: Mapping[str, Any] = {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        words = [record.getMessage(), *(f"{name}={value}" for name, value in ids.items())]
        flat = logging.makeLogRecord(record.__dict__ | {"msg": _CONTROL.sub(" ", " ".join(words)), "args": None})
        return _PERSONAL.sub("[nomor]", super().format(flat))

    def formatException(self, ei: Any) -> str:
        return "\n".join(f"  | {line}" for line in super().formatException(ei).splitlines())


def log_to_stderr(level: str) -> None:
    """Sends every log line to stderr, where cron and systemd look for it; stdout belongs to the results."""
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    logging.basicConfig(level=level.upper(), handlers=[out], force=True)
    for chatty in ("alembic", "apscheduler", "twilio", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
