"""One row heard: what a complaint is after it. Pure: no clock, no database."""

from typing import Any

from aspal.core.news import FOLLOW_UP, Complaint, Disposition, Event, Heard, Moment, changed, flag, summed_up
from aspal.core.parts import Draft, dispose, wait_for_verification
from aspal.core.placing import Placed
from aspal.core.words import Kind, Status

_WAKES = ("kind", "supervised", "category")  # what decides which steps and limits apply
_BY_LAYOUT = "secrecy_assumed"  # the file had no such column: an admin's answer for its layout may change it later


def hear(known: Complaint | None, placed: Placed, at: Moment) -> Heard:
    """What is known after this row, and what people are told about it."""
    before = known or _first_heard(placed)
    flags = [item for item in before.flags if item["flag"] != "vanished"]
    draft = Draft(placed, at, list(before.dispositions), flags)
    secrecy = _secrecy(known, placed, draft)
    if placed.row.status is Status.UNVERIFIED:
        wait_for_verification(draft)
    else:
        dispose(draft)
    values = _facts(before, placed) | secrecy | {"dispositions": tuple(draft.parts), "flags": tuple(draft.flags)}
    values |= _standing(before, placed, tuple(draft.parts))
    after = _woken(before, changed(before, values), at) if known else changed(before, values)
    return Heard(after, tuple(draft.events), frozenset(draft.named))


def _first_heard(placed: Placed) -> Complaint:
    row = placed.row
    return Complaint(
        tracking_id=row.tracking_id,
        title=row.title,
        kind=str(row.kind),
        supervised=bool(row.supervised) or row.kind is Kind.WHISTLE,
        category=row.category,
        status=row.status,
        channel=row.channel,
        location=row.location,
        confidential=True,
        anonymous=bool(row.anonymous),
        link=row.link,
        received_on=row.received_on,
    )


def _facts(before: Complaint, placed: Placed) -> dict[str, Any]:
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


def _secrecy(known: Complaint | None, placed: Placed, draft: Draft) -> dict[str, Any]:
    """Confidential unless someone who may say so said otherwise: the row, or an admin for files of this layout."""
    row = placed.row
    if row.kind is Kind.WHISTLE:
        return {"confidential": True}
    if row.confidential is not None:
        draft.flags[:] = [item for item in draft.flags if item["flag"] != _BY_LAYOUT]
        return {"confidential": row.confidential}
    if known is not None and not known.flagged(_BY_LAYOUT):
        return {}
    if known is None:
        draft.flags.append(flag(_BY_LAYOUT, draft.at))
        if placed.secret_by_layout is None:
            draft.events.append(Event.ASSUMED_SECRET)
    if placed.secret_by_layout is None:
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
