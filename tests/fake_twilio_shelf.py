"""What the fake Twilio keeps: messages, contents with their approvals, attachments behind a redirect."""

import json
from dataclasses import dataclass, field
from email.utils import formatdate
from itertools import count
from typing import Any

from tests.tiny_http import Answer

ACCOUNT_SID, AUTH_TOKEN, SENDER = "AC" + "1" * 32, "12345", "whatsapp:+14155238886"
_numbers = count(1)


class Refused(Exception):
    """An error as Twilio words it."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def new_sid(prefix: str) -> str:
    return f"{prefix}{next(_numbers):032x}"


def json_answer(status: int, told: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
    date = {"Content-Type": "application/json", "Date": formatdate(usegmt=True)}
    return Answer(status, json.dumps(told).encode(), date | (headers or {}))


@dataclass(slots=True)
class Message:
    sid: str
    to: str
    body: str
    content: str
    variables: str
    callback: str
    form: dict[str, str]
    created: float
    status: str = "queued"
    error_code: int | None = None
    sent: float | None = None
    direction: str = "outbound-api"
    num_media: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "account_sid": ACCOUNT_SID,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": formatdate(self.created, usegmt=True).replace("GMT", "+0000"),
            "date_sent": formatdate(self.sent, usegmt=True).replace("GMT", "+0000") if self.sent else None,
            "date_updated": None,
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.form.get("From"),
            "messaging_service_sid": self.form.get("MessagingServiceSid"),
            "num_media": str(self.num_media),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "to": self.to,
            "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{self.sid}.json",
        }


@dataclass(slots=True)
class Content:
    sid: str
    data: dict[str, Any]
    approval: dict[str, Any] | None = None

    @property
    def body(self) -> str:
        return str(next(iter(self.data["types"].values()))["body"])


@dataclass
class Contents:
    """The Content API, with pages of two so that every test walks them."""

    auto_approve: bool = True
    category: str | None = None  # what WhatsApp makes of every template's category; None: as asked
    by_sid: dict[str, Content] = field(default_factory=dict)

    def answer(
        self, method: str, parts: list[str], query: dict[str, list[str]], data: dict[str, Any], url: str
    ) -> Answer:
        if not parts and method == "POST":
            content = Content(new_sid("HX"), data)
            self.by_sid[content.sid] = content
            return json_answer(201, {"sid": content.sid, **data})
        if not parts:
            return self._page(int(query.get("Page", ["0"])[0]), url.replace("api.twilio", "content.twilio"))
        found = self.by_sid.get(parts[0])
        if found is None:
            raise Refused(404, 20404, "The requested resource was not found")
        return self._ask(found, data) if method == "POST" else self._status(found)

    def _ask(self, found: Content, data: dict[str, Any]) -> Answer:
        if any((content.approval or {}).get("name") == data["name"] for content in self.by_sid.values()):
            raise Refused(400, 20422, "name is already used")
        found.approval = {
            "name": data["name"],
            "category": self.category or data["category"],
            "status": "received",
            "allow_category_change": data.get("allow_category_change", True),
            "rejection_reason": "",
        }
        return json_answer(201, found.approval)

    def _status(self, found: Content) -> Answer:
        if found.approval and self.auto_approve and found.approval["status"] == "received":
            found.approval["status"] = "approved"
        return json_answer(200, {"sid": found.sid, "whatsapp": found.approval or {"status": "unsubmitted"}})

    def _page(self, page: int, origin: str, size: int = 2) -> Answer:
        shown = list(self.by_sid.values())[page * size : (page + 1) * size]
        more = f"{origin}/v1/Content?Page={page + 1}" if len(self.by_sid) > (page + 1) * size else None
        told = [{"sid": content.sid, **content.data} for content in shown]
        return json_answer(200, {"contents": told, "meta": {"next_page_url": more}})


@dataclass
class Media:
    """Attachments: the API redirects to a CDN, which must never see our credentials."""

    not_yet: int = 0  # how often fresh media is not there yet
    redirect: str = "cdn"  # cdn | foreign | loop
    leaks: list[str] = field(default_factory=list)  # where credentials turned up that had no business there
    by_key: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def put(self, message_sid: str, content_type: str, data: bytes) -> str:
        """Attaches something to an inbound message; returns its ME sid."""
        sid = new_sid("ME")
        self.by_key[f"{message_sid}/{sid}"] = (content_type, data)
        return sid

    def of(self, message_sid: str) -> list[dict[str, str]]:
        """The attachments of one message, as they are listed."""
        keys = [key for key in self.by_key if key.startswith(f"{message_sid}/")]
        return [{"sid": key.rpartition("/")[2], "content_type": self.by_key[key][0]} for key in keys]

    def fetch(self, key: str, url: str) -> Answer:
        if self.not_yet > 0 or key not in self.by_key:
            self.not_yet -= 1
            raise Refused(404, 20404, "The requested resource was not found")
        cdn = url if url.startswith("http:") else "https://mms.twiliocdn.com"
        places = {"cdn": f"{cdn}/cdn/{key}", "foreign": "http://169.254.169.254/latest", "loop": f"{cdn}/cdn/loop"}
        return Answer(307, b"", {"Location": places[self.redirect]})

    def cdn(self, path: str, headers: dict[str, str]) -> Answer:
        if "authorization" in headers:
            self.leaks.append(path)
        if path == "/cdn/loop":
            return Answer(302, b"", {"Location": path})
        content_type, data = self.by_key[path.removeprefix("/cdn/")]
        return Answer(200, data, {"Content-Type": content_type})
