"""Kalender: a change is typed, its effect on running cases is shown, and only then it is saved."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import Connection

from aspal.core.calendar_words import WORKDAYS, WrittenWrongly, blocks_text, day_from, days_from, period_from
from aspal.core.refused import Refused
from aspal.desk import calendar_changes
from aspal.desk.calendar_changes import Change, Stored
from aspal.records.calendar import DayOff
from aspal.web.house import house
from aspal.web.pages.calendar import FIRST_YEAR, KINDS, LAST_YEAR, blueprint

SHOWN = 100
_FORMS = {"hari": "day", "kerja": "day", "libur": "day", "daftar": "list", "jam": "hours", "jam-hapus": "hours"}
Form = Mapping[str, str]


@blueprint.get("/hari")
def day() -> ResponseReturnValue:
    """The form of one day (`?tanggal=`): off, or worked after all."""
    wanted = request.args.get("tanggal", "")
    with house().db.read() as conn:
        row = _stored_day(Stored.read(conn), wanted)
    typed = (
        {"tanggal": wanted, "nama": row.name, "macam": row.kind, "dasar": row.source} if row else {"tanggal": wanted}
    )
    return render_template("calendar/day.html", typed=typed, row=row)


@blueprint.get("/daftar")
def paste() -> ResponseReturnValue:
    """The form for the days of a decree, pasted as lines."""
    return render_template("calendar/list.html", typed={"macam": "collective"})


@blueprint.get("/jam")
def hours() -> ResponseReturnValue:
    """The form of a period of hours (`?nama=`), or of a new one."""
    with house().db.read() as conn:
        period = Stored.read(conn).hours.get(request.args.get("nama", ""))
    typed: dict[str, str] = {}
    if period:
        first, last = (one.isoformat() if one else "" for one in (period.first_day, period.last_day))
        typed = {"nama": period.name, "awal": first, "akhir": last}
        typed |= {f"jam_{n}": blocks_text(period.blocks.get(n, ())) for n in WORKDAYS}
    return render_template("calendar/hours.html", typed=typed, period=period)


@blueprint.post("/tinjau")
def look() -> ResponseReturnValue:
    """Which deadlines would move. Changes nothing."""
    return _review(request.form.to_dict())


@blueprint.post("/simpan")
def save() -> ResponseReturnValue:
    """Saves what was looked at, if the calendar is still the one that was looked at."""
    form = request.form.to_dict()
    the_house, now = house(), house().clock.now()
    try:
        with the_house.db.read() as conn:
            change = change_from(conn, form, current_user.email)
        calendar_changes.save(the_house.db, change, form.get("dilihat", ""), now=now, by=current_user.email)
    except (WrittenWrongly, Refused) as problem:
        flash(str(problem), "warning")
        return _review(form)
    flash("Kalender disimpan. Semua disposisi yang berjalan dihitung ulang.", "success")
    year = change.days[0].day.year if change.days else None
    return redirect(url_for("calendar.index", tahun=year), 303)


def _review(form: Form) -> ResponseReturnValue:
    the_house, now = house(), house().clock.now()
    try:
        with the_house.db.read() as conn:
            change = change_from(conn, form, current_user.email)
            stored = Stored.read(conn)
            moves = calendar_changes.preview(conn, change, zone=the_house.settings.office_time_zone, now=now)
    except (WrittenWrongly, Refused) as problem:
        return _again(form, str(problem)), 422
    typed = {name: value for name, value in form.items() if name not in ("csrf_token", "dilihat")}
    before = {row.day: stored.days.get(row.day) for row in change.days}
    return render_template(
        "calendar/review.html", change=change, before=before, stored=stored, moves=moves, typed=typed, shown=SHOWN
    )


def _again(form: Form, problem: str) -> str:
    """The form as it was typed, with what is wrong."""
    page = _FORMS.get(form.get("jenis", ""), "day")
    with house().db.read() as conn:
        stored = Stored.read(conn)
    row, period = _stored_day(stored, form.get("tanggal", "")), stored.hours.get(form.get("nama", ""))
    return render_template(f"calendar/{page}.html", typed=form, row=row, period=period, problem=problem)


def _stored_day(stored: Stored, text: str) -> DayOff | None:
    try:
        return stored.days.get(day_from(text))
    except WrittenWrongly:
        return None


def change_from(conn: Connection, form: Form, by: str) -> Change:
    """What the form asks for. Raises WrittenWrongly or Refused."""
    stored = Stored.read(conn)
    readers: dict[str, Callable[[], Change]] = {
        "hari": lambda: Change(days=(_off(form, form.get("tanggal", ""), form.get("nama", ""), by),)),
        "kerja": lambda: Change(days=(_worked(stored, form.get("tanggal", ""), by),)),
        "libur": lambda: Change(days=(_off_again(stored, form.get("tanggal", ""), by),)),
        "daftar": lambda: Change(days=_listed(stored, form, by)),
        "jam": lambda: _hours(stored, form),
        "jam-hapus": lambda: Change(dropped=(_dated(stored, form.get("nama", "")),)),
    }
    reader = readers.get(form.get("jenis", ""))
    if reader is None:
        raise Refused("Perubahan itu tidak dikenal.")
    return reader()


def _off(form: Form, text: str, name: str, by: str) -> DayOff:
    day, kind = _known(day_from(text)), form.get("macam", "")
    if not name.strip():
        raise WrittenWrongly("Beri nama hari itu, misalnya Hari jadi kabupaten.")
    if kind not in KINDS:
        raise WrittenWrongly("Pilih macam hari liburnya.")
    return DayOff(day, name.strip()[:200], kind, form.get("dasar", "").strip()[:200] or by)


def _known(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WrittenWrongly(f"Tahun {day.year} di luar kalender.")
    return day


def _worked(stored: Stored, text: str, by: str) -> DayOff:
    row = stored.days.get(day_from(text))
    if row is None or not row.observed:
        raise Refused("Hari itu memang hari kerja.")
    return replace(row, observed=False, estimated=False, source=by)


def _off_again(stored: Stored, text: str, by: str) -> DayOff:
    row = stored.days.get(day_from(text))
    if row is None or row.observed:
        raise Refused("Hari itu memang libur, atau belum ada di kalender.")
    return replace(row, observed=True, source=by)


def _listed(stored: Stored, form: Form, by: str) -> tuple[DayOff, ...]:
    found = tuple(_off(form, one.day.isoformat(), one.name, by) for one in days_from(form.get("baris", "")))
    new = tuple(row for row in found if row != stored.days.get(row.day))
    if not new:
        raise Refused("Semua hari itu sudah ada di kalender, persis seperti yang ditempel.")
    return new


def _hours(stored: Stored, form: Form) -> Change:
    hours = {n: form.get(f"jam_{n}", "") for n in WORKDAYS}
    period = period_from(form.get("nama", ""), form.get("awal", ""), form.get("akhir", ""), hours)
    ordinary = next((one for one in stored.hours.values() if not one.dated), None)
    if not period.dated and (ordinary is None or ordinary.name != period.name):
        raise WrittenWrongly("Isi tanggal mulai atau berakhirnya; tanpa tanggal, ubah jam kerja biasa saja.")
    if period.dated and ordinary and ordinary.name == period.name:
        raise WrittenWrongly("Jam kerja biasa berlaku sepanjang tahun; kosongkan kedua tanggalnya.")
    if stored.hours.get(period.name) == period:
        raise Refused("Jam itu sudah tersimpan persis seperti ini.")
    return Change(hours=(period,))


def _dated(stored: Stored, name: str) -> str:
    period = stored.hours.get(name)
    if period is None or not period.dated:
        raise Refused("Jam kerja biasa tidak dapat dihapus; ubah saja isinya.")
    return name
