"""WhatsApp through Twilio's REST API. Of the SDK, which costs memory and time, it takes the exceptions only;
`twilio_sdk` holds the rest, until something is asked for through it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from twilio.base.exceptions import TwilioException, TwilioRestException

from aspal.gateways import media
from aspal.gateways.whatsapp.errors import classify_answer, explain
from aspal.gateways.whatsapp.forms import our_word
from aspal.gateways.whatsapp.port import (
    Accepted,
    Carried,
    Outgoing,
    Remote,
    RemoteTemplate,
    SendFailed,
    Standing,
    body_of,
    check,
    status_callback,
)
from aspal.gateways.whatsapp.twilio_history import History
from aspal.gateways.whatsapp.twilio_http import API, TwilioHttp, authorization, error_code, form_encoded
from aspal.gateways.whatsapp.twilio_standing import standing
from aspal.gateways.whatsapp.twilio_templates import Contents
from aspal.gateways.whatsapp.wire import KeepAlive, NoAnswer, NotSent, Requests, Wire
from aspal.settings import Settings

if TYPE_CHECKING:
    from aspal.gateways.texts import Template

Answer = TypeVar("Answer")
_SID, _MEDIA_SID = re.compile(r"[A-Za-z0-9]{4,64}"), re.compile(r"ME[0-9a-f]{32}")
_PAGE = 100
_LONGEST_VALIDITY = 36000


class TwilioGateway:
    """The promise of port.Gateway, kept by Twilio. Repeats nothing: what to do next is the station's decision."""

    needs_approval = True

    def __init__(self, settings: Settings, http: Literal["http.client", "requests"] | None = None) -> None:
        self._account_sid = settings.twilio_account_sid or ""
        self._public_base_url = settings.public_base_url
        self._base_url = settings.twilio_base_url
        self._credentials = authorization(self._account_sid, settings.twilio_auth_token or "")
        # Only requests speaks through an HTTP proxy (HTTPS_PROXY).
        requests_only = http == "requests" or (http is None and _is_proxied(self._base_url or API))
        self._wire: Wire = Requests() if requests_only else KeepAlive()
        self._http = TwilioHttp(self._wire, self._base_url)
        self._auth_token = settings.twilio_auth_token
        self._messages_url = f"{API}/2010-04-01/Accounts/{self._account_sid}/Messages.json"
        self._form_headers = {**self._credentials, "Content-Type": "application/x-www-form-urlencoded"}
        self._contents = Contents(self._http, self._credentials)
        self._from: dict[str, str] = {}
        if settings.twilio_whatsapp_from:
            self._from["From"] = whatsapp(settings.twilio_whatsapp_from)
        if settings.twilio_messaging_service_sid:
            self._from["MessagingServiceSid"] = settings.twilio_messaging_service_sid
        self._history = History(self._http, self._credentials, self._account_sid, self._from)

    def send(self, out: Outgoing) -> Accepted:
        """Raises SendFailed; "unknown" means that the message may be on its way."""
        check(out)
        content = {"Body": body_of(out)}
        if out.template is not None:
            if out.content_sid is None:
                raise SendFailed(21655, "template")
            content = {"ContentSid": out.content_sid}
            if out.variables:
                content["ContentVariables"] = json.dumps(dict(out.variables), ensure_ascii=False)
        elif out.document_url:
            content["MediaUrl"] = out.document_url
        callback = status_callback(self._public_base_url, out.token)
        validity = str(max(1, min(out.valid_for_seconds, _LONGEST_VALIDITY)))
        form = {"To": whatsapp(out.address), **self._from, "StatusCallback": callback, "ValidityPeriod": validity}
        return self._ask(lambda: self._create(form | content))

    def _create(self, form: dict[str, str]) -> Accepted:
        """What the SDK's `messages.create` asks for, without its price: it costs as much as all the rest of a send."""
        reply = self._http.exchange("POST", self._messages_url, self._form_headers, form_encoded(form))
        if reply.status >= 300:
            raise TwilioRestException(reply.status, "", code=error_code(reply.body))
        told = json.loads(reply.body)
        if not told["sid"]:
            raise SendFailed(None, "unknown", "Jawaban penyedia tidak memuat nomor pesan.")
        return Accepted(str(told["sid"]), our_word(str(told.get("status") or "queued")))

    @cached_property
    def _messages(self) -> Any:
        """What the SDK asks about messages with; only reconciling needs it."""
        from aspal.gateways.whatsapp import twilio_sdk

        return twilio_sdk.messages(self._http, self._account_sid, self._auth_token)

    def fetch(self, sid: str) -> Remote | None:
        """What became of a message; None when Twilio knows none with this sid."""
        return self._known(sid, lambda: _remote(self._messages(sid).fetch()))

    def _known(self, sid: str, call: Callable[[], Answer]) -> Answer | None:
        """None when Twilio knows nothing with this sid."""
        if not _SID.fullmatch(sid):
            return None
        try:
            return self._read(call)
        except SendFailed as problem:
            if problem.code == 20404:
                return None
            raise

    def sent_to(self, address: str, since: datetime, now: datetime | None = None) -> list[Remote]:
        """Two lists: Twilio filters by the day of *sending*, which a message still in its queue does not have."""
        to, day = whatsapp(address), (since.astimezone(UTC) - timedelta(days=1)).date().isoformat()

        def both() -> dict[str, Remote]:
            newest = self._messages.page(to=to, page_size=_PAGE)
            of_these_days = self._messages.stream(to=to, date_sent_after=day, page_size=_PAGE)
            return {message.sid: _remote(message) for message in (*newest, *of_these_days)}

        found = self._read(both)
        if now and self._clock_is_behind(now):
            return [replace(remote, created_at=None) for remote in found.values()]
        floor = since.replace(microsecond=0)
        known = [(remote.created_at or floor, remote) for remote in found.values()]
        return [remote for created, remote in sorted(known, key=lambda pair: pair[0]) if created >= floor]

    def carried(self, since: datetime, until: datetime) -> list[Carried]:
        """Twilio's own list, of our sender only."""
        return self._read(lambda: self._history.carried(since, until))

    def received(self, sid: str) -> dict[str, str] | None:
        """A reply that Twilio has and our webhook may have missed."""
        return self._known(sid, lambda: self._history.received(sid))

    def fetch_media(self, message_sid: str, media_ref: str) -> bytes:
        """The URL is built from what we know; the one in the form may be forged. Raises MediaNotYet, MediaRefused."""
        if not (_SID.fullmatch(message_sid) and _MEDIA_SID.fullmatch(media_ref)):
            raise media.MediaRefused("Alamat lampiran tidak sah.")
        path = f"/2010-04-01/Accounts/{self._account_sid}/Messages/{message_sid}/Media/{media_ref}"
        return media.download(self._wire, self._http.locate(API + path), self._credentials, stay=bool(self._base_url))

    def push_template(self, template: "Template") -> RemoteTemplate:
        """Creates the content unless it is there already, and asks for approval unless that was asked."""
        return self._read(lambda: self._contents.push(template))

    def template_status(self, content_sid: str) -> RemoteTemplate | None:
        """Approval and category as WhatsApp sees them now."""
        return self._read(lambda: self._contents.status(content_sid))

    def standing(self) -> Standing:
        """How account, balance and sender are doing."""
        return self._read(lambda: standing(self._http, self._credentials, self._account_sid, self._from.get("From")))

    def close(self) -> None:
        """Gives the connections up."""
        self._wire.close()

    def _clock_is_behind(self, now: datetime) -> bool:
        """A rehearsal with ASPAL_CLOCK in the future: creation times then say nothing."""
        return bool(self._http.date) and parsedate_to_datetime(self._http.date or "") < now - timedelta(hours=1)

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        # `from None`: the SDK's exceptions carry URLs, and URLs carry telephone numbers.
        try:
            return call()
        except NotSent:
            raise SendFailed(None, "retry", "Sambungan ke penyedia gagal; pesan dicoba lagi.") from None
        except NoAnswer:
            raise SendFailed(None, "unknown", "Penyedia tidak menjawab; belum diketahui apakah terkirim.") from None
        except TwilioException as problem:
            raise self._failure(problem) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SendFailed(None, "unknown", "Jawaban penyedia tidak terbaca.") from None

    def _read(self, call: Callable[[], Answer]) -> Answer:
        """Reading may always be done again, so nothing about it stays unknown."""
        try:
            return self._ask(call)
        except SendFailed as problem:
            if problem.kind != "unknown":
                raise
            raise SendFailed(problem.code, "retry", problem.message) from None

    def _failure(self, problem: TwilioException) -> SendFailed:
        status, code = getattr(problem, "status", None), getattr(problem, "code", None)
        if status is None:  # a page of a list fails without saying why; the answer hangs on it
            answers = (getattr(part, "status_code", None) for part in problem.args)
            status = next((told for told in answers if told is not None), 500)
        kind = classify_answer(status, code)
        # Where the body named no code, the SDK puts the HTTP status in its place.
        named = code if isinstance(code, int) and code > 1000 else {401: 20003, 404: 20404, 429: 20429}.get(status)
        return SendFailed(named, kind, explain(named or status), self._http.retry_after if kind == "retry" else None)


def whatsapp(address: str) -> str:
    """An address as Twilio wants it. Numbers and "ID...." alike keep everything they have."""
    return address if address.startswith("whatsapp:") else f"whatsapp:{address}"


def _is_proxied(origin: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme in getproxies() and not proxy_bypass(parts.netloc)


def _remote(message: Any) -> Remote:
    created = message.date_created
    return Remote(
        sid=message.sid,
        status=our_word(message.status or "queued"),
        body=message.body or "",
        address=(message.to or "").removeprefix("whatsapp:"),
        created_at=created.astimezone(UTC) if created else None,
        error_code=int(message.error_code) if message.error_code else None,
    )
