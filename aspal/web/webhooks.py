"""What Twilio (or the simulator) tells us: checked, stored, answered 204, and understood later by the worker.

Nothing here may be slow, redirect, need a session, or answer 5xx for odd content: Twilio would lose the message or
send it again. Only a database that cannot answer is a 503, so that Twilio does try again (rp=5xx). That is why this
door stands before Flask, whose sessions, login and headers are for browsers.
"""

import logging
from collections.abc import Iterable
from hmac import compare_digest
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.exceptions import Forbidden, HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from aspal.db import UNAVAILABLE, UNSTORABLE
from aspal.flow import callback, inbound
from aspal.flow.mailroom import Mailroom
from aspal.gateways.whatsapp import simulator
from aspal.gateways.whatsapp.port import INBOUND_PATH, STATUS_PATH, OddForm
from aspal.gateways.whatsapp.twilio_signature import Verifier
from aspal.records import schema
from aspal.settings import Settings
from aspal.web.house import House
from aspal.web.refused_webhooks import Ledger

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_LIMIT = 1_000_000  # Twilio's largest form is a few kilobytes
MOST_FIELDS = 1_000  # and has some forty fields

_log = logging.getLogger(__name__)


def set_up(app: Flask, house: House) -> None:
    """Puts the door before the app."""
    app.wsgi_app = Door(app.wsgi_app, house)  # type: ignore[method-assign]


class Form(Request):
    """A request of Twilio's: a form, and a small one."""

    max_content_length = max_form_memory_size = BODY_LIMIT

    @property
    def raw_target(self) -> str:
        """Path and query exactly as they were sent: decoding them breaks the signature.

        gunicorn names it RAW_URI; waitress, werkzeug and uWSGI REQUEST_URI. Host and X-Forwarded-* are never looked at.
        """
        return str(self.environ.get("RAW_URI") or self.environ.get("REQUEST_URI") or "")


class Door:
    """Takes in what comes to the two addresses; everything else goes on to the app."""

    def __init__(self, app: "WSGIApplication", house: House) -> None:
        self._app, self._house = app, house
        self._verifier = Verifier(house.settings)
        self._mailroom = Mailroom(house.db)
        self._refused = Ledger(house)
        self._takes = {INBOUND_PATH: self._reply, STATUS_PATH: self._report}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        take = self._takes.get(environ.get("PATH_INFO", "").rstrip("/"))
        if take is None:
            return self._app(environ, start_response)
        form = Form(environ)
        try:
            if form.method != "POST":
                return Response(status=405, headers={"Allow": "POST"})(environ, start_response)
            take(form)
            code = 204
        except Exception as error:
            code = self._code_of(error, form.path)
        return Response(status=code)(environ, start_response)

    def _reply(self, form: Form) -> None:
        """A person wrote. Stored raw, once by its SID."""
        inbound.receive(self._mailroom, self._genuine(form, "To"), self._house.clock.now())

    def _report(self, form: Form) -> None:
        """What became of a message of ours. Its token comes in the address's query."""
        told = self._genuine(form, "From") | {"a": form.args.get("a", "")}
        callback.record(self._mailroom, told, self._house.clock.now())

    def _code_of(self, error: Exception, path: str) -> int:
        """Only the class of an error is told: its text may hold what a person wrote."""
        told = {"cause": type(error).__name__, "webhook": path}
        if isinstance(error, HTTPException):
            return error.code or 400
        if isinstance(error, UNAVAILABLE):
            _log.error("database unavailable", extra=told | {"cause": schema.cause(error) or told["cause"]})
            return 503
        if isinstance(error, (OddForm, *UNSTORABLE)):
            # Genuine, but nothing to store once: no sender or message id, or one that cannot be. Never retried.
            _log.warning("a signed form was not stored", extra=told)
            return 400
        _log.error("webhook failed", extra=told)
        return 500

    def _genuine(self, form: Form, our_side: str) -> dict[str, str]:
        """The fields, when they are certainly Twilio's and meant for us. Any doubt is a 403, too big a 413."""
        if form.get_data().count(b"&") > MOST_FIELDS:  # taking a million apart would take seconds
            raise RequestEntityTooLarge
        fields = form.form
        if not self._verifier.check(form.raw_target, fields, form.headers):
            self._refuse("signature", form)
        told = fields.to_dict()
        if not _is_our_account(told, self._house.settings):
            self._refuse("account", form)
        if not _is_our_sender(told, our_side, self._house.settings):
            self._refuse("sender", form)
        return told

    def _refuse(self, cause: str, form: Form) -> None:
        self._refused.note(cause, form)
        raise Forbidden


def _is_our_account(form: dict[str, str], settings: Settings) -> bool:
    """Genuine is not enough: a signed request of another account is not ours."""
    ours = simulator.ACCOUNT_SID if settings.whatsapp_gateway == "simulator" else settings.twilio_account_sid or ""
    return bool(ours) and compare_digest(form.get("AccountSid", "").encode(), ours.encode())


def _is_our_sender(form: dict[str, str], our_side: str, settings: Settings) -> bool:
    """Nor is one for another sender of the same account. What a report says varies: one without any sender is ours."""
    if our_side == "From" and our_side not in form:
        return True
    if settings.whatsapp_gateway == "simulator" or settings.twilio_messaging_service_sid:
        return True  # the service picks the sender out of its pool
    sender = (settings.twilio_whatsapp_from or "").removeprefix("whatsapp:")
    return form.get(our_side, "").removeprefix("whatsapp:") == sender
