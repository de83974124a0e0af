"""When "sudah" says that the work is finished. Pure. In doubt it does not."""

from collections.abc import Sequence
from itertools import pairwise

from aspal.core.replies.dates import DAY_WORDS, NUMBERS
from aspal.core.replies.vocabulary import (
    AHEAD,
    AND_THEN,
    BESIDE_SUDAH,
    BETWEEN,
    CARRIED_OUT,
    ELSEWHERE,
    EVIDENCE,
    EVIDENCE_OF,
    FIELD,
    FINISH,
    FOLLOW,
    HEARD_FROM,
    HEARSAY,
    MAKESHIFT,
    MEETINGS,
    NEUTRAL,
    NEXT_SPAN,
    NOT,
    OURSELVES,
    PARTIAL,
    PARTS_OF_DAY,
    PERCENT,
    PRESENT,
    SO_MANY,
    STAGE,
    THINGS,
    UNSURE,
    WORKS,
    these,
)

_FINISHED = FINISH | FOLLOW | FIELD
_REACH = 8  # words between "sudah" and its verb, at most


def perfect(words: Sequence[str]) -> int | None:
    """Where the verb stands that "sudah" (or "tadi") makes finished; None when there is none."""
    for start, word in enumerate(words):
        if word not in ("sudah", "tadi"):
            continue
        for n in range(start + 1, min(start + _REACH, len(words))):
            if words[n] in _FINISHED | STAGE | EVIDENCE | WORKS:
                return n
            if words[n] in NOT:
                break
    return None


def claims_done(words: Sequence[str]) -> bool:
    """Whether a clause of these words says that the work is finished."""
    if _is_bare(words):
        return True
    at = perfect(words)
    if at is None or not _is_finished_verb(words, at):
        return _ends_with_done(words)
    start = max(n for n in range(at) if words[n] in ("sudah", "tadi"))
    blocked = NOT | UNSURE | AHEAD | PARTIAL | {"dulu"}
    if set(words[:at]) & blocked or not _reaches(words[start + 1 : at]) or is_hearsay(words, at):
        return False
    taken_back = these("kalau setelah sebagian nanti sampai kecuali separuh setengah bertahap belum sedang darurat")
    after = words[at + 1 :]
    return not (
        set(after) & (taken_back | MAKESHIFT) or _is_for_now(after) or is_part(words)
        or NEXT_SPAN.search(" ".join(words[at:]))
    )  # fmt: skip


def _is_for_now(after: Sequence[str]) -> bool:
    """ "Sudah kami tutup dulu"; not "sudah selesai dari dulu"."""
    return any(word == "dulu" and before not in ("dari", "sejak") for before, word in pairwise(("", *after)))


def _reaches(between: Sequence[str]) -> bool:
    """Whether "sudah" is said of the verb behind these words, and not of another verb among them."""
    since = max((n + 1 for n, word in enumerate(between) if word in AND_THEN), default=0)
    reached = between[since:]
    dated = bool({"tanggal", "jam"} & set(reached))
    known = BETWEEN | DAY_WORDS
    return all(word in known or (word[0].isdigit() and (dated or not word.isdigit())) for word in reached)


def is_hearsay(words: Sequence[str], at: int) -> bool:
    """ "Sudah selesai katanya", "info dari desa sudah diperbaiki"; not "info dari warga sudah kami tangani"."""
    told = words[at - 1] not in OURSELVES and HEARD_FROM.search(" ".join(words[:at]))
    return bool(told or HEARSAY & set(words))


def _is_finished_verb(words: Sequence[str], at: int) -> bool:
    word, after = words[at], words[at + 1 : at + 2]
    if word in FINISH:  # "selesai disurvei" is a step
        return not set(after) & (STAGE - these("diproses proses ditangani dikerjakan"))
    if word in CARRIED_OUT and set(words[at + 1 : at + 4]) & (STAGE - WORKS | ELSEWHERE | MEETINGS):
        return False  # "sudah dilaksanakan rapat": what was carried out is a step
    if word in FOLLOW | FIELD:
        return True
    if word in EVIDENCE:
        return bool(EVIDENCE_OF & set(words)) or (word == "ditutup" and "laporan" in words)
    if word in WORKS:
        return "dilakukan" in words[:at]
    # "sudah diproses dan diselesaikan": a finished verb further on.
    later = next((n for n in range(at + 1, len(words)) if words[n] in _FINISHED), None)
    if later is None or set(words[at:later]) & (NOT | UNSURE | AHEAD | PARTIAL | these("untuk sedang masih")):
        return False
    between = words[at + 1 : later]
    return _reaches(between) and (words[later] in FINISH or bool((AND_THEN | {"langsung"}) & set(between)))


def _ends_with_done(words: Sequence[str]) -> bool:
    """ "Selesai sudah", and "selesai diperbaiki" without a doubt in the clause."""
    if set(words) & (NOT | UNSURE | AHEAD | PARTIAL | PRESENT):
        return False
    return any(a in FINISH and (b == "sudah" or b in FIELD | FOLLOW) for a, b in pairwise(words))


def _is_bare(words: Sequence[str]) -> bool:
    """Nothing but "sudah" or "selesai" and manners. "Sudah" alone is what the reminder offers as an answer."""
    named = set(words)
    if "selesai" in named or ("sudah" in named and FOLLOW & named):
        return (
            named <= NEUTRAL | FOLLOW | these("sudah selesai 100 100% persen foto fotonya terlampir")
            and "mohon" not in named
        )
    # "Sudah sore pak" tells the time, "sudah, sudah" is "enough of it".
    other = any(a == "sudah" and b in PARTS_OF_DAY | {"sudah"} for a, b in pairwise(words))
    return "sudah" in named and named <= BESIDE_SUDAH | {"sudah"} and not other


def is_part(words: Sequence[str]) -> bool:
    """ "80 %", "sebagian", "tinggal finishing", "3 dari 5 titik", "(5 titik,) 3 sudah"."""
    text = " ".join(words)
    percent = PERCENT.search(text)
    return bool(set(words) & PARTIAL or SO_MANY.search(text)) or (percent is not None and int(percent[1]) < 100)


def counts_fewer(said: Sequence[Sequence[str]]) -> bool:
    """ "Ada 5 titik, 3 titik sudah ditambal": the same thing counted twice, and not alike."""
    counts: dict[str, set[str]] = {}
    for words in said:
        for count, thing in pairwise(words):
            if THINGS & {thing} and (count.isdecimal() or count in NUMBERS):
                counts.setdefault(thing, set()).add(count)
    return any(len(different) > 1 for different in counts.values())
