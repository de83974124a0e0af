"""The few words that command instead of report. Pure. A command is the whole message, never a word inside one.

Who asks in other words what a command answers ("laporannya apa ya pak?", "ini siapa?") is answered by it, where nothing
but that is asked. "Jangan kirim lagi" is answered with the words that stop us, and stops nothing by itself.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from aspal.core.replies.dates import DAY_WORDS
from aspal.core.replies.signs import Signs
from aspal.core.replies.signs import find as find_signs
from aspal.core.replies.vocabulary import COURTESY, these
from aspal.core.replies.words import clauses as clauses_of


class Command(StrEnum):
    """What a person may ask of the bot itself."""

    LIST = "daftar"  # argument: the page, or nothing for the first
    HELP = "bantuan"
    WHY = "mengapa"  # argument: a report number or short code, or nothing
    STOP = "berhenti"
    START = "mulai"
    LEAVE = "cuti"  # argument: the rest of the message
    DETAIL = "detail"  # the document of the newest recap


_EXACT = {
    "daftar": Command.LIST,
    "daftar laporan": Command.LIST,
    "daftar laporan saya": Command.LIST,
    "list": Command.LIST,
    "bantuan": Command.HELP,
    "menu": Command.HELP,
    "help": Command.HELP,
    "bantu": Command.HELP,
    "berhenti": Command.STOP,
    "stop": Command.STOP,
    "mulai": Command.START,
    "start": Command.START,
    "mengapa": Command.WHY,
    "kenapa": Command.WHY,
    "cuti": Command.LEAVE,
    "detail": Command.DETAIL,
    "detil": Command.DETAIL,
    "detail rekap": Command.DETAIL,
}
_WHEN = these("kapan berapa tanggal hari sampai")
_ASKING = these("apa apakah mana dimana berapa siapa bagaimana gimana gmn")
_WHERE = these("laporan isi isinya link linknya tautan mana dimana nomor daftar")
_LIMIT = these("batas batasnya waktu waktunya tenggat tenggatnya deadline deadlinenya jatuh tempo temponya terakhir")
_WHO = these("siapa maksud cara caranya")
_BESIDE = COURTESY | these("kah lagi wa ada belum bisa lihat melihat maksud dimaksud tanya bertanya saja aja soal")
_HOW = these("cara caranya dijawab dibalas menjawabnya membalasnya jawabnya")
_LET_BE = these("jangan stop berhenti")
_SENT = these("dikirim dikirimi wa chat dihubungi ganggu diganggu spam pesan")
_LEFT_ALONE = these("pak bu kak mas mbak min admin iya maaf mohon tolong lagi saya kami ke nomor ini terus")
_MAY_ASK = re.compile(
    r"apa|kpn|mana|brp|bera|siapa|gmn|gima|mn|j[a-z]*n|stop|henti|napa|knp|bantu|daftar", re.IGNORECASE
)
_WHY_ME = these("saya kami di dapat bisa menerima terus ini pak bu min iya maaf mohon izin")
_PAGE = re.compile(r"(?:daftar(?: laporan(?: saya)?)?|list) (\d{1,3})", re.ASCII)
_WHY = re.compile(r"(?:mengapa|kenapa|knp)\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_LEAVE = re.compile(r"cuti\b\s*[:,]?\s*(?P<rest>.*\d.*)", re.IGNORECASE | re.DOTALL)
_SUBSTITUTE = re.compile(r"\b(?:peng)?ganti|\bdigantikan|\bdiganti", re.IGNORECASE)
_BESIDE_LEAVE = COURTESY - {"tim"} | these("""
    cuti sedang masih akan mau ambil mengambil ajukan mengajukan mulai sampai hari ini tanggal tahunan melahirkan minggu
    depan lagi selama dan
""")
_MANNERS = re.compile(r"\b(?:laporan|nomor|no|pak|bu|kak|min|untuk)\b|[\s.:?!,#]", re.IGNORECASE)
_SOFT = re.compile(r"[\s.!?,\"'*_~()]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A command and what came with it."""

    command: Command
    argument: str = ""


def find(text: str, signs: Signs) -> Asked | None:
    """The command that this text is, if it is one and nothing else."""
    words = _SOFT.sub(" ", text.casefold()).strip()
    if words in _EXACT:
        return Asked(_EXACT[words])
    page = _PAGE.fullmatch(words)
    if page:
        return Asked(Command.LIST, page[1])
    named = (*signs.numbers, *signs.possible, *signs.codes)
    why = _WHY.fullmatch(text.strip())
    if why and len(named) == 1 and not _MANNERS.sub("", find_signs(why["rest"]).rest):
        return Asked(Command.WHY, named[0])
    leave = _LEAVE.fullmatch(text.strip())
    if leave:
        return Asked(Command.LEAVE, leave["rest"].strip())
    if not named and _is_leave(text):
        return Asked(Command.LEAVE, text.strip())
    return None if named or not _MAY_ASK.search(text) else _in_other_words(text)


def _is_leave(text: str) -> bool:
    """ "Saya cuti tgl 13", and nothing else; not "petugasnya cuti"."""
    clauses = clauses_of(_SUBSTITUTE.split(text)[0])
    words = {word for clause in clauses for word in clause.words}
    if "cuti" not in words or any(clause.asks for clause in clauses):
        return False
    return all(word in _BESIDE_LEAVE or word in DAY_WORDS or word[0].isdigit() for word in words)


def _in_other_words(text: str) -> Asked | None:
    words = {word for clause in clauses_of(text) for word in clause.words}
    if words & _LET_BE and words <= _LET_BE | _SENT | _LEFT_ALONE and (words & _SENT or "jangan" not in words):
        return Asked(Command.HELP)
    if words & these("kenapa mengapa") and words & _SENT and words <= _WHY_ME | _SENT | these("kenapa mengapa"):
        return Asked(Command.WHY)
    if words & these("bantuan bantu") and words <= COURTESY | these("bantuan bantu"):
        return Asked(Command.HELP)
    if "daftar" in words and words <= COURTESY | these("daftar minta tolong kirim dikirim lihat"):
        return Asked(Command.LIST)
    if words & (_LIMIT - {"waktu"}) and words & _WHEN and words <= COURTESY | _LIMIT | _WHEN:
        return Asked(Command.LIST)  # it tells the limit of each
    if not words & _ASKING or not words <= _BESIDE | _ASKING | _WHERE | _HOW:
        return None
    origin = {"dari", "mana"} <= words or ("apa" in words and words & {"ini", "itu"} and not words & _WHERE)
    if origin or words & _WHO or (words & _HOW and words & these("bagaimana gimana gmn")):
        return Asked(Command.HELP)
    return Asked(Command.LIST) if words & _WHERE else None
