"""Which complaints a list shows: filters, search and pages by key. Reads only; gives numbers of rows, newest first.

Every filter has an index in the list's own order, so that the millionth row costs what the first one does. Only a
title cannot be looked up: it is read, at most `STRETCH` complaints a time, and the page says how far it got.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, false, func, literal_column, or_, select

from aspal.conditions import is_secret, is_undone, unit_newest, unit_own
from aspal.core.lateness import SUPERVISED, Lateness
from aspal.core.words import Status
from aspal.records.listing import behind
from aspal.records.listing.behind import NO_FIGURE, OF_OFFICIALS, Figure
from aspal.tables import complaints as c
from aspal.tables import dispositions as d
from aspal.tables import units

PAGE = 50
STRETCH = 100_000
_LONGEST = "9" * 20  # no number of LAPOR's is longer
_OPEN = d.c.ended_at.is_(None)
_RISEN = d.c.level >= literal_column("2")  # spelled out, as in its index


@dataclass(frozen=True)
class Filters:
    """What somebody wants to see; nothing set: everything."""

    status: str | None = None  # with a unit: its own part's; a name of behind.GROUPS: one of these
    unit: int | None = None  # it was disposed there, and nobody took it away again
    category: str | None = None
    kind: str | None = None
    since: date | None = None  # received
    until: date | None = None
    channel: str | None = None
    level: int | None = None  # at least so high
    claim: str | None = None
    late: bool = False
    broken: bool = False  # a promise whose day is over
    paused: bool = False
    exempt: bool = False
    search: str = ""
    figure: Figure = NO_FIGURE


class Seen(NamedTuple):
    """As whom and when a list is read."""

    lateness: Lateness
    titles: bool  # whether titles that are kept from viewers may be searched


@dataclass(frozen=True)
class Slice:
    """One page: the complaints, the keys of its neighbours, and whether a search has not come to the end yet."""

    ids: Sequence[int]
    older: int | None
    newer: int | None
    unread: bool = False


def older_than(conn: Connection, wanted: Filters, seen: Seen, before: int | None, size: int = 0) -> Slice:
    """The page below a key; without one, the newest."""
    size = size or PAGE
    query, key, reads = _query(conn, wanted, seen)
    newest = before - 1 if before is not None else _newest(conn) if reads else 0
    low = newest - STRETCH if reads else 0
    query = query.where(key <= newest) if before is not None else query
    found = _ids(conn, query.where(key > low) if low > 0 else query, key.desc(), size + 1)
    newer = None if before is None else found[0] if found else newest
    if len(found) > size:
        return Slice(found[:size], found[size - 1], newer)
    return Slice(found, low + 1 if low > 0 else None, newer, unread=low > 0)


def newer_than(conn: Connection, wanted: Filters, seen: Seen, after: int) -> Slice:
    """The page above a key."""
    query, key, reads = _query(conn, wanted, seen)
    high = after + STRETCH if reads else None
    query = query.where(key > after)
    found = _ids(conn, query if high is None else query.where(key <= high), key.asc(), PAGE + 1)
    if len(found) > PAGE:
        page = found[PAGE - 1 :: -1]
        return Slice(page, page[-1], page[0])
    unread = high is not None and high < _newest(conn)
    return Slice(found[::-1], found[0] if found else after + 1, high if unread else None, unread)


def late(seen: Lateness) -> ColumnElement[bool]:
    """Open parts that are past their limit; needs complaints joined."""
    return and_(_late_part(seen), _late_case(seen))


def _newest(conn: Connection) -> int:
    return int(conn.scalar(select(func.max(c.c.id))) or 0)


def _ids(conn: Connection, query: Select[Any], order: Any, limit: int) -> list[int]:
    return list(conn.scalars(query.distinct().order_by(order).limit(limit)))


def _query(conn: Connection, wanted: Filters, seen: Seen) -> tuple[Select[Any], Column[Any], bool]:
    """The question, its key, and whether titles must be read. What is asked of the units' parts leads where it is
    asked: its indexes are in the list's order."""
    about_parts = _of_parts(wanted, seen)
    about = [c.c.merged_into_id.is_(None), *_of_complaint(wanted)]
    received = wanted.since, wanted.until
    if any(received):  # counted as the rapor counts
        about.append(~is_undone())
    about += behind.conditions(conn, wanted.figure, seen.lateness, wanted.unit, received)
    known = _known(conn, wanted.search)
    if known is not None:
        about.append(known)
    elif wanted.search:
        about.append(_mentions(conn, wanted.search, seen.titles))
    reads = bool(wanted.search) and known is None
    if not about_parts:
        return select(c.c.id).where(*about), c.c.id, reads
    joined = select(d.c.complaint_id).join_from(d, c, c.c.id == d.c.complaint_id)
    return joined.where(*about_parts, *about), d.c.complaint_id, reads


def _of_complaint(wanted: Filters) -> list[ColumnElement[bool]]:
    found = [behind.named(c.c[name], value) for name in ("category", "channel") if (value := getattr(wanted, name))]
    if wanted.kind:
        found.append(c.c.kind == wanted.kind)
    if wanted.status:
        found.append(behind.status_is((c if _own_part(wanted) is None else d).c.status, wanted.status))
    received = behind.received_on(wanted.figure)
    if wanted.since:
        found.append(received >= wanted.since)
    if wanted.until:
        found.append(received <= wanted.until)
    return found


