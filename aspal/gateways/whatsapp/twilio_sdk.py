"""Twilio's SDK on top of our own HTTP: for asking about messages. Imported only when something is asked, because the
SDK takes eleven megabytes and the sender does without it."""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from aspal.gateways.whatsapp.twilio_http import TwilioHttp, authorization

logging.getLogger("twilio").setLevel(logging.WARNING)  # at INFO the SDK writes telephone numbers


class SdkHttp(HttpClient):  # type: ignore[misc]  # the SDK ships no types
    """Passes on what the SDK asks for."""

    def __init__(self, http: TwilioHttp) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), is_async=False)
        self._http = http

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
        reply = self._http.exchange(method.upper(), url, sent | (authorization(*auth) if auth else {}), body)
        return Response(reply.status, reply.body.decode("utf-8", "replace"), reply.headers)


def messages(http: TwilioHttp, account_sid: str, auth_token: str | None) -> Any:
    """The SDK's way to the account's messages."""
    return Client(account_sid, auth_token, http_client=SdkHttp(http), environment={"": ""}).messages
