"""The two ways over HTTP end alike: an answer, certainly not sent, or nobody knows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from aspal.gateways.whatsapp.wire import KeepAlive, NoAnswer, Requests, TooLarge
from tests.gateways.twilio_gateways import Http
from tests.tiny_http import Answer, TinyServer


@pytest.fixture
def wire(http: Http) -> Iterator[KeepAlive | Requests]:
    made = KeepAlive(1, 1) if http == "http.client" else Requests(1, 1)
    yield made
    made.close()


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    server = TinyServer(lambda *_: answer)
    server.start()
    yield f"{server.url}/"
    server.stop()


def test_an_answer_that_is_too_long_is_no_answer(wire: KeepAlive | Requests) -> None:
    with serving(Answer(200, b"x" * 2000)) as url:
        with pytest.raises(TooLarge):
            wire.exchange("GET", url, {}, most=1000)
        assert len(wire.exchange("GET", url, {}, most=2000).body) == 2000


def test_an_answer_that_ends_early_is_no_answer(wire: KeepAlive | Requests) -> None:
    for body in (b"half", b""):
        with (
            serving(Answer(200, body, {"Content-Length": "9", "Connection": "close"})) as url,
            pytest.raises(NoAnswer),
        ):
            wire.exchange("GET", url, {})


def test_answers_without_a_body_keep_the_connection(wire: KeepAlive | Requests) -> None:
    with serving(Answer(204)) as url:
        assert [wire.exchange("POST", url, {}, b"x").status for _ in range(3)] == [204] * 3


def test_a_line_break_never_gets_into_a_header(wire: KeepAlive | Requests) -> None:
    with pytest.raises((ValueError, NoAnswer)):
        wire.exchange("GET", "http://127.0.0.1:1/", {"X": "a\r\nY: b"})
