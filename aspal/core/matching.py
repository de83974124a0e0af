"""Which case a reply means: certain, or ask; never a guess. Pure.

In this order: the quoted message, the tapped button, a report number, a short code, the only open case. Two signs that
differ are no sign. Who points only at what is none of their cases is told so: asked about the others, they would file
those words under one of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aspal.core.replies import Reading
from aspal.core.replies.signs import looks_like_code


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that this person may write about."""

    disposition_id: int
    tracking_id: str | None
    provisional_id: str | None
    code: str | None
    open: bool
    former: tuple[str, ...] = ()  # provisional numbers of what was merged into it: they stand in older reminders
    round_of: tuple[int, int | None] | None = None  # complaint and unit; older rounds stand in older reminders

    @property
    def numbers(self) -> frozenset[str | None]:
        return frozenset((self.tracking_id, self.provisional_id, *self.former))

    def is_named(self, numbers: Iterable[str]) -> bool:
        return bool(self.numbers & set(numbers))


@dataclass(frozen=True, slots=True)
class Match:
    """Certain. `by`: quote button id code only_case."""

    disposition_id: int
    by: str


@dataclass(frozen=True, slots=True)
class Several:
    """Certain: the reply names these, and which of its words are of which."""

    disposition_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Not certain: it can be any of these, all of them this person's."""

    options: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class NoCase:
    """Nothing that it could be about."""

    foreign: bool = False  # it points at a case that is not this person's


def match(
    reading: Reading,
    quoted: Sequence[int] | None,
    button_case: int | None,
    candidates: Sequence[Candidate],
    *,
    uncertain: bool = False,
) -> Match | Several | Ask | NoCase:
    """The case that the reply means.

    `quoted` are the dispositions that the quoted message of ours spoke of (None or empty: nothing of ours was quoted),
    `button_case` the one a tapped button carried; `uncertain`: something speaks for a case that is not here any more
    (a message that we do not know was quoted; others were told, this one never), so that even an only case is asked
    about. Cases that are not among `candidates` are someone else's.
    """
    if not candidates:
        return NoCase()
    quotes = going_on([c for c in candidates if c.disposition_id in set(quoted or ())], candidates)
    foreign_quote = bool(quoted) and not quotes
    buttons = [c for c in candidates if c.disposition_id == button_case]
    named, names_foreign = _named(reading, candidates), _names_foreign(reading, candidates)
    if reading.parted and _is_told_apart(named, quotes, bool(foreign_quote or names_foreign or button_case)):
        return Several(tuple(c.disposition_id for c in named))
    for by, cases in (("quote", quotes), ("button", buttons)):
        if len(cases) == 1:
            # A button of another message, or a text that names another case, contradicts it.
            others = [c for c in (*buttons, *named) if c != cases[0]]
            return _ask([*cases, *others]) if others else Match(cases[0].disposition_id, by)
    foreign = foreign_quote or button_case is not None or names_foreign
    if not named and (names_foreign if quotes else foreign):
        return NoCase(foreign=True)
    if quotes:  # a digest: the text must say which of its cases
        inside = [c for c in named if c in quotes]
        if len(inside) == 1 == len(named) and not names_foreign:
            return Match(inside[0].disposition_id, _how(reading, inside[0]))
        return _ask([*quotes, *(c for c in named if c not in quotes)])
    if len(named) == 1 and not foreign and not reading.leaves_out:
        return Match(named[0].disposition_id, _how(reading, named[0]))
    still_open = [c for c in candidates if c.open]
    if reading.leaves_out:
        return _ask(still_open)
    if named:
        return _ask([*named, *(c for c in still_open if c not in named)] if foreign else named)
    if len(still_open) == 1 and not uncertain:
        return Match(still_open[0].disposition_id, "only_case")
    return _ask(still_open)


def _named(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The cases whose number or code stands in the text."""
    numbers = (*reading.case_numbers, *reading.possible_numbers)
    by_number = [c for c in candidates if c.is_named(numbers)]
    by_code = going_on([c for c in candidates if c.code and c.code.upper() in reading.codes], candidates)
    return _one_of_each(by_number) + [c for c in by_code if c not in by_number]


def _is_told_apart(named: Sequence[Candidate], quotes: Sequence[Candidate], foreign: bool) -> bool:
    """Whether the text alone says which cases are meant, and what it quotes does not contradict it."""
    one_each = len({c.tracking_id or c.provisional_id for c in named}) == len(named) > 1
    fits = not quotes or set(quotes) <= set(named) or set(named) <= set(quotes)
    return one_each and fits and not foreign


def going_on(pointed_at: Iterable[Candidate], candidates: Sequence[Candidate]) -> list[Candidate]:
    """These cases; instead of a round that is over the one that runs now, of the same complaint at the same unit.

    Not of another unit: "not ours", said to a reminder of the one, would give away what the other has.
    """
    running: dict[object, Candidate] = {c.round_of: c for c in candidates if c.open and c.round_of}
    return list(dict.fromkeys(c if c.open else running.get(c.round_of, c) for c in pointed_at))


def _one_of_each(named: list[Candidate]) -> list[Candidate]:
    """A number may stand for several dispositions of one complaint: the open ones, or else the newest."""
    chosen: list[Candidate] = []
    for number in dict.fromkeys(c.tracking_id or c.provisional_id for c in named):
        same = [c for c in named if (c.tracking_id or c.provisional_id) == number]
        still_open = [c for c in same if c.open]
        chosen += still_open or [max(same, key=lambda c: c.disposition_id)]
    return chosen


def _names_foreign(reading: Reading, candidates: Sequence[Candidate]) -> bool:
    """Whether the text names something that looks like a case and is none of this person's."""
    numbers = {number for c in candidates for number in c.numbers}
    codes = {(c.code or "").upper() for c in candidates}
    foreign = [code for code in reading.codes if looks_like_code(code) and code not in codes]
    return any(n not in numbers for n in reading.case_numbers) or bool(foreign)


def _how(reading: Reading, case: Candidate) -> str:
    return "id" if case.is_named((*reading.case_numbers, *reading.possible_numbers)) else "code"


def _ask(cases: Sequence[Candidate]) -> Ask | NoCase:
    options = tuple(dict.fromkeys(cases))
    return Ask(options) if options else NoCase()
