"""Laporan: the figures of a period beside the year before, each with the cases behind it."""

import json
from dataclasses import replace

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from aspal.core.rapor import Rapor
from aspal.core.wording import MONTHS
from aspal.records.figures import counts
from aspal.report import open_data, period_report
from aspal.report.sections import KIND, decimal
from aspal.web.house import house
from aspal.web.pages.reports import asked as in_address
from aspal.web.words import local_day

blueprint = Blueprint("reports", __name__, url_prefix="/laporan")
_SETS = (
    ("Selesai", "finished", "green"),
    ("Proses", "in_process", "azure"),
    ("Belum ditindaklanjuti", "open", "red"),
    ("Belum terverifikasi", "unverified", "purple"),
    ("Ditunda, diarsipkan, bukan kewenangan", "other", "secondary"),
)
_MOST_UNITS = 12  # bars that can still be read


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Everything on one page; the reminders come after it, since they look at every message."""
    the_house, target = house(), in_address.target()
    now = the_house.clock.now()
    today = local_day(now, the_house.settings.office_time_zone)
    what = in_address.asked(today)
    with the_house.db.read() as conn:
        units, standing, calendars = counts.names(conn), counts.standing(conn), the_house.calendars(conn)
        if what.unit_id is not None and what.unit_id not in units:
            abort(404)
        found = in_address.counted(conn, calendars, what, period_report.compared, version=standing.version)
        pace = in_address.counted(conn, calendars, what, period_report.pace, version=standing.version)
        seen = period_report.outlook(conn, what, found.now, pace, target.percent) if pace else None
    earlier = replace(what, period=found.before.period)
    return render_template(
        "reports/index.html", asked=what, found=found, seen=seen, target=target, units=units,
        unit_ids={name: unit_id for unit_id, name in units.items()},
        years=standing.years or [today.year], parts=in_address.PARTS, here=in_address.in_address(what),
        behind=in_address.behind(what), earlier=in_address.behind(earlier, found.before.until),
        months=_months(found.now), bars=_bars(found.now), decimal=decimal, kinds=KIND,
        month_names=MONTHS, words=in_address.words, today=today,
    )  # fmt: skip


@blueprint.get("/pengingat")
def reminders() -> ResponseReturnValue:
    """Which reminders moved their cases; a part of the page, or a page of its own without JavaScript."""
    the_house = house()
    now = the_house.clock.now()
    what = in_address.asked(local_day(now, the_house.settings.office_time_zone))
    with the_house.db.read() as conn:
        version = counts.standing(conn).version
        found = in_address.counted(conn, the_house.calendars(conn), what, period_report.reminders, version=version)
    return render_template(
        "reports/reminders.html", found=found, asked=what, here=in_address.in_address(what), decimal=decimal
    )


@blueprint.get("/data.<kind>")
def data(kind: str) -> ResponseReturnValue:
    """Every complaint of the period, for Satu Data; sent while it is read."""
    the_house = house()
    what = in_address.asked(local_day(the_house.clock.now(), the_house.settings.office_time_zone))
    writers = {"csv": (open_data.as_csv, "text/csv"), "json": (open_data.as_json, "application/json")}
    if kind not in writers:
        abort(404)
    write, content_type = writers[kind]
    return _download(write(the_house.db, what), content_type, f"laporan-{what.period.key}.{kind}")


@blueprint.get("/kamus.csv")
def dictionary() -> ResponseReturnValue:
    """What each column of the data files means."""
    return _download(open_data.dictionary_csv(), "text/csv", "kamus-data.csv")


def _download(content: object, content_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=f"{content_type}; charset=utf-8", headers=headers)  # type: ignore[arg-type]


def _months(found: Rapor) -> str:
    return json.dumps(
        {
            "type": "bar", "stacked": True, "labels": [MONTHS[number - 1][:3] for number in found.months],
            "sets": [
                {"label": label, "colour": colour, "values": [getattr(one, name) for one in found.months.values()]}
                for label, name, colour in _SETS
            ],
        }
    )  # fmt: skip


def _bars(found: Rapor) -> str:
    largest = sorted(found.units, key=lambda one: (-one.tally.total, one.name))[:_MOST_UNITS]
    return json.dumps(
        {
            "type": "bar", "across": True, "percent": True, "labels": [one.name for one in largest],
            "sets": [
                {"label": "% penyelesaian", "colour": "green", "values": [one.tally.completed for one in largest]},
                {"label": "% tindak lanjut", "colour": "azure", "values": [one.tally.followed_up for one in largest]},
            ],
        }
    )  # fmt: skip
