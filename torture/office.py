"""An office to torture: units with a liaison and a head each, and fresh cases every working day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, update

from aspal import tables as t
from aspal.bootstrap import House
from aspal.core.codes import code_of
from aspal.core.words import Kind, Role, Status
from aspal.core.workdays import Calendar
from aspal.gateways import texts
from aspal.gateways.whatsapp.twilio import TwilioGateway
from aspal.records import calendar, journal
from aspal.settings import Settings, load
from tests.fake_twilio_shelf import ACCOUNT_SID, AUTH_TOKEN, SENDER
from torture.clock import SharedClock
from torture.provider import PATIENCE

ZONE = ZoneInfo("Asia/Jakarta")
BEGIN = date(2027, 4, 5)
AGE = 3  # working days since the disposition: the liaison is reminded and the head hears of it, on the same day
LOADS = (1, 2, 3, 6)  # cases of one unit on one day; more than three become a digest
TEXTS = texts.load()


@dataclass(frozen=True)
class Expected:
    """Who must hear of which case today: pairs of telephone number and tracking id."""

    pairs: frozenset[tuple[str, str]]
    first: int  # complaint ids from here on are today's
    first_message: int  # and messages after this one


def settings_for(url: str, provider: str, port: int) -> Settings:
    """As an office with Twilio would set it, the two brakes wide open."""
    return load(
        {
            "DATABASE_URL": url, "SECRET_KEY": "x" * 40, "RECIPIENTS": "all", "VOLUME_BRAKE": "off",
            "SEND_RATE": "5000", "RECIPIENTS_PER_DAY": "10000000", "OFFICE_TIME_ZONE": str(ZONE),
            "WHATSAPP_GATEWAY": "twilio", "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_WHATSAPP_FROM": SENDER, "TWILIO_BASE_URL": provider, "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
            "MEDIA_DIR": str(Path("/nonexistent")),
        },
        dotenv=None,
    )  # fmt: skip


def house(settings: Settings, clock: SharedClock) -> House:
    """The house that every child inherits, its texts read already, with little patience for the provider."""
    built = House(settings, clock)
    gateway = TwilioGateway(settings)
    gateway._wire._seconds = (PATIENCE, PATIENCE)  # type: ignore[attr-defined]
    built.__dict__ |= {"texts": TEXTS, "gateway": gateway}
    return built


def found(conn: Connection, now: datetime, units: int) -> None:
    """The directory: made once."""
    calendar.seed(conn, BEGIN.year, BEGIN.year + 2, now)
    _person(conn, "Admin", _unit(conn, "Dinas Kominfo"), Role.ADMIN, now)
    for number in range(units):
        unit = _unit(conn, f"Dinas {number}")
        _person(conn, f"Penghubung {number}", unit, Role.LIAISON, now)
        _person(conn, f"Kepala {number}", unit, Role.HEAD, now)


def open_day(conn: Connection, day: date, now: datetime, calendar_: Calendar, cases: int) -> Expected:
    """Ends yesterday's cases and brings today's."""
    conn.execute(
        update(t.dispositions)
        .where(t.dispositions.c.ended_at.is_(None))
        .values(ended_at=now, end_reason="finished", next_look_at=None, status=str(Status.FINISHED))
    )
    first = (conn.scalar(select(func.max(t.complaints.c.id))) or 0) + 1
    people = _people(conn)
    disposed = day
    while calendar_.workdays_between(disposed, day) < AGE:
        disposed -= timedelta(days=1)
    pairs = set()
    for complaint, unit in enumerate(_spread(sorted(people), cases), first):
        _case(conn, complaint, unit, disposed, now)
        pairs |= {(phone, str(10_000_000 + complaint)) for phone in people[unit]}
    return Expected(frozenset(pairs), first, conn.scalar(select(func.max(t.messages.c.id))) or 0)


def opening(day: date) -> datetime:
    """When the torture of a day begins."""
    return datetime.combine(day, time(8, 0), ZONE)


def chain_holds(conn: Connection) -> bool:
    """Whether the journal verifies."""
    return journal.verify(conn) is None


def _spread(units: list[int], cases: int) -> list[int]:
    places: list[int] = []
    for number, unit in enumerate(units * cases):
        places += [unit] * LOADS[number % len(units) % len(LOADS)]
        if len(places) >= cases:
            break
    return places[:cases]


def _people(conn: Connection) -> dict[int, list[str]]:
    query = (
        select(t.appointments.c.unit_id, t.contacts.c.phone)
        .join(t.contacts, t.contacts.c.id == t.appointments.c.contact_id)
        .where(t.appointments.c.role.in_((str(Role.LIAISON), str(Role.HEAD))))
    )
    people: dict[int, list[str]] = {}
    for unit, phone in conn.execute(query):
        people.setdefault(unit, []).append(phone)
    return people


def _unit(conn: Connection, name: str) -> int:
    return _insert(conn, t.units, name=name, name_key=name.casefold(), kind="opd")


def _person(conn: Connection, name: str, unit: int, role: Role, now: datetime) -> None:
    number = (conn.scalar(select(func.max(t.contacts.c.id))) or 0) + 1
    contact = _insert(conn, t.contacts, name=name, phone=f"+6281200{number:06d}", created_at=now)
    _insert(conn, t.appointments, contact_id=contact, unit_id=unit, role=str(role))


def _case(conn: Connection, number: int, unit: int, disposed: date, now: datetime) -> None:
    _insert(
        conn, t.complaints, id=number, tracking_id=str(10_000_000 + number), kind=str(Kind.COMPLAINT), created_at=now,
        status=str(Status.OPEN), title=f"Lampu jalan nomor {number} padam", confidential=False, received_on=disposed,
    )  # fmt: skip
    _insert(
        conn, t.dispositions, id=number, complaint_id=number, unit_id=unit, status=str(Status.OPEN),
        disposed_on=disposed, created_at=now, next_look_at=now, code=code_of(number),
    )  # fmt: skip


def _insert(conn: Connection, table: Any, **values: Any) -> int:
    number = conn.scalar(insert(table).values(**values).returning(table.c.id))
    assert isinstance(number, int)
    return number
