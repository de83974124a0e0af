"""WhatsApp's service window: free text may reach a person for 24 hours after the last thing they wrote. Pure."""

from datetime import datetime, timedelta

LENGTH = timedelta(hours=24)
TIME_TO_LEAVE = timedelta(hours=1)  # a message may have to wait for its turn, and must arrive in the window
_MARGIN = timedelta(minutes=5)  # what is sent in the last minutes may arrive too late


def left(heard_at: datetime | None, now: datetime) -> timedelta:
    """How long free text may still be written; zero when it may not."""
    if heard_at is None:
        return timedelta()
    return max(heard_at + LENGTH - _MARGIN - now, timedelta())


def is_open(heard_at: datetime | None, now: datetime) -> bool:
    """Whether free text may be written now."""
    return left(heard_at, now) > timedelta()


def last_call(now: datetime) -> datetime:
    """Until when free text written at `now` may wait, to whoever had just written."""
    return now + LENGTH - TIME_TO_LEAVE


def words(span: timedelta) -> str:
    """ "3 jam 12 menit"."""
    minutes = max(1, int(span.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} jam" if hours else "", f"{rest} menit" if rest else "") if part)
