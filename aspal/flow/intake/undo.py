"""Taking one import back as a unit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aspal.core.refused import Refused
from aspal.db import Database
from aspal.flow.intake.progress import Progress, Step, unwatched
from aspal.records import batch_pages, journal
from aspal.records import undo as taking_back
from aspal.records.journal import Entry


@dataclass(frozen=True)
class UndoReport:
    """What taking an import back did."""

    batch: int
    restored: int
    deleted: int
    closed: int  # could not be deleted, because messages or replies hang on it

    def as_json(self) -> dict[str, Any]:
        """The keys of the command line's promise."""
        return {
            "batch": self.batch,
            "undone": True,
            "restored": self.restored,
            "deleted": self.deleted,
            "closed": self.closed,
        }


def undo(db: Database, batch_id: int, now: datetime, by: str, progress: Progress = unwatched) -> UndoReport:
    """Puts everything back as it was before that import. Raises Refused when a later one built on it."""
    with db.read() as conn:
        rows = sum(one.new + one.changed for one in batch_pages.touched(conn, batch_id))
    with db.act() as conn:
        try:
            done = taking_back.undo(conn, batch_id, now, lambda count: progress(Step.UNDOING, count, rows))
        except taking_back.UndoRefused as refusal:
            raise Refused(str(refusal)) from refusal
        report = UndoReport(batch_id, done.restored, done.deleted, done.closed)
        entries = [
            Entry(now, by, "import.undone", f"complaint:{complaint_id}", {"batch": batch_id}, complaint_id)
            for complaint_id in sorted(done.complaint_ids)
        ]
        journal.append(conn, [*entries, Entry(now, by, "import.undone", f"batch:{batch_id}", report.as_json())])
    return report
