"""What the owner of a simulated phone sends: a text, a pressed button, a quote, a photo. And the photos themselves."""

from flask import Response, abort, request
from werkzeug.datastructures import FileStorage

from aspal.gateways.media import MediaNotYet, MediaRefused, sniff
from aspal.web.house import house
from aspal.web.simulation import handsets, postman
from aspal.web.simulation.handsets import Phone

LONGEST = 1600  # characters that WhatsApp carries in one message
_PHOTO = {"image/jpeg", "image/png", "image/webp"}


def send(phone: Phone) -> bool:
    """Posts the request's form to our own webhook as this phone's message; False when the webhook refused it."""
    button, attached = _button(phone), _attached(request.files.get("foto"))
    text = request.form.get("teks", "").strip()[:LONGEST]
    if not (text or button or attached):
        return True
    quoted = request.form.get("kutip") or (request.form.get("dari") if button else None)
    gateway = house().gateway
    form = gateway.inbound_form(
        phone.address, text, profile_name=phone.name, button=button, quoted_sid=quoted, media=attached
    )
    return postman.carry([gateway.inbound_post(form)])


def photo(sid: str, ref: str) -> Response:
    """A photo that was sent from a phone; a 404 for everything else."""
    try:
        data: bytes = house().gateway.fetch_media(sid, ref)
    except (MediaNotYet, MediaRefused):
        abort(404)
    content_type = sniff(data)
    if content_type not in _PHOTO:
        abort(404)
    return Response(data, content_type=content_type)


def _button(phone: Phone) -> tuple[str, str] | None:
    """The pressed button, only if that message really offers it: a form can be made up."""
    pressed = request.form.get("tombol")
    if pressed is None:
        return None
    message = handsets.memory().get(request.form.get("dari", ""))
    offered = dict(message.buttons) if message and message.address == phone.address else {}
    if pressed not in offered:
        abort(400)
    return pressed, offered[pressed]


def _attached(upload: FileStorage | None) -> list[tuple[str, bytes]]:
    if upload is None or not upload.filename:
        return []
    data = upload.read()
    return [(sniff(data) or "application/octet-stream", data)]
