"""Which alarms an admin is told of, and when: each once, and once more when it is cured. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aspal.core.alarm_keys import CONSENT, POLICY, QUESTION, STRANGER, WORKER

CALM = timedelta(minutes=30)  # trouble that comes back sooner is the same trouble: no "pulih" in between
# These wait for the next look at the first page: nothing is broken, somebody has to tidy up.
QUIET = ("coverage", "appointments_ending", "decree", CONSENT, STRANGER)
# These tell of an event or of a coming day, and end because time has passed: "sudah pulih" on the day on which every SK
# has run out would be the opposite of the truth.
PASSING = frozenset((
    "appointments_ending", "skb_due", "gap", "loop", "replies_found", "strange_sends", "promise", "absence",
    "substitute_unknown", "whatsapp_id", STRANGER.rstrip(":"), WORKER.rstrip(":"),
    POLICY.rstrip(":"), QUESTION.rstrip(":"),
))  # fmt: skip

GROWING = frozenset(("coverage",))  # raised anew when there is more of it, and that is news


@dataclass(frozen=True, slots=True)
class Told:
    """What one way of telling (WhatsApp, e-mail) has said so far: the alarms whose cure it still owes."""

    at: datetime | None = None  # when it last said anything
    alarms: Mapping[str, str] = field(default_factory=dict)  # key -> text as it was told


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say now."""

    raised: Mapping[str, str]
    cured: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.raised or self.cured)

    def lines(self) -> list[str]:
        """One clause for each, new trouble first."""
        cured = [f"Sudah pulih: {_clause(text)}" for text in self.cured.values()]
        return [*map(_clause, self.raised.values()), *cured]


def news(
    told: Told, open_now: Mapping[str, str], cleared_at: Mapping[str, datetime], now: datetime, every: timedelta
) -> News:
    """What is not said yet; nothing while the last word is younger than `every`, so that it comes bundled.

    What a clock that ran ahead has written is not young: nothing would be said until that day.
    """
    if told.at is not None and _is_within(every, told.at, now):
        return News({}, {})
    raised = {key: text for key, text in open_now.items() if key not in told.alarms}
    cured = {
        key: text
        for key, text in told.alarms.items()
        if key not in open_now and (key not in cleared_at or not _is_within(CALM, cleared_at[key], now))
    }
    return News(raised, cured)


def _is_within(span: timedelta, moment: datetime, now: datetime) -> bool:
    return timedelta() <= now - moment < span


def after(told: Told, said: News, now: datetime) -> Told:
    """What has been said once `said` is out."""
    kept = {key: text for key, text in told.alarms.items() if key not in said.cured}
    return Told(now if said else told.at, kept | dict(said.raised))


def is_quiet(key: str) -> bool:
    """Whether an alarm may wait until somebody looks."""
    return key.startswith(QUIET)


def passes(key: str) -> bool:
    """Whether an alarm ends by time alone, so that nobody is told of its end."""
    return key.partition(":")[0] in PASSING


def grows(key: str) -> bool:
    """Whether an alarm that was raised anew has more to say than when it was told."""
    return key in GROWING


def _clause(text: str) -> str:
    return text.strip().rstrip(".")
