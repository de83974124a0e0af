"""Aturan: writing a draft, step by step. Every form names the revision that it was filled in on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from aspal.core.ladder import Caps, Ladder, Limit, Step
from aspal.core.ladder.data import LadderProblem, ladder_data, ladder_from
from aspal.core.ladder.edit import free_code, moved, with_step, without
from aspal.core.ladder.form import CASES, StepFields, fields_of, item_of
from aspal.core.ladder.words import KINDS, REPEAT, WHEN, WHOM, message_words, sentence
from aspal.core.refused import Refused
from aspal.desk import rule_drafts
from aspal.desk.rule_drafts import Overtaken, Reviewed
from aspal.records import ladders, rule_scope
from aspal.web.auth import only
from aspal.web.house import house
from aspal.web.pages.rules import blueprint

LEVELS = {
    "0": "0 · Disposisi baru",
    "1": "1 · Penghubung",
    "2": "2 · Kepala OPD",
    "3": "3 · Kepala OPD dan Kominfo",
    "4": "4 · Sekda",
    "5": "5 · Lebih tinggi",
}


@blueprint.get("/rancangan/<int:draft_id>")
def draft(draft_id: int) -> ResponseReturnValue:
    """The draft as sentences, what it changes, and where its effect is shown."""
    return render_template("rules/draft.html", found=_reviewed(draft_id))


@blueprint.get("/rancangan/<int:draft_id>/langkah")
@only("admin")
def step(draft_id: int) -> ResponseReturnValue:
    """The form of one step (`?kode=`), or of a new one."""
    found, code = _reviewed(draft_id), request.args.get("kode", "")
    known = next((step for step in found.ladder.steps if step.id == code), None)
    if code and known is None:
        abort(404)
    return form_page(found, code, fields_of(known) if known else StepFields(), found.draft.revision)


@blueprint.post("/rancangan/<int:draft_id>/langkah")
def save_step(draft_id: int) -> ResponseReturnValue:
    """Puts a step into the draft; what was typed is never lost."""
    code, fields = request.form.get("kode", ""), typed(request.form)
    try:
        _revise(draft_id, lambda ladder: with_step(ladder, step_from(ladder, code, fields)))
    except Overtaken as overtaken:
        found = _reviewed(draft_id)
        return form_page(found, code, fields, overtaken.draft.revision, str(overtaken), overtaken=True), 409
    except (LadderProblem, Refused) as problem:
        return form_page(_reviewed(draft_id), code, fields, _revision(), str(problem)), 422
    flash("Langkah disimpan di rancangan.", "success")
    return redirect(url_for("rules.draft", draft_id=draft_id), 303)


@blueprint.post("/rancangan/<int:draft_id>/urutan")
def arrange(draft_id: int) -> ResponseReturnValue:
    """Moves a step up or down, or takes it out."""
    code, action = request.form.get("kode", ""), request.form.get("tindakan", "")
    changes: dict[str, Callable[[Ladder], Ladder]] = {
        "naik": lambda ladder: moved(ladder, code, -1),
        "turun": lambda ladder: moved(ladder, code, 1),
        "hapus": lambda ladder: without(ladder, code),
    }
    _try(draft_id, changes.get(action) or abort(400), f"Langkah {code} dihapus." if action == "hapus" else None)
    return redirect(url_for("rules.draft", draft_id=draft_id, _anchor=f"langkah-{code}"), 303)


@blueprint.get("/rancangan/<int:draft_id>/batas")
@only("admin")
def limits(draft_id: int) -> ResponseReturnValue:
    """The form of the law's limits and of what one person can be asked to bear."""
    found = _reviewed(draft_id)
    return render_template(
        "rules/limits.html", found=found, typed=_limits_of(found.ladder), revision=found.draft.revision
    )


@blueprint.post("/rancangan/<int:draft_id>/batas")
def save_limits(draft_id: int) -> ResponseReturnValue:
    """Puts limits and caps into the draft."""
    values = request.form.to_dict()
    revision = _revision()
    try:
        _revise(draft_id, lambda ladder: _with_limits(ladder, values))
    except (LadderProblem, Refused) as problem:
        found = _reviewed(draft_id)
        now = found.draft.revision if isinstance(problem, Overtaken) else revision
        page = render_template("rules/limits.html", found=found, typed=values, revision=now, problem=str(problem))
        return page, 409 if isinstance(problem, Overtaken) else 422
    flash("Batas waktu dan pagu disimpan di rancangan.", "success")
    return redirect(url_for("rules.draft", draft_id=draft_id), 303)


