"""How our account and sender stand at Twilio: active or suspended, the balance, WhatsApp's opinion of the number."""

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioRestException

from aspal.clock import SystemClock
from aspal.gateways.whatsapp.port import INBOUND_PATH, STATUS_PATH, Standing
from aspal.gateways.whatsapp.twilio_http import API, MESSAGING, MONITOR, TwilioHttp
from aspal.gateways.whatsapp.twilio_json import get_json, rows_of
from aspal.gateways.whatsapp.wire import NoAnswer, NotSent

_LIMIT = re.compile(r"(\d+(?:\.\d+)?)\s*([KM]?)", re.IGNORECASE)
_TIMES = {"": 1, "K": 1000, "M": 1_000_000}
_LATELY = timedelta(hours=2)  # longer than the watch waits between two questions
_SIGNATURE = 57012


def standing(http: TwilioHttp, credentials: Mapping[str, str], account_sid: str, sender: str | None) -> Standing:
    """Raises for an account that is refused; balance and sender are asked for, and unknown where that is not offered.

    The Senders API is a public beta, and a proxy need not pass it on.
    """
    account = f"{API}/2010-04-01/Accounts/{account_sid}"
    status = get_json(http, credentials, f"{account}.json").get("status")
    balance = _perhaps(http, credentials, f"{account}/Balance.json")
    listed = _perhaps(http, credentials, f"{MESSAGING}/v2/Channels/Senders?Channel=whatsapp&PageSize=100")
    ours = _ours(listed.get("senders"), sender)
    said = ours.get("properties")
    properties: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    return Standing(
        account=str(status).lower() if status else None,
        balance=_number(balance.get("balance")),
        currency=str(balance.get("currency") or ""),
        sender=str(ours["status"]).upper() if ours.get("status") else None,
        quality=str(properties["quality_rating"]).upper() if properties.get("quality_rating") else None,
        people_per_day=_people(properties.get("messaging_limit")),
        seconds_ahead=_seconds_ahead(http),
        unheard=_unheard(http, credentials),
    )


def _seconds_ahead(http: TwilioHttp) -> float | None:
    """Of the clock of the answer that has just come. Real time, also where the office's clock is a simulated one."""
    return (SystemClock().now() - parsedate_to_datetime(http.date)).total_seconds() if http.date else None


def _unheard(http: TwilioHttp, credentials: Mapping[str, str]) -> int | None:
    """Twilio's own notes that our webhook could not be reached, answered badly, or was signed wrongly (11200 and kin).

    By Twilio's clock. Other programs of the account have webhooks too: only our two addresses count.
    """
    if http.date is None:
        return None
    since = f"{parsedate_to_datetime(http.date) - _LATELY:%Y-%m-%dT%H:%M:%SZ}"
    listed = _perhaps(http, credentials, f"{MONITOR}/v1/Alerts?LogLevel=error&StartDate={since}&PageSize=200")
    if "alerts" not in listed:
        return None
    return sum(_is_of_our_webhook(alert) for alert in rows_of(listed, "alerts"))


def _is_of_our_webhook(alert: Mapping[str, Any]) -> bool:
    code = str(alert.get("error_code"))
    path = urlsplit(str(alert.get("request_url") or "")).path.rstrip("/")
    return (code.startswith("112") or code == str(_SIGNATURE)) and path in (INBOUND_PATH, STATUS_PATH, "")


def _ours(senders: object, sender: str | None) -> Mapping[str, Any]:
    """The sender that we use; with a Messaging Service it is known only where there is just one."""
    found = [one for one in senders if isinstance(one, Mapping)] if isinstance(senders, list) else []
    wanted = [one for one in found if sender and one.get("sender_id") == sender]
    if wanted:
        return wanted[0]
    return found[0] if sender is None and len(found) == 1 else {}


def _people(limit: object) -> int | None:
    """ "10K Customers/24hr" -> 10000; unlimited or unknown -> None."""
    found = _LIMIT.match(str(limit or ""))
    return int(float(found[1]) * _TIMES[found[2].upper()]) if found else None


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _perhaps(http: TwilioHttp, credentials: Mapping[str, str], url: str) -> Mapping[str, Any]:
    try:
        return get_json(http, credentials, url)
    except (TwilioRestException, NotSent, NoAnswer, ValueError):
        return {}
