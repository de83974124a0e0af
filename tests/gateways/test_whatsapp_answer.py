"""The reader of HTTP answers: whatever a server or a proxy may send, cut at any place."""

import json
import socket
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspal.gateways.whatsapp.answer import AnswerReader, TooLong, Unreadable
from aspal.gateways.whatsapp.twilio_http import form_encoded


def read(sent: bytes, *, pieces: int = 1 << 16, most: int = 1000) -> tuple[int, dict[str, str], bytes, bool]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for start in range(0, len(sent), pieces):
            theirs.sendall(sent[start : start + pieces])
        theirs.shutdown(socket.SHUT_WR)
        reader = AnswerReader(ours, most, 5.0)
        return (*reader.read(), reader.reusable)


OK = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello"


def test_an_answer_with_its_length_keeps_the_connection() -> None:
    told = {"content-type": "application/json", "content-length": "5"}
    assert read(OK) == (201, told, b"hello", True)
    assert read(OK.replace(b"\r\n\r\n", b"\r\nConnection: Close\r\n\r\n"))[3] is False
    assert read(OK.replace(b"HTTP/1.1", b"HTTP/1.0"))[3] is False
    assert read(OK + b"more")[3] is False


def test_interim_answers_are_passed_over() -> None:
    assert read(b"HTTP/1.1 100 Continue\r\n\r\n" + OK)[:3:2] == (201, b"hello")


def test_a_body_in_chunks() -> None:
    sent = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\n"
    assert [read(sent, pieces=size)[2:] for size in (1, 7, 999)] == [(b"hello", True)] * 3


def test_a_body_that_ends_with_the_connection() -> None:
    assert read(b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>")[2:] == (b"<html>", False)
    assert read(b"HTTP/1.1 204 No Content\r\n\r\n")[2:] == (b"", True)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        OK[:-1],
        OK[:30],
        b"hello\r\n\r\n",
        b"HTTP/1.1 2x1 No\r\n\r\n",
        OK.replace(b": 5", b": +5"),
        OK.replace(b"\r\n\r\n", b"\r\nContent-Length: 4\r\n\r\n"),
        OK.replace(b"Content-Type:", b"Content Type:"),
        OK.replace(b"\r\n\r\n", b"\r\n folded\r\n\r\n"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
    ],
)
def test_what_is_no_answer_is_never_taken_for_one(sent: bytes) -> None:
    with pytest.raises(Unreadable):
        read(sent)


def test_more_than_the_caller_can_use() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    for sent in (OK, chunked, b"HTTP/1.1 200 OK\r\n\r\nhello"):
        with pytest.raises(TooLong):
            read(sent, most=4)


@given(st.dictionaries(st.sampled_from(["To", "Body", "ContentVariables"]), st.text().filter(str.isprintable)))
def test_forms_are_encoded_as_urlencode_does(form: dict[str, str]) -> None:
    form = {"To": "whatsapp:+62 812-0000~0001", "V": json.dumps({"1": "é 🙂 #&=+%/"})} | form
    assert form_encoded(form) == urlencode(form).encode()
