"""A small, quick HTTP/1.1 server with kept connections: a thread each, no parsing beyond what the tests need."""

import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

_REASON = {200: "OK", 201: "Created", 204: "No Content", 307: "Temporary Redirect"}


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class DropConnection(Exception):
    """Hang up without a word."""


# (method, target, headers in lower case, body) -> Answer
App = Callable[[str, str, dict[str, str], bytes], Answer]


class TinyServer(socketserver.ThreadingTCPServer):
    """`url` is known after the constructor; `start` serves in a thread, `stop` hangs up on everybody."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, app: App, port: int = 0) -> None:
        self.app = app
        super().__init__(("127.0.0.1", port), _Connection)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._open: set[socket.socket] = set()

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.hang_up()

    def hang_up(self) -> None:
        """Closes every kept connection, as a server does with idle ones."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._open.discard(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Connection(socketserver.StreamRequestHandler):
    server: TinyServer
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.server._open.add(self.connection)
        try:
            while self._one():
                pass
        except DropConnection:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            self.server._open.discard(self.connection)

    def _one(self) -> bool:
        line = self.rfile.readline()
        if not line.strip():
            return False
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers = {}
        while (line := self.rfile.readline()) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.server.app(method, target, headers, body)
        head = f"HTTP/1.1 {answer.status} {_REASON.get(answer.status, 'X')}\r\n"
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            head += f"{name}: {value}\r\n"
        self.connection.sendall(head.encode("latin-1") + b"\r\n" + answer.body)
        return "close" not in (headers.get("connection"), answer.headers.get("Connection"))
