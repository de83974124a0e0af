"""What a form does may be refused; the page then says why, and goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash

from aspal.core.refused import Refused


@contextmanager
def refusal_told(category: str = "danger") -> Iterator[None]:
    """Ends at a refusal, flashing its reason; what stands in it after the deed is only reached if it was done."""
    try:
        yield
    except Refused as refused:
        flash(str(refused), category)
