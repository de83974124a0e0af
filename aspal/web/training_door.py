"""The door between the office's web and the web of a training: one address, two houses that share nothing."""

from collections.abc import Iterable
from typing import Any, Protocol

from flask import Flask
from itsdangerous import BadSignature, URLSafeTimedSerializer

PREFIX = "/latihan/ruang"
_SECONDS = 60  # that a trainer's way in stays open


class Room(Protocol):
    """Where trainings take place. `training.TrainingRoom` fits."""

    @property
    def app(self) -> Flask | None: ...
    @property
    def code(self) -> str: ...
    def begin(self, seats: int) -> None: ...
    def end(self) -> None: ...


class Door:
    """WSGI: what is addressed to the room goes to the training's web, everything else to the office's."""

    def __init__(self, office: Any, room: Room) -> None:
        self._office, self._room = office, room

    def __call__(self, environ: Any, start: Any) -> Iterable[bytes]:
        path, training = str(environ.get("PATH_INFO", "")), self._room.app
        if training is None or not f"{path}/".startswith(f"{PREFIX}/"):
            answer: Iterable[bytes] = self._office(environ, start)
            return answer
        inside = environ | {"SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + PREFIX, "PATH_INFO": path[len(PREFIX) :]}
        return training(inside, start)


def invitation(app: Flask) -> str:
    """A trainer's way into the room, for a minute."""
    return str(_signer(app).dumps("trainer"))


def is_invited(app: Flask, token: str) -> bool:
    """Whether this is such a way in, and still open."""
    try:
        _signer(app).loads(token, max_age=_SECONDS)
    except BadSignature:
        return False
    return True


def _signer(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(app.config["SECRET_KEY"]), salt="training-trainer")
