"""The fake Twilio behind the `responses` mock, at Twilio's own addresses: nothing goes through a socket."""

import re
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.fake_twilio import FakeTwilio
from tests.tiny_http import DropConnection


def intercept(mock: Any, twilio: FakeTwilio) -> None:
    """Puts `twilio` behind the `responses` mock, at Twilio's own addresses."""

    def reply(request: Any) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(request.url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        body = request.body or b""
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            answer = twilio.answer(request.method, target, headers, body.encode() if isinstance(body, str) else body)
        except DropConnection:
            raise requests.ConnectionError("dropped") from None
        return answer.status, answer.headers, answer.body

    for method in ("GET", "POST"):
        mock.add_callback(
            method, re.compile(r"https://(api|content|mms|monitor)\.twilio(cdn)?\.com/.*"), callback=reply
        )
