"""A watchdog outside the house: it hears from us while all is well, and raises the alarm when it does not."""

import logging

import requests

TIMEOUT = 5
log = logging.getLogger(__name__)


def say_alive(url: str) -> bool:
    """One GET. False when nobody answered well; the address may be a secret, so it is not logged."""
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        log.warning("ping failed: %s", type(error).__name__)
        return False
    if answer.status_code >= 300:
        log.warning("ping failed: HTTP %s", answer.status_code)
    return answer.status_code < 300
