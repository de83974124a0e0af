"""What the web needs of the house it stands in. `bootstrap.House` fits; tests may bring another."""

from typing import Any, Protocol

from flask import current_app

from aspal.clock import Clock
from aspal.db import Database
from aspal.settings import Settings


class House(Protocol):
    """Built outside and handed to `create_app`: the web never builds its own database or gateway."""

    @property
    def settings(self) -> Settings: ...
    @property
    def db(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def gateway(self) -> Any: ...
    @property
    def texts(self) -> Any: ...
    @property
    def file_texts(self) -> Any: ...
    def calendars(self, conn: Any) -> Any: ...
    def secret_key(self) -> str: ...


def house() -> House:
    """The house of the app that answers this request."""
    found: House = current_app.extensions["aspal"]
    return found
