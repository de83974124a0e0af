"""Where a phone's screen sends what is done on it: the simulator's page and a training's seat share the screen."""

from collections.abc import Callable
from typing import NamedTuple


class Links(NamedTuple):
    """The addresses behind one screen."""

    poll: Callable[[str], str]  # by the version that is shown
    write: str
    photo: Callable[[str, str], str]  # by message and attachment
    quote: Callable[[str], str]  # by message; for who has no JavaScript
    open_phones: tuple[str, ...] = ()  # that a form must name to come back to the same page
