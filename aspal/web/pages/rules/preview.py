"""Aturan: what a draft would have done and would do, while it is being written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from aspal.core.ladder.data import LadderProblem, ladder_data
from aspal.core.ladder.edit import with_step
from aspal.core.ladder.words import sentence
from aspal.core.replay.compare import Compared, Mark, by_audience, lanes
from aspal.core.replay.words import CATEGORY, summary
from aspal.core.words import Role
from aspal.desk import office_acts, replay, rule_drafts
from aspal.desk.replay import Replayed
from aspal.web.house import house
from aspal.web.pages.rules import blueprint
from aspal.web.pages.rules.draft import form_page, step_from, typed

DAYS = 90
SHOWN, LANES = 60, 6


@dataclass(frozen=True)
class Shown:
    """A replay as a page shows it."""

    part: str  # lalu | berjalan
    replayed: Replayed
    lines: Sequence[str]
    changed: Sequence[Compared]  # the newest of what is not the same
    changed_total: int
    marks: Counter[Mark]
    steps: Sequence[tuple[str, str, Role, int, int]]  # code, words, audience, now, draft
    people: Sequence[tuple[Role, int, int]]  # messages now, draft
    lanes: Sequence["Lane"]
    prices: Mapping[str, int]

    @property
    def price(self) -> int:
        """Rupiah for one message of a chain; 0 where the office has not said."""
        return self.prices.get(CATEGORY, 0)


@dataclass(frozen=True)
class Lane:
    """One case on two lines, now and draft, on an axis of days; x runs from 0 to 1000."""

    number: str
    unit: str
    first: date
    last: date
    points: Sequence[tuple[str, int, Compared]]  # line, x, what


@blueprint.get("/rancangan/<int:draft_id>/pratinjau")
def preview(draft_id: int) -> ResponseReturnValue:
    """The effect of the whole draft: alone for htmx, else as a page."""
    with house().db.read() as conn:
        found = rule_drafts.review(conn, draft_id) or abort(404)
    part = "berjalan" if request.args.get("bagian") == "berjalan" else "lalu"
    shown = _shown(found.draft.body, part)
    if "HX-Request" in request.headers:
        return render_template("rules/preview.html", shown=shown, found=found, compact=True)
    return render_template("rules/preview_page.html", shown=shown, found=found)


@blueprint.post("/rancangan/<int:draft_id>/coba")
def try_step(draft_id: int) -> ResponseReturnValue:
    """The effect of a step that is only typed yet. Changes nothing; a POST because a form can be long."""
    with house().db.read() as conn:
        found = rule_drafts.review(conn, draft_id) or abort(404)
    code, fields = request.form.get("kode", ""), typed(request.form)
    trial: dict[str, Any] = {"problem": None, "shown": None, "words": None, "compact": True}
    try:
        step = step_from(found.ladder, code, fields)
        body = ladder_data(rule_drafts.checked(ladder_data(with_step(found.ladder, step)), house().texts))
    except LadderProblem as problem:
        trial["problem"] = str(problem)
    else:
        trial |= {"shown": _shown(body, "lalu"), "words": sentence(step, found.units).text}
    if "HX-Request" in request.headers:
        return render_template("rules/preview_trial.html", found=found, **trial)
    return form_page(found, code, fields, request.form.get("revisi", -1, type=int), **trial)


def _shown(body: Mapping[str, Any], part: str) -> Shown:
    the_house, now = house(), house().clock.now()
    with the_house.db.read() as conn:
        calendars, prices = the_house.calendars(conn), office_acts.prices(conn)
    if part == "berjalan":
        replayed = replay.ahead(the_house.db, calendars, body, now=now)
    else:
        replayed = replay.run(the_house.db, calendars, body, days=DAYS, now=now, bounds=replay.PAGE)
    changes = replayed.changes
    changed = [one for one in changes if one.mark is not Mark.SAME]
    before, after = by_audience(replayed.messages_now), by_audience(replayed.messages_draft)
    return Shown(
        part=part,
        replayed=replayed,
        lines=summary(replayed.messages_now, replayed.messages_draft, prices),
        changed=changed[-SHOWN:][::-1] if part == "lalu" else changed[:SHOWN],
        changed_total=len(changed),
        marks=Counter(one.mark for one in changes),
        steps=_by_step(replayed),
        people=[(role, before[role], after[role]) for role in Role if before[role] or after[role]],
        lanes=[_lane(changes_of) for _, changes_of in lanes(changes, LANES)],
        prices=prices,
    )


def _by_step(replayed: Replayed) -> list[tuple[str, str, Role, int, int]]:
    before, after = (Counter((t.step, t.audience) for t in side) for side in (replayed.now, replayed.draft))
    templates = {(t.step, t.audience): t.template for t in [*replayed.now, *replayed.draft]}
    return [(step, templates[step, role], role, before[step, role], after[step, role]) for step, role in templates]


def _lane(changes: Sequence[Compared]) -> Lane:
    days = [one.told.workday for one in changes] + [one.before.workday for one in changes if one.before]
    first, last = min(days), max(days)
    points = []
    for one in sorted(changes, key=lambda c: c.mark is not Mark.SAME):  # what differs lies on top
        if one.mark is not Mark.NEW:
            points.append(("now", _x((one.before or one.told).workday, first, last), one))
        if one.mark is not Mark.GONE:
            points.append(("draft", _x(one.told.workday, first, last), one))
    told = changes[0].told
    return Lane(told.number, told.unit, first, last, points)


def _x(day: date, first: date, last: date) -> int:
    return round(1000 * (day - first).days / max(1, (last - first).days))
