"""Whether a reply asks something about its case that somebody at the office must answer. Pure.

A note that asks claims nothing by that; but silence would be no answer to "ini lokasinya di mana ya?".
"""

import re
from collections.abc import Sequence

from aspal.core.replies.intent import is_question
from aspal.core.replies.vocabulary import ASKING, COURTESY, NOT, any_of, these
from aspal.core.replies.words import Clause

_SHORT = 7  # words besides manners: in longer ones "di mana" and "apa" join sentences more often than they ask
_IDIOM = re.compile(r"\btidak apa\b|\bapa(?: boleh buat| adanya| pun)\b|\bapa-apa\b|\bbahwa apa\b")
_UNKNOWN = these("tahu tau paham ngerti mengerti yakin entah")
_LACKS = NOT | these("entah cari mencari")
_WANTED = any_of(
    "info informasi infonya informasinya petunjuk petunjuknya penjelasan penjelasannya dijelaskan jelaskan alamat"
    " alamatnya lokasi lokasinya detail detailnya rincian titik titiknya kontak koordinat lampiran lampirannya"
)
_ASKS_FOR = re.compile(
    rf"\b(?:mohon|minta|tolong|boleh|bisa) (?:(?:di|saya|kami|dikirim|beri|kasih|tanya) ){{0,2}}{_WANTED}\b"
    r"|\b(?:boleh|bisa) minta (?:foto|nomor|no)"
)
_SHUT_OUT = re.compile(
    r"\btidak (?:\w+ ){0,2}?(?:login|log in|masuk aplikasi|masuk lapor|buka aplikasi|buka lapor|diakses|akses)\b"
    r"|\blupa (?:password|pasword|kata sandi|sandi|akun)\b"
)
_WHERE = these("dimana kemana darimana")
_TAGS = these("ta toh kan")
_PRONOUNCED = these("apakah kapan bagaimana gimana gmn kenapa mengapa knp siapa berapa brp mana dimana kemana kah")


def asks(clauses: Sequence[Clause], *, claims: bool) -> bool:
    """Whether any of it is a question or a request for what the office knows.

    Beside a claim only what is surely one: "sudah selesai. Oke pak?" wants no answer.
    """
    return any(_asks(clause, claims) for clause in clauses)


def _asks(clause: Clause, claims: bool) -> bool:
    words, text = clause.words, clause.text
    if _IDIOM.search(text):
        return False
    if _ASKS_FOR.search(text) or _SHUT_OUT.search(text):
        return True
    if not (is_question(clause) or _WHERE & set(words)):
        return False
    interrogative = set(words) & (ASKING | _WHERE) - _TAGS or words[0] == "kok" or words[-1] in NOT | _TAGS
    if not (clause.asks or interrogative):  # Madurese "ta' mare" is no "ta?"
        return False
    if claims:
        return clause.asks and bool(_PRONOUNCED & set(words))
    said = [word for word in words if word not in COURTESY]
    knows_not = bool(_LACKS & set(words) and _UNKNOWN & set(words))
    return clause.asks or (len(said) <= _SHORT and not knows_not)
