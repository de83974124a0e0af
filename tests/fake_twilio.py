"""A Twilio of our own: what it takes, what it refuses, and every way in which it can go wrong.

    with FakeTwilio() as twilio: ... twilio.url ...        python -m tests.fake_twilio --port 4010

Over HTTP too: GET /__stats, GET /__messages, POST /__reset, and
POST /__faults {"shares": {"429": 0.3}, "script": ["drop-after"]}
"""

import argparse
import base64
import json
import operator
import random
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl

from tests.fake_twilio_callbacks import CallbackPlan, Callbacks, post
from tests.fake_twilio_shelf import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    SENDER,
    Contents,
    Media,
    Message,
    Refused,
    json_answer,
    new_sid,
)
from tests.tiny_http import Answer, DropConnection, TinyServer

_TO = re.compile(r"whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}\.[A-Za-z0-9]{1,128})")
_PLACE = re.compile(r"\{\{(\d+)\}\}")
_NO_NEWLINE = re.compile(r"[\r\n\t]| {5}")

# Fault words: 401 429 500 drop hang -> nothing was taken; 500-after drop-after hang-after garbage -> it was.


@dataclass
class FakeTwilio:
    """`answer` is the whole of Twilio; the context manager puts it behind a port."""

    any_content: bool = False  # take content sids that were never created (benchmarks)
    callbacks: CallbackPlan | None = None
    hang_seconds: float = 30.0
    port: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    inbox: dict[str, Message] = field(default_factory=dict)  # what people wrote, whether or not our webhook heard it
    alerts: list[dict[str, str]] = field(default_factory=list)  # Twilio's own notes about our webhooks
    contents: Contents = field(default_factory=Contents)
    media: Media = field(default_factory=Media)
    opted_out: set[str] = field(default_factory=set)
    script: deque[str] = field(default_factory=deque)  # faults of the next requests, one each; "" is none
    shares: dict[str, float] = field(default_factory=dict)  # fault -> share of all creates
    requests: Counter[str] = field(default_factory=Counter)
    url: str = "https://api.twilio.com"

    def __post_init__(self) -> None:
        self._random = random.Random(7)
        self._lock = threading.Lock()
        self._sent: Counter[tuple[str, str, str]] = Counter()
        self._tokens: set[str] = set()
        self._stopping = threading.Event()
        self._expected = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        self._server: TinyServer | None = None
        self._posting = Callbacks(self.callbacks, AUTH_TOKEN) if self.callbacks else None

    def __enter__(self) -> "FakeTwilio":
        self._server = TinyServer(self.answer, self.port)
        self.url = self._server.url
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._posting:
            self._posting.stop()
        if self._server:
            self._server.stop()

    # --- what tests say and ask ---------------------------------------------------------------------------------

    def stats(self) -> dict[str, int]:
        """`duplicates`: messages beyond the first with the same addressee, content and variables."""
        extra = sum(times - 1 for times in self._sent.values())
        return {"accepted": len(self.messages), "distinct_tokens": len(self._tokens), "duplicates": extra}

    def reset(self) -> None:
        self.messages.clear()
        self._sent.clear()
        self._tokens.clear()
        self.script.clear()
        self.shares.clear()

    def hang_up(self) -> None:
        """Closes idle connections from the server's side."""
        if self._server:
            self._server.hang_up()

    def set_status(self, sid: str, status: str, error_code: int | None = None) -> None:
        message = self.messages[sid]
        message.status, message.error_code = status, error_code
        message.sent = message.sent or time.time()  # noqa: TID251 - a provider has a clock of its own

    def write(self, url: str, sender: str, body: str = "", **fields: str) -> int:
        """A person writes to the office: the signed form goes to `url`. Returns the HTTP status."""
        form = {"MessageSid": new_sid("SM"), "AccountSid": ACCOUNT_SID, "From": f"whatsapp:{sender}", "To": SENDER}
        form |= {"Body": body, "NumMedia": "0", "SmsStatus": "received"} | fields
        return post(url, form, AUTH_TOKEN)

    def hears(self, sender: str, body: str, at: float | None = None, photos: int = 0) -> str:
        """A person writes and our webhook is told nothing; returns the SID."""
        at = at or time.time()  # noqa: TID251
        sid, form = new_sid("SM"), {"From": f"whatsapp:{sender}"}
        self.inbox[sid] = Message(
            sid, SENDER, body, "", "", "", form, at, status="received", sent=at, direction="inbound", num_media=photos
        )
        for _ in range(photos):
            self.media.put(sid, "image/jpeg", b"\xff\xd8\xff\xe0 a photo")
        return sid

    # --- the server ---------------------------------------------------------------------------------------------

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """One request. Raises DropConnection."""
        path, _, query = target.partition("?")
        if path.startswith("/__"):
            return self._admin(path, body)
        self.requests[f"{method} {path.split('/')[-1][:12]}"] += 1
        if path.startswith("/cdn/"):
            return self.media.cdn(path, headers)
        try:
            if headers.get("authorization") != self._expected:
                raise Refused(401, 20003, "Authenticate")
            if method == "POST" and path.endswith("/Messages.json"):
                return self._create(body)
            return self._other(method, path, parse_qs(query), body)
        except Refused as refused:
            extra = {"Retry-After": "1"} if refused.status == 429 else {}
            told = {"code": refused.code, "message": refused.message, "status": refused.status, "more_info": ""}
            return json_answer(refused.status, told, extra)

    def _create(self, body: bytes) -> Answer:
        fault = self._fault()
        if fault and not fault.endswith("after") and fault != "garbage":
            self._fail(fault)
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        message = self._accept(form)
        if self._posting and message.callback:
            failing = 63024 if message.to.endswith("9999") else None
            self._posting.follow(message, failing, self.set_status)
        if fault == "garbage":
            return Answer(201, b"<html>gateway</html>")
        if fault:
            self._fail(fault.removesuffix("-after"))
        return json_answer(201, message.as_json())

    def _accept(self, form: dict[str, str]) -> Message:
        to = form.get("To", "")
        if not _TO.fullmatch(to):
            raise Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if not (form.get("From") or form.get("MessagingServiceSid")):
            raise Refused(400, 21603, "A 'From' is required")
        if to.removeprefix("whatsapp:") in self.opted_out:
            raise Refused(400, 21610, f"Attempt to send to unsubscribed recipient {to}")
        text = self._text(form)
        message = Message(
            sid=new_sid("SM"),
            to=to,
            body=text,
            content=form.get("ContentSid", ""),
            variables=form.get("ContentVariables", ""),
            callback=form.get("StatusCallback", ""),
            form=form,
            created=time.time(),  # noqa: TID251
            status="accepted" if form.get("MessagingServiceSid") else "queued",
        )
        with self._lock:
            self.messages[message.sid] = message
            self._sent[to, message.content or text, message.variables] += 1
            self._tokens.add(message.callback.rpartition("a=")[2])
        return message

    def _text(self, form: dict[str, str]) -> str:
        if "ContentSid" not in form:
            if "ContentVariables" in form:
                raise Refused(400, 21654, "ContentSid Required")
            if not form.get("Body") or len(form["Body"]) > 1600:
                raise Refused(400, 21617 if form.get("Body") else 21619, "Body")
            return form["Body"]
        try:
            values = json.loads(form.get("ContentVariables", "{}"))
        except ValueError:
            raise Refused(400, 21656, "The ContentVariables parameter is invalid") from None
        if not isinstance(values, dict) or any(not v or _NO_NEWLINE.search(str(v)) for v in values.values()):
            raise Refused(400, 21656, "The ContentVariables parameter is invalid")
        if self.any_content:
            return ""
        content = self.contents.by_sid.get(form["ContentSid"])
        if content is None:
            raise Refused(400, 21655, "The ContentSid is Invalid")
        places = set(_PLACE.findall(content.body))
        if places != set(values):
            raise Refused(400, 21656, "ContentVariables do not match")
        return _PLACE.sub(lambda place: str(values[place[1]]), content.body)

    def _fault(self) -> str:
        if self.script:
            return self.script.popleft()
        if not self.shares:
            return ""
        with self._lock:
            dice = self._random.random()
        for fault, share in self.shares.items():
            dice -= share
            if dice < 0:
                return fault
        return ""

    def _fail(self, fault: str) -> None:
        if fault == "hang":
            self._stopping.wait(self.hang_seconds)
        if fault in ("hang", "drop"):
            raise DropConnection
        code = {"401": 20003, "429": 20429, "500": 20500}[fault]
        raise Refused(int(fault), code, "fault on purpose, with a number +6281200000001 in it")

    def _other(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Answer:
        fault = self._fault() if self.script else ""
        if fault:
            self._fail(fault)
        parts = path.strip("/").split("/")
        if path.endswith("/Messages.json"):
            return self._list(query)
        if len(parts) == 5 and parts[3] == "Messages":
            sid = parts[4].removesuffix(".json")
            message = self.messages.get(sid) or self.inbox.get(sid)
            if message is None:
                raise Refused(404, 20404, "The requested resource was not found")
            return json_answer(200, message.as_json())
        if path.endswith("/Media.json"):
            return json_answer(200, {"media_list": self.media.of(parts[4])})
        if path == "/v1/Alerts":
            return json_answer(200, {"alerts": self.alerts})
        if "Media" in parts:
            return self.media.fetch(f"{parts[4]}/{parts[6]}", self.url)
        if parts[:2] == ["v1", "Content"]:
            return self.contents.answer(method, parts[2:], query, json.loads(body) if body else {}, self.url)
        raise Refused(404, 20404, "The requested resource was not found")

    def _list(self, query: dict[str, list[str]]) -> Answer:
        """Newest first; the day filter knows only messages that were sent."""
        found: Iterable[Message] = reversed([*self.messages.values(), *self.inbox.values()])
        if "To" in query:
            found = (m for m in found if m.to == query["To"][0])
        for name, keep in (("DateSent>", operator.ge), ("DateSent<", operator.le), ("DateSent", operator.eq)):
            if name in query:
                day = query[name][0][:10]
                found = [m for m in found if m.sent and keep(time.strftime("%Y-%m-%d", time.gmtime(m.sent)), day)]
        size, page = int(query.get("PageSize", ["50"])[0]), int(query.get("Page", ["0"])[0])
        everything = list(found)
        shown = everything[page * size : (page + 1) * size]
        more = None
        if len(everything) > (page + 1) * size:
            rest = "&".join(f"{k}={_quoted(v[0])}" for k, v in query.items() if k not in ("Page", "PageToken"))
            more = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json?{rest}&Page={page + 1}&PageToken=PA{page}"
        told = {"messages": [m.as_json() for m in shown], "next_page_uri": more, "page": page, "page_size": size}
        return json_answer(200, told)

    def _admin(self, path: str, body: bytes) -> Answer:
        if path == "/__stats":
            return json_answer(200, self.stats())
        if path == "/__messages":
            return json_answer(
                200, {"messages": [m.as_json() | {"form": m.form} for m in list(self.messages.values())]}
            )
        if path == "/__reset":
            self.reset()
        elif path == "/__faults":
            asked = json.loads(body)
            self.shares = asked.get("shares", {})
            self.script = deque(asked.get("script", ()))
        return json_answer(200, {})


def _quoted(value: str) -> str:
    return value.replace("+", "%2B").replace(":", "%3A")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=4010)
    parser.add_argument("--any-content", action="store_true", help="take every content sid")
    parser.add_argument("--callbacks", action="store_true", help="post signed status reports")
    asked = parser.parse_args()
    plan = CallbackPlan() if asked.callbacks else None
    with FakeTwilio(port=asked.port, any_content=asked.any_content, callbacks=plan) as twilio:
        print(f"{twilio.url}  account {ACCOUNT_SID}  token {AUTH_TOKEN}", flush=True)  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(json.dumps(twilio.stats()))  # noqa: T201


if __name__ == "__main__":
    main()
