"""Our own provider as a process: takes messages as fast as one core can, counts what it took, and fails on request.

It answers as Twilio does (create, list, fetch one) but checks nothing: tests/fake_twilio.py is the strict one.
Over HTTP too: /__stats, /__reset, /__faults {"reset_after": 0.1, "429": 0.3, "500_after": 0.05, "hang_after": 0.01}.
"""

import asyncio
import json
import random
import socket
import struct
import sys
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, quote_plus, unquote_plus

from bench.machine import pin

ACCOUNT_SID, AUTH_TOKEN, SENDER = "AC" + "1" * 32, "12345", "whatsapp:+14155238886"
_CREATED = (
    '{"account_sid": "%s", "api_version": "2010-04-01", "body": null, "date_created": "%s", "date_sent": null, '
    '"date_updated": null, "direction": "outbound-api", "error_code": null, "error_message": null, "from": "%s", '
    '"messaging_service_sid": null, "num_media": "0", "num_segments": "1", "price": null, "price_unit": null, '
    '"sid": "%s", "status": "queued", "to": "%s", "uri": "/2010-04-01/Accounts/%s/Messages/%s.json"}'
)
_REASONS = {200: "OK", 201: "Created", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was accepted, as it came: every value still form-encoded."""

    sid: str
    to: str
    content: str
    variables: str
    created: str


@dataclass
class Books:
    """What was taken since the last reset, and which faults are asked for."""

    contents: dict[str, str] = field(default_factory=dict)  # content sid -> text with {{1}}
    by_address: dict[str, list[Taken]] = field(default_factory=dict)
    by_sid: dict[str, Taken] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    faults: dict[str, float] = field(default_factory=dict)
    delay: float = 0.0
    made: Counter[str] = field(default_factory=Counter)  # faults that happened
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def reset(self) -> None:
        self.by_address, self.by_sid, self.tokens = {}, {}, set()
        self.faults, self.delay, self.made, self.dice = {}, 0.0, Counter(), random.Random(7)

    def fault(self) -> str:
        if not self.faults:
            return ""
        thrown = self.dice.random()
        for name, share in self.faults.items():
            thrown -= share
            if thrown < 0:
                self.made[name] += 1
                return name
        return ""

    def take(self, form: dict[str, str], date: str) -> Taken:
        sid = f"SM{len(self.by_sid) + 1:032x}"
        taken = Taken(sid, form.get("To", ""), form.get("ContentSid", ""), form.get("ContentVariables", ""), date)
        self.by_sid[sid] = taken
        self.by_address.setdefault(taken.to, []).append(taken)
        self.tokens.add(form.get("StatusCallback", ""))
        return taken

    def stats(self) -> dict[str, Any]:
        """`distinct`: by addressee and words; what was accepted beyond that is a person told twice."""
        distinct = len({(t.to, t.content, t.variables) for t in self.by_sid.values()})
        accepted = len(self.by_sid)
        return {
            "accepted": accepted, "distinct": distinct, "duplicates": accepted - distinct,
            "tokens": len(self.tokens), "faults": dict(self.made),
        }  # fmt: skip

    def as_json(self, taken: Taken) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(_created(taken))
        text = self.contents.get(taken.content, "")
        for name, value in json.loads(unquote_plus(taken.variables) or "{}").items():
            text = text.replace("{{%s}}" % name, value)  # noqa: UP031 - braces read worse in an f-string
        return told | {"body": text}


class Connection(asyncio.Protocol):
    """One kept connection; requests come one after the other."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1")
            place = head.lower().find("\r\ncontent-length:")
            length = int(head[place + 17 :].split("\r\n", 1)[0]) if place >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            method, target, _ = head.split(" ", 2)
            self._deal_with(method, target, body)

    def _deal_with(self, method: str, target: str, body: bytes) -> None:
        path, _, query = target.partition("?")
        if method == "POST" and path.endswith("/Messages.json"):
            self._create(body)
        elif path.startswith("/__"):
            self._answer(200, json.dumps(self._ask(path, body)))
        elif path.endswith("/Messages.json"):
            address = quote_plus(parse_qs(query).get("To", [""])[0])
            found = [self._books.as_json(taken) for taken in reversed(self._books.by_address.get(address, []))]
            self._answer(200, json.dumps({"messages": found, "next_page_uri": None, "page": 0, "page_size": 100}))
        else:
            known = self._books.by_sid.get(path.rpartition("/")[2].removesuffix(".json"))
            self._answer(200 if known else 404, json.dumps(self._books.as_json(known) if known else {"code": 20404}))

    def _create(self, body: bytes) -> None:
        fault = self._books.fault()
        if fault == "429":
            return self._answer(429, '{"code": 20429, "message": "Too Many Requests", "status": 429}', "Retry-After: 1")
        form = dict(pair.split("=", 1) for pair in body.decode("latin-1").split("&"))
        taken = self._books.take(form, _now())
        if fault == "reset_after":
            raw: socket.socket = self._transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        elif fault == "500_after":
            self._answer(500, '{"code": 20500, "message": "Internal Server Error", "status": 500}')
        elif fault != "hang_after":
            answer = _created(taken)
            if self._books.delay:
                asyncio.get_running_loop().call_later(self._books.delay, self._answer, 201, answer)
            else:
                self._answer(201, answer)
        return None

    def _ask(self, path: str, body: bytes) -> dict[str, Any]:
        books = self._books
        if path == "/__reset":
            books.reset()
        elif path == "/__faults":
            books.faults = json.loads(body)
            books.delay = books.faults.pop("delay", 0.0)
        elif path == "/__contents":
            books.contents = json.loads(body)
        return books.stats()

    def _answer(self, status: int, body: str, more: str = "Connection: keep-alive") -> None:
        raw = body.encode()
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\nDate: {_now()}\r\n"
            f"Content-Length: {len(raw)}\r\n{more}\r\n\r\n"
        )
        self._transport.write(head.encode() + raw)


_date = ""


def _now() -> str:
    return _date


def _created(taken: Taken) -> str:
    to, date = unquote_plus(taken.to), taken.created.replace("GMT", "+0000")
    return _CREATED % (ACCOUNT_SID, date, SENDER, taken.sid, to, ACCOUNT_SID, taken.sid)


async def _keep_time() -> None:
    global _date
    while True:
        _date = formatdate(usegmt=True)
        await asyncio.sleep(0.5)


async def serve() -> None:
    """Prints the port, then answers until it is killed."""
    clock = asyncio.create_task(_keep_time())
    await asyncio.sleep(0)
    books = Books()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(books), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await clock


if __name__ == "__main__":
    pin(sys.argv[1:])
    asyncio.run(serve())
