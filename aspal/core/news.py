"""A complaint as an import knows it, and what LAPOR's word does to the whole of it. Pure: no clock, no database.

`hearing` takes one row in, `parts` what it does to each unit's part.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any, TypeVar

from aspal.core import names
from aspal.core.values import value
from aspal.core.words import AT_WORK, WRONG_ADDRESS, Status

LIVE = frozenset(AT_WORK)
ENDS = {  # LAPOR's words that end a unit's part, and what we call that end; what brought it furthest first
    Status.FINISHED: "finished",
    Status.POSTPONED: "postponed",
    Status.ARCHIVED: "archived",
    Status.NOT_OURS: "returned",
}
FOLLOW_UP, VERIFICATION = "follow_up", "verification"


class Event(StrEnum):
    """What an import does that people notice."""

    STARTED = "chain_started"
    STOPPED = "reminders_stopped"
    MOVED = "moved_to_other_unit"
    WENT_BACK = "went_back"
    REOPENED = "reopened"
    DENIED = "claim_denied"
    REDATED = "disposition_redated"
    UNVERIFIED = "waits_for_verification"
    VERIFIED = "verified"
    ASSUMED_SECRET = "assumed_confidential"
    VANISHED = "vanished"


@value
class Disposition:
    """One unit's part of a complaint, as far as an import may change it."""

    unit_id: int | None  # None: Kominfo's own verification backlog
    disposed_on: date
    disposed_basis: str  # file | received | import | typed
    status: Status
    track: str = FOLLOW_UP
    responded_on: date | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    level: int = 0
    next_look_at: datetime | None = None
    claim: str | None = None
    claimed_at: datetime | None = None
    claim_denied_at: datetime | None = None
    promise_until: date | None = None
    rests: tuple[Mapping[str, Any], ...] = ()
    created_at: datetime | None = None  # when it was written down here
    id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@value
class Complaint:
    """A complaint with its dispositions, as far as an import may change it."""

    tracking_id: str | None
    title: str | None
    kind: str
    supervised: bool
    category: str | None
    status: Status
    channel: str | None
    location: str | None
    confidential: bool
    anonymous: bool
    link: str | None
    received_on: date
    verified_on: date | None = None
    responded_on: date | None = None
    finished_on: date | None = None
    flags: tuple[Mapping[str, Any], ...] = ()
    provisional_id: str | None = None
    dispositions: tuple[Disposition, ...] = ()
    id: int | None = None

    def flagged(self, flag: str) -> bool:
        return any(item["flag"] == flag for item in self.flags)


@dataclass(frozen=True, slots=True)
class Moment:
    """When an import speaks."""

    now: datetime  # in the office's zone
    fresh: bool = True  # False: the same file was heard before, so it proves nothing about what happened since

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> tzinfo:
        assert self.now.tzinfo is not None
        return self.now.tzinfo


@value
class Heard:
    """The complaint afterwards, what happened, and the units that this row spoke of."""

    complaint: Complaint
    events: tuple[Event, ...]
    named: frozenset[int]


Thing = TypeVar("Thing", Complaint, Disposition)


def changed(thing: Thing, values: Mapping[str, Any]) -> Thing:
    """The same object when nothing differs, so that `is` tells an unchanged row."""
    different = {name: value for name, value in values.items() if getattr(thing, name) != value}
    return replace(thing, **different) if different else thing


MAY_BE_SAME = "may_be_same"  # with the complaint that was typed in under the number in the flag's detail


def flag(name: str, at: Moment, detail: str = "") -> dict[str, str]:
    """A mark on a complaint for an admin's eyes."""
    return {"flag": name, "at": at.now.isoformat(timespec="seconds"), "detail": detail}


def ending(reason: str, at: Moment) -> dict[str, Any]:
    """What closes a part's chain."""
    return {"ended_at": at.now, "end_reason": reason, "next_look_at": None}


def settle_claim(part: Disposition, at: Moment) -> dict[str, Any]:
    """LAPOR has moved on: what the unit said before is answered, and the rests that belonged to it are over."""
    rests = []
    for rest in part.rests:
        over = rest["why"] not in ("promise", "returned") or (rest["last"] and rest["last"] < at.today.isoformat())
        rests.append(rest if over else {**rest, "last": max(rest["first"], _day_before(at.today))})
    nothing = {"claim": None, "claimed_at": None, "claim_denied_at": None, "promise_until": None}
    return {**nothing, "rests": tuple(rests), "level": 0}


def leave(
    before: Complaint,
    complaint: Complaint,
    disposition_ids: frozenset[int],
    word: Status,
    finished_on: date | None,
    at: Moment,
) -> Heard:
    """Ends the parts whose units no row of the file spoke of any more; `word` is what the rows said of the others, and
    `finished_on` the last day on which one of those was finished. `before`: as it was known before the file.

    Where another unit came in at the same time, or came back, the case moved there: what that one has done is not these
    units' work.
    """
    away = {part.id for part in before.dispositions if part.end_reason in WRONG_ADDRESS}
    has_moved = any(
        part.id is None or (part.id in away and part.end_reason not in WRONG_ADDRESS)
        for part in complaint.dispositions
        if part.track == FOLLOW_UP
    )
    reason = "redisposed" if has_moved or word not in ENDS else ENDS[word]
    closing = ending(reason, at) | ({"status": word} if reason != "redisposed" else {})
    parts = tuple(
        changed(part, closing) if part.id in disposition_ids and part.is_open else part
        for part in complaint.dispositions
    )
    events = (Event.STOPPED,) * len(disposition_ids) + ((Event.MOVED,) if reason == "redisposed" else ())
    values: dict[str, Any] = {"dispositions": parts, "status": summed_up(parts, word)}
    if values["status"] is Status.FINISHED:  # an open part has hidden the day until now
        values["finished_on"] = max(filter(None, (complaint.finished_on, finished_on)), default=None)
    return Heard(changed(complaint, values), events, frozenset())


def summed_up(parts: tuple[Disposition, ...], word: Status) -> Status:
    """The complaint's status from its units' parts: as long as one of them has work to do, the complaint has. After
    that the word of whoever brought it furthest counts, whatever row of the file came last."""
    ours = [part for part in parts if part.track == FOLLOW_UP]
    open_words = {part.status for part in ours if part.is_open}
    for status in (Status.OPEN, Status.IN_PROCESS):
        if status in open_words:
            return status
    newest = {part.unit_id: part for part in sorted(ours, key=lambda part: part.disposed_on)}
    words = {part.status for part in newest.values() if part.end_reason in ENDS.values()}
    if len(words) > 1 and not words.isdisjoint((Status.FINISHED, word)):
        return next(status for status in ENDS if status in words)
    return word


def may_be_the_same(typed: Complaint, other: Complaint) -> bool:
    """Whether LAPOR's complaint looks like one that was typed in by hand; an admin decides."""
    if not typed.title or not other.title or names.key(typed.title) != names.key(other.title):
        return False
    shared = {part.unit_id for part in typed.dispositions} & {part.unit_id for part in other.dispositions} - {None}
    return bool(shared) or typed.received_on == other.received_on


def _day_before(day: date) -> str:
    return date.fromordinal(day.toordinal() - 1).isoformat()
