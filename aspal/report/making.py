"""Documents made beside the request that asked for them: written down first, then made, with their progress told."""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from aspal.core.rapor.period import Period
from aspal.db import Database
from aspal.gateways.documents import Progress
from aspal.records import calendar, documents
from aspal.records.calendar import Calendars
from aspal.records.documents import Document
from aspal.report import evidence, letters, period_report, rapor_documents
from aspal.report.period_report import Asked
from aspal.settings import Settings

KEPT_FOR = timedelta(days=7)
ENDINGS = {"rapor_xlsx": "xlsx", "rapor_pdf": "pdf", "letters": "pdf", "evidence": "zip"}
_NAMES = {"rapor_xlsx": "rapor", "rapor_pdf": "rapor", "letters": "surat-monitoring", "evidence": "bukti-dukung"}
log = logging.getLogger(__name__)


class NothingToSay(Exception):
    """The document would be empty; said in Indonesian."""


def begin(db: Database, settings: Settings, kind: str, asked: Asked, *, by: str, now: datetime) -> int:
    """Writes down that it is wanted, and forgets what has lain about too long; its id."""
    period = asked.period
    told: dict[str, Any] = {
        "year": period.year, "quarter": period.quarter, "month": period.month, "unit": asked.unit_id
    }  # fmt: skip
    with db.write() as conn:
        for path in documents.forget_before(conn, now - KEPT_FOR):
            (folder(settings) / path).unlink(missing_ok=True)
        return documents.put(conn, kind, told, f"{_NAMES[kind]}-{period.key}.{ENDINGS[kind]}", by=by, now=now)


def make(db: Database, settings: Settings, document_id: int, role_words: Mapping[str, str], now: datetime) -> None:
    """Makes it. Whatever goes wrong is written down too, so that nobody waits for ever."""
    with db.read() as conn:
        wanted = documents.get(conn, document_id)
    if wanted is None or wanted.state != "making":
        return
    name = f"{secrets.token_hex(16)}.{ENDINGS[wanted.kind]}"
    folder(settings).mkdir(parents=True, exist_ok=True)
    try:
        with db.read() as conn:
            calendars = calendar.load(conn, settings.office_time_zone)
            _write(conn, calendars, settings, wanted, folder(settings) / name, role_words, now, _telling(db, wanted.id))
    except NothingToSay as why:
        with db.write() as conn:
            documents.fail(conn, wanted.id, str(why))
        return
    except Exception as error:  # the class says enough; a text might carry what was in the rows
        log.exception("a document could not be made", extra={"document": wanted.id, "cause": type(error).__name__})
        with db.write() as conn:
            documents.fail(conn, wanted.id, "Dokumen gagal dibuat. Coba sekali lagi.")
        return
    with db.write() as conn:
        documents.finish(conn, wanted.id, name)


def folder(settings: Settings) -> Path:
    """Where ready ones lie."""
    return settings.media_dir / "dokumen"


def _telling(db: Database, document_id: int) -> Progress:
    def tell(percent: int) -> None:
        with db.write() as conn:
            documents.advance(conn, document_id, percent)

    return tell


def _write(
    conn: Connection, calendars: Calendars, settings: Settings, wanted: Document, target: Path,
    role_words: Mapping[str, str], now: datetime, progress: Progress,
) -> None:  # fmt: skip
    told, head = wanted.asked, letters.letterhead(conn, settings)
    asked = Asked(Period.of(told["year"], told["quarter"], told["month"]), told["unit"])
    if wanted.kind == "letters":
        if not letters.write(conn, calendars, settings, asked, target, now, progress):
            raise NothingToSay("Pada periode ini tidak ada OPD yang punya laporan, jadi tidak ada surat untuk dibuat.")
        return
    if wanted.kind == "evidence":
        media = settings.media_dir
        evidence.archive(conn, calendars, media, asked.period.year, target, role_words, head, now, progress)
        return
    found = period_report.compared(conn, calendars, asked, now)
    progress(40)
    effects = period_report.reminders(conn, calendars, asked, now)
    progress(60)
    if wanted.kind == "rapor_xlsx":
        rapor_documents.rapor_xlsx(found, effects, target)
    else:
        rapor_documents.rapor_pdf(found, effects, target, head)
