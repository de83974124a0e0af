"""Scheduled look at the approval of the message texts; the simulator has none to ask for."""

from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import templates


def run(house: House, now: datetime) -> dict[str, Any]:
    """Asks the provider how each text stands, and stops those that are not approved any more."""
    if not house.gateway.needs_approval:
        return {"templates": 0}
    proposals = templates.look_at_proposals(house.db, house.file_texts, house.gateway, now)
    found = templates.refresh(house.db, house.texts, house.gateway, now)
    failed = [kind for kind, _ in (*proposals.failed, *found.failed)]
    return {"templates": len(proposals.templates) + len(found.templates), "errors": failed}
