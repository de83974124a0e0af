"""How notices become the words of one message: values for a template, by case or as a digest.

Not a station: bundle writes with it, `aspal templates` previews with it. Secrecy decides the text here, once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from aspal.core import secrecy
from aspal.core.bundling import Planned, Waiting
from aspal.core.case import Rest
from aspal.core.ladder import Basis, Ladder
from aspal.core.turns import responsible
from aspal.core.wording import listed, long_date, short_date, workdays
from aspal.core.words import Kind, Role, Status
from aspal.core.workdays import Calendar
from aspal.flow.gather import Gathered, reachable
from aspal.gateways.texts import CAPS, Rendered, Texts
from aspal.records.cases import CaseRow
from aspal.settings import Settings

NO_ID_YET = "belum ber-ID LAPOR"
CONSENT = "persetujuan_kontak"  # the kind that asks a contact whether we may write


def render(plan: Planned, cases: Mapping[int, Gathered], texts: Texts, settings: Settings) -> tuple[str, Rendered]:
    """The template and the rendered words of a planned message."""
    gathered = cases[plan.notices[0].disposition_id]
    kind = texts.confidential(plan.template) if not plan.digest and is_secret(gathered) else plan.template
    template = texts.kind(kind)
    if plan.digest:
        values = _digest_values(plan.notices, cases, settings.office_name)
    else:
        values = case_values(gathered, plan.notices[0], settings, template.names)
    values["penerima"] = gathered.people[plan.contact_id].name
    return kind, template.render({name: values[name] for name in template.names})


def is_secret(gathered: Gathered) -> bool:
    """Whether only the number and the dates of this case may be written."""
    case = gathered.case
    return secrecy.is_secret(confidential=gathered.row.confidential, supervised=case.supervised, kind=case.kind)


def case_values(gathered: Gathered, notice: Waiting, settings: Settings, names: Iterable[str]) -> dict[str, str]:
    """Those of the values that a case template can ask for which it does ask for."""
    return {name: _CASE_VALUES[name](gathered, notice, settings) for name in names if name in _CASE_VALUES}


def _title(gathered: Gathered) -> str:
    secret = is_secret(gathered)
    return secrecy.visible_title(gathered.row.title, secret, secret) or "tanpa judul"


def _unit(gathered: Gathered, settings: Settings) -> str:
    return "unit kerja terkait" if is_secret(gathered) else gathered.row.unit_name or settings.office_name


def _number(row: CaseRow) -> str:
    return row.number if row.has_tracking_id else f"{row.number} ({NO_ID_YET})"


def _link(row: CaseRow, settings: Settings) -> str:
    """The complaint's page at LAPOR; before it has an id there is only LAPOR itself."""
    if row.link and secrecy.redact(row.link) == row.link:
        return row.link
    return f"{settings.lapor_link_base}/{row.number}" if row.has_tracking_id else "https://www.lapor.go.id"


def deadline(gathered: Gathered) -> date:
    """The working day by which the case is due: the follow-up norm while nothing was done, then the legal limit."""
    case = gathered.case
    what = case.kind, case.supervised, case.status
    return _deadline(*what, case.disposed_on, case.rests, gathered.ladder, gathered.calendar)


@lru_cache(maxsize=2048)  # most cases of a morning share theirs
def _deadline(
    kind: Kind,
    supervised: bool,
    status: Status,
    start: date,
    rests: tuple[Rest, ...],
    ladder: Ladder,
    calendar: Calendar,
) -> date:  # fmt: skip
    limit = ladder.limit_of(kind, supervised)
    if status is Status.OPEN and not supervised:
        limit = min(limit, _norm(ladder))
    elif status is Status.UNVERIFIED:
        limit = max((s.days for s in ladder.steps if s.basis is Basis.VERIFICATION), default=limit)
    rested = sum(calendar.workdays_between(rest.first, rest.last) for rest in rests if rest.last is not None)
    return calendar.add_workdays(start, limit + rested)


def _norm(ladder: Ladder) -> int:
    """Working days within which a follow-up is expected: where the office itself hears of it."""
    steps = [s.days for s in ladder.steps if s.basis is Basis.RESPONSE and Role.ADMIN in s.audience]
    return min(steps, default=5)


