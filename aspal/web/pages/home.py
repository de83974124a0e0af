"""Beranda: what needs somebody today, and how things stand."""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from aspal.db import Database
from aspal.flow.vitals import Part
from aspal.records import health as health_records
from aspal.records import overview
from aspal.web.health import examine
from aspal.web.house import house
from aspal.web.words import number, short_moment

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Need:
    """One thing that waits for somebody, and where it is settled."""

    colour: str
    icon: str
    title: str
    text: str
    href: str | None = None


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The first page."""
    db: Database = house().db
    parts = examine(house())
    with db.read() as conn:
        figures = overview.figures(conn)
        alarms = health_records.open_alarms(conn)
        troubled = overview.troubled_contacts(conn)
        imports = overview.last_imports(conn)
        daily = health_records.get_switch(conn, "daily_line")
    return render_template(
        "home/index.html",
        needs=[*_sick(parts), *_alarms(alarms, house().settings.office_time_zone), *_waiting(figures)],
        figures=figures,
        troubled=troubled,
        imports=imports,
        daily=daily["text"] if daily else None,
        now=house().clock.now(),
    )


def _sick(parts: list[Part]) -> list[Need]:
    looks = {"red": ("red", "heart-rate-monitor"), "warning": ("yellow", "alert-triangle")}
    return [Need(*looks[part.level], _names(part.name), part.text) for part in parts if part.level != "ok"]


def _names(part: str) -> str:
    known = {"worker": "Pekerja latar belum berjalan", "holidays": "Kalender", "database": "Basis data"}
    known |= {"gateway": "Pengiriman", "templates": "Templat", "canary": "Pesan uji", "queue": "Antrean pesan"}
    known |= {"disk": "Ruang penyimpanan", "schema": "Skema basis data"}
    return known.get(part, part.replace("job ", "Tugas "))


def _alarms(alarms: list[health_records.Alarm], zone: str) -> list[Need]:
    return [Need("orange", "bell", alarm.text, f"sejak {short_moment(alarm.raised_at, zone)}") for alarm in alarms]


def _waiting(figures: overview.Figures) -> list[Need]:
    """Messages and replies that go no further by themselves."""
    kinds = (
        ("orange", "plug-connected", "unknown", "pesan belum pasti terkirim", "Sedang ditanyakan ke penyedia."),
        ("orange", "hourglass", "held", "pesan ditahan", "Menunggu keputusan: lepas atau batalkan."),
        ("red", "alert-circle", "failed", "pesan gagal", "Lihat sebabnya, lalu kirim ulang atau perbaiki nomornya."),
    )
    needs = [
        Need(colour, icon, f"{number(count)} {title}", text, url_for("outbox.index", state=state))
        for colour, icon, state, title, text in kinds
        if (count := figures.messages.get(state, 0))
    ]
    tray = sum(figures.replies.get(state, 0) for state in ("tray", "parked"))
    if tray:
        title, where = f"{number(tray)} balasan perlu dipilah", url_for("inbox.index", state="tray")
        needs.append(Need("orange", "inbox", title, "Belum jelas untuk laporan mana.", where))
    return needs
