"""One row heard: what a complaint is after it, and what people are told about it. Pure: no clock, no database.

LAPOR's word is applied even where it goes backwards, but then it is flagged. Hearing a row twice changes nothing.
"""

from collections.abc import Mapping
from typing import Any

from aspal.core.news import FOLLOW_UP, LIVE, Complaint, Disposition, Event, Heard, Moment, changed, flag, summed_up
from aspal.core.parts import Draft, dispose, first_parts, wait_for_verification
from aspal.core.placing import Placed
from aspal.core.words import Kind, Status

_WAKES = ("kind", "supervised", "category")  # what decides which steps and limits apply
NONE_BEFORE: frozenset[int] = frozenset()  # whose parts were named matters only for a complaint that was known
_OVER = ("vanished", "undone")  # what is no longer so when LAPOR names the complaint again
_BY_LAYOUT = "secrecy_assumed"  # the file had no such column: an admin's answer for its layout may change it later


def hear(known: Complaint | None, placed: Placed, at: Moment) -> Heard:
    """What is known after this row, and what people are told about it."""
    return _hear_first(placed, at) if known is None else _hear_again(known, placed, at)


def _hear_first(placed: Placed, at: Moment) -> Heard:
    """Nothing is known, so nothing is compared: most rows of a large file are of this kind."""
    row = placed.row
    confidential, flags = _first_secrecy(placed, at)
    complaint = Complaint(
        row.tracking_id,
        row.title,
        str(row.kind),
        bool(row.supervised) or row.kind is Kind.WHISTLE,
        row.category,
        row.status,
        row.channel,
        row.location,
        confidential,
        bool(row.anonymous),
        row.link,
        row.received_on,
        row.verified_on,
        row.responded_on,
        row.finished_on if row.status is Status.FINISHED else None,
        flags,
        None,
        first_parts(placed, at),
    )
    return Heard(complaint, first_events(placed), NONE_BEFORE)


def first_events(placed: Placed) -> tuple[Event, ...]:
    """What people are told when this row is the first word about a complaint."""
    row = placed.row
    unsaid = row.confidential is None and row.kind is not Kind.WHISTLE and placed.secret_by_layout is None
    told = (Event.ASSUMED_SECRET,) if unsaid else ()
    if row.status is Status.UNVERIFIED:
        return (*told, Event.UNVERIFIED)
    return told + (Event.STARTED,) * len(placed.units) if row.status in LIVE else told


def _first_secrecy(placed: Placed, at: Moment) -> tuple[bool, tuple[Mapping[str, Any], ...]]:
    """Confidential until someone who may say so says otherwise."""
    if placed.row.kind is Kind.WHISTLE:
        return True, ()
    if placed.row.confidential is not None:
        return placed.row.confidential, ()
    return placed.secret_by_layout is not False, (flag(_BY_LAYOUT, at),)


def _hear_again(before: Complaint, placed: Placed, at: Moment) -> Heard:
    draft = Draft(placed, at, list(before.dispositions), [item for item in before.flags if item["flag"] not in _OVER])
    secrecy = _secrecy(before, placed, draft)
    if placed.row.status is Status.UNVERIFIED:
        wait_for_verification(draft)
    else:
        dispose(draft)
    values = _facts(placed) | secrecy | {"dispositions": tuple(draft.parts), "flags": tuple(draft.flags)}
    values |= _standing(before, placed, tuple(draft.parts))
    return Heard(_woken(before, changed(before, values), at), tuple(draft.events), frozenset(draft.named))


def _facts(placed: Placed) -> dict[str, Any]:
    """What the row says about the complaint as such. A blank cell says nothing, so it takes nothing away."""
    row = placed.row
    said = {
        "title": row.title,
        "kind": None if row.kind_assumed else str(row.kind),
        "supervised": True if row.kind is Kind.WHISTLE else row.supervised,
        "category": row.category,
        "channel": row.channel,
        "location": row.location,
        "anonymous": row.anonymous,
        "link": row.link,
        "received_on": row.received_on,
        "verified_on": row.verified_on,
    }
    return {name: value for name, value in said.items() if value is not None and value != ""}


def _secrecy(known: Complaint, placed: Placed, draft: Draft) -> dict[str, Any]:
    """What the row says about it, or what an admin has said since for files of this layout."""
    row = placed.row
    if row.kind is Kind.WHISTLE:
        return {"confidential": True}
    if row.confidential is not None:
        draft.flags[:] = [item for item in draft.flags if item["flag"] != _BY_LAYOUT]
        return {"confidential": row.confidential}
    if placed.secret_by_layout is None or not known.flagged(_BY_LAYOUT):
        return {}
    return {"confidential": placed.secret_by_layout}


def _standing(before: Complaint, placed: Placed, parts: tuple[Disposition, ...]) -> dict[str, Any]:
    """The complaint's own status and the days that follow from all of its parts."""
    row = placed.row
    status = row.status if row.status is Status.UNVERIFIED else summed_up(parts, row.status)
    several = len({part.unit_id for part in parts if part.track == FOLLOW_UP}) > 1
    responded = [day for day in (row.responded_on, before.responded_on) if day]
    finished = [day for day in (row.finished_on, before.finished_on) if day]
    return {
        "status": status,
        "responded_on": (min(responded) if several else responded[0]) if responded else None,
        "finished_on": (max(finished) if several else finished[0]) if finished and status is Status.FINISHED else None,
    }


def _woken(before: Complaint, after: Complaint, at: Moment) -> Complaint:
    if all(getattr(before, name) == getattr(after, name) for name in _WAKES):
        return after
    parts = tuple(changed(part, {"next_look_at": at.now}) if part.is_open else part for part in after.dispositions)
    return changed(after, {"dispositions": parts})
