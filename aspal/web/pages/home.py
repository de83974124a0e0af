"""Beranda: what needs somebody today, most urgent first, and each one click from its cure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from aspal.core.alarm_keys import QUESTION, WORKER
from aspal.core.go_live import Step, next_step
from aspal.core.lateness import lateness
from aspal.core.switches import DAILY_LINE
from aspal.core.wording import ago, listed, long_date
from aspal.desk import office_acts
from aspal.flow.vitals import JOBS
from aspal.records import coverage, ladders, listing, overview
from aspal.records import health as health_records
from aspal.records import vitals as vitals_records
from aspal.records.health import Alarm, Heartbeat
from aspal.records.listing import Filters, Seen
from aspal.records.overview import Waiting
from aspal.records.vitals import Switch
from aspal.web.auth import may
from aspal.web.house import house
from aspal.web.pages import setting_up
from aspal.web.pages.complaints.filters import write
from aspal.web.words import ROLE, last_day, number, short_moment

blueprint = Blueprint("home", __name__)
LATELY = timedelta(days=14)  # failures before that are nobody's worry any more
ENDING_WITHIN = 30  # days
_MOST = 1000  # beyond that nobody counts


@dataclass(frozen=True)
class Need:
    """One thing that waits for somebody, and where it is settled."""

    colour: str
    icon: str
    title: str
    text: str
    href: str | None = None


PAUSED = {"kantor": "Seluruh kantor", "lapor": "LAPOR sedang gangguan"}  # why everything rests
_SAID_ABOVE = ("coverage", "appointments_ending", WORKER)  # alarms that stand here in more detail
# Lists that need somebody, in the order of their urgency: name, filters, colour, icon, title, text.
_LISTS = (
    ("late", Filters(late=True), "red", "clock", "laporan terlambat", "Lewat batas dan belum selesai."),
    ("risen", Filters(level=2), "red", "alert-triangle", "laporan sudah naik ke pimpinan",
     "Menurut aturan sudah di tingkat kepala OPD atau atasannya."),
    ("broken", Filters(broken=True), "orange", "calendar-off", "janji terlewat",
     "Tanggalnya lewat dan LAPOR masih mencatat belum ditindaklanjuti."),
    ("not_ours", Filters(claim="not_ours"), "orange", "arrow-back-up", "laporan disebut bukan kewenangan",
     "Menunggu Kominfo: disposisi ulang, atau tetapkan unitnya."),
    ("extension", Filters(claim="extension"), "orange", "hourglass", "permintaan perpanjangan",
     "Menunggu Kominfo: beri atau tolak."),
)  # fmt: skip


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The first page. Figures and plans come after it, each on its own."""
    the_house = house()
    now = the_house.clock.now()
    with the_house.db.read() as conn:
        calendar = the_house.calendars(conn).of(None)
        seen = Seen(lateness(ladders.in_force(conn), calendar, now), titles=False)
        counts = listing.counts(conn, {name: filters for name, filters, *_ in _LISTS}, seen, _MOST)
        waiting = overview.waiting(conn, now - LATELY)
        beats, alarms = health_records.heartbeats(conn), health_records.open_alarms(conn)
        gaps = coverage.gaps(conn, seen.lateness.today)
        ending = coverage.ending(conn, seen.lateness.today, ENDING_WITHIN)
        statuses = overview.by_status(conn)
        on = vitals_records.switches_on(conn, [DAILY_LINE, *office_acts.PAUSES.values()], now)
        begun = bool(waiting.units and waiting.complaints)
        steps = setting_up.of_beginners(conn, now, begun=begun) if may("admin") else ()
    needs = [
        *paused(on), *_machine(beats, now), *_cases(counts), *_messages(waiting),
        *_people(gaps, ending, seen.lateness.today), *_office(waiting), *_alarms(alarms),
        *(_setting_up(steps) if begun else ()),
    ]  # fmt: skip
    daily = on[DAILY_LINE].value.get("text") if DAILY_LINE in on else None
    return render_template(
        "home/index.html", needs=needs, statuses=statuses, daily=daily,
        steps=() if begun else steps, next_step=next_step(steps),
    )  # fmt: skip


def _many(count: int) -> str:
    return f"Lebih dari {number(_MOST - 1)}" if count >= _MOST else number(count)


def paused(on: Mapping[str, Switch]) -> Iterator[Need]:
    """A pause comes before all else: while it lasts the rest waits as well, and nobody is told."""
    zone, where = house().settings.office_time_zone, url_for("office.index", _anchor="jeda")
    for what, switch in office_acts.PAUSES.items():
        if pause := on.get(switch):
            title = f"Semua pengingat dijeda sejak {short_moment(pause.set_at, zone)} oleh {pause.set_by}"
            until = f"sampai dengan {long_date(last_day(pause.until, zone))}" if pause.until else "tanpa tanggal akhir"
            yield Need("red", "player-pause", title, f"{PAUSED[what]}, {until}: {pause.reason}", where)


