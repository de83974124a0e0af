"""Carries the simulator's forms to our own webhooks: through the whole WSGI stack, signature check and all."""

from collections.abc import Iterable
from typing import Protocol

from flask import current_app
from werkzeug.test import Client

from aspal.web.house import house


class Post(Protocol):
    """gateways.whatsapp.simulator.Post."""

    @property
    def url(self) -> str: ...
    @property
    def form(self) -> dict[str, str]: ...
    @property
    def signature(self) -> str: ...


def carry(posts: Iterable[Post]) -> bool:
    """Posts each form as Twilio would, in order; False when one was refused."""
    client = Client(current_app._get_current_object(), use_cookies=False)  # type: ignore[attr-defined]
    accepted = True
    for post in posts:
        target = post.url.removeprefix(house().settings.public_base_url)
        answer = client.post(target, data=post.form, headers={"X-Twilio-Signature": post.signature})
        accepted = accepted and answer.status_code == 204
    return accepted