def step_from(ladder: Ladder, code: str, fields: StepFields) -> Step:
    """The step that was typed; a new one gets a code that no version ever had. Raises LadderProblem."""
    if not code:
        with house().db.read() as conn:
            code = free_code([ladder, *ladders.all_versions(conn).values()])
    data = ladder_data(replace(ladder, steps=())) | {"langkah": [item_of(code, fields)]}
    return ladder_from(data).steps[0]


def typed(form: MultiDict[str, str]) -> StepFields:
    """The fields of the form as they came."""
    several = [*form.getlist("kategori"), *form.get("kategori_lain", "").split(";")]
    return StepFields(
        when=form.get("kapan", ""),
        number=form.get("angka", "0").strip() or "0",
        audience=tuple(form.getlist("kepada")),
        repeat=form.get("ulang", ""),
        template=form.get("templat", ""),
        level=form.get("tingkat", ""),
        cases=form.get("berkadar", ""),
        kinds=tuple(form.getlist("jenis")),
        categories=tuple(dict.fromkeys(name.strip().casefold() for name in several if name.strip())),
        units=tuple(form.getlist("unit")),
        unit_ids=tuple(form.getlist("id_unit")),
        digest="ringkasan" in form,
        approval="persetujuan" in form,
    )


def form_page(
    found: Reviewed,
    code: str,
    fields: StepFields,
    revision: int,
    problem: str | None = None,
    *,
    overtaken: bool = False,
    **trial: Any,
) -> str:
    """The form of a step as it was typed, with what is wrong, or with its effect."""
    stored = next((step for step in found.ladder.steps if step.id == code), None)
    return render_template(
        "rules/step.html",
        found=found,
        code=code,
        typed=fields,
        revision=revision,
        problem=problem,
        stored=sentence(stored, found.units).text if stored and overtaken else None,
        choices=_choices(fields),
        **trial,
    )


def _choices(fields: StepFields) -> dict[str, Any]:
    """Everything that the form offers, as (value, words)."""
    with house().db.read() as conn:
        categories, units = rule_scope.categories(conn), rule_scope.unit_kinds(conn)
    texts = house().texts
    one, many = (rule_drafts.usable(texts, digest=digest) for digest in (False, True))
    return {
        "when": [(str(when), words.format(n="…")) for when, words in WHEN.items()],
        "whom": [(str(role), words) for role, words in WHOM.items()],
        "repeat": [(str(repeat), words) for repeat, words in REPEAT.items()],
        "template": [(kind, message_words(kind)) for kind in one]
        + [(kind, f"{message_words(kind)} (ringkasan)") for kind in many],
        "level": list(LEVELS.items()),
        "cases": list(CASES.items()),
        "kinds": [(str(kind), words) for kind, words in KINDS.items()],
        "units": units,
        "categories": sorted({*categories, *fields.categories}),
    }


def _limits_of(ladder: Ladder) -> dict[str, str]:
    values = {f"hari_{name}": str(limit.days) for name, limit in ladder.limits.items()}
    values |= {f"dasar_{name}": limit.legal_basis for name, limit in ladder.limits.items()}
    caps = ladder.caps
    return values | {"pesan": str(caps.messages_per_day), "pengingat": str(caps.unanswered_reminders)}


def _with_limits(ladder: Ladder, values: dict[str, str]) -> Ladder:
    limits = {
        name: Limit(_whole(values.get(f"hari_{name}"), f"Batas {name}"), values.get(f"dasar_{name}", "").strip() or "-")
        for name in ladder.limits
    }
    caps = Caps(_whole(values.get("pesan"), "Pesan sehari"), _whole(values.get("pengingat"), "Pengingat"))
    return replace(ladder, limits=limits, caps=caps)


def _whole(value: str | None, name: str) -> int:
    text = (value or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise LadderProblem(f"{name.replace('_', ' ')}: isi dengan bilangan bulat.")
    return int(text)


def _reviewed(draft_id: int) -> Reviewed:
    with house().db.read() as conn:
        return rule_drafts.review(conn, draft_id) or abort(404)


def _revision() -> int:
    return request.form.get("revisi", -1, type=int)


def _revise(draft_id: int, change: Callable[[Ladder], Ladder]) -> list[Any]:
    the_house, now = house(), house().clock.now()
    return rule_drafts.revise(
        the_house.db, the_house.texts, draft_id, _revision(), change, now=now, by=current_user.email
    )


def _try(draft_id: int, change: Callable[[Ladder], Ladder], said: str | None) -> None:
    try:
        _revise(draft_id, change)
    except (LadderProblem, Refused) as problem:
        flash(str(problem), "warning" if isinstance(problem, Overtaken) else "danger")
    else:
        if said:
            flash(said, "success")
