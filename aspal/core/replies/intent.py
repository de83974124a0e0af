"""What a reply claims, from its clauses. Pure. When in doubt it is a plain note, and never "done".

Decisions, each with its sentences in tests/core/reply_sentences.py:
- "Done" needs a finished verb with "sudah" ("sudah kami tindaklanjuti"), or nothing but "sudah" or "selesai".
- "Sudah" reaches its verb over "kami" or a day only: "sudah saya perintahkan diselesaikan" is an order, not its end.
- A question, a doubt ("katanya"), a condition ("kalau"), a wish or a future ("akan", "segera") never claims anything,
  and neither does who will look first ("kami pastikan dulu").
- "Sudah kami proses" means that work has begun: in process. So do checks, surveys, meetings, partial results.
- "Sudah" with an unfinished rest ("tapi belum", "tapi hujan", "masih", "80 %", "akan diselesaikan") is in process.
- "Bukan kewenangan" outranks a claim in the same text, but for "tapi kami tangani"; a request for more time outranks
  one too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aspal.core.replies.dates import DAY_WORDS
from aspal.core.replies.finished import claims_done, is_hearsay, is_part, perfect
from aspal.core.replies.vocabulary import (
    AGAIN,
    AGAIN_BROKEN,
    AHEAD,
    ASCERTAIN,
    ASKING,
    ASKING_TIME,
    ASKS_MORE_TIME,
    ASKS_TIME,
    COURTESY,
    EXTENDS_OTHER,
    FIELD,
    FINISH,
    FOLLOW,
    LEADS_ON,
    LOOK,
    MISSING_OTHERWISE,
    NEUTRAL,
    NO_RESERVE,
    NOT,
    NOT_OURS_PATTERNS,
    NOT_QUITE_OURS,
    OTHER_ENDS,
    OURS_PATTERN,
    PRESENT,
    SENT_WRONGLY,
    STAGE,
    STILL_AWAITED,
    TAKES_BACK,
    UNSURE,
    UNTOUCHED,
    WORK,
    WORKS,
    these,
)
from aspal.core.replies.words import Clause

_FINISHED = FINISH | FOLLOW | FIELD
_THIS_PART_OF_DAY = re.compile(r"(?<!selamat )\b(?:pagi|siang|sore|malam) ini\b")


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
    doubt: bool = False  # will be looked into first
    denied: bool = False  # nothing but that it is not finished, or that something was sent by mistake
    relapsed: bool = False  # it is broken again


def intent_of(senses: Sequence[Sense]) -> Intent:
    """The one thing that a reply without a promised day says."""
    doubt = any(s.doubt for s in senses)
    if any(s.not_ours for s in senses) and not any(s.ours for s in senses):
        return Intent.NOTE if doubt or any(s.ongoing for s in senses) else Intent.NOT_OURS
    if any(s.more_time or s.some_time for s in senses):
        return Intent.EXTENSION
    done, unfinished = any(s.done for s in senses), any(s.unfinished for s in senses)
    if any(s.ongoing for s in senses) or (done and unfinished):
        return Intent.IN_PROCESS
    if done:
        return Intent.NOTE if doubt else Intent.DONE
    return Intent.IN_PROCESS if any(s.stage for s in senses) else Intent.NOTE


def sense_of(clause: Clause) -> Sense:
    """What the clause says. A question says nothing, except that asking for more time is a request all the same."""
    words, text = clause.words, clause.text
    more_time = _asks_more_time(words, text)
    if is_question(clause):
        return Sense(more_time=(more_time and "apa" not in words) or _asks_until(words, text))
    if OTHER_ENDS.search(text):
        return Sense()
    not_ours = _is_refused(words, text)
    done = claims_done(words)
    return Sense(
        done=done,
        ongoing=not done and _is_ongoing(words),
        stage=_is_stage(words),
        unfinished=_is_unfinished(words, text) or (not done and words[0] == "tapi" and not set(words) <= NO_RESERVE),
        not_ours=not_ours,
        ours=not not_ours and bool(OURS_PATTERN.search(text)),
        more_time=more_time,
        some_time=bool(ASKS_TIME.search(text)) and set(words) <= COURTESY | ASKING_TIME,
        doubt=_looks_first(words),
        denied=bool(SENT_WRONGLY.search(text)) or _is_denial(words),
        relapsed=bool(AGAIN_BROKEN.search(text)),
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


def without_lead(clause: Clause) -> Clause:
    """ "Eh maksudnya proses" says "proses"."""
    start = next((n for n, word in enumerate(clause.words) if word not in LEADS_ON), 0)
    return Clause(clause.words[start:], clause.asks)


def splits(clause: Clause) -> tuple[Clause, ...]:
    """ "Sudah dicek akan diperbaiki" says two things: what follows a finished verb and looks ahead stands by itself.

    So does "belum selesai besok kami lanjutkan": a day with a verb of its own after a verb that is denied.
    """
    words = clause.words
    for n in range(2, len(words)):
        before, after = words[:n], words[n:]
        if words[n] not in AHEAD | these("masih sedang belum") or after == ("belum",):  # "sudah selesai belum" asks
            continue
        if words[n] == "sedang" and not WORK & set(after):  # "sudah diperbaiki sementara"
            continue
        denied = bool(NOT & set(before) and WORK & set(before) and WORK & set(after)) and words[n] != "belum"
        if denied or perfect(before) is not None:
            return Clause(before, clause.asks), Clause(after, clause.asks)
    return (clause,)


def _is_denial(words: Sequence[str]) -> bool:
    """ "Maaf, belum", "belum diapa-apakan pak": the work is spoken of, and nothing else that may be missing."""
    if "belum" not in words:
        return "salah" in words and set(words) <= COURTESY | LEADS_ON | {"salah"}
    at = words.index("belum")
    after = set(words[at + 1 :])
    spoken_of = bool(after & (WORK | UNTOUCHED)) or len(after - TAKES_BACK) <= 1
    return set(words[:at]) <= TAKES_BACK and spoken_of and not after & MISSING_OTHERWISE


def _is_refused(words: Sequence[str], text: str) -> bool:
    if "kalau" in words[:3] or NOT_QUITE_OURS.search(text):
        return False
    return any(pattern.search(text) for pattern in NOT_OURS_PATTERNS)


def _looks_first(words: Sequence[str]) -> bool:
    """ "Kami pastikan dulu", "saya tanya lagi"; not "silakan dicek dulu", which asks us."""
    named = set(words)
    if named & these("sudah tadi silakan silahkan mohon tolong bisa boleh harap monggo"):
        return False
    return bool(named & (ASCERTAIN | LOOK) and "dulu" in named) or bool(named & ASCERTAIN and named & AGAIN)


def _is_ongoing(words: Sequence[str]) -> bool:
    named = set(words)
    if named & (NOT | AHEAD | UNSURE - these("menunggu sampai")):
        return False
    if is_part(words) and named & (WORK | {"sudah"}):
        return True
    if any(word in PRESENT and set(words[n + 1 : n + 6]) & WORK for n, word in enumerate(words)):
        return True
    bare = named & these("proses diproses progres") and not named & these("sudah siap")
    return bool(bare) and named <= NEUTRAL | STAGE | PRESENT


def _is_stage(words: Sequence[str]) -> bool:
    at = perfect(words)
    if at is not None:
        return not (set(words[:at]) & (NOT | UNSURE | AHEAD) or is_hearsay(words, at))
    return words[0] == "otw" and bool(set(words) & STAGE)


def _is_unfinished(words: Sequence[str], text: str) -> bool:
    """Something of the work is still to be done."""
    named = set(words)
    if named & these("akan segera nanti") and named & (FINISH | FIELD):
        return True
    work = _FINISHED | STAGE | WORKS
    denied = any(word == "tidak" and set(words[n + 1 : n + 5]) & work for n, word in enumerate(words))
    again = "masih ada" in text or bool(AGAIN_BROKEN.search(text) or STILL_AWAITED.search(text))
    return denied or again or bool(named & these("belum tinggal sisanya kecuali"))


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


def _asks_until(words: Sequence[str], text: str) -> bool:
    """ "Minta waktu sampai Jumat, boleh?": told as a request, not as the promise that it is without the question."""
    beside = these("boleh sampai tanggal hari kerja minggu seminggu sehari depan saja aja sedang tidak kah")
    plain = COURTESY | ASKING_TIME | beside
    return bool(ASKS_TIME.search(text)) and all(word in plain or _names_a_day(word) for word in words)


def _names_a_day(word: str) -> bool:
    """ "14/8", "14", "agustus", "jumat": what stands beside a bare "perpanjangan sampai"."""
    return word[0].isdigit() or word in DAY_WORDS
