"""Biaya: what the messages cost by month and category, with the office's own prices."""

import json
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from aspal.core import pricing
from aspal.core.wording import MONTHS
from aspal.desk import office_acts
from aspal.records import costs
from aspal.web.house import house
from aspal.web.message_kinds import name_of
from aspal.web.pages.outbox import blueprint, rupiah
from aspal.web.words import local_day

CATEGORY = {
    "utility": "Utilitas",
    "marketing": "Promosi",
    "authentication": "Autentikasi",
    "service": "Layanan (jawaban dalam 24 jam)",
}
_COLOURS = {"utility": "teal", "marketing": "orange", "authentication": "purple", "service": "azure"}
MONTHS_SHOWN = 12


@blueprint.get("/biaya")
def spent() -> ResponseReturnValue:
    """The last twelve months, and what the newest of them is made of."""
    today = local_day(house().clock.now(), house().settings.office_time_zone)
    first = date(today.year - 1, today.month, 1)
    with house().db.read() as conn:
        sent = costs.sent_by_day(conn, first, today)
        filed, prices = costs.billed_as(conn), office_acts.prices(conn)
    months = pricing.by_month(sent, filed, prices)[-MONTHS_SHOWN:]
    shown = _month(request.args.get("bulan", "")) or (months[-1].first if months else today.replace(day=1))
    kinds = [(name_of(kind), count, prices[filed.get(kind or "", "utility") if kind else "service"] * count)
             for kind, count in pricing.by_kind(sent, shown)]  # fmt: skip
    return render_template(
        "outbox/costs.html", months=months, chart=_chart(months), categories=CATEGORY, prices=prices, kinds=kinds,
        shown=shown, words=_words, rupiah=rupiah,
    )  # fmt: skip


@blueprint.post("/biaya/harga")
def set_prices() -> ResponseReturnValue:
    """Sets what one message of each category costs."""
    asked = {name: request.form.get(name, "").strip().replace(".", "") for name in pricing.CATEGORIES}
    if not all(value.isdecimal() and len(value) <= 6 for value in asked.values()):
        flash("Harga diisi dengan bilangan bulat rupiah, misalnya 400.", "danger")
        return redirect(url_for("outbox.spent"), 303)
    prices = {name: int(value) for name, value in asked.items()}
    office_acts.set_prices(house().db, prices, now=house().clock.now(), by=current_user.email)
    flash("Harga disimpan; semua bulan dihitung dengan harga ini.", "success")
    return redirect(url_for("outbox.spent"), 303)


def _chart(months: list[pricing.Month]) -> str:
    used = [category for category in CATEGORY if any(month.counts.get(category) for month in months)]
    sets = [
        {
            "label": CATEGORY[category],
            "values": [month.cost_of(category) for month in months],
            "colour": _COLOURS[category],
        }
        for category in used
    ]
    return json.dumps({"type": "bar", "stacked": True, "labels": [_words(m.first) for m in months], "sets": sets})


def _words(first: date) -> str:
    return f"{MONTHS[first.month - 1]} {first.year}"


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
