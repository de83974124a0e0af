"""What a row of the export does to the parts of a complaint, unit by unit. Pure: no clock, no database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from aspal.core.news import (
    ENDS,
    FOLLOW_UP,
    LIVE,
    VERIFICATION,
    Disposition,
    Event,
    Moment,
    changed,
    ending,
    flag,
    settle_claim,
)
from aspal.core.placing import Placed
from aspal.core.words import RENEWED, WRONG_ADDRESS, Status

_RANK = {Status.OPEN: 0, Status.IN_PROCESS: 1, Status.FINISHED: 2}
# A part that ended so goes on with its old clock when LAPOR names it again; the time in between does not count.
_RESUMES = frozenset({"postponed", "archived", "returned", "undone"})


@dataclass(slots=True)
class Draft:
    """A complaint while one row about it is being understood."""

    placed: Placed
    at: Moment
    parts: list[Disposition]
    flags: list[Any]
    events: list[Event] = field(default_factory=list)
    named: set[int] = field(default_factory=set)

    def open_part(self, unit_id: int) -> Disposition | None:
        return next((p for p in self.parts if p.is_open and p.unit_id == unit_id and p.track == FOLLOW_UP), None)

    def last_ended(self, unit_id: int) -> Disposition | None:
        ended = [p for p in self.parts if not p.is_open and p.unit_id == unit_id and p.track == FOLLOW_UP]
        return max(ended, key=lambda part: part.disposed_on, default=None)

    def disposed(self, unit_id: int | None, day: date) -> Disposition | None:
        """The part of that unit that was disposed on that day, open or not: there is never a second one."""
        return next((p for p in self.parts if p.unit_id == unit_id and p.disposed_on == day), None)

    def had_round_since(self, part: Disposition, day: date) -> bool:
        """Whether that unit had another part which was disposed on that day or later."""
        others = (p for p in self.parts if p is not part and p.unit_id == part.unit_id and p.track == part.track)
        return any(p.disposed_on >= day for p in others)

    def put(self, old: Disposition, values: dict[str, Any]) -> Disposition:
        """Replaces a part; an open one that really changed is looked at by the next scan."""
        new = changed(old, values)
        if new is not old:
            if new.is_open:
                new = changed(new, {"next_look_at": self.at.now})
            self.parts[next(i for i, part in enumerate(self.parts) if part is old)] = new
        return new

    def end(self, part: Disposition, reason: str) -> None:
        self.put(part, ending(reason, self.at))

    def went_back(self, old: Status, new: Status) -> None:
        self.events.append(Event.WENT_BACK)
        self.flags.append(flag("went_back", self.at, f"{old} -> {new}"))


def wait_for_verification(draft: Draft) -> None:
    """Kominfo's own backlog: one part without a unit, whose clock starts on the day of receipt."""
    row = draft.placed.row
    for part in [part for part in draft.parts if part.is_open and part.track == FOLLOW_UP]:
        draft.went_back(part.status, row.status)
        draft.events.append(Event.STOPPED)
        draft.put(part, settle_claim(part, draft.at) | ending("returned", draft.at))
    waiting = next((part for part in draft.parts if part.track == VERIFICATION), None)
    if waiting is None:
        draft.events.append(Event.UNVERIFIED)
        draft.parts.append(_unverified(row.received_on, draft.at))
        return
    if not waiting.is_open:
        draft.events.append(Event.UNVERIFIED)
    draft.put(
        waiting,
        {"disposed_on": row.received_on, "status": Status.UNVERIFIED, "ended_at": None, "end_reason": None},
    )


def dispose(draft: Draft) -> None:
    """Verified: each unit that the row names has a part, which begins, goes on, ends or comes back."""
    row = draft.placed.row
    for part in [part for part in draft.parts if part.is_open and part.track == VERIFICATION]:
        draft.events.append(Event.VERIFIED)
        draft.end(part, "finished")
    for unit_id in draft.placed.units:
        _hear_unit(draft, unit_id)
    if not draft.placed.units and row.status in ENDS:
        for part in [part for part in draft.parts if part.is_open]:
            _advance(draft, part)


