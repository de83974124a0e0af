"""Cases: the bare loops that are the unit and the floor, and the whole product path from due case to marked message."""

import http.client
import json
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench import office
from bench.machine import Meter, peak_mb
from bench.provider import ACCOUNT_SID, AUTH_TOKEN, SENDER

THREADS = 8


def bare_sdk(provider: str, messages: int) -> dict[str, Any]:
    """The unit: Twilio's own SDK as its documentation shows it, eight threads, no database at all."""
    from twilio.rest import Client

    logging.getLogger("twilio").setLevel(logging.WARNING)
    client = Client(ACCOUNT_SID, AUTH_TOKEN)
    client.api.base_url = provider

    def send(form: dict[str, str]) -> None:
        client.messages.create(
            to=form["To"], from_=form["From"], content_sid=form["ContentSid"],
            content_variables=form["ContentVariables"], status_callback=form["StatusCallback"],
            validity_period=14400,
        )  # fmt: skip

    return _timed(send, [_form(n) for n in range(messages)])


def bare_http(provider: str, messages: int) -> dict[str, Any]:
    """The floor: http.client with kept connections, eight threads, bodies made beforehand."""
    place, local = urlsplit(provider).netloc, threading.local()
    path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    def send(body: bytes) -> None:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection(place)
        local.connection.request("POST", path, body, headers)
        answer = local.connection.getresponse()
        json.loads(answer.read())["sid"]

    return _timed(send, [urlencode(_form(n)).encode() for n in range(messages)])


def product(
    url: str, provider: str, due: int, postmaster: int | None = None, only_plan: bool = False
) -> dict[str, Any]:
    """Scan, bundle and deliver, as the worker calls them; what a process does once is not counted."""
    from aspal.flow import bundle, deliver, scan

    house = office.house(url, provider)
    with house.db.write() as conn:
        house.clock = office.MovedClock(office.wake(conn, due))
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    settings, texts, gateway, now = house.settings, house.texts, house.gateway, house.clock.now()
    told, parts = {}, {}
    whole = Meter(postmaster)
    for name, station in (
        ("scan", lambda: scan.run(house.db, calendars, now)),
        ("bundle", lambda: bundle.run(house.db, calendars, texts, settings, now)),
        ("deliver", lambda: deliver.run(house.db, gateway, settings, calendars, texts, house.clock)),
    ):
        if name == "deliver" and only_plan:
            break
        part = Meter(postmaster)
        told[name] = asdict(station())
        parts[name] = part.read()
    result = whole.read() | {"counts": told, "parts": parts, "peak_mb": peak_mb()}
    house.close()
    return result


def _timed(send: Callable[[Any], None], work: Sequence[Any]) -> dict[str, Any]:
    with ThreadPoolExecutor(THREADS) as pool:
        meter = Meter()
        list(pool.map(send, work))
        return meter.read() | {"peak_mb": peak_mb()}


def _form(number: int) -> dict[str, str]:
    """As long as ours: a reminder with its variables."""
    variables = {
        "1": "Penghubung 1", "2": str(10_000_000 + number), "3": "Lampu penerangan jalan padam di depan balai warga",
        "4": "Dinas 1", "5": "2 hari kerja", "6": "Senin, 10 Agustus 2026", "7": f"#K{number}",
    }  # fmt: skip
    return {
        "To": f"whatsapp:+62812{10_000_000 + number // 2}", "From": SENDER, "ContentSid": "HX" + "0" * 32,
        "ContentVariables": json.dumps(variables), "ValidityPeriod": "14400",
        "StatusCallback": f"http://127.0.0.1:8000/webhooks/twilio/status?a={number:020d}",
    }  # fmt: skip
