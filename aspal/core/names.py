"""One spelling of a unit's name for comparing, and suggestions for a name that nobody knows. Pure.

Nothing here decides: a suggestion is shown to an admin, who confirms it once.
"""

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher

_NOT_IN_INITIALS = {"dan", "di", "ke", "atau", "serta", "untuk"}
_ALIKE = 0.62  # below this a suggestion reads as a mistake


def key(name: str) -> str:
    """ "DINAS  PUPR." and "Dinas PUPR" -> "dinas pupr". Case, spaces, punctuation and accents do not count."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold().replace("&", " dan "))
    letters = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", re.sub(r"['’`]", "", letters).replace("_", " ")))


def suggest(name: str, known: Mapping[str, int], limit: int = 3) -> list[int]:
    """The units whose known key is most like `name`, best first; none rather than far-fetched ones."""
    asked = key(name)
    best: dict[int, float] = {}
    for other, unit_id in known.items():
        score = _likeness(asked, other)
        if score >= _ALIKE and score > best.get(unit_id, 0):
            best[unit_id] = score
    return sorted(best, key=lambda unit_id: (-best[unit_id], unit_id))[:limit]


def _likeness(asked: str, other: str) -> float:
    if not asked or not other:
        return 0.0
    if _initials(other) & {asked.replace(" ", "")} or _initials(asked) & {other.replace(" ", "")}:
        return 0.99
    if len(asked.split()) > 1 and set(asked.split()) <= set(other.split()):
        return 0.95  # shortened: "dinas pekerjaan umum" of "dinas pekerjaan umum penataan ruang dan pertanahan"
    compare = SequenceMatcher(None, asked, other, autojunk=False)
    if compare.real_quick_ratio() < _ALIKE or compare.quick_ratio() < _ALIKE:
        return 0.0
    return compare.ratio()


def _initials(spelled: str) -> set[str]:
    """ "dinas pekerjaan umum dan penataan ruang" -> "dpupr", and "dinaspupr" with the first word written out."""
    first, *rest = [word for word in spelled.split() if word not in _NOT_IN_INITIALS] or [""]
    if len(rest) < 2:
        return set()
    letters = "".join(word[0] for word in rest)
    return {first[0] + letters, first + letters}
