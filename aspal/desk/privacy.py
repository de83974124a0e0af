"""Personal data after its time, and one person's right to it: purge, export, erase. What is done is in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aspal.core.secrecy import redact
from aspal.db import Database
from aspal.records import journal, privacy, retention

EXPIRED = "Dihapus karena masa simpan sudah lewat."


@dataclass(frozen=True)
class Purge:
    """What is too old, or what was forgotten of it."""

    before: datetime
    applied: bool
    parts: Mapping[str, int]
    files: int

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {"before": self.before.date().isoformat(), "applied": self.applied, "files": self.files, **self.parts}


class EraseRefused(Exception):
    """Why a person cannot be taken out now, in Indonesian."""


def months_before(now: datetime, months: int) -> datetime:
    """The same moment so many months ago; the first of the next month where that day does not exist."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    try:
        return now.replace(year=year, month=month + 1)
    except ValueError:
        return now.replace(year=year, month=month + 2, day=1)


def preview(db: Database, months: int, now: datetime) -> Purge:
    """What a purge would forget; changes nothing."""
    before = months_before(now, months)
    with db.read() as conn:
        return Purge(before, False, retention.old(conn, before), len(retention.old_files(conn, before)))


def purge(db: Database, media_dir: Path, months: int, now: datetime, by: str) -> Purge:
    """Forgets it. The files go first: should the machine stop in between, the next purge finds their rows again."""
    before = months_before(now, months)
    with db.read() as conn:
        files = retention.old_files(conn, before)
    for file in files:
        (media_dir / file.path).unlink(missing_ok=True)
    with db.write() as conn:
        retention.files_gone(conn, [file.id for file in files], EXPIRED)
        done = Purge(before, True, retention.forget_old(conn, before), len(files))
        journal.append(conn, [journal.Entry(now, by, "privacy.purged", "retention", done.as_json())])
    return done


def export(db: Database, address: str, now: datetime, by: str) -> dict[str, Any] | None:
    """Everything about one person, by table; None when nothing is known. Looking at it is journalled as well."""
    with db.act() as conn:
        contact_id = privacy.find(conn, address)
        found = privacy.everything(conn, contact_id, address)
        if not any(found.values()):
            return None
        subject = f"contact:{contact_id}" if contact_id else "stranger"
        journal.append(conn, [journal.Entry(now, by, "privacy.exported", subject, {})])
    return {"address": address, "contact": contact_id, "at": now.isoformat(), **found}


def would_erase(db: Database, address: str) -> tuple[dict[str, int], list[str]] | None:
    """Rows by table, and the duties that would end; None when nothing is known."""
    with db.read() as conn:
        contact_id = privacy.find(conn, address)
        found = {table: len(rows) for table, rows in privacy.everything(conn, contact_id, address).items() if rows}
        return (found, privacy.duties(conn, contact_id) if contact_id else []) if found else None


def erase(db: Database, address: str, now: datetime, by: str) -> int | None:
    """Takes the person out of every table; the contact's id, None for a stranger. Raises EraseRefused."""
    with db.act() as conn:
        contact_id = privacy.find(conn, address)
        if privacy.in_the_air(conn, contact_id, address):
            raise EraseRefused("Masih ada pesan yang sedang dikirim atau belum pasti. Ulangi setelah itu selesai.")
        privacy.take_out(conn, contact_id, address, redact, now)
        subject = f"contact:{contact_id}" if contact_id else "stranger"
        journal.append(conn, [journal.Entry(now, by, "privacy.erased", subject, {})])
    return contact_id
