"""The few words that command instead of report. Pure. A command is the whole message, never a word inside one."""

import re
from dataclasses import dataclass
from enum import StrEnum

from aspal.core import reply_signs


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
_PAGE = re.compile(r"(?:daftar(?: laporan(?: saya)?)?|list) (\d{1,3})", re.ASCII)
_WHY = re.compile(r"(?:mengapa|kenapa|knp)\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_LEAVE = re.compile(r"cuti\b\s*[:,]?\s*(?P<rest>.*\d.*)", re.IGNORECASE | re.DOTALL)
_MANNERS = re.compile(r"\b(?:laporan|nomor|no|pak|bu|kak|min|untuk)\b|[\s.:?!,#]", re.IGNORECASE)
_SOFT = re.compile(r"[\s.!?,\"'*_~()]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A command and what came with it."""

    command: Command
    argument: str = ""


def find(text: str, signs: reply_signs.Signs) -> Asked | None:
    """The command that this text is, if it is one and nothing else."""
    words = _SOFT.sub(" ", text.casefold()).strip()
    if words in _EXACT:
        return Asked(_EXACT[words])
    page = _PAGE.fullmatch(words)
    if page:
        return Asked(Command.LIST, page[1])
    named = (*signs.numbers, *signs.possible, *signs.codes)
    why = _WHY.fullmatch(text.strip())
    if why and len(named) == 1 and not _MANNERS.sub("", reply_signs.find(why["rest"]).rest):
        return Asked(Command.WHY, named[0])
    leave = _LEAVE.fullmatch(text.strip())
    return Asked(Command.LEAVE, leave["rest"].strip()) if leave else None
