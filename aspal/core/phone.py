"""One spelling of a number: E.164 of an Indonesian mobile number. Pure.

The rule is the numbering plan's shape (8, then 8 to 11 digits), not a list of operator prefixes: those move, and a
number that nobody has answers for itself when a message is refused.
"""

import re
import unicodedata

_EXACT_FLOAT = 2**53  # above this a spreadsheet has already lost digits
_LEAD = re.compile(r"(?:whatsapp|telepon|telp|tel|wa|hp|no)[\s.:]*", re.IGNORECASE)
_EXCEL_REST = re.compile(r"(\+?\d{9,})\.0+")  # a number cell that was turned into text: 81234567890.0
_EXPONENT = re.compile(r"[\d.,]+E\+?\d+", re.IGNORECASE)
_SEVERAL = re.compile(r"[/,;|&\n]|\d\s*\+|\b(?:dan|atau)\b", re.IGNORECASE)
_SPELLING = re.compile(r"\+?[\d\s.()-]+", re.ASCII)
_MOBILE = re.compile(r"8[1-9]\d{7,10}")


class PhoneError(ValueError):
    """Not one Indonesian mobile number; `reason` says why, in Indonesian and without the number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalise(text: object) -> str:
    """A cell or a typed number -> "+6281200000001". Raises PhoneError rather than guess."""
    spelled = _spelled(text)
    if _EXPONENT.fullmatch(spelled):
        raise PhoneError("nomor rusak oleh format angka di Excel; jadikan kolomnya teks lalu ketik ulang")
    if _SEVERAL.search(spelled):
        raise PhoneError("lebih dari satu nomor; tulis satu saja")
    if not _SPELLING.fullmatch(spelled):
        raise PhoneError("bukan nomor telepon")
    return "+62" + _mobile(re.sub(r"[^\d+]", "", spelled))


def mask(phone: str) -> str:
    """For lists and logs: "+62 812-****-0001"; of any other address only its ends."""
    if re.fullmatch(r"\+62\d{9,12}", phone):
        return f"+62 {phone[3:6]}-****-{phone[-4:]}"
    return f"{phone[:3]}****{phone[-2:]}" if len(phone) > 8 else "****"


def _spelled(text: object) -> str:
    """The characters as typed, without what nobody sees; a number cell without its decimals."""
    if isinstance(text, float) and text.is_integer() and abs(text) < _EXACT_FLOAT:
        text = int(text)
    if isinstance(text, bool | float) or not isinstance(text, str | int | None):
        raise PhoneError("bukan nomor telepon; jadikan kolomnya teks lalu ketik ulang")
    wide = unicodedata.normalize("NFKC", "" if text is None else str(text))
    seen = "".join(c for c in wide if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", seen).strip().lstrip("'’‘`").strip()
    plain = _LEAD.sub("", plain, count=1) if _LEAD.match(plain) else plain
    if not plain or plain == "-":
        raise PhoneError("nomor kosong")
    rest = _EXCEL_REST.fullmatch(plain)
    return rest[1] if rest else plain


def _mobile(digits: str) -> str:
    """The national number, starting with 8."""
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+") and not digits.startswith("+62"):
        raise PhoneError("bukan nomor Indonesia (+62)")
    national = digits.lstrip("+").removeprefix("62").removeprefix("0")
    if not national.startswith("8"):
        raise PhoneError("bukan nomor seluler Indonesia (diawali 08 atau +62 8)")
    if not _MOBILE.fullmatch(national):
        raise PhoneError("terlalu pendek" if len(national) < 9 else "terlalu panjang, atau lebih dari satu nomor")
    return national
