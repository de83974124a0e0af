"""Scheduled run of station 6: stored replies are understood, then their attachments are fetched."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.flow import inbound


def run(house: House, now: datetime) -> dict[str, Any]:
    """Understands every stored reply."""
    with house.db.read() as conn:
        calendars = house.calendars(conn)
    counts = inbound.understand(house.db, now, calendars, house.texts, house.settings)
    kept = inbound.fetch_media(house.db, house.gateway, house.settings.media_dir, now, house.texts)
    return asdict(counts) | {"attachments": kept.stored}
