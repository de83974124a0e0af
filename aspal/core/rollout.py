"""How far the office has gone live: who may be written to, and what is only written down. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """From the strictest to the widest."""

    GUESTS = "tamu"  # only people on the guest list receive; what the others would hear waits
    SHADOW = "bayangan"  # what would be sent is written down and cancelled; only guests receive
    STEPWISE = "bertahap"  # units that are live receive; everybody else is in the shadow
    LIVE = "langsung"  # everybody receives


@dataclass(frozen=True, slots=True)
class Rollout:
    """The mode in force and, while units go live one by one, those that have."""

    mode: Mode = Mode.LIVE
    live_units: frozenset[int] = frozenset()

    def bars(self, *, guest: bool) -> bool:
        """Whether nothing at all is to be written for this person yet."""
        return self.mode is Mode.GUESTS and not guest

    def shadows(self, units: Collection[int | None], *, guest: bool, whole_office: bool = False) -> bool:
        """Whether a message about cases of these units is only written down. None is Kominfo's own backlog.

        What speaks of the whole office leaves the shadow last, when every unit is live.
        """
        if guest or self.mode is Mode.LIVE:
            return False
        if self.mode is not Mode.STEPWISE:
            return True
        return whole_office or any(unit is not None and unit not in self.live_units for unit in units)


def in_force(recipients: str, chosen: str | None, live_units: Collection[int] = ()) -> Rollout:
    """RECIPIENTS=guests always wins; without a choice by the office it alone decides."""
    if recipients == "guests":
        return Rollout(Mode.GUESTS)
    mode = Mode(chosen) if chosen else Mode.LIVE
    return Rollout(mode, frozenset(live_units) if mode is Mode.STEPWISE else frozenset())
