"""HTTP with three honest ends: an answer, "it never left this machine", or "nobody knows". Repeats nothing itself.

http.client with kept connections costs a fifth of what requests costs for each message (docs/decisions.md); requests
is there for tests with `responses` and for offices behind an HTTP proxy.
"""

import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from select import select
from time import monotonic
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, urlsplit

from aspal.gateways.whatsapp.answer import AnswerReader, TooLong, Unreadable

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
WHOLE_SECONDS = 60.0  # for a whole body: one that drips a byte before each timeout would hold the worker for ever
MOST_BYTES = 1 << 20
_IDLE_SECONDS = 15.0  # shorter than servers keep an idle connection, so that we are the ones who close it


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class NotSent(Exception):
    """No byte of the request has left: the name, the connection or the TLS handshake failed."""


class NoAnswer(Exception):
    """The request, or a part of it, has left, and no usable answer came back."""


class TooLarge(NoAnswer):
    """The answer is longer than the caller can use."""


class Wire(Protocol):
    """Carries one request. Never follows a redirect and never asks twice."""

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, most: int = MOST_BYTES
    ) -> Reply: ...

    def close(self) -> None: ...


class KeepAlive:
    """Connections of http.client that threads lend from one another."""

    def __init__(self, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        self._seconds = connect_seconds, read_seconds
        self._idle: defaultdict[tuple[str, str], deque[tuple[float, HTTPConnection]]] = defaultdict(deque)

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, most: int = MOST_BYTES
    ) -> Reply:
        """Raises NotSent, NoAnswer or TooLarge."""
        parts = urlsplit(url)
        origin = parts.scheme, parts.netloc
        request = _request(method, parts, headers, body)
        connection = self._lend(origin) or self._connect(origin)
        answer = AnswerReader(connection.sock, most, WHOLE_SECONDS)
        try:
            connection.sock.sendall(request)  # in one piece: a second system call costs as much as the whole parsing
            status, told, data = answer.read()
        except TooLong:
            raise TooLarge("answer too large") from None
        except (OSError, Unreadable) as problem:
            # Even "closed without a byte" on a kept connection says nothing: the server may have taken the request.
            raise NoAnswer(type(problem).__name__) from None
        finally:
            if answer.reusable:
                self._idle[origin].append((monotonic(), connection))
            else:
                connection.close()
        return Reply(status, told, data)

    def close(self) -> None:
        """Gives the idle connections up."""
        for idle in self._idle.values():
            while idle:
                idle.pop()[1].close()

    def _lend(self, origin: tuple[str, str]) -> HTTPConnection | None:
        """The connection used last, unless it is old or the server has already hung up."""
        idle = self._idle[origin]
        while True:
            try:
                since, connection = idle.pop()
            except IndexError:
                return None
            if monotonic() - since < _IDLE_SECONDS and not _hung_up(connection):
                return connection
            connection.close()

    def _connect(self, origin: tuple[str, str]) -> HTTPConnection:
        scheme, netloc = origin
        connect_seconds, read_seconds = self._seconds
        try:
            connection = (
                HTTPSConnection(netloc, timeout=connect_seconds, context=self._tls)
                if scheme == "https"
                else HTTPConnection(netloc, timeout=connect_seconds)
            )
            connection.connect()
        except (OSError, HTTPException, UnicodeError) as problem:
            raise NotSent(type(problem).__name__) from None
        connection.sock.settimeout(read_seconds)
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _request(method: str, parts: SplitResult, headers: Mapping[str, str], body: bytes | None) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    length = {"Content-Length": str(len(body))} if body is not None else {}
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", "Accept-Encoding: identity"]
    lines += [f"{name}: {value}" for name, value in {**headers, **length}.items()]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break in a header")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def _hung_up(connection: HTTPConnection) -> bool:
    """Whether something waits to be read though nothing was asked: the end of the connection."""
    try:
        return bool(select([connection.sock], [], [], 0)[0])
    except (OSError, ValueError, TypeError):
        return True


class Requests:
    """The same on `requests`, one session for each thread."""

    def __init__(self, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        self._seconds = connect_seconds, read_seconds
        self._local = threading.local()

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, most: int = MOST_BYTES
    ) -> Reply:
        """Raises NotSent, NoAnswer or TooLarge."""
        import requests
        from urllib3.exceptions import HTTPError as TransportError

        try:
            response = self._session.request(
                method,
                url,
                data=body,
                headers=dict(headers),
                auth=_as_it_is,  # else a ~/.netrc would replace our Authorization
                timeout=self._seconds,
                allow_redirects=False,
                stream=True,
            )
            with response:
                data = _read(response, most)
        except TransportError as problem:  # while the body came: the request had certainly left
            raise NoAnswer(type(problem).__name__) from None
        except requests.RequestException as problem:
            never_left = _never_left(problem)
            raise (NotSent if never_left else NoAnswer)(type(problem).__name__) from None
        return Reply(response.status_code, {name.lower(): value for name, value in response.headers.items()}, data)

    def close(self) -> None:
        """Closes this thread's session; the others go with their threads."""
        self._session.close()

    @property
    def _session(self) -> "Session":
        import requests

        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: Session = self._local.session
        return session


def _as_it_is(request: "PreparedRequest") -> "PreparedRequest":
    return request


def _read(response: "Response", most: int) -> bytes:
    import requests

    data, deadline = bytearray(), monotonic() + WHOLE_SECONDS
    while chunk := response.raw.read1(1 << 16, decode_content=True):  # what has come; iter_content waits for 64 kB
        data += chunk
        if len(data) > most:
            raise TooLarge("answer too large")
        if monotonic() > deadline:
            raise requests.ReadTimeout("the answer drips")
    return bytes(data)


def _never_left(problem: BaseException) -> bool:
    """requests wraps what urllib3 wraps: only a failed connection or certificate proves that nothing was sent."""
    from requests import ConnectTimeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    if isinstance(problem, ConnectTimeout):
        return True
    inner: object = problem.args[0] if problem.args else None
    inner = getattr(inner, "reason", inner)
    if isinstance(inner, NewConnectionError | ConnectTimeoutError):
        return True
    return any(isinstance(part, ssl.SSLCertVerificationError) for part in getattr(inner, "args", ()))
