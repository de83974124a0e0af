"""The WSGI entry: `gunicorn app:app`, `waitress-serve app:app`."""

from flask import Flask

from aspal.bootstrap import House
from aspal.settings import load
from aspal.training import TrainingRoom
from aspal.web import factory


def create_app(house: House | None = None) -> Flask:
    """The web of this house, or of the one that the environment describes."""
    house = house or House(load())
    return factory.create_app(house, TrainingRoom(house.settings))


app = create_app()
