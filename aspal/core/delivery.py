"""What a status report does to a message: it can only add knowledge. Pure."""

from enum import StrEnum


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"  # planned, nobody has it yet
    HELD = "held"  # an admin must look first
    CANCELLED = "cancelled"  # superseded before it left
    SENDING = "sending"  # claimed by a worker; the request may be on its way
    UNKNOWN = "unknown"  # the request may or may not have arrived; never repeated before the provider was asked
    ACCEPTED = "accepted"  # the provider has it
    SENT = "sent"
    FAILED = "failed"  # for good; below DELIVERED, because a late "delivered" is the truth
    DELIVERED = "delivered"
    READ = "read"


# Rising knowledge. WAITING is in it because a report about an earlier attempt can find its message waiting again.
_RANKS = {
    State.WAITING: 0,
    State.HELD: 0,
    State.CANCELLED: 0,
    State.SENDING: 1,
    State.UNKNOWN: 1,
    State.ACCEPTED: 2,
    State.SENT: 3,
    State.FAILED: 4,
    State.DELIVERED: 5,
    State.READ: 6,
}


def below(state: State) -> tuple[State, ...]:
    """The states that a report of `state` may replace: the guard of the UPDATE.

    So reports in any order, any number of times, end in the same state.
    """
    return tuple(other for other, rank in _RANKS.items() if rank < _RANKS[state])


def backoff_seconds(attempts: int, asked: float | None) -> float:
    """How long to wait before trying again after a refusal that was certainly not processed (429, no connection).

    Doubles from five seconds up to ten minutes; never shorter than the provider asked for.
    """
    return max(asked or 0.0, min(600.0, 5.0 * float(2 ** max(0, attempts - 1))))
