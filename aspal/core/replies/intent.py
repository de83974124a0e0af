"""What a reply claims, from its clauses. Pure. When in doubt it is a plain note, and never "done".

Decisions, each with its sentences in tests/core/reply_sentences.py:
- "Done" needs a finished verb with "sudah" ("sudah kami tindaklanjuti"), or nothing but "sudah" or "selesai".
- A question, a doubt ("katanya"), a condition ("kalau"), a wish or a future ("akan", "segera") never claims anything.
- "Sudah kami proses" means that work has begun: in process. So do checks, surveys, meetings, partial results.
- "Sudah" with an unfinished rest ("tapi belum", "tapi hujan", "masih", "80 %", "akan diselesaikan") is in process.
- "Bukan kewenangan" outranks a claim in the same text; a request for more time outranks one too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from aspal.core.replies.dates import DAY_WORDS
from aspal.core.replies.vocabulary import (
    AHEAD,
    ASKING,
    ASKING_TIME,
    ASKS_MORE_TIME,
    ASKS_TIME,
    BESIDE_SUDAH,
    COURTESY,
    EVIDENCE,
    EVIDENCE_OF,
    EXTENDS_OTHER,
    FIELD,
    FINISH,
    FOLLOW,
    NEUTRAL,
    NO_RESERVE,
    NOT,
    NOT_OURS_PATTERNS,
    OTHER_ENDS,
    OURS_PATTERN,
    PARTIAL,
    PERCENT,
    PRESENT,
    STAGE,
    UNSURE,
    WORK,
    WORKS,
    these,
)
from aspal.core.replies.words import Clause

_FINISHED = FINISH | FOLLOW | FIELD
_THIS_PART_OF_DAY = re.compile(r"(?<!selamat )\b(?:pagi|siang|sore|malam) ini\b")
_REACH = 8  # words between "sudah" and its verb, at most


class Intent(StrEnum):
    """What a note says about its case."""

    DONE = "done"  # followed up in LAPOR, they say
    IN_PROCESS = "in_process"
    PROMISE = "promise"  # with a day
    NOT_OURS = "not_ours"
    EXTENSION = "extension"  # asks for more time
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Sense:
    """What one clause says, each thing by itself."""

    done: bool = False
    ongoing: bool = False  # being worked on now
    stage: bool = False  # a step of the work is behind them
    unfinished: bool = False  # something is not finished, or will be
    not_ours: bool = False
    ours: bool = False
    more_time: bool = False
    some_time: bool = False  # asks for time and says nothing else


def intent_of(senses: Sequence[Sense]) -> Intent:
    """The one thing that a reply without a promised day says."""
    if any(s.not_ours for s in senses) and not any(s.ours for s in senses):
        return Intent.NOT_OURS
    if any(s.more_time or s.some_time for s in senses):
        return Intent.EXTENSION
    done, unfinished = any(s.done for s in senses), any(s.unfinished for s in senses)
    if any(s.ongoing for s in senses) or (done and unfinished):
        return Intent.IN_PROCESS
    if done:
        return Intent.DONE
    return Intent.IN_PROCESS if any(s.stage for s in senses) else Intent.NOTE


def sense_of(clause: Clause) -> Sense:
    """What the clause says. A question says nothing, except that asking for more time is a request all the same."""
    words, text = clause.words, clause.text
    more_time = _asks_more_time(words, text)
    if is_question(clause):
        return Sense(more_time=more_time and "apa" not in words)
    if OTHER_ENDS.search(text):
        return Sense()
    not_ours = "kalau" not in words[:3] and any(pattern.search(text) for pattern in NOT_OURS_PATTERNS)
    done = _claims_done(words)
    return Sense(
        done=done,
        ongoing=not done and _is_ongoing(words),
        stage=_is_stage(words),
        unfinished=_is_unfinished(words, text) or (not done and words[0] == "tapi" and not set(words) <= NO_RESERVE),
        not_ours=not_ours,
        ours=not not_ours and bool(OURS_PATTERN.search(text)),
        more_time=more_time,
        some_time=bool(ASKS_TIME.search(text)) and set(words) <= COURTESY | ASKING_TIME,
    )


def is_question(clause: Clause) -> bool:
    """Also without a question mark: "sudah selesai belum", "apa sudah", "sudah kan"."""
    words = clause.words
    if clause.asks or ASKING & set(words) or words[0] == "kok":
        return True
    return "sudah" in words and words[-1] in NOT and words.index("sudah") < len(words) - 1


def is_courtesy(clauses: Sequence[Clause]) -> bool:
    """Nothing but "siap, terima kasih, pak". "Sore ini" is a day, as no greeting is."""
    return all(
        set(clause.words) <= COURTESY and not clause.asks and not _THIS_PART_OF_DAY.search(clause.text)
        for clause in clauses
    )


def splits(clause: Clause) -> tuple[Clause, ...]:
    """ "Sudah dicek akan diperbaiki" says two things: what follows a finished verb and looks ahead stands by itself.

    So does "belum selesai besok kami lanjutkan": a day with a verb of its own after a verb that is denied.
    """
    words = clause.words
    for n in range(2, len(words)):
        before, after = words[:n], words[n:]
        if words[n] not in AHEAD | these("masih sedang belum") or after == ("belum",):  # "sudah selesai belum" asks
            continue
        denied = bool(NOT & set(before) and WORK & set(before) and WORK & set(after)) and words[n] != "belum"
        if denied or perfect(before) is not None:
            return Clause(before, clause.asks), Clause(after, clause.asks)
    return (clause,)


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


def _claims_done(words: Sequence[str]) -> bool:
    if _is_bare(words):
        return True
    at = perfect(words)
    if at is None or not _is_finished_verb(words, at):
        return _ends_with_done(words)
    start = max(n for n in range(at) if words[n] in ("sudah", "tadi"))
    blocked = NOT | UNSURE | AHEAD | PARTIAL
    if set(words[:at]) & blocked or set(words[start:at]) & these("sedang masih tahap dalam siap"):
        return False
    taken_back = these("kalau setelah sebagian nanti sampai kecuali separuh setengah bertahap belum")
    return not (set(words[at + 1 :]) & taken_back or _is_part(words))


def _is_finished_verb(words: Sequence[str], at: int) -> bool:
    word, after = words[at], words[at + 1 : at + 2]
    if word in FINISH:  # "selesai disurvei" is a step
        return not set(after) & (STAGE - these("diproses proses ditangani dikerjakan"))
    if word in FOLLOW | FIELD:
        return True
    if word in EVIDENCE:
        return bool(EVIDENCE_OF & set(words)) or (word == "ditutup" and "laporan" in words)
    if word in WORKS:
        return "dilakukan" in words[:at]
    # "sudah diproses dan diselesaikan": a finished verb further on.
    later = next((n for n in range(at + 1, len(words)) if words[n] in _FINISHED), None)
    doubts = NOT | UNSURE | AHEAD | PARTIAL | these("untuk sedang masih")
    return later is not None and not set(words[at:later]) & doubts


def _ends_with_done(words: Sequence[str]) -> bool:
    """ "Selesai sudah", and "selesai diperbaiki" without a doubt in the clause."""
    if set(words) & (NOT | UNSURE | AHEAD | PARTIAL | PRESENT):
        return False
    return any(a in FINISH and (b == "sudah" or b in FIELD | FOLLOW) for a, b in pairwise(words))


def _is_bare(words: Sequence[str]) -> bool:
    """Nothing but "sudah" or "selesai" and manners. "Sudah" alone is what the reminder offers as an answer."""
    named = set(words)
    if "selesai" in named or ("sudah" in named and FOLLOW & named):
        return named <= NEUTRAL | FOLLOW | these("sudah selesai 100 100% persen") and "mohon" not in named
    return "sudah" in named and named <= BESIDE_SUDAH | {"sudah"}


def _is_ongoing(words: Sequence[str]) -> bool:
    named = set(words)
    if named & (NOT | AHEAD | UNSURE - these("menunggu sampai")):
        return False
    if _is_part(words) and named & (WORK | {"sudah"}):
        return True
    if any(word in PRESENT and set(words[n + 1 : n + 6]) & WORK for n, word in enumerate(words)):
        return True
    bare = named & these("proses diproses progres") and not named & these("sudah siap")
    return bool(bare) and named <= NEUTRAL | STAGE | PRESENT


def _is_stage(words: Sequence[str]) -> bool:
    at = perfect(words)
    if at is not None:
        return not set(words[:at]) & (NOT | UNSURE | AHEAD)
    return words[0] == "otw" and bool(set(words) & STAGE)


def _is_unfinished(words: Sequence[str], text: str) -> bool:
    """Something of the work is still to be done."""
    named = set(words)
    if named & these("akan segera nanti") and named & (FINISH | FIELD):
        return True
    work = _FINISHED | STAGE | WORKS
    denied = any(word == "tidak" and set(words[n + 1 : n + 5]) & work for n, word in enumerate(words))
    return denied or bool(named & these("belum tinggal sisanya kecuali")) or "masih ada" in text


def _is_part(words: Sequence[str]) -> bool:
    """ "80 %", "sebagian", "tinggal finishing"."""
    percent = PERCENT.search(" ".join(words))
    return bool(set(words) & PARTIAL) or (percent is not None and int(percent[1]) < 100)


def _asks_more_time(words: Sequence[str], text: str) -> bool:
    if EXTENDS_OTHER.search(text):
        return False
    named = set(words)
    plain = COURTESY | these("perpanjangan minta waktu sampai hingga tanggal hari kerja lagi depan minggu bulan")
    if "perpanjangan" in named and all(word in plain or _names_a_day(word) for word in named):
        return True
    asked = ASKS_MORE_TIME.search(text)
    if asked is None:
        return False
    before, after = text[: asked.start()].split()[-2:], [w for w in text[asked.end() :].split() if w not in COURTESY]
    # "Tidak perlu tambahan waktu" refuses; "belum sanggup, minta tambahan waktu" and "bisa diperpanjang tidak?" ask.
    return not (NOT & {*before, *asked[0].split(), *after[:-1][:2]})


def _names_a_day(word: str) -> bool:
    """ "14/8", "14", "agustus", "jumat": what stands beside a bare "perpanjangan sampai"."""
    return word[0].isdigit() or word in DAY_WORDS
