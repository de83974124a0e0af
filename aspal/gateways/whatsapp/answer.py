"""One HTTP/1.1 answer read from a socket. Strict and small: http.client's reader costs the sender more than all the
rest of a message's way to the provider, because it parses headers as if they were e-mail."""

import re
from dataclasses import dataclass, field
from socket import socket
from time import monotonic

_STATUS = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: [^\r\n]*)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*")
_MOST_HEAD = 1 << 16
_PIECE = 1 << 16
_NO_BODY = (204, 304)


class Unreadable(Exception):
    """What came is no answer of HTTP, or only the beginning of one."""


class TooLong(Exception):
    """The body is longer than the caller can use."""


@dataclass(slots=True)
class AnswerReader:
    """Reads the answer to one request. `reusable` afterwards: the connection stands ready for another one."""

    sock: socket
    most: int
    seconds: float  # for the whole answer: one that drips a byte before each timeout would hold the worker for ever
    reusable: bool = False
    _came: bytearray = field(default_factory=bytearray)
    _deadline: float = 0.0

    def read(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by their names in lower case, and body. Raises OSError, Unreadable or TooLong."""
        self._deadline = monotonic() + self.seconds
        status = 100
        while status < 200:  # interim answers announce the real one
            minor, status, headers = self._head()
        body, framed = self._body(status, headers)
        kept = "close" not in headers.get("connection", "").lower()
        self.reusable = framed and kept and minor == b"1" and not self._came
        return status, headers, body

    def _head(self) -> tuple[bytes, int, dict[str, str]]:
        first, *lines = self._until(b"\r\n\r\n", _MOST_HEAD).split(b"\r\n")
        status = _STATUS.fullmatch(first)
        if status is None:
            raise Unreadable("no status line")
        headers: dict[str, str] = {}
        for line in lines:
            header = _HEADER.fullmatch(line)
            if header is None:
                raise Unreadable("an odd header")
            name, value = header[1].decode("ascii").lower(), header[2].decode("latin-1")
            if name == "content-length" and headers.get(name, value) != value:
                raise Unreadable("two lengths")
            headers[name] = value
        return status[1], int(status[2]), headers

    def _body(self, status: int, headers: dict[str, str]) -> tuple[bytes, bool]:
        """The body, and whether its end could be told without the connection's end."""
        if status in _NO_BODY:
            return b"", True
        coding = headers.get("transfer-encoding")
        if coding is not None:
            if coding.lower() != "chunked":
                raise Unreadable("an unknown coding")
            return self._chunks(), "content-length" not in headers
        length = headers.get("content-length")
        if length is None:
            return self._rest(), False
        if not (length.isascii() and length.isdigit()):
            raise Unreadable("an odd length")
        if int(length) > self.most:
            raise TooLong
        return self._exactly(int(length)), True

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := self._size_of_chunk():
            if len(body) + size > self.most:
                raise TooLong
            body += self._exactly(size)
            if self._exactly(2) != b"\r\n":
                raise Unreadable("an odd chunk")
        while self._until(b"\r\n", _MOST_HEAD):
            pass  # trailers tell us nothing
        return bytes(body)

    def _size_of_chunk(self) -> int:
        digits = self._until(b"\r\n", _MOST_HEAD).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", digits):
            raise Unreadable("an odd size of a chunk")
        return int(digits, 16)

    def _rest(self) -> bytes:
        while len(self._came) <= self.most and self._more():
            pass
        if len(self._came) > self.most:
            raise TooLong
        body, self._came = bytes(self._came), bytearray()
        return body

    def _exactly(self, count: int) -> bytes:
        while len(self._came) < count:
            self._needed()
        return self._take(count)

    def _until(self, end: bytes, most: int) -> bytes:
        while (place := self._came.find(end)) < 0:
            if len(self._came) > most:
                raise Unreadable("a line without end")
            self._needed()
        found = self._take(place)
        del self._came[: len(end)]
        return found

    def _take(self, count: int) -> bytes:
        taken = bytes(self._came[:count])
        del self._came[:count]
        return taken

    def _needed(self) -> None:
        if not self._more():
            raise Unreadable("an early end")

    def _more(self) -> bool:
        if monotonic() > self._deadline:
            raise TimeoutError("the answer drips")
        piece = self.sock.recv(_PIECE)
        self._came += piece
        return bool(piece)
