"""Which case an unplaced reply most likely means: an order with reasons, for a person to decide. Pure.

Never applied by itself: what is not certain is asked or placed by hand (core.matching).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_WORD = re.compile(r"[^\W\d_]{4,}")
_DIGITS = re.compile(r"\d{3,}")
_LATELY = timedelta(days=3)
# Too common in replies and titles to tell cases apart.
_EMPTY = frozenset({
    "yang", "dengan", "untuk", "sudah", "belum", "akan", "pada", "dari", "tidak", "bukan", "laporan", "lapor",
    "aduan", "mohon", "kami", "saya", "terima", "kasih", "selesai", "proses", "ditindaklanjuti", "tindak", "lanjut",
    "dinas", "kepala", "bapak", "depan", "jalan", "desa", "kecamatan", "kelurahan",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """A case that the reply may be about."""

    disposition_id: int
    number: str
    title: str | None
    open: bool
    quoted: bool = False  # the reply quotes a message that spoke of it
    told_at: datetime | None = None  # when this person was last told of it


@dataclass(frozen=True, slots=True)
class Guess:
    """An option with what speaks for it."""

    option: Option
    score: int
    why: tuple[str, ...]


def ranked(text: str, options: Iterable[Option], written_at: datetime) -> list[Guess]:
    """The likeliest first; among equals the one that was told last, then the oldest."""
    listed = list(options)
    newest = max((o.told_at for o in listed if o.told_at and o.told_at <= written_at), default=None)
    guesses = [_guess(text, option, written_at, newest, alone=len(listed) == 1) for option in listed]
    return sorted(guesses, key=lambda g: (-g.score, -(_seconds(g.option.told_at)), g.option.disposition_id))


def _guess(text: str, option: Option, written_at: datetime, newest: datetime | None, *, alone: bool) -> Guess:
    signs: list[tuple[int, str]] = []
    if option.quoted:
        signs.append((6, "mengutip pesan kami tentang laporan ini"))
    typed = _DIGITS.findall(text)
    if option.number in typed:
        signs.append((6, "menyebut nomornya"))
    elif _resembles(option.number, typed):
        signs.append((5, "menyebut nomor yang mirip"))
    shared = _shared(text, option.title)
    if shared:
        signs.append((min(5, 3 * len(shared)), f"menyebut “{', '.join(shared[:3])}”"))
    if option.told_at and option.told_at == newest and written_at - option.told_at <= _LATELY:
        signs.append((2, "laporan terakhir yang kami ingatkan kepadanya"))
    if alone:
        signs.append((2, "satu-satunya laporannya"))
    if not option.open:
        signs.append((-1, "sudah berakhir"))
    return Guess(option, sum(points for points, _ in signs), tuple(words for _, words in signs))


def _resembles(number: str, typed: Sequence[str]) -> bool:
    """The end or the beginning of the number, or one digit off."""
    for one in typed:
        if len(one) >= 4 and (number.endswith(one) or number.startswith(one)):
            return True
        if len(one) == len(number) and sum(a != b for a, b in zip(one, number, strict=True)) == 1:
            return True
    return False


def _shared(text: str, title: str | None) -> list[str]:
    """Telling words that stand in both, as the title has them."""
    said = {word.casefold() for word in _WORD.findall(text)} - _EMPTY
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(title or ""))
    return [word for word in words if word in said]


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
