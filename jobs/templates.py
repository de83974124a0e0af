"""Scheduled look at the approval of the message texts; the simulator has none to ask for."""

from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import templates


def run(house: House, now: datetime) -> dict[str, Any]:
    """Asks the provider how each text stands, and stops those that are not approved any more."""
    if not house.gateway.needs_approval:
        return {"templates": 0}
    found = templates.refresh(house.db, house.texts, house.gateway, now)
    return {"templates": len(found.templates), "errors": [kind for kind, _ in found.failed]}
