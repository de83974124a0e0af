"""How notices become the words of one message: values for a template, by case or as a digest.

Not a station: bundle writes with it, `aspal templates` previews with it. Secrecy decides the text here, once.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from aspal.core.bundling import Planned, Waiting
from aspal.core.ladder import Basis, Ladder
from aspal.core.secrecy import visible_title
from aspal.core.wording import listed, long_date, short_date, workdays
from aspal.core.words import Kind, Role, Status
from aspal.flow.gather import Gathered
from aspal.gateways.texts import CAPS, Rendered, Texts
from aspal.records.cases import CaseRow
from aspal.settings import Settings

NO_ID_YET = "belum ber-ID LAPOR"


def render(plan: Planned, cases: Mapping[int, Gathered], texts: Texts, settings: Settings) -> tuple[str, Rendered]:
    """The template and the rendered words of a planned message."""
    name = next(p.name for g in cases.values() if (p := g.people.get(plan.contact_id)))
    if plan.digest:
        kind, values = plan.template, _digest_values(plan.notices, cases, settings.office_name)
    else:
        gathered = cases[plan.notices[0].disposition_id]
        kind = texts.confidential(plan.template) if is_secret(gathered) else plan.template
        values = case_values(gathered, plan.notices[0], settings)
    values["penerima"] = name
    return kind, texts.render(kind, {v.name: values[v.name] for v in texts.kind(kind).variables})


def is_secret(gathered: Gathered) -> bool:
    """Whether only the number and the dates of this case may be written."""
    return gathered.row.confidential or gathered.case.supervised or gathered.case.kind is Kind.WHISTLE


def case_values(gathered: Gathered, notice: Waiting, settings: Settings) -> dict[str, str]:
    """Everything a case template can ask for, by name."""
    row, case = gathered.row, gathered.case
    title = None if is_secret(gathered) else visible_title(row.title, row.confidential, case.supervised)
    return {
        "nomor": row.number if row.has_tracking_id else f"{row.number} ({NO_ID_YET})",
        "kode": f"#{row.code}",
        "judul": title or "tanpa judul",
        "opd": row.unit_name or settings.office_name,
        "tanggal_disposisi": long_date(case.disposed_on),
        "umur": workdays(notice.age),
        "batas": long_date(deadline(gathered)),
        "tautan": _link(row, settings),
        "kantor": settings.office_name,
        "catatan": _remark(gathered),
    }


def _link(row: CaseRow, settings: Settings) -> str:
    """The complaint's page at LAPOR; before it has an id there is only LAPOR itself."""
    if row.link:
        return row.link
    return f"{settings.lapor_link_base}/{row.number}" if row.has_tracking_id else "https://www.lapor.go.id"


def deadline(gathered: Gathered) -> date:
    """The working day by which the case is due: the follow-up norm while nothing was done, then the legal limit."""
    case, ladder = gathered.case, gathered.ladder
    limit = ladder.limit_of(case.kind, case.supervised)
    if case.status is Status.OPEN and not case.supervised:
        limit = min(limit, _norm(ladder))
    elif case.status is Status.UNVERIFIED:
        limit = max((s.days for s in ladder.steps if s.basis is Basis.VERIFICATION), default=limit)
    rested = sum(
        gathered.calendar.workdays_between(rest.first, rest.last) for rest in case.rests if rest.last is not None
    )
    return gathered.calendar.add_workdays(case.disposed_on, limit + rested)


def _norm(ladder: Ladder) -> int:
    """Working days within which a follow-up is expected: where the office itself hears of it."""
    steps = [s.days for s in ladder.steps if s.basis is Basis.RESPONSE and Role.ADMIN in s.audience]
    return min(steps, default=5)


def _remark(gathered: Gathered) -> str:
    case = gathered.case
    if case.claim == "done":
        return "Pejabat penghubung menyatakan sudah ditindaklanjuti; pencatatan di LAPOR belum terlihat."
    if case.claim == "in_process":
        return "Pejabat penghubung menyatakan sedang diproses."
    if case.claim == "extension":
        return "Pejabat penghubung meminta perpanjangan waktu."
    if not case.told(Role.LIAISON) and not case.told(Role.OPERATOR):
        return "Belum ada pejabat penghubung yang dapat dihubungi."
    if Role.LIAISON in case.unreachable or Role.OPERATOR in case.unreachable:
        return "Nomor pejabat penghubung tidak dapat dihubungi."
    return "Belum ada balasan dari pejabat penghubung."


def _digest_values(notices: Sequence[Waiting], cases: Mapping[int, Gathered], office: str) -> dict[str, str]:
    items = [
        f"{cases[n.disposition_id].row.number} ({workdays(n.age)}, #{cases[n.disposition_id].row.code})"
        for n in notices
    ]
    units = sorted({cases[n.disposition_id].row.unit_name for n in notices} - {""})
    return {
        "jumlah": str(len(notices)),
        "daftar": listed(items, CAPS["daftar"]),
        "opd": units[0] if len(units) == 1 else f"{len(units)} unit kerja" if units else office,
        "kantor": office,
        "batas": short_date(min(deadline(cases[n.disposition_id]) for n in notices)),
    }
