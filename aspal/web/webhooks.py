"""What Twilio (or the simulator) tells us: checked, stored, answered 204, and understood later by the worker.

Nothing here may be slow, redirect, need a session, or answer 5xx for odd content: Twilio would lose the message or
send it again. Only a database that cannot answer is a 503, so that Twilio does try again (rp=5xx).
"""

import logging
from hmac import compare_digest

from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue

from aspal.db import UNSTORABLE
from aspal.flow import callback, inbound
from aspal.gateways.whatsapp import simulator
from aspal.gateways.whatsapp.port import OddForm
from aspal.gateways.whatsapp.twilio_signature import Verifier
from aspal.settings import Settings
from aspal.web.auth import csrf
from aspal.web.house import house
from aspal.web.refused import Ledger, refuse

BODY_LIMIT = 1_000_000  # Twilio's largest form is a few kilobytes

_log = logging.getLogger(__name__)
webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks/twilio")
csrf.exempt(webhooks)


def set_up(app: Flask, settings: Settings) -> None:
    """Adds the two routes; the verifier is made once."""
    app.extensions["aspal.verifier"] = Verifier(settings)
    app.extensions["aspal.refused"] = Ledger()
    app.register_blueprint(webhooks)


@webhooks.post("/inbound")
def receive() -> ResponseReturnValue:
    """A person wrote. Stored raw, once by its SID."""
    form = _genuine_form("To")
    inbound.receive(house().db, form, house().clock.now())
    return "", 204


@webhooks.post("/status")
def report() -> ResponseReturnValue:
    """What became of a message of ours. Its token comes in the address's query."""
    form = _genuine_form("From")
    callback.record(house().db, form | {"a": request.args.get("a", "")}, house().clock.now())
    return "", 204


def _refuse(error: Exception) -> ResponseReturnValue:
    """Genuine, but nothing to store once: no sender or message id, or one that cannot be. A 4xx is never retried."""
    _log.warning("a signed form was not stored", extra={"cause": type(error).__name__, "endpoint": request.endpoint})
    return "", 400


for odd in (OddForm, *UNSTORABLE):
    webhooks.register_error_handler(odd, _refuse)


def _genuine_form(our_side: str) -> dict[str, str]:
    """The form, when it is certainly Twilio's and meant for us. Any doubt is a 403, too big a 413."""
    request.max_content_length = request.max_form_memory_size = BODY_LIMIT
    fields = request.form
    verifier: Verifier = current_app.extensions["aspal.verifier"]
    settings = house().settings
    if not verifier.check(_raw_target(), fields, request.headers):
        refuse("signature")
    form = fields.to_dict()
    if not _is_our_account(form, settings):
        refuse("account")
    if not _is_our_sender(form, our_side, settings):
        refuse("sender")
    return form


def _raw_target() -> str:
    """Path and query exactly as they were sent: decoding them breaks the signature.

    gunicorn names it RAW_URI; waitress, werkzeug and uWSGI REQUEST_URI. Host and X-Forwarded-* are never looked at.
    """
    environ = request.environ
    return str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "")


def _is_our_account(form: dict[str, str], settings: Settings) -> bool:
    """Genuine is not enough: a signed request of another account is not ours."""
    ours = simulator.ACCOUNT_SID if settings.whatsapp_gateway == "simulator" else settings.twilio_account_sid or ""
    return bool(ours) and compare_digest(form.get("AccountSid", "").encode(), ours.encode())


def _is_our_sender(form: dict[str, str], our_side: str, settings: Settings) -> bool:
    """Nor is one for another sender of the same account."""
    if settings.whatsapp_gateway == "simulator" or settings.twilio_messaging_service_sid:
        return True  # the service picks the sender out of its pool
    sender = (settings.twilio_whatsapp_from or "").removeprefix("whatsapp:")
    return form.get(our_side, "").removeprefix("whatsapp:") == sender
