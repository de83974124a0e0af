"""The web process: waitress, one process with threads. On SIGTERM or Ctrl-C it answers what is in hand, then stops."""

import gc
import signal
from threading import Event, current_thread, main_thread
from time import monotonic
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from aspal.settings import SettingsError

PATIENCE = 10  # seconds that requests in hand may take after the signal
# Bytes that are put down for a page to look at; waitress's own limit is a gigabyte. Above what any page takes, for a
# page refuses in Indonesian and says how much it would have taken.
LARGEST = 60_000_000


def serve(app: Flask, host: str, port: int, threads: int = 8, stop: Event | None = None) -> None:
    """Answers until `stop` is set. In the main thread SIGTERM and SIGINT set it too. Blocks.

    Raises SettingsError where it cannot listen: the port is another program's, or the address another machine's.
    """
    stop = stop or Event()
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app, map=sockets, host=host, port=port, threads=threads, ident=None, max_request_body_size=LARGEST
        )
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        said = f"{host}:{port} tidak dapat dipakai ({cause}); siapa yang memakainya: ss -ltnp"
        raise SettingsError("HOST, PORT", said) from None
    settle_memory()
    before = _listen_to_signals(stop)
    try:
        while not stop.is_set():
            wasyncore.loop(timeout=0.5, map=sockets, count=1)
        _finish(sockets)
    finally:
        server.task_dispatcher.shutdown(timeout=PATIENCE)
        wasyncore.close_all(sockets)
        for number, handler in before.items():
            signal.signal(number, handler)


def settle_memory() -> None:
    """What is loaded by now stays: the collector need not walk over all of it, 80 ms, in the middle of an answer."""
    if current_thread() is main_thread():  # elsewhere the process is somebody else's
        gc.collect()
        gc.freeze()


def _listen_to_signals(stop: Event) -> dict[int, Any]:
    if current_thread() is not main_thread():
        return {}
    return {
        number: signal.signal(number, lambda _number, _frame: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }


def _finish(sockets: dict[int, Any]) -> None:
    """No new connections; the loop goes on until every answer is out, for otherwise waitress drops it unsent."""
    for number, socket in list(sockets.items()):
        if socket.accepting:
            del sockets[number]
            socket.socket.close()
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline and any(_is_busy(socket) for socket in sockets.values()):
        wasyncore.loop(timeout=0.1, map=sockets, count=1)


def _is_busy(socket: Any) -> bool:
    return bool(getattr(socket, "requests", None) or getattr(socket, "total_outbufs_len", 0))
