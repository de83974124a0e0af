"""The Twilio SDK's way out of the house: our wire below it, and no address but Twilio's own or TWILIO_BASE_URL."""

import base64
import json
import logging
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.http import HttpClient
from twilio.http.response import Response

from aspal.gateways.whatsapp.wire import Reply, Wire

API, CONTENT, MESSAGING = "https://api.twilio.com", "https://content.twilio.com", "https://messaging.twilio.com"

logging.getLogger("twilio").setLevel(logging.WARNING)  # at INFO the SDK writes telephone numbers


class TwilioHttp(HttpClient):  # type: ignore[misc]  # the SDK ships no types
    """Passes what the SDK asks for to a wire; remembers how long a 429 asked this thread to wait."""

    def __init__(self, wire: Wire, base_url: str | None = None) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), is_async=False)
        self.wire = wire
        self._base_url = base_url
        self._last = threading.local()

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """What the SDK calls. Raises the wire's NotSent, NoAnswer or TooLarge."""
        url = f"{uri}?{urlencode(params, doseq=True)}" if params else uri
        sent = dict(headers or {})
        body = None
        if sent.get("Content-Type") == "application/json":
            body = json.dumps(data).encode()
        elif data:
            body = urlencode(data, doseq=True).encode()
        reply = self.exchange(method.upper(), url, sent | (authorization(*auth) if auth else {}), body)
        return Response(reply.status, reply.body.decode("utf-8", "replace"), reply.headers)

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """One request to Twilio, wherever Twilio is for this installation."""
        reply = self.wire.exchange(method, self.locate(url), headers, body)
        self._last.headers = reply.headers
        return reply

    def locate(self, url: str) -> str:
        """`url` at TWILIO_BASE_URL. A foreign origin, as a forged next page may name, never gets our credentials."""
        for origin in (API, CONTENT, MESSAGING, self._base_url):
            if origin and url.startswith(f"{origin}/"):
                return (self._base_url or origin) + url[len(origin) :]
        raise ValueError(f"not Twilio: {urlsplit(url).hostname}")

    @property
    def retry_after(self) -> float | None:
        """Seconds that the last answer in this thread asked us to wait; the SDK's exceptions lose the header."""
        value = getattr(self._last, "headers", {}).get("retry-after", "")
        return min(float(value), 3600.0) if value.isascii() and value.isdigit() else None

    @property
    def date(self) -> str | None:
        """The provider's own time, as the last answer in this thread told it."""
        value: str | None = getattr(self._last, "headers", {}).get("date")
        return value


def authorization(user: str, password: str) -> dict[str, str]:
    """HTTP basic credentials as a header."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
