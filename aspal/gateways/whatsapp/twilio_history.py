"""What Twilio carried for our sender on past days, and a reply as its webhook would have told it."""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from aspal.gateways.whatsapp.port import Carried
from aspal.gateways.whatsapp.twilio_http import API, TwilioHttp
from aspal.gateways.whatsapp.twilio_json import get_json, rows_of

PAGE, MOST_PAGES = 200, 50  # of one day: more than any office sends
_OUR_SENDS = ("outbound-api", "outbound-call")  # "outbound-reply" is Twilio's own answer to a STOP
log = logging.getLogger(__name__)


class History:
    """Asked once a day, without the SDK. `sender` is our From or our MessagingServiceSid, as it is sent."""

    def __init__(
        self, http: TwilioHttp, credentials: Mapping[str, str], account_sid: str, sender: Mapping[str, str]
    ) -> None:
        self._http, self._credentials, self._account_sid, self._sender = http, credentials, account_sid, sender
        self._account = f"/2010-04-01/Accounts/{account_sid}"

    def carried(self, since: datetime, until: datetime) -> list[Carried]:
        """Oldest first. Twilio filters by the UTC day, so each day of the span is walked."""
        found = {}
        first, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
        for n in range((last - first).days + 1):
            for told in self._of_day(first + timedelta(days=n)):
                at = _moment(told)
                if at and since <= at <= until and (inbound := self._is_inbound(told)) is not None:
                    found[str(told["sid"])] = Carried(str(told["sid"]), inbound, at)
        oldest_first = list(found.values())[::-1]  # of the same second too: a day is listed from its end
        return sorted(oldest_first, key=lambda one: one.at)

    def received(self, sid: str) -> dict[str, str]:
        """Button and quote are not kept there: such a reply is understood by its words."""
        told = get_json(self._http, self._credentials, f"{API}{self._account}/Messages/{sid}.json")
        form = {"MessageSid": sid, "AccountSid": self._account_sid, "Body": str(told.get("body") or "")}
        form |= {"From": str(told.get("from") or ""), "To": str(told.get("to") or "")}
        attached = []
        if str(told.get("num_media") or "0") != "0":
            media = get_json(self._http, self._credentials, f"{API}{self._account}/Messages/{sid}/Media.json")
            attached = rows_of(media, "media_list")
        for n, one in enumerate(attached):
            form[f"MediaUrl{n}"] = f"{API}{self._account}/Messages/{sid}/Media/{one.get('sid')}"
            form[f"MediaContentType{n}"] = str(one.get("content_type") or "")
        return form | {"NumMedia": str(len(attached))}

    def _of_day(self, day: date) -> Iterator[Mapping[str, Any]]:
        url = f"{API}{self._account}/Messages.json?DateSent={day}&PageSize={PAGE}"
        for _ in range(MOST_PAGES):
            page = get_json(self._http, self._credentials, url)
            yield from (told for told in rows_of(page, "messages") if told.get("sid"))
            following = page.get("next_page_uri")
            if not following:
                return
            url = f"{API}{following}"
        log.warning("the provider's list of a day is longer than what is read", extra={"day": str(day)})

    def _is_inbound(self, told: Mapping[str, Any]) -> bool | None:
        """None: no message of our sender."""
        inbound = told.get("direction") == "inbound"
        if not inbound and told.get("direction") not in _OUR_SENDS:
            return None
        if number := self._sender.get("From"):
            return inbound if told.get("to" if inbound else "from") == number else None
        if inbound:  # the service picks its sender out of a pool
            return True if str(told.get("to")).startswith("whatsapp:") else None
        return False if told.get("messaging_service_sid") == self._sender.get("MessagingServiceSid") else None


def _moment(told: Mapping[str, Any]) -> datetime | None:
    try:
        return parsedate_to_datetime(str(told.get("date_created") or told.get("date_sent"))).astimezone(UTC)
    except ValueError:
        return None
