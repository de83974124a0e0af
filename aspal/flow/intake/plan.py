"""What an import of the roster will write, decided before anything is written: a preview shows it, an import does it.

Nobody waits while a file is read and understood. Only then is the writers' lock taken, and only for the writing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from aspal.core.hearing import hear
from aspal.core.news import Complaint, Event, Heard, Moment
from aspal.core.placing import Placed
from aspal.core.rows import RowProblem
from aspal.records import imports, roster

Key = str | tuple[str, Any]  # the tracking id; title and day while LAPOR has not given one


@dataclass(slots=True)
class Planned:
    """One complaint: as it was (None: unknown), as it becomes, and what people will notice."""

    before: Complaint | None
    after: Complaint
    events: tuple[Event, ...]

    def add(self, heard: Heard) -> tuple[Event, ...]:
        """One more row about it; what that row alone brought."""
        self.after = heard.complaint
        self.events += heard.events
        return heard.events


@dataclass
class Plan:
    """Everything that one import changes."""

    mark: tuple[int, int]  # the state of the imports when it was made
    at: Moment
    rows: dict[Key, Placed] = field(default_factory=dict)  # the first row about each complaint of the file
    known: set[Key] = field(default_factory=set)  # those of them that were known before
    # Known ones that change, and new ones about which the first row does not say everything.
    complaints: dict[Key, Planned] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)  # known complaints that the file names
    held: list[RowProblem] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)  # rows held before that wait no longer

    def new(self) -> Iterator[tuple[Complaint, tuple[Event, ...]]]:
        """Most are told in one row; what follows from it is worked out only for whoever writes it down."""
        for key, row in self.rows.items():
            if key in self.known:
                continue
            if key in self.complaints:
                yield self.complaints[key].after, self.complaints[key].events
            else:
                heard = hear(None, row, self.at)
                yield heard.complaint, heard.events

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
