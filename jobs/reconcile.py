"""Scheduled run of station 4b: what became of messages that were left half-sent."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import reconcile


def run(house: House, now: datetime) -> dict[str, Any]:
    """Asks the provider about each message in doubt."""
    return asdict(reconcile.run(house.db, house.gateway, now))
