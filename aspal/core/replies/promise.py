"""Which day a reply promises, from its clauses. Pure.

A day is promised where it stands alone or beside a word of work ("Jumat kami selesaikan"). A day beside "sudah" and a
finished verb tells when it was; a day on which the officer is in a meeting, looks first, waits for somebody or repeats
what somebody else has promised is no promise at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aspal.core.replies.dates import Mention, Workdays, mentions, one_day
from aspal.core.replies.finished import perfect
from aspal.core.replies.intent import is_question
from aspal.core.replies.vocabulary import (
    COMMITS,
    COURTESY,
    ELSEWHERE,
    EVIDENCE_OF,
    FIELD,
    FINISH,
    FOLLOW,
    NEWS,
    NOT,
    ON_THE_WAY,
    OURSELVES,
    PERCENT,
    PRELIMINARY,
    STAGE,
    THEIR_WORD,
    WORK,
    these,
)
from aspal.core.replies.words import Clause

_BESIDE_A_DAY = COURTESY | these("""
    sampai sekitar kira-kira insyaallah hari tanggal mulai paling lambat maksimal setelah habis atau bisa baru
    minta beri berikan kasih diberi diberikan butuh perlu lah deh nih aja saja
    eh ralat koreksi maksud salah jadi jadinya sebelum selambat-lambatnya selambatnya telat jo pi
    mundur diundur digeser geser ke tapi melainkan
""")
_GUESSED = these("""
    semoga mudah-mudahan harapan harapannya mungkin kemungkinan barangkali harusnya seharusnya mestinya semestinya
    sepertinya kayaknya
""")
_ORDER = re.compile(
    r"(?:\b(\w+)\W+)?\b(?:kerjakan|selesaikan|tindak ?lanjuti|perbaiki|tangani|jawab|balas|laksanakan|bereskan"
    r"|tuntaskan|eksekusi|koordinasikan|kejar)\b"
)
_DOERS = these("kami km kmi kita kt saya sy aku tim tak akan akn bisa mau sudah sdh lagi sedang masih petugas di")
_SO_FAR = re.compile(r"\bsampai (?:dengan )?(?:hari ini|sekarang)\b")
_NOT_BEFORE = re.compile(r"\b(?:setelah|habis|sehabis|lewat) (?:hari )?$")  # "setelah tanggal 17" names no day
_PLANNED = these("dijadwalkan dijadwal diagendakan diajukan diusulkan")  # "sudah dijadwalkan Jumat" looks ahead


@dataclass(frozen=True, slots=True)
class Promise:
    """A day, or none when it is past or not certain."""

    until: date | None
    only: bool  # the reply is nothing but this day


def find(clauses: Sequence[Clause], today: date, calendar: Workdays) -> Promise | None:
    """The last of the promised days; None when nothing is promised for a day."""
    days = [day for clause in clauses for day in _promised(clause, today, calendar)]
    if not days:
        return None
    last = max((day for day in days if day), default=None)
    only = len(clauses) == 1 and _is_only_a_day(clauses[0], today, calendar)
    return Promise(last if last and last >= today else None, only)


def finishes(words: Sequence[str]) -> bool:
    """Whether the words speak of finishing or answering, so that a day beside them outweighs an earlier "sudah"."""
    return bool((FINISH | FOLLOW | FIELD | these("diupload diinput")) & set(words))


def is_order(text: str) -> bool:
    """ "Kerjakan tgl 14", as it is spelled: who does it is not said, as in "kami kerjakan tgl 14"."""
    return any((order[1] or "") not in _DOERS for order in _ORDER.finditer(text.casefold()))


def _promised(clause: Clause, today: date, calendar: Workdays) -> list[date | None]:
    found = mentions(clause.text, today, calendar)
    if not found or not _may_promise(clause, _outside(clause.text, found)):
        return []
    if any(_NOT_BEFORE.search(clause.text[: mention.start]) for mention in found) or _is_guessed(clause):
        return [None]
    # "Laporan tanggal 10/8 besok kami jawab": what is past was not promised.
    found = tuple(m for m in found if m.day is None or m.day >= today) or found
    day = one_day(clause.text, found)
    looks_ahead = any(mention.ahead for mention in found)
    if not looks_ahead and (_tells_now(clause.words) or _tells_when_it_was(clause, found[0], day, today)):
        return []
    if _SO_FAR.search(clause.text) or (day is not None and day <= today and PERCENT.search(clause.text)):
        return []
    return [day]


def _may_promise(clause: Clause, named: frozenset[str]) -> bool:
    """Whether a clause with a day in it promises something; `named` are its words outside the day."""
    if is_question(clause) or (NOT | these("kalau sejak semenjak per harus wajib harap")) & named:
        return False
    if THEIR_WORD.search(clause.text):
        return False
    if named <= _BESIDE_A_DAY | _GUESSED:
        return True
    if ELSEWHERE & named and not (FINISH | FOLLOW) & named:
        return False
    if these("minta tolong") & named and WORK & named and not these("waktu tempo maaf kami saya") & named:
        return False  # "warga minta selesai Jumat", "tolong kerjakan hari ini"
    return bool(COMMITS & named) and not _comes_before_work(named)


def _comes_before_work(named: frozenset[str]) -> bool:
    """ "Besok saya cek dulu", "masih menunggu sampai tgl 14"; "tunggu sampai Jumat" asks for the time."""
    told_to_wait = named <= (_BESIDE_A_DAY - OURSELVES) | {"menunggu"}
    return bool(PRELIMINARY & named) and not (
        told_to_wait or these("waktu tempo") & named or (WORK - PRELIMINARY - ON_THE_WAY) & named
        or (NEWS & named and EVIDENCE_OF & named)
    )  # fmt: skip


def _is_guessed(clause: Clause) -> bool:
    """ "Mungkin besok", "paling cepat Jumat": the day is asked for."""
    return bool(_GUESSED & set(clause.words)) or "paling cepat" in clause.text


def _tells_when_it_was(clause: Clause, mention: Mention, day: date | None, today: date) -> bool:
    """ "Sudah kami tindaklanjuti tanggal 12/8"; but "14/8 sudah selesai", said on the 12th, promises."""
    verb = perfect(clause.words)
    if verb is None or clause.words[verb] in _PLANNED:
        return False
    if clause.words[verb] in STAGE:  # "Senin kami sudah ke lokasi"
        return True
    since = next(n for n, word in enumerate(clause.words) if word in ("sudah", "tadi"))
    return since < clause.text[: mention.start].count(" ") or (day is not None and day <= today)


def _tells_now(words: Sequence[str]) -> bool:
    """ "Sedang kami proses hari ini" describes, "sedang diproses, selesai hari ini" would promise."""
    promising = FINISH | these("sampai target paling maksimal")
    return bool(these("sedang masih mulai laporan") & set(words)) and not promising & set(words)


def _outside(text: str, found: Sequence[Mention]) -> frozenset[str]:
    """The words that name no day."""
    for mention in found:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return frozenset(word for word in text.split() if word != "-")


def _is_only_a_day(clause: Clause, today: date, calendar: Workdays) -> bool:
    found = mentions(clause.text, today, calendar)
    return _outside(clause.text, found) <= _BESIDE_A_DAY
