"""What Twilio answers to a question, as JSON; a refusal as the SDK's own exception."""

import json
from collections.abc import Mapping
from typing import Any

from twilio.base.exceptions import TwilioRestException

from aspal.gateways.whatsapp.twilio_http import TwilioHttp


def get_json(http: TwilioHttp, credentials: Mapping[str, str], url: str) -> Mapping[str, Any]:
    """Raises TwilioRestException for a refusal, ValueError for what is no JSON object."""
    reply = http.exchange("GET", url, {**credentials, "Accept": "application/json"})
    try:
        answer = json.loads(reply.body)
    except ValueError:
        answer = None
    told: Mapping[str, Any] = answer if isinstance(answer, Mapping) else {}
    if reply.status >= 300:
        code = told.get("code")
        raise TwilioRestException(reply.status, "", code=code if isinstance(code, int) else None)
    if not told:
        raise ValueError("not a JSON object")
    return told


def rows_of(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list in the answer; whatever else stands there is left out."""
    found = answer.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
