"""The web's fixtures: a world, its app, and browsers of each role."""

from tests.web.conftest import app, browser_of, client, world

__all__ = ["app", "browser_of", "client", "world"]