def _of_parts(wanted: Filters, seen: Seen) -> list[ColumnElement[bool]]:
    """What one and the same part of a complaint must be."""
    found: list[Any] = []
    if unit := _own_part(wanted):
        found += [d.c.unit_id == unit, unit_own()]
        if wanted.status or wanted.figure.of_status:
            found.append(unit_newest())
    if wanted.level is not None:
        found += [_OPEN, _RISEN, d.c.level >= wanted.level, d.c.track == "follow_up"]
    if wanted.claim:
        found += [_OPEN, d.c.claim.is_not(None), d.c.claim == wanted.claim]
    if wanted.late:
        found.append(late(seen.lateness))
    if wanted.broken:
        found.append(broken(seen.lateness))
    if wanted.paused:
        found += [_OPEN, d.c.paused_until.is_not(None), d.c.paused_until > seen.lateness.now]
    if wanted.exempt:
        found += [_OPEN, d.c.exempt_at.is_not(None)]
    return found


def _own_part(wanted: Filters) -> int | None:
    """The unit whose own part is asked for."""
    return None if wanted.figure.of_any_part else wanted.unit


def broken(seen: Lateness) -> ColumnElement[bool]:
    """A promise is over and nothing was recorded at LAPOR since."""
    promised = and_(_OPEN, d.c.promise_until.is_not(None), d.c.promise_until < seen.today)
    return and_(promised, d.c.status == str(Status.OPEN), or_(d.c.claim.is_(None), d.c.claim != "done"))


def _late_part(seen: Lateness) -> ColumnElement[bool]:
    at_least = max(seen.unanswered, *seen.unfinished.values())
    return and_(
        _OPEN,
        d.c.track == "follow_up",
        d.c.disposed_on <= at_least,
        or_(d.c.promise_until.is_(None), d.c.promise_until < seen.today),
        or_(d.c.extended_until.is_(None), d.c.extended_until < seen.today),
        or_(d.c.paused_until.is_(None), d.c.paused_until <= seen.now),
        or_(d.c.claim.is_(None), d.c.claim != "not_ours"),
        d.c.exempt_at.is_(None),
    )


def _late_case(seen: Lateness) -> ColumnElement[bool]:
    working = d.c.status.in_([str(Status.OPEN), str(Status.IN_PROCESS)])
    of_kind = {name: and_(c.c.kind == name, ~OF_OFFICIALS) for name in seen.unfinished} | {SUPERVISED: OF_OFFICIALS}
    by_kind = [and_(working, d.c.disposed_on <= day, of_kind[name]) for name, day in seen.unfinished.items()]
    return or_(and_(d.c.status == str(Status.OPEN), d.c.disposed_on <= seen.unanswered, ~OF_OFFICIALS), *by_kind)


def _known(conn: Connection, search: str) -> ColumnElement[bool] | None:
    """What is looked for by its number, or by the short code of one of its parts."""
    number = search.strip().lstrip("#").upper()
    if (number.isascii() and number.isdigit()) or number.startswith("MAN-"):
        column = c.c.provisional_id if number.startswith("MAN-") else c.c.tracking_id
        return column.between(number, number + _LONGEST)
    if 3 <= len(number) <= 8 and number.isalnum():
        found = conn.scalar(select(d.c.complaint_id).where(d.c.code == number))
        return c.c.id == found if found else None
    return None


def _mentions(conn: Connection, words: str, titles: bool) -> ColumnElement[bool]:
    in_title = c.c.title.icontains(words.strip(), autoescape=True)
    return or_(in_title if titles else and_(in_title, ~is_secret()), _at_units(conn, words.strip()))


def _at_units(conn: Connection, words: str) -> ColumnElement[bool]:
    named = or_(units.c.name.icontains(words, autoescape=True), units.c.short_name.icontains(words, autoescape=True))
    ids = list(conn.scalars(select(units.c.id).where(named).limit(100)))
    if not ids:
        return false()
    return select(d.c.id).where(d.c.complaint_id == c.c.id, d.c.unit_id.in_(ids)).exists()


def counts(conn: Connection, wanted: Mapping[str, Filters], seen: Seen, most: int) -> dict[str, int]:
    """How many complaints each of these lists has, in one question; nobody is told more than `most`."""
    asked = []
    for name, filters in wanted.items():
        query, key, _ = _query(conn, filters, seen)
        some = query.limit(2 * most).subquery()  # a complaint may be there once for each of its units
        asked.append(select(func.count(some.c[key.name].distinct())).scalar_subquery().label(name))
    return {name: min(count, most) for name, count in conn.execute(select(*asked)).one()._mapping.items()}


def late_by_unit(conn: Connection, seen: Lateness) -> dict[int, int]:
    """How many late parts each unit has."""
    found = select(d.c.unit_id, func.count()).join_from(d, c, c.c.id == d.c.complaint_id)
    return {row[0]: row[1] for row in conn.execute(found.where(late(seen)).group_by(d.c.unit_id))}


def choices(conn: Connection, column: str, most: int = 60) -> list[str]:
    """The words that a column has, for a list to choose from: each found by a jump in its index."""
    field = c.c[column]
    word = select(func.min(field).label("word")).cte("words", recursive=True)
    following = select(func.min(field)).where(field > word.c.word).scalar_subquery()
    words = word.union_all(select(following).where(word.c.word.is_not(None)))
    return list(conn.scalars(select(words.c.word).where(words.c.word.is_not(None)).limit(most)))


def any_at_all(conn: Connection) -> bool:
    """Whether the roster has a single complaint."""
    return conn.scalar(select(c.c.id).limit(1)) is not None
