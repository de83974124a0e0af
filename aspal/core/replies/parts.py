"""A reply about several cases: what it says of each ("9900346 sudah, 9900351 masih proses"). Pure.

Certain, or nothing: either each number stands before its words, or each behind them; numbers that only "dan" or a comma
keeps apart share theirs; or "A masih proses, yang sudah B". A number after "kecuali" or "selain" is the one that
nothing is said of.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aspal.core.replies.intent import Sense, is_courtesy, is_question, sense_of
from aspal.core.replies.signs import Signs
from aspal.core.replies.signs import find as find_signs
from aspal.core.replies.words import clauses as clauses_of

_LINKING = r"\b(?:dan|n|serta|sedangkan|sementara|kemudian|lalu|tapi|tp|tetapi|namun)\b"
_POINTING = r"\b(?:no|nomor|nomer|laporan|lap|untuk|utk|yang|yg|kode|lapor)\b\.?"
_TAIL = re.compile(rf"(?:[^\w?]|{_LINKING}|{_POINTING})*$", re.IGNORECASE)
_JOINED = re.compile(rf"(?:[^\w?]|\b(?:dan|n|serta|sama)\b|{_POINTING})*", re.IGNORECASE)
_BREAK = re.compile(rf"[,;:.\n]|{_LINKING}", re.IGNORECASE)
_THE_OTHER = re.compile(rf"(.*\S)\s*[,;.\n]\s*(?:{_LINKING}\s+)?((?:yang|yg)\s+\S.*)", re.IGNORECASE | re.DOTALL)
_NUMBERED = re.compile(r"(?:^|\s)(\d{1,2})\s*[.)]\s*$")
_ONE_OF_THEM = re.compile(r"\b(?:satu|satunya|sisanya|lainnya|(?:yang|yg) lain)\b", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:atau|ato)\b", re.IGNORECASE)
_LEFT_OUT = re.compile(
    rf"\b(?:kecuali|selain|bukan|bkn|minus)(?:[^\w?]|\b(?:dari|dr)\b|{_POINTING})*$", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of the cases that these numbers or codes name."""

    names: tuple[str, ...]
    text: str


def left_out(signs: Signs) -> tuple[str, ...]:
    """The cases that the reply names only to say that they are not the one: "selain 9900360 sudah beres"."""
    return tuple(name for start, _, name in signs.places if _LEFT_OUT.search(signs.text[:start]))


def of(signs: Signs) -> tuple[Part, ...]:
    """The parts of a reply that names two signs or more; none when it is not certain which words belong to which."""
    places = signs.places
    if len(places) < 2 or _EITHER.search(signs.rest) or left_out(signs):
        return ()
    edges = [0, *(edge for start, end, _ in places for edge in (start, end)), len(signs.text)]
    chunks = _without_numbering([signs.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)])
    names = [name for _, _, name in places]
    if crossed := _crossed(names, chunks):
        parts = crossed
    elif _leads(chunks):
        parts = _grouped(names[::-1], chunks[:0:-1])[::-1]
    else:
        parts = _grouped(names, chunks[:-1]) if _trails(chunks) else []
    shared = [part for part in parts if len(part.names) > 1]
    return () if any(_ONE_OF_THEM.search(part.text) for part in shared) else tuple(parts)


def about(text: str, names: Sequence[str]) -> str:
    """The words that concern the case of these names: the whole reply, unless it tells several apart.

    Nothing, where it names several and it is not certain which words are of which: such a reply claims nothing.
    """
    signs = find_signs(text)
    named = {name for _, _, name in signs.places}
    if len(named) < 2 or named <= set(names):
        return text
    parts = of(signs)
    if len(parts) == 1:
        return parts[0].text
    return "\n".join(part.text for part in parts if set(part.names) & set(names))


def _without_numbering(chunks: list[str]) -> list[str]:
    """ "1. 9900346 sudah 2. 9900351 belum": the list's own numbers are none of the menu's digits."""
    found = [_NUMBERED.search(chunk) for chunk in chunks[:-1]]
    if [match and int(match[1]) for match in found] != list(range(1, len(chunks))):
        return chunks
    return [chunk[: match.start()] + "\n" for chunk, match in zip(chunks, found, strict=False) if match] + chunks[-1:]


def _leads(chunks: Sequence[str]) -> bool:
    """Each number stands before its words; what stands before the first is a greeting or a heading."""
    first, *middle, last = chunks
    if _is_empty(last) or not (
        _is_empty(first) or (_says_nothing(first) and re.search(r"[,;:.\n]\W*$", _cut(first)[1]))
    ):
        return False
    # "9900346 menunggu, sudah selesai 9900351 kemarin": those words may be of the one or of the other.
    return all(_BREAK.search(tail) or not _BREAK.search(said.strip(" ,;:.-\n")) for said, tail in map(_cut, middle))


def _trails(chunks: Sequence[str]) -> bool:
    """Each number stands behind its words."""
    *before, last = chunks
    return (
        _is_empty(last)
        and not _says_nothing(before[0])
        and not any(re.search(r"[,;.\n]", _cut(chunk)[1]) and not _JOINED.fullmatch(chunk) for chunk in before)
    )


def _crossed(names: Sequence[str], chunks: Sequence[str]) -> list[Part]:
    """ "9900346 masih proses, yang sudah 9900351": the one before its words, the other behind its own."""
    if len(names) != 2 or not (_is_empty(chunks[0]) and _is_empty(chunks[2])):
        return []
    both = _THE_OTHER.fullmatch(_cut(chunks[1])[0].strip(" ,;:-\n"))
    if both is None or _says_nothing(both[2]):
        return []
    return [Part((names[0],), both[1]), Part((names[1],), both[2])]


def _grouped(names: Sequence[str], chunks: Sequence[str]) -> list[Part]:
    """Each name with its words, the one beside its words first; a name that is only joined to another shares them."""
    parts: list[Part] = []
    for name, chunk in zip(names, chunks, strict=True):
        if not _JOINED.fullmatch(chunk):
            parts.append(Part((name,), _cut(chunk)[0].strip(" ,;:-\n")))
        elif parts:
            parts[-1] = Part((*parts[-1].names, name), parts[-1].text)
        else:
            return []
    return parts


def _cut(chunk: str) -> tuple[str, str]:
    """The words, and what only leads on to the next number."""
    tail = _TAIL.search(chunk)
    assert tail is not None
    return chunk[: tail.start()], tail[0]


def _is_empty(chunk: str) -> bool:
    return "?" not in chunk and is_courtesy(clauses_of(_cut(chunk)[0]))


def _says_nothing(chunk: str) -> bool:
    return all(sense_of(one) == Sense() and not is_question(one) for one in clauses_of(chunk))