def first_parts(placed: Placed, at: Moment) -> tuple[Disposition, ...]:
    """The same for a complaint of which nothing is known yet: no part that could go on, end or come back."""
    row = placed.row
    if row.status is Status.UNVERIFIED:
        return (_unverified(row.received_on, at),)
    if row.status in LIVE:
        return tuple([_part(unit_id, placed, None, None, at.now) for unit_id in placed.units])
    return tuple([_part(unit_id, placed, at.now, ENDS[row.status], None) for unit_id in placed.units])


def _part(
    unit_id: int, placed: Placed, ended_at: datetime | None, end_reason: str | None, next_look_at: datetime | None
) -> Disposition:
    """A new part, as the row tells of it. One that is over already is kept for the figures and never reminded."""
    row = placed.row
    return Disposition(
        unit_id, placed.disposed_on, placed.basis, row.status, FOLLOW_UP, row.responded_on, ended_at, end_reason, 0,
        next_look_at,
    )  # fmt: skip


def _unverified(received_on: date, at: Moment) -> Disposition:
    return Disposition(None, received_on, "file", Status.UNVERIFIED, track=VERIFICATION, next_look_at=at.now)


def _hear_unit(draft: Draft, unit_id: int) -> None:
    part = draft.open_part(unit_id)
    stand_in = None if part else _stand_in(draft, unit_id)
    draft.named.add(stand_in.unit_id if stand_in and stand_in.unit_id is not None else unit_id)
    if part and _is_disposed_anew(draft, part):
        draft.events.append(Event.STOPPED)
        draft.end(part, RENEWED)
        _start(draft, unit_id, draft.placed.disposed_on, "file")
    elif part:
        _advance(draft, _redated(draft, part))
    elif stand_in:
        _advance(draft, stand_in)
    elif draft.placed.row.status in LIVE:
        _begin(draft, unit_id)
    else:
        _record_past(draft, unit_id)


def _stand_in(draft: Draft, unit_id: int) -> Disposition | None:
    """An admin moved the case there, and LAPOR's row still names the unit that it came from: it means the new one."""
    last = draft.last_ended(unit_id)
    if last is None or last.end_reason != "redisposed" or not _says_the_same_day(draft, last):
        return None
    moved = _moved_to(draft, last)
    while moved is not None and moved.end_reason == "redisposed":
        moved = _moved_to(draft, moved)
    return moved if moved is not None and moved.is_open else None


def _moved_to(draft: Draft, part: Disposition) -> Disposition | None:
    """An admin's hand ends a part and starts another one at the same moment; an import never types one in."""
    left = [p for p in draft.parts if p.end_reason == "redisposed" and p.ended_at == part.ended_at]
    behind = draft.parts[1:]  # the first one is the complaint's own, and nothing was moved there
    came = [p for p in behind if p.disposed_basis == "typed" and p.created_at == part.ended_at]
    return next((new for old, new in zip(left, came, strict=False) if old is part and new is not part), None)


def _says_the_same_day(draft: Draft, part: Disposition) -> bool:
    return draft.placed.basis != "file" or draft.placed.disposed_on <= part.disposed_on


def _is_disposed_anew(draft: Draft, part: Disposition) -> bool:
    placed = draft.placed
    return (
        placed.row.status is Status.OPEN
        and placed.basis == part.disposed_basis == "file"
        and placed.disposed_on > part.disposed_on
        and draft.disposed(part.unit_id, placed.disposed_on) is None
    )


def _redated(draft: Draft, part: Disposition) -> Disposition:
    """A better known day of disposition moves the clock: LAPOR's own day, or an admin's other answer."""
    placed = draft.placed
    if placed.basis == part.disposed_basis or (placed.basis != "file" and part.disposed_basis in ("file", "typed")):
        better = placed.basis == "file" and placed.disposed_on < part.disposed_on
    else:
        better = True
    if not better:
        return part
    if draft.had_round_since(part, placed.disposed_on):  # the row still speaks of an earlier round
        return part
    if placed.disposed_on != part.disposed_on:
        draft.events.append(Event.REDATED)
    return draft.put(part, {"disposed_on": placed.disposed_on, "disposed_basis": placed.basis})


