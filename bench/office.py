"""An office of any size in a database, and the house that works in it. Always the same days and numbers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, cast, insert, literal, select, text, update
from sqlalchemy.sql.expression import CTE

from aspal import tables as t
from aspal.bootstrap import House
from aspal.core.words import Kind, Role, Status
from aspal.db import Database
from aspal.gateways import texts
from aspal.records import calendar, ladders, templates
from aspal.records.templates import StoredTemplate
from aspal.settings import load
from bench.provider import ACCOUNT_SID, AUTH_TOKEN, SENDER

ZONE = ZoneInfo("Asia/Jakarta")
FIRST_DAY = datetime(2026, 8, 4, 8, 0, tzinfo=ZONE).astimezone(UTC)  # a Tuesday; the cases came in the day before
LATER = FIRST_DAY + timedelta(days=300)
CASES_A_LIAISON = 2  # of those due on one day: below the number from which a digest would be made


class MovedClock:
    """Stands where the case puts it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def house(url: str, provider: str | None = None, **changes: Any) -> House:
    """The house on that database; with `provider` it sends there through the Twilio gateway."""
    env = {
        "DATABASE_URL": url, "SECRET_KEY": "x" * 40, "RECIPIENTS": "all", "VOLUME_BRAKE": "off", "SEND_RATE": "5000",
        "RECIPIENTS_PER_DAY": "10000000", "OFFICE_TIME_ZONE": str(ZONE),
    }  # fmt: skip
    if provider:
        env |= {
            "WHATSAPP_GATEWAY": "twilio", "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_WHATSAPP_FROM": SENDER, "TWILIO_BASE_URL": provider,
        }  # fmt: skip
    return House(
        load(env | {name.upper(): str(value) for name, value in changes.items()}, dotenv=None), MovedClock(FIRST_DAY)
    )


def seed(url: str, cases: int, due: int, told_before: int = 0) -> dict[str, int]:
    """`cases` open dispositions, none due yet; `due` of them can be woken. `told_before`: messages of the past year."""
    db = Database(url)
    t.metadata.create_all(db.engine)
    with db.write() as conn:
        if not db.is_sqlite:
            conn.execute(text("SET LOCAL session_replication_role = replica"))  # what we seed needs no checking
        calendar.ensure_seeded(conn, FIRST_DAY)
        ladder = ladders.ensure(conn, FIRST_DAY).id
        units = max(1, due // CASES_A_LIAISON)
        _people(conn, units)
        _cases(conn, cases, due, units, ladder)
        _history(conn, told_before, units)
        _approved_templates(conn)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("ANALYZE" if db.is_sqlite else "VACUUM ANALYZE"))
    db.close()
    return {"cases": cases}


def wake(conn: Connection, due: int) -> datetime:
    """Makes the first `due` cases due; returns the moment at which they are."""
    conn.execute(update(t.dispositions).where(t.dispositions.c.id <= due).values(next_look_at=FIRST_DAY))
    return FIRST_DAY


def contents() -> dict[str, str]:
    """What the provider knows of our templates: content sid -> text."""
    kinds = texts.load()
    return {_content_sid(number): kinds.kind(name).body for number, name in enumerate(kinds.kinds())}


def _content_sid(number: int) -> str:
    return f"HX{number:032x}"


def _approved_templates(conn: Connection) -> None:
    kinds = texts.load()
    for number, name in enumerate(kinds.kinds()):
        kind = kinds.kind(name)
        templates.put(
            conn,
            StoredTemplate(
                name, kind.fingerprint, kind.name, _content_sid(number), "approved", "UTILITY", None, FIRST_DAY, None
            ),
        )


def _numbers(count: int) -> CTE:
    one = select(literal(1).label("i")).cte("numbers", recursive=True)
    return one.union_all(select(one.c.i + 1).where(one.c.i < count))


