"""Cases: the web process under signed replies, against a bare route that inserts one row under the same server."""

import asyncio
import json
import socket
from collections.abc import Sequence
from statistics import quantiles
from threading import Event, Thread
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from bench import office
from bench.machine import Meter, peak_mb
from bench.provider import ACCOUNT_SID, AUTH_TOKEN, SENDER

CONNECTIONS = 16
WARM_UP = 20  # replies before the clock starts
PATH = "/webhooks/twilio/inbound"
SIGNED_FOR = "http://127.0.0.1:8000"  # PUBLIC_BASE_URL; the port that really listens is another


def serve_product(url: str, provider: str) -> dict[str, Any]:
    """The product's web process."""
    from aspal.web.factory import create_app

    house = office.house(url, provider)
    return _serve(create_app(house))


def serve_bare(url: str) -> dict[str, Any]:
    """The unit: no signature, no form kept as it came, one row."""
    from flask import Flask, request
    from sqlalchemy import Column, Integer, MetaData, String, Table, Text, create_engine, event, insert

    engine = create_engine(url, pool_size=20)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _as_durable_as_ours)
    columns = Column("id", Integer, primary_key=True), Column("sid", String(64), unique=True), Column("body", Text)
    rows = Table("bare_rows", MetaData(), *columns)
    rows.metadata.create_all(engine)
    app = Flask("bare")

    @app.post(PATH)
    def take() -> tuple[str, int]:
        with engine.begin() as conn:
            conn.execute(insert(rows).values(sid=request.form["MessageSid"], body=json.dumps(request.form)))
        return "", 204

    return _serve(app)


def _as_durable_as_ours(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _serve(app: Any) -> dict[str, Any]:
    """Prints its port, answers until a line comes in on stdin, then tells what it used."""
    from aspal.web.server import serve

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stop, found = Event(), dict[str, Any]()

    def watch() -> None:
        meter = Meter()
        print(port, flush=True)
        input()
        found.update(meter.read(), peak_mb=peak_mb())
        stop.set()

    Thread(target=watch).start()
    serve(app, "127.0.0.1", port, stop=stop)  # in the main thread, as an office runs it
    return found


def load(port: int, replies: int, turn: int) -> dict[str, Any]:
    """Sixteen connections at a time, requests signed beforehand; tells the rate and how long answers took."""
    first = turn * (replies + WARM_UP)
    requests = [_request(number) for number in range(first, first + replies + WARM_UP)]
    asyncio.run(_load(port, requests[:WARM_UP]))
    return asyncio.run(_load(port, requests[WARM_UP:]))


def _request(number: int) -> bytes:
    from aspal.gateways.whatsapp.twilio_signature import sign

    form = {
        "MessageSid": f"SM{number:032x}", "SmsMessageSid": f"SM{number:032x}", "SmsSid": f"SM{number:032x}",
        "AccountSid": ACCOUNT_SID, "From": f"whatsapp:+62812{10_000_000 + number % 1000}", "To": SENDER,
        "Body": "Sudah kami tindak lanjuti, mohon dicek kembali. Terima kasih", "NumMedia": "0", "NumSegments": "1",
        "SmsStatus": "received", "ApiVersion": "2010-04-01", "ProfileName": "Petugas", "MessageType": "text",
        "WaId": f"62812{10_000_000 + number % 1000}", "ReferralNumMedia": "0",
    }  # fmt: skip
    body = urlencode(form).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {sign(form, SIGNED_FOR + PATH, AUTH_TOKEN)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _load(port: int, requests: Sequence[bytes]) -> dict[str, Any]:
    work, taken, statuses = iter(requests), [], set()

    async def one_connection() -> None:
        reader = writer = None
        for request in work:
            begun = perf_counter()
            if reader is None or writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            statuses.add(head[9:12].decode())
            taken.append((perf_counter() - begun) * 1000)
            if b"connection: close" in head:  # waitress does so after every answer without a body
                writer.close()
                reader = writer = None

    begun = perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(min(CONNECTIONS, len(requests)))))
    seconds = perf_counter() - begun
    percent = quantiles(taken, n=100) if len(taken) > 1 else [taken[0]] * 99
    return {"rate": len(requests) / seconds, "p50_ms": percent[49], "p99_ms": percent[98], "statuses": sorted(statuses)}


def stored(url: str, bare: bool) -> dict[str, Any]:
    """How many rows there are: a fast run that lost some is no run."""
    from sqlalchemy import text

    from aspal.db import Database

    db = Database(url)
    with db.read() as conn:
        count = conn.scalar(text(f"SELECT count(*) FROM {'bare_rows' if bare else 'replies'}"))
    db.close()
    return {"rows": count}
