"""Attachments: fetched from where we know them to be, looked at byte by byte, kept under a name nobody can guess."""

import hashlib
import io
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from aspal.gateways.whatsapp.wire import Wire

MOST_BYTES = 16 << 20  # WhatsApp's own limit
_CDN = {"mms.twiliocdn.com", "media.twiliocdn.com"}
_HOPS = 3
_STRANGE_PLACE = "Lampiran dialihkan ke alamat yang tidak dikenal."

_EXTENSION = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "audio/ogg": ".ogg",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/aac": ".aac",
    "audio/mp4": ".m4a",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "text/vcard": ".vcf",
}
_STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
    b"OggS": "audio/ogg",
    b"#!AMR": "audio/amr",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
    b"\xff\xf1": "audio/aac",
    b"\xff\xf9": "audio/aac",
}
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class MediaNotYet(Exception):
    """Not there now: the provider shows fresh attachments some seconds late. Ask again."""


class MediaRefused(Exception):
    """Never to be kept; `reason` is Indonesian."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Kept:
    """A file below MEDIA_DIR."""

    path: str  # relative, with /
    content_type: str  # what the bytes are, whatever was claimed
    size: int
    sha256: str


def download(wire: "Wire", url: str, credentials: Mapping[str, str], *, stay: bool = False) -> bytes:
    """The bytes at `url`. Credentials go there and nowhere else.

    `stay`: redirects may lead to the origin of `url` itself, as TWILIO_BASE_URL's do. Raises MediaNotYet, MediaRefused.
    """
    from aspal.gateways.whatsapp.wire import NoAnswer, NotSent, TooLarge  # an idle run needs no HTTP

    own_origin = urlsplit(url)[:2] if stay else None
    headers = dict(credentials)
    for _ in range(_HOPS):
        try:
            reply = wire.exchange("GET", url, headers, most=MOST_BYTES)
        except TooLarge:
            raise MediaRefused("Lampiran lebih besar dari 16 MB.") from None
        except (NotSent, NoAnswer) as problem:
            raise MediaNotYet(type(problem).__name__) from None
        if reply.status == 200:
            return reply.body
        if reply.status in (404, 429) or reply.status >= 500:
            raise MediaNotYet(f"HTTP {reply.status}")
        if reply.status not in (301, 302, 303, 307, 308):
            raise MediaRefused(f"Lampiran tidak dapat diambil dari WhatsApp (HTTP {reply.status}).")
        url, headers = _next_hop(url, reply.headers.get("location", ""), own_origin), {}
    raise MediaRefused("Lampiran dialihkan terlalu banyak kali.")


def keep(data: bytes, folder: Path) -> Kept:
    """Writes the attachment under a random name. Raises MediaRefused when it is not of a kind that we keep, and OSError
    where it cannot be written; then nothing of it stays."""
    content_type = sniff(data)
    if content_type is None:
        raise MediaRefused("Jenis berkas tidak diterima. Kirim foto, PDF, dokumen Office tanpa makro, audio, video.")
    if len(data) > MOST_BYTES:
        raise MediaRefused("Lampiran lebih besar dari 16 MB.")
    name = secrets.token_hex(16) + _EXTENSION[content_type]
    path = folder / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(data)
        path.chmod(0o600)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return Kept(f"{name[:2]}/{name}", content_type, len(data), hashlib.sha256(data).hexdigest())


def sniff(data: bytes) -> str | None:
    """What the bytes are; None: nothing that we keep. The claimed type is not asked."""
    for start, content_type in _STARTS.items():
        if data.startswith(start):
            return content_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return "video/3gpp" if brand.startswith(b"3g") else "audio/mp4" if brand == b"M4A " else "video/mp4"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # any old Office file: only Word's, and without macros
        is_word = "WordDocument".encode("utf-16-le") in data and "_VBA_PROJECT".encode("utf-16-le") not in data
        return "application/msword" if is_word else None
    return "text/vcard" if re.match(rb"\s*BEGIN:VCARD\s", data, re.IGNORECASE) else None


def _office(data: bytes) -> str | None:
    import zipfile

    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((content_type for part, content_type in _OFFICE.items() if part in names), None)


def _next_hop(url: str, location: str, own_origin: tuple[str, str] | None) -> str:
    try:
        url = urljoin(url, location)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise MediaRefused(_STRANGE_PLACE) from None
    known = host in _CDN or host.endswith(".twilio.com")
    if parts[:2] == own_origin or (known and parts.scheme == "https" and port in (None, 443) and not parts.username):
        return url
    raise MediaRefused(_STRANGE_PLACE)
