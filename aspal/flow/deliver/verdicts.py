"""What the last look decides about a batch: what leaves, what waits, what is over, what is said in other words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aspal.records.notices import Carried
from aspal.records.sending import Due


@dataclass(slots=True)
class Verdicts:
    """What is to happen to a batch."""

    ready: list[Due] = field(default_factory=list)
    cancelled: dict[int, str] = field(default_factory=dict)
    deferred: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    notices_over: dict[int, str] = field(default_factory=dict)
    notices_released: list[int] = field(default_factory=list)
    reworded: dict[int, tuple[Due, list[Carried]]] = field(default_factory=dict)  # and what it lost
    recounted: dict[int, int] = field(default_factory=dict)  # the working days that a notice speaks of now
    woken: set[int] = field(default_factory=set)
    content_sids: dict[str, str] = field(default_factory=dict)
    complaints: dict[int, int] = field(default_factory=dict)

    def cancel(self, message: Due, group: Sequence[Carried], why: str, over: Mapping[int, str]) -> None:
        """A digest that lost a case is written anew without it: its other notices go back to the bundling."""
        self.cancelled[message.id] = why
        self.notices_over |= over
        self.notices_released += [n.id for n in group if n.id not in over]
        self.woken |= {n.disposition_id for n in group}

    def reword(
        self, message: Due, group: Sequence[Carried], over: Mapping[int, str], recounted: Mapping[int, int]
    ) -> None:
        """The message leaves without some of its cases, or with other numbers of working days."""
        lost = [n for n in group if n.id in over]
        self.reworded[message.id] = message, lost
        self.recounted |= recounted
        self.notices_over |= over
        self.woken |= {n.disposition_id for n in lost}

    def complaint(self, message_id: int) -> int | None:
        """The complaint that the message speaks of first."""
        return self.complaints.get(message_id)
