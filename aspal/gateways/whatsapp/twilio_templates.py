"""Message templates at Twilio: the Content API and WhatsApp's approval of each. Plain JSON, since the SDK lacks
`allow_category_change`, without which WhatsApp may turn a reminder into marketing."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from twilio.base.exceptions import TwilioRestException

from aspal.gateways.whatsapp.port import RemoteTemplate, registered_name
from aspal.gateways.whatsapp.twilio_http import CONTENT, TwilioHttp, error_code

if TYPE_CHECKING:
    from aspal.gateways.texts import Template

_OUR_STATUS = {"unsubmitted": "pushed", "received": "received", "pending": "pending", "approved": "approved"}


class Contents:
    """Contents and their approvals. Raises the SDK's exceptions and the wire's."""

    def __init__(self, http: TwilioHttp, credentials: Mapping[str, str]) -> None:
        self._http = http
        self._headers = {**credentials, "Accept": "application/json"}

    def push(self, template: "Template") -> RemoteTemplate:
        """The name carries the text's fingerprint: after a crash the content that is already there is found again."""
        name = registered_name(template)
        found = self._find(name)
        sid = str((found or self._call("POST", "/v1/Content", _content(template, name)))["sid"])
        known = self.status(sid)
        if known and known.status != "pushed":
            return known
        asked = self._call(
            "POST",
            f"/v1/Content/{sid}/ApprovalRequests/whatsapp",
            {"name": name, "category": template.category.upper(), "allow_category_change": False},
        )
        return self.status(sid) or _approval(sid, asked)  # asked again: some are approved at once

    def status(self, content_sid: str) -> RemoteTemplate | None:
        """None when Twilio has no such content."""
        try:
            answer = self._call("GET", f"/v1/Content/{content_sid}/ApprovalRequests")
        except TwilioRestException as problem:
            if problem.status == 404:
                return None
            raise
        return _approval(content_sid, answer.get("whatsapp") or {})

    def _find(self, name: str) -> dict[str, Any] | None:
        try:
            return next((item for item in self._all() if item.get("friendly_name") == name), None)
        except TwilioRestException as problem:
            if problem.status in (404, 405):  # a private proxy need not offer the list
                return None
            raise

    def _all(self) -> Iterator[dict[str, Any]]:
        url: str | None = f"{CONTENT}/v1/Content?PageSize=500"
        while url:
            page = self._call("GET", url)
            yield from page.get("contents", ())
            url = (page.get("meta") or {}).get("next_page_url")

    def _call(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
        url = path if path.startswith("http") else f"{CONTENT}{path}"
        body = None if data is None else json.dumps(data).encode()
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        reply = self._http.exchange(method, url, headers, body)
        if reply.status >= 300:
            raise TwilioRestException(reply.status, "", code=error_code(reply.body))
        answer = json.loads(reply.body)
        if not isinstance(answer, dict):
            raise ValueError("not a JSON object")
        return answer


def _content(template: "Template", name: str) -> dict[str, Any]:
    body: dict[str, Any] = {"body": template.body}
    kind = "twilio/text"
    if template.buttons:
        kind = "twilio/quick-reply"
        body["actions"] = [{"type": "QUICK_REPLY", "title": b.title, "id": b.id} for b in template.buttons]
    samples = {str(n): variable.sample for n, variable in enumerate(template.variables, 1)}
    return {"friendly_name": name, "language": template.language, "variables": samples, "types": {kind: body}}


def _approval(content_sid: str, told: Mapping[str, Any]) -> RemoteTemplate:
    status = str(told.get("status") or "unsubmitted").lower()
    return RemoteTemplate(
        content_sid=content_sid,
        status=_OUR_STATUS.get(status, status)[:20],
        category=str(told["category"]).upper() if told.get("category") else None,
        reason=str(told["rejection_reason"])[:500] if told.get("rejection_reason") else None,
    )
