"""Why a complaint has, or has not, produced messages. It decides as the scan would, writing nothing."""

from datetime import datetime
from typing import Any

from aspal.core.case import age_of
from aspal.core.escalation import decide
from aspal.core.wording import long_date, long_moment, workdays
from aspal.db import Database
from aspal.flow.gather import Gathered, Gatherer
from aspal.records import cases, journal, notices
from aspal.records.calendar import Calendars


def explain(db: Database, calendars: Calendars, number: str, now: datetime) -> dict[str, Any] | None:
    """Every disposition of that complaint with its count of days, its notices and what comes next; None if unknown."""
    with db.read() as conn:
        complaint_id = cases.complaint_id(conn, number)
        if complaint_id is None:
            return None
        rows = cases.of_complaint(conn, complaint_id)
        gathered = Gatherer(conn, calendars, now).rows(rows)
        told = notices.of_dispositions(conn, [row.id for row in rows])
        entries = journal.of_complaint(conn, complaint_id)
    return {
        "complaint": number,
        "dispositions": [_disposition(one, told.get(one.row.id, []), now) for one in gathered.values()],
        "journal": [
            {"at": e.at.isoformat(), "actor": e.actor, "action": e.action, "subject": e.subject, "detail": e.detail}
            for e in entries
        ],
    }


def _disposition(one: Gathered, told: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    today = one.calendar.local_day(now)
    decision = decide(one.case, one.ladder, one.sent, one.calendar, now)
    skipped = one.calendar.skipped(one.case.disposed_on, today)
    counted = age_of(one.case, one.calendar, today)
    rested = one.calendar.workdays_between(one.case.disposed_on, today) - counted
    return {
        "unit": one.row.unit_name or None,
        "status": str(one.case.status),
        "disposed_at": one.case.disposed_on.isoformat(),
        "working_days": counted,
        "skipped_days": [{"day": day.isoformat(), "why": why} for day, why in skipped],
        "rested_days": rested,
        "ladder_version": one.ladder.version,
        "now": list(decision.why),
        "due_now": [
            {"step": due.step.id, "audience": str(due.audience), "contact": due.contact_id} for due in decision.due
        ],
        "next_look_at": decision.next_look_at.isoformat() if decision.next_look_at else None,
        "notices": told,
        "sentences": _sentences(one, counted, rested, len(skipped), now, decision.next_look_at),
    }


def _sentences(
    one: Gathered, counted: int, rested: int, skipped: int, now: datetime, look: datetime | None
) -> list[str]:
    zone = one.calendar.zone
    lines = [
        f"Disposisi {long_date(one.case.disposed_on)} ke {one.row.unit_name or 'admin instansi (verifikasi)'} "
        f"dihitung sebagai hari ke-0.",
        f"Sampai {long_moment(now, zone)} berjalan {workdays(counted)}; {skipped} hari libur dan akhir pekan dilewati"
        + (f", {workdays(rested)} tidak dihitung karena janji, perpanjangan, atau salah alamat." if rested else "."),
    ]
    if one.case.claim == "done" and one.case.claimed_at and one.case.claim_denied_at:
        claimed, denied = (one.calendar.local_day(day) for day in (one.case.claimed_at, one.case.claim_denied_at))
        lines.append(
            f"Penghubung menyatakan sudah pada {long_date(claimed)}, tetapi laporan ini belum bergerak di impor "
            f"{long_date(denied)}. Pernyataan itu tidak lagi menahan pengingat."
        )
    if look:
        lines.append(f"Dilihat lagi pada {long_moment(look, zone)}.")
    else:
        lines.append("Tidak ada langkah yang akan jatuh tempo karena waktu saja.")
    return lines
