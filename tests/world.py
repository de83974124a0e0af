"""A small world for stories: a movable clock, simulated phones, a directory and a roster, and the real stations.

world = World(db, "2026-08-03 07:00")
pupr = world.unit("Dinas PUPR")
sari = world.person("Sari", Role.LIAISON, pupr)
case = world.complaint("1916449", pupr, disposed="2026-08-03")
world.until("2026-08-04 12:00")
assert world.heard(sari) == [("2026-08-03", "disposisi_baru"), ("2026-08-04", "pengingat_tindak_lanjut")]
"""

import shutil
import tempfile
import weakref
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from aspal import tables as t
from aspal.bootstrap import House
from aspal.core.codes import code_of
from aspal.core.words import Kind, Role, Status
from aspal.db import Database
from aspal.gateways.whatsapp.simulator import SimulatorGateway
from aspal.records import calendar as calendar_records
from aspal.records.simulator import SimulatorMemory
from aspal.settings import Settings, load
from jobs import tick


class MovableClock:
    """Stands still until the story moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Somebody:
    """A contact of the story."""

    id: int
    name: str
    phone: str


class World:
    """The house with its doors closed to the outside."""

    def __init__(self, db: Database, start: str, zone: str = "Asia/Jakarta", **settings: Any) -> None:
        self.zone = ZoneInfo(zone)
        self.clock = MovableClock(self.at(start))
        env = {"RECIPIENTS": "all", "SECRET_KEY": "x" * 40, "OFFICE_TIME_ZONE": zone, "SEND_RATE": "5000"}
        env |= {"ALERT_WHATSAPP": "off"}  # most stories are not about the machine's own news
        folder = tempfile.mkdtemp(prefix="aspal-world-")  # the house puts other folders beside that of the media
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        env |= {"DATABASE_URL": str(db.engine.url), "MEDIA_DIR": f"{folder}/media"}
        self.settings: Settings = load(env | {key.upper(): str(value) for key, value in settings.items()}, dotenv=None)
        self.house = House(self.settings, self.clock)
        self.house.db.close()
        self.house.db = self.db = db
        self.phones = SimulatorGateway(SimulatorMemory(db), self.settings, self.clock)
        self.house.__dict__["gateway"] = self.phones
        self._people = 0
        with db.write() as conn:
            calendar_records.ensure_seeded(conn, self.clock.now())

    # --- given -----------------------------------------------------------------------------------------------

    def unit(self, name: str, *, zone: str | None = None, kind: str = "opd") -> int:
        return self._insert(t.units, name=name, name_key=name.casefold(), kind=kind, time_zone=zone)

    def person(self, name: str, role: Role, unit: int, **columns: Any) -> Somebody:
        self._people += 1
        phone = columns.pop("phone", f"+62812000{self._people:05d}")
        contact = self._insert(t.contacts, name=name, phone=phone, created_at=self.clock.now(), **columns)
        somebody = Somebody(contact, name, phone)
        self.appoint(somebody, role, unit)
        return somebody

    def appoint(self, who: Somebody, role: Role, unit: int, **columns: Any) -> int:
        return self._insert(t.appointments, contact_id=who.id, unit_id=unit, role=str(role), **columns)

    def complaint(
        self, number: str, *units: int, disposed: str, status: Status = Status.OPEN, kind: Kind = Kind.COMPLAINT,
        **columns: Any,
    ) -> int:  # fmt: skip
        """A complaint disposed to these units; returns its id. Without units it is Kominfo's own, unverified."""
        defaults: dict[str, Any] = {"title": f"Judul {number}", "confidential": False, "supervised": False}
        complaint = self._insert(
            t.complaints, tracking_id=number, kind=str(kind), status=str(status), created_at=self.clock.now(),
            received_on=date.fromisoformat(disposed), **(defaults | columns),
        )  # fmt: skip
        for unit in units or (None,):
            disposition = self._insert(
                t.dispositions, complaint_id=complaint, unit_id=unit, status=str(status),
                track="follow_up" if units else "verification", disposed_on=date.fromisoformat(disposed),
                created_at=self.clock.now(), next_look_at=self.clock.now(),
            )  # fmt: skip
            with self.db.write() as conn:
                conn.execute(
                    update(t.dispositions).where(t.dispositions.c.id == disposition).values(code=code_of(disposition))
                )
        return complaint

    # --- when ------------------------------------------------------------------------------------------------

    def at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=self.zone)

    def tick(self) -> dict[str, Any]:
        """One cron run; every station must end well."""
        outcome = tick.run(self.house)
        assert outcome.ok, outcome.counts
        return outcome.counts

    def until(self, text: str, every_minutes: int = 30) -> None:
        """Lets time pass to that moment, a cron run every half hour."""
        end = self.at(text)
        while self.clock.moment < end:
            self.tick()
            self.clock.moment = min(end, self.clock.moment + timedelta(minutes=every_minutes))
        self.tick()

    def change(self, complaint: int, **columns: Any) -> None:
        """LAPOR says something new about a complaint and its dispositions, as an import would write it down."""
        status = {"status": str(columns["status"])} if "status" in columns else {}
        ended = {"ended_at": self.clock.now(), "end_reason": "finished"} if columns.get("status") == "selesai" else {}
        with self.db.write() as conn:
            conn.execute(update(t.complaints).where(t.complaints.c.id == complaint).values(**columns))
            conn.execute(
                update(t.dispositions)
                .where(t.dispositions.c.complaint_id == complaint)
                .values(next_look_at=None if ended else self.clock.now(), **status, **ended)
            )

    # --- then ------------------------------------------------------------------------------------------------

    def heard(self, who: Somebody) -> list[tuple[str, str]]:
        """What arrived at that phone: (local day, kind of message), in order."""
        query = (
            select(t.messages.c.accepted_at, t.messages.c.template)
            .where(t.messages.c.address == who.phone, t.messages.c.accepted_at.is_not(None))
            .order_by(t.messages.c.id)
        )
        with self.db.read() as conn:
            return [(str(row[0].astimezone(self.zone).date()), row[1] or "teks") for row in conn.execute(query)]

    def texts(self, who: Somebody) -> list[str]:
        """The words that arrived at that phone."""
        return [m.body for m in SimulatorMemory(self.db).conversation(who.phone) if m.direction == "outbound"]

    def rows(self, table: Any, **where: Any) -> list[Any]:
        query = select(table).order_by(*table.primary_key.columns)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.db.read() as conn:
            return list(conn.execute(query))

    def only(self, table: Any, **where: Any) -> Any:
        rows = self.rows(table, **where)
        assert len(rows) == 1, f"{len(rows)} rows in {table.name} where {where}"
        return rows[0]

    def with_settings(self, **changes: Any) -> None:
        """The office changes its environment."""
        self.settings = self.house.settings = replace(self.settings, **changes)

    def _insert(self, table: Any, **values: Any) -> int:
        with self.db.write() as conn:
            number = conn.scalar(insert(table).values(**values).returning(table.c.id))
        assert isinstance(number, int)
        return number
