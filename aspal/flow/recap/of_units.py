"""What a recap says to the head of one unit, or of several: then it speaks of all of them together, and names them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from aspal.core.ladder import Recap
from aspal.core.ladder.words import joined
from aspal.core.rapor.follow import promises
from aspal.core.recap_time import Due
from aspal.core.wording import listed, workdays
from aspal.core.workdays import Calendar
from aspal.flow.gather import Gathered, Gatherer
from aspal.flow.recap.words import WEEKLY, Said, arrears
from aspal.gateways.texts import CAPS
from aspal.records import cases, recaps, told_on_day
from aspal.records.calendar import Calendars
from aspal.records.figures import counts
from aspal.records.recaps import Unit

_WEEK, _TOPIC_DAYS = timedelta(days=7), timedelta(days=30)
_NAME, _NAMES = 60, 160  # letters: of one unit's name, and of all names before the list


@dataclass(frozen=True, slots=True)
class _Undone:
    """One open complaint, at one or more of the units."""

    dispositions: tuple[int, ...]
    age: int
    words: str


def said(
    conn: Connection, recap: Recap, units: Sequence[Unit], due: Due, contact_id: int, calendars: Calendars,
    now: datetime,
) -> Said | None:  # fmt: skip
    """What that head hears; None when there is nothing to say."""
    ids, named = [unit.id for unit in units], _named(units)
    if not recap.when.startswith(("senin", "awal_bulan")):
        return arrears(counts.arrears_at(conn, ids, due.today.replace(month=12, day=31)), named)
    undone = _undone(conn, units, calendars, now)
    news = _not_heard_today(conn, undone, contact_id, due)
    spoken = [disposition for one in news for disposition in one.dispositions]
    counted = {"jumlah": str(len(undone))}
    if recap.template != WEEKLY:
        line = named + _listing(undone, news, CAPS["daftar"] - len(named))
        return Said(counted | {"daftar": line}, spoken) if undone else None
    line = named + _listing(undone, news, CAPS["laporan"] - len(named))
    counted |= _week(conn, ids, due, calendars.of(units[0].zone))
    something = any(counted[name] != "0" for name in ("selesai", "jumlah", "janji"))
    return Said(counted | {"laporan": line}, spoken) if something else None


def _week(conn: Connection, unit_ids: list[int], due: Due, calendar: Calendar) -> dict[str, str]:
    """What else the head asks about."""
    given = recaps.promises_due(conn, unit_ids, due.period - _WEEK, due.period - timedelta(days=1), calendar.zone)
    return {
        "selesai": str(recaps.finished_between(conn, unit_ids, due.since - _WEEK, due.since)),
        "janji": str(promises(given, due.today).broken),
        "topik": recaps.topic(conn, unit_ids, due.today - _TOPIC_DAYS) or "tidak disebut",
    }


def _undone(conn: Connection, units: Sequence[Unit], calendars: Calendars, now: datetime) -> list[_Undone]:
    """The units' open complaints, the oldest first. What was disposed today is news for the liaison, not yet something
    left undone; of what is paused or exempt nobody is reminded, in a recap neither."""
    rows = [row for unit in units for row in cases.open_of_unit(conn, unit.id)]
    short = {unit.id: _cut(unit.short) for unit in units} if len(units) > 1 else {}
    by_complaint: defaultdict[int, list[tuple[int, Gathered]]] = defaultdict(list)
    for one in Gatherer(conn, calendars, now).rows(rows).values():
        if one.case.exempt or one.case.paused(now):
            continue
        if age := one.calendar.workdays_between(one.case.disposed_on, one.calendar.local_day(now)):
            by_complaint[one.row.complaint_id].append((age, one))
    found = []
    for parts in by_complaint.values():
        age = max(age for age, _ in parts)
        where = [short[one.row.unit_id] for _, one in parts if one.row.unit_id in short]
        words = f"{parts[0][1].row.number} ({', '.join([*where, workdays(age)])})"
        found.append(_Undone(tuple(one.row.id for _, one in parts), age, words))
    return sorted(found, key=lambda one: (-one.age, one.dispositions))


def _not_heard_today(conn: Connection, undone: list[_Undone], contact_id: int, due: Due) -> list[_Undone]:
    """Nobody hears of one complaint twice on a day, whichever unit's part of it he was told of."""
    every = [disposition for one in undone for disposition in one.dispositions]
    fresh = set(told_on_day.not_yet_told(conn, every, contact_id, due.today))
    return [one for one in undone if fresh.issuperset(one.dispositions)]


def _listing(undone: list[_Undone], news: list[_Undone], most: int) -> str:
    """The complaints that are news today; of the others, told or about to be told on their own, only how many."""
    heard = len(undone) - len(news)
    if not undone:
        return "tidak ada"
    if not news:
        return "semuanya disampaikan dalam pesan tersendiri"
    rest = f"; {heard} lainnya disampaikan dalam pesan tersendiri" if heard else ""
    return listed([one.words for one in news], most - len(rest)) + rest


def _named(units: Sequence[Unit]) -> str:
    """What the numbers are of, where it is not one unit."""
    if len(units) == 1:
        return ""
    names = [_cut(unit.name) for unit in units]
    whole = joined(names)
    return f"Gabungan {whole if len(whole) <= _NAMES else listed(names, _NAMES, joint=', ')}: "


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"
