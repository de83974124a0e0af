"""The web process itself: raw targets reach the signature check, and SIGTERM lets a request in hand finish."""

import threading
import time
import urllib.error
import urllib.request
from socket import create_connection
from threading import Event

import pytest
from flask import Flask

from aspal.gateways.whatsapp.twilio_signature import sign, simulator_token
from aspal.web.factory import create_app
from aspal.web.server import serve
from tests.web.conftest import free_port
from tests.web.test_webhooks import INBOUND, form
from tests.world import World


def post(url: str, data: bytes, signature: str) -> int:
    request = urllib.request.Request(url, data=data, headers={"X-Twilio-Signature": signature})
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:
            time.sleep(0.05)  # not listening yet
    raise AssertionError("the server never listened")


@pytest.mark.parametrize("query", ["", "?k=a%2Fb%7E"])
def test_waitress_hands_the_raw_target_to_the_signature_check(world: World, query: str) -> None:
    from urllib.parse import urlencode

    port, stop = free_port(), Event()
    app = create_app(world.house)
    thread = threading.Thread(target=serve, args=(app, "127.0.0.1", port, 2, stop))
    thread.start()
    try:
        token = simulator_token(world.settings.secret_key)
        signature = sign(form(), world.settings.public_base_url + INBOUND + query, token)
        url = f"http://127.0.0.1:{port}{INBOUND}{query}"
        assert post(url, urlencode(form()).encode(), signature) == 204
        assert post(url + "x", urlencode(form()).encode(), signature) in (403, 404)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_a_request_in_hand_is_answered_after_the_signal_to_stop() -> None:
    app, begun, port, stop = Flask("slow"), Event(), free_port(), Event()

    @app.post("/lambat")
    def slow() -> str:
        begun.set()
        time.sleep(0.7)
        return "selesai"

    server = threading.Thread(target=serve, args=(app, "127.0.0.1", port, 2, stop))
    server.start()
    answers: list[int] = []
    client = threading.Thread(target=lambda: answers.append(post(f"http://127.0.0.1:{port}/lambat", b"", "")))
    client.start()
    assert begun.wait(10)
    stop.set()
    client.join(10)
    server.join(15)
    assert answers == [200]


def test_what_no_page_takes_is_not_even_put_down() -> None:
    """The server keeps a body in a file before a page sees it: a gigabyte from anybody would be kept too."""
    app, port, stop = Flask("small"), free_port(), Event()
    server = threading.Thread(target=serve, args=(app, "127.0.0.1", port, 2, stop))
    server.start()
    try:
        assert post(f"http://127.0.0.1:{port}/", b"", "") == 404  # it listens
        with create_connection(("127.0.0.1", port), 5) as line:
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n")
            assert b" 413 " in line.recv(1000)
    finally:
        stop.set()
        server.join(15)