def _advance(draft: Draft, part: Disposition) -> None:
    """LAPOR's word about a part that is open here."""
    row, old = draft.placed.row, part.status
    values: dict[str, Any] = {"status": row.status, "responded_on": row.responded_on or part.responded_on}
    if row.status in ENDS:
        draft.events.append(Event.STOPPED)
        draft.put(part, values | settle_claim(part, draft.at) | ending(ENDS[row.status], draft.at))
    elif _RANK[row.status] < _RANK[old]:
        draft.went_back(old, row.status)
        draft.put(part, values)
    elif row.status is not old:
        draft.events.append(Event.STOPPED)
        answered = {"level": 0} if part.claim == "extension" else settle_claim(part, draft.at)
        draft.put(part, values | answered)
    elif _denies(draft, part):
        draft.events.append(Event.DENIED)
        draft.put(part, values | {"claim_denied_at": draft.at.now})
    else:
        draft.put(part, values)


def _denies(draft: Draft, part: Disposition) -> bool:
    """The unit said "done", and an export made later still says what LAPOR said before.

    What "Proses" bears out is settled when LAPOR moves there; said after that, "done" means the end. No export tells
    when it was made: one of the day of the claim may be older than the claim.
    """
    return (
        draft.at.fresh
        and part.claim == "done"
        and part.claimed_at is not None
        and part.claimed_at.astimezone(draft.at.zone).date() < draft.at.today
        and part.claim_denied_at is None
    )


def _begin(draft: Draft, unit_id: int) -> None:
    """A unit that has no open part is named with work to do: a new disposition, or an old one comes back."""
    placed, last = draft.placed, draft.last_ended(unit_id)
    if last is None or not _says_the_same_day(draft, last):
        _start(draft, unit_id, placed.disposed_on, placed.basis)
    elif last.end_reason == "finished" and placed.row.status is Status.OPEN:
        draft.went_back(Status.FINISHED, Status.OPEN)
        _resume(draft, last)
    elif last.end_reason in _RESUMES:
        _resume(draft, last)
    else:  # reopened by the reporter, or back from another unit: LAPOR gives no day for that, so it starts today
        if last.end_reason == "finished":
            draft.events.append(Event.REOPENED)
            draft.flags.append(flag("reopened", draft.at, f"{last.status} -> {placed.row.status}"))
        _start(draft, unit_id, draft.at.today, "import")


def _start(draft: Draft, unit_id: int, day: date, basis: str) -> None:
    row = draft.placed.row
    same = draft.disposed(unit_id, day)
    if same is not None:
        _resume(draft, same)
        return
    draft.events.append(Event.STARTED)
    draft.parts.append(
        Disposition(unit_id, day, basis, row.status, responded_on=row.responded_on, next_look_at=draft.at.now)
    )


def _resume(draft: Draft, part: Disposition) -> None:
    part = _redated(draft, part)
    row, rests = draft.placed.row, part.rests
    yesterday = date.fromordinal(draft.at.today.toordinal() - 1)
    if part.ended_at is not None:
        ended_on = part.ended_at.astimezone(draft.at.now.tzinfo).date()
        if ended_on < yesterday:
            gap = {"first": ended_on.isoformat(), "last": yesterday.isoformat(), "why": part.end_reason}
            rests = (*rests, gap)
    draft.events.append(Event.STARTED)
    values = {"status": row.status, "responded_on": row.responded_on or part.responded_on, "rests": rests}
    draft.put(part, values | {"ended_at": None, "end_reason": None})


def _record_past(draft: Draft, unit_id: int) -> None:
    """A unit that has no open part is named with work that is over: it had it all along, or got it back meanwhile."""
    row, last = draft.placed.row, draft.last_ended(unit_id)
    if last is None or (_was_away(last, ENDS[row.status]) and not _says_the_same_day(draft, last)):
        draft.parts.append(_part(unit_id, draft.placed, draft.at.now, ENDS[row.status], None))
    elif last.end_reason in (*ENDS.values(), "undone") or _lapor_moved(draft, last):
        values = {"status": row.status, "end_reason": ENDS[row.status]}
        draft.put(last, values | {"responded_on": row.responded_on or last.responded_on})


def _was_away(part: Disposition, reason: str) -> bool:
    return part.end_reason in WRONG_ADDRESS and part.end_reason != reason


def _lapor_moved(draft: Draft, part: Disposition) -> bool:
    """LAPOR itself took the case elsewhere. What an admin moved by hand LAPOR may still list under the old unit."""
    return part.end_reason == "redisposed" and _moved_to(draft, part) is None