def _fill(conn: Connection, table: Any, numbers: CTE, columns: Mapping[str, Any]) -> None:
    values = [c if hasattr(c, "type") else literal(c, table.c[name].type) for name, c in columns.items()]
    conn.execute(insert(table).from_select(list(columns), select(*values).select_from(numbers)))


def _people(conn: Connection, units: int) -> None:
    """A liaison and a head in each unit, and one admin at the office."""
    n = _numbers(units)
    number = cast(n.c.i, String)
    _fill(conn, t.units, n, {"id": n.c.i, "name": literal("Dinas ") + number, "name_key": literal("dinas") + number,
                             "kind": "opd", "active": True})  # fmt: skip
    for place, (word, role) in enumerate({"Penghubung ": Role.LIAISON, "Kepala ": Role.HEAD}.items()):
        first = 10_000_000 * (place + 1)
        phone = literal("+62812") + cast(n.c.i + first, String)
        contact = {"id": n.c.i + first, "name": literal(word) + number, "phone": phone}
        _fill(conn, t.contacts, n, contact | {"guest": True, "created_at": FIRST_DAY})
        _fill(conn, t.appointments, n, {"contact_id": n.c.i + first, "unit_id": n.c.i, "role": str(role)})
    conn.execute(insert(t.contacts).values(id=1, name="Admin", phone="+6281290000001", created_at=FIRST_DAY))
    conn.execute(insert(t.appointments).values(contact_id=1, unit_id=1, role=str(Role.ADMIN)))


def _cases(conn: Connection, cases: int, due: int, units: int, ladder: int) -> None:
    n = _numbers(cases)
    i = n.c.i
    came_in = date(2026, 8, 3)
    _fill(conn, t.complaints, n, {
        "id": i, "tracking_id": cast(i + 10_000_000, String), "kind": str(Kind.COMPLAINT), "supervised": False,
        "title": literal("Lampu penerangan jalan padam di depan balai warga nomor ") + cast(i, String),
        "category": "Infrastruktur", "status": str(Status.OPEN), "channel": "Website", "location": "Kecamatan Contoh",
        "confidential": False, "anonymous": True, "received_on": came_in, "created_at": FIRST_DAY,
    })  # fmt: skip
    disposition = {
        "id": i, "complaint_id": i, "unit_id": (i - 1) % units + 1, "track": "follow_up",
        "code": literal("K") + cast(i, String), "disposed_basis": "file", "status": str(Status.OPEN),
        "ladder_id": ladder, "level": 0, "next_look_at": LATER, "created_at": FIRST_DAY,
    }  # fmt: skip
    _fill(conn, t.dispositions, n, disposition | {"disposed_on": came_in})
    # Whoever is reminded today was told of the disposition when it came in.
    told = select(
        t.dispositions.c.id, literal("R0"), literal(str(Role.LIAISON)), t.dispositions.c.unit_id + 10_000_000,
        t.dispositions.c.disposed_on, literal("disposisi_baru"), literal(0), literal(0), literal("bundled"),
        literal(FIRST_DAY - timedelta(days=1), t.notices.c.decided_at.type),
    ).where(t.dispositions.c.id <= due)  # fmt: skip
    columns = ["disposition_id", "step", "audience", "contact_id", "workday", "template", "level", "age", "state"]
    conn.execute(insert(t.notices).from_select([*columns, "decided_at"], told))


def _history(conn: Connection, count: int, units: int) -> None:
    """Messages of the past: an outbox is never empty."""
    if not count:
        return
    n = _numbers(count)
    past = FIRST_DAY - timedelta(days=60)
    liaison = n.c.i % units + 1 + 10_000_000
    _fill(conn, t.messages, n, {
        "contact_id": liaison, "address": literal("+62812") + cast(liaison, String), "text": "Pengingat yang lalu.",
        "template": "pengingat_tindak_lanjut", "workday": past.date(), "state": "read", "created_at": past,
        "not_before": past, "claimed_at": past, "provider_sid": literal("SMpast") + cast(n.c.i, String),
    })  # fmt: skip
