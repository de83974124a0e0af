"""Our own sentences in what somebody sends back: a reminder forwarded to us, or copied with "sdh" below it.

Their days and words are ours, not the writer's: a reminder's limit must not become a promise.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from aspal.core.replies import signs
from aspal.gateways.texts import Texts

_OWN_WORDS = 60  # letters of ours in a line, at least: shorter ones ("2 – sedang diproses") are copied as an answer
_COPIED = re.compile(r"^\[[\d/.:, ]{8,24}\] [^:\n]{1,40}: ", re.MULTILINE)  # "[12/8 09.30] Pak Kabid: "


def without_ours(texts: Texts, text: str) -> str:
    """The text; of every sentence that stands in one of our messages only the numbers and codes are left."""
    text = _COPIED.sub("", text)
    if max(map(len, text.splitlines()), default=0) < _OWN_WORDS:
        return text
    for kind in texts.kinds():
        for pattern in _patterns(texts.kind(kind).fixed):
            text = pattern.sub(_signs, text)
    return text


def _signs(match: re.Match[str]) -> str:
    names = dict.fromkeys(name for _, _, name in signs.find(match[0]).places)
    return " ".join(name if name[0].isdigit() or name.startswith("MAN-") else f"#{name}" for name in names)


@lru_cache(maxsize=256)
def _patterns(fixed: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(_read(fixed))


def _read(fixed: tuple[str, ...]) -> Iterator[re.Pattern[str]]:
    for line in "\0".join(fixed).splitlines():
        pieces = [re.escape(piece) for piece in line.strip().split("\0")]
        ending = "" if pieces[-1] else ".*"
        if len(line) - len(pieces) >= _OWN_WORDS:
            yield re.compile(".{1,400}?".join(piece for piece in pieces if piece) + ending)
