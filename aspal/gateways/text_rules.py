"""What WhatsApp and good manners demand of a text. Found here, before an approver finds it three days later.

The limits are Twilio's and Meta's for approved templates; free text inside the 24-hour window is held to fewer.
"""

import re

from aspal.gateways.texts import Template

_BUTTONS, _TITLE = 3, 20
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_WORD = re.compile(r"[^\W_]+(?:[-/'][^\W_]+)*")
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]")
# Twilio reads these as opt-in or opt-out; a pressed button would end the conversation.
_OPT_WORDS = {
    "yes", "ya", "no", "start", "unstop", "mulai", "stop", "stopall", "unsubscribe", "cancel", "batal", "end", "quit",
    "berhenti", "help", "info",
}  # fmt: skip
_MARKETING = {"selamat", "promo", "gratis", "diskon", "hadiah", "menangkan", "penawaran"}


def problems(template: Template) -> list[str]:
    """What is wrong with a text, in Indonesian; empty when nothing is."""
    found = [*_general(template), *_buttons(template)]
    return found if template.is_session else [*found, *_approved(template)]


def _general(template: Template) -> list[str]:
    widest = sum(map(len, template.fixed)) + sum(variable.cap for variable in template.variables)
    words = {word.casefold() for word in _WORD.findall(template.body)}
    checks = {
        "'name' hanya huruf kecil, angka, dan garis bawah": not _NAME.fullmatch(template.name),
        "'language' harus id": template.language != "id",
        "'category' harus utility atau session": template.category not in ("utility", "session"),
        f"pesan terpanjang {widest} karakter, batasnya {template.limit}": widest > template.limit,
        "tanpa emoji": bool(_EMOJI.search(template.body)),
        "tanpa tab, empat spasi, atau tiga baris baru berturut-turut": bool(
            re.search(r"\t| {4}|\n{3}", template.body),
        ),
        "tanpa tautan wa.me": "wa.me" in template.body,
        f"kata promosi: {', '.join(sorted(words & _MARKETING))}": bool(words & _MARKETING),
    }
    return [text for text, broken in checks.items() if broken]


def _buttons(template: Template) -> list[str]:
    titles = [button.title for button in template.buttons]
    checks = {
        f"paling banyak {_BUTTONS} tombol": len(titles) > _BUTTONS,
        f"judul tombol 1 sampai {_TITLE} karakter": any(not 1 <= len(title) <= _TITLE for title in titles),
        "judul dan id tombol tidak boleh kembar": len(titles) != len(set(titles))
        or len(titles) != len({button.id for button in template.buttons}),
        "id tombol hanya huruf kecil dan garis bawah": any(not _NAME.fullmatch(b.id) for b in template.buttons),
        "judul tombol dibaca sebagai berhenti atau mulai berlangganan": any(
            title.casefold() in _OPT_WORDS for title in titles
        ),
    }
    return [text for text, broken in checks.items() if broken]


def _approved(template: Template) -> list[str]:
    """Only approved templates: where variables may stand, and how much fixed text must surround them."""
    fixed_words = sum(len(_WORD.findall(piece)) for piece in template.fixed)
    needed = 2 * len(template.variables) + 1
    checks = {
        "variabel tidak boleh paling depan atau paling belakang": not (
            _WORD.search(template.fixed[0]) and _WORD.search(template.fixed[-1])
        ),
        "dua variabel harus dipisah kata": any(not _WORD.search(piece) for piece in template.fixed[1:-1]),
        f"teks tetap {fixed_words} kata, sedikitnya {needed}": fixed_words < needed,
        "contoh variabel melebihi batasnya": any(len(v.sample) > v.cap for v in template.variables),
    }
    return [text for text, broken in checks.items() if broken]
