"""The journal in plain Indonesian: what happened, to whom and about what, one line each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aspal.records import phonebook
from aspal.records.journal import Entry
from aspal.web.story_words import KNOWN, Names, parts, people, plain


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    at: datetime
    action: str
    icon: str
    colour: str
    text: str
    complaint_id: int | None
    number: str | None


def tell(conn: Any, entries: Sequence[Entry], *, reasons: bool = True) -> list[Line]:
    """The entries as sentences; one that is new to us is shown by its own word rather than left out.

    Without `reasons` what an admin wrote about a case stays away: it may tell what is confidential.
    """
    if not reasons:
        entries = [_without_reason(entry) for entry in entries]
    subjects = [parts(entry.subject) for entry in entries]
    names = Names(
        contacts=phonebook.contact_names(conn, {one for entry in entries for one in people(entry)}),
        units=phonebook.unit_names(conn, {number for kind, number in subjects if kind == "disposition"}),
        recipients=phonebook.recipients(conn, {number for kind, number in subjects if kind == "message"}),
    )
    numbers = phonebook.complaint_numbers(conn, {e.complaint_id for e in entries if e.complaint_id})
    return [_line(entry, names, numbers) for entry in entries]


def _without_reason(entry: Entry) -> Entry:
    kept = {key: value for key, value in entry.detail.items() if key != "reason"}
    return replace(entry, detail=kept) if entry.action.startswith(("case.", "note.")) else entry


def _line(entry: Entry, names: Names, numbers: Mapping[int, str]) -> Line:
    icon, colour, sentence = KNOWN.get(entry.action, ("activity", "secondary", plain))
    number = numbers.get(entry.complaint_id) if entry.complaint_id else None
    return Line(entry.at, entry.action, icon, colour, sentence(entry, names), entry.complaint_id, number)