def _remark(gathered: Gathered, template: str) -> str:
    """One clause on where the case stands, for whoever must act next."""
    case = gathered.case
    if any(step.basis is Basis.CONTACT and step.template == template for step in gathered.ladder.steps):
        return _contact_remark(gathered)
    if case.claim in ("not_ours", "extension") and gathered.said:
        return f"\u201c{secrecy.redact(gathered.said)}\u201d"  # an officer may quote what the reporter wrote
    claims = {
        "done": "penghubung menyatakan sudah ditindaklanjuti, pencatatan di LAPOR belum terlihat",
        "in_process": "penghubung menyatakan sedang diproses",
        "not_ours": "penghubung menyatakan bukan kewenangannya",
        "extension": "penghubung meminta perpanjangan waktu",
    }
    if case.claim in claims:
        return claims[case.claim]
    return "belum ada balasan dari penghubung" if case.replied_at is None else "penghubung sudah membalas"


def _contact_remark(gathered: Gathered) -> str:
    """Who cannot be reached, by name, so that the admin knows what to mend."""
    case = gathered.case
    supervised = case.is_supervised
    wanted = responsible(case)
    lost = []
    for person in gathered.people.values():
        if person.opted_out and person.contact_id in gathered.holders(wanted):
            lost.append(f"{person.name} berhenti menerima pesan (BERHENTI)")
        elif not reachable(person) and person.contact_id in gathered.holders(wanted):
            lost.append(f"nomor {person.name} tidak dapat dihubungi")
    if lost:
        return "ada penerima yang tidak dapat dihubungi" if is_secret(gathered) else ", ".join(lost)
    if supervised and not case.told(Role.INSPECTORATE):
        return "belum ada kontak Inspektorat yang terdaftar atau SK-nya berlaku"
    if not supervised and not (case.told(Role.LIAISON) or case.told(Role.OPERATOR)):
        return "belum ada penghubung yang terdaftar atau SK-nya berlaku"
    if not supervised and not case.told(Role.HEAD):
        return "belum ada kepala OPD yang terdaftar atau SK-nya berlaku"
    return f"{gathered.ladder.caps.unanswered_reminders} pengingat berturut-turut belum dijawab"


def _digest_values(notices: Sequence[Waiting], cases: Mapping[int, Gathered], office: str) -> dict[str, str]:
    together: dict[str, list[Waiting]] = {}  # at two units of one person a complaint is still one
    for notice in notices:
        together.setdefault(cases[notice.disposition_id].row.number, []).append(notice)
    items = [
        f"{number} ({workdays(max(n.age for n in same))}, {' '.join(f'#{code}' for code in _codes(same, cases))})"
        for number, same in together.items()
    ]
    units = sorted({cases[n.disposition_id].row.unit_name for n in notices} - {""})
    return {
        "jumlah": str(len(together)),
        "daftar": listed(items, CAPS["daftar"]),
        "opd": units[0] if len(units) == 1 else f"{len(units)} unit kerja" if units else office,
        "kantor": office,
        "batas": short_date(min(deadline(cases[n.disposition_id]) for n in notices)),
    }


def _codes(notices: Sequence[Waiting], cases: Mapping[int, Gathered]) -> dict[str | None, None]:
    return dict.fromkeys(cases[n.disposition_id].row.code for n in notices)


_CASE_VALUES: dict[str, Callable[[Gathered, Waiting, Settings], str]] = {
    "nomor": lambda gathered, notice, settings: _number(gathered.row),
    "kode": lambda gathered, notice, settings: f"#{gathered.row.code}",
    "judul": lambda gathered, notice, settings: _title(gathered),
    "opd": lambda gathered, notice, settings: _unit(gathered, settings),
    "tanggal_disposisi": lambda gathered, notice, settings: long_date(gathered.case.disposed_on),
    "umur": lambda gathered, notice, settings: workdays(notice.age),
    "batas": lambda gathered, notice, settings: long_date(deadline(gathered)),
    "tautan": lambda gathered, notice, settings: _link(gathered.row, settings),
    "kantor": lambda gathered, notice, settings: settings.office_name,
    "catatan": lambda gathered, notice, settings: _remark(gathered, notice.template),
}