def _machine(beats: Sequence[Heartbeat], now: datetime) -> Iterator[Need]:
    """A silent worker comes first: nothing else here can be trusted while it is silent."""
    where = url_for("vitals.index")
    if not beats:
        text = "Belum pernah berjalan: tidak ada pengingat yang keluar. Jalankan aspal worker atau aspal run tick."
        yield Need("red", "heart-rate-monitor", "Pekerja latar belum berjalan", text, where)
    late = [beat for beat in beats if beat.is_late(now)]
    if late:
        text = f"“{_job(late[0])}” terakhir berhasil {ago(late[0].at, now)}. Pengingat tidak keluar selama ini."
        yield Need("red", "heart-rate-monitor", "Pekerja latar tidak berjalan", text, where)
    for beat in beats:
        if beat.failing_since and beat not in late:
            text = f"Gagal sejak {ago(beat.failing_since, now)}."
            yield Need("red", "heart-rate-monitor", f"Tugas “{_job(beat)}” gagal", text, where)


def _job(beat: Heartbeat) -> str:
    return JOBS.get(beat.name, beat.name).lower()


def _cases(counts: dict[str, int]) -> Iterator[Need]:
    for name, filters, colour, icon, title, text in _LISTS:
        if counts[name]:
            where = url_for("complaints.index", **write(filters))
            yield Need(colour, icon, f"{_many(counts[name])} {title}", text, where)


def _messages(waiting: Waiting) -> Iterator[Need]:
    """Messages and replies that go no further by themselves."""
    kinds = (
        ("failed", "red", "alert-circle", "pesan gagal", "Lihat sebabnya, lalu kirim ulang atau perbaiki nomornya."),
        ("unknown", "orange", "plug-connected", "pesan belum pasti terkirim", "Sedang ditanyakan ke penyedia."),
        ("held", "orange", "hourglass", "pesan ditahan", "Menunggu keputusan: lepas atau batalkan."),
    )
    for state, colour, icon, title, text in kinds:
        if count := getattr(waiting, state):
            yield Need(colour, icon, f"{_many(count)} {title}", text, url_for("outbox.index", state=state))
    if waiting.tray:
        title = f"{_many(waiting.tray)} balasan perlu dipilah"
        yield Need("orange", "inbox", title, "Belum jelas untuk laporan mana.", url_for("inbox.tray"))


def _people(gaps: Sequence[coverage.Gap], ending: Sequence[coverage.Ending], today: date) -> Iterator[Need]:
    where = url_for("directory.gaps")
    for role in coverage.NEEDED:
        units = [gap.unit for gap in gaps if gap.role is role]
        if units:
            title = f"{number(len(units))} unit tanpa {ROLE[role][0].lower()}{ROLE[role][1:]} yang dapat dihubungi"
            yield Need("orange", "phone-off", title, listed(units, 160, joint=", "), where)
    if ending:
        soonest = (ending[0].last_day - today).days
        title = f"{number(len(ending))} SK berakhir dalam {ENDING_WITHIN} hari"
        when = "hari ini" if soonest == 0 else f"{soonest} hari lagi"
        text = f"Paling dekat {when}: {listed(sorted({one.unit for one in ending}), 120, joint=', ')}."
        yield Need("yellow", "certificate", title, text, url_for("directory.ending"))


def _office(waiting: Waiting) -> Iterator[Need]:
    if waiting.sick_texts:
        title = f"{number(waiting.sick_texts)} templat pesan bermasalah"
        yield Need("red", "template", title, "Ditolak atau dihentikan WhatsApp.", url_for("templates.index"))
    if waiting.held_rows:
        title = f"{_many(waiting.held_rows)} baris impor belum dipastikan"
        where = url_for("imports.held")
        yield Need("orange", "file-import", title, "Nama unit, status, atau tanggalnya perlu dijelaskan sekali.", where)
    if waiting.strangers:
        title = f"{_many(waiting.strangers)} pesan dari nomor tak terdaftar"
        yield Need("secondary", "user-question", title, "Mungkin pejabat yang nomornya belum ada di direktori.",
                   url_for("inbox.index", state="unknown_sender"))  # fmt: skip


def _alarms(alarms: Sequence[Alarm]) -> Iterator[Need]:
    zone, where = house().settings.office_time_zone, url_for("vitals.index")
    for alarm in alarms:
        if alarm.key.startswith(_SAID_ABOVE):
            continue
        asker = alarm.key.removeprefix(QUESTION).partition(":")[0] if alarm.key.startswith(QUESTION) else None
        there = url_for("inbox.thread", contact_id=int(asker)) if asker else where
        yield Need("orange", "bell", alarm.text, f"sejak {short_moment(alarm.raised_at, zone)}", there)


def _setting_up(steps: Sequence[Step]) -> Iterator[Need]:
    """Last of all, while an office that has begun does not yet write to everybody."""
    if step := next_step(steps):
        title = f"Kantor belum langsung: {sum(one.done for one in steps)} dari {len(steps)} langkah selesai"
        where = url_for("office.index", _anchor="langkah")
        yield Need("secondary", "send", title, f"Berikutnya: {step.title}. {step.text}", where)
