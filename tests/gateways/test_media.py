"""Attachments: what the bytes are decides, names cannot be guessed, and redirects lead only where we know."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.gateways.media import MediaNotYet, MediaRefused, download, keep, sniff
from aspal.gateways.whatsapp.wire import NoAnswer, NotSent, Reply, TooLarge

API = "https://api.twilio.com"
START = f"{API}/2010-04-01/Accounts/AC/Messages/MM/Media/ME"


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OPENXML = "application/vnd.openxmlformats-officedocument."
KEPT = {
    "image/jpeg": b"\xff\xd8\xff\xe0x",
    "image/png": b"\x89PNG\r\n\x1a\nx",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "application/pdf": b"%PDF-1.7",
    "application/msword": OLE + "WordDocument".encode("utf-16-le"),
    f"{OPENXML}wordprocessingml.document": zipped("word/document.xml"),
    f"{OPENXML}spreadsheetml.sheet": zipped("xl/workbook.xml"),
    f"{OPENXML}presentationml.presentation": zipped("ppt/presentation.xml"),
    "audio/ogg": b"OggS\x00",
    "audio/amr": b"#!AMR\n",
    "audio/mpeg": b"ID3\x04",
    "audio/aac": b"\xff\xf1P",
    "audio/mp4": b"\x00\x00\x00\x20ftypM4A ",
    "video/mp4": b"\x00\x00\x00\x20ftypisom",
    "video/3gpp": b"\x00\x00\x00\x20ftyp3gp4",
    "text/vcard": b"BEGIN:VCARD\r\nVERSION:3.0",
}
REFUSED = {
    "html": b"<html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'>",
    "program": b"MZ\x90\x00",
    "elf": b"\x7fELF",
    "script": b"#!/bin/sh",
    "zip": zipped("a.txt"),
    "macro document": zipped("word/document.xml", "word/vbaProject.bin"),
    "old spreadsheet": OLE + "Workbook".encode("utf-16-le"),
    "old macro document": OLE + "WordDocument_VBA_PROJECT".encode("utf-16-le"),
    "broken zip": b"PK\x03\x04garbage",
    "gif": b"GIF89a",
    "nothing": b"",
}


@pytest.mark.parametrize("content_type", KEPT)
def test_kinds_that_whatsapp_carries_are_kept(content_type: str, tmp_path: Path) -> None:
    data = KEPT[content_type]
    kept = keep(data, tmp_path)
    assert (kept.content_type, kept.size) == (content_type, len(data))
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert (tmp_path / kept.path).read_bytes() == data
    assert (tmp_path / kept.path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", REFUSED)
def test_everything_else_is_refused_in_indonesian(kind: str, tmp_path: Path) -> None:
    with pytest.raises(MediaRefused) as refused:
        keep(REFUSED[kind], tmp_path)
    assert "Jenis berkas tidak diterima" in refused.value.reason
    assert list(tmp_path.iterdir()) == []


def test_two_equal_photos_have_different_names_that_say_nothing(tmp_path: Path) -> None:
    first, second = keep(KEPT["image/jpeg"], tmp_path), keep(KEPT["image/jpeg"], tmp_path)
    assert first.path != second.path
    assert len(first.path) == len("ab/") + 32 + len(".jpg")


@given(st.binary(max_size=64))
def test_no_bytes_are_an_error(data: bytes) -> None:
    assert sniff(data) in {*KEPT, None}


class Road:
    """A wire on which each address gives one answer; remembers who showed credentials where."""

    def __init__(self, answers: Mapping[str, Reply | Exception]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, bool]] = []

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: object = None, most: int = 0) -> Reply:
        self.asked.append((url, "Authorization" in headers))
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Nothing is open."""


def to(location: str, status: int = 307) -> Reply:
    return Reply(status, {"location": location}, b"")


def fetch(answers: Mapping[str, Reply | Exception], api: str = API, own: bool = False) -> tuple[bytes, Road]:
    road = Road(answers)
    url = START.replace(API, api)
    return download(road, url, {"Authorization": "Basic x"}, stay=own), road


@pytest.mark.parametrize(
    "cdn", ["https://mms.twiliocdn.com/a?Signature=b", "https://media.twiliocdn.com/a", "https://x.us1.twilio.com/a"]
)
def test_a_known_cdn_is_followed_without_credentials(cdn: str) -> None:
    data, road = fetch({START: to(cdn), cdn: Reply(200, {}, b"photo")})
    assert data == b"photo"
    assert road.asked == [(START, True), (cdn, False)]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/a",
        "http://mms.twiliocdn.com/a",
        "https://mms.twiliocdn.com.evil.example/a",
        "https://eviltwilio.com/a",
        "https://mms.twiliocdn.com:8443/a",
        "https://user@mms.twiliocdn.com/a",
        "https://mms.twiliocdn.com:x/a",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_any_other_place_is_never_asked(elsewhere: str) -> None:
    with pytest.raises(MediaRefused):
        fetch({START: to(elsewhere)})


def test_a_proxy_of_our_own_may_redirect_to_itself_but_not_to_its_neighbour() -> None:
    own = "http://10.0.0.5:4010"
    start = START.replace(API, own)
    assert fetch({start: to("/cdn/a"), f"{own}/cdn/a": Reply(200, {}, b"photo")}, own, own=True)[0] == b"photo"
    with pytest.raises(MediaRefused):
        fetch({start: to("http://10.0.0.5:40100/cdn/a")}, own, own=True)
    with pytest.raises(MediaRefused):
        fetch({start: to("/cdn/a")}, own)


@pytest.mark.parametrize(
    "answer", [Reply(404, {}, b""), Reply(503, {}, b""), Reply(429, {}, b""), NotSent("x"), NoAnswer("x")]
)
def test_what_may_be_there_later_is_asked_again_later(answer: Reply | Exception) -> None:
    with pytest.raises(MediaNotYet):
        fetch({START: answer})


@pytest.mark.parametrize("answer", [Reply(401, {}, b""), Reply(410, {}, b""), TooLarge("x")])
def test_what_will_never_come_is_refused(answer: Reply | Exception) -> None:
    with pytest.raises(MediaRefused):
        fetch({START: answer})
