"""What an import of the roster will write, decided before anything is written: a preview shows it, an import does it.

Nobody waits while a file is read and understood. Only then is the writers' lock taken, and only for the writing.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from aspal.core.news import Complaint, Event
from aspal.core.rows import RowProblem
from aspal.records import imports, roster

Key = str | tuple[str, Any]  # the tracking id; title and day while LAPOR has not given one


@dataclass(slots=True)
class Planned:
    """One complaint: as it was (None: unknown), as it becomes, and what people will notice."""

    before: Complaint | None
    after: Complaint
    events: tuple[Event, ...]


@dataclass
class Plan:
    """Everything that one import changes."""

    mark: tuple[int, int]  # the state of the imports when it was made
    complaints: dict[Key, Planned] = field(default_factory=dict)  # new ones, and known ones that change
    seen: set[int] = field(default_factory=set)  # known complaints that the file names
    held: list[RowProblem] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)  # rows held before that wait no longer

    @property
    def new(self) -> list[Planned]:
        return [one for one in self.complaints.values() if one.before is None]

    @property
    def changed(self) -> list[tuple[Complaint, Complaint, tuple[Event, ...]]]:
        """A complaint may have gone to and fro within one file."""
        return [
            (one.before, one.after, one.events)
            for one in self.complaints.values()
            if one.before is not None and one.before != one.after
        ]

    def holds(self, conn: Connection) -> bool:
        """Whether what it was made from is still so: no other import, no reply and no admin was quicker."""
        if imports.mark(conn) != self.mark:
            return False
        before = {int(was.id or 0): was for was, _, _ in self.changed}
        return roster.by_id(conn, before) == before
