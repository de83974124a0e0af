"""Links that open one thing for a while: a number and a last second, signed. Pure."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import datetime, timedelta

_PURPOSE = b"aspal document link"


def sign(secret: str, number: int, now: datetime, valid_for: timedelta) -> str:
    """The token for that number."""
    told = f"{number}.{int((now + valid_for).timestamp())}".encode()
    return f"{_text(told)}.{_text(_mac(secret, told))}"


def opened(secret: str, token: str, now: datetime) -> int | None:
    """The number of a token that is ours and not over; None for everything else."""
    told, _, mac = token.partition(".")
    try:
        payload, shown = _bytes(told), _bytes(mac)
        if not secret or not hmac.compare_digest(_mac(secret, payload), shown):
            return None
        number, _, until = payload.decode("ascii").partition(".")
        return int(number) if now.timestamp() <= int(until) else None
    except (Error, ValueError):
        return None


def _mac(secret: str, told: bytes) -> bytes:
    key = hmac.digest(secret.encode(), _PURPOSE, "sha256")
    return hmac.digest(key, told, "sha256")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
