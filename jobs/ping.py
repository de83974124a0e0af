"""Every minute, while no job is late or failing: a sign of life to the watchdog outside (PING_URL)."""

from datetime import datetime
from typing import Any

from aspal.bootstrap import House
from aspal.records import health


def run(house: House, now: datetime) -> dict[str, Any]:
    """One call; when all is not well there is none, and the watchdog's alarm goes off."""
    with house.db.read() as conn:
        sick = any(beat.is_late(now) or beat.failing_since for beat in health.heartbeats(conn) if beat.name != "ping")
    if sick or not house.settings.ping_url:
        return {"pinged": 0}
    from aspal.gateways import ping

    return {"pinged": int(ping.say_alive(house.settings.ping_url))}
